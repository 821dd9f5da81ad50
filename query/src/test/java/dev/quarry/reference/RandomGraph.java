package dev.quarry.reference;

import dev.quarry.WriteTransaction;
import dev.quarry.graph.Node;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Small graphs from a seed: self-loops and parallels, nodes of no label and of several, a property
/// `k` of any plain kind, a number `v`, a list `l`, and a `uid` that no other entity has.
final class RandomGraph {
  private static final Object[] PLAIN = {0L, 1L, 2L, 1L, 2L, 1.0, 2.0, 2.5, "a", "ab", "b", true};
  private static final Object[] NUMBERS = {0L, 1L, 2L, 3L, -1L, 1.0, 0.5};

  private final Random random;
  private final ReferenceGraph graph = new ReferenceGraph();

  private RandomGraph(Random random) {
    this.random = random;
  }

  static ReferenceGraph make(Random random) {
    return new RandomGraph(random).make();
  }

  private ReferenceGraph make() {
    boolean large = random.nextInt(4) == 0;
    int most = large ? 12 : 5;
    int nodeCount = random.nextInt(12) == 0 ? 0 : 1 + random.nextInt(most);
    List<ReferenceNode> nodes = new ArrayList<>();
    for (int i = 0; i < nodeCount; i++) {
      TreeSet<String> labels = new TreeSet<>();
      for (String label : List.of("A", "B", "C")) {
        if (random.nextInt(5) < 2) {
          labels.add(label);
        }
      }
      nodes.add(graph.createNode(labels, properties(i)));
    }
    boolean bare = nodeCount == 0 || random.nextInt(10) == 0;
    int count = bare ? 0 : large ? 6 + random.nextInt(20) : 3 + random.nextInt(10);
    for (int i = 0; i < count; i++) {
      ReferenceNode start = nodes.get(random.nextInt(nodeCount));
      ReferenceNode end = random.nextInt(6) == 0 ? start : nodes.get(random.nextInt(nodeCount));
      String type = random.nextInt(3) == 0 ? "U" : "T";
      graph.createRelationship(start, type, end, properties(100 + i));
    }
    return graph;
  }

  private Map<String, Object> properties(long uid) {
    Map<String, Object> properties = new TreeMap<>();
    properties.put("uid", uid);
    if (random.nextInt(4) > 0) {
      properties.put("k", PLAIN[random.nextInt(PLAIN.length)]);
    }
    if (random.nextInt(3) > 0) {
      properties.put("v", NUMBERS[random.nextInt(NUMBERS.length)]);
    }
    if (random.nextInt(5) == 0) {
      properties.put("l", random.nextBoolean() ? List.of() : List.of(1L, 2L));
    }
    return properties;
  }

  /// Puts the same into a store.
  static void load(ReferenceGraph graph, WriteTransaction transaction) {
    Map<ReferenceNode, Node> nodes = new HashMap<>();
    for (ReferenceNode node : graph.nodes()) {
      nodes.put(node, transaction.createNode(node.labels(), node.properties()));
    }
    for (ReferenceRelationship relationship : graph.relationships()) {
      transaction.createRelationship(
          nodes.get(relationship.start()),
          relationship.type(),
          nodes.get(relationship.end()),
          relationship.properties());
    }
  }

  /// The statement that creates the graph; it returns nothing where the graph is empty.
  static String statement(ReferenceGraph graph) {
    List<String> parts = new ArrayList<>();
    for (ReferenceNode node : graph.nodes()) {
      String labels = node.labels().stream().map(l -> ":" + l).collect(Collectors.joining());
      parts.add("(n" + node.id() + labels + " " + literal(node.properties()) + ")");
    }
    for (ReferenceRelationship relationship : graph.relationships()) {
      parts.add(
          "(n%d)-[:%s %s]->(n%d)"
              .formatted(
                  relationship.start().id(),
                  relationship.type(),
                  literal(relationship.properties()),
                  relationship.end().id()));
    }
    return parts.isEmpty() ? "RETURN 'nothing'" : "CREATE " + String.join(", ", parts);
  }

  private static String literal(Object value) {
    return switch (value) {
      case String text -> "'" + text + "'";
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(entry -> entry.getKey() + ": " + literal(entry.getValue()))
              .collect(Collectors.joining(", ", "{", "}"));
      default -> value.toString();
    };
  }
}
