package dev.quarry.query.execute;

import dev.quarry.query.plan.LogicalPlan;
import java.util.List;
import java.util.stream.IntStream;

/// Creates nodes and relationships for each row.
final class Create extends Updating {
  private final Creator creator;

  /// @param carried slots of the input that are needed, here or later
  Create(
      Execution execution,
      Operator input,
      LogicalPlan.Create plan,
      int[] carried,
      int slotCount,
      boolean streams) {
    super(
        execution,
        input,
        carried,
        with(carried, plan.nodes(), plan.relationships()),
        slotCount,
        streams);
    this.creator = new Creator(this, plan.nodes(), plan.relationships(), false);
  }

  /// Slots, and those of what is created.
  static int[] with(
      int[] carried,
      List<LogicalPlan.NewNode> nodes,
      List<LogicalPlan.NewRelationship> relationships) {
    IntStream created =
        IntStream.concat(
            nodes.stream().mapToInt(LogicalPlan.NewNode::slot),
            relationships.stream().mapToInt(LogicalPlan.NewRelationship::slot));
    return IntStream.concat(IntStream.of(carried), created).distinct().toArray();
  }

  @Override
  void update() {
    creator.create(work);
    handOn();
  }
}
