package dev.quarry.storage.slab;

import dev.quarry.storage.memory.Memory;

/// The descriptor of a group: 2^16 slots whose lists are frozen together, 32 bytes; all zeros is a
/// group without a run.
///
/// ```text
/// byte 0               8            12      13     14         16                            32
///      ┌───────────────┬────────────┬───────┬──────┬──────────┬─────────────────────────────┐
///      │ first page    │ pages      │ width │ zero │ unused   │ the same of its next run    │
///      └───────────────┴────────────┴───────┴──────┴──────────┴─────────────────────────────┘
/// ```
///
/// The pages of a run are neighbours in the space of entries. Width is the bytes of an entry;
/// unused are units of 4 bytes at the end of the last page. The next run is one that compaction is
/// writing: only directory entries lead into it.
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

  /// Bytes of the run.
  static long bytes(long at) {
    return (pages(at) << Runs.PAGE_SHIFT) - (Memory.getShort(at + 14) & 0xFFFFL) * 4;
  }

  static void put(long at, long firstPage, long bytes, int width) {
    long pages = bytes + Runs.PAGE - 1 >>> Runs.PAGE_SHIFT;
    assert pages > 0 && pages < 1L << 32 : pages;
    Memory.putLong(at, firstPage);
    Memory.putInt(at + 8, (int) pages);
    Memory.putShort(at + 12, (short) width);
    Memory.putShort(at + 14, (short) ((pages << Runs.PAGE_SHIFT) - bytes >>> 2));
  }

  static void clear(long at) {
    Memory.fill(at, NEXT, (byte) 0);
  }
}
