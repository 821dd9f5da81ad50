package dev.quarry.graph.transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.GraphException;
import dev.quarry.graph.Direction;
import dev.quarry.graph.Node;
import dev.quarry.graph.NodeCursor;
import dev.quarry.graph.Progress;
import dev.quarry.graph.PropertyKey;
import dev.quarry.graph.Relationship;
import dev.quarry.graph.RelationshipCursor;
import dev.quarry.graph.check.GraphCheck;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.page.PageTransaction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rule S5: a cursor of a write transaction shows what existed when it was opened, minus what died
/// since, whatever form the lists have: inline, block, hub, of their own or mixed.
class CursorModelTest {
  private static final int[] DEGREES = {0, 1, 2, 3, 4, 9, 60, 300, 1_100, 3_000};
  private static final List<String> TYPES = List.of("OWN4", "OWN8", "LATE", "MIXED");

  private final long seed = Long.getLong("seed", System.nanoTime());
  private GraphStore store;

  CursorModelTest() {
    this.store = GraphStore.inMemory(StoreOptions.defaults());
  }

  @BeforeEach
  void printSeed() {
    System.out.println("CursorModelTest -Dseed=" + seed);
    ListsSetting.vary(seed);
  }

  @AfterEach
  void checkAndClose() {
    ListsSetting.restore();
    try (GraphSnapshot snapshot = store.beginRead()) {
      assertEquals(List.of(), GraphCheck.run(snapshot, Progress.NONE).problems(), where());
    }
    store.close();
    assertEquals(0, store.store().budget().used(), where());
  }

  private String where() {
    return "seed " + seed;
  }

  @Test
  void cursorsThatAreOpenWhileTheirTransactionWritesAgreeWithAModel() {
    Random random = new Random(seed);
    for (int round = 0; round < 20; round++) {
      int degree = DEGREES[random.nextInt(DEGREES.length)];
      Node hub = load(random, degree);
      try (GraphTransaction tx = store.beginWrite()) {
        new Run(tx, hub, random).steps(200 + degree / 2);
        if (random.nextBoolean()) {
          tx.commit();
        }
      }
      clear();
    }
  }

  private void clear() {
    try (GraphTransaction tx = store.beginWrite();
        NodeCursor nodes = tx.nodes()) {
      while (nodes.next()) {
        tx.detachDelete(nodes.node());
      }
      tx.commit();
    }
  }

  /// A hub, its neighbours, and relationships in all kinds of lists: `OWN4` and `OWN8` have lists
  /// of their own between nodes of A, `LATE` got them when it had relationships in the mixed lists.
  private Node load(Random random, int degree) {
    List<Long> nodes = new ArrayList<>();
    try (BulkTransaction load = store.beginBulk()) {
      int a = load.arena(List.of("A"));
      int b = load.arena(List.of("B"));
      for (int i = 0; i < 40; i++) {
        nodes.add(load.createNode(i < 30 ? a : b));
      }
      for (int i = 0; i < degree; i++) {
        boolean late = load.kind(a, load.type("LATE"), a) != null;
        if (i == degree / 2 && !late) {
          load.createKind(a, load.type("LATE"), a, random.nextBoolean());
        }
        if (load.kind(a, load.type("OWN4"), a) == null) {
          load.createKind(a, load.type("OWN4"), a, false);
          load.createKind(a, load.type("OWN8"), a, true);
        }
        link(load, nodes, random);
      }
      load.key("p");
      load.commit();
    }
    try (GraphSnapshot snapshot = store.beginRead()) {
      return snapshot.handle(nodes.getFirst());
    }
  }

  private static void link(BulkTransaction load, List<Long> nodes, Random random) {
    long hub = nodes.getFirst();
    long other = nodes.get(random.nextInt(random.nextBoolean() ? 3 : nodes.size()));
    boolean out = random.nextInt(3) > 0;
    long source = out ? hub : other;
    long target = out ? other : hub;
    int type = load.type(TYPES.get(random.nextInt(TYPES.size())));
    if (random.nextInt(4) == 0) {
      long row = load.createRow(type, source, target);
      load.putRow(type, row, load.key("p"), (long) random.nextInt(100));
      load.link(source, type, target, row);
    } else {
      load.link(source, type, target, -1);
    }
  }

