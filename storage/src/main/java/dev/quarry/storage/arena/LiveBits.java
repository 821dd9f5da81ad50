package dev.quarry.storage.arena;

import dev.quarry.storage.memory.Memory;

/// Which slots of an arena are live, for many that are asked for at random: where all are, no bit
/// is read; else a page of bits is looked for once, after that an array and a bit are read.
///
/// Shows what the [Slots] that made it showed then. To be thrown away when the reader below changes
/// or spills anything. Used by one thread at a time.
public final class LiveBits {
  private static final int PAGE_SHIFT = Column.BIT_PAGE_SHIFT;
  private static final long MASK = (1L << PAGE_SHIFT) - 1;
  private static final long MOST_KEPT = 1 << 16; // pages: two thousand million slots

  private final Column bits;
  private final long end;
  private final boolean all;
  private final long[] pages; // addresses; 0 for one that was not looked for yet

  /// @param end behind the last slot that was ever taken
  /// @param count how many of those before it are live
  LiveBits(Column bits, long end, long count) {
    this.bits = bits;
    this.end = end;
    this.all = count == end;
    this.pages = new long[all ? 0 : (int) Math.min(MOST_KEPT, end + MASK >>> PAGE_SHIFT)];
  }

  /// Behind the last slot that may be live.
  public long end() {
    return end;
  }

  /// @param slot may be anything
  public boolean isLive(long slot) {
    return slot >= 0 && slot < end && (all || bit(slot));
  }

  private boolean bit(long slot) {
    long page = slot >>> PAGE_SHIFT;
    if (page >= pages.length) {
      return bits.bit(slot);
    }
    long address = pages[(int) page];
    if (address == 0) {
      address = bits.address(slot & ~MASK);
      pages[(int) page] = address;
    }
    return (Memory.getByte(address + ((slot & MASK) >>> 3)) & 1 << (int) (slot & 7)) != 0;
  }
}
