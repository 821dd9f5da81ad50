package dev.quarry.graph.compact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.graph.Node;
import dev.quarry.graph.Progress;
import dev.quarry.graph.Relationship;
import dev.quarry.graph.catalog.Arena;
import dev.quarry.graph.catalog.ColumnLayout;
import dev.quarry.graph.check.GraphCheck;
import dev.quarry.graph.hash.GraphHash;
import dev.quarry.graph.repair.Repair;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.graph.transaction.GraphTransaction;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.arena.Column;
import dev.quarry.storage.arena.Dictionary;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeSource;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Nodes and relationships with strings, dates and lists that repeat, which are frozen by
/// compactions and leave their dictionaries again, against a map.
class FrozenStringsTest {
  private static final int NODES = 6_000;
  private static final List<String> KEYS = List.of("city", "note", "day", "tags", "name");

  private static final List<String> FROZEN = List.of("city", "note", "day", "tags");

  @TempDir Path folder = Path.of("");
  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Map<Node, Map<String, Object>> model = new HashMap<>();
  private final List<Node> nodes = new ArrayList<>();
  private GraphStore store = GraphStore.inMemory(options());

  private static StoreOptions options() {
    return StoreOptions.defaults().withMemory(32 << 20).withNativeMemory(NativeSource.FOREIGN);
  }

  @BeforeEach
  void fill() {
    System.out.println("FrozenStringsTest -Dseed=" + seed);
    store.close();
    store = GraphStore.open(folder.resolve("a.quarry"), options());
    try (GraphTransaction tx = store.beginWrite()) {
      for (int i = 0; i < NODES; i++) {
        create(tx, model, nodes);
      }
      for (int i = 0; i < 3_000; i++) {
        Map<String, Object> properties = Map.of("kind", value("note"));
        tx.createRelationship(anyNode(), "KNOWS", anyNode(), properties);
      }
      tx.commit();
    }
  }

  @AfterEach
  void theStoreIsSoundHoldsWhatTheMapHoldsAndTheLedgerIsZero() {
    verify(store);
    store.close();
    assertEquals(0, store.store().budget().used(), where());
  }

  private String where() {
    return "seed " + seed;
  }

  private Node anyNode() {
    return nodes.get(random.nextInt(nodes.size()));
  }

  private Object value(String key) {
    int which = random.nextInt(50);
    return switch (key) {
      case "city" -> "city " + which;
      case "note" -> "a note that does not fit into its cell, number " + which * which;
      case "day" -> LocalDate.of(2020, 1, 1).plusDays(which);
      case "tags" -> List.of("one", "two", "number " + which);
      default -> "the name of nobody else " + random.nextLong();
    };
  }

  private Object anyValue(String key) {
    return switch (random.nextInt(12)) {
      case 0 -> random.nextLong();
      case 1 -> "";
      case 2 -> "longer than a slot ".repeat(900 + random.nextInt(2));
      default -> value(key);
    };
  }

  private void create(GraphTransaction tx, Map<Node, Map<String, Object>> into, List<Node> all) {
    Map<String, Object> properties = new TreeMap<>();
    KEYS.forEach(key -> properties.put(key, value(key)));
    Node node = tx.createNode(Set.of("Person"), properties);
    into.put(node, properties);
    all.add(node);
  }

  private Compaction.Result compact() {
    return Compaction.run(store, random.nextBoolean(), Runnable::run, () -> false, Progress.NONE);
  }

  private void verify(GraphStore of) {
    assertEquals(List.of(), GraphCheck.run(of, Progress.NONE).problems(), where());
    try (GraphSnapshot snapshot = of.beginRead()) {
      assertEquals(model.size(), snapshot.nodeCount(0), where());
      model.forEach(
          (node, properties) ->
              KEYS.forEach(
                  key -> assertEquals(properties.get(key), snapshot.property(node, key), where())));
    }
  }

  private static GraphHash.Result hash(GraphStore of) {
    try (GraphSnapshot snapshot = of.beginRead()) {
      return GraphHash.run(snapshot, of.store(), Progress.NONE);
    }
  }

  private static ColumnLayout column(GraphSnapshot snapshot, String key) {
    Arena arena = snapshot.catalog().arenas().getFirst();
    return arena.column(snapshot.catalog().key(key));
  }

