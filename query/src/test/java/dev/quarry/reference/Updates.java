package dev.quarry.reference;

import dev.quarry.error.ErrorCode;
import dev.quarry.query.syntax.Clause;
import dev.quarry.query.syntax.Expression;
import dev.quarry.query.syntax.LabelExpression;
import dev.quarry.query.syntax.PatternPart;
import dev.quarry.query.syntax.PatternPart.NodePattern;
import dev.quarry.query.syntax.PatternPart.RelationshipPattern;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// CREATE, MERGE and DELETE. SET and REMOVE are in [Settings].
final class Updates {
  private final ReferenceGraph graph;
  private final Expressions expressions;
  private final Patterns patterns;
  private final Settings settings;

  Updates(ReferenceGraph graph, Expressions expressions, Patterns patterns) {
    this.graph = graph;
    this.expressions = expressions;
    this.patterns = patterns;
    this.settings = new Settings(expressions);
  }

  Settings settings() {
    return settings;
  }

  /// Rule S1: the graph gets what was created when all of it is made, so that no property sees it
  /// but by a name of its own row.
  Table create(Clause.Create clause, Table table) {
    List<ReferenceEntity> created = new ArrayList<>();
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (var row : table.rows()) {
      Map<String, @Nullable Object> more = new LinkedHashMap<>(row);
      clause.pattern().forEach(part -> create(part, more, created));
      rows.add(more);
    }
    created.forEach(graph::add);
    return new Table(table.namesWith(Patterns.names(clause.pattern())), rows);
  }

  /// Rule S3: row by row, each sees what those before it created or set.
  Table merge(Clause.Merge clause, Table table) {
    List<PatternPart> pattern = List.of(clause.pattern());
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (var row : table.rows()) {
      requireNoNull(clause.pattern(), row);
      List<Map<String, @Nullable Object>> found = patterns.match(pattern, row);
      boolean creates = found.isEmpty();
      if (creates) {
        Map<String, @Nullable Object> more = new LinkedHashMap<>(row);
        List<ReferenceEntity> created = new ArrayList<>();
        create(clause.pattern(), more, created);
        created.forEach(graph::add);
        found.add(more);
      }
      for (var match : found) {
        settings.apply(creates ? clause.onCreate() : clause.onMatch(), match);
      }
      rows.addAll(found);
    }
    return new Table(table.namesWith(Patterns.names(pattern)), rows);
  }

  private void requireNoNull(PatternPart part, Map<String, @Nullable Object> row) {
    List<@Nullable Expression> all = new ArrayList<>();
    part.nodes().forEach(node -> all.add(node.properties()));
    part.relationships().forEach(relationship -> all.add(relationship.properties()));
    for (Expression properties : all) {
      Object map = expressions.value(properties, Environment.of(row));
      if (map instanceof Map<?, ?> values && values.containsValue(null)) {
        throw Failure.of(ErrorCode.MERGE_READ_OWN_WRITES, "MERGE of a null property: " + map);
      }
    }
  }

  // Creating.

  private void create(
      PatternPart part, Map<String, @Nullable Object> row, List<ReferenceEntity> created) {
    List<ReferenceNode> nodes = new ArrayList<>();
    for (NodePattern node : part.nodes()) {
      nodes.add(node(node, row, created));
    }
    List<ReferenceRelationship> relationships = new ArrayList<>();
    for (int i = 0; i < part.relationships().size(); i++) {
      RelationshipPattern pattern = part.relationships().get(i);
      boolean left = pattern.arrow() == PatternPart.Arrow.LEFT;
      ReferenceRelationship relationship =
          graph.newRelationship(
              nodes.get(left ? i + 1 : i),
              names(pattern.types()).getFirst(),
              nodes.get(left ? i : i + 1),
              properties(pattern.properties(), row));
      created.add(relationship);
      relationships.add(relationship);
      put(row, pattern.variable(), relationship);
    }
    put(row, part.path(), new ReferencePath(nodes, relationships));
  }

  /// A node of the row, or a new one.
  private ReferenceNode node(
      NodePattern pattern, Map<String, @Nullable Object> row, List<ReferenceEntity> created) {
    if (pattern.variable() != null && row.containsKey(pattern.variable())) {
      if (row.get(pattern.variable()) instanceof ReferenceNode node) {
        Operators.requireContents(node);
        return node;
      }
      throw Failure.type("a relationship is created between nodes", row.get(pattern.variable()));
    }
    ReferenceNode node =
        graph.newNode(names(pattern.labels()), properties(pattern.properties(), row));
    created.add(node);
    put(row, pattern.variable(), node);
    return node;
  }

  private Map<String, Object> properties(
      @Nullable Expression expression, Map<String, @Nullable Object> row) {
    Object value = expressions.value(expression, Environment.of(row));
    Map<String, Object> properties = new TreeMap<>();
    if (value != null) {
      Operators.contents(value).forEach((key, one) -> Settings.put(properties, key, one));
    }
    return properties;
  }

  private static void put(Map<String, @Nullable Object> row, @Nullable String name, Object value) {
    if (name != null) {
      row.put(name, value);
    }
  }

  private static List<String> names(@Nullable LabelExpression labels) {
    return switch (labels) {
      case null -> List.of();
      case LabelExpression.Name name -> List.of(name.name());
      case LabelExpression.And and ->
          and.terms().stream().flatMap(term -> names(term).stream()).toList();
      default -> throw Failure.of(ErrorCode.INVALID_SYNTAX, "not to be created: " + labels);
    };
  }

  // Deleting.

  /// Rule S1: what is to be deleted is computed for all rows, then deleted.
  void delete(Clause.Delete clause, Table table) {
    List<@Nullable Object> targets = new ArrayList<>();
    for (var row : table.rows()) {
      targets.addAll(expressions.values(clause.targets(), Environment.of(row)));
    }
    targets.forEach(target -> delete(target, clause.detach()));
  }

  private void delete(@Nullable Object target, boolean detach) {
    switch (target) {
      case null -> {}
      case ReferenceRelationship relationship -> graph.delete(relationship);
      case ReferenceNode node -> {
        if (detach) {
          graph.relationships(node).forEach(graph::delete);
        }
        graph.delete(node);
      }
      case ReferencePath path -> {
        path.relationships().forEach(graph::delete);
        path.nodes().forEach(node -> delete(node, detach));
      }
      default -> throw Failure.type("only nodes, relationships and paths are deleted", target);
    }
  }

  /// Rule S6: whether relationships lost their node is looked at when the statement ends.
  void requireNoneDangling() {
    for (ReferenceRelationship relationship : graph.relationships()) {
      if (relationship.start().isDeleted() || relationship.end().isDeleted()) {
        throw Failure.of(
            ErrorCode.DELETE_CONNECTED_NODE, relationship + " is left without its node");
      }
    }
  }
}
