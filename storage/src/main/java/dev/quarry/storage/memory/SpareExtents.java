package dev.quarry.storage.memory;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;

/// Foreign extents that were given back and are kept for the next store of this process, so that a
/// tool can open thousands of stores a second: to allocate one and to close its arena costs more
/// than all else in opening a small store.
///
/// All are kept with `-Dquarry.spareExtents=true`, none without. Threads: any.
final class SpareExtents {
  static final boolean KEPT = Boolean.getBoolean("quarry.spareExtents");

  private static final ArrayDeque<MemorySegment> spare = new ArrayDeque<>();

  private SpareExtents() {}

  /// An extent of the usual size. Its bytes may be anything.
  static synchronized Extent take() {
    MemorySegment segment = spare.pollLast();
    MemorySegment taken = segment != null ? segment : Arena.global().allocate(Extent.BYTES, 4096);
    return new Extent(Ranges.register(taken, true), Extent.BYTES, () -> give(taken));
  }

  private static synchronized void give(MemorySegment segment) {
    spare.addLast(segment);
  }
}
