package dev.quarry.graph.transaction;

import static dev.quarry.graph.transaction.NodeSetTest.assertFails;
import static dev.quarry.graph.transaction.NodeSetTest.ends;
import static dev.quarry.graph.transaction.NodeSetTest.walk;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.MemoryBudgetException;
import dev.quarry.graph.Direction;
import dev.quarry.graph.Node;
import dev.quarry.graph.NodeCursor;
import dev.quarry.graph.NodeSet;
import dev.quarry.graph.RelationshipCursor;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.memory.Scratch;
import dev.quarry.storage.simulation.SimDisk;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Neighbours that a set adds at once are those that a cursor meets one by one, in the same order.
/// The seed is printed: `-Dseed=N`.
class AddNeighboursTest {
  private static final int NODES = 1_500;
  private static final List<String[]> TYPES =
      List.of(
          new String[] {},
          new String[] {"T"},
          new String[] {"U"},
          new String[] {"U", "T"},
          new String[] {"RARE", "T"},
          new String[] {"NOBODY"});

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
    System.out.println("AddNeighboursTest -Dseed=" + seed);
    try (GraphTransaction tx = store.beginWrite()) {
      tx.createRegion("east");
      for (int i = 0; i < NODES; i++) {
        nodes.add(create(tx));
      }
      for (int i = 0; i < 3 * NODES; i++) {
        relate(tx, any(), any());
      }
      for (int i = 0; i < NODES; i++) { // one that most others are around, in order and not
        relate(tx, nodes.get(1), i % 3 == 0 ? nodes.get(i) : any());
        tx.createRelationship(nodes.get(2), "T", nodes.get(i), Map.of());
      }
      tx.commit();
    }
  }

  private Node create(GraphTransaction tx) {
    Set<String> labels = random.nextInt(4) == 0 ? Set.of("A", "B") : Set.of("A");
    return random.nextInt(4) == 0
        ? tx.createNode("east", labels, Map.of())
        : tx.createNode(labels, Map.of());
  }

  /// Self-loops and parallels among them, and rows.
  private void relate(GraphTransaction tx, Node from, Node to) {
    int kind = random.nextInt(40);
    String type = kind == 0 ? "RARE" : kind < 10 ? "U" : "T";
    Node target = random.nextInt(20) == 0 ? from : to;
    for (int times = random.nextInt(10) == 0 ? 3 : 1; times > 0; times--) {
      tx.createRelationship(from, type, target, kind == 11 ? Map.of("weight", kind) : Map.of());
    }
  }

  @AfterEach
  void close() {
    assertEquals(0, OrderedIdsTest.used(store), "all memory came back");
    store.close();
  }

  private Node any() {
    return nodes.get(random.nextInt(nodes.size()));
  }

  /// A set and what it should have.
  private final class Pair implements AutoCloseable {
    final Reading reading;
    final NodeSet set;
    final Set<Node> expected = new LinkedHashSet<>();

    Pair(Reading reading) {
      this.reading = reading;
      this.set = reading.nodeSet();
    }

    void step(Pair other) {
      Direction direction = Direction.values()[random.nextInt(3)];
      String[] types = TYPES.get(random.nextInt(TYPES.size()));
      switch (random.nextInt(random.nextInt(10) == 0 ? 6 : 3)) {
        case 0 -> {
          Node node = anyOrHub();
          assertAdds(List.of(node), direction, types, set.addNeighbours(node, direction, types));
        }
        case 1 -> byCursor(direction, types);
        case 2 -> {
          Node node = anyOrHub();
          assertEquals(expected.add(node), set.add(node), where());
        }
        case 3 -> {
          List<Node> from = walk(other.set);
          assertAdds(from, direction, types, set.addNeighbours(other.set, direction, types));
        }
        case 4 -> {
          List<Node> from = walk(set);
          assertAdds(from, direction, types, set.addNeighbours(set, direction, types));
        }
        default -> {
          set.clear();
          expected.clear();
        }
      }
    }

    private void byCursor(Direction direction, String[] types) {
      try (NodeSet one = reading.nodeSet()) {
        Node node = anyOrHub();
        one.add(node);
        try (NodeCursor cursor = one.nodes()) {
          assertTrue(cursor.next());
          assertAdds(List.of(node), direction, types, set.addNeighbours(cursor, direction, types));
        }
      }
    }

    private void assertAdds(List<Node> from, Direction direction, String[] types, long added) {
      int before = expected.size();
      for (Node node : from) {
        expected.addAll(ends(reading.relationships(node, direction, types)));
      }
      assertEquals(expected.size() - before, added, where());
    }

    void assertAsExpected() {
      assertEquals(List.copyOf(expected), walk(set), where());
      assertEquals(new HashSet<>(expected), new HashSet<>(walk(set)), where());
      if (!reading.mayHaveDeleted()) {
        assertEquals(expected.size(), set.size(), where());
      }
      nodes.forEach(node -> assertEquals(expected.contains(node), set.contains(node), where()));
    }

    @Override
    public void close() {
      set.close();
    }
  }

  private Node anyOrHub() {
    return random.nextInt(30) == 0 ? nodes.get(random.nextInt(4)) : any();
  }

  @Test
  void aReaderAddsWhatACursorMeets() {
    try (GraphSnapshot reader = store.beginRead();
        Pair first = new Pair(reader);
        Pair second = new Pair(reader)) {
      for (int round = 0; round < 300; round++) {
        (random.nextBoolean() ? first : second).step(random.nextBoolean() ? first : second);
        first.assertAsExpected();
        second.assertAsExpected();
      }
    }
  }

  @Test
  void aWriterAddsWhatACursorMeetsWhileNodesComeAndGo() {
    try (GraphTransaction tx = store.beginWrite();
        Pair first = new Pair(tx);
        Pair second = new Pair(tx)) {
      for (int round = 0; round < 300; round++) {
        change(tx, List.of(first, second));
        (random.nextBoolean() ? first : second).step(random.nextBoolean() ? first : second);
        first.assertAsExpected();
        second.assertAsExpected();
      }
      tx.commit();
    }
  }

  /// Deletes only from half of the rounds on.
  private void change(GraphTransaction tx, List<Pair> sets) {
    nodes.add(create(tx));
    for (int i = 0; i < 5; i++) {
      relate(tx, anyOrHub(), random.nextBoolean() ? any() : nodes.getLast());
    }
    if (nodes.size() > NODES + 150 || tx.mayHaveDeleted()) {
      Node victim = nodes.remove(random.nextInt(4, nodes.size()));
      tx.detachDelete(victim);
      sets.forEach(one -> one.expected.remove(victim));
      try (RelationshipCursor some = tx.relationships(anyOrHub(), Direction.BOTH)) {
        if (some.next()) {
          tx.delete(some.relationship());
        }
      }
    }
  }

  @Test
  void whatLeadsToADroppedRegionIsPassedOver() {
    try (GraphTransaction tx = store.beginWrite();
        Pair before = new Pair(tx)) {
      nodes.forEach(before.set::add);
      before.expected.addAll(nodes);
      tx.dropRegion("east");
      List<Node> left = nodes.stream().filter(tx::exists).toList();
      assertTrue(left.size() < nodes.size());
      before.expected.retainAll(left);
      nodes.retainAll(left);
      assertEquals(0, before.set.addNeighbours(before.set, Direction.BOTH));
      for (int round = 0; round < 50; round++) {
        before.step(before);
        before.assertAsExpected();
      }
      tx.commit();
    }
    try (GraphSnapshot reader = store.beginRead();
        Pair after = new Pair(reader)) {
      for (int round = 0; round < 50; round++) {
        after.step(after);
        after.assertAsExpected();
      }
    }
  }

  @Test
  void theNeighboursOfASetItselfAreOneStep() {
    try (GraphTransaction tx = store.beginWrite();
        NodeSet set = tx.nodeSet()) {
      List<Node> chain = new ArrayList<>(List.of(create(tx)));
      for (int i = 0; i < 10; i++) {
        chain.add(create(tx));
        tx.createRelationship(chain.get(i), "NEXT", chain.get(i + 1), Map.of());
      }
      set.add(chain.getFirst());
      for (int steps = 1; steps <= 10; steps++) {
        assertEquals(1, set.addNeighbours(set, Direction.OUTGOING, "NEXT"));
        assertEquals(chain.subList(0, steps + 1), walk(set));
      }
      assertEquals(0, set.addNeighbours(set, Direction.OUTGOING, "NEXT"));
    }
  }

  /// As what a procedure does in a statement that deletes nodes with relationships.
  @Test
  void aNeighbourThatIsLeavingIsToldAsForOneThatIsAdded() {
    try (GraphTransaction tx = store.beginWrite();
        NodeSet set = tx.nodeSet()) {
      Node from = create(tx);
      List<Node> targets = new ArrayList<>();
      for (int i = 0; i < 3; i++) { // side by side, so they are met in this order
        targets.add(tx.createNode(Set.of("A"), Map.of()));
      }
      targets.forEach(target -> tx.createRelationship(from, "T", target, Map.of()));
      tx.deleteByEndOfStatement(targets.get(1));
      long id = tx.handles().id(targets.get(1));
      assertFails(ErrorCode.RECORD_GONE, () -> set.add(id));
      assertFails(ErrorCode.RECORD_GONE, () -> set.addNeighbours(from, Direction.OUTGOING, "T"));
      assertEquals(targets.subList(0, 1), walk(set));
    }
  }

  @Test
  void aNodeOfASetThatIsLeavingIsPassedOver() {
    try (GraphTransaction tx = store.beginWrite();
        NodeSet from = tx.nodeSet();
        NodeSet set = tx.nodeSet()) {
      Node leaving = create(tx);
      Node staying = create(tx);
      tx.createRelationship(leaving, "T", nodes.get(5), Map.of());
      tx.createRelationship(staying, "T", nodes.get(6), Map.of());
      from.add(leaving);
      from.add(staying);
      tx.deleteByEndOfStatement(leaving);
      assertEquals(1, set.addNeighbours(from, Direction.OUTGOING));
      assertEquals(List.of(nodes.get(6)), walk(set));
    }
  }

  @Test
  void whatIsNoNodeOfItsTransactionIsRefusedAndNothingIsAdded() {
    try (GraphTransaction tx = store.beginWrite()) {
      tx.detachDelete(nodes.get(7));
      tx.commit();
    }
    try (GraphStore foreign = open("/y.quarry");
        GraphTransaction elsewhere = foreign.beginWrite();
        GraphSnapshot reader = store.beginRead();
        GraphSnapshot another = store.beginRead();
        NodeSet set = reader.nodeSet();
        NodeSet ofAnother = another.nodeSet();
        NodeSet closed = reader.nodeSet();
        NodeCursor none = reader.nodes()) {
      Node stranger = elsewhere.createNode(Set.of("A"), Map.of());
      closed.close();
      assertFails(ErrorCode.FOREIGN_HANDLE, () -> set.addNeighbours(stranger, Direction.BOTH));
      assertFails(ErrorCode.RECORD_GONE, () -> set.addNeighbours(nodes.get(7), Direction.BOTH));
      assertFails(ErrorCode.RECORD_GONE, () -> set.addNeighbours(none, Direction.BOTH));
      assertThrows(
          IllegalArgumentException.class, () -> set.addNeighbours(ofAnother, Direction.BOTH));
      assertThrows(IllegalStateException.class, () -> set.addNeighbours(closed, Direction.BOTH));
      assertThrows(IllegalStateException.class, () -> closed.addNeighbours(set, Direction.BOTH));
      assertThrows(
          IllegalStateException.class, () -> closed.addNeighbours(nodes.get(1), Direction.BOTH));
      assertEquals(0, set.size());
      try (NodeCursor cursor = another.nodes()) {
        assertTrue(cursor.next());
        List<Node> expected = ends(reader.relationships(cursor.node(), Direction.BOTH));
        set.addNeighbours(cursor, Direction.BOTH);
        assertEquals(List.copyOf(new LinkedHashSet<>(expected)), walk(set), where());
      }
    }
  }

  @Test
  void afterItsTransactionNothingIsAdded() {
    GraphSnapshot reader = store.beginRead();
    NodeSet set = reader.nodeSet();
    NodeCursor cursor = reader.nodes();
    assertTrue(cursor.next());
    reader.close();
    assertFails(
        ErrorCode.TRANSACTION_CLOSED, () -> set.addNeighbours(nodes.get(1), Direction.BOTH));
    assertFails(ErrorCode.TRANSACTION_CLOSED, () -> set.addNeighbours(cursor, Direction.BOTH));
    assertFails(ErrorCode.TRANSACTION_CLOSED, () -> set.addNeighbours(set, Direction.BOTH));
  }

  /// What was added before the budget was full stays, and a later call adds the rest.
  @Test
  void aFullBudgetRefusesARestThatIsAddedLater() {
    List<Scratch> others = new ArrayList<>();
    try (GraphSnapshot reader = store.beginRead();
        NodeSet set = reader.nodeSet()) {
      Node hub = nodes.get(1);
      List<Node> all =
          List.copyOf(new LinkedHashSet<>(ends(reader.relationships(hub, Direction.BOTH))));
      assertThrows(
          MemoryBudgetException.class,
          () -> {
            while (true) {
              Scratch one = reader.scratch().another();
              one.allocate(4096);
              others.add(one);
            }
          });
      int refused = 0;
      while (set.size() < all.size()) {
        int before = Math.toIntExact(set.size());
        try {
          assertEquals(all.size() - before, set.addNeighbours(hub, Direction.BOTH), where());
        } catch (MemoryBudgetException full) {
          refused++;
          others.removeLast().close();
        }
        int added = Math.toIntExact(set.size());
        assertEquals(all.subList(0, added), walk(set), where());
        all.forEach(node -> assertEquals(all.indexOf(node) < added, set.contains(node), where()));
      }
      assertTrue(refused > 1, refused + " refused");
      others.forEach(Scratch::close);
    }
  }

  @Test
  void addingNeighboursAllocatesNothing() {
    try (GraphSnapshot reader = store.beginRead();
        NodeSet set = reader.nodeSet()) {
      String[] types = {"T"};
      long least = Long.MAX_VALUE;
      for (int round = 0; round < 40; round++) {
        set.clear();
        long bytes = allocatedBy(set, types);
        least = round == 0 ? least : Math.min(least, bytes);
      }
      assertEquals(0, least, where());
    }
  }

  private long allocatedBy(NodeSet set, String[] types) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    threads.getCurrentThreadAllocatedBytes();
    long before = threads.getCurrentThreadAllocatedBytes();
    long added = 0;
    for (int i = 0; i < nodes.size(); i++) {
      added += set.addNeighbours(nodes.get(i), Direction.OUTGOING, types);
    }
    long bytes = threads.getCurrentThreadAllocatedBytes() - before;
    assertEquals(set.size(), added);
    return bytes;
  }

  private String where() {
    return "-Dseed=" + seed;
  }
}
