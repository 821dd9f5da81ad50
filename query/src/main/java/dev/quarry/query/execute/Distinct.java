package dev.quarry.query.execute;

import dev.quarry.graph.transaction.DistinctNodes;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import dev.quarry.query.value.Vector;
import dev.quarry.storage.memory.Scratch;
import org.jspecify.annotations.Nullable;

/// Lets the first of equivalent rows pass. Where rows are told apart by one column of nodes, a set
/// of nodes says which ones it has seen; whatever else stands there is in a table of its own.
final class Distinct extends Operator {
  private final Operator input;
  private final int[] slots;
  private final Scratch kept;
  private final DistinctNodes nodes;
  private int[] chosen = new int[0];
  private @Nullable GroupTable seen;
  private long key;

  Distinct(Execution execution, Operator input, int[] slots) {
    super(execution);
    this.input = input;
    this.slots = slots;
    this.kept = execution.newScratch();
    this.nodes = execution.newDistinctNodes();
  }

  @Override
  void open() {
    input.open();
    kept.reset();
    key = kept.allocate((long) Math.max(1, slots.length) * Cell.BYTES);
    seen = new GroupTable(kept, slots.length, 0);
    nodes.clear();
  }

  @Override
  @Nullable Batch next() {
    for (Batch batch = input.next(); batch != null; batch = input.next()) {
      execution.check();
      execution.pace().steps(batch.size());
      int count = choose(batch);
      batch.select(chosen, count);
      if (batch.size() > 0) {
        return batch;
      }
    }
    return null;
  }

  /// Writes the numbers of the rows that pass; returns how many.
  private int choose(Batch batch) {
    if (chosen.length < batch.size()) {
      chosen = new int[batch.capacity()];
    }
    Vector only = slots.length == 1 ? batch.vector(slots[0]) : null;
    boolean ofNodes = only != null && only.tag() == Cell.NODE && !only.hasNulls();
    int count = 0;
    for (int row = 0; row < batch.size(); row++) {
      chosen[count] = row;
      count += (ofNodes ? nodes.add(only.body(row)) : isNew(batch, row)) ? 1 : 0;
    }
    return count;
  }

  private boolean isNew(Batch batch, int row) {
    if (slots.length == 1 && Cell.tag(batch.head(slots[0], row)) == Cell.NODE) {
      return nodes.add(batch.body(slots[0], row));
    }
    for (int i = 0; i < slots.length; i++) {
      batch.getCell(slots[i], row, key + (long) i * Cell.BYTES);
    }
    GroupTable table = java.util.Objects.requireNonNull(seen);
    table.find(key);
    return table.added();
  }
}
