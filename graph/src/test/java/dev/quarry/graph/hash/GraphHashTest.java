package dev.quarry.graph.hash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.quarry.graph.Node;
import dev.quarry.graph.Point;
import dev.quarry.graph.Progress;
import dev.quarry.graph.Relationship;
import dev.quarry.graph.check.GraphCheck;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.graph.transaction.GraphTransaction;
import dev.quarry.graph.transaction.SchemaTarget;
import dev.quarry.storage.StoreOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The hash of a graph knows what the graph is, and nothing of how it came to be.
class GraphHashTest {
  @TempDir Path folder = Path.of("");
  private final long seed = Long.getLong("seed", System.nanoTime());
  private final List<GraphStore> stores = new ArrayList<>();

  private record Edge(int from, String type, int to, Map<String, Object> properties) {}

  /// A graph as rows, which can be created in any order.
  private record Rows(int nodes, List<Edge> edges) {
    static Rows random(Random random, int nodes, int edges) {
      List<Edge> list = new ArrayList<>();
      for (int i = 0; i < edges; i++) {
        Map<String, Object> properties =
            random.nextInt(3) == 0 ? Map.of("w", random.nextInt(5)) : Map.of();
        int from = random.nextInt(nodes);
        list.add(new Edge(from, "R" + random.nextInt(3), random.nextInt(nodes), properties));
      }
      return new Rows(nodes, list);
    }
  }

  @AfterEach
  void everyStoreIsSoundAndGivesAllBack() {
    for (GraphStore store : stores) {
      try (GraphSnapshot snapshot = store.beginRead()) {
        assertEquals(List.of(), GraphCheck.run(snapshot, Progress.NONE).problems());
      }
      assertEquals(0, store.store().spill().usedBytes());
      store.close();
      assertEquals(0, store.store().budget().used());
    }
  }

  private GraphStore inMemory() {
    GraphStore store = GraphStore.inMemory(StoreOptions.defaults().withSpillFolder(folder));
    stores.add(store);
    return store;
  }

  private static GraphHash.Result hash(GraphStore store) {
    try (GraphSnapshot snapshot = store.beginRead()) {
      return GraphHash.run(snapshot, store.store(), Progress.NONE);
    }
  }

  private static void create(GraphStore store, Rows rows, Random order) {
    List<Integer> nodes = new ArrayList<>(IntStream.range(0, rows.nodes).boxed().toList());
    List<Edge> edges = new ArrayList<>(rows.edges);
    Collections.shuffle(nodes, order);
    Collections.shuffle(edges, order);
    Map<Integer, Node> made = new java.util.HashMap<>();
    try (GraphTransaction tx = store.beginWrite()) {
      for (int i : nodes) {
        Set<String> labels = i % 3 == 0 ? Set.of("A") : i % 3 == 1 ? Set.of("A", "B") : Set.of();
        made.put(i, tx.createNode(labels, Map.of("id", i, "name", "a rather long name " + i)));
      }
      for (Edge edge : edges) {
        tx.createRelationship(made.get(edge.from), edge.type, made.get(edge.to), edge.properties);
      }
      tx.commit();
    }
  }

  @Test
  void theSameRowsInAnotherOrderHaveTheSameHash() {
    Random random = new Random(seed);
    Rows rows = Rows.random(random, 300, 900);
    GraphStore first = inMemory();
    GraphStore second = inMemory();
    create(first, rows, random);
    create(second, rows, random);
    assertEquals(hash(first), hash(second), "seed " + seed);
  }

  @Test
  void aHistoryOfDeletionsAndChangesLeavesNoTrace() {
    Random random = new Random(seed);
    Rows rows = Rows.random(random, 50, 100);
    GraphStore plain = inMemory();
    create(plain, rows, random);
    GraphStore changed = inMemory();
    try (GraphTransaction tx = changed.beginWrite()) {
      for (int i = 0; i < 20; i++) {
        tx.createNode(Set.of("Gone", "A"), Map.of("other", i));
      }
      tx.commit();
    }
    create(changed, rows, random);
    try (GraphTransaction tx = changed.beginWrite()) {
      Set<Node> gone = new HashSet<>();
      try (var nodes = tx.nodes("Gone")) {
        while (nodes.next()) {
          gone.add(nodes.node());
        }
      }
      gone.forEach(tx::delete);
      Node one = tx.findNode("A", "id", 0).orElseThrow();
      tx.setProperty(one, "id", "another type, so it goes to the overflow");
      tx.setProperty(one, "id", 0);
      tx.setProperty(one, "name", 1.5);
      tx.setProperty(one, "name", "a rather long name 0");
      tx.addLabel(one, "Extra");
      tx.removeLabel(one, "Extra");
      tx.removeLabel(one, "A");
      tx.addLabel(one, "A");
      tx.commit();
    }
    assertEquals(hash(plain), hash(changed), "seed " + seed);
  }

