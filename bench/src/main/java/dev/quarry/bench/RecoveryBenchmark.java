package dev.quarry.bench;

import dev.quarry.graph.Node;
import dev.quarry.graph.transaction.BulkTransaction;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.graph.transaction.GraphTransaction;
import dev.quarry.storage.Durability;
import dev.quarry.storage.StoreOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/// How long opening takes: after a crash by the length of the log, and after a clean close by the
/// number of nodes.
///
/// A log is made by commits, and copied together with its file before the store is closed; each
/// round opens a fresh copy, which repeats the log and ends with a checkpoint. The files are in the
/// page cache.
final class RecoveryBenchmark {
  private static final int NODES = 100_000;
  private static final long LOG_BYTES = 48 << 20;
  private static final int[] SIZES = {10_000, 100_000, 1_000_000, 10_000_000};
  private static final String STORE = "x.quarry";

  private final int rounds;
  private final List<String> lines = new ArrayList<>();

  private RecoveryBenchmark(int rounds) {
    this.rounds = rounds;
  }

  static List<String> run(int rounds) throws Exception {
    RecoveryBenchmark benchmark = new RecoveryBenchmark(rounds);
    benchmark.lines.add(
        "| opening after a crash | log, MiB | seconds | MB of log a second | spread |");
    benchmark.lines.add("|---|--:|--:|--:|--:|");
    for (int perCommit : new int[] {1, 100, 10_000}) {
      benchmark.recovery(perCommit);
    }
    benchmark.lines.add("");
    benchmark.lines.add(
        "| opening after a clean close, nodes | file, MiB | µs | against the first |");
    benchmark.lines.add("|--:|--:|--:|--:|");
    benchmark.opening();
    return benchmark.lines;
  }

  private void recovery(int perCommit) throws Exception {
    try (Folder folder = Folder.create()) {
      Path crashed = Files.createDirectory(folder.resolve("crashed"));
      double[] rates = new double[rounds];
      double[] seconds = new double[rounds];
      long log = crash(folder, crashed, perCommit);
      for (int round = -2; round < rounds; round++) {
        Path fresh = copy(crashed, folder.resolve("round" + round));
        long start = System.nanoTime();
        GraphStore graph = GraphStore.open(fresh.resolve(STORE), StoreOptions.defaults());
        double took = (System.nanoTime() - start) / 1e9;
        graph.close();
        if (round >= 0) {
          seconds[round] = took;
          rates[round] = log / 1e6 / took;
        }
      }
      Arrays.sort(rates);
      Arrays.sort(seconds);
      lines.add(
          String.format(
              Locale.ROOT,
              "| commits of %,d relationships each | %d | %.2f | **%.0f** | %.0f – %.0f |",
              perCommit,
              log >> 20,
              Median.of(seconds),
              Median.of(rates),
              rates[0],
              rates[rounds - 1]));
    }
  }

  /// Leaves a store with a log that was not closed, and returns the bytes of the log.
  private static long crash(Folder folder, Path target, int perCommit) throws IOException {
    StoreOptions options =
        StoreOptions.defaults()
            .withDurability(Durability.OPERATING_SYSTEM)
            .withMemory(4L << 30)
            .withReplayTime(
                Duration.ofHours(1)); // no checkpoint before the log is as long as wanted
    Path work = Files.createDirectory(folder.resolve("work"));
    try (GraphStore graph = GraphStore.open(work.resolve(STORE), options)) {
      List<Node> nodes = new ArrayList<>();
      GraphTransaction first = graph.beginWrite();
      for (int i = 0; i < NODES; i++) {
        nodes.add(first.createNode(Set.of("Person"), Map.of("number", i)));
      }
      first.commit();
      graph.store().checkpoint();
      Random random = new Random(1);
      while (graph.store().statistics().walBytes() < LOG_BYTES) {
        GraphTransaction tx = graph.beginWrite();
        for (int i = 0; i < perCommit; i++) {
          Node source = nodes.get(random.nextInt(NODES));
          tx.createRelationship(source, "KNOWS", nodes.get(random.nextInt(NODES)), Map.of());
        }
        tx.commit();
      }
      long log = graph.store().statistics().walBytes();
      copy(work, target);
      return log;
    }
  }

  /// Copies the files of a store, without its lock.
  private static Path copy(Path from, Path to) throws IOException {
    Files.createDirectories(to);
    try (var files = Files.list(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (!file.getFileName().toString().endsWith("-lock")) {
          Files.copy(file, to.resolve(file.getFileName()));
        }
      }
    }
    return to;
  }

  private void opening() throws Exception {
    try (Folder folder = Folder.create()) {
      double[][] times = new double[SIZES.length][rounds];
      for (int size : SIZES) {
        fill(folder.resolve(size + ".quarry"), size);
      }
      for (int round = -10; round < rounds; round++) {
        for (int i = 0; i < SIZES.length; i++) {
          double time = open(folder.resolve(SIZES[i] + ".quarry"));
          if (round >= 0) {
            times[i][round] = time;
          }
        }
      }
      for (int i = 0; i < SIZES.length; i++) {
        double[] ratios = new double[rounds];
        for (int round = 0; round < rounds; round++) {
          ratios[round] = times[i][round] / times[0][round];
        }
        Arrays.sort(ratios);
        lines.add(
            String.format(
                Locale.ROOT,
                "| %,d | %.1f | %.0f | **%.2f** (%.2f – %.2f) |",
                SIZES[i],
                Files.size(folder.resolve(SIZES[i] + ".quarry")) / 1048576.0,
                Median.of(times[i]) / 1000,
                Median.of(ratios),
                ratios[0],
                ratios[rounds - 1]));
      }
    }
  }

  private static void fill(Path path, int nodes) {
    try (GraphStore graph = GraphStore.open(path, StoreOptions.defaults())) {
      BulkTransaction tx = graph.beginBulk();
      int arena = tx.arena(List.of("Person"));
      int key = tx.key("number");
      for (int i = 0; i < nodes; i++) {
        tx.putNode(tx.createNode(arena), key, (long) i);
        tx.step();
      }
      tx.commit();
    }
  }

  /// Nanoseconds from the call of open to the first answer.
  private static double open(Path path) {
    long start = System.nanoTime();
    try (GraphStore graph = GraphStore.open(path, StoreOptions.defaults())) {
      try (GraphSnapshot snapshot = graph.beginRead()) {
        snapshot.counts().nodes(snapshot.catalog().label("Person"));
      }
      return System.nanoTime() - start;
    }
  }
}
