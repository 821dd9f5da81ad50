package dev.quarry.query.execute;

import dev.quarry.query.plan.LogicalPlan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// SET and REMOVE: changes entities row by row.
final class SetProperties extends Updating {
  private final Changer changer;

  /// @param nested for each change what computes the patterns and subqueries of its value
  SetProperties(
      Execution execution,
      Operator input,
      LogicalPlan.Set plan,
      List<@Nullable Nested> nested,
      int[] carried,
      int[] handedOn,
      int slotCount) {
    super(execution, input, carried, handedOn, slotCount, false);
    this.changer = new Changer(this, plan.changes(), nested);
  }

  @Override
  void update() {
    changer.change(work);
    handOn();
  }
}
