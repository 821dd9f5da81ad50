package dev.quarry.graph.transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.GraphException;
import dev.quarry.graph.Direction;
import dev.quarry.graph.LoadPlan;
import dev.quarry.graph.Node;
import dev.quarry.graph.NodeCursor;
import dev.quarry.graph.Progress;
import dev.quarry.graph.RegionUsage;
import dev.quarry.graph.Relationship;
import dev.quarry.graph.RelationshipCursor;
import dev.quarry.graph.catalog.ConstraintKind;
import dev.quarry.graph.check.GraphCheck;
import dev.quarry.graph.load.Loader;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.page.PageTransaction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a region promises beyond what [RegionModelTest] compares: pages come back, old snapshots
/// stay, the sweep ends, and cursors that are open survive a drop.
class RegionTest {
  @TempDir Path folder = Path.of("");

  private static StoreOptions options() {
    return StoreOptions.defaults().withMemory(128 << 20).withNativeMemory(NativeSource.FOREIGN);
  }

  private static void check(GraphStore store) {
    try (GraphSnapshot snapshot = store.beginRead()) {
      assertEquals(List.of(), GraphCheck.run(snapshot, Progress.NONE).problems());
    }
  }

  /// Commits until the sweep is at its end; returns how many commits it took.
  private static int sweep(GraphStore store) {
    for (int commits = 0; commits < 10_000; commits++) {
      try (GraphSnapshot snapshot = store.beginRead()) {
        if (!snapshot.catalog().regions().hasUnswept()) {
          return commits;
        }
      }
      try (GraphTransaction tx = store.beginWrite()) {
        tx.delete(tx.createNode(Set.of("Other"), Map.of()));
        tx.commit();
      }
    }
    throw new AssertionError("the sweep does not end");
  }

  @Test
  void aCyclicRegionIsDroppedAndItsPagesComeBack() throws IOException {
    Path file = cyclicEdges(100_000, 10);
    GraphStore store = GraphStore.open(folder.resolve("cyclic.quarry"), options());
    try (GraphTransaction tx = store.beginWrite()) {
      tx.createNode(Set.of("Outside"), Map.of());
      tx.commit();
    }
    load(store, file);
    store.store().checkpoint();
    long full = store.store().statistics().fileBytes();
    GraphSnapshot before = store.beginRead();
    try (GraphTransaction tx = store.beginWrite()) {
      tx.dropRegion("cycle");
      tx.commit();
    }
    assertEquals(1_000_000, before.countRelationships("NEXT"));
    assertEquals(100_000 * 10L, walk(before));
    try (GraphSnapshot after = store.beginRead()) {
      assertEquals(0, after.countRelationships("NEXT"));
      assertEquals(0, after.counts().nodes(after.catalog().label("V")));
      assertEquals(0, walk(after));
    }
    before.close();
    sweep(store);
    store.store().checkpoint();
    store.store().checkpoint();
    long empty = store.store().statistics().reachableBytes();
    assertTrue(empty < full / 20, empty + " bytes are left of " + full);
    load(store, file);
    store.store().checkpoint();
    long again = store.store().statistics().fileBytes();
    assertTrue(again < full + full / 10, again + " bytes, before " + full);
    check(store);
    store.close();
    assertEquals(0, store.store().budget().used());
  }

  /// Node i leads to i + 1 and on, around: one strongly connected component.
  private Path cyclicEdges(int nodes, int degree) throws IOException {
    StringBuilder edges = new StringBuilder();
    for (int i = 0; i < nodes; i++) {
      for (int k = 0; k < degree; k++) {
        edges.append(i).append(' ').append((i + 1 + k * k) % nodes).append('\n');
      }
    }
    return Files.writeString(folder.resolve("edges.txt"), edges);
  }

  private static void load(GraphStore store, Path edges) {
    LoadPlan plan = new LoadPlan().edges("NEXT", "V", edges).region("cycle").append();
    assertEquals(1_000_000, new Loader(store).load(plan, Progress.NONE).relationships());
  }

