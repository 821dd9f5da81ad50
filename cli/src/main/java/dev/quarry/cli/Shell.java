package dev.quarry.cli;

import dev.quarry.cli.render.Units;
import dev.quarry.cli.render.ErrorPrinter;
import dev.quarry.OpenOptions;
import dev.quarry.Quarry;
import dev.quarry.QueryOptions;
import dev.quarry.Summary;
import dev.quarry.cli.render.Mode;
import dev.quarry.error.QuarryException;
import dev.quarry.query.syntax.Script;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `quarry [STORE]`: reads statements and dot-commands, line by line. Off a terminal it is `quarry
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
    try (StoreLocation store = new StoreLocation(path, OpenOptions.defaults())) {
      StatementRunner runner =
          new StatementRunner(store, terminal, new HashMap<>(), QueryOptions.DEFAULT, mode);
      if (!terminal.isInputTerminal()) {
        return new ScriptRunner(runner, terminal, false)
            .run(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      }
      if (path != null && Files.exists(path)) {
        store.open(false);
      }
      greet();
      interact(store, runner);
      return Exit.OK;
    } catch (QuarryException e) {
      ErrorPrinter.print(terminal.err(), e, null, false);
      return Exit.of(e);
    } catch (IOException e) {
      terminal.err().println("error: the input cannot be read: " + e);
      return Exit.FAILED;
    }
  }

  private void greet() throws IOException {
    if (quiet) {
      return;
    }
    String where = path == null ? "in memory" : path.toString();
    if (path != null) {
      where += Files.exists(path) ? ", " + Units.size(Files.size(path)) : ", new";
    }
    terminal.out().println("Quarry 0.1.0-SNAPSHOT · " + where);
    terminal.out().println(".help");
  }

  private void interact(StoreLocation store, StatementRunner runner) {
    Script script = new Script();
    try (LineInput input = new LineInput()) {
      while (true) {
        String line = input.read(script.isPending() ? "   ...> " : "quarry> ", runner::cancel);
        if (line == null) {
          return;
        }
        if (line.equals(LineInput.INTERRUPTED)) {
          script.rest();
        } else if (!script.isPending() && line.strip().startsWith(".")) {
          if (!command(line.strip(), store, runner)) {
            return;
          }
        } else {
          script.add(line + "\n").forEach(statement -> run(statement, runner));
        }
      }
    }
  }

  private void run(String statement, StatementRunner runner) {
    try {
      Summary summary = runner.run(statement);
      String changed =
          summary.changed()
              ? " · %d nodes and %d relationships created"
                  .formatted(summary.nodesCreated(), summary.relationshipsCreated())
              : "";
      terminal.out().println(Units.time(summary.time()) + changed);
    } catch (QuarryException e) {
      ErrorPrinter.print(terminal.err(), e, statement, runner.mode().json());
    }
  }

  /// Whether to go on.
  private boolean command(String line, StoreLocation store, StatementRunner runner) {
    List<String> words = List.of(line.split("\\s+"));
    switch (words.getFirst()) {
      case ".quit", ".exit" -> {
        return false;
      }
      case ".help" ->
          terminal
              .out()
              .println(
                  """
                  Statements end with `;` and may span lines.
                  .mode box|csv|tsv|json|jsonl   how rows are shown
                  .stats                         what the store holds
                  .quit                          leave; Ctrl-D too, Ctrl-C ends a statement""");
      case ".mode" -> {
        Mode mode = words.size() == 2 ? Modes.find(words.get(1)) : null;
        if (mode == null) {
          terminal.err().println("error: .mode takes box, csv, tsv, json or jsonl");
        } else {
          runner.mode(mode);
        }
      }
      case ".stats" -> {
        Quarry db = store.open(true);
        StatsCommand.print(db.admin().stats(), OpenOptions.defaults(), terminal.out());
      }
      default -> terminal.err().println("error: there is no " + words.getFirst() + "; try .help");
    }
    return true;
  }
}
