package dev.quarry.query.execute;

import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.value.Batch;
import org.jspecify.annotations.Nullable;

/// For each row all nodes, or those with a label, whose properties fulfil some conditions.
final class ScanColumns extends FlatMap {
  private final ChosenNodes chosen;
  private final int slot;
  private boolean inBlock;

  /// @param morsels the pieces that are scanned, one for each row; null for all nodes
  ScanColumns(
      Execution execution,
      Operator input,
      int[] carried,
      int slotCount,
      LogicalPlan.ScanColumns plan,
      @Nullable Morsels morsels) {
    super(execution, input, carried, slotCount);
    this.chosen = new ChosenNodes(this, plan, slotCount, morsels);
    this.slot = plan.slot();
  }

  @Override
  boolean begin(Batch batch, int row) {
    chosen.begin();
    inBlock = false;
    return true;
  }

  @Override
  boolean produce(Batch batch, int row, Batch into, int to) {
    return produceSome(batch, row, into, to, 1) == 1;
  }

  @Override
  int produceSome(Batch batch, int row, Batch into, int to, int most) {
    while (inBlock || chosen.next()) {
      int count = chosen.fill(into.vector(slot), to, most);
      inBlock = count > 0;
      if (count > 0) {
        return count;
      }
    }
    return 0;
  }
}
