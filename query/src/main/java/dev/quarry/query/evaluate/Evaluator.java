package dev.quarry.query.evaluate;

import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import dev.quarry.storage.memory.Memory;

/// Computes one expression for one row after the other; the value is read from it afterwards.
/// Nothing is allocated on the Java heap for numbers, booleans, nodes and relationships.
public abstract class Evaluator {
  long head;
  long body;

  /// Computes the value for a row.
  public abstract void evaluate(Batch batch, int row);

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
