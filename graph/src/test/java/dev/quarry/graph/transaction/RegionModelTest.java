package dev.quarry.graph.transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.GraphException;
import dev.quarry.graph.Direction;
import dev.quarry.graph.Node;
import dev.quarry.graph.NodeCursor;
import dev.quarry.graph.Progress;
import dev.quarry.graph.Relationship;
import dev.quarry.graph.RelationshipCursor;
import dev.quarry.graph.catalog.ConstraintKind;
import dev.quarry.graph.catalog.IndexDefinition;
import dev.quarry.graph.check.GraphCheck;
import dev.quarry.graph.index.Lookup;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.simulation.SimDisk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Regions that come and go, beside relationships across them, indexes and constraints, agree with
/// maps at every commit, inside of transactions, in old snapshots, and after crashes.
class RegionModelTest {
  private static final List<String> TYPES = List.of("BARE", "MAYBE", "ROW");
  private static final List<String> LABELS = List.of("A", "B", "U");

  @TempDir Path folder = Path.of("");
  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Set<String> everUsed = new HashSet<>();
  private final List<Node> dropped = new ArrayList<>();
  private int drops;

  private record ModelNode(String region, Set<String> labels, Map<String, Object> properties) {
    ModelNode copy() {
      return new ModelNode(region, new TreeSet<>(labels), new TreeMap<>(properties));
    }
  }

  private record ModelEdge(String from, String type, String to, Map<String, Object> properties)
      implements Comparable<ModelEdge> {
    @Override
    public int compareTo(ModelEdge other) {
      return toString().compareTo(other.toString());
    }
  }

  private static final class Model {
    final Set<String> regions = new TreeSet<>();
    final Map<String, ModelNode> nodes = new TreeMap<>();
    final List<ModelEdge> edges = new ArrayList<>();

    Model copy() {
      Model copy = new Model();
      copy.regions.addAll(regions);
      nodes.forEach((id, node) -> copy.nodes.put(id, node.copy()));
      copy.edges.addAll(edges);
      return copy;
    }

    void remove(Set<String> ids) {
      nodes.keySet().removeAll(ids);
      edges.removeIf(edge -> ids.contains(edge.from()) || ids.contains(edge.to()));
    }

    boolean isTaken(Object unique) {
      return nodes.values().stream()
          .anyMatch(n -> n.labels().contains("U") && unique.equals(n.properties().get("u")));
    }
  }

  /// So few that most commits find the sweep half-way.
  @BeforeEach
  void sweepInSmallSteps() {
    System.setProperty("quarry.sweepSteps", String.valueOf(1 + Math.floorMod(seed, 40)));
    ListsSetting.vary(seed / 64);
  }

  @AfterEach
  void sweepAsUsual() {
    System.clearProperty("quarry.sweepSteps");
    ListsSetting.restore();
  }

  private static StoreOptions options() {
    return StoreOptions.defaults().withMemory(64 << 20).withNativeMemory(NativeSource.FOREIGN);
  }

  private static void schema(GraphStore graph) {
    try (GraphTransaction tx = graph.beginWrite()) {
      tx.createIndex("nodes", SchemaTarget.nodes("A", "p"), false);
      tx.createIndex("rows", SchemaTarget.relationships("ROW", "w"), false);
      tx.createConstraint(
          "unique", SchemaTarget.nodes("U", "u"), ConstraintKind.UNIQUE, List.of(), false);
      tx.createConstraint(
          "exists",
          SchemaTarget.relationships("ROW", "w"),
          ConstraintKind.EXISTS,
          List.of(),
          false);
      tx.commit();
    }
  }

  @Test
  void aGraphInMemoryAgreesWithMaps() {
    GraphStore graph = GraphStore.inMemory(options());
    schema(graph);
    run(graph, new Model(), new Random(seed), 120);
    assertTrue(drops > 0, "seed " + seed);
    graph.close();
    assertEquals(0, graph.store().budget().used());
  }