  @Test
  void aValueHashesTheSameInItsColumnAndInTheOverflow() {
    GraphStore one = inMemory();
    GraphStore other = inMemory();
    List<Object> values =
        List.of(1, 2.5, true, "t", List.of(1.5, -0.0), new Point(Point.CARTESIAN, -0.0, 1, 0));
    write(one, tx -> values.forEach(value -> tx.createNode(Set.of(), Map.of("k", value))));
    List<Object> reversed = new ArrayList<>(values);
    Collections.reverse(reversed);
    write(other, tx -> reversed.forEach(value -> tx.createNode(Set.of(), Map.of("k", value))));
    assertEquals(hash(one), hash(other));
  }

  @Test
  void floatsHashAsTheyCompareAndTypesDiffer() {
    assertEquals(ofValue(0.0), ofValue(-0.0));
    assertEquals(ofValue(List.of(0.0)), ofValue(List.of(-0.0)));
    assertNotEquals(ofValue(1L), ofValue(1.0));
    assertNotEquals(ofValue("1"), ofValue(1L));
    assertNotEquals(ofValue(List.of(1L, 2L)), ofValue(List.of(2L, 1L)));
    assertNotEquals(ofValue(List.of()), ofValue(List.of("")));
  }

  private GraphHash.Result ofValue(Object value) {
    GraphStore store = inMemory();
    write(store, tx -> tx.createNode(Set.of(), Map.of("k", value)));
    return hash(store);
  }

  private static void write(GraphStore store, Consumer<GraphTransaction> work) {
    try (GraphTransaction tx = store.beginWrite()) {
      work.accept(tx);
      tx.commit();
    }
  }

  @Test
  void everySmallChangeChangesTheHash() {
    Random random = new Random(seed);
    GraphStore store = inMemory();
    create(store, Rows.random(random, 60, 120), random);
    Set<GraphHash.Result> seen = new HashSet<>();
    seen.add(hash(store));
    List<Consumer<GraphTransaction>> changes =
        List.of(
            tx -> tx.createNode(Set.of(), Map.of()),
            tx -> tx.createNode(Set.of(), Map.of()),
            tx -> tx.addLabel(node(tx, 3), "C"),
            tx -> tx.removeLabel(node(tx, 4), "B"),
            tx -> tx.setProperty(node(tx, 6), "x", 1),
            tx -> tx.setProperty(node(tx, 7), "y", 1),
            tx -> tx.setProperty(node(tx, 9), "name", null),
            tx -> tx.createRelationship(node(tx, 0), "R0", node(tx, 1), Map.of()),
            tx -> tx.createRelationship(node(tx, 1), "R0", node(tx, 0), Map.of()),
            tx -> tx.createRelationship(node(tx, 1), "R0", node(tx, 0), Map.of()),
            tx -> tx.createRelationship(node(tx, 0), "R0", node(tx, 0), Map.of()),
            tx -> tx.createRelationship(node(tx, 0), "R9", node(tx, 1), Map.of()),
            tx -> {
              Node from = tx.createNode(Set.of("A"), Map.of("id", 1000));
              Relationship one = tx.createRelationship(from, "S", node(tx, 0), Map.of());
              tx.setProperty(one, "w", 2);
            });
    for (int i = 0; i < changes.size(); i++) {
      write(store, changes.get(i));
      assertEquals(true, seen.add(hash(store)), "seed " + seed + " change " + i);
    }
  }

  private static Node node(GraphTransaction tx, int id) {
    return tx.findNode("A", "id", id).orElseThrow();
  }

