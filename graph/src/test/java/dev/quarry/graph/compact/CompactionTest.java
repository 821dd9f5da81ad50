package dev.quarry.graph.compact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.StoreOpenException;
import dev.quarry.graph.Direction;
import dev.quarry.graph.LoadPlan;
import dev.quarry.graph.Node;
import dev.quarry.graph.NodeCursor;
import dev.quarry.graph.Progress;
import dev.quarry.graph.Relationship;
import dev.quarry.graph.RelationshipCursor;
import dev.quarry.graph.check.GraphCheck;
import dev.quarry.graph.hash.GraphHash;
import dev.quarry.graph.load.Loader;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.graph.transaction.GraphTransaction;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.StoreStatistics;
import dev.quarry.storage.io.Disk;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.simulation.SimDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A graph on a disk is compacted; another one, in memory, to which the same is done, is not. They
/// stay the same graph.
class CompactionTest {
  private static final Path PATH = Path.of("/x.quarry");
  private static final int NODES = 1500;
  private static final int SLACK = 300 << 10; // bytes of a small file that are no part of it

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final long filledFrom = random.nextLong();
  private final boolean packs = random.nextBoolean();
  private final SimDisk disk = new SimDisk();
  private GraphStore store = GraphStore.open(PATH, options());
  private final GraphStore twin = GraphStore.inMemory(options().withMemory(64 << 20));
  private final List<Node> nodes = new ArrayList<>();
  private final List<Node> twins = new ArrayList<>();

  private interface Change {
    void make(GraphTransaction tx, List<Node> nodes, Random random);
  }

  private StoreOptions options() {
    return StoreOptions.defaults()
        .withMemory(32 << 20)
        .withNativeMemory(NativeSource.FOREIGN)
        .withDisk(disk);
  }

  @BeforeEach
  void fill() {
    System.out.println("CompactionTest -Dseed=" + seed);
    if (Math.floorMod(seed, 2) == 0) {
      System.setProperty("quarry.ownLists", "1"); // so that most lists are mixed ones
    }
    if (Math.floorMod(seed, 3) > 0) {
      System.setProperty("quarry.leastFrozenBytes", "1"); // so that there are runs
      System.setProperty("quarry.leastSavedBytes", "-65536"); // and dictionaries
    }
    change(store, nodes, CompactionTest::fill, filledFrom);
    change(twin, twins, CompactionTest::fill, filledFrom);
  }

  private static void fill(GraphTransaction tx, List<Node> nodes, Random random) {
    for (int i = 0; i < NODES; i++) {
      Map<String, Object> properties = Map.of("number", i, "text", text(random));
      nodes.add(tx.createNode(Set.of(i % 3 == 0 ? "A" : "B"), properties));
    }
    for (int i = 0; i < NODES * 16; i++) {
      link(tx, nodes, random);
    }
  }

  @AfterEach
  void bothAreSoundAndTheSameGraph() {
    System.clearProperty("quarry.ownLists");
    System.clearProperty("quarry.leastFrozenBytes");
    System.clearProperty("quarry.leastSavedBytes");
    ensureSound();
    assertEquals(hash(twin), hash(store), where());
    store.close();
    twin.close();
    assertEquals(0, store.store().budget().used(), where());
  }

  private String where() {
    return "seed " + seed;
  }

  /// Does the same to both graphs.
  private void change(Change change) {
    long from = random.nextLong();
    change(store, nodes, change, from);
    change(twin, twins, change, from);
  }

  private static void change(GraphStore graph, List<Node> nodes, Change change, long from) {
    try (GraphTransaction tx = graph.beginWrite()) {
      change.make(tx, nodes, new Random(from));
      tx.commit();
    }
  }

  /// No chains: they are not moved.
  private static Object text(Random random) {
    return random.nextInt(10) == 0
        ? random.nextLong()
        : "text ".repeat(random.nextInt(random.nextInt(100) == 0 ? 3200 : 60));
  }

