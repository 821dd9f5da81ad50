package dev.quarry.query.execute;

import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Groups rows by keys and computes aggregates of each group. Groups come in the order in which
/// they were met; without keys there is exactly one, also of no rows.
///
/// In a part of a run ([Gather]) the state of a group ends with the number of the piece that it was
/// met in first. As the pieces of a part rise, the groups of all parts can be joined in the order
/// in which one thread would have met them.
final class Aggregate extends Operator {
  private final Operator input;
  private final int[] keySlots;
  private final RowValue[] keys;
  private final Accumulation aggregates;
  private final @Nullable Morsels morsels;
  private final Scratch kept;
  private final Batch output;
  private @Nullable GroupTable groups;
  private long keyCells;
  private long entry;
  private boolean gathered;

  Aggregate(Execution execution, Operator input, LogicalPlan.Aggregate plan, int slotCount) {
    super(execution);
    this.input = input;
    this.keySlots = new int[plan.keys().size()];
    this.keys = new RowValue[keySlots.length];
    for (int i = 0; i < keys.length; i++) {
      keySlots[i] = plan.keys().get(i).slot();
      keys[i] = new RowValue(compile(plan.keys().get(i).value()));
    }
    this.kept = execution.newScratch();
    this.aggregates = new Accumulation(this, plan.aggregations(), plan.multiplicity(), kept);
    this.morsels = execution.morsels();
    this.output =
        keys.length == 0 ? execution.newBatch(slotCount, 1) : execution.newBatch(slotCount);
  }

  @Override
  void open() {
    input.open();
    kept.reset();
    keyCells = kept.allocate((long) Math.max(1, keys.length) * Cell.BYTES);
    aggregates.open();
    groups = new GroupTable(kept, keys.length, aggregates.stateBytes() + (morsels == null ? 0 : 8));
    gathered = false;
  }

  @Override
  @Nullable Batch next() {
    if (!gathered) {
      gather();
    }
    GroupTable table = groups();
    forgetValues();
    output.begin();
    int row = 0;
    while (entry != 0 && row < output.capacity()) {
      execution.pace().step();
      for (int i = 0; i < keySlots.length; i++) {
        long key = table.key(entry) + (long) i * Cell.BYTES;
        output.put(keySlots[i], row, Cell.head(key), Cell.body(key));
      }
      aggregates.putResults(table.state(entry), output, row, values());
      entry = table.next(entry);
      row++;
    }
    output.size(row);
    return row == 0 ? null : output;
  }

  private GroupTable groups() {
    return java.util.Objects.requireNonNull(groups);
  }

  /// Takes all rows.
  void gather() {
    GroupTable table = groups();
    if (keys.length == 0) {
      table.find(keyCells);
    }
    for (Batch batch = input.next(); batch != null; batch = input.next()) {
      execution.check();
      forgetValues();
      for (RowValue key : keys) {
        key.begin(batch);
      }
      aggregates.begin(batch);
      if (keys.length > 0 || !aggregates.takeAll(table.state(table.first()), batch.size())) {
        gather(table, batch);
      }
    }
    gathered = true;
    entry = table.first();
  }

  /// Takes over the groups that parts have gathered, instead of rows.
  ///
  /// @throws OrderMatters if the results depend on which part took which rows
  void join(List<Aggregate> parts) {
    GroupTable table = groups();
    long[] entries = parts.stream().mapToLong(part -> part.groups().first()).toArray();
    for (int next = first(parts, entries); next >= 0; next = first(parts, entries)) {
      execution.pace().step();
      Aggregate part = parts.get(next);
      long theirs = entries[next];
      long state = table.find(part.groups().key(theirs));
      aggregates.join(state, part.aggregates, part.groups().state(theirs));
      entries[next] = part.groups().next(theirs);
    }
    gathered = true;
    entry = table.first();
  }

  /// The part whose next group was met first; -1 if there is none.
  private static int first(List<Aggregate> parts, long[] entries) {
    int first = -1;
    for (int i = 0; i < entries.length; i++) {
      boolean earlier =
          entries[i] != 0
              && (first < 0
                  || parts.get(i).metIn(entries[i]) < parts.get(first).metIn(entries[first]));
      first = earlier ? i : first;
    }
    return first;
  }

  private long metIn(long ofEntry) {
    return Memory.getLong(groups().state(ofEntry) + aggregates.stateBytes());
  }

  private long find(GroupTable table) {
    long state = table.find(keyCells);
    if (morsels != null && table.added()) {
      Memory.putLong(state + aggregates.stateBytes(), morsels.current());
    }
    return state;
  }

  private void gather(GroupTable table, Batch batch) {
    for (int row = 0; row < batch.size(); row++) {
      execution.pace().step();
      for (int i = 0; i < keys.length; i++) {
        keys[i].row(row);
        Cell.put(keyCells + (long) i * Cell.BYTES, keys[i].head(), keys[i].body());
      }
      long state = keys.length == 0 ? table.state(table.first()) : find(table);
      aggregates.add(batch, row, state);
    }
  }
}
