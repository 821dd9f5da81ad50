package dev.quarry.bench;

import dev.quarry.graph.NodeCursor;
import dev.quarry.graph.RelationshipBatch;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.graph.transaction.GraphTransaction;
import dev.quarry.storage.StoreOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/// Batched inserts, log on, each transaction durable: uniform random ends among 1 M nodes, both
/// directions, up to 16 relationships a node, against growing `int[]` arrays on the Java heap in
/// both directions, which are not durable. Each side inserts the same pairs.
///
/// A checkpoint that falls due is written by the commit that finds it due, and one is made at the
/// end. Three rates: of the transactions whose commits wrote none, of all transactions, and of all
/// with the last checkpoint. The ratio is that of all transactions.
final class InsertBenchmark {
  private static final int NODES = 1_000_000;
  private static final int RELATIONSHIPS = 16 * NODES;
  private static final long MEMORY = 3L << 30;

  private InsertBenchmark() {}

  static List<String> run(int rounds) throws Exception {
    List<String> lines = new ArrayList<>();
    lines.add(
        "| relationships a transaction | without checkpoints, M/s | with those that fell due, M/s"
            + " | and a last one, M/s | heap arrays, M/s | time / theirs | spread"
            + " | bytes a direction | × CSR | rounds |");
    lines.add("|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
    for (int batch : new int[] {10_000, 1_000_000}) {
      lines.add(line(batch, rounds));
    }
    return lines;
  }

  private static String line(int batch, int rounds) throws Exception {
    double[] quiet = new double[rounds];
    double[] ours = new double[rounds];
    double[] withCheckpoint = new double[rounds];
    double[] theirs = new double[rounds];
    double[] ratios = new double[rounds];
    double bytes = 0;
    for (int round = -1; round < rounds; round++) {
      try (Folder folder = Folder.create()) {
        Result result = insert(folder, batch);
        double heap = heap(batch);
        if (round >= 0) {
          quiet[round] = result.quietRelationships / result.quietSeconds / 1e6;
          ours[round] = RELATIONSHIPS / result.seconds / 1e6;
          withCheckpoint[round] = RELATIONSHIPS / (result.seconds + result.checkpoint) / 1e6;
          theirs[round] = RELATIONSHIPS / heap / 1e6;
          ratios[round] = result.seconds / heap;
          bytes = result.bytesPerDirection;
        }
      }
    }
    Arrays.sort(ratios);
    double csr = ListBytes.csr(NODES, RELATIONSHIPS);
    return String.format(
        Locale.ROOT,
        "| %,d | %.2f | %.2f | %.2f | %.2f | **%.2f** | %.2f – %.2f | %.2f | %.2f | %d |",
        batch,
        median(quiet),
        median(ours),
        median(withCheckpoint),
        median(theirs),
        ratios[rounds / 2],
        ratios[0],
        ratios[rounds - 1],
        bytes,
        bytes / csr,
        rounds);
  }

  /// @param quietSeconds of the transactions that wrote no checkpoint
  private record Result(
      double seconds,
      double quietSeconds,
      long quietRelationships,
      double checkpoint,
      double bytesPerDirection) {}

  private static Result insert(Folder folder, int batch) {
    StoreOptions options = StoreOptions.defaults().withMemory(MEMORY);
    try (GraphStore graph = GraphStore.open(folder.resolve("insert.quarry"), options)) {
      long[] ids = nodes(graph);
      SplittableRandom random = new SplittableRandom(1);
      long quietNanos = 0;
      long quiet = 0;
      long start = System.nanoTime();
      for (int done = 0; done < RELATIONSHIPS; done += batch) {
        long checkpoints = graph.store().statistics().checkpoints();
        long begin = System.nanoTime();
        try (GraphTransaction tx = graph.beginWrite()) {
          RelationshipBatch relationships = tx.batch("KNOWS");
          for (int i = 0; i < batch; i++) {
            relationships.add(ids[random.nextInt(NODES)], ids[random.nextInt(NODES)]);
          }
          tx.commit();
        }
        if (graph.store().statistics().checkpoints() == checkpoints) {
          quietNanos += System.nanoTime() - begin;
          quiet += batch;
        }
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      start = System.nanoTime();
      graph.store().checkpoint();
      double checkpoint = (System.nanoTime() - start) / 1e9;
      try (GraphSnapshot snapshot = graph.beginRead()) {
        double bytes = ListBytes.of(snapshot) / 2.0 / RELATIONSHIPS;
        return new Result(seconds, quietNanos / 1e9, quiet, checkpoint, bytes);
      }
    }
  }

  private static long[] nodes(GraphStore graph) {
    try (GraphTransaction tx = graph.beginWrite()) {
      for (int i = 0; i < NODES; i++) {
        tx.createNode(Set.of("Person"), Map.of());
      }
      tx.commit();
    }
    long[] ids = new long[NODES];
    try (GraphSnapshot snapshot = graph.beginRead();
        NodeCursor cursor = snapshot.nodes("Person")) {
      for (int i = 0; cursor.next(); i++) {
        ids[i] = cursor.id();
      }
    }
    return ids;
  }

  private static volatile int consumed;

  private static double heap(int batch) {
    int[][] out = new int[NODES][];
    int[][] in = new int[NODES][];
    int[] outLength = new int[NODES];
    int[] inLength = new int[NODES];
    SplittableRandom random = new SplittableRandom(1);
    long start = System.nanoTime();
    for (int i = 0; i < RELATIONSHIPS; i++) {
      int source = random.nextInt(NODES);
      int target = random.nextInt(NODES);
      add(out, outLength, source, target);
      add(in, inLength, target, source);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    consumed = out[batch % NODES].length + in[batch % NODES].length;
    return seconds;
  }

  private static void add(int[][] lists, int[] lengths, int list, int entry) {
    int[] entries = lists[list];
    int length = lengths[list]++;
    if (entries == null) {
      lists[list] = new int[] {entry, 0, 0, 0};
      return;
    }
    if (length == entries.length) {
      entries = Arrays.copyOf(entries, length * 2);
      lists[list] = entries;
    }
    entries[length] = entry;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
