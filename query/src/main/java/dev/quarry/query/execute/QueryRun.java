package dev.quarry.query.execute;

import dev.quarry.query.plan.StatementPlan;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Border;
import dev.quarry.query.value.HeapShare;
import dev.quarry.query.value.Pace;
import dev.quarry.storage.memory.Memory;
import org.jspecify.annotations.Nullable;

/// The rows of a running query, one at a time. Used by one thread at a time.
public final class QueryRun implements AutoCloseable {
  private final Execution execution;
  private final StatementPlan plan;
  private final int[] slots;
  private final Operator root;
  private @Nullable RowBuffer buffer;
  private @Nullable Batch restored; // what is read of it
  private @Nullable Batch batch;
  private int row;
  private boolean ended;

  /// Begins to run a plan.
  public QueryRun(QueryRecipe recipe, Execution execution) {
    this.execution = execution;
    this.plan = recipe.plan();
    this.slots = recipe.slots();
    Pace before = Pace.enter(execution.pace());
    try {
      this.root = recipe.operators(execution);
      root.open();
    } finally {
      Pace.enter(before);
    }
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
    Pace before = Pace.enter(execution.pace());
    try {
      fill(rows);
    } finally {
      Pace.enter(before);
    }
    execution.endAll();
    rows.rewind();
    buffer = rows;
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
    ended = !advance();
    return !ended;
  }

  private boolean advance() {
    if (buffer == null && execution.isCancelled()) {
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
      batch = buffer != null ? buffered(buffer) : streamed();
    } finally {
      Pace.enter(before);
    }
    return batch != null;
  }

  private @Nullable Batch buffered(RowBuffer rows) {
    Batch into = restored == null ? execution.newBatch(plan.slotCount() + 1) : restored;
    restored = into;
    return rows.read(into) ? into : null;
  }

  private @Nullable Batch streamed() {
    Batch next = root.next();
    while (next != null && slots.length == 0) {
      next = root.next();
    }
    Memory.awaitFaults(); // no row leaves before it is known that what was read is right
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
