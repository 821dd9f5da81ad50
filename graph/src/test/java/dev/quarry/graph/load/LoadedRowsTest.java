package dev.quarry.graph.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.GraphException;
import dev.quarry.graph.Direction;
import dev.quarry.graph.LoadPlan;
import dev.quarry.graph.LoadReport;
import dev.quarry.graph.Node;
import dev.quarry.graph.NodeCursor;
import dev.quarry.graph.Progress;
import dev.quarry.graph.RelationshipCursor;
import dev.quarry.graph.catalog.ConstraintKind;
import dev.quarry.graph.check.GraphCheck;
import dev.quarry.graph.hash.GraphHash;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.graph.transaction.GraphTransaction;
import dev.quarry.graph.transaction.SchemaTarget;
import dev.quarry.storage.StoreOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Relationships with properties are loaded as the API would make them, however little memory there
/// is, and their rows lie in the order of the outgoing lists.
class LoadedRowsTest {
  private static final int NODES = 600;
  private static final int ROWS = 25_000;
  private static final List<String> LABELS = List.of("A", "B", "C");

  private final Path folder;
  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final GraphStore store;
  private final GraphStore expected = GraphStore.inMemory(StoreOptions.defaults());
  private final List<Node> nodes = new ArrayList<>();
  private int written;

  LoadedRowsTest(@TempDir Path folder) {
    this.folder = folder;
    this.store = GraphStore.open(folder.resolve("x.quarry"), StoreOptions.defaults());
    System.out.println("LoadedRowsTest -Dseed=" + seed);
  }

  private String where() {
    return "seed " + seed;
  }

  @AfterEach
  void checkAndClose() {
    for (GraphStore each : List.of(store, expected)) {
      try (GraphSnapshot snapshot = each.beginRead()) {
        assertEquals(List.of(), GraphCheck.run(snapshot, Progress.NONE).problems(), where());
      }
      each.close();
      assertEquals(0, each.store().budget().used(), where());
    }
    assertFalse(Files.exists(folder.resolve("x.quarry-tmp").resolve("kind0-rows")));
  }

  /// Nodes of three arenas, in the file and as the API makes them.
  private Path people(GraphTransaction tx) throws IOException {
    StringBuilder text = new StringBuilder("id:ID(P),:LABEL\n");
    for (long id = 0; id < NODES; id++) {
      String label = LABELS.get(random.nextInt(LABELS.size()));
      text.append(id).append(',').append(label).append('\n');
      nodes.add(tx.createNode(Set.of(label), Map.of("id", id)));
    }
    return Files.writeString(folder.resolve("p.csv"), text);
  }

  /// Some nodes have most of the relationships, and many are parallel or loops.
  private int node() {
    return random.nextInt(3) == 0 ? random.nextInt(3) : random.nextInt(NODES);
  }

  /// Relationships of two types. In `s.csv` the property `v` is a float and `w` an integer,
  /// elsewhere `w` and `v`.
  private Path relationships(GraphTransaction tx, String name, int rows) throws IOException {
    String decimal = name.equals("s.csv") ? "v" : "w";
    String whole = decimal.equals("v") ? "w" : "v";
    StringBuilder text =
        new StringBuilder(
            ":START_ID(P),:END_ID(P),:TYPE,n:int,%s:double,note,day:date,%s:int\n"
                .formatted(decimal, whole));
    for (int row = 0; row < rows; row++) {
      int from = node();
      int to = random.nextInt(50) == 0 ? from : node();
      String type = random.nextInt(100) == 0 ? "RARE" : "T";
      if (random.nextInt(200) == 0) {
        text.append("9999,0,T,,,,,\n"); // is rejected
        continue;
      }
      Map<String, Object> properties = new HashMap<>();
      boolean isBare = random.nextInt(10) == 0;
      text.append(from).append(',').append(to).append(',').append(type);
      append(text, properties, "n", isBare ? null : written++);
      append(text, properties, decimal, isBare || random.nextBoolean() ? null : row + 0.5);
      append(text, properties, "note", isBare || random.nextBoolean() ? null : note());
      LocalDate day = LocalDate.ofEpochDay(random.nextInt(9_999));
      append(text, properties, "day", isBare || random.nextInt(9) > 0 ? null : day);
      append(text, properties, whole, isBare || random.nextInt(9) > 0 ? null : row);
      text.append('\n');
      tx.createRelationship(nodes.get(from), type, nodes.get(to), properties);
    }
    return Files.writeString(folder.resolve(name), text);
  }

  private String note() {
    int length = random.nextInt(500) == 0 ? 100_000 : random.nextInt(30);
    return "x".repeat(length) + "\u00e4" + random.nextInt(1_000);
  }

  private static void append(
      StringBuilder text, Map<String, Object> properties, String key, Object value) {
    text.append(',').append(value == null ? "" : value);
    if (value != null) {
      properties.put(key, value);
    }
  }

