package dev.quarry.query.execute;

import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import org.jspecify.annotations.Nullable;

/// Counts instead of making rows: writes for how many each row of its input stands, and drops those
/// that stand for none. Changes the batch of its input in place.
abstract class Counting extends Operator {
  private final Operator input;
  private final int product;
  private int[] kept = new int[0];
  private long[] numbers = new long[0];

  /// @param product slot for how many rows a row stands; -1 if that does not matter
  Counting(Execution execution, Operator input, int product) {
    super(execution);
    this.input = input;
    this.product = product;
  }

  /// Looks names up anew, if they may mean something else (rule S9).
  abstract void refresh();

  /// Says for how many rows each row of a batch stands.
  abstract void count(Batch batch, long[] found);

  @Override
  void open() {
    input.open();
  }

  @Override
  @Nullable Batch next() {
    for (Batch batch = input.next(); batch != null; batch = input.next()) {
      forgetValues();
      refresh();
      int count = keep(batch);
      batch.select(kept, count);
      if (count > 0) {
        return batch;
      }
      execution.check();
    }
    return null;
  }

  /// Notes the rows that stand for any, and for how many.
  private int keep(Batch batch) {
    if (kept.length < batch.size()) {
      kept = new int[batch.capacity()];
      numbers = new long[batch.capacity()];
    }
    count(batch, numbers);
    int count = 0;
    for (int row = 0; row < batch.size(); row++) {
      kept[count] = row;
      count += numbers[row] == 0 ? 0 : 1;
    }
    if (product >= 0) {
      batch.vector(product).putAll(0, Cell.INTEGER, numbers, 0, batch.size());
    }
    return count;
  }
}
