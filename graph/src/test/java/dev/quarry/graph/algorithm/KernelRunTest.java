package dev.quarry.graph.algorithm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.quarry.error.CancelledException;
import dev.quarry.error.GraphException;
import dev.quarry.error.MemoryBudgetException;
import dev.quarry.error.StoreClosedException;
import dev.quarry.graph.Direction;
import dev.quarry.graph.Node;
import dev.quarry.graph.Progress;
import dev.quarry.graph.RelationshipBatch;
import dev.quarry.graph.check.GraphCheck;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.graph.transaction.GraphTransaction;
import dev.quarry.graph.transaction.NodeScan;
import dev.quarry.storage.StoreOptions;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What holds for every algorithm: threads do not change the answer, memory stays within what is
/// stated, the heap does not grow with the relationships, and a run can be ended.
class KernelRunTest {
  private static final int NODES = 20_000;

  /// Those that look more than once also at a small graph.
  private static final Set<String> LONG =
      Set.of("pageRank", "sssp", "cdlp", "lcc", "triangleCount", "coreNumbers");

  private final GraphStore store =
      GraphStore.inMemory(StoreOptions.defaults().withMemory(256 << 20));

  @AfterEach
  void theStoreIsSoundAndGivesAllBack() {
    Thread.interrupted();
    try (GraphSnapshot snapshot = store.beginRead()) {
      assertEquals(List.of(), GraphCheck.run(snapshot, Progress.NONE).problems());
    }
    store.close();
    assertEquals(0, store.store().budget().used());
  }

  /// Nodes with skewed degrees.
  private void makeGraph(int nodes, int relationships) {
    SplittableRandom random = new SplittableRandom(5);
    try (GraphTransaction tx = store.beginWrite()) {
      for (int i = 0; i < nodes; i++) {
        tx.createNode(Set.of("V"), Map.of());
      }
      tx.commit();
    }
    try (GraphTransaction tx = store.beginWrite()) {
      long[] all = new long[nodes];
      NodeScan scan = tx.scanAll();
      int known = 0;
      long[] some = new long[1000];
      for (int n = scan.fill(some, 1000); n > 0; n = scan.fill(some, 1000)) {
        System.arraycopy(some, 0, all, known, n);
        known += n;
      }
      RelationshipBatch batch = tx.batch("E");
      for (int i = 0; i < relationships; i++) {
        double skewed = random.nextDouble();
        batch.add(all[(int) (skewed * skewed * skewed * nodes)], all[random.nextInt(nodes)]);
      }
      batch.flush();
      tx.commit();
    }
  }

  private void makeNode() {
    try (GraphTransaction tx = store.beginWrite()) {
      tx.createNode(Set.of("V"), Map.of());
      tx.commit();
    }
  }

  private static Node first(GraphSnapshot snapshot) {
    try (var nodes = snapshot.nodes()) {
      assertTrue(nodes.next());
      return nodes.node();
    }
  }

  /// Every algorithm, as bits of all that it gives.
  private static Map<String, Function<GraphAlgorithms, long[]>> all(Node source) {
    Map<String, Function<GraphAlgorithms, long[]>> all = new LinkedHashMap<>();
    all.put("bfs", on -> longs(on.bfs(source)));
    all.put("wcc", on -> longs(on.wcc()));
    all.put("pageRank", on -> doubles(on.pageRank(0.85, 5, 0)));
    all.put("sssp", on -> doubles(on.sssp(source, "w", 1)));
    all.put("cdlp", on -> longs(on.cdlp(3)));
    all.put("lcc", on -> doubles(on.lcc()));
    all.put("triangleCount", on -> new long[] {on.triangleCount()});
    all.put("coreNumbers", on -> longs(on.coreNumbers()));
    all.put("countWithin", on -> new long[] {on.countWithin(source, 3)});
    all.put("degrees", on -> longs(on.degrees()));
    return all;
  }

