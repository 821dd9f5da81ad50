package dev.quarry.query.plan;

import dev.quarry.query.plan.LogicalPlan.Aggregate;
import dev.quarry.query.plan.LogicalPlan.Aggregation;
import dev.quarry.query.plan.LogicalPlan.Apply;
import dev.quarry.query.plan.LogicalPlan.Column;
import dev.quarry.query.plan.LogicalPlan.Distinct;
import dev.quarry.query.plan.LogicalPlan.Expand;
import dev.quarry.query.plan.LogicalPlan.ExpandVariable;
import dev.quarry.query.plan.LogicalPlan.Filter;
import dev.quarry.query.plan.LogicalPlan.Project;
import dev.quarry.query.plan.LogicalPlan.Reach;
import dev.quarry.query.syntax.Expression;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Visits each node once instead of walking all ways to it, where nobody can tell how many there
/// are (rule S20).
///
/// ```text
/// Aggregate count(DISTINCT b)           Aggregate count(DISTINCT b)
///   Filter b:Person                       Filter b:Person
///     ExpandVariable (a)-[*1..3]->(b)  =>   Reach (a)-[*1..3]->(b)
///       x                                     x
/// ```
///
/// Equal rows are as good as one for DISTINCT, for aggregates of distinct values, `min` and `max`,
/// and for EXISTS. So they are for the steps below these that make the same rows of the same row,
/// and do not look at the relationships of the walk. The least length must be 0 or 1: the nodes
/// that are reached after two steps at least are not those that are reached at all.
final class ReachOnce {
  private ReachOnce() {}

  static @Nullable LogicalPlan apply(LogicalPlan plan) {
    BitSet needed = new BitSet();
    return switch (plan) {
      case Distinct(LogicalPlan input, List<Integer> slots) -> {
        slots.forEach(needed::set);
        LogicalPlan once = once(input, needed);
        yield once == input ? null : new Distinct(once, slots);
      }
      case Aggregate p
          when p.multiplicity() < 0
              && reads(p.keys(), needed)
              && ignoreRepetition(p.aggregations(), needed) -> {
        LogicalPlan once = once(p.input(), needed);
        yield once == p.input() ? null : new Aggregate(once, p.keys(), p.aggregations(), -1);
      }
      case Apply apply when apply.kind() == Apply.Kind.EXISTS -> {
        LogicalPlan once = once(apply.nested(), needed);
        yield once == apply.nested() ? null : with(apply, apply.input(), once);
      }
      default -> null;
    };
  }

  /// Whether aggregates take equal rows as one; adds the slots that they read.
  private static boolean ignoreRepetition(List<Aggregation> aggregations, BitSet slots) {
    return aggregations.stream()
        .allMatch(
            one ->
                (one.distinct() || one.function() == Function.MIN || one.function() == Function.MAX)
                    && reads(one.argument(), slots)
                    && reads(one.parameter(), slots));
  }

  /// A step of whose rows equal ones count once.
  ///
  /// @param needed slots that are read above; those that this step reads are added
  private static LogicalPlan once(LogicalPlan step, BitSet needed) {
    LogicalPlan input = step.input();
    if (input == null || !reads(step, needed)) {
      return step;
    }
    BitSet above = (BitSet) needed.clone();
    LogicalPlan once = once(input, needed);
    return switch (step) {
      case ExpandVariable p when isOfEnds(p, above) -> reach(p, once);
      case Apply p -> {
        boolean joins = p.kind() == Apply.Kind.JOIN || p.kind() == Apply.Kind.OPTIONAL;
        LogicalPlan nested = joins ? once(p.nested(), above) : p.nested();
        yield once == input && nested == p.nested() ? p : with(p, once, nested);
      }
      default -> once == input ? step : withInput(step, once);
    };
  }

  /// Whether only the ends of walks count, whatever lies between.
  private static boolean isOfEnds(ExpandVariable plan, BitSet needed) {
    return plan.least() <= 1 && (plan.relationships() < 0 || !needed.get(plan.relationships()));
  }

  private static LogicalPlan reach(ExpandVariable plan, LogicalPlan input) {
    return new Reach(
        input,
        plan.from(),
        plan.to(),
        plan.direction(),
        plan.types(),
        plan.into(),
        plan.least(),
        plan.most(),
        plan.keys(),
        plan.values());
  }

  private static LogicalPlan with(Apply plan, LogicalPlan input, LogicalPlan nested) {
    return new Apply(input, nested, plan.kind(), plan.slot(), plan.value());
  }

  private static LogicalPlan withInput(LogicalPlan step, LogicalPlan input) {
    return switch (step) {
      case LogicalPlan.ScanNodes p -> new LogicalPlan.ScanNodes(input, p.slot(), p.label());
      case Filter p -> new Filter(input, p.predicate());
      case Project p -> new Project(input, p.columns());
      case LogicalPlan.AreJoined p -> p.above(input);
      case Expand p -> p.above(input);
      case ExpandVariable p -> p.above(input);
      case Reach p ->
          new Reach(
              input,
              p.from(),
              p.to(),
              p.direction(),
              p.types(),
              p.into(),
              p.least(),
              p.most(),
              p.keys(),
              p.values());
      default -> throw new AssertionError(step);
    };
  }

  /// Adds the slots that a step reads of its rows.
  ///
  /// @return false if it may make other rows of the same row, or is none of those that are known
  ///   here
  private static boolean reads(LogicalPlan step, BitSet slots) {
    return switch (step) {
      case LogicalPlan.Argument p -> true;
      case LogicalPlan.Start p -> true;
      case LogicalPlan.ScanNodes p -> true;
      case Filter p -> reads(p.predicate(), slots);
      case Project p -> reads(p.columns(), slots);
      case Expand p when p.except().isEmpty() -> readsEnds(p.from(), p.to(), p.into(), slots);
      case ExpandVariable p ->
          readsEnds(p.from(), p.to(), p.into(), slots)
              && p.values().stream().allMatch(value -> reads(value, slots));
      case Reach p ->
          readsEnds(p.from(), p.to(), p.into(), slots)
              && p.values().stream().allMatch(value -> reads(value, slots));
      case LogicalPlan.AreJoined p -> readsEnds(p.from(), p.to(), true, slots);
      case Apply p -> p.kind() != Apply.Kind.RUN && readsAll(p.nested(), slots);
      default -> false;
    };
  }

  private static boolean readsAll(@Nullable LogicalPlan plan, BitSet slots) {
    return plan == null || reads(plan, slots) && readsAll(plan.input(), slots);
  }

  private static boolean readsEnds(int from, int to, boolean into, BitSet slots) {
    slots.set(from);
    if (into) {
      slots.set(to);
    }
    return true;
  }

  private static boolean reads(List<Column> columns, BitSet slots) {
    return columns.stream().allMatch(column -> reads(column.value(), slots));
  }

  /// Adds the slots that an expression reads; false if it may have another value each time, as any
  /// function of an application may.
  private static boolean reads(@Nullable Bound bound, BitSet slots) {
    if (bound == null) {
      return true;
    }
    Reads.add(bound, slots);
    boolean[] steady = {true};
    Trees.rewrite(
        bound.expression(),
        part -> {
          if (part instanceof Expression.Call call) {
            Function function = Function.of(call.name());
            steady[0] &= function != null && !function.isVolatile();
          }
          return null;
        });
    return steady[0];
  }
}
