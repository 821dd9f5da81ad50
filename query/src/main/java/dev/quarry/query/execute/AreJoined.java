package dev.quarry.query.execute;

import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import dev.quarry.query.value.Vector;
import org.jspecify.annotations.Nullable;

/// Tells for each row whether two bound nodes are joined. Asks the node that stayed since the row
/// before, as it may have made a table of its neighbours by now ([IntersectSide]). Changes the
/// batch of its input in place.
final class AreJoined extends Operator {
  private final Operator input;
  private final LogicalPlan.AreJoined plan;
  private final Reading reading;
  private final IntersectSide forth;
  private final IntersectSide back;
  private @Nullable Catalog catalog;
  private long lastTo;

  AreJoined(Execution execution, Operator input, LogicalPlan.AreJoined plan) {
    super(execution);
    this.input = input;
    this.plan = plan;
    this.reading = execution.reading();
    this.forth =
        new IntersectSide(
            execution,
            new LogicalPlan.Intersect.Side(plan.from(), -1, plan.direction(), plan.types()),
            -1);
    this.back =
        new IntersectSide(
            execution,
            new LogicalPlan.Intersect.Side(plan.to(), -1, plan.direction().reverse(), plan.types()),
            -1);
  }

  @Override
  void open() {
    input.open();
    forth.forget();
    back.forget();
    lastTo = -1;
  }

  @Override
  @Nullable Batch next() {
    Batch batch = input.next();
    if (batch == null) {
      return null;
    }
    execution.check();
    values.reset();
    refresh();
    Vector truths = batch.vector(plan.slot());
    for (int row = 0; row < batch.size(); row++) {
      execution.pace().step();
      boolean nodes = isNode(batch, plan.from(), row) && isNode(batch, plan.to(), row);
      boolean joined = nodes && areJoined(batch.body(plan.from(), row), batch.body(plan.to(), row));
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
      forth.refresh(reading.catalog());
      back.refresh(reading.catalog());
    }
  }

  private boolean areJoined(long from, long to) {
    boolean toStays = to == lastTo && from != forth.node();
    lastTo = to;
    IntersectSide side = toStays ? back : forth;
    if (side.turnTo(toStays ? to : from) == 0) {
      return false;
    }
    side.prepare(1, execution.pace());
    return side.ways(toStays ? from : to) > 0;
  }
}
