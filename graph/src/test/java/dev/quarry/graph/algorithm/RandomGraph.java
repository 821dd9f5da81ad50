package dev.quarry.graph.algorithm;

import dev.quarry.graph.Direction;
import dev.quarry.graph.Handles;
import dev.quarry.graph.Node;
import dev.quarry.graph.Relationship;
import dev.quarry.graph.RelationshipCursor;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.graph.transaction.GraphTransaction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A random graph in a store, and what is known about it outside.
final class RandomGraph {
  private static final List<String> LABELS = List.of("A", "B", "C");
  private static final List<String> TYPES = List.of("R", "S", "T");

  private static final class ModelNode {
    final Node handle;
    final Set<String> labels;
    final boolean inRegion;

    ModelNode(Node handle, Set<String> labels, boolean inRegion) {
      this.handle = handle;
      this.labels = new TreeSet<>(labels);
      this.inRegion = inRegion;
    }
  }

  private record ModelEdge(ModelNode from, String type, ModelNode to, @Nullable Double weight) {}

  private final List<ModelNode> nodes = new ArrayList<>();
  private final List<ModelEdge> edges = new ArrayList<>();

  private RandomGraph() {}

  /// Fills an empty store, in a few commits.
  static RandomGraph make(GraphStore store, Random random) {
    RandomGraph graph = new RandomGraph();
    int commits = random.nextInt(8) == 0 ? 0 : 1 + random.nextInt(4);
    int most = 1 << random.nextInt(10);
    try (GraphTransaction tx = store.beginWrite()) {
      tx.createRegion("dropped");
      // names that options may ask for, also where nobody has them at the end
      Node all = tx.createNode(Set.copyOf(LABELS), Map.of());
      TYPES.forEach(type -> tx.delete(tx.createRelationship(all, type, all, Map.of())));
      tx.delete(all);
      tx.commit();
    }
    for (int i = 0; i < commits; i++) {
      try (GraphTransaction tx = store.beginWrite()) {
        graph.grow(tx, random, most);
        graph.shrink(tx, random);
        tx.commit();
      }
    }
    if (random.nextBoolean()) {
      try (GraphTransaction tx = store.beginWrite()) {
        tx.dropRegion("dropped");
        graph.forget(node -> node.inRegion);
        tx.commit();
      }
    }
    return graph;
  }

  private void grow(GraphTransaction tx, Random random, int most) {
    int labelled = random.nextInt(3);
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      Set<String> labels = new HashSet<>();
      for (String label : LABELS) {
        if (random.nextInt(3) < labelled) {
          labels.add(label);
        }
      }
      boolean inRegion = random.nextInt(20) == 0;
      Node node =
          inRegion ? tx.createNode("dropped", labels, Map.of()) : tx.createNode(labels, Map.of());
      nodes.add(new ModelNode(node, labels, inRegion));
    }
    if (nodes.isEmpty()) {
      return;
    }
    int weighted = random.nextInt(3);
    int hub = random.nextInt(nodes.size());
    for (int i = random.nextInt(3 * most + 1); i > 0; i--) {
      ModelNode from = nodes.get(random.nextInt(4) == 0 ? hub : random.nextInt(nodes.size()));
      ModelNode to = random.nextInt(12) == 0 ? from : nodes.get(random.nextInt(nodes.size()));
      String type = TYPES.get(random.nextInt(TYPES.size()));
      for (int copies = random.nextInt(8) == 0 ? 3 : 1; copies > 0; copies--) {
        boolean whole = random.nextInt(4) == 0;
        Double weight = random.nextInt(2) >= weighted ? null : (double) random.nextInt(10);
        Object given = weight != null && whole ? (Object) weight.longValue() : weight;
        tx.createRelationship(
            from.handle, type, to.handle, given == null ? Map.of() : Map.of("w", given));
        edges.add(new ModelEdge(from, type, to, weight));
      }
    }
  }

  private void shrink(GraphTransaction tx, Random random) {
    for (ModelNode node : List.copyOf(nodes)) {
      int chance = random.nextInt(40);
      String label = LABELS.get(random.nextInt(LABELS.size()));
      if (chance == 0) {
        tx.detachDelete(node.handle);
        forget(one -> one == node);
      } else if (chance == 1) {
        tx.addLabel(node.handle, label);
        node.labels.add(label);
      } else if (chance == 2) {
        tx.removeLabel(node.handle, label);
        node.labels.remove(label);
      }
    }
    for (ModelEdge edge : List.copyOf(edges)) {
      if (random.nextInt(20) == 0) {
        tx.delete(find(tx, edge));
        edges.remove(edge);
      }
    }
  }

  /// One of the relationships that are like one: those without properties have no handle that lasts
  /// from commit to commit.
  private static Relationship find(GraphTransaction tx, ModelEdge edge) {
    try (RelationshipCursor cursor =
        tx.relationships(edge.from().handle, Direction.OUTGOING, edge.type())) {
      while (cursor.next()) {
        Object weight = tx.property(cursor.relationship(), "w");
        Double found = weight instanceof Number number ? (Double) number.doubleValue() : null;
        if (cursor.neighbourNode() == edge.to().handle && Objects.equals(found, edge.weight())) {
          return cursor.relationship();
        }
      }
    }
    throw new AssertionError("no relationship like " + edge);
  }

  private void forget(java.util.function.Predicate<ModelNode> gone) {
    nodes.removeIf(gone);
    edges.removeIf(edge -> gone.test(edge.from()) || gone.test(edge.to()));
  }

  /// Options for some labels and types, often for all.
  AlgorithmOptions somePart(Random random) {
    AlgorithmOptions options = AlgorithmOptions.defaults();
    if (random.nextInt(2) == 0) {
      options = options.withLabels(some(LABELS, random));
    }
    if (random.nextInt(2) == 0) {
      options = options.withTypes(some(TYPES, random));
    }
    return options;
  }

  private static String[] some(List<String> names, Random random) {
    int from = random.nextInt(names.size());
    return names
        .subList(from, from + 1 + random.nextInt(names.size() - from))
        .toArray(String[]::new);
  }

  /// The part that options say.
  NaiveGraph part(AlgorithmOptions options, Handles handles) {
    NaiveGraph part = new NaiveGraph();
    for (ModelNode node : nodes) {
      if (isWanted(node, options)) {
        part.addNode(handles.id(node.handle));
      }
    }
    for (ModelEdge edge : edges) {
      boolean type = options.types().isEmpty() || options.types().contains(edge.type());
      if (type && isWanted(edge.from(), options) && isWanted(edge.to(), options)) {
        part.addEdge(
            new NaiveGraph.Edge(
                handles.id(edge.from().handle), handles.id(edge.to().handle), edge.weight()));
      }
    }
    return part;
  }

  private static boolean isWanted(ModelNode node, AlgorithmOptions options) {
    return options.labels().isEmpty() || options.labels().stream().anyMatch(node.labels::contains);
  }
}
