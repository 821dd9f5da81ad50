package dev.quarry.graph.algorithm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quarry.graph.Direction;
import dev.quarry.graph.Node;
import dev.quarry.graph.Progress;
import dev.quarry.graph.check.GraphCheck;
import dev.quarry.graph.compact.Compaction;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.storage.StoreOptions;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Algorithms over random graphs agree with naive ones: graphs with parallels, self-loops, isolated
/// nodes, several labels and types, relationships with and without properties, deleted nodes and
/// dropped regions; some of them packed; over random parts of them, in all directions, on one to
/// three threads.
///
/// `-Dseed=` repeats one graph; `-DalgorithmSeeds=1000` tries as many.
class AlgorithmOracleTest {
  private static final int SEEDS = Integer.getInteger("algorithmSeeds", 60);

  @AfterEach
  void restore() {
    System.clearProperty("quarry.kernelGrain");
    System.clearProperty("quarry.ownLists");
    System.clearProperty("quarry.leastFrozenBytes");
  }

  /// One graph, one part of it, and both ways to ask.
  private record Case(
      long seed,
      GraphAlgorithms fast,
      NaiveGraph naive,
      Direction direction,
      Random random,
      RandomGraph graph) {
    String about() {
      return "seed " + seed + ", " + direction;
    }

    /// A node of the part; null if it has none.
    long someNode() {
      int number = random.nextInt(naive.size());
      for (long node : naive.nodes()) {
        if (number-- == 0) {
          return node;
        }
      }
      throw new AssertionError();
    }
  }

  private static void forEachGraph(BiConsumer<Case, GraphSnapshot> test) {
    Long only = Long.getLong("seed");
    long first = only == null ? System.nanoTime() : only;
    for (long seed = first; seed < first + (only == null ? SEEDS : 1); seed++) {
      try {
        run(seed, test);
      } catch (Throwable thrown) {
        throw new AssertionError("seed " + seed + ": " + thrown, thrown);
      }
    }
  }

  private static void run(long seed, BiConsumer<Case, GraphSnapshot> test) {
    Random random = new Random(seed);
    System.setProperty("quarry.kernelGrain", "1");
    System.setProperty("quarry.ownLists", String.valueOf(random.nextInt(4)));
    GraphStore store = GraphStore.inMemory(StoreOptions.defaults().withMemory(64 << 20));
    RandomGraph graph = RandomGraph.make(store, random);
    if (random.nextInt(3) == 0) {
      System.setProperty("quarry.leastFrozenBytes", "1");
      Compaction.run(store, true, Runnable::run, () -> false, Progress.NONE);
    }
    try (GraphSnapshot snapshot = store.beginRead()) {
      for (int i = 0; i < 3; i++) {
        Direction direction = Direction.values()[random.nextInt(3)];
        AlgorithmOptions options =
            graph
                .somePart(random)
                .withDirection(direction)
                .withThreads(1 + random.nextInt(3))
                .withMemory(16 << 20);
        NaiveGraph naive = graph.part(options, snapshot.handles());
        GraphAlgorithms fast = GraphAlgorithms.over(snapshot, options);
        test.accept(new Case(seed, fast, naive, direction, random, graph), snapshot);
      }
      assertEquals(List.of(), GraphCheck.run(snapshot, Progress.NONE).problems());
    }
    store.close();
    assertEquals(0, store.store().budget().used());
  }

  private static Map<Long, Long> values(LongResult result) {
    Map<Long, Long> values = new TreeMap<>();
    try (result) {
      while (result.next()) {
        values.put(result.id(), result.value());
      }
    }
    return values;
  }

  private static void assertClose(Map<Long, Double> expected, DoubleResult result, Case of) {
    int found = 0;
    try (result) {
      assertEquals(expected.size(), result.size(), of.about());
      while (result.next()) {
        double wanted = expected.get(result.id());
        double difference = Math.abs(wanted - result.value());
        boolean close = wanted == result.value() || difference <= 1e-9 * Math.abs(wanted);
        assertEquals(true, close, of.about() + ": " + result.value() + " instead of " + wanted);
        found++;
      }
    }
    assertEquals(expected.size(), found, of.about());
  }

