package dev.quarry.graph.kernel;

import dev.quarry.storage.memory.ListLoops;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import dev.quarry.storage.memory.StretchLoops;
import java.util.Arrays;

/// PageRank by iterations that pull: each node adds up what the nodes before it hand on.
///
/// ```text
/// rank(v) = (1 - d) / n  +  d * ( sum of rank(u) / degree(u) over relationships u -> v
///                                 + sum of rank(w) over nodes w without any, / n )
/// ```
///
/// This is the definition of LDBC Graphalytics. All nodes of an iteration see the ranks of the one
/// before. Sums are taken in an order that does not depend on the number of threads, so the ranks
/// do not either. Memory: 32 bytes and a bit a node. After L. Page et al., "The PageRank Citation
/// Ranking", 1999.
public final class PageRank {

  private final Kernel kernel;
  private final double damping;
  private final Positions positions;
  private final Neighbours[] before;
  private final double[][] sums;
  private final boolean watched; // by how much ranks move
  private final long ranks; // unless they are watched, written by the last iteration alone
  private final long inverses; // of degrees; 0 where there is no relationship
  private final long keeping; // bits of nodes that hand nothing on
  private long shares;
  private long nextShares;
  private final long lost; // a sum for each piece of the range
  private final long moved;

  private PageRank(Kernel kernel, double damping, boolean watched) {
    this.kernel = kernel;
    this.damping = damping;
    this.watched = watched;
    this.positions = kernel.positions();
    this.before = kernel.neighbours(kernel.part().along(kernel.part().direction().reverse()));
    this.sums = new double[kernel.crew().size()][64];
    this.ranks = kernel.result().allocate(positions.count() * 8);
    Scratch work = kernel.newScratch();
    this.inverses = work.allocate(positions.count() * 8);
    this.keeping = work.allocate(positions.words() * 8);
    this.shares = work.allocate(positions.count() * 8);
    this.nextShares = work.allocate(positions.count() * 8);
    long pieces = positions.words() / kernel.grain() + 1;
    this.lost = work.allocateZeroed(pieces * 8);
    this.moved = work.allocateZeroed(pieces * 8);
  }

  /// Computes ranks, which add up to 1.
  ///
  /// @param damping 0 to 1, usually 0.85
  /// @param iterations the most, at least 1
  /// @param tolerance the iterations end once all ranks together move by less; 0 for all iterations
  public static NodeCells run(Kernel kernel, double damping, int iterations, double tolerance) {
    PageRank run = new PageRank(kernel, damping, tolerance > 0);
    run.begin();
    for (int i = 1; i <= iterations; i++) {
      double movement = run.iterate(i == iterations);
      kernel.tell("PageRank", i, iterations, run.positions.nodes());
      if (movement < tolerance) {
        break;
      }
    }
    return kernel.finish(run.ranks, 8);
  }

  /// Gives all nodes the same rank, and notes what of it they hand on.
  private void begin() {
    Neighbours[] after = kernel.neighbours(kernel.part());
    double rank = 1.0 / positions.nodes();
    kernel.shareWords(
        (worker, piece, from, to) -> {
          double kept = 0;
          for (long word = from; word < to; word++) {
            long wanted = positions.word(word);
            clearOthers(word, wanted);
            Memory.putLong(keeping + word * 8, 0);
            if (wanted != 0) {
              long[] degrees = degrees(after[worker.index()], word, wanted, worker);
              kept = shareOut(word, wanted, degrees, rank, kept);
            }
          }
          Memory.putDouble(lost + piece * 8, kept);
        });
  }

  /// Cells of positions that have no node are zeros.
  private void clearOthers(long word, long wanted) {
    if (wanted != -1) {
      for (long cells : new long[] {ranks, inverses, shares, nextShares}) {
        Memory.fill(cells + (word << 9), 64 * 8, (byte) 0);
      }
    }
  }

  private static long[] degrees(Neighbours after, long word, long wanted, Worker worker) {
    worker.steps(after.beginWord(word, wanted));
    long[] degrees = worker.lengths();
    Arrays.fill(degrees, 0);
    while (after.nextLists()) {
      after.addLengths(degrees);
    }
    return degrees;
  }

