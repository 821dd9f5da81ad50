package dev.quarry.cli;

import dev.quarry.cli.render.ErrorPrinter;
import dev.quarry.error.QuarryException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/// What is left: typed errors in one sentence, and bugs with all that helps to find them.
final class UnexpectedErrors implements IExecutionExceptionHandler {
  private final Terminal terminal;

  UnexpectedErrors(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public int handleExecutionException(Exception error, CommandLine line, ParseResult parsed) {
    if (error instanceof QuarryException known) {
      ErrorPrinter.print(terminal.err(), known, null, false);
      return Exit.of(known);
    }
    terminal.err().println("error: " + error + " (this is a bug of Quarry)");
    error.printStackTrace(terminal.err());
    return Exit.FAILED;
  }
}
