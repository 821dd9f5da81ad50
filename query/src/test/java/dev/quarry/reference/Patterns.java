package dev.quarry.reference;

import dev.quarry.error.ErrorCode;
import dev.quarry.query.syntax.Expression;
import dev.quarry.query.syntax.PatternPart;
import dev.quarry.query.syntax.PatternPart.Arrow;
import dev.quarry.query.syntax.PatternPart.NodePattern;
import dev.quarry.query.syntax.PatternPart.RelationshipPattern;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds the matches of patterns by trying everything.
final class Patterns {
  private static final long MOST_TRIES = 400_000;

  private final ReferenceGraph graph;
  private final Expressions expressions;
  private long tries;

  Patterns(ReferenceGraph graph, Expressions expressions) {
    this.graph = graph;
    this.expressions = expressions;
  }

  /// The row with all names of the pattern, once for each match. All relationships of the parts
  /// differ (rule S19).
  List<Map<String, @Nullable Object>> match(
      List<PatternPart> parts, Map<String, @Nullable Object> row) {
    Search search = new Search(parts, row);
    search.part(0);
    return search.found;
  }

  /// The names that a pattern binds.
  static Set<String> names(List<PatternPart> parts) {
    Set<String> names = new LinkedHashSet<>();
    for (PatternPart part : parts) {
      names.add(part.path());
      part.nodes().forEach(node -> names.add(node.variable()));
      part.relationships().forEach(relationship -> names.add(relationship.variable()));
    }
    names.remove(null);
    return names;
  }

  /// Where a relationship leads from a node; null if it does not point that way.
  static @Nullable ReferenceNode across(
      ReferenceRelationship relationship, ReferenceNode from, Arrow arrow) {
    ReferenceNode to =
        switch (arrow) {
          case RIGHT -> relationship.start() == from ? relationship.end() : null;
          case LEFT -> relationship.end() == from ? relationship.start() : null;
          case BOTH -> relationship.start() == from ? relationship.end() : relationship.start();
        };
    return to == null || to.isDeleted() ? null : to;
  }

  /// Refuses a statement that would try for too long.
  private void countTry() {
    if (++tries > MOST_TRIES) {
      throw Failure.of(ErrorCode.LIMIT_EXCEEDED, "more than " + MOST_TRIES + " tries");
    }
  }

  /// One search: a depth-first walk that binds, goes on and takes back.
  private final class Search {
    private final List<PatternPart> parts;
    private final Map<String, @Nullable Object> bound;
    private final Set<ReferenceRelationship> used = new LinkedHashSet<>();
    private final List<Condition> conditions = new ArrayList<>();
    private final List<Map<String, @Nullable Object>> found = new ArrayList<>();

    Search(List<PatternPart> parts, Map<String, @Nullable Object> row) {
      this.parts = parts;
      this.bound = new LinkedHashMap<>(row);
    }

    void part(int at) {
      if (at == parts.size()) {
        finish();
        return;
      }
      PatternPart part = parts.get(at);
      if (part.shortest() != null) {
        throw Failure.notSupported(part.shortest());
      }
      for (ReferenceNode node : graph.nodes()) {
        countTry();
        Trail trail = new Trail(part, node);
        node(part.nodes().getFirst(), node, () -> step(trail, 0, () -> part(at + 1)));
      }
    }

    /// Goes on if the node is one that the pattern means.
    private void node(NodePattern pattern, ReferenceNode node, Runnable next) {
      if (Expressions.matches(pattern.labels(), node.labels())) {
        Condition condition = new Condition(node, pattern.properties(), pattern.where());
        bind(pattern.variable(), node, () -> under(condition, next));
      }
    }

