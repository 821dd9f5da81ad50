package dev.quarry;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.EvaluationException;
import dev.quarry.query.execute.Counters;
import dev.quarry.query.execute.QueryRun;
import dev.quarry.query.value.Cell;
import dev.quarry.query.value.HeapShare;
import dev.quarry.storage.Store;
import dev.quarry.storage.lease.Calls;
import dev.quarry.storage.memory.Budget;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// The rows of a running query.
final class RowsOfRun implements Rows {
  /// What a row takes of the Java heap besides its values, about.
  private static final long ROW_BYTES = 64;

  private final QueryRun run;
  private final Budget account;
  private final Store store;
  private final Supplier<String> plan;
  private final long maximumRows;
  private final long start = System.nanoTime();
  private @Nullable Consumer<RowsOfRun> onClose;
  private @Nullable Calls lease;
  private long rows;
  private long nanoseconds;
  private boolean closed;

  /// @param store whose maps may have a fault while it runs
  RowsOfRun(QueryRun run, Budget account, Store store, Supplier<String> plan, long maximumRows) {
    this.run = run;
    this.account = account;
    this.store = store;
    this.plan = plan;
    this.maximumRows = maximumRows;
  }

  void onClose(Consumer<RowsOfRun> action) {
    onClose = action;
  }

  /// What looks at the graph is a call of a lease from now on.
  void lease(Calls newLease) {
    lease = newLease;
  }

  private void enter() {
    if (lease != null) {
      lease.enter();
    }
  }

  private void exit() {
    if (lease != null) {
      lease.exit();
    }
  }

  /// Runs to the end; the rows are kept.
  void complete() {
    store.scoped(run::complete);
    nanoseconds = System.nanoTime() - start;
  }

  @Override
  public boolean next() {
    boolean found = advance();
    if (!found) {
      nanoseconds = nanoseconds == 0 ? System.nanoTime() - start : nanoseconds;
      return false;
    }
    if (maximumRows > 0 && ++rows > maximumRows) {
      throw new EvaluationException(
          ErrorCode.LIMIT_EXCEEDED,
          "the result has more than " + maximumRows + " rows",
          null,
          "raise the limit of rows, or add a LIMIT");
    }
    return true;
  }

  private boolean advance() {
    enter();
    try {
      return !closed && run.next();
    } catch (InternalError e) {
      throw store.faulted(e);
    } finally {
      exit();
    }
  }

  @Override
  public List<String> columns() {
    return run.plan().columns();
  }

  @Override
  public Summary summary() {
    Counters counters = run.execution().counters();
    return new Summary(
        counters.nodesCreated(),
        counters.nodesDeleted(),
        counters.relationshipsCreated(),
        counters.relationshipsDeleted(),
        counters.propertiesSet(),
        counters.labelsAdded(),
        counters.labelsRemoved(),
        counters.indexesAdded(),
        counters.indexesRemoved(),
        counters.constraintsAdded(),
        counters.constraintsRemoved(),
        plan.get(),
        Duration.ofNanos(nanoseconds == 0 ? System.nanoTime() - start : nanoseconds),
        account.peak());
  }

  @Override
  public long getLong(int column) {
    enter();
    try {
      long head = run.head(check(column));
      if (Cell.tag(head) != Cell.INTEGER) {
        throw new IllegalStateException(is(column, head, "an integer"));
      }
      return run.body(column);
    } finally {
      exit();
    }
  }

  @Override
  public double getDouble(int column) {
    enter();
    try {
      long head = run.head(check(column));
      if (!Cell.isNumber(Cell.tag(head))) {
        throw new IllegalStateException(is(column, head, "a number"));
      }
      return Cell.asDouble(head, run.body(column));
    } finally {
      exit();
    }
  }

  private String is(int column, long head, String wanted) {
    return "column `"
        + columns().get(column)
        + "` is "
        + Cell.name(Cell.tag(head))
        + ", not "
        + wanted;
  }

  @Override
  public boolean isNull(int column) {
    enter();
    try {
      return Cell.tag(run.head(check(column))) == Cell.NULL;
    } finally {
      exit();
    }
  }

  @Override
  public @Nullable String getString(String column) {
    Object value = get(column);
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw new IllegalStateException(
        "column `" + column + "` is a " + value.getClass().getSimpleName() + ", not a string");
  }

  @Override
  public @Nullable Object get(String column) {
    return get(index(columns(), column));
  }

  @Override
  public @Nullable Object get(int column) {
    enter();
    try {
      return run.get(check(column));
    } catch (InternalError e) {
      throw store.faulted(e);
    } finally {
      exit();
    }
  }

  private int check(int column) {
    if (column < 0 || column >= columns().size()) {
      throw new IllegalArgumentException(
          "there is no column " + column + "; there are " + columns().size());
    }
    return column;
  }

  static int index(List<String> columns, String column) {
    int index = columns.indexOf(column);
    if (index < 0) {
      throw new IllegalArgumentException(
          "there is no column `" + column + "`; there are " + columns);
    }
    return index;
  }

  @Override
  public Row copy() {
    return copy(new HeapShare());
  }

  private Row copy(HeapShare share) {
    @Nullable Object[] copy = new Object[columns().size()];
    share.take(ROW_BYTES + 4L * copy.length);
    enter();
    try {
      for (int i = 0; i < copy.length; i++) {
        copy[i] = run.get(i, share);
      }
    } catch (InternalError e) {
      throw store.faulted(e);
    } finally {
      exit();
    }
    return new OwnedRow(columns(), copy);
  }

  @Override
  public List<Row> toList() {
    List<Row> list = new ArrayList<>();
    HeapShare share = new HeapShare();
    try {
      while (next()) {
        list.add(copy(share));
      }
    } finally {
      close();
    }
    return list;
  }

  @Override
  public Stream<Row> stream() {
    Spliterator<Row> rowsLeft =
        new Spliterators.AbstractSpliterator<>(
            Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL) {
          @Override
          public boolean tryAdvance(Consumer<? super Row> action) {
            if (!next()) {
              close();
              return false;
            }
            action.accept(copy());
            return true;
          }
        };
    return StreamSupport.stream(rowsLeft, false).onClose(this::close);
  }

  @Override
  public void cancel() {
    run.execution().cancel();
  }

  @Override
  public void close() {
    Calls held = lease;
    if (held == null) {
      end();
    } else if (held.mayEnter()) {
      try {
        end();
      } finally {
        held.exit();
      }
    }
  }

  /// Gives back what it holds: for who ends its transaction.
  void end() {
    if (!closed) {
      closed = true;
      nanoseconds = nanoseconds == 0 ? System.nanoTime() - start : nanoseconds;
      run.close();
      account.close();
      Consumer<RowsOfRun> action = onClose;
      if (action != null) {
        action.accept(this);
      }
    }
  }
}
