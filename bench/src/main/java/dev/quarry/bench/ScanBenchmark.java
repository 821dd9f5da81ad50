package dev.quarry.bench;

import dev.quarry.graph.Direction;
import dev.quarry.graph.LoadPlan;
import dev.quarry.graph.load.Loader;
import dev.quarry.graph.Progress;
import dev.quarry.graph.transaction.Expansion;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.graph.transaction.NodeScan;
import dev.quarry.storage.StoreOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/// All outgoing neighbours of all nodes, in random order, summed: a clean store against a CSR of
/// `int[]` on the Java heap with the same ids. The sums are compared before the times are.
final class ScanBenchmark {
  private ScanBenchmark() {}

  static List<String> run(int scale, int rounds) throws Exception {
    try (Folder folder = Folder.create()) {
      Path file = folder.resolve("edges.txt");
      Kronecker.write(scale, 1, file);
      Path path = folder.resolve("scan.quarry");
      StoreOptions options = StoreOptions.defaults().withMemory(1L << 30);
      try (GraphStore store = GraphStore.open(path, options)) {
        new Loader(store).load(new LoadPlan().edges("E", "V", file), Progress.NONE);
      }
      try (GraphStore store = GraphStore.open(path, options);
          GraphSnapshot snapshot = store.beginRead()) {
        return compare(snapshot, rounds);
      }
    }
  }

  private static List<String> compare(GraphSnapshot snapshot, int rounds) throws Exception {
    long[] order = nodes(snapshot);
    Csr csr = Csr.of(snapshot, order.length);
    int[] csrOrder = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      csrOrder[i] = (int) order[i];
    }
    Expansion expansion =
        snapshot.expansion(Direction.OUTGOING, new int[] {snapshot.catalog().type("E")});
    long[] buffer = new long[1024];
    long ours = slices(expansion, order);
    long rival = csr.sum(csrOrder);
    if (ours != rival) {
      throw new AssertionError("the sums differ: " + ours + " and " + rival);
    }
    List<String> lines = new ArrayList<>();
    String shape = ", %,d nodes, %,d edges".formatted(order.length, csr.targets.length);
    lines.add(
        Interleaved.compare(
            "neighbour scan in slices / heap CSR (µs per 1,000 edges" + shape + ")",
            () -> time(() -> slices(expansion, order), csr.targets.length),
            () -> time(() -> csr.sum(csrOrder), csr.targets.length),
            rounds));
    lines.add(
        Interleaved.compare(
            "neighbour scan copied in batches / heap CSR (the same)",
            () -> time(() -> sum(expansion, order, buffer), csr.targets.length),
            () -> time(() -> csr.sum(csrOrder), csr.targets.length),
            rounds));
    lines.add(
        Interleaved.compare(
            "neighbour scan step by step / heap CSR (the same)",
            () -> time(() -> steps(expansion, order), csr.targets.length),
            () -> time(() -> csr.sum(csrOrder), csr.targets.length),
            rounds));
    return lines;
  }

  private static volatile long consumed;

  private interface Kernel {
    long run();
  }

  private static double time(Kernel kernel, int edges) {
    long start = System.nanoTime();
    consumed = kernel.run();
    return (System.nanoTime() - start) / (double) edges * 1000;
  }

  private static long[] nodes(GraphSnapshot snapshot) {
    NodeScan scan = snapshot.scanAll();
    long[] all = new long[(int) snapshot.nodeCount(0)];
    long[] some = new long[1000];
    int count = 0;
    for (int found = scan.fill(some, 1000); found > 0; found = scan.fill(some, 1000)) {
      System.arraycopy(some, 0, all, count, found);
      count += found;
    }
    SplittableRandom random = new SplittableRandom(7);
    for (int i = count - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      long swap = all[i];
      all[i] = all[j];
      all[j] = swap;
    }
    return all;
  }

  private static long sum(Expansion expansion, long[] order, long[] buffer) {
    long sum = 0;
    for (long node : order) {
      expansion.open(node);
      for (int found = expansion.fill(buffer); found > 0; found = expansion.fill(buffer)) {
        for (int i = 0; i < found; i++) {
          sum += buffer[i];
        }
        if (found < buffer.length) {
          break;
        }
      }
    }
    return sum;
  }

  private static long slices(Expansion expansion, long[] order) {
    long sum = 0;
    for (int from = 0; from < order.length; from += Expansion.PREPARED) {
      int count = Math.min(Expansion.PREPARED, order.length - from);
      expansion.prepare(order, from, count);
      for (int i = 0; i < count; i++) {
        if (expansion.preparedSlice(i) >= 0) {
          sum += expansion.sliceSum();
          continue;
        }
        expansion.openPrepared(i);
        while (expansion.nextSlice() > 0) {
          sum += expansion.sliceSum();
        }
      }
    }
    return sum;
  }

  private static long steps(Expansion expansion, long[] order) {
    long sum = 0;
    for (long node : order) {
      expansion.open(node);
      while (expansion.next()) {
        sum += expansion.neighbour();
      }
    }
    return sum;
  }

  /// Compressed sparse rows on the heap.
  private record Csr(int[] starts, int[] targets) {
    static Csr of(GraphSnapshot snapshot, int nodes) {
      int[] starts = new int[nodes + 1];
      Expansion expansion = snapshot.expansion(Direction.OUTGOING, null);
      for (int node = 0; node < nodes; node++) {
        starts[node + 1] = starts[node] + (int) expansion.degree(node);
      }
      int[] targets = new int[starts[nodes]];
      for (int node = 0; node < nodes; node++) {
        int at = starts[node];
        expansion.open(node);
        while (expansion.next()) {
          targets[at++] = (int) expansion.neighbour();
        }
      }
      return new Csr(starts, targets);
    }

    long sum(int[] order) {
      long sum = 0;
      for (int node : order) {
        int end = starts[node + 1];
        for (int i = starts[node]; i < end; i++) {
          sum += targets[i];
        }
      }
      return sum;
    }
  }
}
