package dev.quarry.query.plan;

import dev.quarry.error.Span;
import dev.quarry.graph.Direction;
import dev.quarry.query.syntax.Expression;
import dev.quarry.query.syntax.LabelExpression;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An expansion whose relationship and other end nobody above asks for, but for a label of that
/// end, that it is not another node of the row, that it is joined with one or is not, and that the
/// relationship differs from others: so its rows need only be counted.
///
/// @param label of the other end, null for any
/// @param except relationships that it must differ from, by their ends
/// @param exceptNodes slots of the nodes that the other end must not be
/// @param joined whether the other end must be joined with another node, or must not; null if
///   neither
/// @param filters the conditions above it that are about something else
record LeafExpand(
    LogicalPlan.Expand expand,
    @Nullable String label,
    List<LogicalPlan.Ends> except,
    List<Integer> exceptNodes,
    LogicalPlan.@Nullable JoinedWith joined,
    List<Bound> filters) {

  /// The expansion as a leaf; null if it is none.
  ///
  /// @param filters what stands directly above it, the uppermost first
  /// @param needed slots that are asked for above those
  static @Nullable LeafExpand of(LogicalPlan.Expand expand, List<Bound> filters, BitSet needed) {
    if (needed.get(expand.to()) || needed.get(expand.relationship())) {
      return null;
    }
    String label = null;
    List<LogicalPlan.Ends> except = new ArrayList<>();
    List<Integer> exceptNodes = new ArrayList<>();
    List<Bound> others = new ArrayList<>();
    for (Bound filter : filters) {
      BitSet reads = new BitSet();
      Reads.add(filter, reads);
      String labelOfEnd = label(filter, expand.to());
      if (labelOfEnd != null && (label == null || label.equals(labelOfEnd))) {
        label = labelOfEnd;
      } else if (reads.get(expand.relationship())) {
        List<LogicalPlan.Ends> more = differing(filter, expand);
        if (more == null) {
          return null;
        }
        except.addAll(more);
      } else if (reads.get(expand.to())) {
        int other = unequal(filter, expand.to());
        if (other < 0) {
          return null;
        }
        exceptNodes.add(other);
      } else {
        others.add(filter);
      }
    }
    return new LeafExpand(expand, label, except, exceptNodes, null, others);
  }

  /// The expansion below a test whether its end is joined with another node, as a leaf; null if it
  /// is none, or more is made of the answer than one condition.
  ///
  /// @param above what stands directly above the test, the uppermost first
  /// @param below what stands between it and the expansion
  /// @param needed slots that are asked for above those
  static @Nullable LeafExpand of(
      LogicalPlan.Expand expand,
      LogicalPlan.AreJoined test,
      List<Bound> above,
      List<Bound> below,
      BitSet needed) {
    boolean isFrom = test.from() == expand.to();
    boolean isTo = test.to() == expand.to();
    List<Bound> others = new ArrayList<>(above);
    Boolean negated = takeAnswer(others, test.slot());
    BitSet reads = (BitSet) needed.clone();
    others.forEach(one -> Reads.add(one, reads));
    if (isFrom == isTo || negated == null || reads.get(test.slot())) {
      return null;
    }
    others.addAll(below);
    LeafExpand leaf = of(expand, others, needed);
    if (leaf == null) {
      return null;
    }
    Direction direction = isTo ? test.direction() : test.direction().reverse();
    LogicalPlan.JoinedWith joined =
        new LogicalPlan.JoinedWith(
            isTo ? test.from() : test.to(), direction, test.types(), negated);
    return new LeafExpand(
        expand, leaf.label(), leaf.except(), leaf.exceptNodes(), joined, leaf.filters());
  }

  /// Takes the condition that a truth in a slot holds, or that it does not, out of some conditions.
  ///
  /// @return whether it is that it does not; null if there is none
  private static @Nullable Boolean takeAnswer(List<Bound> conditions, int slot) {
    for (Bound condition : conditions) {
      Expression asked = condition.expression();
      boolean negated = asked instanceof Expression.Not;
      Expression answer = asked instanceof Expression.Not not ? not.operand() : asked;
      if (slot(answer, condition.scope()) == slot) {
        conditions.remove(condition);
        return negated;
      }
    }
    return null;
  }

  /// The condition that the nodes of a scan with a label fulfil.
  static Bound hasLabel(LogicalPlan.ScanNodes scan) {
    Span nowhere = new Span(1, 1, 0, 0);
    String name = PlanContext.hidden(scan.slot());
    LabelExpression label = new LabelExpression.Name(Objects.requireNonNull(scan.label()));
    Expression.Variable node = new Expression.Variable(nowhere, name);
    Scope scope = Scope.EMPTY.with(name, scan.slot(), Scope.Kind.NODE);
    return new Bound(new Expression.HasLabels(nowhere, node, label), scope);
  }

  /// The label that a condition asks of a node, if that is all it asks.
  static @Nullable String label(Bound condition, int slot) {
    return condition.expression() instanceof Expression.HasLabels has
            && has.labels() instanceof LabelExpression.Name name
            && slot(has.of(), condition.scope()) == slot
        ? name.name()
        : null;
  }

  /// Takes the label of a node out of some conditions, if they ask it for nothing else; null if
  /// they do, or ask for nothing.
  static @Nullable String takeOnlyLabel(List<Bound> conditions, int slot) {
    String label = null;
    List<Bound> others = new ArrayList<>();
    for (Bound condition : conditions) {
      String found = label(condition, slot);
      BitSet reads = new BitSet();
      Reads.add(condition, reads);
      if (found != null && (label == null || label.equals(found))) {
        label = found;
      } else if (reads.get(slot)) {
        return null;
      } else {
        others.add(condition);
      }
    }
    if (label != null) {
      conditions.clear();
      conditions.addAll(others);
    }
    return label;
  }

  /// The slot of the node that a node must not be, if that is all that a condition asks; else -1.
  private static int unequal(Bound condition, int slot) {
    if (condition.expression() instanceof Expression.Comparison comparison
        && comparison.operators().equals(List.of(Expression.Comparison.Operator.NOT_EQUAL))) {
      int left = node(comparison.terms().getFirst(), condition.scope());
      int right = node(comparison.terms().getLast(), condition.scope());
      return left == slot && right != slot ? right : right == slot && left != slot ? left : -1;
    }
    return -1;
  }

  private static int node(Expression expression, Scope scope) {
    Scope.Binding binding =
        expression instanceof Expression.Variable variable ? scope.find(variable.name()) : null;
    return binding != null && binding.kind() == Scope.Kind.NODE ? binding.slot() : -1;
  }

  /// The ends of what the relationship of an expansion must differ from, if that is all that a
  /// condition asks, and the ends tell whether two are the same; else null.
  static @Nullable List<LogicalPlan.Ends> differing(Bound condition, LogicalPlan.Expand expand) {
    if (!(condition.expression() instanceof Expression.Call call)
        || Function.of(call.name()) != Function.DIFFER
        || slot(call.arguments().getFirst(), condition.scope()) != expand.relationship()) {
      return null;
    }
    List<LogicalPlan.Ends> ends = new ArrayList<>();
    for (Expression other : call.arguments().subList(1, call.arguments().size())) {
      LogicalPlan.Expand bound = binding(expand.input(), slot(other, condition.scope()));
      if (bound == null || !isCovered(bound, expand.direction(), expand.types())) {
        return null;
      }
      ends.add(ends(bound));
    }
    return ends;
  }

  /// The ends of the relationship that an expansion binds; in any order if it may have both.
  static LogicalPlan.Ends ends(LogicalPlan.Expand bound) {
    return bound.direction() == Direction.INCOMING
        ? new LogicalPlan.Ends(bound.to(), bound.from())
        : new LogicalPlan.Ends(bound.from(), bound.to());
  }

  /// Whether each relationship of one expansion is one of another, if it has such ends: no type is
  /// missing, and its direction is known where it matters.
  static boolean isCovered(LogicalPlan.Expand bound, Direction direction, List<String> types) {
    boolean all = types.isEmpty() || !bound.types().isEmpty() && types.containsAll(bound.types());
    return all && (bound.direction() != Direction.BOTH || direction == Direction.BOTH);
  }

  /// The expansion that binds a relationship, null if something else does.
  static LogicalPlan.@Nullable Expand binding(@Nullable LogicalPlan plan, int slot) {
    for (LogicalPlan at = plan; at != null; at = at.input()) {
      if (at instanceof LogicalPlan.Expand expand && expand.relationship() == slot) {
        return expand;
      }
    }
    return null;
  }

  private static int slot(Expression expression, Scope scope) {
    return expression instanceof Expression.Variable variable ? scope.slot(variable.name()) : -1;
  }
}
