package dev.quarry.query.plan;

import dev.quarry.query.plan.NamedPattern.Step;
import dev.quarry.query.syntax.Expression;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What indexes may find of a pattern, by the conditions that are not tested yet.
///
/// Asked for names that are only taken for bound, of what is found only the estimate means
/// something.
final class Lookups {
  private final PlanContext context;
  private final NamedPattern pattern;
  private final Supplier<List<Expression>> conditions;
  private final Supplier<Scope> all;

  /// @param conditions those that are left
  /// @param all gives the scope with all that will be bound
  Lookups(
      PlanContext context,
      NamedPattern pattern,
      Supplier<List<Expression>> conditions,
      Supplier<Scope> all) {
    this.context = context;
    this.pattern = pattern;
    this.conditions = conditions;
    this.all = all;
  }

  /// Whether there is an index over a label of a node.
  boolean isIndexed(String node) {
    return pattern.labels(node).stream()
        .anyMatch(label -> !context.statistics().indexes(false, label).isEmpty());
  }

  /// The best look-up of a node; null if there is none.
  ///
  /// @param scope what is bound
  /// @param known the names of it, and others that are taken for bound
  /// @param slot where the node will be
  SeekPlanner.@Nullable Choice ofNode(String node, Scope scope, Predicate<String> known, int slot) {
    return isIndexed(node)
        ? planner(node, false, scope, known).best(pattern.labels(node), slot)
        : null;
  }

  /// The best look-up of a relationship; null if there is none.
  SeekPlanner.@Nullable Choice ofRelationship(
      Step step, Scope scope, Predicate<String> known, int slot) {
    List<String> types =
        step.pattern().length() == null ? MatchPlanner.types(step.pattern()) : List.of();
    boolean indexed =
        types.size() == 1 && !context.statistics().indexes(true, types.getFirst()).isEmpty();
    return indexed ? planner(step.name(), true, scope, known).best(types, slot) : null;
  }

  private SeekPlanner planner(
      String name, boolean ofRelationships, Scope scope, Predicate<String> known) {
    return new SeekPlanner(
        context, name, ofRelationships, conditions.get(), scope, known, all.get());
  }
}
