package dev.quarry.graph.repair;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.StoreOpenException;
import dev.quarry.graph.Direction;
import dev.quarry.graph.LoadPlan;
import dev.quarry.graph.Node;
import dev.quarry.graph.NodeCursor;
import dev.quarry.graph.Progress;
import dev.quarry.graph.Relationship;
import dev.quarry.graph.RelationshipCursor;
import dev.quarry.graph.catalog.ConstraintKind;
import dev.quarry.graph.check.GraphCheck;
import dev.quarry.graph.compact.Compaction;
import dev.quarry.graph.hash.GraphHash;
import dev.quarry.graph.load.Loader;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.graph.transaction.GraphTransaction;
import dev.quarry.graph.transaction.SchemaTarget;
import dev.quarry.storage.StoreOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever page is damaged: what the others hold is saved, nothing else is made up, and the store
/// that comes out is sound.
class RepairTest {
  private static final int PAGE = 4096;
  private static final int SECTOR = 512;

  @TempDir Path folder = Path.of("");
  private final long seed = Long.getLong("seed", System.nanoTime());

  /// A graph as values: what is compared.
  private record Content(
      Map<String, Set<String>> labels,
      Map<String, Map<String, Object>> properties,
      Map<String, Integer> relationships,
      GraphHash.Result hash) {}

  private static StoreOptions options() {
    return StoreOptions.defaults().withMemory(StoreOptions.LEAST_MEMORY);
  }

  private Path path(String name) {
    return folder.resolve(name + ".quarry");
  }

  private static void fill(GraphStore store, int nodes) {
    try (GraphTransaction tx = store.beginWrite()) {
      List<Node> made = new ArrayList<>();
      for (int i = 1; i <= nodes; i++) {
        String text = "a text of which pages are full ".repeat(i % 5) + i;
        made.add(tx.createNode(Set.of("N" + i % 2), Map.of("id", i, "text", text)));
      }
      for (int i = 0; i < 3 * nodes; i++) {
        Node from = made.get(i * 7 % nodes);
        Node to = made.get(i * 13 % nodes);
        Map<String, ?> properties = i % 4 == 0 ? Map.of("w", i + 1) : Map.of();
        tx.createRelationship(from, "R" + i % 2, to, properties);
      }
      tx.setProperty(made.get(0), "id", "of another type, and rather long at that");
      tx.setProperty(made.get(2), "zero", 0);
      tx.addLabel(made.get(1), "Extra");
      tx.detachDelete(made.get(4));
      tx.commit();
    }
  }

  private static void index(GraphStore store) {
    try (GraphTransaction tx = store.beginWrite()) {
      tx.createIndex("texts", SchemaTarget.nodes("N0", "text"), false);
      tx.commit();
    }
    try (GraphTransaction tx = store.beginWrite()) {
      SchemaTarget target = SchemaTarget.nodes("N0", "id");
      tx.createConstraint("ids", target, ConstraintKind.UNIQUE, List.of(), false);
      tx.commit();
    }
  }

  private Content original(int nodes) {
    GraphStore store = GraphStore.open(path("a"), options());
    fill(store, nodes);
    index(store);
    Content content = content(store);
    store.close();
    return content;
  }

  private static Content content(GraphStore store) {
    Map<String, Set<String>> labels = new TreeMap<>();
    Map<String, Map<String, Object>> properties = new TreeMap<>();
    Map<String, Integer> relationships = new HashMap<>();
    try (GraphSnapshot snapshot = store.beginRead()) {
      try (NodeCursor nodes = snapshot.nodes()) {
        while (nodes.next()) {
          Node node = nodes.node();
          labels.put(node.elementId(), snapshot.labels(node));
          properties.put(node.elementId(), snapshot.copy(node).properties());
          try (RelationshipCursor out = snapshot.relationships(node, Direction.OUTGOING)) {
            while (out.next()) {
              Relationship one = out.relationship();
              var value = snapshot.copy(one);
              String what = value.type() + value.start() + ">" + value.end() + value.properties();
              relationships.merge(what, 1, Integer::sum);
            }
          }
        }
      }
      GraphHash.Result hash = GraphHash.run(snapshot, store.store(), Progress.NONE);
      return new Content(labels, properties, relationships, hash);
    }
  }