  /// Gives the nodes of a word their first rank.
  ///
  /// @return the sum of `kept` and the ranks of those that hand nothing on
  private double shareOut(long word, long wanted, long[] degrees, double rank, double kept) {
    double sum = kept;
    long keepers = 0;
    for (long bits = wanted; bits != 0; bits &= bits - 1) {
      int bit = Long.numberOfTrailingZeros(bits);
      long at = ((word << 6) + bit) * 8;
      double inverse = degrees[bit] == 0 ? 0 : 1.0 / degrees[bit];
      Memory.putDouble(inverses + at, inverse);
      Memory.putDouble(shares + at, rank * inverse);
      if (watched) {
        Memory.putDouble(ranks + at, rank);
      }
      sum += inverse == 0 ? rank : 0;
      keepers |= (inverse == 0 ? 1L : 0) << bit;
    }
    Memory.putLong(keeping + word * 8, keepers);
    return sum;
  }

  /// Returns by how much all ranks together moved, if that is watched.
  private double iterate(boolean last) {
    double everyone = (1 - damping + damping * total(lost)) / positions.nodes();
    kernel.shareWords(
        (worker, piece, from, to) -> {
          double[] rank = sums[worker.index()];
          double kept = 0;
          double change = 0;
          for (long word = from; word < to; word++) {
            long wanted = positions.word(word);
            if (wanted != 0) {
              pull(before[worker.index()], word, wanted, rank, worker);
              kept = settle(word, everyone, rank, kept);
              change = watched ? watch(word, wanted, rank, change) : 0;
              if (watched || last) {
                note(word, wanted, rank);
              }
            }
          }
          Memory.putDouble(lost + piece * 8, kept);
          Memory.putDouble(moved + piece * 8, change);
        });
    long swap = shares;
    shares = nextShares;
    nextShares = swap;
    return total(moved);
  }

  /// Makes new ranks of what was handed on to the nodes of a word.
  ///
  /// @return the sum of `kept` and the ranks of those that hand nothing on
  private double settle(long word, double everyone, double[] ranks, double kept) {
    for (int i = 0; i < ranks.length; i++) {
      ranks[i] = everyone + damping * ranks[i];
    }
    ListLoops.multiply(inverses + (word << 9), ranks, nextShares + (word << 9));
    double sum = kept;
    for (long bits = Memory.getLong(keeping + word * 8); bits != 0; bits &= bits - 1) {
      sum += ranks[Long.numberOfTrailingZeros(bits)];
    }
    return sum;
  }

  /// Returns the sum of `change` and of what the ranks of a word move by.
  private double watch(long word, long wanted, double[] rank, double change) {
    double sum = change;
    for (long bits = wanted; bits != 0; bits &= bits - 1) {
      int bit = Long.numberOfTrailingZeros(bits);
      sum += Math.abs(rank[bit] - Memory.getDouble(ranks + ((word << 6) + bit) * 8));
    }
    return sum;
  }

  private void note(long word, long wanted, double[] rank) {
    for (long bits = wanted; bits != 0; bits &= bits - 1) {
      int bit = Long.numberOfTrailingZeros(bits);
      Memory.putDouble(ranks + ((word << 6) + bit) * 8, rank[bit]);
    }
  }

  /// Adds up what is handed on to the nodes of a word.
  private void pull(Neighbours from, long word, long wanted, double[] sum, Worker worker) {
    long done = from.beginWord(word, wanted);
    Arrays.fill(sum, 0);
    while (from.nextLists()) {
      long cells = shares + from.base() * 8;
      long together = from.together();
      if (together != 0) {
        StretchLoops.addSums(from.stretch(), together, from.limit(), cells, sum);
        done += from.stretch().total();
      }
      for (long bits = wanted & ~together; bits != 0; bits &= bits - 1) {
        sum[Long.numberOfTrailingZeros(bits)] += sum(from, Long.lowestOneBit(bits), worker);
      }
    }
    worker.steps(done);
  }

  /// What is handed on to one node.
  private double sum(Neighbours from, long node, Worker worker) {
    double sum = 0;
    from.openBit(node);
    while (from.next()) {
      long cells = shares + from.base() * 8;
      sum += ListLoops.sum(from.address(), from.count(), from.limit(), cells);
      worker.steps(from.count());
    }
    return sum;
  }

  private double total(long pieces) {
    double total = 0;
    for (long piece = 0; piece * kernel.grain() < positions.words(); piece++) {
      total += Memory.getDouble(pieces + piece * 8);
    }
    return total;
  }
}