  /// All relationships that a walk over all nodes meets; each must lead to a node that is there.
  private static long walk(GraphSnapshot snapshot) {
    long met = 0;
    Expansion expansion = snapshot.expansion(Direction.OUTGOING, null);
    NodeScan scan = snapshot.scanAll();
    long[] ids = new long[1000];
    for (int count = scan.fill(ids, 1000); count > 0; count = scan.fill(ids, 1000)) {
      for (int i = 0; i < count; i++) {
        expansion.open(ids[i]);
        while (expansion.next()) {
          long other = expansion.neighbour();
          assertTrue(snapshot.nodeArena(other).slots().isLive(Ids.slot(other)), "dangling");
          met++;
        }
      }
    }
    return met;
  }

  /// Of 5 labels, 20 keys and 10 types; `docs/limits.md` says these figures (rule S30).
  @Test
  void theFloorOfARegionIsAsDocumented() {
    assertEquals(70, floor(Map.of()).floorPages());
    assertEquals(120, floor(Map.of("w", 1)).floorPages());
  }

  private static RegionUsage floor(Map<String, Object> ofRelationships) {
    try (GraphStore store = GraphStore.inMemory(options())) {
      try (GraphTransaction tx = store.beginWrite()) {
        tx.createRegion("one");
        for (int label = 0; label < 5; label++) {
          Map<String, Object> properties = new HashMap<>();
          for (int key = 0; key < 4; key++) {
            properties.put("k" + (4 * label + key), 1L);
          }
          Node node = tx.createNode("one", Set.of("L" + label), properties);
          tx.createRelationship(node, "T" + label, node, ofRelationships);
          tx.createRelationship(node, "U" + label, node, ofRelationships);
        }
        tx.commit();
      }
      check(store);
      try (GraphSnapshot snapshot = store.beginRead()) {
        RegionUsage usage = snapshot.regionUsage().getFirst();
        assertEquals(5, usage.nodes());
        assertTrue(usage.pages() <= usage.floorPages() + 10, usage.toString());
        System.out.println("a region of 5 labels, 20 keys and 10 types: " + usage);
        return usage;
      }
    }
  }

  @Test
  void theSweepRemovesWhatLedIntoRegions() {
    ListsSetting.most(0);
    try {
      sweepAway();
    } finally {
      ListsSetting.restore();
    }
  }

  private static void sweepAway() {
    try (GraphStore store = GraphStore.inMemory(options())) {
      Node hub;
      try (GraphTransaction tx = store.beginWrite()) {
        tx.createRegion("gone");
        hub = tx.createNode(Set.of("Hub"), Map.of());
        Node staying = tx.createNode(Set.of("N"), Map.of("p", 0));
        for (int i = 0; i < 3_000; i++) {
          Node node = tx.createNode("gone", Set.of("N"), Map.of("p", i % 10));
          tx.createRelationship(hub, "T", node, i % 3 == 0 ? Map.of("w", i % 7) : Map.of());
          tx.createRelationship(node, "T", hub, i % 3 == 0 ? Map.of("w", i % 7) : Map.of());
        }
        for (int i = 0; i < 2_500; i++) { // more equals than a step looks at
          tx.createRelationship(hub, "EQUALS", staying, Map.of());
        }
        tx.createRelationship(hub, "T", staying, Map.of("w", 1));
        tx.commit();
      }
      try (GraphTransaction tx = store.beginWrite()) {
        tx.createIndex("nodes", SchemaTarget.nodes("N", "p"), false);
        tx.createIndex("rows", SchemaTarget.relationships("T", "w"), false);
        tx.commit();
      }
      try (GraphTransaction tx = store.beginWrite()) {
        tx.dropRegion("gone");
        tx.commit();
      }
      check(store);
      try (GraphSnapshot snapshot = store.beginRead()) {
        assertTrue(raw(snapshot, hub, true) > 1 && raw(snapshot, hub, false) > 1);
        assertEquals(2_501, snapshot.degree(hub, Direction.BOTH));
        assertEquals(1, snapshot.counts().entries(snapshot.catalog().index("nodes")));
      }
      assertTrue(sweep(store) > 3);
      check(store);
      try (GraphSnapshot snapshot = store.beginRead()) {
        assertEquals(2_501, raw(snapshot, hub, true));
        assertEquals(0, raw(snapshot, hub, false));
        assertEquals(1, snapshot.counts().estimatedEntries(snapshot.catalog().index("nodes")));
        assertEquals(1, snapshot.counts().estimatedEntries(snapshot.catalog().index("rows")));
        assertEquals(1, snapshot.counts().rows(snapshot.catalog().type("T")));
        assertEquals(2_501, snapshot.degree(hub, Direction.BOTH));
      }
    }
  }

