package dev.quarry.cli;

import dev.quarry.OpenOptions;
import dev.quarry.cli.render.Mode;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.SyntaxException;
import dev.quarry.query.syntax.Script;
import dev.quarry.query.syntax.Suggestion;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The commands of the shell and of scripts: what begins with `:` or `.`, and the three words that
/// begin and end a transaction.
///
/// What a command was asked to show goes to stdout; what it has to say besides goes to the listener
/// that it was given.
final class ShellCommands {
  /// What comes next.
  enum Outcome {
    GO_ON,
    LEAVE,
    /// Something failed and was told already.
    FAILED
  }

  private static final int DEEPEST_SOURCE = 16;

  private final StatementRunner runner;
  private final Terminal terminal;
  private final Consumer<String> talk;
  private @Nullable Supplier<List<String>> history;
  private boolean timer;
  private int depth;

  /// @param talk hears what is said besides what was asked for
  ShellCommands(StatementRunner runner, Terminal terminal, Consumer<String> talk) {
    this.runner = runner;
    this.terminal = terminal;
    this.talk = talk;
  }

  Consumer<String> talk() {
    return talk;
  }

  /// Statements that were entered, for `:history`.
  void history(Supplier<List<String>> entries) {
    history = entries;
  }

  /// Whether to tell how long statements take.
  boolean timer() {
    return timer;
  }

  void timer(boolean on) {
    timer = on;
  }

  /// How each command is called, and what it does.
  static Map<String, String> help() {
    Map<String, String> help = new LinkedHashMap<>();
    help.put(":begin", "begin a transaction; BEGIN too");
    help.put(":commit", "make its changes durable; COMMIT too");
    help.put(":rollback", "take its changes back; ROLLBACK too");
    help.put(":param name => V", "set a parameter; V is any expression without variables");
    help.put(":param clear [name]", "forget one parameter, or all");
    help.put(":params", "list the parameters");
    help.put(":mode box|csv|tsv|json|jsonl", "how rows are shown");
    help.put(":timer on|off", "tell how long statements take");
    help.put(":schema", "labels, types and keys, with counts; indexes, constraints");
    help.put(":stats", "what the store holds and uses");
    help.put(":source FILE", "run the statements of a file");
    help.put(":history", "list what was entered");
    help.put(":help", "this list");
    help.put(":quit", "leave; :exit and Ctrl-D too");
    return help;
  }

  /// The names of all commands, with their `:`.
  static List<String> names() {
    List<String> names =
        new ArrayList<>(help().keySet().stream().map(ShellCommands::first).toList());
    names.add(":exit");
    return names.stream().distinct().toList();
  }

  private static String first(String text) {
    return text.split("\\s+", 2)[0];
  }

  /// Runs one command.
  ///
  /// @throws dev.quarry.error.QuarryException if it is wrong or fails
  Outcome run(String text) {
    String word = new Script.Part(text, 1, 1).transactionWord();
    if (word != null) {
      talk.accept(runner.transact(word));
      return Outcome.GO_ON;
    }
    String written = first(text.substring(1));
    String name = ":" + written.toLowerCase(Locale.ROOT);
    String rest = text.substring(1 + written.length()).strip();
    switch (name) {
      case ":param" -> new ParameterCommand(runner.parameters(), terminal.out()).run(text, rest);
      case ":params" -> new ParameterCommand(runner.parameters(), terminal.out()).list();
      case ":mode" -> mode(rest);
      case ":timer" -> setTimer(rest);
      case ":schema" -> new SchemaCommand(runner, terminal.out()).run();
      case ":stats" ->
          StatsCommand.print(
              runner.store().open(false).admin().stats(), OpenOptions.defaults(), terminal.out());
      case ":source" -> {
        return source(rest);
      }
      case ":history" -> showHistory();
      case ":help" -> showHelp();
      case ":quit", ":exit" -> {
        return Outcome.LEAVE;
      }
      default -> throw unknown(name);
    }
    terminal.out().flush();
    return Outcome.GO_ON;
  }

  private static SyntaxException unknown(String name) {
    String near = Suggestion.of(name, names());
    return wrong("there is no command `" + name + "`", near == null ? "`:help` lists them" : near);
  }

  /// A command that is used wrongly.
  static SyntaxException wrong(String message, @Nullable String hint) {
    return new SyntaxException(ErrorCode.INVALID_SYNTAX, message, null, hint);
  }

  private void mode(String name) {
    Mode mode = Modes.find(name);
    if (mode == null) {
      String near = Suggestion.of(name, List.of("box", "csv", "tsv", "json", "jsonl"));
      throw wrong("`:mode` takes box, csv, tsv, json or jsonl, not `" + name + "`", near);
    }
    runner.mode(mode);
  }

  private void setTimer(String word) {
    switch (word.toLowerCase(Locale.ROOT)) {
      case "on" -> timer = true;
      case "off" -> timer = false;
      default -> throw wrong("`:timer` takes on or off, not `" + word + "`", null);
    }
  }

  private Outcome source(String name) {
    if (name.isEmpty()) {
      throw wrong("`:source` needs the name of a file", "as in `:source people.cypher`");
    }
    if (depth == DEEPEST_SOURCE) {
      throw wrong(
          "scripts call each other more than " + DEEPEST_SOURCE + " deep", "does one call itself?");
    }
    Path file = Path.of(name);
    depth++;
    try (Reader reader = Files.newBufferedReader(file)) {
      int exit =
          new ScriptRunner(runner, this, terminal, new ScriptRunner.Kind(name, true, false))
              .run(reader);
      return exit == Exit.OK ? Outcome.GO_ON : Outcome.FAILED;
    } catch (IOException e) {
      throw wrong("the file " + name + " cannot be read: " + e.getMessage(), null);
    } finally {
      depth--;
    }
  }

  private void showHistory() {
    Supplier<List<String>> entries = history;
    if (entries == null) {
      throw wrong("there is no history: no person enters these lines", null);
    }
    int number = 0;
    for (String entry : entries.get()) {
      String label = "%5d  ".formatted(++number);
      terminal.out().println(label + entry.replace("\n", "\n" + " ".repeat(label.length())));
    }
  }

  private void showHelp() {
    terminal.out().println("Statements end with `;` and may span lines.");
    help().forEach((form, what) -> terminal.out().printf("%-30s %s%n", form, what));
    terminal.out().println("Ctrl-C clears the line or ends a statement; Tab completes.");
  }
}
