package dev.quarry.query.execute;

import dev.quarry.graph.transaction.NodeScan;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.value.Batch;
import org.jspecify.annotations.Nullable;

/// For each row all nodes, or those with a label; in a part of a run those of one piece. The label
/// is looked up when a scan begins (S9).
final class ScanNodes extends FlatMap {
  private final Reading reading;
  private final int slot;
  private final @Nullable String label;
  private final @Nullable Morsels morsels;
  private final long[] ids;
  private @Nullable NodeScan scan;

  /// @param morsels the pieces that are scanned, one for each row; null for all nodes
  ScanNodes(
      Execution execution,
      Operator input,
      int[] carried,
      int slotCount,
      int slot,
      @Nullable String label,
      @Nullable Morsels morsels) {
    super(execution, input, carried, slotCount);
    this.reading = execution.reading();
    this.slot = slot;
    this.label = label;
    this.morsels = morsels;
    this.ids = new long[execution.batchRows()];
  }

  @Override
  boolean begin(Batch batch, int row) {
    scan = Morsels.begin(morsels, scan, reading, label);
    return true;
  }

  @Override
  boolean produce(Batch batch, int row, Batch into, int to) {
    return produceSome(batch, row, into, to, 1) == 1;
  }

  @Override
  int produceSome(Batch batch, int row, Batch into, int to, int most) {
    NodeScan current = java.util.Objects.requireNonNull(scan);
    int count = current.fill(ids, Math.min(ids.length, most));
    if (count == 0) {
      return 0;
    }
    NodeRows.put(reading, into.vector(slot), to, ids, count);
    return count;
  }
}