  /// The entries of a mixed list, those to dropped regions included.
  private static long raw(GraphSnapshot snapshot, Node node, boolean out) {
    long id = snapshot.existing(node);
    return snapshot.lists(id, out).length(Ids.slot(id));
  }

  @Test
  void aRegionThatIsMadeAndDroppedInOneTransactionLeavesNothing() {
    try (GraphStore store = GraphStore.inMemory(options())) {
      try (GraphTransaction tx = store.beginWrite()) {
        Node outside = tx.createNode(Set.of("A"), Map.of());
        tx.createRegion("short");
        Node inside = tx.createNode("short", Set.of("A"), Map.of("p", 1));
        Relationship bare = tx.createRelationship(outside, "T", inside, Map.of());
        Relationship row = tx.createRelationship(inside, "T", outside, Map.of("w", 1));
        Relationship into = tx.createRelationship(outside, "T", inside, Map.of("w", 2));
        assertEquals(Optional.of("short"), tx.region(inside));
        tx.dropRegion("short");
        assertEquals(Set.of(), tx.regions());
        assertFalse(tx.exists(inside) || tx.exists(bare) || tx.exists(row) || tx.exists(into));
        gone(() -> tx.property(into, "w"));
        gone(() -> tx.labels(inside));
        gone(() -> tx.setProperty(row, "w", 2));
        gone(() -> tx.createRelationship(outside, "T", inside, Map.of()));
        assertEquals(0, tx.degree(outside, Direction.BOTH));
        tx.createRegion("short");
        assertFalse(tx.exists(inside));
        Node again = tx.createNode("short", Set.of("A"), Map.of());
        assertFalse(again.elementId().equals(inside.elementId()));
        tx.delete(outside);
        tx.commit();
      }
      check(store);
      sweep(store);
      check(store);
    }
  }

  private static void gone(Runnable use) {
    assertEquals(ErrorCode.RECORD_GONE, assertThrows(GraphException.class, () -> use.run()).code());
  }

  /// Pages of a dropped region were spilled, and the numbers of its spaces are used again.
  @Test
  void aLargeTransactionMayDropWhatItMade() {
    StoreOptions small = options().withMemory(16 << 20);
    GraphStore store = GraphStore.open(folder.resolve("large.quarry"), small);
    for (int round = 0; round < 3; round++) {
      try (GraphTransaction tx = store.beginWrite()) {
        long spilled = 0;
        for (int part = 0; part < 3; part++) {
          tx.createRegion("part");
          String text = "a text that does not fit into its cell ".repeat(20);
          Node last = tx.createNode(Set.of("Out"), Map.of());
          for (int i = 0; i < 6_000 >> part; i++) {
            Node node = tx.createNode("part", Set.of("N"), Map.of("text", text + i));
            tx.createRelationship(last, "T", node, Map.of("text", text));
            last = node;
          }
          spilled += tx.pages() instanceof PageTransaction pages && pages.spilled() ? 1 : 0;
          tx.dropRegion("part");
        }
        assertEquals(3, spilled);
        tx.createNode(Set.of("Left"), Map.of());
        if (round != 1) {
          tx.commit();
        }
      }
      check(store);
    }
    sweep(store);
    check(store);
    try (GraphSnapshot snapshot = store.beginRead()) {
      assertEquals(2, snapshot.counts().nodes(snapshot.catalog().label("Left")));
    }
    store.close();
    assertEquals(0, store.store().budget().used());
  }

