package dev.quarry.bench;

import dev.quarry.OpenOptions;
import dev.quarry.Quarry;
import dev.quarry.graph.Direction;
import dev.quarry.graph.LoadPlan;
import dev.quarry.graph.NodeCursor;
import dev.quarry.graph.Progress;
import dev.quarry.graph.PropertyKey;
import dev.quarry.graph.RelationshipCursor;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import dev.quarry.bench.generate.Kronecker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/// `quarry load` of a Kronecker edge list: durable, both directions, the text in the page cache.
///
/// As a process of its own, from start to exit, against `wc -l` of the same file, in turn. Then in
/// this process: what comes after parsing, and the whole load, against a [HeapCsr] of the same
/// pairs, which are dense integers already and lie in memory; and against the same with its lists
/// sorted, written to a file and forced, which is what a load has to do besides. Parsing ends with
/// the stage of the edges: by then they are mapped to nodes and noted, what is left is to sort
/// them, to write all lists, and the commit.
final class LoadBenchmark {
  private LoadBenchmark() {}

  static List<String> run(Path home, int scale, int rounds) throws Exception {
    try (Folder folder = Folder.create()) {
      Path file = folder.resolve("kronecker.txt");
      Kronecker.write(scale, 1, file);
      List<String> lines = new ArrayList<>(processes(home, folder, file, scale, rounds));
      lines.add("");
      lines.add("| what | ours (ms) | heap CSR (ms) | ratio | spread | rounds |");
      lines.add("|---|--:|--:|--:|--:|--:|");
      lines.addAll(inProcess(folder, file, scale, Math.max(9, rounds)));
      return lines;
    }
  }

