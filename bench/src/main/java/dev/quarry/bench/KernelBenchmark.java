package dev.quarry.bench;

import dev.quarry.bench.generate.Kronecker;
import dev.quarry.bench.kernel.HeapGraph;
import dev.quarry.bench.kernel.HeapKernels;
import dev.quarry.bench.kernel.NativeRival;
import dev.quarry.bench.kernel.Threads;
import dev.quarry.graph.LoadPlan;
import dev.quarry.graph.Node;
import dev.quarry.graph.Progress;
import dev.quarry.graph.algorithm.AlgorithmOptions;
import dev.quarry.graph.algorithm.DoubleResult;
import dev.quarry.graph.algorithm.GraphAlgorithms;
import dev.quarry.graph.algorithm.LongResult;
import dev.quarry.graph.load.Loader;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.storage.StoreOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/// BFS, PageRank, components, triangles and hops of a Kronecker graph that was loaded: Quarry on
/// its store against the same kernels over `int[]` on the heap, and against C++ where a compiler is
/// present. In turn, on one and on two threads; answers are compared before times are.
///
/// A time is that of a whole call: memory for the result and the work is taken and given back.
final class KernelBenchmark {
  private static final int ITERATIONS = 10;
  private static final long WARM_UP_NANOS = 2_000_000_000L;

  private final GraphSnapshot snapshot;
  private final HeapGraph csr;
  private final Optional<NativeRival> rival;
  private final int rounds;
  private final List<String> lines = new ArrayList<>();

  private KernelBenchmark(
      GraphSnapshot snapshot, HeapGraph csr, Optional<NativeRival> rival, int rounds) {
    this.snapshot = snapshot;
    this.csr = csr;
    this.rival = rival;
    this.rounds = rounds;
  }

  /// Returns the lines of a table in Markdown.
  static List<String> run(int scale, int rounds) throws Exception {
    try (Folder folder = Folder.create()) {
      Path file = folder.resolve("edges.txt");
      Kronecker.write(scale, 1, file);
      StoreOptions options = StoreOptions.defaults().withMemory(2L << 30);
      try (GraphStore store = GraphStore.open(folder.resolve("kernels.quarry"), options)) {
        new Loader(store).load(new LoadPlan().edges("E", "V", file), Progress.NONE);
      }
      try (GraphStore store = GraphStore.open(folder.resolve("kernels.quarry"), options);
          GraphSnapshot snapshot = store.beginRead()) {
        HeapGraph csr = HeapGraph.of(snapshot);
        Optional<NativeRival> rival = NativeRival.start(csr, folder.path());
        try {
          KernelBenchmark benchmark = new KernelBenchmark(snapshot, csr, rival, rounds);
          benchmark.runAll();
          return benchmark.lines;
        } finally {
          rival.ifPresent(NativeRival::close);
        }
      }
    }
  }

  private void runAll() throws Exception {
    for (int threads = 1; threads <= 2; threads++) {
      try (Threads crew = new Threads(threads)) {
        runOn(threads, new HeapKernels(csr, crew));
      }
    }
  }

  /// A kernel of the three sides. What ours and that over arrays give is told as a number by
  /// `answer`, as that in C++ does itself.
  private record Kernel(
      String name,
      Side ours,
      Side heap,
      ToLongFunction<Object> answer,
      String nativeName,
      long argument,
      long tolerance) {}

  private interface Side {
    Object run();
  }

  private void runOn(int threads, HeapKernels heap) throws Exception {
    GraphAlgorithms on =
        GraphAlgorithms.over(snapshot, AlgorithmOptions.defaults().withThreads(threads));
    int source = mostRelated();
    Node node = snapshot.handle(source);
    compare(
        threads,
        new Kernel(
            "BFS",
            () -> on.bfs(node),
            () -> heap.bfs(source),
            KernelBenchmark::sumOfDepths,
            "bfs",
            source,
            0));
    compare(
        threads,
        new Kernel(
            "PageRank, " + ITERATIONS + " iterations",
            () -> on.pageRank(0.85, ITERATIONS, 0),
            () -> heap.pageRank(ITERATIONS),
            KernelBenchmark::greatest,
            "pagerank",
            ITERATIONS,
            2));
    compare(threads, new Kernel("WCC", on::wcc, heap::wcc, KernelBenchmark::sum, "wcc", 0, 0));
    compare(
        threads,
        new Kernel(
            "triangles",
            on::triangleCount,
            heap::triangles,
            number -> (Long) number,
            "triangles",
            0,
            0));
    int few = someRelated();
    Node start = snapshot.handle(few);
    for (int hops = 2; threads == 1 && hops <= 3; hops++) {
      int most = hops;
      compare(
          threads,
          new Kernel(
              hops + "-hop distinct",
              () -> on.countWithin(start, most),
              () -> heap.within(few, most),
              number -> (Long) number,
              "within",
              (long) few << 8 | hops,
              0));
    }
  }

