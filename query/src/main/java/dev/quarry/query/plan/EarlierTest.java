package dev.quarry.query.plan;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Tests whether two nodes are joined as soon as both are bound, below expansions that bind others:
/// so these are made for fewer rows. The planner has such conditions wait for the whole pattern, as
/// it does not see which names stand inside of them.
///
/// ```text
/// Filter NOT joined               Expand (person3)-->(tag)
/// AreJoined person1, person3        Filter NOT joined
/// Expand (person3)-->(tag)     ⇒    AreJoined person1, person3
/// Expand (person2)--(person3)       Expand (person2)--(person3)
/// ```
final class EarlierTest {
  private EarlierTest() {}

  /// The test further down; null if there is none, or it stands as low as it can.
  static @Nullable LogicalPlan apply(LogicalPlan plan, PlanContext context) {
    return plan instanceof LogicalPlan.Filter filter
            && filter.input() instanceof LogicalPlan.AreJoined joined
            && !context.isVolatile(filter.predicate().expression())
        ? below(joined.input(), joined, filter.predicate())
        : null;
  }

  private static @Nullable LogicalPlan below(
      LogicalPlan plan, LogicalPlan.AreJoined joined, Bound predicate) {
    List<Bound> conditions = new ArrayList<>();
    LogicalPlan base = Filters.takeOff(plan, conditions);
    if (!(base instanceof LogicalPlan.Expand expand) || needs(joined, predicate, expand)) {
      return null;
    }
    LogicalPlan lower = below(expand.input(), joined, predicate);
    LogicalPlan tested =
        lower != null ? lower : new LogicalPlan.Filter(joined.above(expand.input()), predicate);
    return Filters.putOn(expand.above(tested), conditions);
  }

  /// Whether a test asks for what an expansion binds.
  private static boolean needs(
      LogicalPlan.AreJoined joined, Bound predicate, LogicalPlan.Expand expand) {
    BitSet reads = new BitSet();
    Reads.add(predicate, reads);
    reads.set(joined.from());
    reads.set(joined.to());
    return expand.relationship() >= 0 && reads.get(expand.relationship())
        || !expand.into() && reads.get(expand.to());
  }
}
