package dev.quarry.query.execute;

import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.transaction.Degrees;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.value.Batch;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Counts pairs of different relationships of a node of each row: all pairs, without those of a
/// relationship with itself (rule S19).
final class CountPairs extends Counting {
  private final LogicalPlan.CountPairs plan;
  private final Reading reading;
  private @Nullable Counts counts;
  private long[] nodes = new long[0];
  private long[] others = new long[0];

  /// @param of the catalog in which names were looked up
  private record Counts(Catalog of, Degrees first, Degrees second, Degrees common) {}

  CountPairs(Execution execution, Operator input, LogicalPlan.CountPairs plan) {
    super(execution, input, plan.product());
    this.plan = plan;
    this.reading = execution.reading();
  }

  @Override
  void refresh() {
    Catalog catalog = reading.catalog();
    if (counts == null || counts.of() != catalog) {
      counts =
          new Counts(
              catalog,
              degrees(plan.first(), catalog),
              degrees(plan.second(), catalog),
              degrees(plan.common(), catalog));
    }
  }

  @Override
  void count(Batch batch, long[] found) {
    Counts known = Objects.requireNonNull(counts);
    if (nodes.length < batch.size()) {
      nodes = new long[batch.capacity()];
      others = new long[batch.capacity()];
    }
    for (int row = 0; row < batch.size(); row++) {
      nodes[row] = batch.body(plan.from(), row);
    }
    known.first().ofAll(nodes, batch.size(), found);
    known.second().ofAll(nodes, batch.size(), others);
    for (int row = 0; row < batch.size(); row++) {
      execution.pace().step();
      found[row] = pairs(nodes[row], Multiplicity.times(found[row], others[row]), known);
    }
  }

  private Degrees degrees(LogicalPlan.Side side, Catalog catalog) {
    int label = side.label() == null ? Degrees.ANY_LABEL : catalog.label(side.label());
    return reading.degrees(side.direction(), Expand.tokens(side.types(), catalog), label);
  }

  private long pairs(long node, long all, Counts known) {
    if (all == 0) {
      return 0;
    }
    long same = plan.loops() ? known.common().loops(node) : known.common().of(node);
    assert same <= all : same + " of " + all;
    return all - same;
  }
}
