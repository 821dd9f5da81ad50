package dev.quarry.query.execute;

import dev.quarry.graph.transaction.NodeScan;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import org.jspecify.annotations.Nullable;

/// For each row all nodes, or those with a label. The label is looked up when a scan begins (S9).
final class ScanNodes extends FlatMap {
  private final Reading reading;
  private final int slot;
  private final @Nullable String label;
  private final long[] ids;
  private @Nullable NodeScan scan;
  private int count;
  private int at;

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
    count = 0;
    at = 0;
    return true;
  }

  @Override
  boolean produce(Batch batch, int row, Batch into, int to) {
    if (at == count) {
      NodeScan current = java.util.Objects.requireNonNull(scan);
      count = current.fill(ids, ids.length);
      at = 0;
      if (count == 0) {
        return false;
      }
    }
    long id = ids[at++];
    into.put(slot, to, Cell.head(Cell.NODE, reading.generation(id)), id);
    return true;
  }
}
