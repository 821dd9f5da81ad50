package dev.quarry.query.execute;

import dev.quarry.query.plan.StatementPlan;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Border;
import dev.quarry.query.value.HeapShare;
import dev.quarry.query.value.Pace;
import dev.quarry.storage.memory.Scratch;
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
  private long nextBuffered;
  private int row;
  private boolean ended;

  /// Begins to run a plan.
  public QueryRun(StatementPlan plan, Execution execution) {
    this.execution = execution;
    this.plan = plan;
    this.slots = plan.slots().stream().mapToInt(Integer::intValue).toArray();
    Pace before = Pace.enter(execution.pace());
    try {
      this.root = OperatorBuilder.build(plan, execution);
      this.restored = new Batch(plan.slotCount() + 1, execution.newScratch(), 1);
      root.open();
    } finally {
      Pace.enter(before);
    }
  }

  public Execution execution() {
    return execution;
  }

  /// Runs to the end, unless it did so before; the rows are kept in the memory of the query (rule
  /// S10).
  public void complete() {
    if (buffer != null) {
      return;
    }
    Scratch scratch = execution.newScratch();
    RowBuffer rows = new RowBuffer(scratch, slots);
    Pace before = Pace.enter(execution.pace());
    try {
      fill(rows);
    } finally {
      Pace.enter(before);
    }
    execution.endCalls();
    buffer = rows;
    nextBuffered = rows.first();
  }

  private void fill(RowBuffer rows) {
    for (Batch next = root.next(); next != null; next = root.next()) {
      execution.check();
      if (slots.length > 0) {
        for (int i = 0; i < next.size(); i++) {
          rows.add(next, i);
        }
      }
    }
  }

  /// Goes to the next row; false at the end.
  public boolean next() {
    if (ended) {
      return false;
    }
    ended = buffer != null ? !nextBuffered(buffer) : !nextStreamed();
    return !ended;
  }

  private boolean nextBuffered(RowBuffer rows) {
    if (nextBuffered == 0) {
      return false;
    }
    rows.restore(nextBuffered, restored, 0);
    nextBuffered = rows.next(nextBuffered);
    batch = restored;
    row = 0;
    return true;
  }

  private boolean nextStreamed() {
    if (execution.isCancelled()) {
      execution.check();
    }
    Batch current = batch;
    if (current != null && row + 1 < current.size()) {
      row++;
      return true;
    }
    row = 0;
    Pace before = Pace.enter(execution.pace());
    try {
      do {
        batch = root.next();
      } while (batch != null && slots.length == 0);
    } finally {
      Pace.enter(before);
    }
    return batch != null;
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
    return get(column, new HeapShare());
  }

  /// The same, as a part of a result.
  public @Nullable Object get(int column, HeapShare share) {
    Pace before = Pace.enter(execution.pace());
    try {
      return Border.get(head(column), body(column), execution.reading(), share);
    } finally {
      Pace.enter(before);
    }
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