  @Test
  void aDropTakesWhatWaitsForTheEndOfItsStatement() {
    try (GraphStore store = GraphStore.inMemory(options())) {
      try (GraphTransaction tx = store.beginWrite()) {
        tx.createRegion("gone");
        Node outside = tx.createNode(Set.of("A"), Map.of());
        Node inside = tx.createNode("gone", Set.of("A"), Map.of());
        tx.createRelationship(outside, "T", inside, Map.of());
        tx.deleteByEndOfStatement(outside);
        tx.deleteByEndOfStatement(inside);
        tx.dropRegion("gone");
        tx.endStatement();
        assertFalse(tx.exists(outside) || tx.exists(inside));
        tx.commit();
      }
      check(store);
    }
  }

  @Test
  void aDropThatIsRolledBackChangesNothing() {
    try (GraphStore store = GraphStore.inMemory(options())) {
      Node outside;
      Node inside;
      try (GraphTransaction tx = store.beginWrite()) {
        tx.createRegion("kept");
        outside = tx.createNode(Set.of("A"), Map.of());
        inside = tx.createNode("kept", Set.of("A"), Map.of("p", 1));
        tx.createRelationship(outside, "T", inside, Map.of("w", 1));
        tx.commit();
      }
      try (GraphTransaction tx = store.beginWrite()) {
        tx.dropRegion("kept");
        tx.rollback();
      }
      try (GraphSnapshot snapshot = store.beginRead()) {
        assertEquals(Set.of("kept"), snapshot.regions());
        assertEquals(1L, snapshot.property(inside, "p"));
        assertEquals(1, snapshot.degree(outside, Direction.OUTGOING));
      }
      check(store);
    }
  }

  @Test
  void cursorsThatAreOpenSurviveADrop() {
    try (GraphStore store = GraphStore.inMemory(options());
        GraphTransaction tx = store.beginWrite()) {
      tx.createRegion("gone");
      Node hub = tx.createNode(Set.of("Hub"), Map.of());
      Node inside = tx.createNode("gone", Set.of("N"), Map.of());
      for (int i = 0; i < 600; i++) {
        tx.createRelationship(hub, "T", tx.createNode(Set.of("N"), Map.of()), Map.of());
        tx.createRelationship(inside, "T", tx.createNode("gone", Set.of("N"), Map.of()), Map.of());
        tx.createRelationship(hub, "T", inside, Map.of());
      }
      try (NodeCursor nodes = tx.nodes("N");
          RelationshipCursor ofHub = tx.relationships(hub, Direction.OUTGOING);
          RelationshipCursor ofGone = tx.relationships(inside, Direction.OUTGOING)) {
        assertTrue(nodes.next() && ofHub.next() && ofGone.next());
        tx.dropRegion("gone");
        int left = 0;
        while (nodes.next()) {
          assertTrue(tx.exists(nodes.node()));
          left++;
        }
        assertEquals(600, left);
        while (ofHub.next()) {
          assertTrue(tx.exists(ofHub.neighbourNode()));
        }
        assertFalse(ofGone.next());
      }
      tx.commit();
    }
  }

  @Test
  void uniquenessIsAboutTheLiving() {
    try (GraphStore store = GraphStore.inMemory(options())) {
      try (GraphTransaction tx = store.beginWrite()) {
        tx.createConstraint(
            "u", SchemaTarget.nodes("U", "u"), ConstraintKind.UNIQUE, List.of(), false);
        tx.commit();
      }
      try (GraphTransaction tx = store.beginWrite()) {
        tx.createRegion("gone");
        tx.createNode("gone", Set.of("U"), Map.of("u", 1));
        tx.commit();
      }
      try (GraphTransaction tx = store.beginWrite()) {
        tx.createNode(Set.of("U"), Map.of("u", 1));
        assertEquals(
            ErrorCode.UNIQUENESS_VIOLATION, assertThrows(GraphException.class, tx::commit).code());
      }
      try (GraphTransaction tx = store.beginWrite()) {
        tx.dropRegion("gone");
        tx.createNode(Set.of("U"), Map.of("u", 1));
        tx.commit();
      }
      check(store);
    }
  }

