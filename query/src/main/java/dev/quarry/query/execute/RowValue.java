package dev.quarry.query.execute;

import dev.quarry.query.evaluate.Evaluator;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Vector;
import org.jspecify.annotations.Nullable;

/// The value of an expression, row after row of a batch: from a vector where all rows can be
/// computed at once, else by its evaluator, with the same values and errors.
final class RowValue {
  private final Evaluator evaluator;
  private @Nullable Vector all;
  private @Nullable Batch batch;
  private long head;
  private long body;

  RowValue(Evaluator evaluator) {
    this.evaluator = evaluator;
  }

  /// Begins with a batch, which must not change until its last row was looked at.
  void begin(Batch newBatch) {
    batch = newBatch;
    all = evaluator.evaluateAll(newBatch);
  }

  /// The values of all rows; null where they are computed one by one.
  @Nullable Vector all() {
    return all;
  }

  /// Goes to a row.
  void row(int row) {
    Vector vector = all;
    if (vector != null) {
      head = vector.head(row);
      body = vector.body(row);
    } else {
      evaluator.evaluate(java.util.Objects.requireNonNull(batch), row);
      head = evaluator.head();
      body = evaluator.body();
    }
  }

  long head() {
    return head;
  }

  long body() {
    return body;
  }
}