  private record ModelEdge(String source, String type, String target, @Nullable Long p) {
    boolean touches(String node) {
      return source.equals(node) || target.equals(node);
    }
  }

  /// One transaction with its model and its open cursors.
  private final class Run {
    private final GraphTransaction tx;
    private final Random random;
    private final PropertyKey p;
    private final Map<String, Node> nodes = new HashMap<>();
    private final Map<String, ModelEdge> edges = new HashMap<>();
    private final List<OpenWalk> walks = new ArrayList<>();
    private final List<OpenNodes> nodeWalks = new ArrayList<>();
    private final Node hub;

    Run(GraphTransaction tx, Node hub, Random random) {
      this.tx = tx;
      this.hub = hub;
      this.random = random;
      this.p = tx.key("p");
      try (NodeCursor all = tx.nodes()) {
        while (all.next()) {
          nodes.put(all.node().elementId(), all.node());
        }
      }
      for (Node node : nodes.values()) {
        try (RelationshipCursor out = tx.relationships(node, Direction.OUTGOING)) {
          while (out.next()) {
            put(node, out.type(), out.neighbourNode(), out.relationship(), (Long) out.get(p));
          }
        }
      }
    }

    private void put(
        Node source, String type, Node target, Relationship one, @Nullable Long value) {
      ModelEdge edge = new ModelEdge(source.elementId(), type, target.elementId(), value);
      assertNull(edges.put(one.elementId(), edge), where());
    }

    void steps(int count) {
      for (int i = 0; i < count; i++) {
        switch (random.nextInt(walks.size() < 4 ? 12 : 10)) {
          case 0, 1 -> create();
          case 2, 3 -> delete(one());
          case 4 -> setProperty(one());
          case 5, 6, 7 -> stepWalks();
          case 8 -> changeNodes();
          case 9 -> stepNodes();
          default -> open();
        }
        if (random.nextInt(400) == 0) {
          detach(random.nextInt(8) == 0 ? hub : pick());
        }
      }
      while (!walks.isEmpty()) {
        stepWalks();
      }
      while (!nodeWalks.isEmpty()) {
        stepNodes();
      }
    }

    private Node pick() {
      List<Node> all = new ArrayList<>(nodes.values());
      return all.get(random.nextInt(all.size()));
    }

    private Node oftenHub() {
      return random.nextInt(3) > 0 && nodes.containsKey(hub.elementId()) ? hub : pick();
    }

    /// Some relationship: often the one that a cursor stands on.
    private @Nullable String one() {
      if (!walks.isEmpty() && random.nextBoolean()) {
        OpenWalk walk = walks.get(random.nextInt(walks.size()));
        return walk.standing != null && edges.containsKey(walk.standing) ? walk.standing : null;
      }
      List<String> all = new ArrayList<>(edges.keySet());
      return all.isEmpty() ? null : all.get(random.nextInt(all.size()));
    }

    private void create() {
      Node source = oftenHub();
      Node target = oftenHub();
      String type = TYPES.get(random.nextInt(TYPES.size()));
      Long value = random.nextInt(3) == 0 ? (long) random.nextInt(100) : null;
      Relationship made =
          tx.createRelationship(
              source, type, target, value == null ? Map.of() : Map.of("p", value));
      put(source, type, target, made, value);
    }

    private void delete(@Nullable String id) {
      if (id != null) {
        tx.delete(tx.relationship(id).orElseThrow());
        edges.remove(id);
      }
    }

    private void setProperty(@Nullable String id) {
      if (id != null) {
        long value = random.nextInt(100);
        tx.setProperty(tx.relationship(id).orElseThrow(), "p", value);
        edges.computeIfPresent(id, (i, e) -> new ModelEdge(e.source, e.type, e.target, value));
      }
    }

    private void detach(Node node) {
      if (nodes.size() > 1 && nodes.remove(node.elementId()) != null) {
        tx.detachDelete(node);
        edges.values().removeIf(edge -> edge.touches(node.elementId()));
      }
    }

