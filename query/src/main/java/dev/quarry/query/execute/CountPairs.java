package dev.quarry.query.execute;

import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.transaction.Degrees;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import dev.quarry.query.value.Vector;
import org.jspecify.annotations.Nullable;

/// Counts pairs of different relationships of a node of each row: all pairs, without those of a
/// relationship with itself (rule S19). Rows that have none are dropped. Changes the batch of its
/// input in place.
final class CountPairs extends Operator {
  private final Operator input;
  private final LogicalPlan.CountPairs plan;
  private final Reading reading;
  private @Nullable Counts counts;
  private int[] kept = new int[0];

  /// @param of the catalog in which names were looked up (rule S9)
  private record Counts(Catalog of, Degrees first, Degrees second, Degrees common) {}

  CountPairs(Execution execution, Operator input, LogicalPlan.CountPairs plan) {
    super(execution);
    this.input = input;
    this.plan = plan;
    this.reading = execution.reading();
  }

  @Override
  void open() {
    input.open();
  }

  @Override
  @Nullable Batch next() {
    for (Batch batch = input.next(); batch != null; batch = input.next()) {
      values.reset();
      int count = count(batch, counts());
      batch.select(kept, count);
      if (count > 0) {
        return batch;
      }
      execution.check();
    }
    return null;
  }

  private Counts counts() {
    Counts current = counts;
    Catalog catalog = reading.catalog();
    if (current == null || current.of() != catalog) {
      current =
          new Counts(
              catalog,
              degrees(plan.first(), catalog),
              degrees(plan.second(), catalog),
              degrees(plan.common(), catalog));
      counts = current;
    }
    return current;
  }

  private Degrees degrees(LogicalPlan.Side side, Catalog catalog) {
    int label = side.label() == null ? Degrees.ANY_LABEL : catalog.label(side.label());
    return reading.degrees(side.direction(), Expand.tokens(side.types(), catalog), label);
  }

  private int count(Batch batch, Counts known) {
    if (kept.length < batch.size()) {
      kept = new int[batch.capacity()];
    }
    Vector product = plan.product() < 0 ? null : batch.vector(plan.product());
    int count = 0;
    for (int row = 0; row < batch.size(); row++) {
      execution.pace().step();
      long pairs = pairs(batch.body(plan.from(), row), known);
      if (product != null) {
        product.put(row, Cell.INTEGER, pairs);
      }
      kept[count] = row;
      count += pairs == 0 ? 0 : 1;
    }
    return count;
  }

  private long pairs(long node, Counts known) {
    long all = Multiplicity.times(known.first().of(node), known.second().of(node));
    if (all == 0) {
      return 0;
    }
    long same = plan.loops() ? known.common().loops(node) : known.common().of(node);
    assert same <= all : same + " of " + all;
    return all - same;
  }
}
