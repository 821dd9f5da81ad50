package dev.quarry.query.execute;

import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import dev.quarry.storage.memory.Scratch;
import org.jspecify.annotations.Nullable;

/// Groups rows by keys and computes aggregates of each group. Groups come in the order in which
/// they were met; without keys there is exactly one, also of no rows.
final class Aggregate extends Operator {
  private final Operator input;
  private final int[] keySlots;
  private final RowValue[] keys;
  private final Accumulation aggregates;
  private final Scratch kept;
  private final Batch output;
  private @Nullable GroupTable groups;
  private long keyCells;
  private long entry;
  private boolean gathered;

  Aggregate(Execution execution, Operator input, LogicalPlan.Aggregate plan, int slotCount) {
    super(execution);
    this.input = input;
    this.keySlots = plan.keys().stream().mapToInt(LogicalPlan.Column::slot).toArray();
    this.keys = RowValue.of(compile(plan.keys().stream().map(LogicalPlan.Column::value).toList()));
    this.kept = execution.newScratch();
    this.aggregates = new Accumulation(this, plan.aggregations(), plan.multiplicity(), kept);
    this.output =
        keys.length == 0
            ? new Batch(slotCount, execution.newScratch(), 1)
            : execution.newBatch(slotCount);
  }

  @Override
  void open() {
    input.open();
    kept.reset();
    keyCells = kept.allocate((long) Math.max(1, keys.length) * Cell.BYTES);
    aggregates.open();
    groups = new GroupTable(kept, keys.length, aggregates.stateBytes());
    gathered = false;
  }

  @Override
  @Nullable Batch next() {
    GroupTable table = java.util.Objects.requireNonNull(groups);
    if (!gathered) {
      gather(table);
      gathered = true;
      entry = table.first();
    }
    values.reset();
    output.begin();
    int row = 0;
    while (entry != 0 && row < output.capacity()) {
      execution.pace().step();
      for (int i = 0; i < keySlots.length; i++) {
        long key = table.key(entry) + (long) i * Cell.BYTES;
        output.put(keySlots[i], row, Cell.head(key), Cell.body(key));
      }
      aggregates.putResults(table.state(entry), output, row, values);
      entry = table.next(entry);
      row++;
    }
    output.size(row);
    return row == 0 ? null : output;
  }

  private void gather(GroupTable table) {
    if (keys.length == 0) {
      table.find(keyCells);
    }
    for (Batch batch = input.next(); batch != null; batch = input.next()) {
      execution.check();
      values.reset();
      for (RowValue key : keys) {
        key.begin(batch);
      }
      aggregates.begin(batch);
      if (keys.length > 0 || !aggregates.takeAll(table.state(table.first()), batch.size())) {
        gather(table, batch);
      }
    }
  }

  private void gather(GroupTable table, Batch batch) {
    for (int row = 0; row < batch.size(); row++) {
      execution.pace().step();
      for (int i = 0; i < keys.length; i++) {
        keys[i].row(row);
        Cell.put(keyCells + (long) i * Cell.BYTES, keys[i].head(), keys[i].body());
      }
      long state = keys.length == 0 ? table.state(table.first()) : table.find(keyCells);
      aggregates.add(batch, row, state);
    }
  }
}
