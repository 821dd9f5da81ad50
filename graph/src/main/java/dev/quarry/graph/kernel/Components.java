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
/// Where many-related nodes have low positions, as they have where nodes were numbered as their
/// relationships were met, one neighbour of each node is enough, and its set need not be looked up:
///
/// ```text
/// node       0   1   2   3   4   5
/// neighbour  3   4   0   0   1   2        the first in its lists
/// cell       0   1   0   0   1   2        hooked to it if it is less: so nodes hang from few roots
/// ```
///
/// Whether it is so is found by following the hooks of some nodes, before they are made.
///
/// A component is named by the least position in it, so the answer does not depend on the number of
/// threads, or on what was sampled. Memory: 4 bytes a node.
public final class Components {
  private static final int SAMPLED_NEIGHBOURS = 2;
  private static final int SAMPLED_NODES = 1024;
  private static final int FOLLOWED_NODES = 64;
  private static final int FOLLOWED_HOOKS = 64; // of a node; chains are longer where hubs come late

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
    boolean hooks = run.hooksLeadTogether();
    if (hooks) {
      run.hook();
    } else {
      kernel.ascend(run.sets, run.positions.count());
      run.sample();
    }
    run.flatten();
    kernel.tell("sampled relationships", 1, 2, run.positions.nodes());
    run.joinOthers(run.largest(), hooks);
    run.flatten();
    kernel.tell("all relationships", 2, 2, run.positions.nodes());
    return kernel.finish(run.sets, 4);
  }

  /// Whether hooks lead most nodes to the same root, by some of them.
  private boolean hooksLeadTogether() {
    SplittableRandom random = new SplittableRandom(2);
    int[] roots = new int[FOLLOWED_NODES];
    int followed = positions.count() == 0 ? 0 : FOLLOWED_NODES;
    for (int i = 0; i < followed; i++) {
      roots[i] = followHooks((int) random.nextLong(positions.count()));
      if (roots[i] < 0) {
        return false;
      }
    }
    int most = mostFrequent(roots);
    return Arrays.stream(roots).filter(root -> root == most).count() > FOLLOWED_NODES * 3 / 4;
  }

  /// Where the hooks of a node lead; -1 if that is too far away.
  private int followHooks(int position) {
    int at = position;
    int next = positions.isPresent(position) ? hookOf(position) : position;
    for (int hooks = 0; next != at; hooks++) {
      if (hooks == FOLLOWED_HOOKS) {
        return -1;
      }
      at = next;
      next = hookOf(at);
    }
    return at;
  }

  /// The first neighbour in one of a node's lists that is less; the node itself, if none is.
  private int hookOf(int position) {
    Neighbours walk = neighbours[kernel.crew().caller().index()];
    walk.beginOne(position);
    while (walk.nextLists()) {
      walk.open(0);
      int other = firstIfLess(walk, position);
      if (other != position) {
        return other;
      }
    }
    return position;
  }

  /// The first neighbour in the list that was opened, if that is less; else the node itself.
  private static int firstIfLess(Neighbours walk, int position) {
    return walk.next()
        ? Math.min(position, ListLoops.first(walk.address(), walk.limit(), (int) walk.base()))
        : position;
  }

  /// Lets each node name the first neighbour in one of its lists that is less, and others
  /// themselves. A cell is written by one thread, and no other is read.
  private void hook() {
    kernel.shareWords(
        (worker, piece, from, to) -> {
          for (long word = from; word < to; word++) {
            ListLoops.ascend(sets + (word << 8), 64, (int) (word << 6));
            hook(word, positions.word(word), worker);
          }
        });
  }

  private void hook(long word, long wanted, Worker worker) {
    if (wanted == 0) {
      return;
    }
    Neighbours walk = neighbours[worker.index()];
    int count = walk.beginWord(word, wanted);
    long roots = wanted;
    while (roots != 0 && walk.nextLists()) {
      long together = roots & walk.togetherWithLoops();
      if (together != 0) {
        int base = (int) walk.base();
        int member = (int) (word << 6);
        Stretch stretch = walk.stretch();
        roots &= ~StretchLoops.hook(stretch, together, walk.limit(), base, sets, member);
      }
      for (long bits = roots & ~walk.togetherWithLoops(); bits != 0; bits &= bits - 1) {
        long node = Long.lowestOneBit(bits);
        walk.openBit(node);
        int position = (int) (word << 6) + Long.numberOfTrailingZeros(bits);
        int hook = firstIfLess(walk, position);
        Memory.putInt(sets + position * 4L, hook);
        roots &= hook == position ? -1 : ~node;
      }
    }
    worker.steps(count);
  }

  /// Joins each node with some of its neighbours.
  private void sample() {
    kernel.forEachWord((word, wanted, worker) -> joinSome(word, wanted, worker));
  }

  /// Joins each node outside the largest set with all neighbours.
  ///
  /// @param some whether to join it with some of them first, and to go on only if it is outside
  ///   still: a relationship between two nodes of the largest set joins nothing, and any other is
  ///   met at the end that stays outside
  private void joinOthers(int largest, boolean some) {
    kernel.forEachWord(
        (word, wanted, worker) -> {
          long outside = wanted & ~ListLoops.equal(sets + (word << 8), largest);
          if (outside != 0 && some) {
            joinSome(word, outside, worker);
            ListLoops.flatten(sets, word << 6, 64);
            outside &= ~ListLoops.equal(sets + (word << 8), largest);
          }
          if (outside != 0) {
            joinAll(word, outside, worker);
          }
        });
  }

  private void joinSome(long word, long wanted, Worker worker) {
    Neighbours walk = neighbours[worker.index()];
    int count = walk.beginWord(word, wanted);
    if (walk.nextLists()) {
      join(walk, word, wanted, SAMPLED_NEIGHBOURS, worker);
    }
    worker.steps(count);
  }

  private void joinAll(long word, long wanted, Worker worker) {
    Neighbours walk = neighbours[worker.index()];
    int count = walk.beginWord(word, wanted);
    while (walk.nextLists()) {
      join(walk, word, wanted, Integer.MAX_VALUE, worker);
    }
    worker.steps(count);
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
    kernel.shareWords(
        (worker, piece, from, to) -> {
          ListLoops.flatten(sets, from << 6, (int) (to - from << 6));
          worker.steps(to - from << 6);
        });
  }

  /// The root that most of some sampled nodes have.
  private int largest() {
    SplittableRandom random = new SplittableRandom(1);
    int[] roots = new int[SAMPLED_NODES];
    int found = positions.count() == 0 ? 0 : SAMPLED_NODES;
    for (int i = 0; i < found; i++) {
      roots[i] = Memory.getInt(sets + random.nextLong(positions.count()) * 4);
    }
    return mostFrequent(roots);
  }

  /// @param roots are sorted
  private static int mostFrequent(int[] roots) {
    Arrays.sort(roots);
    int best = 0;
    int bestVotes = 0;
    for (int i = 0, votes = 0; i < roots.length; i++) {
      votes = i > 0 && roots[i] == roots[i - 1] ? votes + 1 : 1;
      if (votes > bestVotes) {
        bestVotes = votes;
        best = roots[i];
      }
    }
    return best;
  }
}
