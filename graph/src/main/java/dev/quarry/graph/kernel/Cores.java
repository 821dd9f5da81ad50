package dev.quarry.graph.kernel;

import dev.quarry.graph.Direction;
import dev.quarry.storage.memory.ListMarks;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;

/// Core numbers: the greatest k such that a node belongs to a part of the graph in which all have k
/// neighbours or more. Direction, parallels and self-loops do not count. Nodes are taken away in
/// the order of the neighbours they have left, kept sorted by swapping. After V. Batagelj and M.
/// Zaveršnik, "An O(m) Algorithm for Cores Decomposition of Networks", 2003. One thread.
///
/// ```text
/// order   ┌───────────────┬───────────┬───────────┬─ ─ ┐   nodes by what they have left
///         │ taken away    │ 2 left    │ 3 left    │    │
///         └───────────────┴───────────┴───────────┴─ ─ ┘
/// starts                  ▲ [2]       ▲ [3]
/// ```
///
/// Memory: 20 bytes a node.
public final class Cores {
  private static final int FIRST_ROOM = 1 << 12;

  private final Kernel kernel;
  private final Positions positions;
  private final Neighbours walk;
  private final Worker worker;
  private final Scratch work;
  private final long left; // neighbours that a node has left; at the end its core number
  private final long seen; // who met a node last
  private final long order;
  private final long places; // where a node is in the order
  private final long starts;
  private long found; // address of the neighbours of one node
  private long room = FIRST_ROOM;

  private Cores(Kernel kernel) {
    this.kernel = kernel;
    this.positions = kernel.positions();
    this.walk = kernel.neighbours(kernel.part().along(Direction.BOTH))[0];
    this.worker = kernel.crew().caller();
    this.work = kernel.newScratch();
    this.left = kernel.zeroed(kernel.result(), positions.count() * 4);
    this.seen = work.allocate(positions.count() * 4);
    this.order = work.allocate(positions.nodes() * 4);
    this.places = work.allocate(positions.count() * 4);
    this.starts = kernel.zeroed(work, (positions.nodes() + 2) * 4);
    this.found = work.allocate(room * 4);
  }

  /// Gives each node its core number.
  public static NodeCells run(Kernel kernel) {
    Cores run = new Cores(kernel);
    run.countNeighbours();
    run.sort();
    kernel.tell("neighbours counted", 1, 2, run.positions.nodes());
    run.peel();
    kernel.tell("nodes taken away", 2, 2, run.positions.nodes());
    return kernel.finish(run.left, 4);
  }

  private void countNeighbours() {
    kernel.fill(seen, positions.count() * 4, (byte) -1);
    for (long at = next(0); at >= 0; at = next(at + 1)) {
      int count = distinct(at);
      Memory.putInt(left + at * 4, count);
      Memory.putInt(starts + (count + 1L) * 4, Memory.getInt(starts + (count + 1L) * 4) + 1);
    }
  }

  /// Sorts the nodes by what they have, by counting.
  private void sort() {
    for (long i = 1; i <= positions.nodes(); i++) {
      int before = Memory.getInt(starts + (i - 1) * 4);
      Memory.putInt(starts + i * 4, Memory.getInt(starts + i * 4) + before);
      worker.steps(1);
    }
    for (long at = next(0); at >= 0; at = next(at + 1)) {
      long start = starts + Memory.getInt(left + at * 4) * 4L;
      put(at, Memory.getInt(start));
      Memory.putInt(start, Memory.getInt(start) + 1);
      worker.steps(1);
    }
    for (long i = positions.nodes(); i > 0; i--) { // each start moved to the one after it
      Memory.putInt(starts + i * 4, Memory.getInt(starts + (i - 1) * 4));
      worker.steps(1);
    }
    Memory.putInt(starts, 0);
  }

  private void peel() {
    kernel.fill(seen, positions.count() * 4, (byte) -1);
    for (long i = 0; i < positions.nodes(); i++) {
      int node = Memory.getInt(order + i * 4);
      int core = Memory.getInt(left + node * 4L);
      int count = distinct(node);
      for (int k = 0; k < count; k++) {
        int neighbour = Memory.getInt(found + k * 4L);
        if (Memory.getInt(left + neighbour * 4L) > core) {
          takeOne(neighbour);
        }
      }
    }
  }

  /// A node has one neighbour less: it swaps places with the first of those that had as many.
  private void takeOne(int node) {
    int had = Memory.getInt(left + node * 4L);
    int start = Memory.getInt(starts + had * 4L);
    int first = Memory.getInt(order + start * 4L);
    if (first != node) {
      int place = Memory.getInt(places + node * 4L);
      put(first, place);
      put(node, start);
    }
    Memory.putInt(starts + had * 4L, start + 1);
    Memory.putInt(left + node * 4L, had - 1);
  }

  private void put(long node, int place) {
    Memory.putInt(order + place * 4L, (int) node);
    Memory.putInt(places + node * 4, place);
  }

  /// Finds the neighbours of a node, each once and without itself.
  private int distinct(long node) {
    Memory.putInt(seen + node * 4, (int) node);
    int count = 0;
    walk.beginOne(node);
    while (walk.nextLists()) {
      walk.open(0);
      while (walk.next()) {
        makeRoom(count, walk.count());
        count +=
            ListMarks.distinct(
                walk.address(),
                walk.count(),
                walk.limit(),
                seen + walk.base() * 4,
                (int) node,
                (int) walk.base(),
                found + count * 4L);
        worker.steps(walk.count());
      }
    }
    worker.steps(1);
    return count;
  }

  private void makeRoom(int count, int more) {
    if (count + (long) more > room) {
      room = Math.max(2 * room, count + (long) more);
      long larger = work.allocate(room * 4);
      Memory.copy(found, larger, count * 4L);
      found = larger;
    }
  }

  private long next(long from) {
    return positions.next(from);
  }
}
