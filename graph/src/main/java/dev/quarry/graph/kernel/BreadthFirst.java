package dev.quarry.graph.kernel;

import dev.quarry.graph.Direction;
import dev.quarry.storage.memory.ListLoops;
import dev.quarry.storage.memory.ListMarks;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import dev.quarry.storage.memory.Stretch;
import dev.quarry.storage.memory.StretchLoops;
import java.util.concurrent.atomic.AtomicLong;

/// Breadth-first search that changes its direction: while the frontier is small it goes from its
/// nodes to their neighbours; while it is large, from each node that was not reached to a neighbour
/// in the frontier, and stops at the first. After S. Beamer et al., "Direction-Optimizing
/// Breadth-First Search", 2012, with the thresholds of the GAP benchmark.
///
/// ```text
/// queue     ┌───────────────┬──────────────┬─ ─ ─ ┐    each node once
///           │ older levels  │ the frontier │ next │
///           └───────────────┴──────────────┴─ ─ ─ ┘
/// frontier  a bit for each position, instead of the queue, while it is large
/// ```
///
/// Memory: 8 bytes and 3 bits a node, and 64 KiB a thread.
public final class BreadthFirst {
  /// The depth of a node that was not reached.
  public static final int UNREACHED = -1;

  private static final int ALPHA = 15;
  private static final int BETA = 18;
  private static final int FOUND = 1 << 14;

  private final Kernel kernel;
  private final long queueGrain;
  private final Positions positions;
  private final Neighbours[] ahead;
  private final Neighbours[] back;
  private final long[] found; // address of what a thread found, not in the queue yet
  private final int[] foundCount;
  private final long depths;
  private final long queue;
  private final AtomicLong queued = new AtomicLong();
  private final AtomicLong counted = new AtomicLong();
  private long reached; // bits, also of nodes that nothing leads to
  private long frontier; // bits
  private long nextFrontier; // bits
  private long marked; // how much of the queue has its bits in reached
  private long unlooked; // relationships, by estimate, of nodes that were not in a frontier

  private BreadthFirst(Kernel kernel) {
    this.kernel = kernel;
    this.queueGrain = kernel.grain() * 8L;
    this.positions = kernel.positions();
    Direction direction = kernel.part().direction();
    this.ahead = kernel.neighbours(kernel.part());
    this.back =
        direction == Direction.BOTH
            ? ahead
            : kernel.neighbours(kernel.part().along(direction.reverse()));
    this.depths = kernel.result().allocate(positions.count() * 4);
    Scratch work = kernel.newScratch();
    this.queue = work.allocate(positions.nodes() * 4);
    this.reached = kernel.zeroed(work, positions.words() * 8);
    this.frontier = work.allocate(positions.words() * 8);
    this.nextFrontier = work.allocate(positions.words() * 8);
    this.found = new long[kernel.crew().size()];
    this.foundCount = new int[found.length];
    for (int i = 0; i < found.length; i++) {
      found[i] = kernel.crew().worker(i).scratch().allocate(FOUND * 4L);
    }
  }

  /// Gives each node the number of relationships on a shortest path from a source to it,
  /// [#UNREACHED] where there is none.
  ///
  /// @param source a position
  /// @param most depth; nodes that are farther away count as not reached
  public static NodeCells run(Kernel kernel, long source, int most) {
    BreadthFirst run = new BreadthFirst(kernel);
    kernel.fill(run.depths, run.positions.count() * 4, (byte) -1);
    run.search(source, most);
    return kernel.finish(run.depths, 4);
  }

  private void search(long source, int most) {
    unlooked = relationships();
    Memory.putInt(depths + source * 4, 0);
    Memory.putInt(queue, (int) source);
    queued.set(1);
    long start = 0;
    int depth = 0;
    while (start < queued.get() && depth < most) {
      long end = queued.get();
      if (isLarge(start, end)) {
        markQueued(start, end);
        depth = upwards(depth, end - start, most);
        start = queued.get();
        refillQueue(depth);
        marked = queued.get();
      } else {
        depth++;
        downwards(start, end, depth);
        start = end;
      }
      kernel.tell("breadth-first search", depth, 0, queued.get());
    }
  }

  /// How many relationships the graph has to go along, those of nodes that do not count included.
  private long relationships() {
    long count = 0;
    for (int type = 0; type < kernel.reading().catalog().types().size(); type++) {
      boolean counts = kernel.part().types() == null || kernel.part().types().contains(type);
      count += counts ? kernel.reading().counts().relationships(type) : 0;
    }
    return kernel.part().direction() == Direction.BOTH ? 2 * count : count;
  }

  /// Whether the frontier has so many relationships that it is better looked for from the others.
  private boolean isLarge(long start, long end) {
    long nodes = end - start;
    if (nodes < kernel.grain()) {
      return false;
    }
    if (nodes > positions.nodes() / BETA) {
      return true;
    }
    long ofFrontier = relationshipsOf(start, end);
    boolean large = ofFrontier > unlooked / ALPHA;
    unlooked -= ofFrontier;
    return large;
  }

  private long relationshipsOf(long start, long end) {
    counted.set(0);
    kernel
        .crew()
        .share(
            end - start,
            queueGrain,
            (worker, piece, from, to) -> {
              Neighbours walk = ahead[worker.index()];
              long sum = 0;
              for (long at = start + from; at < start + to; ) {
                int count = walk.beginQueue(queue + at * 4, start + to - at);
                while (walk.nextLists()) {
                  for (int i = 0; i < count; i++) {
                    sum += walk.length(i);
                  }
                }
                at += count;
              }
              counted.addAndGet(sum);
            });
    return counted.get();
  }

