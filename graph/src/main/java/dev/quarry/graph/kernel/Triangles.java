package dev.quarry.graph.kernel;

import dev.quarry.storage.memory.ListMarks;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NumberSets;
import java.util.concurrent.atomic.AtomicLong;

/// Triangles: three nodes each two of which are neighbours. Each is met once, from the one of its
/// nodes with the greatest number: its pairs are marked, and the pairs of each of them compared
/// with the marks. Clustering is what fraction of the pairs of a node's neighbours are neighbours.
/// After T. Schank and D. Wagner, "Finding, Counting and Listing all Triangles", 2005.
///
/// Memory: that of [OrderedPairs]; for clustering 16 bytes a node more.
public final class Triangles {
  private static final int NUMBERS_OF_WORD = 64;

  private final Kernel kernel;
  private final Positions positions;
  private final OrderedPairs pairs;

  private Triangles(Kernel kernel, boolean asSets) {
    this.kernel = kernel;
    this.positions = kernel.positions();
    this.pairs = new OrderedPairs(kernel, asSets);
  }

  /// Counts the triangles of the part, directions and parallels left aside.
  public static long count(Kernel kernel) {
    Triangles run = new Triangles(kernel, true);
    AtomicLong total = new AtomicLong();
    run.forEachNumber((number, worker) -> total.getAndAdd(run.countAt(number, worker)));
    kernel.tell("triangles", 3, 3, run.positions.nodes());
    return total.get();
  }

  /// Gives each node its local clustering coefficient, 0 for one with fewer than two neighbours: of
  /// the ordered pairs of its neighbours, those with a relationship from the first to the second.
  /// In an undirected part each relationship goes both ways. This is the definition of LDBC
  /// Graphalytics.
  public static NodeCells clustering(Kernel kernel) {
    Triangles run = new Triangles(kernel, false);
    long closed = kernel.zeroed(kernel.newScratch(), run.positions.nodes() * 8);
    run.forEachNumber((number, worker) -> run.closeAt(number, closed, worker));
    long cells = kernel.zeroed(kernel.result(), run.positions.count() * 8);
    kernel.forEachWord((word, wanted, worker) -> run.divide(word, wanted, closed, cells));
    kernel.tell("clustering", 3, 3, run.positions.nodes());
    return kernel.finish(cells, 8);
  }

  private interface OfNumber {
    void run(int number, Worker worker);
  }

  private void forEachNumber(OfNumber work) {
    kernel
        .crew()
        .share(
            positions.nodes(),
            (long) kernel.grain() * NUMBERS_OF_WORD,
            (worker, piece, from, to) -> {
              for (long number = from; number < to; number++) {
                work.run((int) number, worker);
              }
            });
  }

  private long countAt(int number, Worker worker) {
    int words = pairs.words(number);
    int singles = pairs.count(number);
    if (words == 0 && singles < 2) {
      return 0;
    }
    long set = pairs.pairs(number);
    long marks = pairs.marks(worker);
    NumberSets.mark(set, words, singles, marks);
    long found = 0;
    for (int i = 0; i < words; i++) {
      int first = NumberSets.index(set, i) << 6;
      for (long bits = NumberSets.bits(set, i); bits != 0; bits &= bits - 1) {
        found += countMarked(first + Long.numberOfTrailingZeros(bits), marks, worker);
      }
    }
    for (int i = 0; i < singles; i++) {
      found += countMarked(NumberSets.single(set, words, i), marks, worker);
    }
    NumberSets.clear(set, words, singles, marks);
    return found;
  }

  private long countMarked(int number, long marks, Worker worker) {
    int words = pairs.words(number);
    int singles = pairs.count(number);
    worker.steps(words + singles);
    return NumberSets.countMarked(pairs.pairs(number), words, singles, marks);
  }

  /// Adds to each node of a triangle the relationships between the other two.
  private void closeAt(int number, long closed, Worker worker) {
    int count = pairs.count(number);
    if (count < 2) {
      return;
    }
    long list = pairs.pairs(number);
    long marks = pairs.marks(worker);
    long both = pairs.otherMarks(worker);
    ListMarks.markPairs(list, count, marks, both, true);
    long opposite = 0;
    long[] sums = worker.sums();
    for (int i = 0; i < count; i++) {
      int pair = Memory.getInt(list + i * 4L);
      int other = pair >>> 1;
      int others = pairs.count(other);
      sums[0] = 0;
      sums[1] = 0;
      ListMarks.addMarked(pairs.pairs(other), others, marks, both, closed, 1 + (pair & 1), sums);
      opposite += sums[0];
      ListMarks.add(closed + other * 8L, sums[1]);
      worker.steps(others);
    }
    ListMarks.add(closed + number * 8L, opposite);
    ListMarks.markPairs(list, count, marks, both, false);
  }

  private void divide(long word, long wanted, long closed, long cells) {
    for (long bits = wanted; bits != 0; bits &= bits - 1) {
      long position = (word << 6) + Long.numberOfTrailingZeros(bits);
      int number = pairs.number(position);
      double neighbours = pairs.degree(number);
      double value =
          neighbours < 2
              ? 0
              : Memory.getLong(closed + number * 8L) / (neighbours * (neighbours - 1));
      Memory.putDouble(cells + position * 8, value);
    }
  }
}