  private static long[] longs(LongResult result) {
    try (result) {
      long[] values = new long[(int) result.size()];
      for (int i = 0; result.next(); i++) {
        values[i] = result.value();
      }
      return values;
    }
  }

  private static long[] doubles(DoubleResult result) {
    try (result) {
      long[] values = new long[(int) result.size()];
      for (int i = 0; result.next(); i++) {
        values[i] = Double.doubleToRawLongBits(result.value());
      }
      return values;
    }
  }

  @Test
  void theAnswerDoesNotDependOnTheNumberOfThreads() {
    makeGraph(NODES, 150_000);
    try (GraphSnapshot snapshot = store.beginRead()) {
      for (Direction direction : Direction.values()) {
        AlgorithmOptions options = AlgorithmOptions.defaults().withDirection(direction);
        all(first(snapshot))
            .forEach(
                (name, run) -> {
                  long[] alone = run.apply(on(snapshot, options.withThreads(1)));
                  long[] together = run.apply(on(snapshot, options.withThreads(4)));
                  assertTrue(Arrays.equals(alone, together), name + ", " + direction);
                });
      }
    }
  }

  private static GraphAlgorithms on(GraphSnapshot snapshot, AlgorithmOptions options) {
    return GraphAlgorithms.over(snapshot, options);
  }

  /// What `docs/algorithms.md` says, and 3 MiB for all that does not grow.
  @Test
  void theMemoryThatIsStatedSuffices() {
    makeGraph(NODES * 10, 600_000);
    Map<String, Double> bytesOfNode =
        Map.of(
            "bfs",
            8.5,
            "wcc",
            4.0,
            "pageRank",
            32.0,
            "sssp",
            16.0,
            "cdlp",
            12.0,
            "lcc",
            56.0,
            "triangleCount",
            36.0,
            "coreNumbers",
            20.0,
            "countWithin",
            8.0,
            "degrees",
            8.0);
    try (GraphSnapshot snapshot = store.beginRead()) {
      all(first(snapshot))
          .forEach(
              (name, run) -> {
                double ofNode = java.util.Objects.requireNonNull(bytesOfNode.get(name)) + 0.125;
                long bytes = (long) (ofNode * NODES * 10) + (3 << 20);
                run.apply(
                    on(snapshot, AlgorithmOptions.defaults().withThreads(1).withMemory(bytes)));
              });
    }
  }

  @Test
  void aRunThatNeedsMoreThanItMayUseEndsAndGivesAllBack() {
    makeGraph(NODES, 40_000);
    try (GraphSnapshot snapshot = store.beginRead()) {
      AlgorithmOptions options = AlgorithmOptions.defaults().withMemory(40_000);
      long before = store.store().budget().used();
      all(first(snapshot))
          .forEach(
              (name, run) ->
                  assertThrows(
                      MemoryBudgetException.class, () -> run.apply(on(snapshot, options)), name));
      snapshot.scratch().reset();
      assertTrue(store.store().budget().used() <= before + (4 << 20), "extents in reserve only");
    }
  }

  @Test
  void theHeapDoesNotGrowWithTheRelationships() {
    makeGraph(NODES, 20_000);
    Map<String, Long> sparse = allocated();
    try (GraphTransaction tx = store.beginWrite()) {
      SplittableRandom random = new SplittableRandom(6);
      NodeScan scan = tx.scanAll();
      long[] nodes = new long[NODES];
      assertEquals(NODES, scan.fill(nodes, NODES));
      RelationshipBatch batch = tx.batch("E");
      for (int i = 0; i < 400_000; i++) {
        batch.add(nodes[random.nextInt(NODES)], nodes[random.nextInt(NODES)]);
      }
      batch.flush();
      tx.commit();
    }
    allocated()
        .forEach(
            (name, bytes) -> {
              long more = bytes - java.util.Objects.requireNonNull(sparse.get(name));
              assertTrue(more < 200_000, name + ": " + more + " bytes more for 400,000 more");
            });
  }