  private Content repaired(Path target) {
    GraphStore store = GraphStore.open(target, options().withCreate(false));
    assertEquals(List.of(), GraphCheck.run(store, Progress.NONE).problems());
    Content content = content(store);
    store.close();
    assertEquals(0, store.store().budget().used());
    return content;
  }

  private Repair.Result repair(Path damaged, boolean withoutLog) {
    return Repair.run(damaged, path("out"), options(), withoutLog, Progress.NONE);
  }

  @Test
  void aSoundStoreComesOutAsItWas() throws IOException {
    Content before = original(300);
    byte[] bytes = Files.readAllBytes(path("a"));
    Repair.Result result = repair(path("a"), false);
    assertEquals(0, result.damagedPages());
    assertEquals(List.of(), result.losses());
    assertEquals(List.of(), result.notes());
    Content after = repaired(path("out"));
    assertEquals(before.labels(), after.labels());
    assertEquals(before.properties(), after.properties());
    assertEquals(before.relationships(), after.relationships());
    assertEquals(before.hash(), after.hash());
    assertArrayEquals(bytes, Files.readAllBytes(path("a")), "the damaged file is not touched");
  }

  @Test
  void everyPageInTurnIsZeroed() throws IOException {
    everyPage(original(120), bytes -> Arrays.fill(bytes, (byte) 0));
  }

  @Test
  void everyPageInTurnHasOneBitFlipped() throws IOException {
    Random random = new Random(seed);
    everyPage(
        original(120), bytes -> bytes[random.nextInt(PAGE)] ^= (byte) (1 << random.nextInt(8)));
  }

