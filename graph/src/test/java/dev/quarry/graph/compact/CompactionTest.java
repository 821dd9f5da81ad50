package dev.quarry.graph.compact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.graph.Direction;
import dev.quarry.graph.Node;
import dev.quarry.graph.Progress;
import dev.quarry.graph.Relationship;
import dev.quarry.graph.RelationshipCursor;
import dev.quarry.graph.check.GraphCheck;
import dev.quarry.graph.hash.GraphHash;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.graph.transaction.GraphTransaction;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.StoreStatistics;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.simulation.SimDisk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CompactionTest {
  private static final Path PATH = Path.of("/x.quarry");
  private static final int NODES = 3000;
  private static final int SLACK = 300 << 10;

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final SimDisk disk = new SimDisk();
  private final List<Node> nodes = new ArrayList<>();
  private GraphStore store = GraphStore.open(PATH, options());

  private StoreOptions options() {
    return StoreOptions.defaults()
        .withMemory(32 << 20)
        .withNativeMemory(NativeSource.FOREIGN)
        .withDisk(disk);
  }

  @BeforeEach
  void fill() {
    System.out.println("CompactionTest -Dseed=" + seed);
    try (GraphTransaction tx = store.beginWrite()) {
      for (int i = 0; i < NODES; i++) {
        nodes.add(tx.createNode(Set.of(i % 3 == 0 ? "A" : "B"), Map.of("text", text())));
      }
      for (int i = 0; i < NODES * 16; i++) {
        link(tx);
      }
      tx.commit();
    }
  }

  @AfterEach
  void checkAndClose() {
    ensureSound();
    store.close();
    assertEquals(0, store.store().budget().used(), where());
  }

  private String where() {
    return "seed " + seed;
  }

  private Object text() {
    return random.nextInt(10) == 0 ? random.nextLong() : "text ".repeat(random.nextInt(60));
  }

  private void link(GraphTransaction tx) {
    int bound = random.nextInt(8) == 0 ? 3 : NODES;
    tx.createRelationship(
        nodes.get(random.nextInt(bound)),
        random.nextInt(4) == 0 ? "LIKES" : "KNOWS",
        nodes.get(random.nextInt(NODES)),
        random.nextInt(40) == 0 ? Map.of("n", random.nextLong(), "t", text()) : Map.of());
  }

  /// Deletes nodes and relationships, and changes texts.
  private void thin(double share) {
    try (GraphTransaction tx = store.beginWrite()) {
      for (int i = 3; i < NODES; i++) {
        if (random.nextDouble() < share && tx.exists(nodes.get(i))) {
          tx.detachDelete(nodes.get(i));
        }
      }
      for (int i = 0; i < 3; i++) {
        List<Relationship> gone = new ArrayList<>();
        try (RelationshipCursor all = tx.relationships(nodes.get(i), Direction.OUTGOING)) {
          while (all.next()) {
            if (random.nextDouble() < share) {
              gone.add(all.relationship());
            }
          }
        }
        gone.forEach(tx::delete);
      }
      tx.commit();
    }
  }

  private Compaction.Result compact() {
    return Compaction.run(store, Runnable::run, () -> false, Progress.NONE);
  }

  private GraphHash.Result hash() {
    try (GraphSnapshot snapshot = store.beginRead()) {
      return hash(snapshot);
    }
  }

  private GraphHash.Result hash(GraphSnapshot snapshot) {
    return GraphHash.run(snapshot, store.store(), Progress.NONE);
  }

  private void ensureSound() {
    assertEquals(List.of(), GraphCheck.run(store, Progress.NONE).problems(), where());
  }

  @Test
  void afterADeletionOfMostNodesPagesAreFullAgainAndTheGraphIsTheSame() {
    thin(0.9);
    GraphHash.Result before = hash();
    Compaction.Result result = compact();
    System.out.println(result);
    assertTrue(result.isComplete());
    assertTrue(result.before().below() > 0, where() + result);
    assertEquals(0, result.after().below(), where() + result);
    assertEquals(before, hash(), where());
  }

  @Test
  void theFileIsHardlyLongerThanWhatItHolds() {
    thin(0.9);
    store.store().checkpoint();
    StoreStatistics before = store.store().statistics();
    GraphHash.Result hash = hash();
    compact();
    StoreStatistics after = store.store().statistics();
    System.out.println(before + "\n" + after);
    assertTrue(after.fileBytes() <= 1.1 * after.reachableBytes() + SLACK, where() + after);
    reopen();
    assertEquals(hash, hash(), where());
    StoreStatistics closed = store.store().statistics();
    System.out.println(closed);
  }

  private void reopen() {
    store.close();
    store = GraphStore.open(PATH, options());
  }

  @Test
  void aSecondCompactionFindsNothingToMove() {
    thin(0.7);
    compact();
    Compaction.Result again = compact();
    assertEquals(0, again.moved(), where() + again);
  }

  @Test
  void aReaderSeesWhatItSawAllTheTime() {
    thin(0.5);
    try (GraphSnapshot reader = store.beginRead()) {
      GraphHash.Result before = hash(reader);
      compact();
      thin(0.5);
      compact();
      store.store().checkpoint();
      assertEquals(before, hash(reader), where());
    }
  }
}