  @Test
  void constraintsOnRelationshipsAreAboutTheLivingWhileTheSweepGoesOn() {
    System.setProperty("quarry.sweepSteps", "1");
    try (GraphStore store = GraphStore.inMemory(options())) {
      Node outside;
      try (GraphTransaction tx = store.beginWrite()) {
        outside = tx.createNode(Set.of("A"), Map.of());
        tx.createRegion("gone");
        Node inside = tx.createNode("gone", Set.of("A"), Map.of());
        tx.createRelationship(outside, "T", inside, Map.of("u", 1));
        tx.createRelationship(outside, "T", outside, Map.of("u", 1));
        tx.commit();
      }
      try (GraphTransaction tx = store.beginWrite()) {
        tx.dropRegion("gone");
        tx.commit();
      }
      SchemaTarget target = SchemaTarget.relationships("T", "u");
      try (GraphTransaction tx = store.beginWrite()) {
        assertTrue(tx.catalog().regions().hasUnswept());
        tx.createConstraint("key", target, ConstraintKind.KEY, List.of(), false);
        tx.commit();
      }
      try (GraphTransaction tx = store.beginWrite()) {
        tx.createRegion("short");
        Node inside = tx.createNode("short", Set.of("A"), Map.of());
        tx.createRelationship(outside, "T", inside, Map.of("u", 2));
        tx.createRelationship(inside, "T", outside, Map.of("u", 2));
        tx.createRelationship(inside, "T", inside, Map.of());
        tx.dropRegion("short");
        tx.createRelationship(outside, "T", outside, Map.of("u", 2));
        tx.commit();
      }
      try (GraphTransaction tx = store.beginWrite()) {
        assertTrue(tx.catalog().regions().hasUnswept());
        tx.createRelationship(outside, "T", outside, Map.of());
        assertEquals(
            ErrorCode.PROPERTY_EXISTENCE_VIOLATION,
            assertThrows(GraphException.class, tx::commit).code());
      }
      check(store);
    } finally {
      System.clearProperty("quarry.sweepSteps");
    }
  }

  @Test
  void thereAreAtMost4095RegionsAndTheirNumbersAreUsedAgain() {
    try (GraphStore store = GraphStore.inMemory(options())) {
      try (GraphTransaction tx = store.beginWrite()) {
        for (int i = 1; i < 4096; i++) {
          tx.createRegion("region " + i);
        }
        GraphException error =
            assertThrows(GraphException.class, () -> tx.createRegion("one too many"));
        assertEquals(ErrorCode.STORE_LAYOUT, error.code());
        tx.commit();
      }
      try (GraphTransaction tx = store.beginWrite()) {
        tx.dropRegion("region 7");
        tx.commit();
      }
      sweep(store);
      try (GraphTransaction tx = store.beginWrite()) {
        tx.createRegion("one more");
        assertEquals(7, tx.catalog().regions().named("one more"));
        tx.commit();
      }
      check(store);
    }
  }

  @Test
  void namesAndRegionsThatCannotBeAreTypedErrors() {
    try (GraphStore store = GraphStore.inMemory(options());
        GraphTransaction tx = store.beginWrite()) {
      refused(ErrorCode.INVALID_VALUE, () -> tx.createRegion(""));
      refused(ErrorCode.REGION_NOT_FOUND, () -> tx.dropRegion(""));
      refused(ErrorCode.REGION_NOT_FOUND, () -> tx.dropRegion("nowhere"));
      refused(ErrorCode.REGION_NOT_FOUND, () -> tx.createNode("nowhere", Set.of("A"), Map.of()));
      tx.createRegion("a");
      refused(ErrorCode.REGION_EXISTS, () -> tx.createRegion("a"));
      tx.commit();
    }
  }

  private static void refused(ErrorCode code, Runnable call) {
    assertEquals(code, assertThrows(GraphException.class, () -> call.run()).code());
  }
}
