package dev.quarry.query.plan;

import dev.quarry.graph.Direction;
import dev.quarry.query.plan.LogicalPlan.Expand;
import dev.quarry.query.plan.LogicalPlan.Filter;
import dev.quarry.query.plan.LogicalPlan.Intersect;
import dev.quarry.query.plan.LogicalPlan.Intersect.Different;
import dev.quarry.query.plan.LogicalPlan.Intersect.Side;
import dev.quarry.query.syntax.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Several expansions that meet in one node are one step, so no row is made for a node that only
/// some of them reach.
///
/// ```text
/// Filter relationships differ
///   ExpandInto (a)-->(c)              Filter (c:V)
///     Filter (c:V)            =>        Intersect (b)-->(c), (a)-->(c) where relationships differ
///       Expand (b)-->(c)                  x
///         x
/// ```
///
/// An expansion that leads to about one node stays what it is: its row costs less than a look at
/// both lists. Filters that stood in between come above: all that they name is bound there too.
/// That relationships differ the step itself sees to, where each is a single one (rule S19).
final class IntersectExpansions {
  /// To how many nodes an expansion leads at most that is not intersected, on average.
  private static final double ONE = 1.2;

  private final PlanContext context;

  IntersectExpansions(PlanContext context) {
    this.context = context;
  }

  /// The intersection; null where a plan is anything else.
  @Nullable LogicalPlan apply(LogicalPlan plan) {
    return switch (plan) {
      case Expand expand when expand.into() -> join(expand, expand.input(), false);
      case Filter filter -> differ(differing(filter.predicate()), filter.input());
      default -> null;
    };
  }

  /// The intersection of an expansion between two bound nodes and the one that binds one of them,
  /// however few nodes that leads to; null if there is none.
  ///
  /// @param filters what stands above it, the uppermost first
  @Nullable LogicalPlan fuse(Expand into, List<Bound> filters) {
    LogicalPlan fused = join(into, into.input(), true);
    for (Bound filter : filters.reversed()) {
      fused = fused == null ? null : filtered(fused, filter);
    }
    return fused;
  }

  /// Puts an expansion between two bound nodes into what binds one of them below some filters.
  ///
  /// @param ofOne also where that leads to about one node
  private @Nullable LogicalPlan join(Expand into, LogicalPlan below, boolean ofOne) {
    return switch (below) {
      case Filter filter -> {
        LogicalPlan joined = join(into, filter.input(), ofOne);
        yield joined == null ? null : filtered(joined, filter.predicate());
      }
      case Expand expand when !expand.into() && (ofOne || !leadsToOne(expand)) -> {
        Side second = side(into, expand.to());
        yield second == null
            ? null
            : new Intersect(
                expand.input(), expand.to(), List.of(firstSide(expand), second), List.of());
      }
      case Intersect intersect -> {
        Side another = side(into, intersect.to());
        yield another == null
            ? null
            : new Intersect(
                intersect.input(),
                intersect.to(),
                with(intersect.sides(), Stream.of(another)),
                intersect.different());
      }
      default -> null;
    };
  }

  private boolean leadsToOne(Expand expand) {
    boolean outgoing = expand.direction() == Direction.OUTGOING;
    double ofReached =
        expand.types().size() == 1 && expand.direction() != Direction.BOTH
            ? context.statistics().degreeOfReached(null, expand.types().getFirst(), outgoing)
            : 0;
    return ofReached > 0 && ofReached <= ONE;
  }

  private static LogicalPlan filtered(LogicalPlan input, Bound predicate) {
    LogicalPlan differ = differ(differing(predicate), input);
    return differ != null ? differ : new Filter(input, predicate);
  }

  private static Side firstSide(Expand expand) {
    return new Side(expand.from(), expand.relationship(), expand.direction(), expand.types());
  }

  /// The expansion as seen from the node that is not sought; null if it joins others.
  private static @Nullable Side side(Expand into, int sought) {
    if ((into.from() == sought) == (into.to() == sought)) {
      return null;
    }
    boolean leads = into.to() == sought;
    return new Side(
        leads ? into.from() : into.to(),
        into.relationship(),
        leads ? into.direction() : into.direction().reverse(),
        into.types());
  }

  /// Lets relationships differ in the step that finds the first of them, below some filters; null
  /// if there are none, or there is no such step.
  private static @Nullable LogicalPlan differ(List<Integer> slots, LogicalPlan below) {
    return switch (below) {
      case Filter filter when !slots.isEmpty() -> {
        LogicalPlan input = differ(slots, filter.input());
        yield input == null ? null : new Filter(input, filter.predicate());
      }
      case Intersect intersect when !slots.isEmpty() && isOfSide(intersect, slots.getFirst()) ->
          new Intersect(
              intersect.input(),
              intersect.to(),
              intersect.sides(),
              with(
                  intersect.different(),
                  slots.stream().skip(1).map(other -> new Different(slots.getFirst(), other))));
      default -> null;
    };
  }

  private static boolean isOfSide(Intersect intersect, int relationship) {
    return intersect.sides().stream().anyMatch(side -> side.relationship() == relationship);
  }

  /// The slots of single relationships of which the first must differ from all others; empty if a
  /// condition is anything else.
  private static List<Integer> differing(Bound predicate) {
    List<Integer> slots = new ArrayList<>();
    if (predicate.expression() instanceof Expression.Call call
        && Function.of(call.name()) == Function.DIFFER) {
      for (Expression argument : call.arguments()) {
        Scope.Binding binding = predicate.scope().find(((Expression.Variable) argument).name());
        if (binding == null || binding.kind() != Scope.Kind.RELATIONSHIP) {
          return List.of();
        }
        slots.add(binding.slot());
      }
    }
    return slots;
  }

  private static <T> List<T> with(List<T> first, Stream<T> more) {
    return Stream.concat(first.stream(), more).toList();
  }
}
