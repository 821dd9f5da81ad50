package dev.quarry.graph.kernel;

import dev.quarry.graph.Direction;
import dev.quarry.storage.memory.ListMarks;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import java.util.concurrent.atomic.AtomicBoolean;

/// Community detection by label propagation: in each iteration every node takes the label that most
/// of its neighbours have, the least of several; labels are positions, each node's own at first. A
/// neighbour counts once for each relationship, in whichever direction. All nodes of an iteration
/// see the labels of the one before, so the answer is the same each time. This is the definition of
/// LDBC Graphalytics, after U. N. Raghavan et al., 2007.
///
/// Memory: 8 bytes a node, and 4 more for each thread.
public final class LabelPropagation {
  private final Kernel kernel;
  private final Positions positions;
  private final Neighbours[] neighbours;
  private final long[] votes;
  private long labels;
  private long nextLabels;

  private LabelPropagation(Kernel kernel) {
    this.kernel = kernel;
    this.positions = kernel.positions();
    this.neighbours = kernel.neighbours(kernel.part().along(Direction.BOTH));
    // both in the result, as nobody knows which is the last
    this.labels = kernel.result().allocate(positions.count() * 4);
    this.nextLabels = kernel.result().allocate(positions.count() * 4);
    Scratch work = kernel.newScratch();
    this.votes = new long[kernel.crew().size()];
    for (int i = 0; i < votes.length; i++) {
      votes[i] = kernel.zeroed(work, positions.count() * 4);
    }
  }

  /// Gives each node the position that names its community.
  ///
  /// @param iterations the most; it ends earlier once no label changes
  public static NodeCells run(Kernel kernel, int iterations) {
    LabelPropagation run = new LabelPropagation(kernel);
    kernel.ascend(run.labels, run.positions.count());
    for (int i = 1; i <= iterations; i++) {
      boolean changed = run.iterate();
      kernel.tell("label propagation", i, iterations, run.positions.nodes());
      if (!changed) {
        break;
      }
    }
    return kernel.finish(run.labels, 4);
  }

  private boolean iterate() {
    AtomicBoolean changed = new AtomicBoolean();
    kernel.forEachWord(
        (word, wanted, worker) -> {
          if (relabel(word, wanted, worker)) {
            changed.set(true);
          }
        });
    long swap = labels;
    labels = nextLabels;
    nextLabels = swap;
    return changed.get();
  }

  /// Node by node, since a node's votes are counted over all of its lists.
  private boolean relabel(long word, long wanted, Worker worker) {
    boolean changed = false;
    for (long bits = wanted; bits != 0; bits &= bits - 1) {
      long position = (word << 6) + Long.numberOfTrailingZeros(bits);
      int before = Memory.getInt(labels + position * 4);
      int after = winner(position, before, worker);
      Memory.putInt(nextLabels + position * 4, after);
      changed |= before != after;
    }
    return changed;
  }

  private int winner(long position, int before, Worker worker) {
    Neighbours walk = neighbours[worker.index()];
    long ballot = votes[worker.index()];
    long best = 0;
    walk.beginOne(position);
    while (walk.nextLists()) {
      walk.open(0);
      while (walk.next()) {
        long cells = labels + walk.base() * 4;
        best = ListMarks.vote(walk.address(), walk.count(), walk.limit(), cells, ballot, best);
        worker.steps(walk.count());
      }
    }
    if (best == 0) {
      return before;
    }
    walk.beginOne(position);
    while (walk.nextLists()) {
      walk.open(0);
      while (walk.next()) {
        long cells = labels + walk.base() * 4;
        ListMarks.unvote(walk.address(), walk.count(), walk.limit(), cells, ballot);
      }
    }
    return (int) best;
  }
}
