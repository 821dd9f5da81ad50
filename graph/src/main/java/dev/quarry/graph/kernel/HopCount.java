package dev.quarry.graph.kernel;

import dev.quarry.storage.memory.ListMarks;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;

/// How many nodes are within some hops of one: level by level, a bit for each node that was met.
/// The nodes of the last level are counted and not kept. One thread.
///
/// Memory: a bit a node, and 4 bytes for each node before the last level, at most twice as much.
public final class HopCount {
  private static final int FIRST_QUEUE = 1 << 14;

  private final Kernel kernel;
  private final Neighbours walk;
  private final Scratch work;
  private final long met;
  private long queue;
  private long room = FIRST_QUEUE;
  private long queued;

  private HopCount(Kernel kernel) {
    this.kernel = kernel;
    this.walk = kernel.neighbours(kernel.part())[0];
    this.work = kernel.newScratch();
    this.met = kernel.zeroed(work, kernel.positions().words() * 8);
    this.queue = work.allocate(room * 4);
  }

  /// Counts the nodes at the ends of paths of 1 to `hops` relationships from a source, the source
  /// left out.
  ///
  /// @param source a position
  public static long run(Kernel kernel, long source, int hops) {
    HopCount run = new HopCount(kernel);
    Memory.putLong(run.met + (source >>> 6) * 8, 1L << source);
    Memory.putInt(run.queue, (int) source);
    run.queued = 1;
    long start = 0;
    long count = 0;
    for (int hop = 1; hop <= hops && start < run.queued; hop++) {
      long end = run.queued;
      long found = run.expand(start, end, hop == hops);
      count += found;
      start = end;
      kernel.tell("hops", hop, hops, count);
    }
    return count;
  }

  private long expand(long start, long end, boolean last) {
    Worker worker = kernel.crew().caller();
    long found = 0;
    for (long at = start; at < end; ) {
      int count = walk.beginQueue(queue + at * 4, end - at);
      while (walk.nextLists()) {
        for (int i = 0; i < count; i++) {
          walk.open(i);
          while (walk.next()) {
            found += last ? mark() : note();
            worker.steps(walk.count());
          }
        }
      }
      worker.steps(count);
      at += count;
    }
    return found;
  }

  private int mark() {
    long bits = met + (walk.base() >>> 3);
    return ListMarks.mark(walk.address(), walk.count(), walk.limit(), bits);
  }

  private int note() {
    makeRoom(walk.count());
    int noted =
        ListMarks.markAndNote(
            walk.address(),
            walk.count(),
            walk.limit(),
            met + (walk.base() >>> 3),
            (int) walk.base(),
            queue + queued * 4);
    queued += noted;
    return noted;
  }

  private void makeRoom(int more) {
    if (queued + more > room) {
      room = Math.max(2 * room, queued + more);
      long larger = work.allocate(room * 4);
      Memory.copy(queue, larger, queued * 4);
      queue = larger;
    }
  }
}
