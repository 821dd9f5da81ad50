package dev.quarry.bench;

import dev.quarry.bench.generate.Kronecker;
import dev.quarry.bench.kernel.HeapGraph;
import dev.quarry.bench.kernel.HeapKernels;
import dev.quarry.bench.kernel.Threads;
import dev.quarry.graph.Direction;
import dev.quarry.graph.LoadPlan;
import dev.quarry.graph.Node;
import dev.quarry.graph.Progress;
import dev.quarry.graph.algorithm.AlgorithmOptions;
import dev.quarry.graph.algorithm.GraphAlgorithms;
import dev.quarry.graph.load.Loader;
import dev.quarry.graph.transaction.Expansion;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.storage.StoreOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// The one thing of the build that looks at time (decision 034): whether a scan of all neighbours,
/// breadth-first search, PageRank and components on the store take far longer, against the same
/// over `int[]` on the heap, than they did when their limits were written down. It finds what makes
/// one of them several times slower, and nothing finer: for that there is `bench kernels`.
///
/// Both sides run in turn on one thread, and the ratio is that of their best times, which others on
/// the machine can lengthen only if they never let go. A limit is twice the ratio that was seen; a
/// gate fails if it is exceeded in each of three tries.
final class RatioGate {
  private static final int SCALE = 14;
  private static final int TRIES = 3;
  private static final int WARM_UPS = 150;
  private static final int ROUNDS = 60;
  private static final int ITERATIONS = 3;

  private interface Side {
    Object run() throws Exception;
  }

  /// @param limit of the ratio of our time and that over arrays
  private record Gate(String name, Side ours, Side arrays, double limit) {}

  private static volatile Object consumed = 0L;

  private RatioGate() {}

  /// Runs in a process of its own, so that asserts and other tests have no part in it.
  ///
  /// @param words a factor for all limits, or nothing
  public static void main(String[] words) throws Exception {
    double factor = words.length > 0 ? Double.parseDouble(words[0]) : 1;
    List<String> failed = run(factor);
    failed.forEach(name -> System.out.println("too slow: " + name));
    System.exit(failed.isEmpty() ? 0 : 1);
  }

  /// Prints the ratio of each try.
  ///
  /// @param factor that all limits are taken by
  /// @return the names of the gates that failed
  static List<String> run(double factor) throws Exception {
    StoreOptions options = StoreOptions.defaults().withMemory(256L << 20);
    try (Folder folder = Folder.create()) {
      var file = folder.resolve("edges.txt");
      Kronecker.write(SCALE, 1, file);
      try (GraphStore store = GraphStore.open(folder.resolve("gate.quarry"), options)) {
        new Loader(store).load(new LoadPlan().edges("E", "V", file), Progress.NONE);
        try (GraphSnapshot snapshot = store.beginRead();
            Threads one = new Threads(1)) {
          List<String> failed = new ArrayList<>();
          for (Gate gate : gates(snapshot, one)) {
            if (!holds(gate, gate.limit() * factor)) {
              failed.add(gate.name());
            }
          }
          return failed;
        }
      }
    }
  }

  private static List<Gate> gates(GraphSnapshot snapshot, Threads one) {
    HeapGraph arrays = HeapGraph.of(snapshot);
    HeapKernels kernels = new HeapKernels(arrays, one);
    GraphAlgorithms on = GraphAlgorithms.over(snapshot, AlgorithmOptions.defaults().withThreads(1));
    Node source = snapshot.handle(0);
    Expansion expansion =
        snapshot.expansion(Direction.OUTGOING, new int[] {snapshot.catalog().type("E")});
    long[] order = ScanBenchmark.nodes(snapshot);
    int[] slots = Arrays.stream(order).mapToInt(node -> (int) node).toArray();
    return List.of(
        new Gate(
            "neighbours in random order",
            () -> ScanBenchmark.slices(expansion, order),
            () -> scan(arrays, slots),
            6),
        new Gate("breadth-first search", () -> on.bfs(source), () -> kernels.bfs(0), 12),
        new Gate(
            "PageRank",
            () -> on.pageRank(0.85, ITERATIONS, 0),
            () -> kernels.pageRank(ITERATIONS),
            8),
        new Gate("components", on::wcc, kernels::wcc, 8));
  }

  private static boolean holds(Gate gate, double limit) throws Exception {
    for (int attempt = 1; attempt <= TRIES; attempt++) {
      double ratio = ratio(gate);
      System.out.printf(Locale.ROOT, "%s: %.2f of at most %.2f%n", gate.name(), ratio, limit);
      if (ratio <= limit) {
        return true;
      }
    }
    return false;
  }

  /// Our best time by that over arrays, of rounds in turn.
  private static double ratio(Gate gate) throws Exception {
    for (int i = 0; i < WARM_UPS; i++) {
      time(gate.ours());
      time(gate.arrays());
    }
    long ours = Long.MAX_VALUE;
    long arrays = Long.MAX_VALUE;
    for (int round = 0; round < ROUNDS; round++) {
      ours = Math.min(ours, time(gate.ours()));
      arrays = Math.min(arrays, time(gate.arrays()));
    }
    return (double) ours / arrays;
  }

  private static long time(Side side) throws Exception {
    long start = System.nanoTime();
    Object result = side.run();
    if (result instanceof AutoCloseable memory) {
      memory.close();
    }
    consumed = result;
    return System.nanoTime() - start;
  }

  private static long scan(HeapGraph graph, int[] order) {
    int[] starts = graph.out().starts();
    int[] targets = graph.out().targets();
    long sum = 0;
    for (int node : order) {
      for (int i = starts[node]; i < starts[node + 1]; i++) {
        sum += targets[i];
      }
    }
    return sum;
  }
}