  /// Bytes that a run of each algorithm allocates on the heap, the second time.
  private Map<String, Long> allocated() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    Map<String, Long> bytes = new LinkedHashMap<>();
    try (GraphSnapshot snapshot = store.beginRead()) {
      GraphAlgorithms on = on(snapshot, AlgorithmOptions.defaults().withThreads(1));
      all(first(snapshot))
          .forEach(
              (name, run) -> {
                run.apply(on);
                long before = threads.getCurrentThreadAllocatedBytes();
                run.apply(on);
                bytes.put(name, threads.getCurrentThreadAllocatedBytes() - before);
              });
    }
    return bytes;
  }

  /// 65,536 steps at most lie between two looks, so that many looks there must be; a look costs
  /// little, and steps are some nanoseconds.
  @Test
  void everyRunAsksAgainAndAgainWhetherToEnd() {
    makeGraph(NODES, 400_000);
    try (GraphSnapshot snapshot = store.beginRead()) {
      Map<String, Long> relationships =
          Map.of(
              "pageRank",
              5 * 400_000L,
              "sssp",
              400_000L,
              "cdlp",
              3 * 400_000L,
              "lcc",
              400_000L,
              "triangleCount",
              400_000L,
              "coreNumbers",
              800_000L,
              "countWithin",
              300_000L);
      all(first(snapshot))
          .forEach(
              (name, run) -> {
                AtomicLong looks = new AtomicLong();
                run.apply(
                    on(
                        snapshot,
                        AlgorithmOptions.defaults()
                            .withThreads(1)
                            .withCheck(looks::incrementAndGet)));
                long least = relationships.getOrDefault(name, 65_536L) / 65_536;
                assertTrue(looks.get() >= least, name + ": " + looks + " looks, not " + least);
              });
    }
  }

  @Test
  void aCheckThatThrowsEndsEveryRunOnAnyNumberOfThreads() {
    makeGraph(NODES, 300_000);
    for (int threads = 1; threads <= 3; threads++) {
      AtomicLong left = new AtomicLong();
      AlgorithmOptions options =
          AlgorithmOptions.defaults()
              .withThreads(threads)
              .withCheck(
                  () -> {
                    if (left.decrementAndGet() < 0) {
                      throw new IllegalStateException("enough");
                    }
                  });
      try (GraphSnapshot snapshot = store.beginRead()) {
        all(first(snapshot))
            .forEach(
                (name, run) -> {
                  for (int looks = 0; looks < (LONG.contains(name) ? 2 : 1); looks++) {
                    left.set(looks);
                    assertThrows(
                        IllegalStateException.class,
                        () -> run.apply(on(snapshot, options)),
                        name + " at look " + looks);
                  }
                });
      }
    }
  }

  @Test
  void anInterruptEndsARunAndItsFlagIsKept() {
    makeGraph(NODES, 100_000);
    try (GraphSnapshot snapshot = store.beginRead()) {
      Thread.currentThread().interrupt();
      assertThrows(
          CancelledException.class, () -> GraphAlgorithms.over(snapshot).pageRank().close());
      assertTrue(Thread.interrupted());
    }
  }

  @Test
  void iterationsEndOnceRanksMoveByLessThanTheTolerance() {
    makeGraph(100, 500);
    try (GraphSnapshot snapshot = store.beginRead()) {
      GraphAlgorithms on = GraphAlgorithms.over(snapshot);
      long[] one = doubles(on.pageRank(0.85, 1, 0));
      long[] two = doubles(on.pageRank(0.85, 2, 0));
      double movedFirst = 0;
      double moved = 0;
      for (int i = 0; i < two.length; i++) {
        movedFirst += Math.abs(Double.longBitsToDouble(one[i]) - 1.0 / one.length);
        moved += Math.abs(Double.longBitsToDouble(two[i]) - Double.longBitsToDouble(one[i]));
      }
      assertArrayEquals(one, doubles(on.pageRank(0.85, 50, movedFirst * 1.000001)));
      assertArrayEquals(two, doubles(on.pageRank(0.85, 50, moved * 1.000001)));
      assertFalse(Arrays.equals(two, doubles(on.pageRank(0.85, 50, moved * 0.999999))));
      long[] many = doubles(on.pageRank(0.85, 20, 0));
      assertArrayEquals(many, doubles(on.pageRank(0.85, 20, Double.MIN_VALUE)));
    }
  }

  @Test
  void progressIsToldByTheCaller() {
    makeGraph(100, 500);
    List<Progress.Step> steps = new ArrayList<>();
    try (GraphSnapshot snapshot = store.beginRead()) {
      on(snapshot, AlgorithmOptions.defaults().withProgress(steps::add))
          .pageRank(0.85, 7, 0)
          .close();
    }
    assertEquals(List.of(1, 2, 3, 4, 5, 6, 7), steps.stream().map(Progress.Step::number).toList());
    assertEquals(7, steps.getFirst().stages());
    assertEquals(100, steps.getFirst().rows());
  }

  @Test
  void aResultEndsWithItsTransaction() {
    makeGraph(100, 500);
    GraphSnapshot snapshot = store.beginRead();
    LongResult result = GraphAlgorithms.over(snapshot).wcc();
    DegreeDistribution degrees = GraphAlgorithms.over(snapshot).degreeDistribution();
    assertTrue(result.bytes() > 0);
    snapshot.close();
    assertThrows(StoreClosedException.class, result::next);
    assertThrows(StoreClosedException.class, degrees::next);
    result.close();
    degrees.close();
  }

  @Test
  void aResultCanBeWalkedAgainAndAskedByNode() {
    makeGraph(100, 500);
    try (GraphSnapshot snapshot = store.beginRead();
        LongResult result = GraphAlgorithms.over(snapshot).degrees()) {
      long sum = 0;
      for (int walk = 0; walk < 2; walk++) {
        while (result.next()) {
          sum += result.value();
          assertEquals(result.value(), result.get(result.node()));
        }
        assertThrows(IllegalStateException.class, result::value);
      }
      assertEquals(2 * 500, sum);
    }
  }

  @Test
  void aClosedResultRefuses() {
    makeGraph(10, 5);
    try (GraphSnapshot snapshot = store.beginRead()) {
      LongResult result = GraphAlgorithms.over(snapshot).degrees();
      result.close();
      result.close();
      assertThrows(IllegalStateException.class, result::next);
    }
  }

  @Test
  void aWriteTransactionRunsNoAlgorithmsFromJava() {
    try (GraphTransaction tx = store.beginWrite()) {
      assertThrows(GraphException.class, () -> GraphAlgorithms.over(tx));
    }
  }

  @Test
  void anotherReaderSeesTheSameCommitHoweverMuchIsWrittenMeanwhile() {
    makeGraph(100, 500);
    try (GraphSnapshot snapshot = store.beginRead()) {
      makeNode();
      try (GraphSnapshot same = snapshot.another()) {
        makeNode();
        assertEquals(snapshot.commitNumber(), same.commitNumber());
        assertEquals(500, same.countRelationships("E"));
        assertEquals(100, longs(GraphAlgorithms.over(same).degrees()).length);
      }
    }
  }

  @Test
  void wrongNumbersAreRefused() {
    makeGraph(10, 5);
    try (GraphSnapshot snapshot = store.beginRead()) {
      GraphAlgorithms on = GraphAlgorithms.over(snapshot);
      Node node = first(snapshot);
      assertThrows(IllegalArgumentException.class, () -> on.bfs(node, -1));
      assertThrows(IllegalArgumentException.class, () -> on.pageRank(1.5, 1, 0));
      assertThrows(IllegalArgumentException.class, () -> on.pageRank(0.5, 0, 0));
      assertThrows(IllegalArgumentException.class, () -> on.sssp(node, "w", -1));
      assertThrows(IllegalArgumentException.class, () -> on.cdlp(-1));
      assertFalse(Thread.currentThread().isInterrupted());
    }
  }
}
