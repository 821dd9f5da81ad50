package dev.quarry.graph.transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.GraphException;
import dev.quarry.error.MemoryBudgetException;
import dev.quarry.error.QuarryException;
import dev.quarry.graph.Direction;
import dev.quarry.graph.GraphReader;
import dev.quarry.graph.Node;
import dev.quarry.graph.NodeCursor;
import dev.quarry.graph.NodeSet;
import dev.quarry.graph.PropertyKey;
import dev.quarry.graph.RelationshipCursor;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.memory.Scratch;
import dev.quarry.storage.simulation.SimDisk;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// Sets of nodes agree with `java.util.LinkedHashSet`, over nodes of several labels and regions.
/// The seed is printed: `-Dseed=N`.
class NodeSetTest {
  private static final int NODES = 2_000;

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final GraphStore store = open("/x.quarry");
  private final List<Node> nodes = new ArrayList<>();

  private static GraphStore open(String path) {
    return GraphStore.open(
        Path.of(path),
        StoreOptions.defaults()
            .withMemory(32 << 20)
            .withNativeMemory(NativeSource.FOREIGN)
            .withDisk(new SimDisk()));
  }

  @BeforeEach
  void create() {
    try (GraphTransaction tx = store.beginWrite()) {
      tx.createRegion("east");
      for (int i = 0; i < NODES; i++) {
        nodes.add(create(tx, i));
      }
      for (int i = 0; i < 3 * NODES; i++) {
        tx.createRelationship(any(), i % 5 == 0 ? "U" : "T", any(), Map.of());
      }
      tx.commit();
    }
  }

  private Node create(GraphTransaction tx, int number) {
    Set<String> labels = random.nextInt(4) == 0 ? Set.of("A", "B") : Set.of("A");
    Map<String, Object> properties = Map.of("number", number);
    return random.nextInt(4) == 0
        ? tx.createNode("east", labels, properties)
        : tx.createNode(labels, properties);
  }

  @AfterEach
  void close() {
    assertEquals(0, OrderedIdsTest.used(store), "all memory came back");
    store.close();
  }

  private Node any() {
    return nodes.get(random.nextInt(nodes.size()));
  }

  static List<Node> walk(NodeSet set) {
    List<Node> walked = new ArrayList<>();
    try (NodeCursor cursor = set.nodes()) {
      while (cursor.next()) {
        walked.add(cursor.node());
      }
    }
    return walked;
  }

  @Test
  void aSetOfAReaderIsASetInTheOrderOfAdding() {
    System.out.println("NodeSetTest -Dseed=" + seed);
    try (GraphSnapshot reader = store.beginRead();
        NodeSet set = reader.nodeSet();
        NodeSet other = reader.nodeSet()) {
      Set<Node> expected = new LinkedHashSet<>();
      Set<Node> expectedOther = new LinkedHashSet<>();
      for (int i = 0; i < 20_000; i++) {
        boolean first = random.nextBoolean();
        step(reader, first ? set : other, first ? expected : expectedOther);
      }
      assertEquals(List.copyOf(expected), walk(set), where());
      assertEquals(List.copyOf(expectedOther), walk(other), where());
    }
  }

  private void step(Reading reader, NodeSet set, Set<Node> expected) {
    Node node = any();
    long id = reader.handles().id(node);
    switch (random.nextInt(random.nextInt(200) == 0 ? 6 : 4)) {
      case 0 -> assertEquals(expected.add(node), set.add(id), where());
      case 1 -> assertEquals(expected.add(node), set.add(node), where());
      case 2 -> assertEquals(expected.contains(node), set.contains(id), where());
      case 3 -> assertEquals(expected.contains(node), set.contains(node), where());
      case 4 -> assertEquals(List.copyOf(expected), walk(set), where());
      default -> {
        set.clear();
        expected.clear();
      }
    }
    assertEquals(expected.size(), set.size(), where());
  }