  private static List<String> processes(Path home, Folder folder, Path file, int scale, int rounds)
      throws Exception {
    Path store = folder.resolve("load.quarry");
    List<String> ours = LoadProcess.command(home, store, file, null);
    List<String> rival = List.of("wc", "-l", file.toString());
    double[] seconds = new double[rounds];
    double[] ratios = new double[rounds];
    long bytes = 0;
    LoadProcess.time(rival);
    LoadProcess.time(ours); // after a build, the launcher trains its AOT cache first
    for (int round = 0; round < rounds; round++) {
      Files.deleteIfExists(store);
      double lines = LoadProcess.time(rival);
      seconds[round] = LoadProcess.time(ours);
      ratios[round] = seconds[round] / lines;
      bytes = Files.size(store);
    }
    Files.deleteIfExists(store);
    Arrays.sort(seconds);
    Arrays.sort(ratios);
    long edges = Kronecker.edges(scale);
    double median = Median.of(seconds);
    return List.of(
        "| what | median | least – most | rounds |",
        "|---|--:|--:|--:|",
        line(
            "| load scale %d, %,d relationships, process start to exit (s) | %.2f | %.2f – %.2f | %d |",
            scale, edges, median, seconds[0], seconds[rounds - 1], rounds),
        line(
            "| relationships per second | **%,.0f** | %,.0f – %,.0f | %d |",
            edges / median, edges / seconds[rounds - 1], edges / seconds[0], rounds),
        line(
            "| ratio to `wc -l` of the same file | %.1f | %.1f – %.1f | %d |",
            Median.of(ratios), ratios[0], ratios[rounds - 1], rounds),
        line("| bytes of text, of the store | %,d, %,d | | |", Files.size(file), bytes));
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  /// Times of one load in this process, in nanoseconds.
  private record Times(double whole, double afterParsing) {}

  private static List<String> inProcess(Folder folder, Path file, int scale, int rounds)
      throws Exception {
    int[] pairs = pairs(file, scale);
    Path store = folder.resolve("process.quarry");
    load(store, file);
    if (checksum(store) != HeapCsr.build(pairs, 1 << scale, 1).checksum()) {
      throw new IllegalStateException("the store and the heap hold different graphs");
    }
    double[][] ours = new double[2][rounds];
    double[][] csr = new double[2][rounds];
    double[] durable = new double[rounds];
    Path written = folder.resolve("csr");
    for (int round = -3; round < rounds; round++) { // three rounds to warm up
      Times times = load(store, file);
      for (int threads = 1; threads <= 2; threads++) {
        long start = System.nanoTime();
        HeapCsr built = HeapCsr.build(pairs, 1 << scale, threads);
        double nanos = System.nanoTime() - start;
        if (built.ends()[1].length != pairs.length / 2) {
          throw new IllegalStateException("a direction is incomplete");
        }
        if (round >= 0) {
          csr[threads - 1][round] = nanos;
        }
        if (threads == 2) {
          built.sort();
          built.write(written);
          if (round >= 0) {
            durable[round] = System.nanoTime() - start;
          }
          Files.delete(written);
        }
      }
      if (round >= 0) {
        ours[0][round] = times.afterParsing();
        ours[1][round] = times.whole();
      }
    }
    List<String> lines = new ArrayList<>();
    lines.add(compare("after parsing, CSR by 2 threads, sorted and forced", ours[0], durable));
    for (int part = 0; part < 2; part++) {
      String what = part == 0 ? "after parsing" : "whole load";
      for (int threads = 1; threads <= 2; threads++) {
        String name = "%s, CSR by %d thread%s".formatted(what, threads, threads == 1 ? "" : "s");
        lines.add(compare(name, ours[part], csr[threads - 1]));
      }
    }
    return lines;
  }

  private static String compare(String name, double[] ours, double[] rival) {
    double[] ratios = new double[ours.length];
    Arrays.setAll(ratios, i -> ours[i] / rival[i]);
    Arrays.sort(ratios);
    return line(
        "| %s | %.0f | %.0f | **%.2f** | %.2f – %.2f | %d |",
        name,
        Median.of(ours) / 1e6,
        Median.of(rival) / 1e6,
        Median.of(ratios),
        ratios[0],
        ratios[ratios.length - 1],
        ratios.length);
  }

  private static int[] pairs(Path file, int scale) throws Exception {
    int[] pairs = new int[Math.toIntExact(2 * Kronecker.edges(scale))];
    int count = 0;
    try (BufferedReader lines = Files.newBufferedReader(file, StandardCharsets.US_ASCII)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        int tab = line.indexOf('\t');
        pairs[count++] = Integer.parseInt(line, 0, tab, 10);
        pairs[count++] = Integer.parseInt(line, tab + 1, line.length(), 10);
      }
    }
    return pairs;
  }

  private static Times load(Path store, Path file) throws Exception {
    Files.deleteIfExists(store);
    try (Quarry db = Quarry.open(store, OpenOptions.defaults())) {
      long[] listsBegin = new long[1];
      Progress watch =
          step -> {
            if (step.stage().equals("lists") && listsBegin[0] == 0) {
              listsBegin[0] = System.nanoTime();
            }
          };
      long start = System.nanoTime();
      db.load(new LoadPlan().edges("E", "V", file), watch);
      long end = System.nanoTime();
      return new Times(end - start, end - listsBegin[0]);
    }
  }

  /// The sum of [HeapCsr#checksum()] over the lists of a store.
  private static long checksum(Path store) {
    try (Quarry db = Quarry.open(store, OpenOptions.defaults())) {
      return db.read(
          tx -> {
            PropertyKey id = tx.key("id");
            long sum = 0;
            try (NodeCursor nodes = tx.nodes("V")) {
              while (nodes.next()) {
                long node = nodes.getLong(id) + 1;
                for (Direction direction : List.of(Direction.OUTGOING, Direction.INCOMING)) {
                  try (RelationshipCursor lists = tx.relationships(nodes.node(), direction)) {
                    while (lists.next()) {
                      sum += node * (Long) tx.property(lists.neighbourNode(), "id");
                    }
                  }
                }
              }
            }
            return sum;
          });
    }
  }
}
