package dev.quarry.query.plan;

import dev.quarry.graph.Direction;
import dev.quarry.query.plan.NamedPattern.Step;
import dev.quarry.query.syntax.Expression;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How many records the parts of one MATCH are expected to give.
final class PatternEstimates {
  private final PlanContext context;
  private final NamedPattern pattern;
  private final Map<String, List<Selectivity.Condition>> conditions = new HashMap<>();
  private final Map<String, @Nullable String> rarest = new HashMap<>();
  private final Set<End> reached = new HashSet<>();

  /// That a node has a relationship of a type and direction for sure.
  private record End(String node, String type, boolean outgoing) {}

  PatternEstimates(PlanContext context, NamedPattern pattern) {
    this.context = context;
    this.pattern = pattern;
  }

  /// Notes a condition, before any is taken for done.
  void note(Expression condition, Set<String> names) {
    for (String name : names) {
      conditions
          .computeIfAbsent(name, one -> new ArrayList<>())
          .add(new Selectivity.Condition(condition, names));
    }
  }

  /// Notes that a step was followed: from now on both its ends have such a relationship.
  void follow(Step step) {
    if (step.pattern().length() == null) {
      Direction direction = MatchPlanner.direction(step.pattern().arrow(), true);
      for (String type : MatchPlanner.types(step.pattern())) {
        if (direction != Direction.BOTH) {
          boolean out = direction == Direction.OUTGOING;
          reached.add(new End(step.left(), type, out));
          reached.add(new End(step.right(), type, !out));
        }
      }
    }
  }

  /// How many nodes one of the pattern may be.
  ///
  /// @param known names that are bound by then
  double nodes(String node, Set<String> known) {
    String label = rarestLabel(node);
    Statistics statistics = context.statistics();
    return (label == null ? statistics.nodes() : statistics.nodes(label)) * share(node, known);
  }

  /// How many rows come of one, if a relationship is followed.
  ///
  /// @param fromLeft from which end
  /// @param known names that are bound by then
  double fanOut(Step step, boolean fromLeft, Set<String> known) {
    String from = fromLeft ? step.left() : step.right();
    String to = fromLeft ? step.right() : step.left();
    Direction direction = MatchPlanner.direction(step.pattern().arrow(), fromLeft);
    double fan = 0;
    if (direction != Direction.INCOMING) {
      fan += degree(step, from, true, to);
    }
    if (direction != Direction.OUTGOING) {
      fan += degree(step, from, false, to);
    }
    return fan * share(to, known);
  }

  private double degree(Step step, String from, boolean outgoing, String to) {
    Statistics statistics = context.statistics();
    String label = rarestLabel(from);
    String other = rarestLabel(to);
    List<String> types = MatchPlanner.types(step.pattern());
    if (types.isEmpty()) {
      return statistics.degree(label, null, outgoing, other);
    }
    double degree = 0;
    for (String type : types) {
      double average = statistics.degree(label, type, outgoing, other);
      double ofReached =
          reached.contains(new End(from, type, outgoing))
              ? statistics.degreeOfReached(label, type, outgoing)
              : 0;
      degree += ofReached == 0 ? average : average * again(ofReached, label, type, outgoing);
    }
    return degree;
  }

  /// How many more relationships, beside the one it was reached by, a node has for each that a node
  /// has on average.
  private double again(double ofReached, @Nullable String label, String type, boolean outgoing) {
    double average = context.statistics().degree(label, type, outgoing, null);
    return average == 0 ? 1 : (ofReached - 1) / average;
  }

  /// The share of the nodes with its label that fulfils what the pattern says of a node.
  private double share(String node, Set<String> known) {
    List<Selectivity.Condition> about = conditions.getOrDefault(node, List.of());
    return about.isEmpty()
        ? 1
        : new Selectivity(context, false, rarestLabel(node), node).of(about, known);
  }

  /// The label of a node that the fewest nodes have; null if it has none.
  @Nullable String rarestLabel(String node) {
    if (!rarest.containsKey(node)) {
      rarest.put(node, findRarest(node));
    }
    return rarest.get(node);
  }

  private @Nullable String findRarest(String node) {
    String found = null;
    for (String label : pattern.labels(node)) {
      if (found == null || context.statistics().nodes(label) < context.statistics().nodes(found)) {
        found = label;
      }
    }
    return found;
  }
}