  @Test
  void twoRelationshipsThatSwapTheirEndsAreSeen() {
    GraphHash.Result straight = pairs(0, 1);
    GraphHash.Result crossed = pairs(1, 0);
    assertNotEquals(straight, crossed);
  }

  private GraphHash.Result pairs(int first, int second) {
    GraphStore store = inMemory();
    write(
        store,
        tx -> {
          Node[] from = new Node[2];
          Node[] to = new Node[2];
          for (int i = 0; i < 2; i++) {
            from[i] = tx.createNode(Set.of("F"), Map.of("id", i));
            to[i] = tx.createNode(Set.of("T"), Map.of("id", i));
          }
          tx.createRelationship(from[0], "R", to[first], Map.of());
          tx.createRelationship(from[1], "R", to[second], Map.of());
        });
    return hash(store);
  }

  /// The limit that the documentation states.
  @Test
  void aRingOfSixAlikeNodesHashesLikeTwoRingsOfThree() {
    assertEquals(rings(6), rings(3, 3));
    assertNotEquals(rings(6), rings(4, 3));
  }

  private GraphHash.Result rings(int... sizes) {
    GraphStore store = inMemory();
    write(
        store,
        tx -> {
          for (int size : sizes) {
            List<Node> ring = new ArrayList<>();
            for (int i = 0; i < size; i++) {
              ring.add(tx.createNode(Set.of(), Map.of()));
            }
            for (int i = 0; i < size; i++) {
              tx.createRelationship(ring.get(i), "R", ring.get((i + 1) % size), Map.of());
            }
          }
        });
    return hash(store);
  }

  @Test
  void indexesAndConstraintsAreASecondFigure() {
    GraphStore store = inMemory();
    write(store, tx -> tx.createNode(Set.of("A"), Map.of("k", 1)));
    GraphHash.Result before = hash(store);
    write(store, tx -> tx.createIndex("i", SchemaTarget.nodes("A", "k"), false));
    GraphHash.Result after = hash(store);
    assertEquals(before.high(), after.high());
    assertEquals(before.low(), after.low());
    assertNotEquals(before.schema(), after.schema());
    write(store, tx -> tx.dropIndex("i", false));
    assertEquals(before, hash(store));
  }

  @Test
  void reopeningChangesNothing() {
    Path path = folder.resolve("x.quarry");
    Random random = new Random(seed);
    GraphHash.Result before;
    try (GraphStore store = GraphStore.open(path, StoreOptions.defaults())) {
      create(store, Rows.random(random, 200, 500), random);
      before = hash(store);
      store.store().checkpoint();
      assertEquals(before, hash(store), "seed " + seed);
    }
    GraphStore again = GraphStore.open(path, StoreOptions.defaults());
    stores.add(again);
    assertEquals(before, hash(again), "seed " + seed);
  }

  /// With 8 MiB a store hashes 65,536 nodes in memory; these need windows and files.
  @Test
  void coloursThatDoNotFitIntoMemoryGiveTheSameHash() {
    Random random = new Random(seed);
    Rows rows = Rows.random(random, 150_000, 200_000);
    GraphStore large = inMemory();
    bare(large, rows);
    GraphStore small =
        GraphStore.open(
            folder.resolve("small.quarry"),
            StoreOptions.defaults().withMemory(StoreOptions.LEAST_MEMORY));
    stores.add(small);
    bare(small, rows);
    long before = small.store().spill().writtenBytes();
    assertEquals(hash(large), hash(small), "seed " + seed);
    assertNotEquals(before, small.store().spill().writtenBytes());
  }

  /// Commits in pieces, so that little memory is enough.
  private static void bare(GraphStore store, Rows rows) {
    Node[] nodes = new Node[rows.nodes];
    for (int from = 0; from < rows.nodes; from += 10_000) {
      int begin = from;
      write(
          store,
          tx -> {
            for (int i = begin; i < begin + 10_000; i++) {
              nodes[i] = tx.createNode(Set.of("N" + i % 2), Map.of("id", i));
            }
          });
    }
    for (int from = 0; from < rows.edges.size(); from += 5_000) {
      List<Edge> some = rows.edges.subList(from, from + 5_000);
      write(
          store,
          tx -> {
            for (Edge edge : some) {
              tx.createRelationship(nodes[edge.from], edge.type, nodes[edge.to], Map.of());
            }
          });
    }
  }
}
