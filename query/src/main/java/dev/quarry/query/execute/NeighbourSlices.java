package dev.quarry.query.execute;

import dev.quarry.graph.transaction.Expansion;
import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.value.Batch;
import org.jspecify.annotations.Nullable;

/// The relationships that an expansion finds, taken as lists have them, without a row for each: in
/// pieces of a slice (see [Expansion#nextSlice()]), each of which belongs to one row of the input.
///
/// For who needs only the other ends, and for how many rows the row of the input stands.
final class NeighbourSlices {
  private final Execution execution;
  private final Operator input;
  private final RowExpansion rows;
  private final int multiplicity;
  private @Nullable Batch batch;
  private int row;
  private boolean inRow;
  private int at;
  private int end;

  /// @param plan leaves no relationships out
  /// @param multiplicity slot that says for how many rows a row stands, -1 if for itself
  NeighbourSlices(Execution execution, Operator input, LogicalPlan.Expand plan, int multiplicity) {
    assert plan.except().isEmpty() : "a slice has all relationships of its list: " + plan.except();
    this.execution = execution;
    this.input = input;
    this.rows = new RowExpansion(execution, plan, null);
    this.multiplicity = multiplicity;
  }

  void open() {
    input.open();
    batch = null;
    inRow = false;
    at = 0;
    end = 0;
  }

  /// Goes to the next slice if all of this one was taken; false at the end.
  boolean next() {
    while (at == end) {
      if (inRow && !isAtEndOfRow()) {
        continue;
      }
      if (!nextRow()) {
        return false;
      }
    }
    return true;
  }

  /// Goes to the next slice of the row; whether there is none.
  private boolean isAtEndOfRow() {
    at = 0;
    end = rows.expansion().nextSlice();
    inRow = end > 0;
    return !inRow;
  }

  private boolean nextRow() {
    Batch current = batch;
    if (current == null || ++row == current.size()) {
      execution.check();
      current = input.next();
      batch = current;
      if (current == null) {
        return false;
      }
      row = 0;
      rows.beginBatch();
    }
    execution.pace().step();
    if (rows.turnTo(current, row)) {
      begin();
    }
    return true;
  }

  private void begin() {
    at = 0;
    end = 0;
    if (rows.slice() >= 0) {
      end = rows.expansion().sliceCount();
    } else {
      rows.open();
      inRow = true;
    }
  }

  /// What is at the slice.
  Expansion slice() {
    return rows.expansion();
  }

  /// Takes the next relationships of the slice: they begin with this one.
  int at() {
    return at;
  }

  /// How many relationships of the slice are left.
  int left() {
    return end - at;
  }

  /// So many relationships were taken.
  void take(int count) {
    execution.pace().steps(count);
    at += count;
  }

  /// For how many rows each relationship of the slice stands.
  long times() {
    return multiplicity < 0 ? 1 : java.util.Objects.requireNonNull(batch).body(multiplicity, row);
  }
}
