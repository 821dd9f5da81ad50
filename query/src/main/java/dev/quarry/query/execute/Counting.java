package dev.quarry.query.execute;

import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import dev.quarry.query.value.Vector;
import org.jspecify.annotations.Nullable;

/// Counts instead of making rows: writes for how many each row of its input stands, and drops those
/// that stand for none. Changes the batch of its input in place.
abstract class Counting extends Operator {
  private final Operator input;
  private final int product;
  private int[] kept = new int[0];

  /// @param product slot for how many rows a row stands; -1 if that does not matter
  Counting(Execution execution, Operator input, int product) {
    super(execution);
    this.input = input;
    this.product = product;
  }

  /// Looks names up anew, if they may mean something else (rule S9).
  abstract void refresh();

  /// For how many rows a row stands.
  abstract long number(Batch batch, int row);

  @Override
  void open() {
    input.open();
  }

  @Override
  @Nullable Batch next() {
    for (Batch batch = input.next(); batch != null; batch = input.next()) {
      values.reset();
      refresh();
      int count = count(batch);
      batch.select(kept, count);
      if (count > 0) {
        return batch;
      }
      execution.check();
    }
    return null;
  }

  private int count(Batch batch) {
    if (kept.length < batch.size()) {
      kept = new int[batch.capacity()];
    }
    Vector numbers = product < 0 ? null : batch.vector(product);
    int count = 0;
    for (int row = 0; row < batch.size(); row++) {
      execution.pace().step();
      long number = number(batch, row);
      if (numbers != null) {
        numbers.put(row, Cell.INTEGER, number);
      }
      kept[count] = row;
      count += number == 0 ? 0 : 1;
    }
    return count;
  }
}