  private static void link(GraphTransaction tx, List<Node> nodes, Random random) {
    Node from = nodes.get(random.nextInt(random.nextInt(8) == 0 ? 3 : NODES));
    Node to = nodes.get(random.nextInt(NODES));
    String type = random.nextInt(4) == 0 ? "LIKES" : "KNOWS";
    boolean isBare = random.nextInt(40) > 0;
    Map<String, Object> properties =
        isBare ? Map.of() : Map.of("n", random.nextLong(), "t", text(random));
    if (tx.exists(from) && tx.exists(to)) {
      tx.createRelationship(from, type, to, properties);
    }
  }

  /// Deletes nodes, and all relationships that lead from the first ones to some.
  private void thin(int percent) {
    change(
        (tx, all, some) -> {
          for (int i = 3; i < NODES; i++) {
            if (some.nextInt(100) < percent && tx.exists(all.get(i))) {
              tx.detachDelete(all.get(i));
            }
          }
          int bound = some.nextInt(100);
          for (int i = 0; i < 3; i++) {
            unlink(tx, all.get(i), bound);
          }
        });
  }

  private static void unlink(GraphTransaction tx, Node node, int bound) {
    List<Relationship> gone = new ArrayList<>();
    try (RelationshipCursor all = tx.relationships(node, Direction.OUTGOING)) {
      while (all.next()) {
        Relationship one = all.relationship();
        if (bound == 100 || (long) tx.property(tx.end(one), "number") % 100 < bound) {
          gone.add(one);
        }
      }
    }
    gone.forEach(tx::delete);
  }

  private void changeALittle() {
    change(
        (tx, all, some) -> {
          for (int i = 0; i < 40; i++) {
            link(tx, all, some);
          }
          Node node = all.get(some.nextInt(NODES));
          if (tx.exists(node)) {
            tx.setProperty(node, "text", text(some));
          }
        });
  }

  private Compaction.Result compact() {
    return compact(Runnable::run, () -> false);
  }

  private Compaction.Result compact(Consumer<Runnable> turns, BooleanSupplier until) {
    return Compaction.run(store, packs, turns, until, Progress.NONE);
  }

  private static GraphHash.Result hash(GraphStore graph) {
    try (GraphSnapshot snapshot = graph.beginRead()) {
      return hash(graph, snapshot);
    }
  }

  private static GraphHash.Result hash(GraphStore graph, GraphSnapshot snapshot) {
    return GraphHash.run(snapshot, graph.store(), Progress.NONE);
  }

  private void ensureSound() {
    assertEquals(List.of(), GraphCheck.run(store, Progress.NONE).problems(), where());
  }

  @Test
  void afterMostNodesAreDeletedPagesAreFullAgain() {
    thin(80);
    Compaction.Result result = compact();
    assertTrue(result.isComplete());
    assertTrue(result.before().below() > 0, where() + result);
    assertEquals(0, result.after().below(), where() + result);
  }

  @Test
  void theFileIsHardlyLongerThanWhatItHolds() {
    store.store().checkpoint();
    thin(90);
    store.store().checkpoint();
    compact();
    StoreStatistics after = store.store().statistics();
    assertTrue(after.fileBytes() <= 1.1 * after.reachableBytes() + SLACK, where() + after);
    store.close();
    store = GraphStore.open(PATH, options());
  }

  @Test
  void aSecondCompactionFindsNothingToMove() {
    thin(70);
    compact();
    Compaction.Result again = compact();
    assertEquals(0, again.moved(), where() + again);
  }

  @Test
  void aReaderSeesWhatItSawAllTheTime() {
    store.store().checkpoint();
    thin(90);
    store.store().checkpoint();
    store.store().checkpoint(); // so that there are holes before what the reader sees
    try (GraphSnapshot reader = store.beginRead()) {
      GraphHash.Result before = hash(store, reader);
      compact();
      changeALittle();
      compact();
      store.store().checkpoint();
      assertEquals(before, hash(store, reader), where());
    }
  }

