package dev.quarry.graph.transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.GraphException;
import dev.quarry.error.TransactionException;
import dev.quarry.graph.Direction;
import dev.quarry.graph.Node;
import dev.quarry.graph.NodeCursor;
import dev.quarry.graph.Progress;
import dev.quarry.graph.RelationshipBatch;
import dev.quarry.graph.RelationshipCursor;
import dev.quarry.graph.check.GraphCheck;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.simulation.SimDisk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RelationshipBatchTest {
  private static final Path PATH = Path.of("/x.quarry");
  private static final int NODES = 300;

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final SimDisk disk = new SimDisk();
  private final Map<String, Integer> model = new TreeMap<>();
  private final List<Node> nodes = new ArrayList<>();
  private final GraphStore store = GraphStore.open(PATH, options(disk));

  private static StoreOptions options(SimDisk disk) {
    return StoreOptions.defaults()
        .withMemory(16 << 20)
        .withNativeMemory(NativeSource.FOREIGN)
        .withDisk(disk);
  }

  @BeforeEach
  void makeNodes() {
    System.out.println("RelationshipBatchTest -Dseed=" + seed);
    ListsSetting.vary(seed);
    try (GraphTransaction tx = store.beginWrite()) {
      for (int i = 0; i < NODES; i++) {
        nodes.add(tx.createNode(Set.of(i % 3 == 0 ? "A" : "B"), Map.of()));
      }
      tx.commit();
    }
  }

  @AfterEach
  void checkAndClose() {
    ListsSetting.restore();
    agrees(store);
    store.close();
    assertEquals(0, store.store().budget().used(), where());
  }

  private String where() {
    return "seed " + seed;
  }

  /// What is there is what the model says, from both ends.
  private void agrees(GraphStore withStore) {
    try (GraphSnapshot snapshot = withStore.beginRead()) {
      assertEquals(List.of(), GraphCheck.run(snapshot, Progress.NONE).problems(), where());
      assertEquals(model, walked(snapshot, Direction.OUTGOING), where());
      assertEquals(model, walked(snapshot, Direction.INCOMING), where());
    }
  }

  private Map<String, Integer> walked(Reading reading, Direction direction) {
    Map<String, Integer> found = new TreeMap<>();
    Expansion expansion = reading.expansion(direction, null);
    for (Node old : nodes) {
      Node node = reading.node(old.elementId()).orElse(null);
      if (node != null) {
        expansion.open(reading.existing(node));
        while (expansion.next()) {
          String from = reading.handle(expansion.source()).elementId();
          String to = reading.handle(expansion.target()).elementId();
          String type = reading.catalog().typeName(expansion.type());
          found.merge(from + " " + type + " " + to, 1, Integer::sum);
        }
      }
    }
    return found;
  }

  private void add(RelationshipBatch batch, String type, int start, int end) {
    if (random.nextBoolean()) {
      batch.add(nodes.get(start), nodes.get(end));
    } else {
      batch.add(id(start), id(end));
    }
    model.merge(
        nodes.get(start).elementId() + " " + type + " " + nodes.get(end).elementId(),
        1,
        Integer::sum);
  }

  private long id(int node) {
    try (GraphSnapshot snapshot = store.beginRead()) {
      return snapshot.existing(nodes.get(node));
    }
  }

  private void addMany(GraphTransaction tx, String type, int count) {
    RelationshipBatch batch = tx.batch(type);
    for (int i = 0; i < count; i++) {
      add(batch, type, skewed(), random.nextInt(NODES));
    }
  }

  /// Some nodes get many, so that their lists go through all forms.
  private int skewed() {
    return random.nextInt(4) == 0 ? random.nextInt(3) : random.nextInt(NODES);
  }

  @Test
  void whatWasAddedIsThereAfterTheCommitAndAfterACrash() {
    for (int round = 0; round < 8; round++) {
      try (GraphTransaction tx = store.beginWrite()) {
        addMany(tx, "T", random.nextInt(6000));
        addMany(tx, "U", random.nextInt(300));
        if (random.nextBoolean()) { // one with a property makes a list wide
          tx.createRelationship(nodes.get(0), "T", nodes.get(1), Map.of("w", round));
          model.merge(nodes.get(0).elementId() + " T " + nodes.get(1).elementId(), 1, Integer::sum);
        }
        tx.commit();
      }
      agrees(store);
      if (round % 3 == 1) {
        store.store().checkpoint();
      }
      if (round % 3 == 2) {
        try (GraphStore recovered = GraphStore.open(PATH, options(disk.afterKill()))) {
          agrees(recovered);
        }
      }
    }
  }

  @Test
  void whatWaitsIsEnteredBeforeTheNextChange() {
    try (GraphTransaction tx = store.beginWrite()) {
      RelationshipBatch batch = tx.batch("T");
      add(batch, "T", 1, 2);
      assertEquals(0, tx.degree(nodes.get(1), Direction.OUTGOING));
      GraphException connected = assertThrows(GraphException.class, () -> tx.delete(nodes.get(1)));
      assertEquals(ErrorCode.DELETE_CONNECTED_NODE, connected.code());
      assertEquals(1, tx.degree(nodes.get(1), Direction.OUTGOING));
      add(batch, "T", 3, 4);
      batch.flush();
      assertEquals(1, tx.degree(nodes.get(3), Direction.OUTGOING));
      tx.commit();
    }
  }

  @Test
  void aNodeThatDoesNotExistIsRefusedAndNothingIsAdded() {
    try (GraphTransaction tx = store.beginWrite()) {
      tx.delete(nodes.get(5));
      RelationshipBatch batch = tx.batch("T");
      add(batch, "T", 1, 2);
      for (long wrong : new long[] {-1, Long.MAX_VALUE, Ids.node(1, 1 << 20), Ids.node(77, 0)}) {
        GraphException gone =
            assertThrows(GraphException.class, () -> batch.add(Ids.node(0, 0), wrong));
        assertEquals(ErrorCode.RECORD_GONE, gone.code());
      }
      assertThrows(GraphException.class, () -> batch.add(nodes.get(5), nodes.get(1)));
      assertThrows(GraphException.class, () -> batch.add(nodes.get(1), nodes.get(5)));
      tx.commit();
    }
  }

  @Test
  void aNodeThatGoesBetweenTwoOfABatchIsRefusedFromThenOn() {
    try (GraphTransaction tx = store.beginWrite()) {
      add(tx.batch("T"), "T", 9, 0);
      tx.commit();
    }
    try (GraphTransaction tx = store.beginWrite()) {
      RelationshipBatch batch = tx.batch("T");
      addByIds(batch, 0, 3);
      tx.delete(nodes.get(6));
      addByIds(batch, 0, 3);
      refuses(batch, 0, 6);
      refuses(batch, 6, 0);
      addByIds(batch, 0, 3);
      tx.deleteByEndOfStatement(nodes.get(9));
      refuses(batch, 0, 9);
      refuses(batch, 9, 0);
      addByIds(batch, 0, 3);
      refuses(batch, 0, 9);
    }
  }

  @Test
  void afterItsTransactionOrAnErrorABatchTakesNothing() {
    for (int way = 0; way < 3; way++) {
      try (GraphTransaction tx = store.beginWrite()) {
        RelationshipBatch batch = tx.batch("T");
        batch.add(id(0), id(3));
        batch.add(id(0), id(3));
        switch (way) {
          case 0 -> tx.doom(new IllegalStateException("planned"));
          case 1 -> tx.rollback();
          default -> {
            tx.commit();
            model.merge(
                nodes.get(0).elementId() + " T " + nodes.get(3).elementId(), 2, Integer::sum);
          }
        }
        assertThrows(TransactionException.class, () -> batch.add(id(0), id(3)));
      }
    }
  }

  @Test
  void aNodeThatIsNewIsTakenAndOneThatNeverWasIsNot() {
    try (GraphTransaction tx = store.beginWrite()) {
      RelationshipBatch batch = tx.batch("T");
      addByIds(batch, 0, 3);
      long next = id(0) + (NODES + 2) / 3; // behind the last of its arena
      GraphException gone = assertThrows(GraphException.class, () -> batch.add(id(0), next));
      assertEquals(ErrorCode.RECORD_GONE, gone.code());
      Node made = tx.createNode(Set.of("A"), Map.of());
      assertEquals(next, tx.existing(made));
      batch.add(id(0), next);
      assertThrows(GraphException.class, () -> batch.add(id(0), next + 1));
    }
  }

  private void addByIds(RelationshipBatch batch, int start, int end) {
    batch.add(id(start), id(end));
    batch.add(id(start), id(end)); // of which more is known
  }

  private void refuses(RelationshipBatch batch, int start, int end) {
    GraphException gone = assertThrows(GraphException.class, () -> batch.add(id(start), id(end)));
    assertEquals(ErrorCode.RECORD_GONE, gone.code());
  }

  @Test
  void afterADeletionInBetweenOthersOfTheTypeGetRows() {
    try (GraphTransaction tx = store.beginWrite()) {
      RelationshipBatch batch = tx.batch("T");
      addByIds(batch, 0, 3);
      batch.flush();
      addByIds(batch, 0, 3);
      try (RelationshipCursor cursor = tx.relationships(nodes.get(0), Direction.OUTGOING)) {
        assertTrue(cursor.next());
        tx.delete(cursor.relationship());
      }
      addByIds(batch, 0, 3);
      batch.flush();
      assertEquals(5, tx.degree(nodes.get(0), Direction.OUTGOING));
      assertFalse(tx.catalog().edgeArenas().isEmpty());
    }
  }

  @Test
  void rollingBackForgetsWhatWaits() {
    GraphTransaction tx = store.beginWrite();
    RelationshipBatch batch = tx.batch("T");
    for (int i = 0; i < 1000; i++) {
      batch.add(nodes.get(i % NODES), nodes.get(i * 7 % NODES));
    }
    tx.rollback();
    assertThrows(TransactionException.class, () -> batch.add(nodes.get(0), nodes.get(1)));
  }

  @Test
  void afterADeletionRelationshipsOfItsTypeAreMadeOneByOne() {
    try (GraphTransaction tx = store.beginWrite()) {
      tx.createRelationship(nodes.get(1), "T", nodes.get(2), Map.of());
      tx.commit();
    }
    try (GraphTransaction tx = store.beginWrite()) {
      try (RelationshipCursor cursor = tx.relationships(nodes.get(1), Direction.OUTGOING)) {
        assertTrue(cursor.next());
        tx.delete(cursor.relationship());
      }
      addMany(tx, "T", 50);
      tx.commit();
    }
  }

  @Test
  void anOpenCursorShowsWhatWasThereWhenItWasOpened() {
    try (GraphTransaction tx = store.beginWrite()) {
      addMany(tx, "T", 500);
      tx.commit();
    }
    try (GraphTransaction tx = store.beginWrite();
        RelationshipCursor cursor = tx.relationships(nodes.get(0), Direction.OUTGOING)) {
      long before = tx.degree(nodes.get(0), Direction.OUTGOING);
      long met = 0;
      while (cursor.next()) {
        if (met++ == 3) {
          addMany(tx, "T", 2000);
          tx.batch("T").flush();
        }
      }
      assertEquals(before, met, where());
      tx.commit();
    }
  }

  @Test
  void moreThanTheMemoryHoldsCommitsAll() {
    try (GraphTransaction tx = store.beginWrite()) {
      for (int i = 0; i < 20_000; i++) {
        nodes.add(tx.createNode(Set.of("C"), Map.of()));
      }
      tx.commit();
    }
    List<Long> ids = new ArrayList<>();
    try (GraphSnapshot snapshot = store.beginRead();
        NodeCursor cursor = snapshot.nodes("C")) {
      while (cursor.next()) {
        ids.add(cursor.id());
      }
    }
    int count = 150_000;
    try (GraphTransaction tx = store.beginWrite()) {
      RelationshipBatch batch = tx.batch("MANY");
      for (int i = 0; i < count; i++) {
        batch.add(ids.get(random.nextInt(ids.size())), ids.get(random.nextInt(ids.size())));
      }
      tx.commit();
    }
    try (GraphSnapshot snapshot = store.beginRead()) {
      assertEquals(
          count, snapshot.counts().relationships(snapshot.catalog().type("MANY")), where());
      assertEquals(List.of(), GraphCheck.run(snapshot, Progress.NONE).problems(), where());
    }
    assertFalse(nodes.isEmpty());
    try (GraphTransaction tx = store.beginWrite()) { // the model knows nothing of them
      for (int i = NODES; i < nodes.size(); i++) {
        tx.detachDelete(nodes.get(i));
      }
      tx.commit();
    }
    nodes.subList(NODES, nodes.size()).clear();
  }
}
