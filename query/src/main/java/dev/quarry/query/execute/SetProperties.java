package dev.quarry.query.execute;

import dev.quarry.query.plan.LogicalPlan;

/// SET and REMOVE: changes entities row by row.
final class SetProperties extends Updating {
  private final Changer changer;

  SetProperties(
      Execution execution,
      Operator input,
      LogicalPlan.Set plan,
      int[] carried,
      int[] handedOn,
      int slotCount) {
    super(execution, input, carried, handedOn, slotCount, false);
    this.changer = new Changer(this, plan.changes());
  }

  @Override
  void update() {
    changer.change(work);
    handOn();
  }
}
