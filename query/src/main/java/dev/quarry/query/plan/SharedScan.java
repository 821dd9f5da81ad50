package dev.quarry.query.plan;

import dev.quarry.query.syntax.Expression;
import org.jspecify.annotations.Nullable;

/// Lets several threads gather the rows of an aggregate, if there is enough to do: each takes
/// pieces of the one scan at the beginning, and goes all steps above it alone.
///
/// ```text
/// Aggregate             Gather
///   Expand                Aggregate        once for each thread
///     ScanNodes    =>       Expand
///                             ScanNodes    pieces, whoever is free takes the next
/// ```
///
/// It fits where what becomes of a row of the scan does not depend on the others, and where groups
/// of several threads can be put together so that nobody can tell how many there were:
///
/// - each step makes rows of rows, changes nothing, and computes the same if it computes again
///   (S16). Functions of the application may count on the thread of their statement.
/// - `Collapse` hands its rows on when its input ends, so groups above it would come in another
///   order; without keys there is one.
/// - Each thread has a `Collapse` of its own, so what is above it may be done by each: that must
///   not be more than what is below.
/// - `collect`, percentiles and deviations depend on the order of rows. `count(DISTINCT …)` is put
///   together for one group only.
///
/// The idea of pieces ("morsels"): Leis, Boncz, Kemper and Neumann, "Morsel-Driven Parallelism",
/// SIGMOD 2014.
final class SharedScan {
  private final PlanContext context;

  /// How many rows, of all steps together, are worth a second thread, by estimate: 50,000, some 2
  /// ms, or what the property `quarry.sharedRows` says, for tests; 0 shares whatever fits. No
  /// answer depends on it.
  private final double leastRows = Long.getLong("quarry.sharedRows", 50_000);

  SharedScan(PlanContext context) {
    this.context = context;
  }

  /// The aggregate, to be gathered by several threads; null if it does not fit.
  @Nullable LogicalPlan apply(LogicalPlan plan) {
    return plan instanceof LogicalPlan.Aggregate aggregate
            && aggregate.aggregations().stream().allMatch(one -> canBeJoined(one, aggregate))
            && aggregate.keys().stream().allMatch(key -> isSame(key.value()))
            && isShared(aggregate.input(), aggregate.keys().isEmpty(), false)
            && isLarge(aggregate.input())
        ? new LogicalPlan.Gather(aggregate)
        : null;
  }

  /// Whether there is enough to do, and most of it is divided.
  private boolean isLarge(LogicalPlan plan) {
    RowsToMake.Rows rows = RowsToMake.of(plan, context);
    return rows.divided() >= leastRows && (rows.divided() >= rows.repeated() || leastRows == 0);
  }

  private boolean canBeJoined(LogicalPlan.Aggregation one, LogicalPlan.Aggregate plan) {
    boolean known =
        switch (one.function()) {
          case COUNT -> !one.distinct() || plan.keys().isEmpty();
          case SUM, AVG, MIN, MAX -> !one.distinct();
          default -> false;
        };
    return known && isSame(one.argument());
  }

  /// Whether all steps go by rows, down to the scan at the beginning, or to an argument.
  ///
  /// @param collapses whether rows may come in any order
  private boolean isShared(@Nullable LogicalPlan plan, boolean collapses, boolean nested) {
    return switch (plan) {
      case null -> false;
      case LogicalPlan.Argument p -> nested;
      case LogicalPlan.ScanNodes p when p.input() instanceof LogicalPlan.Start -> true;
      case LogicalPlan.ScanColumns p when p.input() instanceof LogicalPlan.Start -> isSame(p);
      default ->
          (goesByRows(plan) || plan instanceof LogicalPlan.Collapse && collapses)
              && isShared(plan.input(), collapses, nested);
    };
  }

  private boolean goesByRows(LogicalPlan plan) {
    return switch (plan) {
      case LogicalPlan.ScanNodes p -> true;
      case LogicalPlan.ScanColumns p -> isSame(p);
      case LogicalPlan.Filter p -> isSame(p.predicate());
      case LogicalPlan.Project p -> p.columns().stream().allMatch(one -> isSame(one.value()));
      case LogicalPlan.Unwind p -> isSame(p.list());
      case LogicalPlan.Expand p -> true;
      case LogicalPlan.Intersect p -> true;
      case LogicalPlan.ExpandVariable p -> p.values().stream().allMatch(this::isSame);
      case LogicalPlan.Reach p -> p.values().stream().allMatch(this::isSame);
      case LogicalPlan.RelationshipEnds p -> true;
      case LogicalPlan.BindPath p -> true;
      case LogicalPlan.CountNeighbours p -> true;
      case LogicalPlan.CountPairs p -> true;
      case LogicalPlan.AreJoined p -> true;
      case LogicalPlan.Apply p ->
          p.kind() != LogicalPlan.Apply.Kind.RUN && isShared(p.nested(), false, true);
      default -> false;
    };
  }

  private boolean isSame(LogicalPlan.ScanColumns plan) {
    return plan.conditions().stream().allMatch(one -> isSame(one.predicate()));
  }

  /// Whether an expression is the same whoever computes it.
  private boolean isSame(@Nullable Bound bound) {
    if (bound == null) {
      return true;
    }
    boolean[] own = new boolean[1];
    Trees.rewrite(
        bound.expression(),
        e -> {
          own[0] |= e instanceof Expression.Call call && Function.of(call.name()) == null;
          return null;
        });
    return !own[0] && !context.isVolatile(bound.expression());
  }
}
