package dev.quarry.cli;

import dev.quarry.Answer;
import dev.quarry.PreparedQuery;
import dev.quarry.Quarry;
import dev.quarry.QueryOptions;
import dev.quarry.ReadTransaction;
import dev.quarry.Rows;
import dev.quarry.Summary;
import dev.quarry.cli.render.AnswerRows;
import dev.quarry.cli.render.Mode;
import dev.quarry.cli.render.Renderer;
import dev.quarry.error.CancelledException;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.QuarryException;
import dev.quarry.error.SyntaxException;
import dev.quarry.error.TransactionException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Runs statements one after the other and prints their rows: reads as they stream, writes once
/// their commit is durable, and those of an explicit transaction when they are complete (rule S10).
final class StatementRunner implements AutoCloseable {
  private final StoreLocation store;
  private final Terminal terminal;
  private final Map<String, @Nullable Object> parameters;
  private final QueryOptions options;
  private final ExplicitTransaction transaction;
  private Mode mode;
  private long committed;
  private @Nullable Thread running;
  private boolean cancelled;

  StatementRunner(
      StoreLocation store,
      Terminal terminal,
      Map<String, @Nullable Object> parameters,
      QueryOptions options,
      Mode mode) {
    this.store = store;
    this.terminal = terminal;
    this.parameters = parameters;
    this.options = options;
    this.mode = mode;
    this.transaction = new ExplicitTransaction(store);
  }

  Mode mode() {
    return mode;
  }

  void mode(Mode newMode) {
    mode = newMode;
  }

  /// Parameters of all statements from now on, by name.
  Map<String, @Nullable Object> parameters() {
    return parameters;
  }

  StoreLocation store() {
    return store;
  }

  ExplicitTransaction transaction() {
    return transaction;
  }

  /// Statements so far that succeeded and whose transaction did.
  long committed() {
    return committed;
  }

  /// Ends the statement that runs, if one does. From any thread.
  synchronized void cancel() {
    if (running != null) {
      cancelled = true;
      running.interrupt(); // a query ends on an interrupt of its own thread, a commit does not
    }
  }

  /// Runs `BEGIN`, `COMMIT` or `ROLLBACK`.
  ///
  /// @return what happened, in words; a commit is durable when it is told
  /// @throws QuarryException if the word does not fit, or the commit failed
  String transact(String word) {
    switch (word) {
      case "BEGIN" -> {
        transaction.begin();
        return "transaction open; end it with COMMIT or ROLLBACK";
      }
      case "COMMIT" -> {
        long number = transaction.commit();
        committed += transaction.statements();
        return number < 0 ? "committed; nothing had changed" : "committed, commit " + number;
      }
      case "ROLLBACK" -> {
        transaction.rollback();
        return "rolled back";
      }
      default -> throw new AssertionError(word);
    }
  }

  /// Runs a statement and prints its rows.
  ///
  /// @return what it did
  /// @throws QuarryException if it failed; nothing changed, and the transaction that is open, if
  ///   one is, can only be rolled back
  Summary run(String statement) {
    transaction.ensureNotDoomed();
    try {
      return cancellable(() -> execute(statement));
    } catch (QuarryException e) {
      transaction.doom();
      throw e;
    }
  }

  /// Does work that [#cancel()] ends.
  <T> T cancellable(Supplier<T> work) {
    running(Thread.currentThread());
    try {
      return work.get();
    } catch (CancelledException e) {
      throw wasCancelled() && e.code() == ErrorCode.CANCELLED
          ? new CancelledException(
              ErrorCode.CANCELLED, "the statement was cancelled and changed nothing")
          : e;
    } finally {
      running(null);
      Thread.interrupted(); // it may have come too late for this statement; it is not for the next
    }
  }

  private synchronized void running(@Nullable Thread thread) {
    running = thread;
    cancelled = false;
  }

  private synchronized boolean wasCancelled() {
    return cancelled;
  }

  private Summary execute(String statement) {
    PreparedQuery query = PreparedQuery.of(statement);
    if (transaction.isOpen()) {
      return inTransaction(query);
    }
    Quarry db = store.open(query.writes());
    if (!query.writes()) {
      query = db.prepare(statement); // only the store knows which procedures write
    }
    if (query.writes()) {
      refuseIfReadOnly();
      Answer answer = db.run(query, parameters, options);
      committed++;
      render(new AnswerRows(answer));
      return answer.summary();
    }
    try (ReadTransaction reading = db.beginRead();
        Rows rows = reading.query(query, parameters, options)) {
      render(rows);
      committed++;
      return rows.summary();
    }
  }

  private void refuseIfReadOnly() {
    if (store.isReadOnly()) {
      throw new TransactionException(
          ErrorCode.STORE_READ_ONLY,
          "this statement changes the graph, and the store is open read-only",
          "leave out --read-only");
    }
  }

  private Summary inTransaction(PreparedQuery query) {
    try (Rows rows = transaction.forStatement(query.writes()).query(query, parameters, options)) {
      render(rows);
      transaction.statementSucceeded();
      return rows.summary();
    }
  }

  private void render(Rows rows) {
    if (rows.columns().isEmpty()) {
      return;
    }
    try {
      Renderer.of(mode, terminal.out(), terminal.width()).render(rows);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (terminal.out().checkError()) {
      throw new ClosedOutput();
    }
  }

  /// What is wrong with a statement, found without running it; null if nothing is.
  @Nullable SyntaxException check(String statement) {
    try {
      PreparedQuery query = PreparedQuery.of(statement);
      if (store.exists()) {
        try (ReadTransaction reading = store.open(false).beginRead()) {
          reading.query(query.explained(), parameters, options).close();
        }
      }
      return null;
    } catch (SyntaxException e) {
      return e;
    } catch (QuarryException notOfTheStatement) {
      return null;
    }
  }

  /// Takes back the transaction that is open, if one is.
  @Override
  public void close() {
    transaction.end();
  }

  /// Whoever read the output went away, as `head` does: no error, but no use to go on.
  static final class ClosedOutput extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