    /// Follows the relationships of a part from number `at` on.
    private void step(Trail trail, int at, Runnable next) {
      PatternPart part = trail.part;
      if (at == part.relationships().size()) {
        bind(part.path(), trail.path(), next);
        return;
      }
      RelationshipPattern pattern = part.relationships().get(at);
      Runnable arrive =
          () ->
              node(
                  part.nodes().get(at + 1), trail.nodes.getLast(), () -> step(trail, at + 1, next));
      if (pattern.length() == null) {
        follow(
            trail, pattern, () -> bind(pattern.variable(), trail.relationships.getLast(), arrive));
      } else {
        walk(trail, pattern, trail.relationships.size(), arrive);
      }
    }

    /// A variable length, depth-first (rule S20): arrives here, or takes one more relationship.
    private void walk(Trail trail, RelationshipPattern pattern, int begin, Runnable arrive) {
      PatternPart.Length length = java.util.Objects.requireNonNull(pattern.length());
      List<ReferenceRelationship> taken =
          List.copyOf(trail.relationships.subList(begin, trail.relationships.size()));
      if (taken.size() >= length.least() && (length.most() < 0 || taken.size() <= length.most())) {
        bind(pattern.variable(), taken, arrive);
      }
      if (length.most() < 0 || taken.size() < length.most()) {
        follow(trail, pattern, () -> walk(trail, pattern, begin, arrive));
      }
    }

    /// Takes each relationship that leads on from the end of the trail, once.
    private void follow(Trail trail, RelationshipPattern pattern, Runnable next) {
      ReferenceNode from = trail.nodes.getLast();
      for (ReferenceRelationship relationship : graph.relationships(from)) {
        countTry();
        ReferenceNode to = across(relationship, from, pattern.arrow());
        if (to == null
            || used.contains(relationship)
            || !Expressions.matches(pattern.types(), List.of(relationship.type()))) {
          continue;
        }
        used.add(relationship);
        trail.add(relationship, to);
        under(new Condition(relationship, pattern.properties(), pattern.where()), next);
        trail.removeLast();
        used.remove(relationship);
      }
    }

    /// Binds a name; one that is bound already must stand for the same, and null is nothing.
    private void bind(@Nullable String name, Object value, Runnable next) {
      if (name == null) {
        next.run();
      } else if (bound.containsKey(name)) {
        if (value.equals(bound.get(name))) {
          next.run();
        }
      } else {
        bound.put(name, value);
        next.run();
        bound.remove(name);
      }
    }

    private void under(Condition condition, Runnable next) {
      conditions.add(condition);
      next.run();
      conditions.removeLast();
    }

    /// Conditions are tested when all is bound: they may name anything in the pattern.
    private void finish() {
      Environment environment = Environment.of(bound);
      if (conditions.stream().allMatch(condition -> holds(condition, environment))) {
        found.add(new LinkedHashMap<>(bound));
      }
    }
  }

  /// What an entity of a match must be like.
  private record Condition(
      ReferenceEntity entity, @Nullable Expression properties, @Nullable Expression where) {}

  private boolean holds(Condition condition, Environment environment) {
    Object wanted = expressions.value(condition.properties(), environment);
    if (wanted instanceof Map<?, ?> map) {
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        Object value = condition.entity().properties().get(entry.getKey());
        if (!Boolean.TRUE.equals(Values.equal(value, entry.getValue()))) {
          return false;
        }
      }
    }
    return expressions.holds(condition.where(), environment);
  }

  /// The way through a part so far.
  private static final class Trail {
    private final PatternPart part;
    private final List<ReferenceNode> nodes = new ArrayList<>();
    private final List<ReferenceRelationship> relationships = new ArrayList<>();

    Trail(PatternPart part, ReferenceNode start) {
      this.part = part;
      nodes.add(start);
    }

    void add(ReferenceRelationship relationship, ReferenceNode to) {
      relationships.add(relationship);
      nodes.add(to);
    }

    void removeLast() {
      relationships.removeLast();
      nodes.removeLast();
    }

    ReferencePath path() {
      return new ReferencePath(nodes, relationships);
    }
  }
}
