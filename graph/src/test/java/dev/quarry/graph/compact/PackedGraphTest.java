package dev.quarry.graph.compact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.quarry.graph.Direction;
import dev.quarry.graph.LoadPlan;
import dev.quarry.graph.Node;
import dev.quarry.graph.Progress;
import dev.quarry.graph.Relationship;
import dev.quarry.graph.RelationshipCursor;
import dev.quarry.graph.catalog.CatalogBuilder;
import dev.quarry.graph.catalog.ColumnLayout;
import dev.quarry.graph.catalog.ListKind;
import dev.quarry.graph.check.GraphCheck;
import dev.quarry.graph.hash.GraphHash;
import dev.quarry.graph.load.Loader;
import dev.quarry.graph.repair.Repair;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.graph.transaction.GraphTransaction;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.page.PageTransaction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/// A loaded graph that is packed, with a hub, self-loops, parallels and nodes of few relationships;
/// these have a property each, or none.
@ParameterizedClass
@ValueSource(booleans = {false, true})
class PackedGraphTest {
  private static final int NODES = 2_000;

  @TempDir Path folder = Path.of("");
  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final boolean haveProperties;
  private GraphStore store = GraphStore.inMemory(options());

  PackedGraphTest(boolean haveProperties) {
    this.haveProperties = haveProperties;
  }

  private static StoreOptions options() {
    return StoreOptions.defaults().withMemory(16 << 20).withNativeMemory(NativeSource.FOREIGN);
  }

  @BeforeEach
  void load() throws IOException {
    System.out.println("PackedGraphTest -Dseed=" + seed);
    store.close();
    StringBuilder lines = new StringBuilder(haveProperties ? ":START_ID,:END_ID,weight:int\n" : "");
    for (int i = 0; i < 30_000; i++) {
      int from = random.nextInt(4) == 0 ? 0 : random.nextInt(NODES);
      int to = random.nextInt(50) == 0 ? from : random.nextInt(NODES);
      lines.append(haveProperties ? "%d,%d,%d\n".formatted(from, to, i) : from + " " + to + "\n");
    }
    Path edges = Files.writeString(folder.resolve("edges.txt"), lines);
    LoadPlan plan =
        haveProperties
            ? new LoadPlan().nodes("Page", nodesFile()).relationships("LINK", edges)
            : new LoadPlan().edges("LINK", "Page", edges);
    store = GraphStore.open(folder.resolve("a.quarry"), options());
    new Loader(store).load(plan, Progress.NONE);
  }

  private Path nodesFile() throws IOException {
    StringBuilder lines = new StringBuilder("id:ID{integer}\n");
    for (int i = 0; i < NODES; i++) {
      lines.append(i).append('\n');
    }
    return Files.writeString(folder.resolve("nodes.csv"), lines);
  }

  @AfterEach
  void theStoreIsSoundAndTheLedgerZero() {
    assertEquals(List.of(), GraphCheck.run(store, Progress.NONE).problems(), where());
    store.close();
    assertEquals(0, store.store().budget().used(), where());
  }

  private String where() {
    return "seed " + seed;
  }

  private Compaction.Result compact(boolean packs) {
    return Compaction.run(store, packs, Runnable::run, () -> false, Progress.NONE);
  }

  private static GraphHash.Result hash(GraphStore of) {
    try (GraphSnapshot snapshot = of.beginRead()) {
      return GraphHash.run(snapshot, of.store(), Progress.NONE);
    }
  }

  /// Whether the first group of all kinds of lists is packed.
  private static boolean isPacked(GraphStore of) {
    try (GraphSnapshot snapshot = of.beginRead()) {
      boolean all = true;
      for (ListKind kind : snapshot.catalog().kinds()) {
        long groups = snapshot.pages().table(kind.spaces().runs().groups()).address(0);
        all &= Memory.getByte(groups + 13) == 1;
      }
      return all;
    }
  }

  @Test
  void itIsTheSameGraphAndTakesLess() {
    GraphHash.Result before = hash(store);
    compact(false);
    long plain = store.store().statistics().reachableBytes();
    assertFalse(isPacked(store));
    assertTrue(compact(true).isComplete());
    assertTrue(isPacked(store));
    assertEquals(before, hash(store), where());
    assertTrue(store.store().statistics().reachableBytes() < plain - 50_000, where());
    assertEquals(0, compact(true).moved(), "it is packed already");
    assertEquals(0, compact(false).moved(), "it stays packed while nothing changes");
    store.close();
    store = GraphStore.open(folder.resolve("a.quarry"), options());
    assertTrue(isPacked(store));
    assertEquals(before, hash(store), where());
  }

