package dev.quarry.query.evaluate;

import dev.quarry.error.MemoryBudgetException;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import dev.quarry.query.value.Vector;
import dev.quarry.storage.memory.Memory;
import org.jspecify.annotations.Nullable;

/// Computes one expression for one row after the other; the value is read from it afterwards.
/// Nothing is allocated on the Java heap for numbers, booleans, nodes and relationships.
///
/// Common expressions over common types also have a form for all rows of a batch at once. It never
/// raises an error: where a row might, it declines, and rows are asked one by one, so that the
/// error is that of the first row that has one. So an expression may be computed for rows for which
/// it would have been passed over (`false AND …`), and nobody can tell.
public abstract class Evaluator {
  long head;
  long body;
  private boolean rowByRow;

  /// Computes the value for a row.
  public abstract void evaluate(Batch batch, int row);

  /// The values for all rows; null where rows must be asked one by one. They are good until the
  /// next call, or until the batch changes.
  public final @Nullable Vector evaluateAll(Batch batch) {
    if (rowByRow) {
      return null;
    }
    try {
      return vector(batch);
    } catch (MemoryBudgetException full) { // a row needs less
      rowByRow = true;
      return null;
    }
  }

  /// Computes the values for all rows; null if that has no such form for their types, or might
  /// raise an error, or needs memory for what values point to.
  @Nullable Vector vector(Batch batch) {
    return null;
  }

  /// Asks rows one by one from now on.
  final void goRowByRow() {
    rowByRow = true;
  }

  /// The head of the value, see [Cell].
  public final long head() {
    return head;
  }

  /// The body of the value.
  public final long body() {
    return body;
  }

  /// Whether the value is true: neither false nor null.
  public final boolean isTrue() {
    return head == Cell.BOOLEAN && body != 0;
  }

  final int tag() {
    return Cell.tag(head);
  }

  final boolean isNull() {
    return head == Cell.NULL;
  }

  final void setNull() {
    head = Cell.NULL;
    body = 0;
  }

  final void set(long newHead, long newBody) {
    head = newHead;
    body = newBody;
  }

  final void setFrom(Evaluator other) {
    head = other.head;
    body = other.body;
  }

  final void setCell(long at) {
    head = Memory.getLong(at);
    body = Memory.getLong(at + 8);
  }

  final void setInteger(long value) {
    head = Cell.INTEGER;
    body = value;
  }

  final void setFloat(double value) {
    head = Cell.FLOAT;
    body = Double.doubleToRawLongBits(value);
  }

  final void setBoolean(boolean value) {
    head = Cell.BOOLEAN;
    body = value ? 1 : 0;
  }

  /// @param truth 1, 0, or anything else for null
  final void setTernary(int truth) {
    if (truth == 0 || truth == 1) {
      setBoolean(truth == 1);
    } else {
      setNull();
    }
  }
}
