package dev.quarry.graph.transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.GraphException;
import dev.quarry.graph.CypherDuration;
import dev.quarry.graph.Direction;
import dev.quarry.graph.Node;
import dev.quarry.graph.NodeCursor;
import dev.quarry.graph.Point;
import dev.quarry.graph.PropertyKey;
import dev.quarry.graph.Progress;
import dev.quarry.graph.Relationship;
import dev.quarry.graph.RelationshipCursor;
import dev.quarry.graph.check.GraphCheck;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.simulation.SimDisk;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GraphModelTest {
  @TempDir Path folder = Path.of("");
  private final long seed = Long.getLong("seed", System.nanoTime());

  private static final List<Object> VALUES =
      List.of(
          true,
          42L,
          -1L,
          2.5,
          "",
          "short",
          "a text that does not fit into its cell, for sure",
          LocalDate.of(-5, 2, 28),
          LocalTime.of(23, 59, 59, 999_999_999),
          OffsetTime.parse("12:00:00+02:00"),
          LocalDateTime.parse("1999-12-31T23:59:59.5"),
          ZonedDateTime.parse("2024-03-31T02:30:00+02:00[Europe/Berlin]"),
          new CypherDuration(14, -3, 70, 5),
          new Point(Point.WGS_84, 13.4, 52.5),
          List.of(1L, 2L, 3L),
          List.of("a", "b"),
          List.of());

  private static final class ModelNode {
    final Set<String> labels = new TreeSet<>();
    final Map<String, Object> properties = new TreeMap<>();

    ModelNode copy() {
      ModelNode copy = new ModelNode();
      copy.labels.addAll(labels);
      copy.properties.putAll(properties);
      return copy;
    }
  }

  private record ModelEdge(String from, String type, String to, Map<String, Object> properties) {}

  private static final class Model {
    final Map<String, ModelNode> nodes = new TreeMap<>();
    final Map<String, ModelEdge> edges = new TreeMap<>();

    /// Bare relationships that got a property, and remember their ordinal.
    final Set<String> remembered = new TreeSet<>();

    /// Between transactions, bare relationships have the lowest ordinals that nobody remembers.
    Model renumbered() {
      Model result = new Model();
      result.nodes.putAll(nodes);
      edges.forEach(
          (id, edge) -> {
            if (id.startsWith("r") || remembered.contains(id)) {
              result.edges.put(id, edge);
              result.remembered.add(id);
            }
          });
      edges.forEach(
          (id, edge) -> {
            if (id.startsWith("e") && !remembered.contains(id)) {
              String ends = id.substring(0, id.lastIndexOf('.') + 1);
              int ordinal = 0;
              while (result.edges.containsKey(ends + ordinal)) {
                ordinal++;
              }
              result.edges.put(ends + ordinal, edge);
            }
          });
      return result;
    }

    Model copy() {
      Model copy = new Model();
      copy.remembered.addAll(remembered);
      nodes.forEach((id, node) -> copy.nodes.put(id, node.copy()));
      edges.forEach(
          (id, e) ->
              copy.edges.put(id, new ModelEdge(e.from, e.type, e.to, new TreeMap<>(e.properties))));
      return copy;
    }
  }

  private static StoreOptions options() {
    return StoreOptions.defaults().withMemory(64 << 20).withNativeMemory(NativeSource.FOREIGN);
  }

  @BeforeEach
  void varyWhichListsThereAre() {
    ListsSetting.vary(seed);
  }

  @AfterEach
  void listsAsUsual() {
    ListsSetting.restore();
  }

  @Test
  void aGraphInMemoryAgreesWithAMap() {
    GraphStore graph = GraphStore.inMemory(options());
    run(graph, new Model(), new Random(seed), 150);
    graph.close();
    assertEquals(0, graph.store().budget().used());
  }

  @Test
  void aGraphInAFileAgreesWithAMapThroughReopening() {
    Path path = folder.resolve("graph.quarry");
    Random random = new Random(seed);
    Model model = new Model();
    for (int round = 0; round < 4; round++) {
      GraphStore graph = GraphStore.open(path, options());
      verify(graph, model);
      model = run(graph, model, random, 40);
      graph.close();
      assertEquals(0, graph.store().budget().used());
    }
  }

  @Test
  void everyCommitSurvivesACrashByItsLogAlone() {
    SimDisk disk = new SimDisk();
    Path path = Path.of("/sim/graph.quarry");
    Random random = new Random(seed);
    GraphStore graph = GraphStore.open(path, options().withDisk(disk));
    Model model = new Model();
    for (int round = 0; round < 25; round++) {
      model = run(graph, model, random, 2);
      SimDisk crashed = disk.afterKill();
      try (GraphStore recovered = GraphStore.open(path, options().withDisk(crashed))) {
        verify(recovered, model);
        run(recovered, model, new Random(seed), 2);
      }
    }
    graph.close();
  }

  private Model run(GraphStore graph, Model start, Random random, int commits) {
    Model model = start;
    for (int commit = 0; commit < commits; commit++) {
      Model next = model.copy();
      GraphTransaction tx = graph.beginWrite();
      for (int i = 0; i < 12; i++) {
        change(tx, next, random);
      }
      if (random.nextInt(4) == 0) {
        tx.rollback();
      } else {
        tx.commit();
        model = next.renumbered();
      }
      if (commit % 10 == 0) {
        verify(graph, model);
      }
    }
    verify(graph, model);
    return model;
  }

  private void change(GraphTransaction tx, Model model, Random random) {
    int kind = random.nextInt(20);
    String node = pick(model.nodes.keySet(), random);
    String edge = pick(model.edges.keySet(), random);
    if (kind < 6 || node == null) {
      ModelNode created = new ModelNode();
      for (int i = random.nextInt(3); i > 0; i--) {
        created.labels.add("L" + random.nextInt(4));
      }
      created.properties.putAll(properties(random));
      Node handle = tx.createNode(created.labels, created.properties);
      assertEquals(null, model.nodes.put(handle.elementId(), created), "seed " + seed);
    } else if (kind < 12) {
      String other = pick(model.nodes.keySet(), random);
      String type = "T" + random.nextInt(2);
      Map<String, Object> properties = random.nextBoolean() ? new TreeMap<>() : properties(random);
      Relationship handle =
          tx.createRelationship(
              tx.node(node).orElseThrow(), type, tx.node(other).orElseThrow(), properties);
      ModelEdge old =
          model.edges.put(handle.elementId(), new ModelEdge(node, type, other, properties));
      assertEquals(null, old, "seed " + seed);
    } else if (kind < 14) {
      Object value = random.nextInt(4) == 0 ? null : value(random);
      tx.setProperty(tx.node(node).orElseThrow(), "p1", value);
      put(model.nodes.get(node).properties, "p1", value);
    } else if (kind < 15 && edge != null) {
      Object value = value(random);
      tx.setProperty(tx.relationship(edge).orElseThrow(), "p2", value);
      put(model.edges.get(edge).properties, "p2", value);
      model.remembered.add(edge);
    } else if (kind < 16) {
      tx.addLabel(tx.node(node).orElseThrow(), "L1");
      model.nodes.get(node).labels.add("L1");
    } else if (kind < 17) {
      tx.removeLabel(tx.node(node).orElseThrow(), "L2");
      model.nodes.get(node).labels.remove("L2");
    } else if (kind < 18 && edge != null) {
      tx.delete(tx.relationship(edge).orElseThrow());
      model.edges.remove(edge);
      model.remembered.remove(edge);
    } else if (kind < 19) {
      String gone = node;
      if (model.edges.values().stream().noneMatch(e -> e.from.equals(gone) || e.to.equals(gone))) {
        tx.delete(tx.node(node).orElseThrow());
        model.nodes.remove(node);
      } else {
        Node handle = tx.node(node).orElseThrow();
        GraphException error = assertThrows(GraphException.class, () -> tx.delete(handle));
        assertEquals(ErrorCode.DELETE_CONNECTED_NODE, error.code());
      }
    } else {
      tx.detachDelete(tx.node(node).orElseThrow());
      String gone = node;
      model.nodes.remove(node);
      model.edges.values().removeIf(e -> e.from.equals(gone) || e.to.equals(gone));
    }
  }

  private static void put(Map<String, Object> map, String key, Object value) {
    if (value == null) {
      map.remove(key);
    } else {
      map.put(key, value);
    }
  }

  private static Map<String, Object> properties(Random random) {
    Map<String, Object> properties = new TreeMap<>();
    for (int i = random.nextInt(3); i >= 0; i--) {
      properties.put("p" + random.nextInt(3), value(random));
    }
    return properties;
  }

  private static Object value(Random random) {
    return random.nextInt(20) == 0
        ? "x".repeat(random.nextInt(40_000))
        : VALUES.get(random.nextInt(VALUES.size()));
  }

  private static String pick(Set<String> from, Random random) {
    return from.isEmpty() ? null : new ArrayList<>(from).get(random.nextInt(from.size()));
  }

  private void verify(GraphStore graph, Model model) {
    String where = "seed " + seed;
    try (GraphSnapshot tx = graph.beginRead()) {
      Set<String> found = new TreeSet<>();
      try (NodeCursor cursor = tx.nodes()) {
        while (cursor.next()) {
          found.add(cursor.node().elementId());
        }
      }
      assertEquals(model.nodes.keySet(), found, where);
      assertEquals(List.of(), GraphCheck.run(tx, Progress.NONE).problems(), where);
      Map<String, Integer> out = new HashMap<>();
      Map<String, Integer> in = new HashMap<>();
      model.edges.values().forEach(e -> out.merge(e.from, 1, Integer::sum));
      model.edges.values().forEach(e -> in.merge(e.to, 1, Integer::sum));
      model.nodes.forEach(
          (id, node) -> {
            Node handle = tx.node(id).orElseThrow();
            assertEquals(node.labels, new TreeSet<>(tx.labels(handle)), where);
            assertEquals(node.properties, new TreeMap<>(tx.copy(handle).properties()), where);
            assertEquals(out.getOrDefault(id, 0), (int) tx.degree(handle, Direction.OUTGOING));
            assertEquals(in.getOrDefault(id, 0), (int) tx.degree(handle, Direction.INCOMING));
          });
      for (String label : List.of("L0", "L1", "L2", "never")) {
        long expected = model.nodes.values().stream().filter(n -> n.labels.contains(label)).count();
        long count = 0;
        try (NodeCursor cursor = tx.nodes(label)) {
          while (cursor.next()) {
            count++;
          }
        }
        assertEquals(expected, count, where + " label " + label);
      }
      verifyEdges(tx, model, where);
    }
  }

  private static void verifyEdges(GraphSnapshot tx, Model model, String where) {
    Set<String> found = new TreeSet<>();
    for (String id : model.nodes.keySet()) {
      try (RelationshipCursor cursor =
          tx.relationships(tx.node(id).orElseThrow(), Direction.OUTGOING)) {
        while (cursor.next()) {
          Relationship handle = cursor.relationship();
          assertTrue(found.add(handle.elementId()), where);
          ModelEdge edge = model.edges.get(handle.elementId());
          assertEquals(edge.type, cursor.type(), where);
          assertEquals(edge.to, cursor.neighbourNode().elementId(), where);
          assertEquals(edge.from, tx.start(handle).elementId());
          assertEquals(edge.to, tx.end(handle).elementId());
          assertEquals(edge.properties, new TreeMap<>(tx.copy(handle).properties()), where);
        }
      }
    }
    assertEquals(model.edges.keySet(), found, where);
    for (String type : List.of("T0", "T1", "T2")) {
      assertEquals(
          model.edges.values().stream().filter(e -> e.type.equals(type)).count(),
          tx.countRelationships(type),
          where);
    }
  }

  @Test
  void aHandleNeverShowsAnotherRecord() {
    try (GraphStore graph = GraphStore.inMemory(options());
        GraphStore other = GraphStore.inMemory(options())) {
      GraphTransaction tx = graph.beginWrite();
      Node node = tx.createNode(Set.of("A"), Map.of("name", "old"));
      tx.commit();
      tx = graph.beginWrite();
      tx.delete(node);
      tx.commit();
      tx = graph.beginWrite();
      Node next = tx.createNode(Set.of("A"), Map.of("name", "new"));
      assertFalse(next.equals(node));
      assertFalse(tx.exists(node));
      GraphTransaction writing = tx;
      assertEquals(
          ErrorCode.RECORD_GONE,
          assertThrows(GraphException.class, () -> writing.property(node, "name")).code());
      tx.commit();
      try (GraphSnapshot foreign = other.beginRead()) {
        assertEquals(
            ErrorCode.FOREIGN_HANDLE,
            assertThrows(GraphException.class, () -> foreign.property(next, "name")).code());
      }
    }
  }

  @Test
  void whatCannotBeStoredIsATypedErrorAndChangesNothing() {
    try (GraphStore graph = GraphStore.inMemory(options())) {
      GraphTransaction tx = graph.beginWrite();
      for (Object bad :
          List.of(
              Map.of("a", 1),
              List.of(1L, "a"),
              List.of(List.of(1L)),
              new Object(),
              "half \ud83d pair")) {
        assertThrows(GraphException.class, () -> tx.createNode(Set.of("A"), Map.of("bad", bad)));
      }
      tx.commit();
      try (GraphSnapshot snapshot = graph.beginRead();
          NodeCursor cursor = snapshot.nodes()) {
        assertFalse(cursor.next());
      }
    }
  }

  @Test
  void stepsOfCursorsAllocateNothing() {
    try (GraphStore graph = GraphStore.inMemory(options())) {
      GraphTransaction tx = graph.beginWrite();
      Node hub = tx.createNode(Set.of("Hub"), Map.of());
      for (int i = 0; i < 5_000; i++) {
        Node node = tx.createNode(Set.of("N"), Map.of("age", (long) i));
        tx.createRelationship(hub, "KNOWS", node, Map.of());
      }
      tx.commit();
      try (GraphSnapshot snapshot = graph.beginRead()) {
        PropertyKey age = snapshot.key("age");
        for (int warm = 0; warm < 20; warm++) {
          assertEquals(5_000L * 4_999 / 2, walk(snapshot, age, new long[1]));
        }
        assertEquals(0, leastOf(bytes -> walk(snapshot, age, bytes)));
        neighbours(snapshot, hub, new long[1]);
        assertEquals(0, leastOf(bytes -> neighbours(snapshot, hub, bytes)));
      }
    }
  }

  /// What the thread allocates in the quietest of some walks: what steps allocate shows in each of
  /// them, what the JVM allocates when it throws compiled code away does not.
  private static long leastOf(Consumer<long[]> walk) {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      long[] bytes = new long[1];
      walk.accept(bytes);
      least = Math.min(least, bytes[0]);
    }
    return least;
  }

  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();

  private static long allocated() {
    return THREADS.getCurrentThreadAllocatedBytes();
  }

  private static long walk(GraphSnapshot snapshot, PropertyKey age, long[] bytes) {
    try (NodeCursor cursor = snapshot.nodes("N")) {
      cursor.next();
      long sum = cursor.getLong(age);
      allocated();
      long before = allocated();
      while (cursor.next()) {
        sum += cursor.getLong(age);
      }
      bytes[0] = allocated() - before;
      return sum;
    }
  }

  private static void neighbours(GraphSnapshot snapshot, Node hub, long[] bytes) {
    try (RelationshipCursor cursor = snapshot.relationships(hub, Direction.OUTGOING)) {
      cursor.next();
      allocated();
      long before = allocated();
      long sum = 0;
      while (cursor.next()) {
        sum += cursor.neighbour();
      }
      bytes[0] = allocated() - before;
      assertTrue(sum != 0);
    }
  }
}