  @Test
  void aSetOfAWriterHasNewNodesAndPassesOverThoseThatDied() {
    try (GraphTransaction tx = store.beginWrite();
        NodeSet set = tx.nodeSet()) {
      Set<Node> expected = new LinkedHashSet<>();
      for (int i = 0; i < 3_000; i++) {
        if (random.nextInt(4) == 0) {
          nodes.add(create(tx, i));
        } else if (random.nextInt(8) == 0) {
          Node victim = nodes.remove(random.nextInt(nodes.size()));
          tx.detachDelete(victim);
          long id = tx.handles().id(victim);
          assertEquals(expected.remove(victim), set.contains(id), where());
        }
        Node node = any();
        boolean isNew = random.nextBoolean() ? set.add(node) : set.add(tx.handles().id(node));
        assertEquals(expected.add(node), isNew, where());
      }
      assertEquals(List.copyOf(expected), walk(set), where());
      tx.commit();
    }
  }

  @Test
  void whileASetIsOpenNoNewNodeGetsTheIdOfOneThatDied() {
    try (GraphTransaction tx = store.beginWrite()) {
      tx.detachDelete(nodes.removeFirst());
      tx.commit();
    }
    try (GraphTransaction tx = store.beginWrite();
        NodeSet set = tx.nodeSet()) {
      Node victim = nodes.removeFirst();
      set.add(victim);
      tx.detachDelete(victim);
      for (int i = 0; i < 100; i++) {
        assertTrue(set.add(create(tx, i)), where());
      }
      assertEquals(101, set.size());
      assertEquals(100, walk(set).size());
    }
  }

  @Test
  void aWalkGoesOnWithWhatItAddsUntilItHasMetAll() {
    Map<Node, Set<Node>> neighbours = new java.util.HashMap<>();
    try (GraphSnapshot reader = store.beginRead()) {
      for (Node node : nodes) {
        Set<Node> ends = neighbours.computeIfAbsent(node, n -> new LinkedHashSet<>());
        try (RelationshipCursor out = reader.relationships(node, Direction.OUTGOING, "T")) {
          while (out.next()) {
            ends.add(out.neighbourNode());
          }
        }
      }
      Node start = any();
      List<Node> queue = new ArrayList<>(List.of(start));
      Set<Node> expected = new LinkedHashSet<>(queue);
      for (int i = 0; i < queue.size(); i++) {
        neighbours.get(queue.get(i)).stream().filter(expected::add).forEach(queue::add);
      }
      try (NodeSet met = reader.nodeSet()) {
        met.add(start);
        try (NodeCursor from = met.nodes()) {
          while (from.next()) {
            try (RelationshipCursor out = reader.relationships(from, Direction.OUTGOING, "T")) {
              while (out.next()) {
                met.add(out.neighbour());
              }
            }
          }
        }
        assertEquals(queue, walk(met), where());
      }
    }
  }

  @Test
  void relationshipsOfTheNodeOnWhichACursorStandsAreThoseOfItsHandle() {
    try (GraphSnapshot reader = store.beginRead();
        GraphSnapshot another = store.beginRead();
        NodeCursor cursor = reader.nodes("B")) {
      while (cursor.next()) {
        for (Direction direction : Direction.values()) {
          String[] types = random.nextBoolean() ? new String[] {} : new String[] {"U"};
          List<Node> expected = ends(reader.relationships(cursor.node(), direction, types));
          assertEquals(expected, ends(reader.relationships(cursor, direction, types)), where());
          assertEquals(expected, ends(another.relationships(cursor, direction, types)), where());
          long degree = reader.degree(cursor.node(), direction, types);
          assertEquals(degree, reader.degree(cursor, direction, types), where());
        }
      }
      assertFails(ErrorCode.RECORD_GONE, () -> reader.relationships(cursor, Direction.BOTH));
      assertFails(ErrorCode.RECORD_GONE, () -> reader.degree(cursor, Direction.BOTH));
    }
  }

  static List<Node> ends(RelationshipCursor cursor) {
    List<Node> ends = new ArrayList<>();
    try (cursor) {
      while (cursor.next()) {
        ends.add(cursor.neighbourNode());
      }
    }
    return ends;
  }

