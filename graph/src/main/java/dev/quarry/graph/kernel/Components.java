package dev.quarry.graph.kernel;

import dev.quarry.graph.Direction;
import dev.quarry.storage.memory.ListLoops;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Stretch;
import dev.quarry.storage.memory.StretchLoops;
import java.util.Arrays;
import java.util.SplittableRandom;

/// Weakly connected components, by sampling: two neighbours of each node first, then the largest
/// component so far is known well enough to pass over its nodes. After M. Sutton et al.,
/// "Optimizing Parallel Graph Connectivity Computation via Subgraph Sampling" (Afforest), 2018.
///
/// A component is named by the least position in it, so the answer does not depend on the number of
/// threads, or on what was sampled. Memory: 4 bytes a node.
public final class Components {
  private static final int SAMPLED_NEIGHBOURS = 2;
  private static final int SAMPLED_NODES = 1024;

  private final Kernel kernel;
  private final Positions positions;
  private final Neighbours[] neighbours;
  private final boolean shared;
  private final long sets;

  private Components(Kernel kernel) {
    this.kernel = kernel;
    this.positions = kernel.positions();
    this.neighbours = kernel.neighbours(kernel.part().along(Direction.BOTH));
    this.shared = kernel.crew().size() > 1;
    this.sets = kernel.result().allocate(positions.count() * 4);
  }

  /// Gives each node the position of the least node of its component.
  public static NodeCells run(Kernel kernel) {
    Components run = new Components(kernel);
    kernel.ascend(run.sets, run.positions.count());
    run.sample();
    run.flatten();
    kernel.tell("sampled relationships", 1, 2, run.positions.nodes());
    run.joinOthers(run.largest());
    run.flatten();
    kernel.tell("all relationships", 2, 2, run.positions.nodes());
    return kernel.finish(run.sets, 4);
  }

  /// Joins each node with some of its neighbours.
  private void sample() {
    kernel.forEachWord(
        (word, wanted, worker) -> {
          Neighbours walk = neighbours[worker.index()];
          int count = walk.beginWord(word, wanted);
          if (walk.nextLists()) {
            join(walk, word, wanted, SAMPLED_NEIGHBOURS, worker);
          }
          worker.steps(count);
        });
  }

  private void joinOthers(int largest) {
    kernel.forEachWord(
        (word, wanted, worker) -> {
          Neighbours walk = neighbours[worker.index()];
          long outside = wanted & ~ListLoops.equal(sets + (word << 8), largest);
          if (outside != 0) {
            int count = walk.beginWord(word, outside);
            while (walk.nextLists()) {
              join(walk, word, outside, Integer.MAX_VALUE, worker);
            }
            worker.steps(count);
          }
        });
  }

  /// Joins the nodes of a word with the first neighbours in the lists that are shown.
  ///
  /// @param most of each list
  private void join(Neighbours walk, long word, long wanted, int most, Worker worker) {
    long together = walk.togetherWithLoops();
    if (together != 0) {
      int base = (int) walk.base();
      int member = (int) (word << 6);
      Stretch stretch = walk.stretch();
      StretchLoops.linkAll(stretch, together, most, walk.limit(), base, sets, member, shared);
      worker.steps(stretch.total());
    }
    for (long bits = wanted & ~together; bits != 0; bits &= bits - 1) {
      int member = (int) (word << 6) + Long.numberOfTrailingZeros(bits);
      walk.openBit(Long.lowestOneBit(bits));
      int left = most;
      while (left > 0 && walk.next()) {
        joinPiece(walk, member, Math.min(left, walk.count()));
        left -= walk.count();
        worker.steps(walk.count());
      }
    }
  }

  private void joinPiece(Neighbours walk, int member, int count) {
    ListLoops.linkAll(walk.address(), count, walk.limit(), (int) walk.base(), sets, member, shared);
  }

  private void flatten() {
    kernel
        .crew()
        .share(
            positions.words(),
            kernel.grain(),
            (worker, piece, from, to) -> {
              ListLoops.flatten(sets, from << 6, (int) (to - from << 6));
              worker.steps(to - from << 6);
            });
  }

  /// The root that most of some sampled nodes have.
  private int largest() {
    SplittableRandom random = new SplittableRandom(1);
    int best = 0;
    int bestVotes = 0;
    int[] roots = new int[SAMPLED_NODES];
    int found = positions.count() == 0 ? 0 : SAMPLED_NODES;
    for (int i = 0; i < found; i++) {
      roots[i] = Memory.getInt(sets + random.nextLong(positions.count()) * 4);
    }
    Arrays.sort(roots, 0, found);
    for (int i = 0, votes = 0; i < found; i++) {
      votes = i > 0 && roots[i] == roots[i - 1] ? votes + 1 : 1;
      if (votes > bestVotes) {
        bestVotes = votes;
        best = roots[i];
      }
    }
    return best;
  }
}