  private int mostRelated() {
    int best = 0;
    for (int node = 0; node < csr.nodes(); node++) {
      best = csr.out().degree(node) > csr.out().degree(best) ? node : best;
    }
    return best;
  }

  /// A node with as many relationships as most have.
  private int someRelated() {
    for (int node = csr.nodes() / 2; node < csr.nodes(); node++) {
      if (csr.out().degree(node) == 16) {
        return node;
      }
    }
    return mostRelated();
  }

  private static volatile Object consumed = 0L;

  private void compare(int threads, Kernel kernel) throws Exception {
    long ours = answer(kernel, kernel.ours());
    require(kernel, "heap", ours, answer(kernel, kernel.heap()));
    warmUp(kernel);
    String name = kernel.name() + ", " + threads + (threads == 1 ? " thread" : " threads");
    lines.add(
        Interleaved.compare(
            name + " / heap CSR (µs)",
            () -> time(kernel.ours()),
            () -> time(kernel.heap()),
            rounds));
    if (rival.isPresent()) {
      NativeRival cpp = rival.get();
      NativeRival.Run first = cpp.run(kernel.nativeName(), threads, kernel.argument());
      require(kernel, "C++", ours, first.checksum());
      lines.add(
          Interleaved.compare(
              name + " / C++ (the same)",
              () -> time(kernel.ours()),
              () -> cpp.run(kernel.nativeName(), threads, kernel.argument()).nanos(),
              rounds));
    }
  }

  /// Both sides in turn until the compiler had its time.
  private static void warmUp(Kernel kernel) throws Exception {
    long end = System.nanoTime() + WARM_UP_NANOS;
    while (System.nanoTime() < end) {
      time(kernel.ours());
      time(kernel.heap());
    }
  }

  private static long answer(Kernel kernel, Side side) throws Exception {
    Object result = side.run();
    long answer = kernel.answer().applyAsLong(result);
    close(result);
    return answer;
  }

  private static void close(Object result) throws Exception {
    if (result instanceof AutoCloseable memory) {
      memory.close();
    }
  }

  private static void require(Kernel kernel, String rival, long ours, long theirs) {
    if (Math.abs(ours - theirs) > kernel.tolerance()) {
      throw new AssertionError(
          kernel.name() + " gives " + ours + ", " + rival + " gives " + theirs);
    }
  }

  private static double time(Side side) throws Exception {
    long start = System.nanoTime();
    consumed = side.run();
    close(consumed);
    return System.nanoTime() - start;
  }

  private static long sumOfDepths(Object depths) {
    long sum = 0;
    if (depths instanceof LongResult result) {
      while (result.next()) {
        sum += result.value() + 1;
      }
      return sum;
    }
    for (int depth : (int[]) depths) {
      sum += depth + 1;
    }
    return sum;
  }

  private static long sum(Object names) {
    long sum = 0;
    if (names instanceof LongResult result) {
      while (result.next()) {
        sum += result.value();
      }
      return sum;
    }
    for (int name : (int[]) names) {
      sum += name;
    }
    return sum;
  }

  /// The greatest rank, in billionths.
  private static long greatest(Object ranks) {
    double most = 0;
    if (ranks instanceof DoubleResult result) {
      while (result.next()) {
        most = Math.max(most, result.value());
      }
      return Math.round(most * 1e9);
    }
    for (double rank : (double[]) ranks) {
      most = Math.max(most, rank);
    }
    return Math.round(most * 1e9);
  }
}