  /// How many slots have a code.
  private static int frozen(GraphStore of, String key) {
    try (GraphSnapshot snapshot = of.beginRead()) {
      Dictionary dictionary = new Dictionary(snapshot.pages(), column(snapshot, key).dictionary());
      int frozen = 0;
      for (long slot = 0; slot < Dictionary.GROUP; slot++) {
        frozen += dictionary.code(slot) == 0 ? 0 : 1;
      }
      return frozen;
    }
  }

  private int catalogVersion() {
    try (GraphSnapshot snapshot = store.beginRead()) {
      return Integer.reverseBytes(Memory.getInt(snapshot.pages().table(0).address(0) + 8));
    }
  }

  @Test
  void itIsTheSameGraphAndTakesLess() {
    GraphHash.Result before = hash(store);
    store.store().checkpoint();
    long plain = store.store().statistics().reachableBytes();
    assertTrue(compact().isComplete());
    for (String key : FROZEN) {
      assertEquals(NODES, frozen(store, key), key);
    }
    assertEquals(0, frozen(store, "name"), "all names are different");
    assertEquals(before, hash(store), where());
    long saved = plain - store.store().statistics().reachableBytes();
    assertTrue(saved > 6_000 * (4 * 14 + 64 + 32), where() + ", saved " + saved);
    assertEquals(0, compact().moved(), "they are frozen already");
    store.close();
    store = GraphStore.open(folder.resolve("a.quarry"), options());
    assertEquals(NODES, frozen(store, "note"));
    assertEquals(8, catalogVersion(), "which an older build does not open");
  }

  @Test
  void valuesLeaveTheirDictionariesOneByOne() {
    compact();
    int which = random.nextInt(NODES);
    Node node = nodes.get(which);
    change(node, "note", "another note, which is in no dictionary yet");
    change(node, "city", null);
    change(nodes.get((which + 1 + random.nextInt(NODES - 1)) % NODES), "note", 42L);
    assertEquals(NODES - 2, frozen(store, "note"));
    assertEquals(NODES - 1, frozen(store, "city"));
    verify(store);
    try (GraphTransaction tx = store.beginWrite()) {
      tx.setProperty(node, "note", "never committed");
      tx.rollback();
    }
  }

  private void change(Node node, String key, Object value) {
    try (GraphTransaction tx = store.beginWrite()) {
      change(tx, model, node, key, value);
      tx.commit();
    }
  }

  private static void change(
      GraphTransaction tx, Map<Node, Map<String, Object>> of, Node node, String key, Object value) {
    tx.setProperty(node, key, value);
    if (value == null) {
      of.get(node).remove(key);
    } else {
      of.get(node).put(key, value);
    }
  }

  /// One transaction; the model follows if it is committed.
  private void changeAtRandom(int changes) {
    Map<Node, Map<String, Object>> after = new HashMap<>();
    model.forEach((node, properties) -> after.put(node, new TreeMap<>(properties)));
    List<Node> all = new ArrayList<>(nodes);
    try (GraphTransaction tx = store.beginWrite()) {
      for (int i = 0; i < changes; i++) {
        Node node = all.get(random.nextInt(all.size()));
        String key = KEYS.get(random.nextInt(KEYS.size()));
        switch (random.nextInt(8)) {
          case 0 -> create(tx, after, all);
          case 1 -> {
            tx.detachDelete(node);
            after.remove(node);
            all.remove(node);
          }
          case 2 -> change(tx, after, node, key, null);
          default -> change(tx, after, node, key, anyValue(key));
        }
      }
      if (random.nextInt(4) == 0) {
        tx.rollback();
      } else {
        tx.commit();
        model.clear();
        model.putAll(after);
        nodes.clear();
        nodes.addAll(all);
      }
    }
  }

  @Test
  void changesAndCompactionsInTurnAgreeWithAMap() {
    for (int round = 0; round < 12; round++) {
      changeAtRandom(random.nextInt(random.nextBoolean() ? 20 : 1_000));
      int[] left = {random.nextBoolean() ? Integer.MAX_VALUE : random.nextInt(60)};
      Compaction.run(
          store,
          random.nextBoolean(),
          step -> {
            step.run();
            if (random.nextInt(20) == 0) {
              changeAtRandom(1 + random.nextInt(30));
            }
          },
          () -> left[0]-- <= 0,
          Progress.NONE);
      if (random.nextInt(3) == 0) {
        store.close();
        store = GraphStore.open(folder.resolve("a.quarry"), options());
      }
      verify(store);
    }
  }

