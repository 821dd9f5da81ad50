package dev.quarry.query.plan;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The beginning of a pattern whose first node nobody needs, begun with the second one instead: a
/// scan of that, and which relationships lead back to the first.
///
/// ```text
/// Filter b.x > 1
/// Filter (b:B)
/// Expand -[:T]-> (b)             side   <-[:T]-(:A)
/// ScanNodes :A (a)               plan   ScanNodes :B where x > 1 (b)
/// ```
///
/// @param filters conditions on the second node that the scan does not test
record TurnedScan(LogicalPlan plan, LogicalPlan.Side side, List<Bound> filters) {

  /// The beginning, turned; null if it is not one that can be, or if there are more second nodes
  /// than relationships that lead to them.
  ///
  /// @param filters what stands directly above the expansion, the uppermost first
  /// @param needed slots that are asked for by those and above
  static @Nullable TurnedScan of(
      LogicalPlan.Expand expand, List<Bound> filters, BitSet needed, PlanContext context) {
    boolean fits =
        expand.input() instanceof LogicalPlan.ScanNodes scan
            && scan.input() instanceof LogicalPlan.Start
            && scan.slot() == expand.from()
            && !needed.get(expand.from())
            && !needed.get(expand.relationship());
    if (!fits) {
      return null;
    }
    LogicalPlan.ScanNodes first = (LogicalPlan.ScanNodes) expand.input();
    List<Bound> left = new ArrayList<>(filters);
    String label = takeLabel(left, expand.to());
    double reached =
        nodes(first.label(), context)
            * context.degree(first.label(), expand.types(), expand.direction(), label);
    if (nodes(label, context) > reached) {
      return null;
    }
    LogicalPlan plan =
        Filters.testColumns(new LogicalPlan.ScanNodes(first.input(), expand.to(), label), left);
    LogicalPlan.Side side =
        new LogicalPlan.Side(expand.direction().reverse(), expand.types(), first.label());
    return new TurnedScan(plan, side, left);
  }

  private static double nodes(@Nullable String label, PlanContext context) {
    return label == null ? context.statistics().nodes() : context.statistics().nodes(label);
  }

  /// Takes one label of a node out of some conditions; null if none asks for one.
  static @Nullable String takeLabel(List<Bound> filters, int slot) {
    for (Bound filter : filters) {
      String label = LeafExpand.label(filter, slot);
      if (label != null) {
        filters.remove(filter);
        return label;
      }
    }
    return null;
  }
}