    private void changeNodes() {
      if (random.nextBoolean()) {
        Node node = tx.createNode(Set.of(random.nextBoolean() ? "A" : "B"), Map.of());
        assertNull(nodes.put(node.elementId(), node), where());
      } else {
        Node node = pick();
        if (edges.values().stream().noneMatch(edge -> edge.touches(node.elementId()))) {
          detach(node);
        }
      }
    }

    private void open() {
      Direction direction = Direction.values()[random.nextInt(3)];
      String[] types =
          random.nextBoolean()
              ? new String[0]
              : new String[] {TYPES.get(random.nextInt(TYPES.size()))};
      walks.add(new OpenWalk(this, oftenHub(), direction, types));
      if (nodeWalks.size() < 2) {
        nodeWalks.add(new OpenNodes(this, random.nextBoolean() ? "A" : null));
      }
    }

    private void stepWalks() {
      if (!walks.isEmpty()) {
        OpenWalk walk = walks.get(random.nextInt(walks.size()));
        boolean more = true;
        for (int i = random.nextInt(40); more && i >= 0; i--) {
          more = walk.step();
        }
        if (!more || random.nextInt(40) == 0) {
          walk.cursor.close();
          walks.remove(walk);
        }
      }
    }

    private void stepNodes() {
      if (!nodeWalks.isEmpty()) {
        OpenNodes walk = nodeWalks.get(random.nextInt(nodeWalks.size()));
        if (!walk.step()) {
          nodeWalks.remove(walk);
        }
      }
    }
  }

  /// A cursor over relationships, with those that it has still to show.
  private final class OpenWalk {
    private final Run run;
    private final String node;
    private final RelationshipCursor cursor;
    private final Map<String, ModelEdge> left = new HashMap<>();
    private @Nullable String standing;

    OpenWalk(Run run, Node node, Direction direction, String[] types) {
      this.run = run;
      this.node = node.elementId();
      this.cursor = run.tx.relationships(node, direction, types);
      run.edges.forEach(
          (id, edge) -> {
            boolean out = edge.source.equals(this.node) && direction != Direction.INCOMING;
            boolean in = edge.target.equals(this.node) && direction != Direction.OUTGOING;
            if ((out || in) && (types.length == 0 || types[0].equals(edge.type))) {
              left.put(id, edge);
            }
          });
    }

    boolean step() {
      checkStanding();
      standing = null;
      if (!cursor.next()) {
        Set<String> missed = new HashSet<>(left.keySet());
        missed.retainAll(run.edges.keySet());
        assertEquals(Set.of(), missed, where());
        assertFalse(cursor.next(), where());
        return false;
      }
      String id = cursor.relationship().elementId();
      standing = id;
      ModelEdge expected = left.remove(id);
      assertTrue(expected != null, id + " did not exist when the cursor was opened, " + where());
      assertTrue(run.edges.containsKey(id), id + " is deleted, " + where());
      assertEquals(expected.type, cursor.type(), where());
      assertEquals(cursor.outgoing() ? expected.source : expected.target, node, where());
      checkStanding();
      return true;
    }

    /// What it stands on is the same whatever was changed.
    private void checkStanding() {
      if (standing == null) {
        return;
      }
      assertEquals(standing, cursor.relationship().elementId(), where());
      ModelEdge now = run.edges.get(standing);
      if (now == null) {
        GraphException gone = assertThrows(GraphException.class, () -> cursor.get(run.p));
        assertEquals(ErrorCode.RECORD_GONE, gone.code(), where());
      } else {
        assertEquals(now.p, cursor.get(run.p), where());
        String other = cursor.outgoing() ? now.target : now.source;
        assertEquals(other, cursor.neighbourNode().elementId(), where());
      }
    }
  }

  /// A cursor over nodes, with those that it has still to show.
  private final class OpenNodes {
    private final Run run;
    private final NodeCursor cursor;
    private final Set<String> left = new HashSet<>();

    OpenNodes(Run run, @Nullable String label) {
      this.run = run;
      this.cursor = label == null ? run.tx.nodes() : run.tx.nodes(label);
      run.nodes.forEach(
          (id, node) -> {
            if (label == null || run.tx.labels(node).contains(label)) {
              left.add(id);
            }
          });
    }

