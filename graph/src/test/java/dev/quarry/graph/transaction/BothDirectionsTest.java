package dev.quarry.graph.transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.MemoryBudgetException;
import dev.quarry.graph.Node;
import dev.quarry.graph.Progress;
import dev.quarry.graph.RelationshipBatch;
import dev.quarry.graph.check.GraphCheck;
import dev.quarry.graph.compact.Compaction;
import dev.quarry.graph.hash.GraphHash;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.simulation.SimDisk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What two threads enter is what one enters, and what is created one by one.
class BothDirectionsTest {
  private static final Path PATH = Path.of("/x.quarry");
  private static final long USUAL = BothDirections.fewest;

  private final long seed = Long.getLong("seed", System.nanoTime());

  @AfterEach
  void restore() {
    BothDirections.fewest = USUAL;
  }

  private String where() {
    return "seed " + seed;
  }

  /// How relationships are made.
  private enum Way {
    ONE_BY_ONE(Long.MAX_VALUE),
    ONE_THREAD(Long.MAX_VALUE),
    TWO_THREADS(1);

    final long fewest;

    Way(long fewest) {
      this.fewest = fewest;
    }
  }

  private static StoreOptions options(SimDisk disk) {
    return StoreOptions.defaults()
        .withMemory(64 << 20)
        .withNativeMemory(NativeSource.FOREIGN)
        .withThreads(2)
        .withDisk(disk);
  }

  @Test
  void theGraphIsTheSameWhateverWayItIsMade() {
    System.out.println("BothDirectionsTest -Dseed=" + seed);
    List<GraphHash.Result> expected = make(Way.ONE_BY_ONE);
    assertEquals(expected, make(Way.ONE_THREAD), where());
    assertEquals(expected, make(Way.TWO_THREADS), where());
  }

  /// The hashes after each commit, and after recovery.
  private List<GraphHash.Result> make(Way way) {
    BothDirections.fewest = way.fewest;
    Random random = new Random(seed);
    SimDisk disk = new SimDisk();
    List<GraphHash.Result> hashes = new ArrayList<>();
    try (GraphStore store = GraphStore.open(PATH, options(disk))) {
      List<Node> nodes = nodes(store, 2000 + random.nextInt(3000));
      int hubs = 1 + random.nextInt(nodes.size());
      for (int round = 0; round < 6; round++) {
        try (GraphTransaction tx = store.beginWrite()) {
          for (int left = random.nextInt(8000); left >= 0; left--) {
            Node start = nodes.get(random.nextInt(random.nextBoolean() ? hubs : nodes.size()));
            Node end = nodes.get(random.nextInt(nodes.size()));
            add(tx, way, start, end);
          }
          tx.commit();
        }
        hashes.add(hash(store));
        switch (random.nextInt(3)) {
          case 0 -> store.store().checkpoint();
          case 1 ->
              Compaction.run(
                  store, random.nextBoolean(), Runnable::run, () -> false, Progress.NONE);
          default -> {}
        }
      }
      try (GraphStore recovered = GraphStore.open(PATH, options(disk.afterKill()))) {
        hashes.add(hash(recovered));
      }
    }
    return hashes;
  }

  private static List<Node> nodes(GraphStore store, int count) {
    List<Node> nodes = new ArrayList<>();
    try (GraphTransaction tx = store.beginWrite()) {
      for (int i = 0; i < count; i++) {
        nodes.add(tx.createNode(Set.of(i % 5 == 0 ? "A" : "B"), Map.of()));
      }
      tx.commit();
    }
    return nodes;
  }

  private static void add(GraphTransaction tx, Way way, Node start, Node end) {
    if (way == Way.ONE_BY_ONE) {
      tx.createRelationship(start, "T", end, Map.of());
    } else {
      tx.batch("T").add(start, end);
    }
  }

  private GraphHash.Result hash(GraphStore store) {
    try (GraphSnapshot snapshot = store.beginRead()) {
      assertEquals(List.of(), GraphCheck.run(snapshot, Progress.NONE).problems(), where());
      return GraphHash.run(snapshot, store.store(), Progress.NONE);
    }
  }

  @Test
  void aBudgetThatEndsWhileBothWriteLeavesNothing() {
    BothDirections.fewest = 1;
    StoreOptions options =
        StoreOptions.defaults()
            .withMemory(16 << 20)
            .withNativeMemory(NativeSource.FOREIGN)
            .withThreads(2);
    try (GraphStore store = GraphStore.inMemory(options)) {
      List<Node> nodes = nodes(store, 40_000);
      GraphHash.Result before = hash(store);
      Random random = new Random(seed);
      try (GraphTransaction tx = store.beginWrite()) {
        RelationshipBatch batch = tx.batch("T");
        assertThrows(
            MemoryBudgetException.class,
            () -> {
              while (true) {
                batch.add(
                    nodes.get(random.nextInt(nodes.size())),
                    nodes.get(random.nextInt(nodes.size())));
              }
            });
      }
      assertEquals(before, hash(store), where());
      List<String> problems = new ArrayList<>();
      store.store().verifyLedger(problems::add);
      assertEquals(List.of(), problems, where());
      try (GraphTransaction tx = store.beginWrite()) {
        tx.batch("T").add(nodes.get(1), nodes.get(2));
        tx.commit();
      }
      try (GraphSnapshot snapshot = store.beginRead()) {
        assertEquals(1, snapshot.counts().relationships(snapshot.catalog().type("T")));
      }
    }
  }

  @Test
  void listsLieInTheSamePagesWhicheverThreadIsFaster() {
    byte[][] files = new byte[3][];
    for (int run = 0; run < files.length; run++) {
      BothDirections.fewest = 1;
      SimDisk disk = new SimDisk();
      Random random = new Random(seed);
      try (GraphStore store = GraphStore.open(PATH, options(disk).withMemory(16 << 20))) {
        List<Node> nodes = nodes(store, 30_000);
        try (GraphTransaction tx = store.beginWrite()) {
          RelationshipBatch batch = tx.batch("T");
          for (int i = 0; i < 150_000; i++) { // which spills
            batch.add(
                nodes.get(random.nextInt(nodes.size())), nodes.get(random.nextInt(nodes.size())));
          }
          tx.commit();
        }
        hash(store);
      }
      files[run] = disk.bytes(PATH);
    }
    for (int run = 1; run < files.length; run++) {
      assertEquals(files[0].length, files[run].length, where());
      assertTrue(differing(files[0], files[run]) < 40, where());
    }
  }

  /// How many pages differ: those that hold checksums do, which are seeded with the store's name.
  private static int differing(byte[] one, byte[] other) {
    int pages = 0;
    for (int at = 0; at < one.length; at += 4096) {
      pages += Arrays.equals(one, at, at + 4096, other, at, at + 4096) ? 0 : 1;
    }
    return pages;
  }
}
