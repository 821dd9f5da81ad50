package dev.quarry.tck;

import dev.quarry.Quarry;
import dev.quarry.graph.Direction;
import dev.quarry.graph.NodeCursor;
import dev.quarry.graph.NodeValue;
import dev.quarry.graph.RelationshipCursor;
import dev.quarry.graph.RelationshipValue;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// All that a graph holds, to tell what a statement changed: entities by identity, labels in use,
/// properties as entity, key and value.
record GraphContents(
    Set<String> nodes, Set<String> relationships, Set<String> labels, Set<String> properties) {

  static GraphContents of(Quarry db) {
    GraphContents contents =
        new GraphContents(new HashSet<>(), new HashSet<>(), new HashSet<>(), new HashSet<>());
    db.read(
        transaction -> {
          try (NodeCursor cursor = transaction.nodes()) {
            while (cursor.next()) {
              NodeValue node = transaction.copy(cursor.node());
              contents.nodes.add(node.elementId());
              contents.labels.addAll(node.labels());
              contents.add(node.elementId(), node.properties());
              try (RelationshipCursor out =
                  transaction.relationships(cursor.node(), Direction.OUTGOING)) {
                while (out.next()) {
                  RelationshipValue relationship = transaction.copy(out.relationship());
                  contents.relationships.add(relationship.elementId());
                  contents.add(relationship.elementId(), relationship.properties());
                }
              }
            }
          }
          return null;
        });
    return contents;
  }

  private void add(String entity, Map<String, ?> values) {
    values.forEach(
        (key, value) -> properties.add(entity + " " + key + " " + TckText.actual(value, true)));
  }

  /// What came and went, as the TCK counts it.
  Map<String, Long> changesTo(GraphContents after) {
    Map<String, Long> changes = new TreeMap<>();
    count(changes, "nodes", nodes, after.nodes);
    count(changes, "relationships", relationships, after.relationships);
    count(changes, "labels", labels, after.labels);
    count(changes, "properties", properties, after.properties);
    return changes;
  }

  private static void count(
      Map<String, Long> changes, String what, Set<String> before, Set<String> after) {
    put(changes, "+" + what, after.stream().filter(element -> !before.contains(element)).count());
    put(changes, "-" + what, before.stream().filter(element -> !after.contains(element)).count());
  }

  private static void put(Map<String, Long> changes, String what, long count) {
    if (count != 0) {
      changes.put(what, count);
    }
  }
}
