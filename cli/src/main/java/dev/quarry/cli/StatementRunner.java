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
import dev.quarry.error.QuarryException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Runs statements one after the other and prints their rows: reads as they stream, writes once
/// their commit is durable (rule S10).
final class StatementRunner {
  private final StoreLocation store;
  private final Terminal terminal;
  private final Map<String, @Nullable Object> parameters;
  private final QueryOptions options;
  private Mode mode;
  private long succeeded;
  private volatile @Nullable Thread running;

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
  }

  Mode mode() {
    return mode;
  }

  void mode(Mode newMode) {
    mode = newMode;
  }

  /// Statements that succeeded so far.
  long succeeded() {
    return succeeded;
  }

  /// Ends the statement that runs, if one does. From any thread.
  void cancel() {
    Thread thread = running;
    if (thread != null) {
      thread.interrupt(); // a query ends on an interrupt of its own thread, a commit does not
    }
  }

  /// Runs a statement and prints its rows.
  ///
  /// @return what it did
  /// @throws QuarryException if it failed; nothing changed
  Summary run(String statement) {
    running = Thread.currentThread();
    try {
      return execute(statement);
    } finally {
      running = null;
      Thread.interrupted(); // it may have come too late for this statement; it is not for the next
    }
  }

  private Summary execute(String statement) {
    PreparedQuery query = PreparedQuery.of(statement);
    Quarry db = store.open(query.writes());
    if (query.writes()) {
      Answer answer = db.run(query, parameters, options);
      if (!answer.columns().isEmpty()) {
        render(new AnswerRows(answer));
      }
      succeeded++;
      return answer.summary();
    }
    try (ReadTransaction transaction = db.beginRead();
        Rows rows = transaction.query(query, parameters, options)) {
      render(rows);
      succeeded++;
      return rows.summary();
    }
  }

  private void render(Rows rows) {
    try {
      Renderer.of(mode, terminal.out(), terminal.width()).render(rows);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (terminal.out().checkError()) {
      throw new ClosedOutput();
    }
  }

  /// Whoever read the output went away, as `head` does: no error, but no use to go on.
  static final class ClosedOutput extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }
}