  @Test
  void breadthFirstSearchAgrees() {
    forEachGraph(
        (of, snapshot) -> {
          if (of.naive().size() == 0) {
            return;
          }
          long source = of.someNode();
          Node node = snapshot.handle(source);
          Map<Long, Long> depths = of.naive().bfs(source, of.direction());
          Map<Long, Long> expected = new TreeMap<>();
          of.naive().nodes().forEach(one -> expected.put(one, depths.getOrDefault(one, -1L)));
          assertEquals(expected, values(of.fast().bfs(node)), of.about());
          int most = of.random().nextInt(4);
          expected.replaceAll((one, depth) -> depth > most ? -1 : depth);
          assertEquals(expected, values(of.fast().bfs(node, most)), of.about() + ", to " + most);
        });
  }

  @Test
  void componentsAgree() {
    forEachGraph(
        (of, snapshot) ->
            assertEquals(new TreeMap<>(of.naive().wcc()), values(of.fast().wcc()), of.about()));
  }

  @Test
  void pageRankAgrees() {
    forEachGraph(
        (of, snapshot) -> {
          int iterations = 1 + of.random().nextInt(20);
          double damping = of.random().nextDouble();
          assertClose(
              of.naive().pageRank(of.direction(), damping, iterations),
              of.fast().pageRank(damping, iterations, of.random().nextInt(2) * Double.MIN_VALUE),
              of);
        });
  }

  @Test
  void shortestPathsAgree() {
    forEachGraph(
        (of, snapshot) -> {
          if (of.naive().size() == 0) {
            return;
          }
          long source = of.someNode();
          double otherwise = of.random().nextInt(3);
          Map<Long, Double> found = of.naive().sssp(source, of.direction(), otherwise);
          Map<Long, Double> expected = new TreeMap<>();
          of.naive()
              .nodes()
              .forEach(one -> expected.put(one, found.getOrDefault(one, Double.POSITIVE_INFINITY)));
          assertClose(expected, of.fast().sssp(snapshot.handle(source), "w", otherwise), of);
        });
  }

  @Test
  void labelPropagationAgrees() {
    forEachGraph(
        (of, snapshot) -> {
          int iterations = of.random().nextInt(8);
          Map<Long, Long> found = values(of.fast().cdlp(iterations));
          assertEquals(of.naive().cdlp(iterations), found, of.about());
        });
  }

  @Test
  void clusteringAgrees() {
    forEachGraph(
        (of, snapshot) ->
            assertClose(of.naive().lcc(of.direction() != Direction.BOTH), of.fast().lcc(), of));
  }

  @Test
  void trianglesAgree() {
    forEachGraph(
        (of, snapshot) ->
            assertEquals(of.naive().triangles(), of.fast().triangleCount(), of.about()));
  }

  @Test
  void coresAgree() {
    forEachGraph(
        (of, snapshot) ->
            assertEquals(of.naive().cores(), values(of.fast().coreNumbers()), of.about()));
  }

  @Test
  void countsOfNodesWithinHopsAgree() {
    forEachGraph(
        (of, snapshot) -> {
          if (of.naive().size() == 0) {
            return;
          }
          long source = of.someNode();
          int hops = of.random().nextInt(5);
          long expected =
              of.naive().bfs(source, of.direction()).values().stream()
                  .filter(depth -> depth >= 1 && depth <= hops)
                  .count();
          long found = of.fast().countWithin(snapshot.handle(source), hops);
          assertEquals(expected, found, of.about() + ", hops " + hops);
        });
  }

  @Test
  void degreesAndTheirDistributionAgree() {
    forEachGraph(
        (of, snapshot) -> {
          Map<Long, Long> degrees = new TreeMap<>();
          Map<Long, Long> expected = new TreeMap<>();
          for (long node : of.naive().nodes()) {
            long degree = of.naive().along(node, of.direction()).size();
            degrees.put(node, degree);
            expected.merge(degree, 1L, Long::sum);
          }
          assertEquals(degrees, values(of.fast().degrees()), of.about());
          Map<Long, Long> found = new TreeMap<>();
          try (DegreeDistribution distribution = of.fast().degreeDistribution()) {
            while (distribution.next()) {
              found.put(distribution.degree(), distribution.nodes());
            }
          }
          assertEquals(expected, found, of.about());
        });
  }
}
