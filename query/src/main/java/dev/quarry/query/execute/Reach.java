package dev.quarry.query.execute;

import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;

/// For each row the nodes that trails from a node lead to, each once (see [ReachSearch]); or the
/// row itself, if one leads to a node that is bound. Rows that ask from the same node one after the
/// other share a search there.
final class Reach extends FlatMap {
  private final Reading reading;
  private final LogicalPlan.Reach plan;
  private final RelationshipConditions conditions;
  private final ReachSearch search;
  private final long[] ids;
  private long searchedFrom = -1;
  private boolean searchedBack;
  private boolean found;

  Reach(Execution execution, Operator input, int[] carried, int slotCount, LogicalPlan.Reach plan) {
    super(execution, input, carried, slotCount);
    this.reading = execution.reading();
    this.plan = plan;
    this.ids = new long[execution.batchRows()];
    this.conditions = new RelationshipConditions(this, plan.keys(), plan.values());
    this.search = new ReachSearch(execution, plan.direction(), plan.types(), conditions);
  }

  @Override
  void open() {
    super.open();
    searchedFrom = -1;
  }

  @Override
  boolean begin(Batch batch, int row) {
    if (Cell.tag(batch.head(plan.from(), row)) != Cell.NODE
        || plan.into() && Cell.tag(batch.head(plan.to(), row)) != Cell.NODE) {
      return false;
    }
    conditions.begin(batch, row);
    long from = batch.body(plan.from(), row);
    if (plan.into()) {
      found = reaches(from, batch.body(plan.to(), row));
      return found;
    }
    search.begin(from, plan.least(), plan.most(), true);
    return true;
  }

  private boolean reaches(long from, long to) {
    boolean back = from == to;
    if (from != searchedFrom || back && !searchedBack || !conditions.isEmpty()) {
      search.begin(from, plan.least(), plan.most(), back);
      searchedFrom = from;
      searchedBack = back;
    }
    return search.reaches(to);
  }

  @Override
  boolean produce(Batch batch, int row, Batch into, int to) {
    return produceSome(batch, row, into, to, 1) == 1;
  }

  @Override
  int produceSome(Batch batch, int row, Batch into, int to, int most) {
    if (plan.into()) {
      return produceFound(batch, row, into, to);
    }
    int count = 0;
    for (int room = Math.min(most, ids.length); count < room; count++) {
      long node = search.next();
      if (node < 0) {
        break;
      }
      ids[count] = node;
    }
    NodeRows.put(reading, into.vector(plan.to()), to, ids, count);
    return count;
  }

  private int produceFound(Batch batch, int row, Batch into, int to) {
    if (!found) {
      return 0;
    }
    found = false;
    into.put(plan.to(), to, batch.head(plan.to(), row), batch.body(plan.to(), row));
    return 1;
  }
}