    boolean step() {
      if (!cursor.next()) {
        left.retainAll(run.nodes.keySet());
        assertEquals(Set.of(), left, where());
        return false;
      }
      String id = cursor.node().elementId();
      assertTrue(left.remove(id), id + " did not exist when the cursor was opened, " + where());
      assertTrue(run.nodes.containsKey(id), id + " is deleted, " + where());
      return true;
    }
  }

  @Test
  void everyRelationshipIsMetByWhoDeletesEachOfThem() {
    Random random = new Random(seed);
    for (int degree : DEGREES) {
      Node hub = load(random, degree);
      try (GraphTransaction tx = store.beginWrite()) {
        int met = 0;
        try (RelationshipCursor cursor = tx.relationships(hub, Direction.BOTH)) {
          while (cursor.next()) {
            tx.delete(cursor.relationship());
            met++;
          }
        }
        assertEquals(degree, met, where());
        assertEquals(0, tx.degree(hub, Direction.BOTH), where());
        tx.commit();
      }
      clear();
    }
  }

  @Test
  void aCursorIsAtItsEndOnceItsNodeIsDetached() {
    for (int degree : DEGREES) {
      Node hub = load(new Random(seed), degree);
      try (GraphTransaction tx = store.beginWrite();
          RelationshipCursor untouched = tx.relationships(hub, Direction.BOTH);
          RelationshipCursor stepped = tx.relationships(hub, Direction.OUTGOING)) {
        stepped.next();
        tx.detachDelete(hub);
        assertFalse(untouched.next(), where());
        assertFalse(stepped.next(), where());
        tx.commit();
      }
      clear();
    }
  }

  @Test
  void whatACursorKeepsIsGivenBackAtItsEndOrWithItsTransaction() {
    Node hub = load(new Random(seed), 3_000);
    try (GraphTransaction tx = store.beginWrite()) {
      RelationshipCursor closed = tx.relationships(hub, Direction.BOTH);
      RelationshipCursor ended = tx.relationships(hub, Direction.BOTH);
      RelationshipCursor leftOpen = tx.relationships(hub, Direction.BOTH);
      long before = transactionsUse();
      tx.createRelationship(hub, "MIXED", hub, Map.of());
      long kept = transactionsUse() - before;
      assertTrue(kept > 3 * 3_000 * 24, kept + " bytes, " + where());
      closed.close();
      while (ended.next()) {
        assertTrue(ended.neighbour() >= 0);
      }
      assertTrue(leftOpen.next(), where());
      assertTrue(transactionsUse() - before < kept / 2, where());
      tx.commit();
    }
    assertEquals(0, transactionsUse(), where());
    clear();
  }

  private long transactionsUse() {
    return store.store().budget().children().stream()
        .filter(account -> account.name().equals("transactions"))
        .mapToLong(Budget::used)
        .sum();
  }

  @Test
  void aCursorGoesOnAfterItsTransactionWroteItsPagesToTheFile(@TempDir Path folder) {
    StoreOptions options =
        StoreOptions.defaults().withMemory(16 << 20).withNativeMemory(NativeSource.FOREIGN);
    try (GraphStore graph = GraphStore.open(folder.resolve("spilled.quarry"), options);
        GraphTransaction tx = graph.beginWrite()) {
      Node hub = tx.createNode(Set.of("Hub"), Map.of());
      for (int i = 0; i < 3_000; i++) {
        tx.createRelationship(hub, "T", tx.createNode(Set.of("Leaf"), Map.of()), Map.of());
      }
      int met = 0;
      try (RelationshipCursor cursor = tx.relationships(hub, Direction.OUTGOING)) {
        while (cursor.next()) {
          met++;
          for (int i = 0; i < 30; i++) {
            tx.createNode(Set.of("More"), Map.of("text", "longer than what fits into a cell"));
          }
        }
      }
      assertEquals(3_000, met);
      assertTrue(tx.pages() instanceof PageTransaction pages && pages.spilled(), "too little");
      tx.commit();
    }
  }
}
