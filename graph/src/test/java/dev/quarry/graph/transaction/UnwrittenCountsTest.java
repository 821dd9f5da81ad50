package dev.quarry.graph.transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.graph.Node;
import dev.quarry.graph.Progress;
import dev.quarry.graph.Relationship;
import dev.quarry.graph.check.GraphCheck;
import dev.quarry.storage.StoreOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Counts of relationships are exact, whether pages have them or only the version.
class UnwrittenCountsTest {
  @TempDir Path folder = Path.of("");
  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Map<String, Long> expected = new TreeMap<>();
  private final List<Relationship> made = new ArrayList<>();
  private final Set<String> bares = new HashSet<>(); // those without properties, all different
  private final List<Node> nodes = new ArrayList<>();
  private GraphStore store = GraphStore.inMemory(options());

  private static StoreOptions options() {
    return StoreOptions.defaults().withMemory(32 << 20);
  }

  private Path path(String name) {
    return folder.resolve(name + ".quarry");
  }

  /// Opens a graph of ten nodes in two arenas, one of them in a region.
  private void open() {
    close();
    store = GraphStore.open(path("a"), options());
    try (GraphTransaction tx = store.beginWrite()) {
      tx.createRegion("far");
      for (int i = 0; i < 10; i++) {
        nodes.add(
            i % 2 == 0
                ? tx.createNode(Set.of("N"), Map.of())
                : tx.createNode("far", Set.of("N"), Map.of()));
      }
      tx.commit();
    }
  }

  @AfterEach
  void close() {
    assertSound(store);
    store.close();
    assertEquals(0, store.store().budget().used());
  }

  private void assertSound(GraphStore graph) {
    assertEquals(List.of(), GraphCheck.run(graph, Progress.NONE).problems(), "seed " + seed);
  }

  /// Relationships come and go in one commit of a few.
  private void commit(int types) {
    try (GraphTransaction tx = store.beginWrite()) {
      for (int i = random.nextInt(3); i >= 0; i--) {
        change(tx, "T" + random.nextInt(types));
        assertCounts(tx);
      }
      tx.commit();
    }
  }

  private void change(GraphTransaction tx, String type) {
    if (!made.isEmpty() && random.nextInt(5) < 2) {
      Relationship gone = made.remove(random.nextInt(made.size()));
      expected.merge(tx.type(gone), -1L, Long::sum);
      tx.delete(gone);
    } else {
      Node start = any();
      Node end = any();
      boolean bare = bares.add(type + start.elementId() + end.elementId());
      made.add(tx.createRelationship(start, type, end, bare ? Map.of() : Map.of("p", 1)));
      expected.merge(type, 1L, Long::sum);
    }
  }

  private Node any() {
    return nodes.get(random.nextInt(nodes.size()));
  }

  private void assertCounts(RecordReading reading) {
    assertCounts(reading, expected);
  }

  private void assertCounts(RecordReading reading, Map<String, Long> counts) {
    counts.forEach(
        (type, count) -> {
          int token = reading.catalog().type(type);
          long[] byKind = new long[1];
          Objects.requireNonNull(reading.counts().kinds())
              .ofType(token, (source, same, target, more) -> byKind[0] += more);
          assertEquals(count, reading.counts().relationships(token), () -> type + ", seed " + seed);
          assertEquals(count, byKind[0], () -> type + " by kind, seed " + seed);
        });
  }

  private static boolean hasUnwritten(GraphStore graph) {
    try (GraphSnapshot snapshot = graph.beginRead()) {
      return !snapshot.unwritten().isEmpty();
    }
  }

  @Test
  void aReaderGoesOnSeeingTheCountsOfItsCommit() {
    open();
    commit(1);
    for (int round = 0; round < 50; round++) {
      Map<String, Long> then = new TreeMap<>(expected);
      try (GraphSnapshot before = store.beginRead()) {
        commit(3);
        store.store().checkpoint();
        commit(3);
        assertCounts(before, then);
      }
      try (GraphSnapshot now = store.beginRead()) {
        assertCounts(now);
      }
    }
  }