  @Test
  void aReaderSeesWhatItSawWhileValuesAreFrozenAndLeave() {
    try (GraphSnapshot plain = store.beginRead()) {
      GraphHash.Result before = GraphHash.run(plain, store.store(), Progress.NONE);
      compact();
      try (GraphSnapshot frozen = store.beginRead()) {
        changeAtRandom(500);
        compact();
        changeAtRandom(500);
        assertEquals(before, GraphHash.run(frozen, store.store(), Progress.NONE), where());
      }
      assertEquals(before, GraphHash.run(plain, store.store(), Progress.NONE), where());
    }
  }

  @Test
  void whatNobodyHasAnyMoreGoesWithTheNextCompaction() {
    compact();
    try (GraphTransaction tx = store.beginWrite()) {
      nodes.forEach(tx::detachDelete);
      tx.commit();
    }
    model.clear();
    nodes.clear();
    compact();
    try (GraphSnapshot snapshot = store.beginRead()) {
      for (String key : FROZEN) {
        ColumnLayout column = column(snapshot, key);
        assertEquals(0, snapshot.pages().table(column.values()).presentPages(), key);
        assertEquals(0, snapshot.pages().table(column.dictionary().codes()).presentPages(), key);
        assertEquals(0, snapshot.pages().table(column.dictionary().entries()).presentPages(), key);
      }
    }
  }

  @Test
  void relationshipsAreFrozenAsWell() {
    GraphHash.Result before = hash(store);
    compact();
    try (GraphSnapshot snapshot = store.beginRead()) {
      Arena rows = snapshot.catalog().edgeArenas().getFirst();
      ColumnLayout kinds = rows.columns().getFirst();
      assertTrue(kinds.dictionary().exist());
      assertTrue(new Column(snapshot.pages(), kinds.values(), 16).isAbsent(0));
    }
    assertEquals(before, hash(store), where());
    try (GraphTransaction tx = store.beginWrite()) {
      Relationship one = tx.createRelationship(anyNode(), "KNOWS", anyNode(), Map.of("kind", "x"));
      tx.setProperty(one, "kind", "y");
      assertEquals("y", tx.property(one, "kind"));
      tx.commit();
    }
  }

  @Test
  void aBackupAndARepairedStoreAreTheSameGraph() {
    compact();
    changeAtRandom(300);
    GraphHash.Result before = hash(store);
    Path copy = folder.resolve("copy.quarry");
    store.store().backup(copy, pages -> {});
    try (GraphStore other = GraphStore.open(copy, options())) {
      assertTrue(frozen(other, "note") > NODES / 2);
      assertEquals(before, hash(other), where());
      assertEquals(List.of(), GraphCheck.run(other, Progress.NONE).problems());
    }
    Path mended = folder.resolve("mended.quarry");
    Repair.Result result = Repair.run(copy, mended, options(), false, Progress.NONE);
    assertEquals(List.of(), result.losses(), where());
    try (GraphStore other = GraphStore.open(mended, options())) {
      assertEquals(before, hash(other), where());
    }
  }

  @Test
  void aRegionTakesItsDictionariesWithIt() {
    try (GraphTransaction tx = store.beginWrite()) {
      tx.createRegion("r");
      for (int i = 0; i < 3_000; i++) {
        tx.createNode("r", Set.of("Other"), Map.of("note", value("note")));
      }
      tx.commit();
    }
    compact();
    try (GraphTransaction tx = store.beginWrite()) {
      tx.dropRegion("r");
      tx.commit();
    }
  }

  @Test
  void theCheckNamesASlotWhoseCodeMeansNothing() {
    compact();
    int[] space = new int[1];
    try (GraphSnapshot snapshot = store.beginRead()) {
      space[0] = column(snapshot, "note").dictionary().codes();
    }
    store
        .store()
        .rearrange(pages -> Memory.putShort(pages.writable(space[0], 0) + 8, (short) 0x7777));
    List<String> problems = GraphCheck.run(store, Progress.NONE).problems();
    String expected = "arena 0, property note: slot 4 has code 30583, which no entry has";
    assertTrue(problems.contains(expected), problems::toString);
    change(nodes.get(4), "note", null);
  }
}
