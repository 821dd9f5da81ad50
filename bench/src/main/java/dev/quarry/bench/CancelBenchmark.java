package dev.quarry.bench;

import dev.quarry.bench.generate.Kronecker;
import dev.quarry.error.CancelledException;
import dev.quarry.error.ErrorCode;
import dev.quarry.graph.LoadPlan;
import dev.quarry.graph.Node;
import dev.quarry.graph.Progress;
import dev.quarry.graph.algorithm.AlgorithmOptions;
import dev.quarry.graph.algorithm.GraphAlgorithms;
import dev.quarry.graph.load.Loader;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.graph.transaction.GraphTransaction;
import dev.quarry.storage.StoreOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;

/// How long it takes until a graph algorithm that is told to end has ended: from a random moment of
/// its run, at which its thread is interrupted, or from which on its check throws, until the call
/// has thrown, with all memory given back.
///
/// Two graphs: a Kronecker graph, whose time goes into relationships; and 16 times as many nodes
/// without any, whose time goes into filling arrays and walking over them.
final class CancelBenchmark {
  private static final int WHOLE_RUNS = 5;

  /// Nothing is told to end after this part of the time that a whole run takes, as that varies.
  private static final double LATEST = 0.9;

  private interface Algorithm {
    /// @return what to close, or nothing
    Object run(GraphAlgorithms on, Node source);
  }

  /// A way to end a run: from a moment on, by a thread or by the check.
  private interface Way {
    /// @return nanoseconds from the moment until the run had ended; -1 if it was done before
    long endAfter(Algorithm algorithm, long nanos) throws Exception;
  }

  private final GraphSnapshot snapshot;
  private final int rounds;
  private final SplittableRandom random = new SplittableRandom(1);
  private final Node source;

  private CancelBenchmark(GraphSnapshot snapshot, Node source, int rounds) {
    this.snapshot = snapshot;
    this.source = source;
    this.rounds = rounds;
  }

  /// Returns the lines of a table in Markdown.
  static List<String> run(int scale, int rounds) throws Exception {
    List<String> lines = new ArrayList<>();
    lines.add(
        "| graph | algorithm | whole run (ms) | ended by | median (ms) | most (ms) | times |");
    lines.add("|---|---|--:|---|--:|--:|--:|");
    StoreOptions options = StoreOptions.defaults().withMemory(8L << 30);
    try (Folder folder = Folder.create()) {
      var file = folder.resolve("edges.txt");
      Kronecker.write(scale, 1, file);
      try (GraphStore store = GraphStore.open(folder.resolve("cancel.quarry"), options)) {
        new Loader(store).load(new LoadPlan().edges("E", "V", file), Progress.NONE);
        measure("Kronecker " + scale, store, rounds, lines);
      }
      try (GraphStore store = GraphStore.open(folder.resolve("nodes.quarry"), options)) {
        createNodes(store, 16L << scale);
        measure("%,d nodes".formatted(16L << scale), store, rounds, lines);
      }
    }
    return lines;
  }

  private static void createNodes(GraphStore store, long count) {
    for (long made = 0; made < count; made += 1 << 18) {
      try (GraphTransaction tx = store.beginWrite()) {
        for (int i = 0; i < 1 << 18; i++) {
          tx.createNode(Set.of("V"), Map.of());
        }
        tx.commit();
      }
    }
  }

  private static void measure(String graph, GraphStore store, int rounds, List<String> lines)
      throws Exception {
    try (GraphSnapshot snapshot = store.beginRead()) {
      Node source = snapshot.handle(0);
      CancelBenchmark benchmark = new CancelBenchmark(snapshot, source, rounds);
      for (var named : algorithms().entrySet()) {
        String name = "| " + graph + " | " + named.getKey();
        lines.addAll(benchmark.measure(name, named.getValue()));
      }
    }
  }

  private static Map<String, Algorithm> algorithms() {
    Map<String, Algorithm> all = new LinkedHashMap<>();
    all.put("bfs", GraphAlgorithms::bfs);
    all.put("sssp", (on, from) -> on.sssp(from, "weight", 1));
    all.put("wcc", (on, from) -> on.wcc());
    all.put("pageRank", (on, from) -> on.pageRank(0.85, 10, 0));
    all.put("cdlp", (on, from) -> on.cdlp(10));
    all.put("lcc", (on, from) -> on.lcc());
    all.put("triangleCount", (on, from) -> on.triangleCount());
    all.put("kCore", (on, from) -> on.coreNumbers());
    all.put("kHop, 3", (on, from) -> on.countWithin(from, 3));
    all.put("degree", (on, from) -> on.degrees());
    all.put("degreeDistribution", (on, from) -> on.degreeDistribution());
    return all;
  }

  private List<String> measure(String name, Algorithm algorithm) throws Exception {
    long whole = Long.MAX_VALUE;
    for (int i = 0; i < WHOLE_RUNS; i++) {
      long start = System.nanoTime();
      run(algorithm, AlgorithmOptions.defaults());
      whole = Math.min(whole, System.nanoTime() - start);
    }
    return List.of(
        line(name, whole, "interrupt", algorithm, this::interrupt),
        line(name, whole, "check", algorithm, this::failCheck));
  }

  private String line(String name, long whole, String wayName, Algorithm algorithm, Way way)
      throws Exception {
    long[] nanos = new long[rounds];
    int count = 0;
    for (int tries = 0; tries < 3 * rounds && count < rounds; tries++) {
      long took = way.endAfter(algorithm, random.nextLong((long) (whole * LATEST) + 1));
      if (took >= 0) {
        nanos[count++] = took;
      }
    }
    Arrays.sort(nanos, 0, count);
    String figures =
        count == 0
            ? "– | –"
            : String.format(
                Locale.ROOT, "%.2f | **%.2f**", nanos[count / 2] / 1e6, nanos[count - 1] / 1e6);
    return String.format(
        Locale.ROOT, "%s | %.1f | %s | %s | %d |", name, whole / 1e6, wayName, figures, count);
  }

  private long interrupt(Algorithm algorithm, long after) throws Exception {
    Thread caller = Thread.currentThread();
    long moment = System.nanoTime() + after;
    Thread other =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (long left = after; left > 0; left = moment - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                  }
                  caller.interrupt();
                });
    long took = ended(algorithm, AlgorithmOptions.defaults(), moment);
    while (other.isAlive()) {
      Thread.onSpinWait(); // it may be about to interrupt a run that is done already
    }
    Thread.interrupted();
    return took;
  }

  private long failCheck(Algorithm algorithm, long after) throws Exception {
    long moment = System.nanoTime() + after;
    Runnable check =
        () -> {
          if (System.nanoTime() - moment >= 0) {
            throw new CancelledException(ErrorCode.CANCELLED, "time is up");
          }
        };
    return ended(algorithm, AlgorithmOptions.defaults().withCheck(check), moment);
  }

  private long ended(Algorithm algorithm, AlgorithmOptions options, long moment) throws Exception {
    try {
      run(algorithm, options);
      return -1;
    } catch (CancelledException e) {
      return System.nanoTime() - moment;
    }
  }

  private void run(Algorithm algorithm, AlgorithmOptions options) throws Exception {
    Object result = algorithm.run(GraphAlgorithms.over(snapshot, options), source);
    if (result instanceof AutoCloseable memory) {
      memory.close();
    }
  }
}
