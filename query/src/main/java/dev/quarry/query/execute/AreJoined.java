package dev.quarry.query.execute;

import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import dev.quarry.query.value.Vector;
import org.jspecify.annotations.Nullable;

/// Tells for each row whether two bound nodes are joined. Changes the batch of its input in place.
final class AreJoined extends Operator {
  private final Operator input;
  private final LogicalPlan.AreJoined plan;
  private final Reading reading;
  private final RelationshipsBetween between;
  private @Nullable Catalog catalog;

  AreJoined(Execution execution, Operator input, LogicalPlan.AreJoined plan) {
    super(execution);
    this.input = input;
    this.plan = plan;
    this.reading = execution.reading();
    this.between = new RelationshipsBetween(execution, plan.direction(), plan.types());
  }

  @Override
  void open() {
    input.open();
    between.forget();
  }

  @Override
  @Nullable Batch next() {
    Batch batch = input.next();
    if (batch == null) {
      return null;
    }
    execution.check();
    forgetValues();
    refresh();
    Vector truths = batch.vector(plan.slot());
    for (int row = 0; row < batch.size(); row++) {
      execution.pace().step();
      boolean nodes = isNode(batch, plan.from(), row) && isNode(batch, plan.to(), row);
      boolean joined =
          nodes && between.count(batch.body(plan.from(), row), batch.body(plan.to(), row)) > 0;
      truths.put(row, Cell.BOOLEAN, joined ? 1 : 0);
    }
    return batch;
  }

  private static boolean isNode(Batch batch, int slot, int row) {
    return Cell.tag(batch.head(slot, row)) == Cell.NODE;
  }

  /// Names are looked up anew (rule S9).
  private void refresh() {
    if (catalog != reading.catalog()) {
      catalog = reading.catalog();
      between.refresh(reading.catalog());
    }
  }
}