  /// Loaded relationships have lists of their own, and one node is a hub; later ones have rows.
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyPageOfAStoreWithListsOfTheirOwnAndAHubIsZeroed(boolean isPacked) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 1; i <= 2_100; i++) {
      lines.append("0 ").append(i % 150).append('\n').append(i % 7).append(" 9\n");
    }
    Path edges = Files.writeString(folder.resolve("edges.txt"), lines.toString());
    GraphStore store = GraphStore.open(path("a"), options());
    new Loader(store).load(new LoadPlan().edges("LINK", "Page", edges), Progress.NONE);
    try (GraphTransaction tx = store.beginWrite()) {
      Node hub = tx.findNode("Page", "id", 0).orElseThrow();
      for (int i = 0; i < 40; i++) {
        Node other = tx.findNode("Page", "id", i + 1).orElseThrow();
        tx.createRelationship(hub, "LINK", other, i % 2 == 0 ? Map.of("w", i + 1) : Map.of());
      }
      tx.commit();
    }
    if (isPacked) {
      System.setProperty("quarry.leastFrozenBytes", "1");
      Compaction.run(store, true, Runnable::run, () -> false, Progress.NONE);
      System.clearProperty("quarry.leastFrozenBytes");
    }
    Content before = content(store);
    store.close();
    Files.delete(edges);
    everyPage(before, bytes -> Arrays.fill(bytes, (byte) 0));
  }

  private interface Harm {
    void on(byte[] page);
  }

  private void everyPage(Content before, Harm harm) throws IOException {
    byte[] whole = Files.readAllBytes(path("a"));
    int beyond = 0;
    int lossless = 0;
    for (int place = 0; place < whole.length / PAGE; place++) {
      byte[] damaged = whole.clone();
      byte[] page = Arrays.copyOfRange(whole, place * PAGE, (place + 1) * PAGE);
      harm.on(page);
      System.arraycopy(page, 0, damaged, place * PAGE, PAGE);
      Files.write(path("b"), damaged);
      String where = "seed " + seed + " place " + place;
      try {
        Repair.Result result = repair(path("b"), false);
        assertArrayEquals(damaged, Files.readAllBytes(path("b")), where);
        lossless += verify(before, result, where) ? 1 : 0;
        Files.delete(path("out"));
      } catch (StoreOpenException e) {
        assertEquals(ErrorCode.STORE_DAMAGED, e.code(), where);
        boolean essential =
            e.getMessage().contains("of space 0") || e.getMessage().contains("space table");
        assertTrue(essential, where + ": " + e.getMessage());
        assertFalse(Files.exists(path("out")), where);
        beyond++;
      }
    }
    assertTrue(beyond <= 6, "seed " + seed + ": " + beyond + " pages cannot be done without");
    assertTrue(lossless > whole.length / PAGE / 2, "seed " + seed + ": " + lossless);
    try (var files = Files.list(folder)) {
      assertEquals(List.of(path("a"), path("b")), files.sorted().toList());
    }
  }

  /// Whether nothing was lost.
  private boolean verify(Content before, Repair.Result result, String where) {
    Content after = repaired(path("out"));
    String damage = result.pages() + " " + result.losses();
    where += " " + damage;
    assertTrue(result.damagedPages() <= 1, where);
    assertEquals(before.labels().keySet(), ids(before, after, result), where);
    if (!damage.contains("changes of label")) {
      assertEquals(before.labels(), labels(before, after, result), where);
    }
    boolean values =
        damage.contains("[property ")
            || damage.contains("[which have property")
            || damage.contains("[long values");
    long missing = missing(before, after, where);
    if (!values) {
      assertEquals(0, missing, where);
      assertEquals(before.hash().nodes(), after.hash().nodes(), where);
      assertEquals(before.hash().relationships(), after.hash().relationships(), where);
      if (!damage.contains("changes of label")) {
        assertEquals(before.hash().high(), after.hash().high(), where);
      }
    } else {
      long reported =
          result.losses().stream()
              .filter(loss -> loss.kind() == Losses.Kind.PROPERTIES)
              .mapToLong(Losses.Loss::count)
              .sum();
      assertTrue(missing <= reported, where + " missing " + missing);
      boolean onlyNulls = damage.contains("[which have property");
      assertTrue(!onlyNulls || missing <= 1, where + ": only the zero looks like nothing");
    }
    boolean equal = before.hash().equals(after.hash());
    boolean admitted = result.losses().stream().anyMatch(loss -> loss.kind() != Losses.Kind.IDS);
    assertTrue(equal || admitted, where);
    return equal;
  }

  /// Where generations are damaged, ids may differ; here they are all 0, but for reused slots.
  private static Set<String> ids(Content before, Content after, Repair.Result result) {
    boolean unknown = result.losses().stream().anyMatch(l -> l.kind() == Losses.Kind.IDS);
    return unknown ? before.labels().keySet() : after.labels().keySet();
  }

  private static Map<String, Set<String>> labels(
      Content before, Content after, Repair.Result result) {
    boolean unknown = result.losses().stream().anyMatch(l -> l.kind() == Losses.Kind.IDS);
    return unknown ? before.labels() : after.labels();
  }

  /// How many values of nodes and relationships are missing; none is another than before.
  private static long missing(Content before, Content after, String where) {
    long missing = 0;
    for (Map.Entry<String, Map<String, Object>> node : before.properties().entrySet()) {
      Map<String, Object> left = after.properties().get(node.getKey());
      if (left == null) {
        continue;
      }
      for (Map.Entry<String, Object> property : node.getValue().entrySet()) {
        Object value = left.get(property.getKey());
        missing += value == null ? 1 : 0;
        assertTrue(value == null || value.equals(property.getValue()), where);
      }
      assertTrue(node.getValue().keySet().containsAll(left.keySet()), where);
    }
    for (Map.Entry<String, Integer> one : before.relationships().entrySet()) {
      missing += Math.max(0, one.getValue() - after.relationships().getOrDefault(one.getKey(), 0));
    }
    return missing;
  }

  /// Copies a store that is in use, as a crash would leave it.
  private void crash(String name) throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        String from = file.getFileName().toString();
        if (from.startsWith("a.quarry") && !from.endsWith("-lock") && Files.isRegularFile(file)) {
          Files.copy(file, folder.resolve(name + from.substring(1)));
        }
      }
    }
  }

  @Test
  void theLogOfAnUncleanStoreIsRepeatedInMemoryUnlessItIsLeftOut() throws IOException {
    GraphStore store = GraphStore.open(path("a"), options());
    fill(store, 50);
    store.store().checkpoint();
    Content first = content(store);
    fill(store, 30);
    Content both = content(store);
    crash("b");
    store.close();
    byte[] bytes = Files.readAllBytes(path("b"));

    Repair.Result result = repair(path("b"), false);
    assertEquals(List.of(), result.losses());
    assertEquals(both.hash(), repaired(path("out")).hash());
    Files.delete(path("out"));

    result = repair(path("b"), true);
    assertEquals(Losses.Kind.COMMITS, result.losses().getFirst().kind());
    assertEquals(first.hash(), repaired(path("out")).hash());
    Files.delete(path("out"));
    assertArrayEquals(bytes, Files.readAllBytes(path("b")));

    Path log = folder.resolve("b.quarry-wal-000001");
    byte[] logBytes = Files.readAllBytes(log);
    Files.delete(log);
    CorruptPageException missing =
        assertThrows(CorruptPageException.class, () -> repair(path("b"), false));
    assertEquals(ErrorCode.STORE_WAL_MISSING, missing.code());
    assertTrue(String.valueOf(missing.hint()).contains("--without-wal"), missing.hint());
    assertFalse(Files.exists(path("out")));
    assertEquals(first.hash().nodes(), repair(path("b"), true).nodes());
    assertEquals(first.hash(), repaired(path("out")).hash());
    assertTrue(logBytes.length > 0);
  }

  @Test
  void aLogThatIsDamagedInItsMiddleIsRepeatedUpToThere() throws IOException {
    GraphStore store = GraphStore.open(path("a"), options());
    fill(store, 20);
    Content first = content(store);
    long commit = store.store().statistics().commitNumber();
    fill(store, 20);
    fill(store, 20);
    crash("b");
    store.close();
    Path log = folder.resolve("b.quarry-wal-000001");
    byte[] bytes = Files.readAllBytes(log);
    int second = secondBatch(bytes);
    bytes[second + 100] ^= 1;
    Files.write(log, bytes);
    CorruptPageException e =
        assertThrows(CorruptPageException.class, () -> GraphStore.open(path("b"), options()));
    assertTrue(String.valueOf(e.hint()).contains("quarry repair"), e.hint());
    Repair.Result result = repair(path("b"), false);
    assertEquals(commit, result.commitNumber());
    assertEquals(Losses.Kind.COMMITS, result.losses().getFirst().kind());
    assertEquals(first.hash(), repaired(path("out")).hash());
  }

  /// Where the second batch of a log begins: batches are aligned to sectors and begin with a magic
  /// word that the first one shows.
  private static int secondBatch(byte[] log) {
    for (int at = 2 * SECTOR; at < log.length; at += SECTOR) {
      if (Arrays.equals(log, at, at + 4, log, SECTOR, SECTOR + 4)) {
        return at;
      }
    }
    throw new AssertionError("there is one batch only");
  }

  @Test
  void theOlderStateIsTakenWhereTheNewestCannotBeRead() throws IOException {
    GraphStore store = GraphStore.open(path("a"), options());
    fill(store, 30);
    store.store().checkpoint();
    Content first = content(store);
    crash("old");
    fill(store, 30);
    store.store().checkpoint();
    crash("b");
    store.close();
    byte[] now = Files.readAllBytes(path("b"));
    java.nio.ByteBuffer meta =
        java.nio.ByteBuffer.wrap(now).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    int newest = meta.getLong(56) > meta.getLong(4096 + 56) ? 0 : 4096;
    // As after a crash before the newest state was confirmed in the other block.
    byte[] then = Files.readAllBytes(path("old"));
    System.arraycopy(then, 4096 - newest, now, 4096 - newest, 4096);
    long table = meta.getLong(newest + 104);
    now[(int) (table * PAGE) + 70] ^= 1;
    Files.write(path("b"), now);
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        if (file.getFileName().toString().startsWith("b.quarry-wal")) {
          Files.delete(file);
        }
      }
    }
    Repair.Result result = repair(path("b"), true);
    assertEquals(first.hash(), repaired(path("out")).hash());
    assertTrue(
        result.losses().stream().anyMatch(loss -> loss.kind() == Losses.Kind.COMMITS),
        result.losses().toString());
  }

  @Test
  void aTargetThatExistsIsNotOverwritten() throws IOException {
    original(10);
    Files.writeString(path("out"), "mine");
    StoreOpenException e = assertThrows(StoreOpenException.class, () -> repair(path("a"), false));
    assertEquals(ErrorCode.STORE_EXISTS, e.code());
    assertEquals("mine", Files.readString(path("out")));
  }
}
