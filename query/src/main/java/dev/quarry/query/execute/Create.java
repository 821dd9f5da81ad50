package dev.quarry.query.execute;

import dev.quarry.query.plan.LogicalPlan;

/// Creates nodes and relationships for each row.
final class Create extends Updating {
  private final Creator creator;

  Create(
      Execution execution,
      Operator input,
      LogicalPlan.Create plan,
      int[] carried,
      int[] handedOn,
      int slotCount,
      boolean streams) {
    super(execution, input, carried, handedOn, slotCount, streams);
    this.creator = new Creator(this, plan.records(), false);
  }

  @Override
  void update() {
    creator.create(work);
    handOn();
  }
}
