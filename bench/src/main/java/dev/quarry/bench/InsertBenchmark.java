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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/// Batched inserts, log on, each transaction durable: uniform random ends among 1 M nodes, both
/// directions, up to 16 relationships a node, against growing `int[]` arrays on the Java heap in
/// both directions, which are not durable. Each side inserts the same pairs.
///
/// A checkpoint that falls due is written by the commit that finds it due, and one is made at the
/// end. With two callers each commits every other batch, so that one fills its batch while the
/// other waits for a barrier. Three rates: of the transactions whose commits wrote none, of all
/// transactions, and of all with the last checkpoint. The ratio is that of all transactions.
final class InsertBenchmark {
  private static final int NODES = 1_000_000;
  private static final int RELATIONSHIPS = 16 * NODES;
  private static final long MEMORY = 3L << 30;

  private InsertBenchmark() {}

  static List<String> run(int rounds) throws Exception {
    List<String> lines = new ArrayList<>();
    lines.add(
        "| relationships a transaction | callers | without checkpoints, M/s | with those that fell due, M/s"
            + " | and a last one, M/s | heap arrays, M/s | time / theirs | spread"
            + " | bytes a direction | × CSR | rounds |");
    lines.add("|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
    for (int batch : new int[] {10_000, 1_000_000}) {
      for (int callers = 1; callers <= 2; callers++) {
        lines.add(line(batch, callers, rounds));
      }
    }
    return lines;
  }

  private static String line(int batch, int callers, int rounds) throws Exception {
    double[] quiet = new double[rounds];
    double[] ours = new double[rounds];
    double[] withCheckpoint = new double[rounds];
    double[] theirs = new double[rounds];
    double[] ratios = new double[rounds];
    double bytes = 0;
    for (int round = -1; round < rounds; round++) {
      try (Folder folder = Folder.create()) {
        Result result = insert(folder, batch, callers);
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
        "| %,d | %d | %.2f | %.2f | %.2f | %.2f | **%.2f** | %.2f – %.2f | %.2f | %.2f | %d |",
        batch,
        callers,
        Median.of(quiet),
        Median.of(ours),
        Median.of(withCheckpoint),
        Median.of(theirs),
        Median.of(ratios),
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

  private static Result insert(Folder folder, int batch, int callers) throws Exception {
    StoreOptions options = StoreOptions.defaults().withMemory(MEMORY);
    try (GraphStore graph = GraphStore.open(folder.resolve("insert.quarry"), options)) {
      long[] ids = nodes(graph);
      AtomicInteger begun = new AtomicInteger();
      List<Future<Quiet>> quiet = new ArrayList<>();
      long start = System.nanoTime();
      try (ExecutorService threads = Executors.newFixedThreadPool(callers)) {
        for (int caller = 0; caller < callers; caller++) {
          quiet.add(threads.submit(() -> insert(graph, ids, batch, begun)));
        }
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      double quietSeconds = 0;
      long quietRelationships = 0;
      for (Future<Quiet> one : quiet) {
        quietSeconds += one.get().seconds / callers;
        quietRelationships += one.get().relationships;
      }
      start = System.nanoTime();
      graph.store().checkpoint();
      double checkpoint = (System.nanoTime() - start) / 1e9;
      try (GraphSnapshot snapshot = graph.beginRead()) {
        double bytes = ListBytes.of(snapshot) / 2.0 / RELATIONSHIPS;
        return new Result(seconds, quietSeconds, quietRelationships, checkpoint, bytes);
      }
    }
  }

  /// Of the transactions that wrote no checkpoint.
  private record Quiet(double seconds, long relationships) {}

  private static Quiet insert(GraphStore graph, long[] ids, int batch, AtomicInteger begun) {
    double seconds = 0;
    long relationships = 0;
    for (int number = begun.getAndIncrement();
        number < RELATIONSHIPS / batch;
        number = begun.getAndIncrement()) {
      SplittableRandom random = new SplittableRandom(number);
      long checkpoints = graph.store().statistics().checkpoints();
      long begin = System.nanoTime();
      try (GraphTransaction tx = graph.beginWrite()) {
        RelationshipBatch added = tx.batch("KNOWS");
        for (int i = 0; i < batch; i++) {
          added.add(ids[random.nextInt(NODES)], ids[random.nextInt(NODES)]);
        }
        tx.commit();
      }
      if (graph.store().statistics().checkpoints() == checkpoints) {
        seconds += (System.nanoTime() - begin) / 1e9;
        relationships += batch;
      }
    }
    return new Quiet(seconds, relationships);
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
    long start = System.nanoTime();
    for (int number = 0; number < RELATIONSHIPS / batch; number++) {
      SplittableRandom random = new SplittableRandom(number);
      for (int i = 0; i < batch; i++) {
        int source = random.nextInt(NODES);
        int target = random.nextInt(NODES);
        add(out, outLength, source, target);
        add(in, inLength, target, source);
      }
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
}
