package dev.quarry.query.plan;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A path of two steps that begins with all nodes, begun at its end instead, where that has
/// conditions on properties: so only what leads to nodes that fulfil them is followed. For paths
/// that [PatternOrder] left in the order in which they are written, as it does not know that steps
/// which count cost nothing.
///
/// ```text
/// Filter c.x > 1                  Expand <-[:R]- (a)
/// Expand -[:S]-> (c)              Expand <-[:S]- (b)
/// Expand -[:R]-> (b)        ⇒     ScanNodes :C where x > 1 (c)
/// ScanNodes :A (a)
/// ```
final class ReversedPath {
  private ReversedPath() {}

  /// The path, reversed; null if it is anything else.
  ///
  /// @param second the second step
  /// @param filters what stands directly above it, the uppermost first; none is volatile
  /// @param needed slots that are asked for above those: not the first node, so it becomes a leaf
  static @Nullable LogicalPlan of(
      LogicalPlan.Expand second, List<Bound> filters, BitSet needed, PlanContext context) {
    List<Bound> ofMiddle = new ArrayList<>();
    LogicalPlan base = Filters.takeOff(second.input(), ofMiddle);
    boolean fits =
        base instanceof LogicalPlan.Expand first
            && !first.into()
            && first.to() == second.from()
            && first.input() instanceof LogicalPlan.ScanNodes scan
            && scan.input() instanceof LogicalPlan.Start
            && scan.label() != null
            && scan.slot() == first.from()
            && !needed.get(first.from())
            && !needed.get(first.relationship())
            && ofMiddle.stream().noneMatch(one -> context.isVolatile(one.expression()))
            && readOnly(ofMiddle, first.to())
            && readOnly(filters, second.to());
    if (!fits) {
      return null;
    }
    LogicalPlan.Expand first = (LogicalPlan.Expand) base;
    LogicalPlan.ScanNodes all = (LogicalPlan.ScanNodes) first.input();
    List<Bound> ofEnd = new ArrayList<>(filters);
    String label = TurnedScan.takeLabel(ofEnd, second.to());
    LogicalPlan end =
        Filters.testColumns(new LogicalPlan.ScanNodes(all.input(), second.to(), label), ofEnd);
    if (!(end instanceof LogicalPlan.ScanColumns)) {
      return null;
    }
    LogicalPlan middle = Filters.putOn(reversed(second, Filters.putOn(end, ofEnd)), ofMiddle);
    return Filters.putOn(reversed(first, middle), List.of(LeafExpand.hasLabel(all)));
  }

  private static boolean readOnly(List<Bound> conditions, int slot) {
    BitSet reads = new BitSet();
    conditions.forEach(condition -> Reads.add(condition, reads));
    reads.clear(slot);
    return reads.isEmpty();
  }

  private static LogicalPlan.Expand reversed(LogicalPlan.Expand step, LogicalPlan input) {
    return new LogicalPlan.Expand(
        input,
        step.to(),
        step.relationship(),
        step.from(),
        step.direction().reverse(),
        step.types(),
        false);
  }
}
