package dev.quarry.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
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
    CommandLine line = new CommandLine(new Main(terminal));
    line.addSubcommand(new QueryCommand(terminal));
    line.addSubcommand(new LoadCommand(terminal));
    line.addSubcommand(new StatsCommand(terminal));
    line.addSubcommand(new CheckCommand(terminal));
    line.addSubcommand(new DemoCommand(terminal));
    line.setOut(new java.io.PrintWriter(terminal.out(), true));
    line.setErr(new java.io.PrintWriter(terminal.err(), true));
    line.setExecutionExceptionHandler(new UnexpectedErrors(terminal));
    int exit = line.execute(arguments);
    terminal.out().flush();
    return exit;
  }

  @Override
  public Integer call() {
    return new Shell(terminal, store, quiet).run();
  }
}