  @Test
  void aGraphInAFileAgreesWithMapsThroughReopening() {
    Path path = folder.resolve("graph.quarry");
    Random random = new Random(seed);
    Model model = new Model();
    for (int round = 0; round < 5; round++) {
      GraphStore graph = GraphStore.open(path, options());
      if (round == 0) {
        schema(graph);
      }
      verify(graph, model);
      model = run(graph, model, random, 25);
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
    schema(graph);
    Model model = new Model();
    for (int round = 0; round < 25; round++) {
      model = run(graph, model, random, 2);
      SimDisk crashed = disk.afterKill();
      Set<String> known = Set.copyOf(everUsed);
      try (GraphStore recovered = GraphStore.open(path, options().withDisk(crashed))) {
        verify(recovered, model);
        run(recovered, model, new Random(seed), 2);
      }
      everUsed.retainAll(known);
      dropped.clear();
    }
    graph.close();
  }

  private Model run(GraphStore graph, Model start, Random random, int commits) {
    Model model = start;
    GraphSnapshot old = graph.beginRead();
    Model oldModel = model;
    for (int commit = 0; commit < commits; commit++) {
      Model next = model.copy();
      List<Node> gone = new ArrayList<>();
      if (random.nextInt(6) == 0) {
        load(graph, next, random);
        model = next;
        continue;
      }
      GraphTransaction tx = graph.beginWrite();
      for (int i = 0; i < 14; i++) {
        change(tx, next, gone, random);
      }
      tx.endStatement();
      if (random.nextInt(4) == 0) {
        verify(tx, next);
      }
      if (random.nextInt(4) == 0) {
        tx.rollback();
      } else {
        tx.commit();
        model = next;
        everUsed.addAll(next.nodes.keySet());
        dropped.addAll(gone);
      }
      if (commit % 5 == 0) {
        verify(graph, model);
        verify(old, oldModel);
        old.close();
        old = graph.beginRead();
        oldModel = model;
      }
    }
    old.close();
    verify(graph, model);
    return model;
  }

  /// Nodes and lists of their own, in a region and across, without a log.
  private void load(GraphStore graph, Model model, Random random) {
    String name = region(model, random);
    long[] nodes = new long[3];
    List<int[]> ends = new ArrayList<>();
    try (BulkTransaction tx = graph.beginBulk()) {
      int arena = tx.arena(tx.region(name.isEmpty() ? null : name), List.of("A"));
      int other = tx.arena(List.of("A"));
      int type = tx.type("MAYBE");
      createKind(tx, arena, type, other, random.nextBoolean());
      createKind(tx, other, type, arena, random.nextBoolean());
      nodes[0] = tx.createNode(arena);
      nodes[1] = tx.createNode(arena);
      nodes[2] = tx.createNode(other);
      for (int i = 0; i < 4; i++) {
        int[] pair = {random.nextInt(3), random.nextInt(3), random.nextInt(2)};
        long row = pair[2] == 0 ? -1 : tx.createRow(type, nodes[pair[0]], nodes[pair[1]]);
        if (row >= 0) {
          tx.putRow(type, row, tx.key("w"), 7L);
        }
        tx.link(nodes[pair[0]], type, nodes[pair[1]], row);
        ends.add(pair);
      }
      tx.commit();
    }
    try (GraphSnapshot tx = graph.beginRead()) {
      for (int i = 0; i < 3; i++) {
        ModelNode node = new ModelNode(i < 2 ? name : "", new TreeSet<>(Set.of("A")), map());
        String id = tx.handle(nodes[i]).elementId();
        assertTrue(everUsed.add(id), "seed " + seed);
        model.nodes.put(id, node);
      }
      for (int[] pair : ends) {
        Map<String, Object> properties = pair[2] == 0 ? Map.of() : Map.of("w", 7L);
        String from = tx.handle(nodes[pair[0]]).elementId();
        String to = tx.handle(nodes[pair[1]]).elementId();
        model.edges.add(new ModelEdge(from, "MAYBE", to, new TreeMap<>(properties)));
      }
    }
  }

  private static void createKind(
      BulkTransaction tx, int source, int type, int target, boolean edgeSlots) {
    if (tx.kind(source, type, target) == null) {
      tx.createKind(source, type, target, edgeSlots);
    }
  }

  private static Map<String, Object> map() {
    return new TreeMap<>();
  }

  private static String region(Model model, Random random) {
    List<String> names = new ArrayList<>(model.regions);
    names.add("");
    return names.get(random.nextInt(names.size()));
  }

  private void change(GraphTransaction tx, Model model, List<Node> gone, Random random) {
    int kind = random.nextInt(26);
    String node = pick(model.nodes.keySet(), random);
    if (kind < 2 || model.regions.isEmpty()) {
      createRegion(tx, model, random);
    } else if (kind == 2 && random.nextInt(3) == 0) {
      dropRegion(tx, model, gone, random);
    } else if (kind < 9 || node == null) {
      createNode(tx, model, random);
    } else if (kind < 18) {
      createRelationship(tx, model, node, random);
    } else if (kind < 20) {
      Object value = random.nextInt(4) == 0 ? null : (Object) (long) random.nextInt(5);
      tx.setProperty(tx.node(node).orElseThrow(), "p", value);
      put(model.nodes.get(node).properties(), "p", value);
    } else if (kind < 22) {
      changeRelationship(tx, model, random);
    } else if (kind < 23) {
      tx.addLabel(tx.node(node).orElseThrow(), "A");
      model.nodes.get(node).labels().add("A");
    } else if (kind < 24) {
      tx.removeLabel(tx.node(node).orElseThrow(), "B");
      model.nodes.get(node).labels().remove("B");
    } else {
      Node handle = tx.node(node).orElseThrow();
      if (random.nextBoolean()) {
        tx.detachDelete(handle);
      } else {
        tx.deleteByEndOfStatement(handle);
        tx.detach(handle, () -> {});
      }
      model.remove(Set.of(node));
    }
  }

  private void createRegion(GraphTransaction tx, Model model, Random random) {
    String name = "region " + random.nextInt(4);
    if (model.regions.add(name)) {
      tx.createRegion(name);
    } else {
      GraphException error = assertThrows(GraphException.class, () -> tx.createRegion(name));
      assertEquals(ErrorCode.REGION_EXISTS, error.code());
    }
  }

  private void dropRegion(GraphTransaction tx, Model model, List<Node> gone, Random random) {
    String name = pick(model.regions, random);
    Set<String> ids = new TreeSet<>();
    model.nodes.forEach(
        (id, node) -> {
          if (node.region().equals(name)) {
            ids.add(id);
            gone.add(tx.node(id).orElseThrow());
          }
        });
    tx.dropRegion(name);
    model.remove(ids);
    model.regions.remove(name);
    drops++;
  }

  private void createNode(GraphTransaction tx, Model model, Random random) {
    Set<String> labels = new TreeSet<>();
    for (String label : LABELS) {
      if (random.nextInt(3) == 0) {
        labels.add(label);
      }
    }
    Map<String, Object> properties = map();
    if (random.nextBoolean()) {
      properties.put("p", (long) random.nextInt(5));
    }
    Object unique = (long) random.nextInt(60);
    if (!model.isTaken(unique)) {
      properties.put("u", unique);
    }
    if (random.nextInt(3) == 0) {
      properties.put("text", "a text that does not fit into its cell " + random.nextInt());
    }
    String region = region(model, random);
    Node node =
        region.isEmpty()
            ? tx.createNode(labels, properties)
            : tx.createNode(region, labels, properties);
    assertFalse(everUsed.contains(node.elementId()), "seed " + seed);
    model.nodes.put(node.elementId(), new ModelNode(region, labels, properties));
  }

  private void createRelationship(GraphTransaction tx, Model model, String node, Random random) {
    String other = pick(model.nodes.keySet(), random);
    String type = TYPES.get(random.nextInt(TYPES.size()));
    Map<String, Object> properties = map();
    if (type.equals("ROW") || type.equals("MAYBE") && random.nextBoolean()) {
      properties.put("w", (long) random.nextInt(5));
      properties.put("text", "a text that does not fit into its cell " + random.nextInt());
    }
    tx.createRelationship(
        tx.node(node).orElseThrow(), type, tx.node(other).orElseThrow(), properties);
    model.edges.add(new ModelEdge(node, type, other, properties));
  }

  /// Sets a property of a relationship, or deletes it.
  private void changeRelationship(GraphTransaction tx, Model model, Random random) {
    if (model.edges.isEmpty()) {
      return;
    }
    int index = random.nextInt(model.edges.size());
    ModelEdge edge = model.edges.get(index);
    Relationship handle = find(tx, edge);
    if (random.nextBoolean()) {
      tx.delete(handle);
      model.edges.remove(index);
    } else {
      Map<String, Object> properties = new TreeMap<>(edge.properties());
      properties.put("w", 9L);
      tx.setProperty(handle, "w", 9L);
      model.edges.set(index, new ModelEdge(edge.from(), edge.type(), edge.to(), properties));
    }
  }

  private Relationship find(GraphTransaction tx, ModelEdge edge) {
    Node from = tx.node(edge.from()).orElseThrow();
    try (RelationshipCursor cursor = tx.relationships(from, Direction.OUTGOING, edge.type())) {
      while (cursor.next()) {
        if (edge.equals(edge(tx, cursor, edge.from()))) {
          return cursor.relationship();
        }
      }
    }
    throw new AssertionError("seed " + seed + ": no " + edge);
  }

  private static ModelEdge edge(Reading tx, RelationshipCursor cursor, String from) {
    return new ModelEdge(
        from,
        cursor.type(),
        cursor.neighbourNode().elementId(),
        new TreeMap<>(tx.copy(cursor.relationship()).properties()));
  }

  private static void put(Map<String, Object> map, String key, Object value) {
    if (value == null) {
      map.remove(key);
    } else {
      map.put(key, value);
    }
  }

  private static String pick(Set<String> from, Random random) {
    return from.isEmpty() ? null : new ArrayList<>(from).get(random.nextInt(from.size()));
  }

  private void verify(GraphStore graph, Model model) {
    try (GraphSnapshot tx = graph.beginRead()) {
      verify(tx, model);
      assertEquals(List.of(), GraphCheck.run(tx, Progress.NONE).problems(), "seed " + seed);
      for (Node node : dropped) {
        assertFalse(tx.exists(node), "seed " + seed);
        assertEquals(
            ErrorCode.RECORD_GONE,
            assertThrows(GraphException.class, () -> tx.property(node, "p")).code());
        assertEquals(Optional.empty(), tx.node(node.elementId()));
      }
    }
  }

  private void verify(Reading tx, Model model) {
    String where = "seed " + seed;
    assertEquals(model.regions, tx.regions(), where);
    Set<String> found = new TreeSet<>();
    try (NodeCursor cursor = tx.nodes()) {
      while (cursor.next()) {
        found.add(cursor.node().elementId());
      }
    }
    assertEquals(model.nodes.keySet(), found, where);
    model.nodes.forEach(
        (id, node) -> {
          Node handle = tx.node(id).orElseThrow();
          assertEquals(node.labels(), new TreeSet<>(tx.labels(handle)), where);
          assertEquals(node.properties(), new TreeMap<>(tx.copy(handle).properties()), where);
          assertEquals(node.region(), tx.region(handle).orElse(""), where);
        });
    verifyLabels(tx, model, where);
    verifyEdges(tx, model, where);
    verifyIndexes(tx, model, where);
  }

  private static void verifyLabels(Reading tx, Model model, String where) {
    for (String label : LABELS) {
      int token = tx.catalog().label(label);
      long expected = model.nodes.values().stream().filter(n -> n.labels().contains(label)).count();
      assertEquals(expected, token < 0 ? 0 : tx.counts().nodes(token), where);
      long count = 0;
      try (NodeCursor cursor = tx.nodes(label)) {
        while (cursor.next()) {
          count++;
        }
      }
      assertEquals(expected, count, where);
    }
  }

  private static void verifyEdges(Reading tx, Model model, String where) {
    List<ModelEdge> found = new ArrayList<>();
    List<ModelEdge> entering = new ArrayList<>();
    for (String id : model.nodes.keySet()) {
      Node node = tx.node(id).orElseThrow();
      int before = found.size();
      try (RelationshipCursor cursor = tx.relationships(node, Direction.OUTGOING)) {
        while (cursor.next()) {
          found.add(edge(tx, cursor, id));
          Relationship relationship = cursor.relationship();
          assertTrue(tx.relationship(relationship.elementId()).isPresent(), where);
          assertEquals(id, tx.start(relationship).elementId(), where);
        }
      }
      assertEquals(found.size() - before, tx.degree(node, Direction.OUTGOING), where);
      before = entering.size();
      try (RelationshipCursor cursor = tx.relationships(node, Direction.INCOMING)) {
        while (cursor.next()) {
          ModelEdge edge = edge(tx, cursor, id);
          entering.add(new ModelEdge(edge.to(), edge.type(), id, edge.properties()));
        }
      }
      assertEquals(entering.size() - before, tx.degree(node, Direction.INCOMING), where);
      assertEquals(
          model.edges.stream().filter(e -> e.from().equals(id) && e.type().equals("ROW")).count(),
          tx.degree(node, Direction.OUTGOING, "ROW"),
          where);
    }
    List<ModelEdge> expected = model.edges.stream().sorted().toList();
    assertEquals(expected, found.stream().sorted().toList(), where);
    assertEquals(expected, entering.stream().sorted().toList(), where);
    for (String type : TYPES) {
      int token = tx.catalog().type(type);
      assertEquals(
          model.edges.stream().filter(e -> e.type().equals(type)).count(),
          token < 0 ? 0 : tx.counts().relationships(token),
          where);
    }
  }

  private static void verifyIndexes(Reading tx, Model model, String where) {
    Set<String> expected = new TreeSet<>();
    model.nodes.forEach(
        (id, node) -> {
          if (node.labels().contains("A") && node.properties().containsKey("p")) {
            expected.add(id);
          }
          Object unique = node.properties().get("u");
          if (node.labels().contains("U") && unique != null) {
            assertEquals(id, tx.findNode("U", "u", unique).orElseThrow().elementId(), where);
          }
        });
    IndexDefinition nodes = tx.catalog().index("nodes");
    Set<String> found = new TreeSet<>();
    for (long id : records(tx, nodes)) {
      assertTrue(found.add(tx.handle(id).elementId()), where);
    }
    assertEquals(expected, found, where);
    assertEquals(expected.size(), tx.counts().entries(nodes), where);
    IndexDefinition rows = tx.catalog().index("rows");
    List<String> ends = new ArrayList<>();
    for (long row : records(tx, rows)) {
      ends.add(
          tx.handle(tx.source(rows.token(), row)) + " " + tx.handle(tx.target(rows.token(), row)));
    }
    assertEquals(
        model.edges.stream()
            .filter(edge -> edge.type().equals("ROW"))
            .map(edge -> edge.from() + " " + edge.to())
            .sorted()
            .toList(),
        ends.stream().sorted().toList(),
        where);
  }

  private static List<Long> records(Reading tx, IndexDefinition index) {
    List<Long> records = new ArrayList<>();
    long[] some = new long[7];
    try (IndexSeek seek = tx.seek(index, Lookup.all())) {
      for (int count = seek.fill(some, 7); count > 0; count = seek.fill(some, 7)) {
        for (int i = 0; i < count; i++) {
          records.add(some[i]);
        }
      }
    }
    return records;
  }
}
