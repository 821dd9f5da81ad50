package dev.quarry.bench;

import dev.quarry.OpenOptions;
import dev.quarry.PreparedQuery;
import dev.quarry.Quarry;
import dev.quarry.QueryOptions;
import dev.quarry.ReadTransaction;
import dev.quarry.Rows;
import dev.quarry.graph.Progress;
import dev.quarry.graph.compact.Compaction;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.storage.StoreOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Nodes with strings of which there are 100 different ones, some short enough for their cells
/// (`city`) and some not (`note`): what they take before and after compaction, which freezes them,
/// and how long statements over all of them take then, against the same before. The answers are
/// compared before the times are.
final class StringsBenchmark {
  private static final int BATCH = 100_000;
  private static final int DIFFERENT = 100;
  private static final long WARM_UP_NANOS = 2_000_000_000L;
  private static final String CREATE =
      "UNWIND range($from, $to) AS i CREATE (:Person {i: i, city: 'city ' + (i * 7919 % $d),"
          + " note: 'a note that does not fit into its cell, number ' + (i * 104729 % $d)})";

  private static volatile long consumed;

  private final int nodes;
  private final int rounds;
  private final List<String> lines = new ArrayList<>();
  private final List<String> ratios = new ArrayList<>();

  private StringsBenchmark(int nodes, int rounds) {
    this.nodes = nodes;
    this.rounds = rounds;
    lines.add("| store | bytes a node | file MiB | steps | step p50 ms | p99 | longest |");
    lines.add("|---|--:|--:|--:|--:|--:|--:|");
  }

  /// @param nodes a multiple of 100,000
  static StringsBenchmark run(int nodes, int rounds) throws Exception {
    StringsBenchmark benchmark = new StringsBenchmark(nodes, rounds);
    try (Folder folder = Folder.create()) {
      benchmark.run(folder);
    }
    return benchmark;
  }

  /// What the stores take.
  List<String> lines() {
    return lines;
  }

  /// Times, frozen against plain, and plain against row by row.
  List<String> ratios() {
    return ratios;
  }

  private void run(Folder folder) throws Exception {
    Path plain = folder.resolve("plain.quarry");
    Path frozen = folder.resolve("frozen.quarry");
    OpenOptions options = OpenOptions.defaults().withMemory(1L << 30);
    try (Quarry db = Quarry.open(plain, options)) {
      for (int from = 0; from < nodes; from += BATCH) {
        db.run(CREATE, Map.of("from", from, "to", from + BATCH - 1, "d", DIFFERENT));
      }
      db.admin().backup(frozen); // which has no holes
    }
    line("as created", frozen, "| | | | |");
    line("compacted", frozen, compact(frozen));
    try (Quarry one = Quarry.open(frozen, options);
        Quarry other = Quarry.open(plain, options)) {
      compareAll(one, other);
    }
  }

  /// Compacts a store; returns how long its steps were.
  private static String compact(Path path) {
    List<Double> millis = new ArrayList<>();
    try (GraphStore store = GraphStore.open(path, StoreOptions.defaults().withMemory(1L << 30))) {
      Compaction.run(
          store,
          false,
          step -> {
            long begun = System.nanoTime();
            step.run();
            millis.add((System.nanoTime() - begun) / 1e6);
          },
          () -> false,
          Progress.NONE);
    }
    double[] sorted = millis.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return String.format(
        Locale.ROOT,
        "| %,d | %.2f | %.2f | %.1f |",
        sorted.length,
        CompactBenchmark.percentile(sorted, 50),
        CompactBenchmark.percentile(sorted, 99),
        CompactBenchmark.percentile(sorted, 100));
  }

  private void line(String what, Path file, String steps) throws IOException {
    double bytes = Files.size(file);
    lines.add(
        String.format(
            Locale.ROOT, "| %s | %.1f | %.1f %s", what, bytes / nodes, bytes / 1048576, steps));
  }

  private void compareAll(Quarry frozen, Quarry plain) throws Exception {
    String[] conditions = {
      "n.city = 'city 42'",
      "n.note = 'a note that does not fit into its cell, number 42'",
      "n.city IN ['city 1', 'city 2', 'city 3']",
      "n.note <> 'a note that does not fit into its cell, number 42'",
      "n.note < 'a note that does not fit into its cell, number 5'"
    };
    for (String condition : conditions) {
      String statement = "MATCH (n:Person) WHERE " + condition + " RETURN count(*) AS c";
      compare("`" + statement + "`, frozen / plain", frozen, statement, plain, statement);
      String byRows = statement.replace(" WHERE", " WITH n SKIP 0 WHERE");
      compare("the same, plain / row by row", plain, statement, plain, byRows);
    }
    String groups = "MATCH (n:Person) WITH n.note AS t, count(*) AS c RETURN max(c) AS c";
    compare("`" + groups + "`, frozen / plain", frozen, groups, plain, groups);
    String read = "MATCH (n:Person) RETURN sum(size(n.note)) AS c";
    compare("`" + read + "`, frozen / plain", frozen, read, plain, read);
  }

  private void compare(String what, Quarry ours, String statement, Quarry rival, String other)
      throws Exception {
    PreparedQuery first = ours.prepare(statement);
    PreparedQuery second = rival.prepare(other);
    try (ReadTransaction one = ours.beginRead();
        ReadTransaction two = rival.beginRead()) {
      if (answer(one, first) != answer(two, second)) {
        throw new AssertionError("the answers differ: " + what);
      }
      long start = System.nanoTime();
      while (System.nanoTime() - start < WARM_UP_NANOS) {
        consumed = answer(one, first) + answer(two, second);
      }
      ratios.add(
          Interleaved.compare(
              what + " (µs per 1,000 nodes)",
              () -> time(one, first),
              () -> time(two, second),
              rounds));
    }
  }

  private double time(ReadTransaction read, PreparedQuery query) {
    long start = System.nanoTime();
    consumed = answer(read, query);
    return (System.nanoTime() - start) / (double) nodes * 1000;
  }

  private static long answer(ReadTransaction read, PreparedQuery query) {
    try (Rows rows = read.query(query, Map.of(), QueryOptions.DEFAULT)) {
      rows.next();
      return ((Number) rows.get(0)).longValue();
    }
  }
}
