package dev.quarry.cli;

import dev.quarry.cli.render.Units;
import dev.quarry.query.syntax.Suggestion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `quarry`: the entry point, and the shell where no command is named.
@Command(
    name = "quarry",
    mixinStandardHelpOptions = true,
    version = "Quarry 0.1.0-SNAPSHOT",
    description = "An embedded property-graph database. Without a command: the shell.",
    footer = {"", "Try `quarry demo`, or `quarry query \"RETURN 1\"`."})
public final class Main implements Callable<Integer> {
  @Parameters(paramLabel = "STORE", arity = "0..1", description = "The store; none: in memory.")
  @Nullable Path store;

  @Option(
      names = {"-q", "--quiet"},
      description = "No greeting.")
  boolean quiet;

  private final Terminal terminal;

  private Main(Terminal terminal) {
    this.terminal = terminal;
  }

  /// Runs a command and ends the process with its exit code.
  public static void main(String[] arguments) {
    int exit = run(Terminal.system(), arguments);
    Runtime.getRuntime().halt(flush(exit));
  }

  private static int flush(int exit) {
    System.err.flush();
    return exit;
  }

  static int run(Terminal terminal, String... arguments) {
    try {
      return runIn(terminal, arguments);
    } catch (OutOfMemoryError e) {
      terminal.out().flush();
      terminal
          .err()
          .printf(
              "error: the Java heap of %s is too small for this%n"
                  + "  QUARRY_JAVA_OPTS=-Xmx1g gives more to the launcher%n",
              Units.size(Runtime.getRuntime().maxMemory()));
      return Exit.FAILED;
    }
  }

  private static int runIn(Terminal terminal, String... arguments) {
    if (QueryCommand.isPlain(arguments)) {
      // No options: no need to load the parser of options, which is half of the time to the answer.
      int exit = QueryCommand.runPlain(terminal, arguments);
      terminal.out().flush();
      return exit;
    }
    CommandLine line = new CommandLine(new Main(terminal));
    String first = arguments.length == 0 ? "" : arguments[0];
    if (arguments.length == 1 && first.equals("help") && !Files.exists(Path.of(first))) {
      return runIn(terminal, "--help");
    }
    Map<String, Supplier<Object>> commands = commands(terminal);
    if (commands.containsKey(first)) {
      // Only the command that is asked for: reading the annotations of all doubles the start.
      line.addSubcommand(commands.get(first).get());
    } else {
      commands.values().forEach(command -> line.addSubcommand(command.get()));
    }
    line.setOut(new java.io.PrintWriter(terminal.out(), true));
    line.setErr(new java.io.PrintWriter(terminal.err(), true));
    line.setExecutionExceptionHandler(new UnexpectedErrors(terminal));
    line.setParameterExceptionHandler(new WrongUsage(terminal, commands.keySet()));
    int exit = line.execute(arguments);
    terminal.out().flush();
    return exit;
  }

  private static Map<String, Supplier<Object>> commands(Terminal terminal) {
    Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
    commands.put("demo", () -> new DemoCommand(terminal));
    commands.put("load", () -> new LoadCommand(terminal));
    commands.put("query", () -> new QueryCommand(terminal));
    commands.put("stats", () -> new StatsCommand(terminal));
    commands.put("check", () -> new CheckCommand(terminal));
    commands.put("hash", () -> new HashCommand(terminal));
    commands.put("backup", () -> new BackupCommand(terminal));
    commands.put("compact", () -> new CompactCommand(terminal));
    commands.put("repair", () -> new RepairCommand(terminal));
    return commands;
  }

  @Override
  public Integer call() {
    if (store != null && !Files.exists(store)) {
      String near = Suggestion.of(store.toString(), commands(terminal).keySet());
      if (near != null) {
        terminal
            .err()
            .println("error: there is no command `" + store + "` and no such store; " + near);
        return Exit.USAGE;
      }
    }
    return new Shell(terminal, store, quiet).run();
  }
}
