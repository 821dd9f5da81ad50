package dev.quarry.bench;

import dev.quarry.bench.generate.Kronecker;
import dev.quarry.graph.Direction;
import dev.quarry.graph.LoadPlan;
import dev.quarry.graph.Progress;
import dev.quarry.graph.RelationshipBatch;
import dev.quarry.graph.compact.Compaction;
import dev.quarry.graph.load.Loader;
import dev.quarry.graph.transaction.Expansion;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.graph.transaction.GraphTransaction;
import dev.quarry.storage.StoreOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// What lists take, as they were loaded and after random inserts, before and after compaction, and
/// packed; how long the steps of compaction are, and what the file takes of what is live. Two
/// graphs: Kronecker, loaded, and then with a relationship more at each tenth node; uniform,
/// inserted in batches. And how long reading all lists takes, of each graph packed against the same
/// compacted.
final class CompactBenchmark {
  private static final int BATCH = 100_000;

  private final List<String> lines = new ArrayList<>();
  private final List<String> ratios = new ArrayList<>();

  private CompactBenchmark() {
    lines.add(
        "| graph | bytes a direction | × CSR | file MiB | file / live | compaction s | steps"
            + " | step p50 ms | p99 | longest |");
    lines.add("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
  }

  /// @param scale of the graphs: 2^scale ids, 16 times as many relationships
  /// @param rounds of reading
  static CompactBenchmark run(int scale, int rounds) throws Exception {
    CompactBenchmark benchmark = new CompactBenchmark();
    try (Folder folder = Folder.create()) {
      benchmark.loaded(folder, scale, rounds);
    }
    try (Folder folder = Folder.create()) {
      benchmark.inserted(folder, 1 << scale, rounds);
    }
    return benchmark;
  }

  /// A table of what lists and the file take.
  List<String> lines() {
    return lines;
  }

  /// How long reading packed lists takes, against the others.
  List<String> ratios() {
    return ratios;
  }

  private void loaded(Folder folder, int scale, int rounds) throws Exception {
    Path text = folder.resolve("edges.txt");
    Kronecker.write(scale, 1, text);
    Path path = folder.resolve("loaded.quarry");
    try (GraphStore graph = open(path)) {
      new Loader(graph).load(new LoadPlan().edges("E", "V", text), Progress.NONE);
      line("Kronecker, as loaded", graph, null);
      long[] nodes = ScanBenchmark.nodes(graph);
      insert(graph, nodes, nodes.length / 10, new SplittableRandom(5));
      line("with a relationship more at each tenth node", graph, null);
      compact("the same, compacted", graph, false);
      pack("Kronecker", graph, folder, rounds);
    }
  }

  private void inserted(Folder folder, int nodes, int rounds) throws Exception {
    Path path = folder.resolve("inserted.quarry");
    try (GraphStore graph = open(path)) {
      try (GraphTransaction tx = graph.beginWrite()) {
        for (int i = 0; i < nodes; i++) {
          tx.createNode(Set.of("V"), Map.of());
        }
        tx.commit();
      }
      insert(graph, ScanBenchmark.nodes(graph), 16L * nodes, new SplittableRandom(3));
      line("uniform, inserted in batches of %,d".formatted(BATCH), graph, null);
      compact("the same, compacted", graph, false);
      pack("uniform", graph, folder, rounds);
    }
  }

  /// Packs a copy, and reads both.
  private void pack(String what, GraphStore graph, Folder folder, int rounds) throws Exception {
    Path path = folder.resolve("packed.quarry");
    graph.store().backup(path, pages -> {});
    try (GraphStore copy = open(path)) {
      compact("the same, packed", copy, true);
      long[] inOrder = ScanBenchmark.nodes(graph);
      ratios.add(ratio(what + ", in random order", graph, copy, inOrder, rounds));
      Arrays.sort(inOrder);
      ratios.add(ratio(what + ", in order of slots", graph, copy, inOrder, rounds));
    }
  }

  private static String ratio(
      String what, GraphStore graph, GraphStore packed, long[] order, int rounds) throws Exception {
    try (GraphSnapshot one = packed.beginRead();
        GraphSnapshot other = graph.beginRead()) {
      Expansion ours = one.expansion(Direction.OUTGOING, null);
      Expansion rival = other.expansion(Direction.OUTGOING, null);
      if (ScanBenchmark.slices(ours, order) != ScanBenchmark.slices(rival, order)) {
        throw new AssertionError("the sums differ");
      }
      int edges = (int) one.counts().relationships(one.catalog().type("E"));
      return Interleaved.compare(
          what + ", packed / compacted (µs per 1,000 edges)",
          () -> ScanBenchmark.time(() -> ScanBenchmark.slices(ours, order), edges),
          () -> ScanBenchmark.time(() -> ScanBenchmark.slices(rival, order), edges),
          rounds);
    }
  }

  private static GraphStore open(Path path) {
    return GraphStore.open(path, StoreOptions.defaults().withMemory(1L << 30));
  }

  private static void insert(GraphStore graph, long[] nodes, long count, SplittableRandom random) {
    for (long done = 0; done < count; ) {
      try (GraphTransaction tx = graph.beginWrite()) {
        RelationshipBatch batch = tx.batch("E");
        for (int i = 0; i < BATCH && done < count; i++, done++) {
          batch.add(nodes[random.nextInt(nodes.length)], nodes[random.nextInt(nodes.length)]);
        }
        tx.commit();
      }
    }
  }

  /// How long steps were.
  private record Steps(double seconds, double[] millis) {}

  private void compact(String what, GraphStore graph, boolean packs) {
    List<Double> millis = new ArrayList<>();
    long start = System.nanoTime();
    Compaction.run(
        graph,
        packs,
        step -> {
          long begun = System.nanoTime();
          step.run();
          millis.add((System.nanoTime() - begun) / 1e6);
        },
        () -> false,
        Progress.NONE);
    double seconds = (System.nanoTime() - start) / 1e9;
    double[] sorted = millis.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    line(what, graph, new Steps(seconds, sorted));
  }

  private void line(String what, GraphStore graph, @Nullable Steps steps) {
    for (int i = 0; i < 3; i++) {
      graph.store().checkpoint(); // what was replaced is free two checkpoints later
    }
    try (GraphSnapshot snapshot = graph.beginRead()) {
      long relationships = snapshot.counts().relationships(snapshot.catalog().type("E"));
      double bytes = ListBytes.of(snapshot) / 2.0 / relationships;
      long live = graph.store().statistics().reachableBytes();
      long file = graph.store().statistics().fileBytes();
      String compaction =
          steps == null
              ? "| | | | |"
              : String.format(
                  Locale.ROOT,
                  "| %.1f | %,d | %.2f | %.2f | %.1f",
                  steps.seconds(),
                  steps.millis().length,
                  percentile(steps.millis(), 50),
                  percentile(steps.millis(), 99),
                  percentile(steps.millis(), 100));
      lines.add(
          String.format(
              Locale.ROOT,
              "| %s | %.2f | **%.2f** | %.1f | %.2f %s |",
              what,
              bytes,
              bytes / ListBytes.csr(snapshot.nodeCount(0), relationships),
              file / 1048576.0,
              (double) file / live,
              compaction));
    }
  }

  static double percentile(double[] sorted, int percent) {
    return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
  }
}
