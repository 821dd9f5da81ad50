package dev.quarry.bench;

import dev.quarry.graph.Direction;
import dev.quarry.graph.RelationshipBatch;
import dev.quarry.graph.transaction.Expansion;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.graph.transaction.GraphTransaction;
import dev.quarry.graph.transaction.NodeScan;
import dev.quarry.storage.Durability;
import dev.quarry.storage.StoreOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/// One writer and one reader at once, each against itself alone, in turn: the reader walks over all
/// relationships of random nodes, in snapshots of 100,000 nodes; the writer inserts batches of
/// 10,000 relationships, without barriers, so that it is busy all the time. Half a second each.
/// Once with a store that gives one thread to a batch, so both have one, and once with as many as
/// there are processors: there a writer alone has two, and two of them can only lose one to a
/// reader.
final class TogetherBenchmark {
  private static final int NODES = 1_000_000;
  private static final int BATCH = 10_000;
  private static final int SOME = 100_000;
  private static final long NANOS = 500_000_000;

  private final GraphStore graph;
  private final long[] ids;

  private TogetherBenchmark(GraphStore graph, long[] ids) {
    this.graph = graph;
    this.ids = ids;
  }

  static List<String> run(int rounds) throws Exception {
    List<String> lines = new ArrayList<>();
    lines.add("| of its rate alone | threads a batch | median | spread | rounds |");
    lines.add("|---|---|--:|--:|--:|");
    for (int threads : new int[] {1, 0}) {
      StoreOptions options =
          StoreOptions.defaults()
              .withMemory(3L << 30)
              .withDurability(Durability.OPERATING_SYSTEM)
              .withThreads(threads);
      try (Folder folder = Folder.create();
          GraphStore graph = GraphStore.open(folder.resolve("together.quarry"), options)) {
        String name = threads == 1 ? "1" : "as processors";
        lines.addAll(new TogetherBenchmark(graph, nodes(graph)).compare(name, rounds));
      }
    }
    return lines;
  }

  private static long[] nodes(GraphStore graph) {
    try (GraphTransaction tx = graph.beginWrite()) {
      for (int i = 0; i < NODES; i++) {
        tx.createNode(Set.of("V"), Map.of());
      }
      tx.commit();
    }
    long[] ids = new long[NODES];
    try (GraphSnapshot snapshot = graph.beginRead()) {
      NodeScan scan = snapshot.scanAll();
      long[] some = new long[1000];
      int count = 0;
      for (int found = scan.fill(some, 1000); found > 0; found = scan.fill(some, 1000)) {
        System.arraycopy(some, 0, ids, count, found);
        count += found;
      }
    }
    return ids;
  }

  private List<String> compare(String threads, int rounds) throws Exception {
    insert(new SplittableRandom(1), 400);
    double[] reader = new double[rounds];
    double[] writer = new double[rounds];
    for (int round = -2; round < rounds; round++) {
      double readsAlone = timed(this::read);
      double writesAlone = timed(this::write);
      AtomicBoolean stop = new AtomicBoolean();
      AtomicLong written = new AtomicLong();
      Thread other = new Thread(() -> written.set(Double.doubleToLongBits(write(stop))));
      other.start();
      double reads = timed(this::read);
      stop.set(true);
      other.join();
      if (round >= 0) {
        reader[round] = reads / readsAlone;
        writer[round] = Double.longBitsToDouble(written.get()) / writesAlone;
      }
    }
    return List.of(
        line("reader beside a writer", threads, reader),
        line("writer beside a reader", threads, writer));
  }

  private static String line(String who, String threads, double[] ratios) {
    Arrays.sort(ratios);
    return String.format(
        Locale.ROOT,
        "| %s | %s | **%.2f** | %.2f – %.2f | %d |",
        who,
        threads,
        Median.of(ratios),
        ratios[0],
        ratios[ratios.length - 1],
        ratios.length);
  }

  /// Works until it is told to stop, and returns its rate.
  private interface Work {
    double run(AtomicBoolean stop);
  }

  private static double timed(Work work) throws InterruptedException {
    AtomicBoolean stop = new AtomicBoolean();
    Thread clock =
        new Thread(
            () -> {
              long end = System.nanoTime() + NANOS;
              while (System.nanoTime() < end) {
                LockSupport.parkNanos(end - System.nanoTime());
              }
              stop.set(true);
            });
    clock.start();
    double rate = work.run(stop);
    clock.join();
    return rate;
  }

  private static volatile long consumed;

  private double read(AtomicBoolean stop) {
    SplittableRandom random = new SplittableRandom();
    long sum = 0;
    long nodes = 0;
    long start = System.nanoTime();
    long[] some = new long[Expansion.PREPARED];
    while (!stop.get()) {
      try (GraphSnapshot snapshot = graph.beginRead()) {
        Expansion expansion =
            snapshot.expansion(Direction.OUTGOING, new int[] {snapshot.catalog().type("E")});
        for (int done = 0; done < SOME && !stop.get(); done += some.length) {
          for (int i = 0; i < some.length; i++) {
            some[i] = ids[random.nextInt(NODES)];
          }
          expansion.prepare(some, 0, some.length);
          for (int i = 0; i < some.length; i++) {
            if (expansion.preparedSlice(i) >= 0) {
              sum += expansion.sliceSum();
            }
          }
          nodes += some.length;
        }
      }
    }
    consumed = sum;
    return nodes / ((System.nanoTime() - start) / 1e9);
  }

  private double write(AtomicBoolean stop) {
    SplittableRandom random = new SplittableRandom();
    long start = System.nanoTime();
    long batches = 0;
    while (!stop.get()) {
      insert(random, 1);
      batches++;
    }
    return batches * BATCH / ((System.nanoTime() - start) / 1e9);
  }

  private void insert(SplittableRandom random, int batches) {
    for (int i = 0; i < batches; i++) {
      try (GraphTransaction tx = graph.beginWrite()) {
        RelationshipBatch batch = tx.batch("E");
        for (int k = 0; k < BATCH; k++) {
          batch.add(ids[random.nextInt(NODES)], ids[random.nextInt(NODES)]);
        }
        tx.commit();
      }
    }
  }
}
