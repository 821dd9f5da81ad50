package dev.quarry.query.execute;

import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import dev.quarry.storage.memory.Scratch;
import org.jspecify.annotations.Nullable;

/// Lets the first of equivalent rows pass.
final class Distinct extends Operator {
  private final Operator input;
  private final int[] slots;
  private final Scratch kept;
  private @Nullable GroupTable seen;
  private long key;

  Distinct(Execution execution, Operator input, int[] slots) {
    super(execution);
    this.input = input;
    this.slots = slots;
    this.kept = execution.newScratch();
  }

  @Override
  void open() {
    input.open();
    kept.reset();
    key = kept.allocate((long) Math.max(1, slots.length) * Cell.BYTES);
    seen = new GroupTable(kept, slots.length, 0);
  }

  @Override
  @Nullable Batch next() {
    GroupTable table = java.util.Objects.requireNonNull(seen);
    for (Batch batch = input.next(); batch != null; batch = input.next()) {
      execution.check();
      int passed = 0;
      for (int row = 0; row < batch.size(); row++) {
        execution.pace().step();
        for (int i = 0; i < slots.length; i++) {
          batch.getCell(slots[i], row, key + (long) i * Cell.BYTES);
        }
        table.find(key);
        if (table.added()) {
          if (passed != row) {
            batch.moveRow(row, passed);
          }
          passed++;
        }
      }
      batch.size(passed);
      if (passed > 0) {
        return batch;
      }
    }
    return null;
  }
}
