package dev.quarry.graph.transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.QuarryException;
import dev.quarry.graph.Direction;
import dev.quarry.graph.Node;
import dev.quarry.graph.NodeCursor;
import dev.quarry.graph.NodeSet;
import dev.quarry.graph.RelationshipCursor;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.memory.Buffers;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.page.Pin;
import dev.quarry.storage.page.Snapshot;
import dev.quarry.storage.page.Version;
import dev.quarry.storage.simulation.SimDisk;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// Readers one after the other, each with what the one before left: nothing else of one may reach
/// the other, however late it comes.
class LeftReaderTest {
  private static final int NODES = 100;

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final GraphStore store =
      GraphStore.open(
          Path.of("/x.quarry"),
          StoreOptions.defaults()
              .withMemory(32 << 20)
              .withNativeMemory(NativeSource.FOREIGN)
              .withDisk(new SimDisk()));

  /// A transaction as the facade has them.
  private static final class Short extends ReadView implements AutoCloseable {
    final GraphSnapshot behind;
    final Pin pin;

    Short(GraphSnapshot behind) {
      super(behind);
      this.behind = behind;
      this.pin = behind.pages().pin();
    }

    Snapshot pages() {
      return behind.pages();
    }

    @Override
    public void close() {
      end();
    }
  }

  @BeforeEach
  void create() {
    try (GraphTransaction tx = store.beginWrite()) {
      tx.createIndex("numbers", SchemaTarget.nodes("A", "number"), false);
      tx.commit();
    }
    create(0, NODES);
  }

  private void create(int from, int to) {
    try (GraphTransaction tx = store.beginWrite()) {
      List<Node> nodes = new ArrayList<>();
      for (int i = from; i < to; i++) {
        nodes.add(tx.createNode(Set.of("A"), Map.of("number", i)));
        tx.createRelationship(nodes.getFirst(), "T", nodes.getLast(), Map.of());
      }
      tx.commit();
    }
  }

  @AfterEach
  void close() {
    assertEquals(0, OrderedIdsTest.used(store), "all memory came back");
    store.close();
    assertEquals(0, store.store().budget().used(), "also that of the store");
  }

  private Short begin() {
    return new Short(store.beginReadAgain());
  }

  private static Node node(Short tx, int number) {
    return tx.findNode("A", "number", number).orElseThrow();
  }

  private static RelationshipCursor walk(Short tx, int number) {
    return tx.relationships(node(tx, number), Direction.OUTGOING, "T");
  }

  private static int neighbours(Short tx, int number) {
    try (NodeSet set = tx.nodeSet();
        RelationshipCursor walk = walk(tx, number)) {
      while (walk.next()) {
        set.add(walk.neighbour());
      }
      return (int) set.size();
    }
  }

  private static void fails(ErrorCode code, Executable use) {
    assertEquals(code, assertThrows(QuarryException.class, use).code());
  }

  @Test
  void theNextReaderOfAVersionHasWhatTheOneBeforeLeft() {
    GraphSnapshot first;
    try (Short tx = begin()) {
      first = tx.behind;
      assertEquals(NODES, neighbours(tx, 0));
    }
    try (Short tx = begin();
        Short beside = begin()) {
      assertSame(first, tx.behind);
      assertNotSame(first, beside.behind);
      assertEquals(NODES, neighbours(tx, 0));
      assertEquals(NODES, neighbours(beside, 0));
    }
  }

  @Test
  void aReaderOfAnotherVersionHasNothingOfIt() {
    GraphSnapshot first;
    try (Short tx = begin()) {
      first = tx.behind;
      assertEquals(NODES, neighbours(tx, 0));
    }
    create(NODES, NODES + 50);
    GraphSnapshot second;
    try (Short tx = begin()) {
      second = tx.behind;
      assertNotSame(first, second);
      assertEquals(50, neighbours(tx, NODES));
    }
    store.store().checkpoint();
    try (Short tx = begin()) {
      assertNotSame(second, tx.behind);
      assertEquals(50, neighbours(tx, NODES));
    }
  }

  @Test
  void whatIsLeftHoldsNoPinAndNoMemory() {
    try (Short tx = begin()) {
      NodeSet large = tx.nodeSet();
      try (NodeCursor nodes = tx.nodes()) {
        while (nodes.next()) {
          large.add(nodes.id() ^ 1); // not in their order
        }
      }
      tx.pages().buffers().take();
      assertTrue(OrderedIdsTest.used(store) > 0);
      tx.behind.scratch().allocate(1);
      assertEquals(1, store.store().statistics().readers());
    }
    assertEquals(0, store.store().statistics().readers());
    assertEquals(0, OrderedIdsTest.used(store));
  }

