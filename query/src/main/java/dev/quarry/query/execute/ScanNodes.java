package dev.quarry.query.execute;

import dev.quarry.graph.transaction.NodeScan;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import dev.quarry.query.value.Vector;
import org.jspecify.annotations.Nullable;

/// For each row all nodes, or those with a label. The label is looked up when a scan begins (S9).
final class ScanNodes extends FlatMap {
  private final Reading reading;
  private final int slot;
  private final @Nullable String label;
  private final long[] ids;
  private @Nullable NodeScan scan;

  ScanNodes(
      Execution execution,
      Operator input,
      int[] carried,
      int slotCount,
      int slot,
      @Nullable String label) {
    super(execution, input, carried, slotCount);
    this.reading = execution.reading();
    this.slot = slot;
    this.label = label;
    this.ids = new long[execution.batchRows()];
  }

  @Override
  boolean begin(Batch batch, int row) {
    scan = label == null ? reading.scanAll() : reading.scan(reading.catalog().label(label));
    return true;
  }

  @Override
  boolean produce(Batch batch, int row, Batch into, int to) {
    throw new AssertionError("it produces some at once");
  }

  @Override
  int produceSome(Batch batch, int row, Batch into, int to) {
    NodeScan current = java.util.Objects.requireNonNull(scan);
    int count = current.fill(ids, Math.min(ids.length, into.capacity() - to));
    Vector nodes = into.vector(slot);
    for (int i = 0; i < count; i++) {
      nodes.put(to + i, Cell.head(Cell.NODE, reading.generation(ids[i])), ids[i]);
    }
    return count;
  }
}
