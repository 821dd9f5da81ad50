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
    super(execution, input, carried, with(carried, plan.records()), slotCount, streams);
    this.creator = new Creator(this, plan.records(), false);
  }

  /// Slots, and those of what is created.
  private static int[] with(int[] carried, List<LogicalPlan.NewRecord> records) {
    IntStream created = records.stream().mapToInt(LogicalPlan.NewRecord::slot);
    return IntStream.concat(IntStream.of(carried), created).distinct().toArray();
  }

  @Override
  void update() {
    creator.create(work);
    handOn();
  }
}
