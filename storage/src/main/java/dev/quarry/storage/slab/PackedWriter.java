package dev.quarry.storage.slab;

import dev.quarry.storage.memory.PackedInts;

/// Adds lists to the end of a packed run, entry by entry; see [Packed]. Used by the writer's
/// thread.
final class PackedWriter {
  private final RunAppender run;
  private final int[] block = new int[Packed.BLOCK];
  private int filled;
  private long left;

  PackedWriter(RunAppender run) {
    this.run = run;
  }

  /// Begins a list.
  ///
  /// @param count of the entries that follow
  void begin(long count) {
    assert left == 0 : left + " entries are missing";
    left = count;
    Packed.putCount(run.room(Packed.countBytes(count)), count);
  }

  /// Adds an entry, not below the one before.
  void add(int entry) {
    assert left > 0 : "more entries than were announced";
    assert filled == 0 || Integer.compareUnsigned(block[filled - 1], entry) <= 0 : entry;
    block[filled++] = entry;
    left--;
    if (filled == Packed.BLOCK || left == 0) {
      int bits = PackedInts.bits(block, filled);
      long at = run.room(Packed.blockBytes(block[0], filled, bits));
      Packed.putBlock(at, block, filled, bits);
      filled = 0;
    }
  }
}