  @Test
  void aCursorWhoseNodeDiedIsToldSo() {
    try (GraphTransaction tx = store.beginWrite();
        NodeSet set = tx.nodeSet()) {
      set.add(nodes.getFirst());
      set.add(nodes.getLast());
      PropertyKey number = tx.key("number");
      try (NodeCursor cursor = set.nodes()) {
        assertTrue(cursor.next());
        assertEquals(0, cursor.getLong(number));
        tx.detachDelete(nodes.getFirst());
        assertFails(ErrorCode.RECORD_GONE, () -> cursor.getLong(number));
        assertFails(ErrorCode.RECORD_GONE, () -> tx.relationships(cursor, Direction.BOTH));
        assertFails(ErrorCode.RECORD_GONE, () -> tx.degree(cursor, Direction.BOTH));
        assertTrue(cursor.next());
        assertEquals(NODES - 1, cursor.getLong(number));
        assertFalse(cursor.next());
      }
    }
  }

  @Test
  void whatIsNoNodeIsATypedErrorAndIsNotAdded() {
    try (GraphTransaction tx = store.beginWrite()) {
      tx.detachDelete(nodes.get(7));
      tx.commit();
    }
    try (GraphStore foreign = open("/y.quarry");
        GraphTransaction elsewhere = foreign.beginWrite();
        GraphSnapshot reader = store.beginRead();
        NodeSet set = reader.nodeSet()) {
      Node stranger = elsewhere.createNode(Set.of("A"), Map.of());
      assertFails(ErrorCode.FOREIGN_HANDLE, () -> set.add(stranger));
      assertFails(ErrorCode.FOREIGN_HANDLE, () -> set.contains(stranger));
      assertFails(ErrorCode.RECORD_GONE, () -> set.add(nodes.get(7)));
      long gone = reader.handles().id(nodes.get(7));
      for (int round = 0; round < 2; round++) {
        for (long id : new long[] {gone, -1, Long.MIN_VALUE, Ids.SLOT_MASK, Ids.node(999, 0)}) {
          assertFails(ErrorCode.RECORD_GONE, () -> set.add(id));
          assertFalse(set.contains(id));
        }
        assertEquals(round * (NODES - 1), set.size());
        nodes.stream().filter(reader::exists).mapToLong(reader.handles()::id).forEach(set::add);
      }
      assertEquals(nodes.stream().filter(reader::exists).toList(), walk(set));
    }
  }

  static void assertFails(ErrorCode code, Executable use) {
    assertEquals(code, assertThrows(QuarryException.class, use).code());
  }

  @Test
  void cursorsEndWhenTheirSetIsClearedOrClosed() {
    try (GraphSnapshot reader = store.beginRead();
        NodeSet set = reader.nodeSet()) {
      nodes.forEach(set::add);
      try (NodeCursor cleared = set.nodes();
          NodeCursor untouched = set.nodes()) {
        assertTrue(cleared.next());
        set.clear();
        nodes.forEach(set::add);
        assertFalse(cleared.next());
        assertFalse(untouched.next());
        assertEquals(nodes, walk(set));
      }
      NodeCursor left = set.nodes();
      assertTrue(left.next());
      set.close();
      assertFalse(left.next());
      set.close();
    }
  }

  @Test
  void aSetEndsWhenItIsClosedAndWithItsTransaction() {
    for (Reading reading : List.of(store.beginRead(), store.beginWrite())) {
      NodeSet closed = reading.nodeSet();
      nodes.forEach(closed::add);
      closed.close();
      assertEquals(0, OrderedIdsTest.used(store));
      assertThrows(IllegalStateException.class, () -> closed.add(nodes.getFirst()));
      assertThrows(IllegalStateException.class, () -> closed.add(0));
      assertThrows(IllegalStateException.class, () -> closed.contains(0));
      assertThrows(IllegalStateException.class, closed::size);
      assertThrows(IllegalStateException.class, closed::clear);
      assertThrows(IllegalStateException.class, closed::nodes);
      NodeSet left = reading.nodeSet();
      nodes.forEach(left::add);
      assertTrue(OrderedIdsTest.used(store) > 0);
      end(reading);
      assertEquals(0, OrderedIdsTest.used(store));
      assertFails(ErrorCode.TRANSACTION_CLOSED, () -> left.add(0));
      assertFails(ErrorCode.TRANSACTION_CLOSED, left::size);
      assertFails(ErrorCode.TRANSACTION_CLOSED, reading::nodeSet);
      left.close();
    }
  }

