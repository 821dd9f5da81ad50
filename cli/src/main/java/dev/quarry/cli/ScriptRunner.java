package dev.quarry.cli;

import dev.quarry.Summary;
import dev.quarry.cli.render.ChangeText;
import dev.quarry.cli.render.ErrorPrinter;
import dev.quarry.cli.render.Place;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.QuarryException;
import dev.quarry.error.SyntaxException;
import dev.quarry.error.TransactionException;
import dev.quarry.query.syntax.Script;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Runs the parts of a script as each of them arrives.
///
/// After an error it stops, unless it is told to keep going; what was committed before stays, and a
/// transaction that the script left open is rolled back. Of a script whose text is there already,
/// the statements behind the error are still looked at, so that all syntax errors are told at once.
final class ScriptRunner {
  /// What kind of script it is.
  ///
  /// @param name as places of errors show it; `""` if it has none
  /// @param whole whether all of its text is there, so that one may look behind an error
  /// @param keepGoing whether to go on after an error
  record Kind(String name, boolean whole, boolean keepGoing) {}

  private final StatementRunner runner;
  private final ShellCommands commands;
  private final Terminal terminal;
  private final Kind kind;
  private final long committedBefore;
  private final boolean inTransactionBefore;
  private @Nullable String shownName;
  private int exit = Exit.OK;
  private boolean ended;
  private boolean failed;
  private boolean rolledBack;
  private long notRun;

  ScriptRunner(StatementRunner runner, ShellCommands commands, Terminal terminal, Kind kind) {
    this.runner = runner;
    this.commands = commands;
    this.terminal = terminal;
    this.kind = kind;
    this.shownName = kind.name;
    this.committedBefore = runner.committed();
    this.inTransactionBefore = runner.transaction().isOpen();
  }

  /// Runs a text.
  ///
  /// @return the exit code
  int run(String text) {
    Script script = new Script();
    List<Script.Part> parts = new ArrayList<>(script.add(text));
    Script.Part last = script.rest();
    if (last != null) {
      parts.add(last);
    }
    shownName = parts.size() == 1 ? null : kind.name;
    try {
      parts.forEach(this::take);
    } catch (StatementRunner.ClosedOutput e) {
      return exit;
    }
    return end();
  }

  /// Runs what a reader gives, to its end or to the first error that ends the script.
  ///
  /// @return the exit code
  int run(Reader reader) throws IOException {
    Script script = new Script();
    char[] buffer = new char[8192];
    try {
      int read = reader.read(buffer);
      while (read >= 0 && goesOn()) {
        script.add(new String(buffer, 0, read)).forEach(this::take);
        read = goesOn() ? reader.read(buffer) : -1;
      }
      Script.Part last = script.rest();
      if (last != null && goesOn()) {
        take(last);
      }
    } catch (StatementRunner.ClosedOutput e) {
      return exit;
    }
    return end();
  }

  private boolean goesOn() {
    return !ended || failed && kind.whole;
  }

  private void take(Script.Part part) {
    if (!ended) {
      runOne(part);
    } else if (failed && kind.whole && !part.isCommand()) {
      notRun++;
      SyntaxException error = runner.check(part.text());
      if (error != null) {
        print(error, part);
      }
    }
  }

  private void runOne(Script.Part part) {
    boolean inTransaction = runner.transaction().isOpen();
    try {
      if (part.isCommand()) {
        follow(commands.run(part.text()));
      } else {
        tell(runner.run(part.text()));
      }
    } catch (QuarryException e) {
      print(e, part);
      if (inTransaction && runner.transaction().isDoomed()) {
        sayThatOnlyRollbackIsLeft(e);
      }
      fail(Exit.of(e));
    }
  }

  private void follow(ShellCommands.Outcome outcome) {
    switch (outcome) {
      case GO_ON -> {}
      case LEAVE -> ended = true;
      case FAILED -> fail(Exit.FAILED);
    }
  }

  private void fail(int code) {
    exit = Math.max(exit, code);
    failed = true;
    ended = !kind.keepGoing;
    if (ended && runner.transaction().isOpen() && !inTransactionBefore) {
      runner.close();
      rolledBack = true;
    }
  }

  private void tell(Summary summary) {
    String changed = ChangeText.of(summary);
    if (!changed.isEmpty()) {
      commands.talk().accept(changed);
    }
  }

  private void print(QuarryException error, Script.Part part) {
    Place place = new Place(part.text(), part.line(), part.column(), shownName);
    ErrorPrinter.print(terminal.err(), error, runner.mode().json(), place);
  }

  private void sayThatOnlyRollbackIsLeft(QuarryException error) {
    boolean said = error.code() == ErrorCode.TRANSACTION_DOOMED;
    if (kind.keepGoing && !said && !runner.mode().json()) {
      terminal.err().println("  the transaction is lost: only ROLLBACK is left");
    }
  }

  private int end() {
    if (runner.transaction().isOpen() && !inTransactionBefore) {
      runner.close();
      exit = Math.max(exit, Exit.FAILED);
      ErrorPrinter.print(
          terminal.err(),
          new TransactionException(
              ErrorCode.TRANSACTION_CLOSED,
              "the script ended inside of a transaction, which was rolled back",
              "end it with COMMIT"),
          null,
          runner.mode().json());
    }
    if (failed && ended && !runner.mode().json()) {
      sayWhatStays();
    }
    return exit;
  }

  private void sayWhatStays() {
    if (shownName == null) {
      return;
    }
    long before = runner.committed() - committedBefore;
    StringBuilder text = new StringBuilder("  ");
    text.append(
        switch ((int) Math.min(before, 2)) {
          case 0 -> "no statement was committed";
          case 1 -> "1 statement was committed before the error and stays";
          default -> before + " statements were committed before the error and stay";
        });
    if (rolledBack) {
      text.append("; the open transaction was rolled back");
    }
    if (notRun > 0) {
      text.append(notRun == 1 ? "; 1 statement" : "; " + notRun + " statements");
      text.append(" behind it did not run");
    }
    terminal.err().println(text);
  }
}
