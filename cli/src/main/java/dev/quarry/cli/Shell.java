package dev.quarry.cli;

import dev.quarry.OpenOptions;
import dev.quarry.Quarry;
import dev.quarry.QueryOptions;
import dev.quarry.StoreNames;
import dev.quarry.Summary;
import dev.quarry.cli.render.ChangeText;
import dev.quarry.cli.render.ErrorPrinter;
import dev.quarry.cli.render.Mode;
import dev.quarry.cli.render.Place;
import dev.quarry.cli.render.Units;
import dev.quarry.cli.shell.Completion;
import dev.quarry.cli.shell.LineEditor;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.QuarryException;
import dev.quarry.query.plan.Function;
import dev.quarry.query.syntax.Script;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `quarry [STORE]`: reads statements and commands from a person. Off a terminal it is `quarry
/// query STORE -`.
final class Shell {
  private final Terminal terminal;
  private final @Nullable Path path;
  private final boolean quiet;

  Shell(Terminal terminal, @Nullable Path path, boolean quiet) {
    this.terminal = terminal;
    this.path = path;
    this.quiet = quiet;
  }

  int run() {
    Mode mode = terminal.isOutputTerminal() ? Mode.BOX : Mode.CSV;
    try (StoreLocation store = new StoreLocation(path, OpenOptions.defaults(), terminal);
        StatementRunner runner =
            new StatementRunner(
                store, terminal, new LinkedHashMap<>(), QueryOptions.DEFAULT, mode)) {
      if (!terminal.isInputTerminal()) {
        return readPlainly(runner);
      }
      if (path != null && Files.exists(path)) {
        store.open(false);
      }
      greet(mode);
      new Conversation(runner).run();
      return Exit.OK;
    } catch (QuarryException e) {
      ErrorPrinter.print(terminal.err(), e, null, false);
      return Exit.of(e);
    } catch (IOException e) {
      terminal.err().println("error: the input cannot be read: " + e);
      return Exit.FAILED;
    }
  }

  private int readPlainly(StatementRunner runner) throws IOException {
    ShellCommands commands =
        new ShellCommands(runner, terminal, QueryCommand.talk(terminal, quiet));
    return new ScriptRunner(runner, commands, terminal, new ScriptRunner.Kind("", false, false))
        .run(new InputStreamReader(terminal.in(), StandardCharsets.UTF_8));
  }

  private void greet(Mode mode) throws IOException {
    if (quiet) {
      return;
    }
    String where = path == null ? "in memory" : path.toString();
    if (path != null) {
      where += Files.exists(path) ? ", " + Units.size(Files.size(path)) : ", new";
    }
    String budget = Units.size(OpenOptions.defaults().memoryBytes());
    terminal
        .out()
        .println("Quarry 0.1.0-SNAPSHOT · " + where + " · " + mode + " · memory " + budget);
    terminal.out().println(":help");
  }

  /// What goes on between the shell and a person, entry by entry.
  private final class Conversation {
    private final StatementRunner runner;
    private final ShellCommands commands;

    Conversation(StatementRunner runner) {
      this.runner = runner;
      this.commands = new ShellCommands(runner, terminal, terminal.out()::println);
      commands.timer(true);
    }

    void run() {
      try (LineEditor editor = terminal.editor(completion(runner))) {
        commands.history(editor::history);
        boolean goesOn = true;
        while (goesOn) {
          terminal.out().flush();
          String entry = editor.read(prompt(), runner::cancel);
          goesOn = entry != null && (entry.equals(LineEditor.INTERRUPTED) || runAll(entry));
        }
      }
      if (runner.transaction().isOpen()) {
        runner.close();
        terminal.out().println("the open transaction was rolled back");
      }
    }

    private String prompt() {
      ExplicitTransaction transaction = runner.transaction();
      return !transaction.isOpen()
          ? "quarry> "
          : transaction.isDoomed() ? "quarry (failed transaction)> " : "quarry (transaction)> ";
    }

    /// Whether to go on.
    private boolean runAll(String entry) {
      Script script = new Script();
      List<Script.Part> parts = new ArrayList<>(script.add(entry));
      Script.Part last = script.rest();
      if (last != null) {
        parts.add(last);
      }
      for (Script.Part part : parts) {
        try {
          if (part.isCommand()) {
            if (commands.run(part.text()) == ShellCommands.Outcome.LEAVE) {
              return false;
            }
          } else {
            tell(runner.run(part.text()));
          }
        } catch (QuarryException e) {
          print(e, part);
          if (e.code() == ErrorCode.CANCELLED) {
            return true; // what was entered behind it is given up, too
          }
        }
      }
      return true;
    }

    private void tell(Summary summary) {
      List<String> parts = new ArrayList<>();
      String changed = ChangeText.of(summary);
      if (!changed.isEmpty()) {
        parts.add(changed);
      }
      if (commands.timer()) {
        parts.add(Units.time(summary.time()));
      }
      if (!parts.isEmpty()) {
        terminal.out().println(String.join(" · ", parts));
      }
    }

    private void print(QuarryException error, Script.Part part) {
      terminal.out().flush();
      Place place = new Place(part.text(), part.line(), part.column(), null);
      ErrorPrinter.print(terminal.err(), error, runner.mode().json(), place);
      boolean said = error.code() == ErrorCode.TRANSACTION_DOOMED;
      if (!part.isCommand() && runner.transaction().isDoomed() && !said) {
        terminal.err().println("  the transaction is lost: only ROLLBACK is left");
      }
    }
  }

  private static Completion completion(StatementRunner runner) {
    List<String> functions =
        Arrays.stream(Function.values())
            .map(Function::text)
            .filter(name -> Character.isLetter(name.charAt(0)))
            .toList();
    return new Completion(() -> names(runner), functions, ShellCommands.names());
  }

  private static Completion.Names names(StatementRunner runner) {
    Quarry db = runner.store().opened();
    StoreNames names =
        db == null ? new StoreNames(List.of(), List.of(), List.of()) : db.admin().names();
    return new Completion.Names(
        names.labels(), names.types(), names.keys(), runner.parameters().keySet());
  }
}
