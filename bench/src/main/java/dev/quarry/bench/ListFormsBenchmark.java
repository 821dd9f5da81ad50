package dev.quarry.bench;

import dev.quarry.bench.generate.Kronecker;
import dev.quarry.graph.FileFormat;
import dev.quarry.graph.LoadPlan;
import dev.quarry.graph.Progress;
import dev.quarry.graph.RelationshipBatch;
import dev.quarry.graph.compact.Compaction;
import dev.quarry.graph.load.Loader;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.graph.transaction.GraphTransaction;
import dev.quarry.storage.StoreOptions;
import java.io.BufferedWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/// What lists take of relationships that [CompactBenchmark] has none of: those with properties,
/// which have edge slots, and those of types that came when their nodes had many types already,
/// which lie in mixed lists. Bytes only, no times.
final class ListFormsBenchmark {
  private static final int OWN = 16; // types that get lists of their own for the asking
  private static final int LATE = 4;
  private static final int BATCH = 100_000;

  private final List<String> lines = new ArrayList<>();

  private ListFormsBenchmark() {
    lines.add("| graph | bytes of an outgoing entry | of an incoming one |");
    lines.add("|---|--:|--:|");
  }

  /// @param scale of the graphs: 2^scale ids, 16 times as many relationships
  /// @return a table
  static List<String> run(int scale) throws Exception {
    ListFormsBenchmark benchmark = new ListFormsBenchmark();
    try (Folder folder = Folder.create()) {
      benchmark.withProperties(folder, scale);
    }
    try (Folder folder = Folder.create()) {
      benchmark.ofLateTypes(folder, 1 << scale);
    }
    return benchmark.lines;
  }

  private void withProperties(Folder folder, int scale) throws Exception {
    Path nodes = folder.resolve("nodes.csv");
    Path edges = folder.resolve("edges.csv");
    try (BufferedWriter out = Files.newBufferedWriter(nodes)) {
      for (int i = 0; i < 1 << scale; i++) {
        out.append(Integer.toString(i)).append('\n');
      }
    }
    try (BufferedWriter out = Files.newBufferedWriter(edges)) {
      Kronecker.generate(
          scale, 1, (from, to) -> out.append("%d,%d,%d\n".formatted(from, to, from ^ to)));
    }
    LoadPlan plan =
        new LoadPlan()
            .nodes("V", nodes, FileFormat.CSV.withHeader(":ID(V){integer}"))
            .relationships(
                "E", edges, FileFormat.CSV.withHeader(":START_ID(V),:END_ID(V),weight:int"));
    try (GraphStore graph = open(folder.resolve("a.quarry"))) {
      new Loader(graph).load(plan, Progress.NONE);
      lines("Kronecker, each with a weight, as loaded", graph);
    }
  }

  private void ofLateTypes(Folder folder, int nodes) {
    try (GraphStore graph = open(folder.resolve("b.quarry"))) {
      try (GraphTransaction tx = graph.beginWrite()) {
        for (int i = 0; i < nodes; i++) {
          tx.createNode(Set.of("V"), Map.of());
        }
        tx.commit();
      }
      long[] all = ScanBenchmark.nodes(graph);
      for (int i = 0; i < OWN; i++) {
        insert(graph, "OWN" + i, all, 1, new SplittableRandom(i));
      }
      SplittableRandom random = new SplittableRandom(3);
      for (int i = 0; i < LATE; i++) {
        insert(graph, "LATE" + i, all, 16L * nodes / LATE, random);
      }
      lines("uniform, of %d types that came late, as inserted".formatted(LATE), graph);
    }
  }

  private static void insert(
      GraphStore graph, String type, long[] nodes, long count, SplittableRandom random) {
    for (long done = 0; done < count; ) {
      try (GraphTransaction tx = graph.beginWrite()) {
        RelationshipBatch batch = tx.batch(type);
        for (int i = 0; i < BATCH && done < count; i++, done++) {
          batch.add(nodes[random.nextInt(nodes.length)], nodes[random.nextInt(nodes.length)]);
        }
        tx.commit();
      }
    }
  }

  private static GraphStore open(Path path) {
    return GraphStore.open(path, StoreOptions.defaults().withMemory(1L << 30));
  }

  private void lines(String what, GraphStore graph) {
    line(what, graph);
    Compaction.run(graph, false, Runnable::run, () -> false, Progress.NONE);
    line("the same, compacted", graph);
    Compaction.run(graph, true, Runnable::run, () -> false, Progress.NONE);
    line("the same, packed", graph);
  }

  private void line(String what, GraphStore graph) {
    try (GraphSnapshot snapshot = graph.beginRead()) {
      long relationships = 0;
      for (int type = 0; type < snapshot.catalog().types().size(); type++) {
        relationships += snapshot.counts().relationships(type);
      }
      double out = (double) ListBytes.of(snapshot, true) / relationships;
      double in = (double) ListBytes.of(snapshot, false) / relationships;
      lines.add(String.format(Locale.ROOT, "| %s | %.2f | %.2f |", what, out, in));
    }
  }
}