  private LoadReport load(LoadPlan plan) {
    return new Loader(store).load(plan, Progress.NONE);
  }

  private void loadAndCompare(long memory) throws IOException {
    LoadPlan plan;
    try (GraphTransaction tx = expected.beginWrite()) {
      plan = new LoadPlan().nodes("", people(tx)).memory(memory).tolerate(ROWS);
      plan = plan.relationships("", relationships(tx, "r.csv", ROWS));
      plan = plan.relationships("", relationships(tx, "s.csv", ROWS / 10));
      tx.commit();
    }
    LoadReport report = load(plan);
    assertTrue(memory == 0 || report.peakBytes() <= memory, report.peakBytes() + ", " + where());
    assertEquals(hash(expected), hash(store), where());
    assertRowsInOrder();
  }

  private static GraphHash.Result hash(GraphStore of) {
    try (GraphSnapshot snapshot = of.beginRead()) {
      return GraphHash.run(snapshot, of.store(), Progress.NONE);
    }
  }

  /// Slots of rows rise without a gap along the lists of each arena to each other one, and
  /// parallels are in the order of the files.
  private void assertRowsInOrder() {
    Map<String, Long> lastSlots = new HashMap<>();
    Map<String, Long> firstSlots = new HashMap<>();
    Map<String, Long> counts = new HashMap<>();
    try (GraphSnapshot snapshot = store.beginRead()) {
      for (String label : LABELS) {
        try (NodeCursor cursor = snapshot.nodes(label)) {
          while (cursor.next()) {
            Map<String, Long> parallels = new HashMap<>();
            try (RelationshipCursor out =
                snapshot.relationships(cursor.node(), Direction.OUTGOING)) {
              while (out.next()) {
                String id = out.relationship().elementId();
                if (!id.startsWith("r")) {
                  continue;
                }
                long slot = Long.parseLong(id.split("\\.")[1]);
                String kind = label + out.type() + snapshot.labels(out.neighbourNode());
                firstSlots.putIfAbsent(kind, slot);
                Long before = lastSlots.put(kind, slot);
                assertTrue(before == null || slot == before + 1, kind + slot + ", " + where());
                counts.merge(kind, 1L, Long::sum);
                long number = (Long) out.get(snapshot.key("n"));
                Long parallel = parallels.put(kind + out.neighbourNode(), number);
                assertTrue(parallel == null || parallel < number, where());
              }
            }
          }
        }
      }
    }
    assertEquals(written, counts.values().stream().mapToLong(n -> n).sum(), where());
    firstSlots.forEach(
        (kind, first) ->
            assertEquals(lastSlots.get(kind) - first + 1, counts.get(kind), kind + where()));
  }

  @Test
  void inMemory() throws IOException {
    loadAndCompare(0);
  }

  @Test
  void inRunsOfFiles() throws IOException {
    loadAndCompare(4 << 20);
  }

  @Test
  void inManyRunsOfFiles() throws IOException {
    loadAndCompare(2 << 20);
  }

  @Test
  void withAnIndexAndWhatWasThereBefore() throws IOException {
    for (GraphStore each : List.of(store, expected)) {
      try (GraphTransaction tx = each.beginWrite()) {
        tx.createIndex("byN", SchemaTarget.relationships("T", "n"), false);
        tx.commit();
      }
    }
    loadAndCompare(4 << 20);
    LoadPlan more;
    try (GraphTransaction tx = expected.beginWrite()) {
      nodes.clear();
      more = new LoadPlan().nodes("", people(tx)).append().memory(2 << 20).tolerate(ROWS);
      more = more.relationships("", relationships(tx, "more.csv", ROWS / 2));
      tx.commit();
    }
    load(more);
    assertEquals(hash(expected), hash(store), where());
  }

  @Test
  void aConstraintSeesThem() throws IOException {
    try (GraphTransaction tx = store.beginWrite()) {
      SchemaTarget target = SchemaTarget.relationships("T", "n");
      tx.createConstraint("once", target, ConstraintKind.UNIQUE, List.of(), false);
      tx.commit();
    }
    Path people = Files.writeString(folder.resolve("p.csv"), "id:ID,:LABEL\n1,A\n2,B\n");
    Path twice =
        Files.writeString(
            folder.resolve("r.csv"), ":START_ID,:END_ID,:TYPE,n:int\n1,2,T,5\n2,1,T,5\n");
    LoadPlan wrong = new LoadPlan().nodes("", people).relationships("", twice);
    assertThrows(GraphException.class, () -> load(wrong));
    Path once =
        Files.writeString(
            folder.resolve("s.csv"), ":START_ID,:END_ID,:TYPE,n:int\n1,2,T,5\n2,1,T,6\n");
    LoadPlan right = new LoadPlan().nodes("", people).relationships("", once);
    assertEquals(2, load(right).relationships());
  }
}
