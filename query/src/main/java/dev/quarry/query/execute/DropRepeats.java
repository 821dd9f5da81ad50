package dev.quarry.query.execute;

import dev.quarry.query.value.Batch;
import org.jspecify.annotations.Nullable;

/// Drops rows whose node came before, as far as it remembers: it forgets all when a [NodeTable] is
/// full. For rows of which nobody asks how many there are. Changes the batch of its input in place.
final class DropRepeats extends Operator {
  private final Operator input;
  private final int slot;
  private final NodeTable seen;
  private int[] kept = new int[0];

  DropRepeats(Execution execution, Operator input, int slot) {
    super(execution);
    this.input = input;
    this.slot = slot;
    this.seen = new NodeTable(execution.newScratch());
  }

  @Override
  void open() {
    input.open();
    seen.begin();
  }

  @Override
  @Nullable Batch next() {
    for (Batch batch = input.next(); batch != null; batch = input.next()) {
      execution.check();
      int count = choose(batch);
      batch.select(kept, count);
      if (count > 0) {
        return batch;
      }
    }
    return null;
  }

  private int choose(Batch batch) {
    if (kept.length < batch.size()) {
      kept = new int[batch.capacity()];
    }
    int count = 0;
    for (int row = 0; row < batch.size(); row++) {
      execution.pace().step();
      if (seen.isFull()) {
        seen.begin();
      }
      int before = seen.count();
      seen.find(batch.head(slot, row), batch.body(slot, row));
      kept[count] = row;
      count += seen.count() - before;
    }
    return count;
  }
}
