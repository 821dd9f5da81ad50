package dev.quarry.cli;

import dev.quarry.cli.render.ErrorPrinter;
import dev.quarry.error.QuarryException;
import dev.quarry.query.syntax.Script;
import java.io.IOException;
import java.io.Reader;
import java.util.List;

/// Runs the statements of a text as each `;` arrives. After an error it stops, unless it is told to
/// keep going; what was committed before stays.
final class ScriptRunner {
  private final StatementRunner runner;
  private final Terminal terminal;
  private final boolean keepGoing;
  private int exit = Exit.OK;

  ScriptRunner(StatementRunner runner, Terminal terminal, boolean keepGoing) {
    this.runner = runner;
    this.terminal = terminal;
    this.keepGoing = keepGoing;
  }

  int run(Reader reader) throws IOException {
    Script script = new Script();
    char[] buffer = new char[8192];
    try {
      for (int read = reader.read(buffer); read >= 0; read = reader.read(buffer)) {
        if (!runAll(script.add(new String(buffer, 0, read)))) {
          return exit;
        }
      }
      String last = script.rest();
      if (!last.isEmpty()) {
        runAll(List.of(last));
      }
    } catch (StatementRunner.ClosedOutput e) {
      return exit;
    }
    return exit;
  }

  /// Whether to go on.
  private boolean runAll(List<String> statements) {
    for (String statement : statements) {
      try {
        runner.run(statement);
      } catch (QuarryException e) {
        exit = Math.max(exit, Exit.of(e));
        ErrorPrinter.print(terminal.err(), e, statement, runner.mode().json());
        if (!keepGoing) {
          sayWhatStays();
          return false;
        }
      }
    }
    return true;
  }

  private void sayWhatStays() {
    long before = runner.succeeded();
    if (before > 0 && !runner.mode().json()) {
      terminal
          .err()
          .println(
              before == 1
                  ? "  the statement before it succeeded and stays"
                  : "  the " + before + " statements before it succeeded and stay");
    }
  }
}
