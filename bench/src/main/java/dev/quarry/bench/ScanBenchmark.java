package dev.quarry.bench;

import dev.quarry.bench.generate.Kronecker;
import dev.quarry.graph.Direction;
import dev.quarry.graph.LoadPlan;
import dev.quarry.graph.load.Loader;
import dev.quarry.graph.Progress;
import dev.quarry.graph.RelationshipBatch;
import dev.quarry.graph.transaction.ArenaLists;
import dev.quarry.graph.transaction.Degrees;
import dev.quarry.graph.transaction.Expansion;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.graph.transaction.GraphTransaction;
import dev.quarry.graph.transaction.NodeScan;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import dev.quarry.storage.memory.Stretch;
import dev.quarry.storage.memory.StretchLoops;
import dev.quarry.storage.slab.ListCursor;
import dev.quarry.storage.slab.Lists;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/// All outgoing neighbours of all nodes, in random order, summed, and once in the order of their
/// ids, as kernels go over them: a store against a CSR of `int[]` on the Java heap with the same
/// ids. The sums are compared before the times are. Three stores: a Kronecker graph as it was
/// loaded; the same with one more relationship at each tenth node since; and nodes with 0 to 3
/// relationships, uniform ends.
final class ScanBenchmark {
  private static final int COPIED = 1 << 13;

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
      List<String> lines = new ArrayList<>();
      try (GraphStore store = GraphStore.open(path, options)) {
        try (GraphSnapshot snapshot = store.beginRead()) {
          lines.addAll(compare("clean", snapshot, rounds));
        }
        change(store);
        try (GraphSnapshot snapshot = store.beginRead()) {
          lines.addAll(compare("10 % changed", snapshot, rounds));
        }
      }
      try (GraphStore store = GraphStore.open(folder.resolve("sparse.quarry"), options)) {
        makeSparse(store, 1 << scale);
        try (GraphSnapshot snapshot = store.beginRead()) {
          lines.addAll(compare("0 to 3 each", snapshot, rounds));
        }
      }
      return lines;
    }
  }

  /// One more relationship for each tenth node.
  private static void change(GraphStore store) {
    try (GraphTransaction tx = store.beginWrite()) {
      long[] all = nodes(tx);
      RelationshipBatch batch = tx.batch("E");
      for (int i = 0; i < all.length / 10; i++) {
        batch.add(all[i], all[all.length - 1 - i]);
      }
      tx.commit();
    }
  }

  private static void makeSparse(GraphStore store, int nodes) {
    SplittableRandom random = new SplittableRandom(3);
    try (GraphTransaction tx = store.beginWrite()) {
      for (int i = 0; i < nodes; i++) {
        tx.createNode(Set.of("V"), Map.of());
      }
      tx.commit();
    }
    try (GraphTransaction tx = store.beginWrite()) {
      long[] all = nodes(tx);
      RelationshipBatch batch = tx.batch("E");
      for (int i = 0; i < all.length; i++) {
        for (int k = i % 4; k > 0; k--) {
          batch.add(all[i], all[random.nextInt(all.length)]);
        }
      }
      tx.commit();
    }
  }

  private static List<String> compare(String of, GraphSnapshot snapshot, int rounds)
      throws Exception {
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
            of + ", in slices / heap CSR (µs per 1,000 edges" + shape + ")",
            () -> time(() -> slices(expansion, order), csr.targets.length),
            () -> time(() -> csr.sum(csrOrder), csr.targets.length),
            rounds));
    lines.add(
        Interleaved.compare(
            of + ", copied in batches / heap CSR (the same)",
            () -> time(() -> sum(expansion, order, buffer), csr.targets.length),
            () -> time(() -> csr.sum(csrOrder), csr.targets.length),
            rounds));
    lines.add(
        Interleaved.compare(
            of + ", step by step / heap CSR (the same)",
            () -> time(() -> steps(expansion, order), csr.targets.length),
            () -> time(() -> csr.sum(csrOrder), csr.targets.length),
            rounds));
    try (Scratch scratch = snapshot.scratch().another()) {
      Stretch stretch = new Stretch(scratch.allocate(Stretch.bytes(COPIED)), COPIED);
      int[] types = {snapshot.catalog().type("E")};
      Lists lists = new ArenaLists(snapshot, 0, true, types).kinds().getFirst().lists();
      if (inOrder(lists, order.length, stretch) != rival) {
        throw new AssertionError("the sums differ in the order of nodes");
      }
      lines.add(
          Interleaved.compare(
              of + ", in the order of nodes / heap CSR (the same)",
              () -> time(() -> inOrder(lists, order.length, stretch), csr.targets.length),
              () -> time(() -> csr.sumAll(), csr.targets.length),
              rounds));
    }
    return lines;
  }

  private static volatile long consumed;

  interface Kernel {
    long run();
  }

  static double time(Kernel kernel, int edges) {
    long start = System.nanoTime();
    consumed = kernel.run();
    return (System.nanoTime() - start) / (double) edges * 1000;
  }

  /// All nodes of a graph, in random order.
  static long[] nodes(GraphStore store) {
    try (GraphSnapshot snapshot = store.beginRead()) {
      return nodes(snapshot);
    }
  }

  static long[] nodes(Reading reading) {
    NodeScan scan = reading.scanAll();
    long[] all = new long[(int) reading.nodeCount(0)];
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

  /// The sum of all neighbours of some nodes.
  static long slices(Expansion expansion, long[] order) {
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

  private static long inOrder(Lists lists, int nodes, Stretch stretch) {
    ListCursor cursor = new ListCursor();
    long sum = 0;
    for (int first = 0; first < nodes; first += Stretch.SLOTS) {
      int left = nodes - first;
      long wanted = left < Stretch.SLOTS ? (1L << left) - 1 : -1L;
      boolean found = lists.stretch(first, wanted, stretch);
      long apart = found ? stretch.apart() : wanted;
      sum += StretchLoops.sumNumbers(stretch, wanted & ~apart);
      for (long bits = apart; bits != 0; bits &= bits - 1) {
        lists.open(first + Long.numberOfTrailingZeros(bits), cursor);
        while (cursor.nextFragment()) {
          sum += Memory.sumInts(cursor.address(), cursor.count());
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
      Degrees degrees = snapshot.degrees(Direction.OUTGOING, null, Degrees.ANY_LABEL);
      for (int node = 0; node < nodes; node++) {
        starts[node + 1] = starts[node] + (int) degrees.of(node);
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

    long sumAll() {
      long sum = 0;
      for (int node = 0; node < starts.length - 1; node++) {
        int end = starts[node + 1];
        for (int i = starts[node]; i < end; i++) {
          sum += targets[i];
        }
      }
      return sum;
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