  @Test
  void writersHaveTheirTurnBetweenTwoSteps() {
    thin(60);
    int[] turns = new int[1];
    compact(
        step -> {
          step.run();
          turns[0]++;
          if (random.nextInt(4) == 0) {
            changeALittle();
          }
        },
        () -> false);
    assertTrue(turns[0] > 10, where() + ", " + turns[0] + " steps");
  }

  @Test
  void aCompactionThatEndsInTheMiddleLeavesTheSameGraph() {
    for (int round = 0; round < 4; round++) {
      thin(20);
      int[] left = {random.nextInt(60)};
      compact(Runnable::run, () -> left[0]-- <= 0);
      ensureSound();
      changeALittle();
      if (random.nextBoolean()) {
        store.close();
        store = GraphStore.open(PATH, options());
      }
    }
  }

  @Test
  void readersAndAWriterGoOnBesideIt(@TempDir Path folder) throws InterruptedException {
    onTheRealDisk(folder.resolve("x.quarry"));
    thin(60);
    AtomicBoolean ends = new AtomicBoolean();
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    Thread reader =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!ends.get() && failures.isEmpty()) {
                    try (GraphSnapshot snapshot = store.beginRead()) {
                      GraphHash.Result first = hash(store, snapshot);
                      assertEquals(first, hash(store, snapshot));
                    } catch (RuntimeException | Error e) {
                      failures.add(e);
                    }
                  }
                });
    Thread compacting =
        Thread.ofPlatform()
            .start(
                () -> {
                  while (!ends.get() && failures.isEmpty()) {
                    try {
                      compact();
                    } catch (RuntimeException | Error e) {
                      failures.add(e);
                    }
                  }
                });
    for (int i = 0; i < 100; i++) {
      changeALittle();
      if (i % 20 == 0) {
        thin(10);
      }
    }
    ends.set(true);
    reader.join();
    compacting.join();
    assertEquals(List.of(), failures, where());
  }

  /// The simulated disk is for one thread at a time.
  private void onTheRealDisk(Path path) {
    store.close();
    store = GraphStore.open(path, options().withDisk(Disk.real()));
    nodes.clear();
    change(store, nodes, CompactionTest::fill, filledFrom);
  }

  /// Their directory is all zeros then, and must not be taken for one that was never written: under
  /// it lie the lists as they were loaded.
  @Test
  void loadedListsThatWereEmptiedStayEmpty(@TempDir Path folder) throws IOException {
    StringBuilder edges = new StringBuilder();
    for (int i = 0; i < 3000; i++) {
      edges.append(i % 600).append(' ').append(i % 517).append('\n');
    }
    Path file = Files.writeString(folder.resolve("edges.txt"), edges);
    try (GraphStore loaded =
        GraphStore.open(folder.resolve("l.quarry"), options().withDisk(Disk.real()))) {
      new Loader(loaded).load(new LoadPlan().edges("LINK", "Page", file), Progress.NONE);
      try (GraphTransaction tx = loaded.beginWrite();
          NodeCursor all = tx.nodes("Page")) {
        while (all.next()) {
          unlink(tx, all.node(), 100);
        }
        tx.commit();
      }
      GraphHash.Result before = hash(loaded);
      assertEquals(0, before.relationships());
      Compaction.run(loaded, packs, Runnable::run, () -> false, Progress.NONE);
      assertEquals(before, hash(loaded));
      assertEquals(List.of(), GraphCheck.run(loaded, Progress.NONE).problems());
    }
  }

  @Test
  void aStoreThatIsReadOnlyIsRefused() {
    store.close();
    store = GraphStore.open(PATH, options().withReadOnly(true));
    assertThrows(StoreOpenException.class, this::compact);
    assertFalse(store.store().isPoisoned());
  }

  @Test
  void aGraphInMemoryIsCompactedAsWell() {
    thin(80);
    Compaction.Result result =
        Compaction.run(twin, packs, Runnable::run, () -> false, Progress.NONE);
    assertEquals(0, result.after().below(), where() + result);
    assertTrue(result.after().slotBytes() < result.before().slotBytes(), where() + result);
  }
}
