package dev.quarry.graph.transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.graph.Node;
import dev.quarry.graph.Progress;
import dev.quarry.graph.catalog.IndexDefinition;
import dev.quarry.graph.check.GraphCheck;
import dev.quarry.graph.index.Lookup;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.memory.NativeSource;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A look-up in a write transaction shows what was there when it was opened, minus what was deleted
/// since; and what indexes say of themselves.
class IndexSeekTest {
  private static final SchemaTarget TARGET = SchemaTarget.nodes("N", "x");

  @TempDir Path folder = Path.of("");
  private final GraphStore store = GraphStore.inMemory(StoreOptions.defaults());

  @AfterEach
  void close() {
    try (GraphSnapshot snapshot = store.beginRead()) {
      assertEquals(List.of(), GraphCheck.run(snapshot, Progress.NONE).problems());
    }
    store.close();
    assertEquals(0, store.store().budget().used());
  }

  private List<Node> create(GraphTransaction tx, int count) {
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      nodes.add(tx.createNode(Set.of("N"), Map.of("x", (long) i)));
    }
    return nodes;
  }

  private static IndexDefinition index(RecordReading reading) {
    return reading
        .catalog()
        .index(false, reading.catalog().label("N"), List.of(reading.catalog().key("x")));
  }

  private static List<Long> rest(IndexSeek seek, int most) {
    List<Long> found = new ArrayList<>();
    long[] ids = new long[most];
    for (int count = seek.fill(ids, most); count > 0; count = seek.fill(ids, most)) {
      for (int i = 0; i < count; i++) {
        found.add(ids[i]);
      }
    }
    return found;
  }

  @Test
  void aLoopThatMovesNodesForwardInTheIndexEnds() {
    GraphTransaction tx = store.beginWrite();
    tx.createIndex(null, TARGET, false);
    create(tx, 1_000);
    IndexSeek seek = tx.seek(index(tx), Lookup.range(0L, true, null, false));
    long[] ids = new long[7];
    int steps = 0;
    for (int count = seek.fill(ids, 7); count > 0; count = seek.fill(ids, 7)) {
      for (int i = 0; i < count; i++) {
        Node node = tx.handle(ids[i]);
        tx.setProperty(node, "x", (Long) tx.property(node, "x") + 500);
        steps++;
      }
    }
    assertEquals(1_000, steps);
    assertEquals(500, rest(tx.seek(index(tx), Lookup.range(1_000L, true, null, false)), 64).size());
    tx.commit();
  }

  @Test
  void itSkipsWhatWasDeletedAndDoesNotMeetWhatWasCreated() {
    GraphTransaction tx = store.beginWrite();
    tx.createIndex(null, TARGET, false);
    List<Node> nodes = create(tx, 10);
    IndexSeek seek = tx.seek(index(tx), Lookup.range(null, false, 8L, true));
    assertEquals(1, seek.fill(new long[1], 1));
    tx.delete(nodes.get(3));
    tx.removeLabel(nodes.get(4), "N");
    tx.setProperty(nodes.get(5), "x", "no number");
    tx.createNode(Set.of("N"), Map.of("x", 2L));
    List<Long> expected = new ArrayList<>();
    for (int i : new int[] {1, 2, 4, 5, 6, 7, 8}) {
      expected.add(tx.handles().id(nodes.get(i)));
    }
    assertEquals(expected, rest(seek, 2));
    assertEquals(7, rest(tx.seek(index(tx), Lookup.range(null, false, 8L, true)), 2).size());
    tx.commit();
  }

  @Test
  void aNodeThatIsLeavingIsNotFound() {
    GraphTransaction tx = store.beginWrite();
    tx.createIndex(null, TARGET, false);
    List<Node> nodes = create(tx, 2);
    tx.createRelationship(nodes.get(0), "R", nodes.get(1), Map.of());
    IndexSeek open = tx.seek(index(tx), Lookup.all());
    tx.deleteByEndOfStatement(nodes.get(0));
    long left = tx.handles().id(nodes.get(1));
    assertEquals(List.of(left), rest(open, 9));
    assertEquals(List.of(left), rest(tx.seek(index(tx), Lookup.all()), 9));
    assertTrue(tx.findNode("N", "x", 0L).isEmpty());
    tx.rollback();
  }

  @Test
  void itOutlivesItsIndex() {
    GraphTransaction tx = store.beginWrite();
    tx.createIndex("i", TARGET, false);
    create(tx, 100);
    IndexSeek seek = tx.seek(index(tx), Lookup.range(10L, false, 20L, false));
    tx.dropIndex("i", false);
    tx.createIndex("j", SchemaTarget.nodes("N", "y"), false);
    assertEquals(9, rest(seek, 4).size());
    tx.commit();
  }

  @Test
  void aClosedSeekFindsNothing() {
    GraphTransaction tx = store.beginWrite();
    tx.createIndex(null, TARGET, false);
    create(tx, 3);
    IndexSeek seek = tx.seek(index(tx), Lookup.all());
    seek.close();
    assertEquals(0, seek.fill(new long[1], 1));
    tx.createNode(Set.of("N"), Map.of("x", 1));
    assertEquals(0, seek.fill(new long[1], 1));
    tx.commit();
  }

  @Test
  void findNodeUsesEqualityWithAnIndexAndWithout() {
    for (boolean indexed : new boolean[] {false, true}) {
      GraphTransaction tx = store.beginWrite();
      Node zero = tx.createNode(Set.of("N"), Map.of("x", -0.0));
      Node big = tx.createNode(Set.of("N"), Map.of("x", (1L << 53) + 1));
      tx.createNode(Set.of("N"), Map.of("x", Double.NaN));
      if (indexed) {
        tx.createIndex(null, TARGET, false);
      }
      assertEquals(zero, tx.findNode("N", "x", 0).orElseThrow());
      assertEquals(big, tx.findNode("N", "x", (1L << 53) + 1).orElseThrow());
      assertTrue(tx.findNode("N", "x", 0x1p53).isEmpty());
      assertTrue(tx.findNode("N", "x", 1L << 53).isEmpty());
      assertTrue(tx.findNode("N", "x", Double.NaN).isEmpty());
      assertTrue(tx.findNode("N", "y", 1).isEmpty());
      assertTrue(tx.findNode("M", "x", 1).isEmpty());
      tx.setProperty(big, "x", List.of(1, 2));
      assertEquals(big, tx.findNode("N", "x", List.of(1.0, 2.0)).orElseThrow());
      tx.rollback();
    }
  }

  @Test
  void findNodeSeesWhatChangedSinceTheLastOneOfItsTransaction() {
    GraphTransaction tx = store.beginWrite();
    tx.createIndex("i", TARGET, false);
    tx.createIndex("k", SchemaTarget.nodes("N", "y"), false);
    Node first = create(tx, 600).get(7);
    assertEquals(first, tx.findNode("N", "x", 7).orElseThrow());
    Node other = tx.createNode(Set.of("N"), Map.of("x", 1_000, "y", 7));
    assertEquals(other, tx.findNode("N", "y", 7).orElseThrow());
    assertEquals(other, tx.findNode("N", "x", 1_000L).orElseThrow());
    tx.setProperty(first, "x", 7.0);
    assertEquals(first, tx.findNode("N", "x", (short) 7).orElseThrow());
    tx.delete(first);
    assertTrue(tx.findNode("N", "x", 7).isEmpty());
    tx.dropIndex("i", false);
    assertEquals(other, tx.findNode("N", "x", 1_000).orElseThrow());
    tx.createIndex("j", SchemaTarget.nodes("N", "z"), false);
    Node last = tx.createNode(Set.of("N"), Map.of("z", 1_000));
    assertEquals(last, tx.findNode("N", "z", 1_000).orElseThrow());
    assertTrue(tx.findNode("M", "z", 1_000).isEmpty());
    tx.commit();
  }

  @Test
  void countsEntriesAndDifferentKeys() {
    GraphTransaction tx = store.beginWrite();
    for (int i = 0; i < 300; i++) {
      tx.createNode(Set.of("N"), Map.of("x", i % 30));
    }
    tx.createIndex(null, TARGET, false);
    for (int i = 0; i < 300; i++) {
      tx.createNode(Set.of("N"), Map.of("x", (double) (i % 40)));
    }
    assertEquals(600, tx.counts().entries(index(tx)));
    assertEquals(40, tx.counts().keys(index(tx)));
    for (long id : rest(tx.seek(index(tx), Lookup.range(20, true, null, false)), 1000)) {
      tx.delete(tx.handle(id));
    }
    assertEquals(20, tx.counts().keys(index(tx)));
    tx.commit();
  }

  @Test
  void aSnapshotKeepsItsIndexWhileOthersChangeAndDropIt() {
    GraphTransaction tx = store.beginWrite();
    tx.createIndex("i", TARGET, false);
    List<Node> nodes = create(tx, 1_000);
    tx.commit();
    try (GraphSnapshot before = store.beginRead()) {
      IndexSeek seek = before.seek(index(before), Lookup.all());
      assertEquals(10, seek.fill(new long[10], 10));
      tx = store.beginWrite();
      nodes.forEach(tx::delete);
      tx.commit();
      tx = store.beginWrite();
      tx.dropIndex("i", false);
      tx.commit();
      assertEquals(990, rest(seek, 100).size());
      try (GraphSnapshot after = store.beginRead()) {
        assertTrue(after.catalog().indexes().isEmpty());
      }
    }
  }

  @Test
  void whatCannotBeStoredIsNotFound() {
    GraphTransaction tx = store.beginWrite();
    tx.createIndex(null, TARGET, false);
    tx.createNode(Set.of("N"), Map.of("x", List.of(1, 2)));
    tx.createNode(Set.of("N"), Map.of("x", "text"));
    List<Object> strange = new ArrayList<>();
    strange.add(Map.of("a", 1));
    strange.add(List.of(List.of(1)));
    strange.add(java.util.Arrays.asList(1, null));
    strange.add(null);
    strange.add(new Object());
    for (Object value : strange) {
      List<Object> one = java.util.Collections.singletonList(value);
      assertEquals(List.of(), rest(tx.seek(index(tx), Lookup.equal(one)), 9));
      if (value != null) {
        assertEquals(
            List.of(), rest(tx.seek(index(tx), Lookup.range(value, true, value, true)), 9));
      }
    }
    Lookup mixed = Lookup.equal(List.of(List.of(1, 2.0)));
    assertEquals(1, rest(tx.seek(index(tx), mixed), 9).size());
    Lookup above = Lookup.range(List.of(0, "a"), false, null, false);
    assertEquals(1, rest(tx.seek(index(tx), above), 9).size());
    tx.commit();
  }

  @Test
  void wrongLookupsAreRefused() {
    GraphTransaction tx = store.beginWrite();
    tx.createIndex(null, TARGET, false);
    Lookup two = Lookup.equal(List.of(1, 2));
    assertThrows(IllegalArgumentException.class, () -> tx.seek(index(tx), two));
    assertThrows(IllegalArgumentException.class, () -> Lookup.range(null, true, null, false));
    tx.rollback();
  }

  @Test
  void anIndexLargerThanTheTransactionsMemoryIsBuiltAndDropped() {
    Path path = folder.resolve("large.quarry");
    StoreOptions options =
        StoreOptions.defaults().withMemory(16 << 20).withNativeMemory(NativeSource.FOREIGN);
    int count = 120_000;
    try (GraphStore graph = GraphStore.open(path, options)) {
      BulkTransaction bulk = graph.beginBulk();
      int arena = bulk.arena(List.of("N"));
      int key = bulk.key("x");
      for (long i = 0; i < count; i++) {
        bulk.putNode(bulk.createNode(arena), key, i * 0x9E3779B97F4A7C15L);
        bulk.step();
      }
      bulk.commit();
      GraphTransaction tx = graph.beginWrite();
      tx.createIndex("i", TARGET, false);
      tx.commit();
    }
    try (GraphStore graph = GraphStore.open(path, options)) {
      try (GraphSnapshot snapshot = graph.beginRead()) {
        assertEquals(count, snapshot.counts().entries(index(snapshot)));
        assertEquals(count, rest(snapshot.seek(index(snapshot), Lookup.all()), 1000).size());
        for (long i = 0; i < count; i += 997) {
          assertTrue(snapshot.findNode("N", "x", i * 0x9E3779B97F4A7C15L).isPresent());
        }
        assertFalse(snapshot.findNode("N", "x", 1L).isPresent());
        assertEquals(List.of(), GraphCheck.run(snapshot, Progress.NONE).problems());
      }
      GraphTransaction tx = graph.beginWrite();
      tx.dropIndex("i", false);
      tx.commit();
    }
    try (GraphStore graph = GraphStore.open(path, options);
        GraphSnapshot snapshot = graph.beginRead()) {
      assertEquals(List.of(), GraphCheck.run(snapshot, Progress.NONE).problems());
      assertTrue(snapshot.findNode("N", "x", 0L).isPresent());
    }
  }
}