  /// From the nodes of the frontier to their neighbours.
  private void downwards(long start, long end, int depth) {
    boolean shared = kernel.crew().size() > 1 && end - start > queueGrain;
    kernel
        .crew()
        .share(
            end - start,
            queueGrain,
            (worker, piece, from, to) -> {
              for (long at = start + from; at < start + to; ) {
                at += expand(queue + at * 4, start + to - at, depth, shared, worker);
              }
              flush(worker);
            });
  }

  private int expand(long from, long most, int depth, boolean shared, Worker worker) {
    Neighbours walk = ahead[worker.index()];
    int count = walk.beginQueue(from, most);
    while (walk.nextLists()) {
      for (int i = 0; i < count; i++) {
        walk.open(i);
        while (walk.next()) {
          claim(walk, depth, shared, worker);
          worker.steps(walk.count());
        }
      }
    }
    worker.steps(count);
    return count;
  }

  private void claim(Neighbours walk, int depth, boolean shared, Worker worker) {
    int me = worker.index();
    for (int at = 0; at < walk.count(); ) {
      if (foundCount[me] == FOUND) {
        flush(worker);
      }
      int some = Math.min(walk.count() - at, FOUND - foundCount[me]);
      foundCount[me] +=
          ListLoops.claim(
              walk.address() + (long) at * 4,
              some,
              walk.limit(),
              depths + walk.base() * 4,
              depth,
              shared,
              (int) walk.base(),
              found[me] + foundCount[me] * 4L);
      at += some;
    }
  }

  private void flush(Worker worker) {
    int me = worker.index();
    if (foundCount[me] > 0) {
      long at = queued.getAndAdd(foundCount[me]);
      Memory.copy(found[me], queue + at * 4, foundCount[me] * 4L);
      foundCount[me] = 0;
    }
  }

  /// From nodes that were not reached to a neighbour in the frontier, level by level as long as the
  /// frontier grows or is large.
  ///
  /// @return the depth of the last frontier
  private int upwards(int first, long nodes, int most) {
    int depth = first;
    long before;
    long now = nodes;
    do {
      before = now;
      depth++;
      now = climb(depth);
      long swap = frontier;
      frontier = nextFrontier;
      nextFrontier = swap;
    } while (depth < most && now > 0 && (now >= before || now > positions.nodes() / BETA));
    return depth;
  }

  /// Sets the bits of nodes that were reached, and of those of the frontier. What was reached
  /// upwards has its bits already; all else is in the queue.
  private void markQueued(long start, long end) {
    kernel.fill(frontier, positions.words() * 8, (byte) 0);
    setBits(marked, start, reached);
    setBits(start, end, frontier);
    for (long word = 0; word < positions.words(); word++) {
      long bits = Memory.getLong(reached + word * 8) | Memory.getLong(frontier + word * 8);
      Memory.putLong(reached + word * 8, bits);
    }
  }

  private void setBits(long from, long to, long bits) {
    for (long at = from; at < to; at += FOUND) {
      long some = Math.min(FOUND, to - at);
      ListMarks.mark(queue + at * 4, (int) some, positions.count(), bits);
      kernel.crew().caller().steps(some);
    }
  }

  /// Returns how many nodes were reached.
  private long climb(int depth) {
    counted.set(0);
    kernel.shareWords(
        (worker, piece, from, to) -> {
          long reachedNow = 0;
          for (long word = from; word < to; word++) {
            long left = positions.word(word) & ~Memory.getLong(reached + word * 8);
            long bits = left == 0 ? 0 : reachable(word, left, worker);
            Memory.putLong(nextFrontier + word * 8, bits);
            if (bits != 0) {
              reachedNow += Long.bitCount(bits);
              ListLoops.putEach(depths + (word << 8), bits, depth);
            }
          }
          counted.addAndGet(reachedNow);
        });
    return counted.get();
  }

  /// Those nodes of a word that have a neighbour in the frontier. They need not be looked at again,
  /// nor those that have no neighbour at all.
  private long reachable(long word, long left, Worker worker) {
    Neighbours walk = back[worker.index()];
    int count = walk.beginWord(word, left);
    long hits = 0;
    long lonely = left;
    while (walk.nextLists() && hits != left) {
      long together = walk.togetherWithLoops();
      lonely &= together;
      if (together != 0) {
        Stretch stretch = walk.stretch();
        long marks = frontier + (walk.base() >>> 3);
        hits |= StretchLoops.anySet(stretch, together & ~hits, walk.limit(), marks);
        lonely &= stretch.empty();
        worker.steps(stretch.total());
      }
      for (long bits = left & ~together & ~hits; bits != 0; bits &= bits - 1) {
        long node = Long.lowestOneBit(bits);
        hits |= leadsToFrontier(walk, node, worker) ? node : 0;
      }
    }
    long done = Memory.getLong(reached + word * 8) | hits | lonely;
    Memory.putLong(reached + word * 8, done);
    worker.steps(count);
    return hits;
  }

  private boolean leadsToFrontier(Neighbours walk, long node, Worker worker) {
    walk.openBit(node);
    while (walk.next()) {
      long bits = frontier + (walk.base() >>> 3);
      if (ListLoops.anySet(walk.address(), walk.count(), walk.limit(), bits)) {
        return true;
      }
      worker.steps(walk.count());
    }
    return false;
  }

  /// Puts the frontier from bits into the queue.
  private void refillQueue(int depth) {
    long at = queued.get();
    for (long word = 0; word < positions.words(); word++) {
      kernel.crew().caller().steps(64);
      for (long left = Memory.getLong(frontier + word * 8); left != 0; left &= left - 1) {
        Memory.putInt(queue + at++ * 4, (int) (word << 6) + Long.numberOfTrailingZeros(left));
      }
    }
    queued.set(at);
  }
}
