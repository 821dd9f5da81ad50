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
  private final Map<Average, Double> averages = new HashMap<>();

  /// Of which relationships an average was asked for.
  private record Average(
      @Nullable String label, @Nullable String type, boolean outgoing, @Nullable String other) {}

  /// What of the pattern is matched already.
  interface Matched {
    /// Whether a name is bound.
    boolean binds(String name);

    /// Whether a relationship was followed: both its ends have such a one for sure.
    boolean follows(Step step);
  }

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

  /// How many nodes one of the pattern may be.
  double nodes(String node, Matched matched) {
    return labelled(node) * share(node, matched);
  }

  /// How many nodes have the rarest label of one.
  double labelled(String node) {
    String label = rarestLabel(node);
    Statistics statistics = context.statistics();
    return label == null ? statistics.nodes() : statistics.nodes(label);
  }

  /// How many rows come of one, if a relationship is followed.
  ///
  /// @param fromLeft from which end
  double fanOut(Step step, boolean fromLeft, Matched matched) {
    String to = fromLeft ? step.right() : step.left();
    return degree(step, fromLeft, matched) * share(to, matched);
  }

  /// How many relationships are touched for each row, if one is followed.
  ///
  /// @param fromLeft from which end
  double degree(Step step, boolean fromLeft, Matched matched) {
    Direction direction = MatchPlanner.direction(step.pattern().arrow(), fromLeft);
    double degree = 0;
    if (direction != Direction.INCOMING) {
      degree += degree(step, fromLeft, true, matched);
    }
    if (direction != Direction.OUTGOING) {
      degree += degree(step, fromLeft, false, matched);
    }
    return degree;
  }

  private double degree(Step step, boolean fromLeft, boolean outgoing, Matched matched) {
    String from = fromLeft ? step.left() : step.right();
    String label = rarestLabel(from);
    String other = rarestLabel(fromLeft ? step.right() : step.left());
    List<String> types = MatchPlanner.types(step.pattern());
    if (types.isEmpty()) {
      return average(label, null, outgoing, other);
    }
    Set<String> reached = reached(from, outgoing, matched);
    double degree = 0;
    for (String type : types) {
      double average = average(label, type, outgoing, other);
      double ofReached =
          reached.contains(type) ? context.statistics().degreeOfReached(label, type, outgoing) : 0;
      degree += ofReached == 0 ? average : average * again(ofReached, label, type, outgoing);
    }
    return degree;
  }

  /// The types of which a node has a relationship in a direction for sure, as it was found over
  /// one.
  private Set<String> reached(String node, boolean outgoing, Matched matched) {
    Set<String> types = new HashSet<>();
    for (Step step : pattern.steps()) {
      Direction direction = MatchPlanner.direction(step.pattern().arrow(), true);
      String end = (direction == Direction.OUTGOING) == outgoing ? step.left() : step.right();
      boolean fits =
          direction != Direction.BOTH && end.equals(node) && step.pattern().length() == null;
      if (fits && matched.follows(step)) {
        types.addAll(MatchPlanner.types(step.pattern()));
      }
    }
    return types;
  }

  /// How many more relationships, beside the one it was reached by, a node has for each that a node
  /// has on average.
  private double again(double ofReached, @Nullable String label, String type, boolean outgoing) {
    double average = average(label, type, outgoing, null);
    return average == 0 ? 1 : (ofReached - 1) / average;
  }

  private double average(
      @Nullable String label, @Nullable String type, boolean outgoing, @Nullable String other) {
    return averages.computeIfAbsent(
        new Average(label, type, outgoing, other),
        key -> context.statistics().degree(label, type, outgoing, other));
  }

  /// The share of the nodes with its label that fulfils what the pattern says of a node.
  double share(String node, Matched matched) {
    List<Selectivity.Condition> about = conditions.getOrDefault(node, List.of());
    return about.isEmpty()
        ? 1
        : new Selectivity(context, false, rarestLabel(node), node).of(about, matched::binds);
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