  private int catalogVersion() {
    try (GraphSnapshot snapshot = store.beginRead()) {
      return Integer.reverseBytes(Memory.getInt(snapshot.pages().table(0).address(0) + 8));
    }
  }

  /// Writes a catalog of version 5 instead, in which columns have no dictionaries.
  private static void makeOlder(PageTransaction pages) {
    long at = pages.writable(0, 0);
    int length = (int) Memory.getLong(at);
    ByteBuffer old = ByteBuffer.allocate(length);
    Memory.getBytes(at, old.array(), 0, length);
    old.putInt(8, 5);
    List<ColumnLayout> columns = CatalogBuilder.of(pages).arenas().getFirst().columns();
    assertEquals(1, columns.size());
    int none = length - 8;
    while (old.getLong(none) != -1 || old.getInt(none - 4) != columns.getFirst().overflow()) {
      none--;
    }
    System.arraycopy(old.array(), none + 8, old.array(), none, length - none - 8);
    Memory.putBytes(old.array(), 0, at, length);
    Memory.putLong(at, length - 8);
  }

  /// A build that knows no packed lists then refuses it by its catalog.
  @Test
  void aStoreOfTheVersionBeforeGetsTheNewestCatalogBeforeItIsPacked() {
    assumeFalse(haveProperties); // a column of theirs would have to be made older as well
    assertEquals(8, catalogVersion());
    store.store().rearrange(PackedGraphTest::makeOlder);
    compact(false);
    assertEquals(5, catalogVersion(), "which has all that is not packed");
    compact(true);
    assertEquals(8, catalogVersion());
    store.close();
    store = GraphStore.open(folder.resolve("a.quarry"), options());
  }

  @Test
  void aBackupAndARepairedStoreAreTheSameGraph() {
    compact(true);
    GraphHash.Result before = hash(store);
    Path copy = folder.resolve("copy.quarry");
    store.store().backup(copy, pages -> {});
    try (GraphStore other = GraphStore.open(copy, options())) {
      assertTrue(isPacked(other));
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
  void manyChangesUnpackItAtTheNextCompactionAndPackingPacksItAgain() {
    compact(true);
    try (GraphTransaction tx = store.beginWrite()) {
      List<Node> nodes = nodes(tx);
      for (int i = 0; i < NODES; i++) {
        Node to = nodes.get(random.nextInt(nodes.size()));
        Map<String, ?> properties = haveProperties && i % 2 == 0 ? Map.of("weight", i) : Map.of();
        tx.createRelationship(nodes.get(i % nodes.size()), "LINK", to, properties);
      }
      tx.commit();
    }
    GraphHash.Result before = hash(store);
    compact(false);
    assertFalse(isPacked(store));
    assertEquals(before, hash(store), where());
    compact(true);
    assertTrue(isPacked(store));
    assertEquals(before, hash(store), where());
  }

  private static List<Node> nodes(GraphTransaction tx) {
    List<Node> nodes = new ArrayList<>();
    try (var all = tx.nodes()) {
      while (all.next()) {
        nodes.add(all.node());
      }
    }
    return nodes;
  }

  @Test
  void aCursorOfAWriterShowsAllThatThereWasWhileItIsDeleted() {
    compact(true);
    try (GraphTransaction tx = store.beginWrite()) {
      Node hub = tx.findNode("Page", "id", 0).orElseThrow();
      long degree = tx.degree(hub, Direction.OUTGOING);
      assertTrue(degree > 5_000);
      int shown = 0;
      try (RelationshipCursor all = tx.relationships(hub, Direction.OUTGOING)) {
        while (all.next()) {
          Relationship one = all.relationship();
          if (++shown > 200 && random.nextInt(3) > 0) {
            tx.delete(one);
          }
        }
      }
      assertEquals(degree, shown, where());
      tx.commit();
    }
  }

  @Test
  void cursorsThatAreLeftInTheMiddleStayApart() {
    compact(true);
    try (GraphSnapshot snapshot = store.beginRead()) {
      Node hub = snapshot.findNode("Page", "id", 0).orElseThrow();
      List<Long> expected = new ArrayList<>();
      try (RelationshipCursor all = snapshot.relationships(hub, Direction.OUTGOING)) {
        while (all.next()) {
          expected.add(all.neighbour());
        }
      }
      RelationshipCursor late = snapshot.relationships(hub, Direction.OUTGOING);
      List<Long> found = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        try (RelationshipCursor some = snapshot.relationships(hub, Direction.OUTGOING)) {
          for (int k = 0; k < 150 && some.next(); k++) {
            assertEquals(expected.get(k), some.neighbour(), where());
          }
        }
        late.next();
        found.add(late.neighbour());
      }
      assertEquals(expected.subList(0, 20), found, where());
    }
  }
}