  @Test
  void theNextReaderHasBuffersOfItsOwn() {
    Buffers before;
    try (Short tx = begin()) {
      before = tx.pages().buffers();
      before.take();
    }
    fails(ErrorCode.TRANSACTION_CLOSED, before::take);
    try (Short tx = begin()) {
      assertNotSame(before, tx.pages().buffers());
      tx.pages().buffers().take();
    }
  }

  @Test
  void whatIsLeftKeepsNoOldVersionOnTheHeap() throws InterruptedException {
    WeakReference<Version> old = leave();
    create(NODES, NODES + 1);
    for (int i = 0; i < 100 && !old.refersTo(null); i++) {
      System.gc();
      Thread.sleep(10);
    }
    assertNull(old.get(), "the version that was read is still on the heap");
  }

  private WeakReference<Version> leave() {
    try (Short tx = begin()) {
      assertEquals(NODES, neighbours(tx, 0));
      return new WeakReference<>(tx.pages().version());
    }
  }

  @Test
  void whatAnEarlierReaderHandedOutFailsWhileTheNextOneReads() {
    Short before = begin();
    Node node = node(before, 0);
    NodeCursor nodes = before.nodes("A");
    assertTrue(nodes.next());
    RelationshipCursor walk = walk(before, 0);
    assertTrue(walk.next());
    NodeSet set = before.nodeSet();
    set.add(node);
    NodeCursor ofSet = set.nodes();
    assertTrue(ofSet.next());
    before.close();
    try (Short tx = begin()) {
      assertSame(before.behind, tx.behind);
      NodeSet other = tx.nodeSet();
      other.add(node);
      for (Executable use :
          List.<Executable>of(
              nodes::next,
              nodes::id,
              nodes::node,
              walk::next,
              walk::neighbour,
              walk::relationship,
              () -> set.add(node),
              () -> set.add(0),
              () -> set.contains(0),
              set::size,
              set::clear,
              set::nodes,
              ofSet::next,
              ofSet::id,
              () -> tx.relationships(nodes, Direction.OUTGOING, "T"),
              () -> tx.degree(ofSet, Direction.OUTGOING, "T"),
              () -> before.findNode("A", "number", 0),
              before::nodes,
              () -> before.nodes("A"),
              before::nodeSet,
              () -> before.exists(node),
              () -> before.labels(node),
              () -> before.property(node, "number"),
              () -> before.copy(node),
              () -> before.degree(node, Direction.OUTGOING),
              () -> before.relationships(node, Direction.OUTGOING),
              () -> before.node(node.elementId()),
              before::regions,
              () -> before.region(node),
              () -> ReadView.behind(before))) {
        fails(ErrorCode.TRANSACTION_CLOSED, use);
      }
      assertEquals(1, other.size());
      assertEquals(NODES, neighbours(tx, 0));
    }
  }

  @Test
  void endingEarlierThingsLateDisturbsNobody() {
    Short before = begin();
    RelationshipCursor early = walk(before, 0);
    assertTrue(early.next());
    NodeSet earlySet = before.nodeSet();
    earlySet.add(node(before, 1));
    NodeCursor earlyNodes = earlySet.nodes();
    assertTrue(earlyNodes.next());
    before.close();
    try (Short tx = begin()) {
      assertSame(before.behind, tx.behind);
      assertEquals(NODES, neighbours(tx, 0)); // so an expansion and a place of ids are free
      Expansion free = tx.behind.walks().take(Direction.OUTGOING, new String[] {"T"});
      tx.behind.walks().giveBack(free);
      NodeSet set = tx.nodeSet();
      set.add(node(tx, 2));
      try (RelationshipCursor walk = walk(tx, 0)) {
        assertTrue(walk.next());
        tx.behind.walks().giveBack(free); // as it was before the walk
        early.close();
        earlyNodes.close();
        earlySet.close();
        before.close();
        assertSame(free, tx.behind.walks().take(Direction.OUTGOING, new String[] {"T"}));
        int met = 1;
        while (walk.next()) {
          met++;
        }
        assertEquals(NODES, met);
      }
      assertEquals(1, set.size());
      assertNotSame(((AddedNodes) set).ids(), ((AddedNodes) tx.nodeSet()).ids());
      assertEquals(1, store.store().statistics().readers());
    }
    try (Short next = begin()) {
      assertEquals(NODES, neighbours(next, 0));
    }
  }

  @Test
  void aReaderThatSomebodyElseMayKnowIsNotUsedAgain() {
    RecordReading known;
    try (Short tx = begin()) {
      known = ReadView.behind(tx);
      assertSame(tx.behind, known);
    }
    try (Short tx = begin()) {
      assertNotSame(known, tx.behind);
      fails(ErrorCode.TRANSACTION_CLOSED, known::ensureOpen);
    }
    GraphSnapshot first;
    try (Short tx = begin()) { // of the second one, which nobody else knew
      first = tx.behind;
      ReadView.behind(tx);
    }
    try (Short tx = begin()) {
      assertNotSame(first, tx.behind);
    }
  }

