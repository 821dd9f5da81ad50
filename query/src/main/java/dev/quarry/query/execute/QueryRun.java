package dev.quarry.query.execute;

import dev.quarry.query.plan.StatementPlan;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Border;
import org.jspecify.annotations.Nullable;

/// The rows of a running query, one at a time. Used by one thread at a time.
public final class QueryRun implements AutoCloseable {
  private final Execution execution;
  private final StatementPlan plan;
  private final int[] slots;
  private final Operator root;
  private final Batch restored;
  private @Nullable RowBuffer buffer;
  private @Nullable Batch batch;
  private int row;
  private boolean ended;

  /// Begins to run a plan.
  public QueryRun(StatementPlan plan, Execution execution) {
    this.execution = execution;
    this.plan = plan;
    this.slots = plan.slots().stream().mapToInt(Integer::intValue).toArray();
    this.root = OperatorBuilder.build(plan, execution);
    this.restored = execution.newBatch(plan.slotCount() + 1);
    root.open();
  }

  public Execution execution() {
    return execution;
  }

  /// Runs to the end, unless it did so before; the rows are kept (rule S10).
  public void complete() {
    if (buffer != null) {
      return;
    }
    RowBuffer rows = execution.newRowBuffer(slots);
    for (Batch next = root.next(); next != null; next = root.next()) {
      execution.check();
      if (slots.length > 0) {
        for (int i = 0; i < next.size(); i++) {
          rows.add(next, i);
        }
      }
    }
    execution.endAll();
    rows.rewind();
    buffer = rows;
  }

  /// Goes to the next row; false at the end.
  public boolean next() {
    if (ended) {
      return false;
    }
    ended = !advance();
    return !ended;
  }

  private boolean advance() {
    Batch current = batch;
    if (current != null && row + 1 < current.size()) {
      row++;
      return true;
    }
    row = 0;
    batch = buffer != null ? buffered(buffer) : streamed();
    return batch != null;
  }

  private @Nullable Batch buffered(RowBuffer rows) {
    return rows.read(restored) ? restored : null;
  }

  private @Nullable Batch streamed() {
    Batch next = root.next();
    while (next != null && slots.length == 0) {
      next = root.next();
    }
    return next;
  }

  /// The head of a value of the row, see [dev.quarry.query.value.Cell].
  public long head(int column) {
    return current().head(slots[column], row);
  }

  public long body(int column) {
    return current().body(slots[column], row);
  }

  /// A value of the row as a border value, owned.
  public @Nullable Object get(int column) {
    return Border.get(head(column), body(column), execution.reading());
  }

  private Batch current() {
    Batch current = batch;
    if (current == null || ended) {
      throw new IllegalStateException("there is no row; call next() before");
    }
    return current;
  }

  public StatementPlan plan() {
    return plan;
  }

  @Override
  public void close() {
    ended = true;
    batch = null;
    execution.close();
  }
}