  @Test
  void rolledBackChangesDoNotCount() {
    open();
    commit(1);
    commit(1);
    Map<String, Long> then = new TreeMap<>(expected);
    List<Relationship> kept = List.copyOf(made);
    try (GraphTransaction tx = store.beginWrite()) {
      change(tx, "T0");
      change(tx, "T1");
    }
    expected.clear();
    expected.putAll(then);
    made.clear();
    made.addAll(kept);
    try (GraphSnapshot now = store.beginRead()) {
      assertCounts(now);
    }
  }

  @Test
  void aCheckpointWritesThemAndAClosedStoreHasThem() {
    open();
    do {
      commit(2);
    } while (!hasUnwritten(store));
    store.store().checkpoint();
    assertFalse(hasUnwritten(store));
    assertSound(store);
    while (!hasUnwritten(store)) {
      commit(2);
    }
    store.close();
    store = GraphStore.open(path("a"), options());
    assertFalse(hasUnwritten(store));
    try (GraphSnapshot now = store.beginRead()) {
      assertCounts(now);
    }
  }

  @Test
  void aCrashLosesNone() throws IOException {
    open();
    for (int round = 0; round < 30; round++) {
      commit(3);
      if (round == 15) {
        store.store().checkpoint();
      }
    }
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (!name.endsWith("lock")) {
          Files.copy(file, folder.resolve(name.replace("a.quarry", "crashed.quarry")));
        }
      }
    }
    GraphStore crashed = GraphStore.open(path("crashed"), options());
    assertTrue(Files.exists(path("crashed")));
    try (GraphSnapshot now = crashed.beginRead()) {
      assertCounts(now);
    }
    assertSound(crashed);
    crashed.close();
  }

  @Test
  void aBackupHasThemAlsoBesideAWriter() {
    open();
    commit(2);
    while (!hasUnwritten(store)) {
      commit(2);
    }
    Map<String, Long> then = new TreeMap<>(expected);
    GraphTransaction beside = store.beginWrite();
    change(beside, "T0");
    store.store().backup(path("b"), bytes -> {});
    GraphStore copy = GraphStore.open(path("b"), options());
    try (GraphSnapshot now = copy.beginRead()) {
      assertCounts(now, then);
    }
    assertSound(copy);
    copy.close();
    beside.commit();
    try (GraphSnapshot now = store.beginRead()) {
      assertCounts(now);
    }
  }

  @Test
  void manyKindsAreNotKept() {
    open();
    for (int round = 0; round < 200; round++) {
      commit(40);
      try (GraphSnapshot now = store.beginRead()) {
        assertCounts(now);
        assertTrue(now.unwritten().byKind().size() <= 16, "seed " + seed);
      }
    }
  }

  @Test
  void aTransactionThatIsTooLargeForTheLogWritesThem() {
    open();
    commit(1);
    while (!hasUnwritten(store)) {
      commit(1);
    }
    try (GraphTransaction tx = store.beginWrite()) {
      made.add(tx.createRelationship(nodes.get(0), "T0", nodes.get(2), Map.of()));
      expected.merge("T0", 1L, Long::sum);
      String text = "t".repeat(10_000);
      for (int i = 0; i < 1_000; i++) {
        tx.createNode(Set.of("Large"), Map.of("text", text));
      }
      tx.commit();
    }
    assertFalse(hasUnwritten(store));
    assertEquals(0, store.store().statistics().walBytes());
    try (GraphSnapshot now = store.beginRead()) {
      assertCounts(now);
    }
  }

  @Test
  void aDroppedRegionTakesItsCountsWithIt() {
    open();
    while (!hasUnwritten(store)) {
      commit(2);
    }
    try (GraphTransaction tx = store.beginWrite()) {
      change(tx, "T0");
      tx.dropRegion("far");
      tx.commit();
    }
    assertSound(store);
    for (int round = 0; round < 5; round++) {
      try (GraphTransaction tx = store.beginWrite()) {
        tx.createRelationship(nodes.get(0), "T0", nodes.get(2), Map.of());
        tx.commit();
      }
      assertSound(store);
    }
  }
}
