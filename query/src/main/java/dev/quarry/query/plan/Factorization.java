package dev.quarry.query.plan;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/// Has rows counted instead of made, where only an aggregate or DISTINCT asks for them.
///
/// A row then stands for many equal ones; a slot says for how many, its *multiplicity*. From the
/// aggregate downwards, knowing which slots are still needed:
///
/// | instead of | with |
/// |---|---|
/// | an expansion whose relationship and other end nobody needs | the number of relationships |
/// | a scan and an expansion of which only the far end is needed | a scan of that end, and the number |
/// | both of these around one node, with relationships that must differ | the number of pairs |
/// | an expansion above which only the far end is needed | the same, and one row for each end |
///
/// ```text
/// MATCH (a:V)-[:E]->(b:V) MATCH (b)-[:E]->(c:V) RETURN b.grp, count(*)
///
///   Aggregate count(*) by b.grp           Aggregate count(*) by b.grp
///   Expand -[:E]-> (c)               ⇒    CountNeighbours -[:E]->(:V)      × out
///   Expand -[:E]-> (b)                    CountNeighbours <-[:E]-(:V)      × in
///   ScanNodes :V   (a)                    ScanNodes :V   (b)
/// ```
///
/// Rule S19 holds, as it is relationships that are counted: parallel ones are several, and those
/// that must differ from one of the row are counted without it. Where the ends of two relationships
/// do not say whether they may be the same, nothing is rewritten. What is asked anew for each row
/// (rule S16) ends the way down.
///
/// The ideas: factorised representations of results (Olteanu and Závodný, 2015), and eager
/// aggregation (Yan and Larson, 1995).
final class Factorization {
  private final PlanContext context;

  Factorization(PlanContext context) {
    this.context = context;
  }

  /// The aggregate or DISTINCT over fewer rows; null if there is nothing to win.
  @Nullable LogicalPlan apply(LogicalPlan plan) {
    return switch (plan) {
      case LogicalPlan.Aggregate p when p.multiplicity() < 0 && isCountable(p) -> aggregate(p);
      case LogicalPlan.Distinct p -> distinct(p);
      default -> null;
    };
  }

  private @Nullable LogicalPlan aggregate(LogicalPlan.Aggregate plan) {
    BitSet needed = new BitSet();
    plan.keys().forEach(key -> Reads.add(key.value(), needed));
    plan.aggregations().forEach(one -> Reads.add(one.argument(), needed));
    boolean counts = plan.aggregations().stream().anyMatch(Factorization::dependsOnRepeats);
    Descent.Counted input = new Descent(context, counts).lower(plan.input(), needed);
    return input.plan() == plan.input()
        ? null
        : new LogicalPlan.Aggregate(
            input.plan(), plan.keys(), plan.aggregations(), input.multiplicity());
  }

  private @Nullable LogicalPlan distinct(LogicalPlan.Distinct plan) {
    BitSet needed = new BitSet();
    plan.slots().forEach(needed::set);
    Descent.Counted input = new Descent(context, false).lower(plan.input(), needed);
    return input.plan() == plan.input()
        ? null
        : new LogicalPlan.Distinct(input.plan(), plan.slots());
  }

  /// Whether all aggregates can take a row for several, whatever their order.
  private boolean isCountable(LogicalPlan.Aggregate plan) {
    boolean known =
        plan.aggregations().stream()
            .allMatch(
                one ->
                    switch (one.function()) {
                      case COUNT, SUM, AVG, MIN, MAX -> true;
                      default -> false;
                    });
    return known
        && plan.keys().stream().noneMatch(key -> isVolatile(key.value()))
        && plan.aggregations().stream()
            .noneMatch(one -> one.argument() != null && isVolatile(one.argument()));
  }

  private static boolean dependsOnRepeats(LogicalPlan.Aggregation aggregation) {
    return !aggregation.distinct()
        && aggregation.function() != Function.MIN
        && aggregation.function() != Function.MAX;
  }

  private boolean isVolatile(Bound bound) {
    return context.isVolatile(bound.expression());
  }
}