  @Test
  void whoExpiresAReaderTooLateExpiresNoOther() {
    Short before = begin();
    NodeCursor nodes = before.nodes("A");
    before.close();
    try (Short tx = begin()) {
      assertSame(before.behind, tx.behind);
      before.pin.expire();
      before.pin.storeClosed();
      assertEquals(NODES, neighbours(tx, 0));
      fails(ErrorCode.TRANSACTION_CLOSED, nodes::next);
    }
  }

  @Test
  void aReaderThatExpiredLeavesWhatItKnowsButNotThatItExpired() {
    Short expired = begin();
    RelationshipCursor walk = walk(expired, 0);
    expired.pin.expire();
    fails(ErrorCode.SNAPSHOT_EXPIRED, walk::next);
    fails(ErrorCode.SNAPSHOT_EXPIRED, expired::nodes);
    expired.close();
    fails(ErrorCode.TRANSACTION_CLOSED, walk::next);
    try (Short tx = begin()) {
      assertSame(expired.behind, tx.behind);
      assertEquals(NODES, neighbours(tx, 0));
    }
  }

  @Test
  void aReaderWhoseStoreIsClosedFailsAndGivesTheMemoryBack() {
    try (Short tx = begin()) {
      assertEquals(NODES, neighbours(tx, 0));
    }
    Short tx = begin();
    RelationshipCursor walk = walk(tx, 0);
    store.close();
    fails(ErrorCode.STORE_CLOSED, walk::next);
    fails(ErrorCode.STORE_CLOSED, tx::nodes);
    tx.close();
    fails(ErrorCode.TRANSACTION_CLOSED, walk::next);
    fails(ErrorCode.STORE_CLOSED, this::begin);
  }

  /// Each commit adds a relationship to a node, so its number says how many there are.
  @Test
  void readersSeeTheirCommitWhileOthersCommitAndExpireThem() throws Exception {
    System.out.println("LeftReaderTest -Dseed=" + seed);
    long base;
    try (Short tx = begin()) {
      base = tx.behind.commitNumber() - NODES;
    }
    int threads = 6;
    AtomicReferenceArray<Short> latest = new AtomicReferenceArray<>(threads);
    AtomicBoolean over = new AtomicBoolean();
    AtomicInteger read = new AtomicInteger();
    AtomicInteger expired = new AtomicInteger();
    List<Future<?>> all = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(threads + 1)) {
      for (int thread = 0; thread < threads; thread++) {
        int number = thread;
        all.add(pool.submit(() -> readUntil(over, base, latest, number, read, expired)));
      }
      all.add(pool.submit(() -> expireUntil(over, latest)));
      try {
        for (int i = 0; i < 300; i++) {
          add();
          if (i % 20 == 0) {
            store.store().checkpoint();
          }
        }
      } finally {
        over.set(true);
      }
      for (Future<?> one : all) {
        one.get();
      }
    }
    assertTrue(read.get() > 0);
    assertTrue(expired.get() > 0, "nobody was expired, -Dseed=" + seed);
    assertEquals(0, store.store().statistics().readers());
    store.store().verifyLedger(problem -> assertNull(problem, problem));
  }

  private void add() {
    try (GraphTransaction tx = store.beginWrite()) {
      Node from = tx.findNode("A", "number", 0).orElseThrow();
      tx.createRelationship(from, "T", tx.createNode(Set.of(), Map.of()), Map.of());
      tx.commit();
    }
  }

  private void readUntil(
      AtomicBoolean over,
      long base,
      AtomicReferenceArray<Short> latest,
      int number,
      AtomicInteger read,
      AtomicInteger expired) {
    RelationshipCursor stale = null;
    while (!over.get()) {
      try (Short tx = begin()) {
        latest.set(number, tx);
        if (stale != null) {
          fails(ErrorCode.TRANSACTION_CLOSED, stale::next);
          stale.close();
        }
        stale = walk(tx, 0);
        assertEquals(tx.behind.commitNumber() - base, neighbours(tx, 0));
        read.incrementAndGet();
      } catch (QuarryException e) {
        assertEquals(ErrorCode.SNAPSHOT_EXPIRED, e.code());
        expired.incrementAndGet();
      }
    }
  }

  /// Mostly comes too late.
  private void expireUntil(AtomicBoolean over, AtomicReferenceArray<Short> latest) {
    Random random = new Random(seed);
    while (!over.get()) {
      Short tx = latest.get(random.nextInt(latest.length()));
      if (tx != null) {
        tx.pin.expire();
      }
      Thread.yield();
    }
  }
}
