package dev.quarry.query.execute;

import dev.quarry.query.plan.LogicalPlan;

/// Creates nodes and relationships for each row.
final class Create extends Updating {
  private final Creator creator;
  private final boolean streams;

  Create(
      Execution execution,
      Operator input,
      LogicalPlan.Create plan,
      int[] carried,
      int[] handedOn,
      int slotCount,
      boolean streams) {
    super(execution, input, carried, handedOn, slotCount, streams);
    this.streams = streams;
    this.creator = new Creator(this, plan.records(), false);
    if (RelationshipInserts.suits(plan.records(), handedOn)) {
      creator.together(new RelationshipInserts(execution));
    }
  }

  @Override
  void update() {
    creator.create(work);
    handOn();
  }

  /// Where rows stream, nobody looks before the statement ends, which enters what waits.
  @Override
  void finish() {
    if (!streams) {
      creator.finish();
    }
  }
}
