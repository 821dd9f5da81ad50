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
  long number(Batch batch, int row) {
    return pairs(batch.body(plan.from(), row), Objects.requireNonNull(counts));
  }

  private Degrees degrees(LogicalPlan.Side side, Catalog catalog) {
    int label = side.label() == null ? Degrees.ANY_LABEL : catalog.label(side.label());
    return reading.degrees(side.direction(), Expand.tokens(side.types(), catalog), label);
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
