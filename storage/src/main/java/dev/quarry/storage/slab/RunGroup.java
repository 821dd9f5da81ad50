package dev.quarry.storage.slab;

import dev.quarry.storage.memory.Memory;

/// The descriptor of a group: 2^16 slots whose lists are frozen together, 32 bytes; all zeros is a
/// group without a run.
///
/// ```text
/// byte 0               8            12      13      14         16                           32
///      ┌───────────────┬────────────┬───────┬───────┬──────────┬─────────────────────────────┐
///      │ first page    │ pages      │ width │ packed│ unused   │ the same of its next run    │
///      └───────────────┴────────────┴───────┴───────┴──────────┴─────────────────────────────┘
/// ```
///
/// The pages of a run are neighbours in the space of entries. Width is the bytes of an entry.
/// Packed is 1 if its lists lie there as [Packed] says, else 0: then its ends count bytes, not
/// entries. Unused is what is left of the last page, in bytes where the run is packed, else in
/// units of 4. The next run is one that compaction is writing: only directory entries lead into it.
final class RunGroup {
  static final int SHIFT = 16;
  static final int SLOTS = 1 << SHIFT;
  static final int BYTES = 32;
  static final int PER_PAGE = 4096 / BYTES;

  /// Where a descriptor has its next run, which looks like the first half.
  static final int NEXT = 16;

  private RunGroup() {}

  static long offset(long group) {
    return group % PER_PAGE * BYTES;
  }

  static long firstPage(long at) {
    return Memory.getLong(at);
  }

  /// How many pages the run has; 0 if there is none.
  static long pages(long at) {
    return Memory.getInt(at + 8) & 0xFFFFFFFFL;
  }

  static int width(long at) {
    return Memory.getByte(at + 12);
  }

  static boolean isPacked(long at) {
    return Memory.getByte(at + 13) != 0;
  }

  /// Whether it says of packing what can be.
  static boolean isSound(long at) {
    return (Memory.getByte(at + 13) & ~1) == 0;
  }

  /// Bytes of what the ends count.
  static int unit(long at) {
    return isPacked(at) ? 1 : width(at);
  }

  /// Bytes of the run.
  static long bytes(long at) {
    long unused = Memory.getShort(at + 14) & 0xFFFFL;
    return (pages(at) << Runs.PAGE_SHIFT) - (isPacked(at) ? unused : unused * 4);
  }

  static void put(long at, long firstPage, long bytes, int width, boolean packed) {
    long pages = bytes + Runs.PAGE - 1 >>> Runs.PAGE_SHIFT;
    assert pages > 0 && pages < 1L << 32 : pages;
    Memory.putLong(at, firstPage);
    Memory.putInt(at + 8, (int) pages);
    Memory.putByte(at + 12, (byte) width);
    Memory.putByte(at + 13, (byte) (packed ? 1 : 0));
    long unused = (pages << Runs.PAGE_SHIFT) - bytes;
    Memory.putShort(at + 14, (short) (packed ? unused : unused >>> 2));
  }

  static void clear(long at) {
    Memory.fill(at, NEXT, (byte) 0);
  }
}