  private static void end(Reading reading) {
    if (reading instanceof GraphSnapshot snapshot) {
      snapshot.close();
    } else {
      ((GraphTransaction) reading).close();
    }
  }

  @Test
  void aFullBudgetRefusesANodeAndLosesNone() {
    List<Scratch> others = new ArrayList<>();
    try (GraphSnapshot reader = store.beginRead();
        NodeSet set = reader.nodeSet()) {
      assertThrows(
          MemoryBudgetException.class,
          () -> {
            while (true) {
              Scratch one = reader.scratch().another();
              one.allocate(4096);
              others.add(one);
            }
          });
      assertThrows(MemoryBudgetException.class, () -> nodes.forEach(set::add));
      int added = Math.toIntExact(set.size());
      assertEquals(nodes.subList(0, added), walk(set));
      assertFalse(set.contains(nodes.get(added)));
      others.forEach(Scratch::close);
      nodes.forEach(set::add);
      assertEquals(nodes, walk(set));
    }
  }

  @Test
  void addingAndStepsAllocateNothing() {
    try (GraphSnapshot reader = store.beginRead();
        NodeSet set = reader.nodeSet()) {
      long[] ids = nodes.stream().mapToLong(reader.handles()::id).toArray();
      long least = Long.MAX_VALUE;
      for (int round = 0; round < 40; round++) {
        set.clear();
        long bytes = allocatedByUse(set, ids);
        least = round == 0 ? least : Math.min(least, bytes);
      }
      assertEquals(0, least, where());
    }
  }

  private static long allocatedByUse(NodeSet set, long[] ids) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (NodeCursor cursor = set.nodes()) {
      threads.getCurrentThreadAllocatedBytes();
      long before = threads.getCurrentThreadAllocatedBytes();
      long sum = 0;
      for (long id : ids) {
        sum += set.add(id) ? id : 0;
        sum -= cursor.next() ? cursor.id() : 0;
        sum += set.contains(id) ? 0 : 1;
      }
      long bytes = threads.getCurrentThreadAllocatedBytes() - before;
      assertEquals(0, sum);
      return bytes;
    }
  }

  @Test
  void aSetIsOfOneStateWhateverIsCommittedMeanwhile() {
    try (GraphSnapshot reader = store.beginRead();
        NodeSet set = reader.nodeSet()) {
      nodes.forEach(set::add);
      try (GraphTransaction tx = store.beginWrite()) {
        tx.dropRegion("east");
        tx.commit();
      }
      assertEquals(nodes, walk(set), where());
      try (GraphSnapshot later = store.beginRead();
          NodeSet left = later.nodeSet()) {
        List<Node> expected = nodes.stream().filter(later::exists).toList();
        assertTrue(expected.size() < nodes.size());
        expected.forEach(left::add);
        assertEquals(expected, walk(left), where());
        Node dropped = nodes.stream().filter(node -> !later.exists(node)).findFirst().orElseThrow();
        long id = later.handles().id(dropped);
        assertFails(ErrorCode.RECORD_GONE, () -> left.add(id));
      }
    }
  }

  /// Also of a region that is dropped by the transaction of the set.
  @Test
  void aSetPassesOverNodesThatWentWithTheirRegion() {
    try (GraphTransaction tx = store.beginWrite();
        NodeSet set = tx.nodeSet()) {
      nodes.forEach(set::add);
      tx.dropRegion("east");
      GraphReader reader = tx;
      assertEquals(nodes.stream().filter(reader::exists).toList(), walk(set), where());
      assertThrows(GraphException.class, () -> nodes.forEach(set::contains));
    }
  }

  private String where() {
    return "-Dseed=" + seed;
  }
}
