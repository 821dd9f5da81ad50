package dev.quarry.storage.arena;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.page.PageReader;
import dev.quarry.storage.page.PageTable;
import java.util.Arrays;

/// Which slots of an arena are live, and the generation of each.
///
/// A slot has generation 0 when it is taken for the first time, and one more each time it is taken
/// again; so slot and generation together never mean two records. Used by one thread at a time;
/// nothing is allocated.
public final class Slots {
  static final int LIVE_COUNT = 0;
  static final int HIGH_WATER = 8;
  static final int FIRST_FREE = 16;

  /// The last generation: a slot that was freed in it is never taken again.
  public static final int LAST_GENERATION = 0xFFFF;

  private final Column live;
  private final Column generations;
  private final PageTable counts;
  private long next;
  private long soundEnd;

  public Slots(PageReader reader, SlotSpaces spaces) {
    this.live = new Column(reader, spaces.live(), 0);
    this.generations = new Column(reader, spaces.generations(), 2);
    this.counts = reader.table(spaces.counts());
  }

  public boolean isLive(long slot) {
    return slot < highWater() && live.bit(slot);
  }

  /// Which slots are live now, to be asked until something changes.
  public LiveBits liveBits() {
    return new LiveBits(live, highWater(), liveCount());
  }

  public int generation(long slot) {
    return allFirst() ? 0 : generations.getShort(slot);
  }

  /// Whether no slot was freed so far, so that all generations are 0.
  public boolean allFirst() {
    return generations.isEmpty();
  }

  public long liveCount() {
    return Memory.getLong(counts.address(0) + LIVE_COUNT);
  }

  /// One more than the highest slot that was ever taken.
  ///
  /// @throws CorruptPageException if there is no bit for the slot below
  public long highWater() {
    long end = writtenHighWater();
    if (end != soundEnd) {
      ensureSound(end);
      soundEnd = end;
    }
    return end;
  }

  /// The same as it is written, whether it can be or not, for salvage.
  public long writtenHighWater() {
    return Memory.getLong(counts.address(0) + HIGH_WATER);
  }

  /// Every slot below was live once, so the page of its bit is there.
  private void ensureSound(long end) {
    if (end < 0 || end > 0 && live.isAbsent(end - 1)) {
      throw new CorruptPageException(
          ErrorCode.STORE_DAMAGED,
          "an arena counts " + end + " slots, its bits have no page for the last one",
          "run `quarry check`");
    }
  }

  long firstFree() {
    return Memory.getLong(counts.address(0) + FIRST_FREE);
  }

  /// Writes the live slots from `from` on, each `or`-ed with a constant, up to `most` of them.
  /// [#next()] says where to go on.
  ///
  /// @param limit slots from here on are left out
  /// @return how many were written
  public int fillLive(long from, long limit, long or, long[] into, int most) {
    int count = 0;
    long end = Math.min(limit, highWater());
    long slot = from;
    while (slot < end && count < most) {
      long word = live.bits(slot & ~63) & -1L << slot;
      long base = slot & ~63;
      while (word != 0 && count < most) {
        long found = base + Long.numberOfTrailingZeros(word);
        if (found >= end) {
          next = end;
          return count;
        }
        into[count++] = found | or;
        word &= word - 1;
        slot = found + 1;
      }
      if (word == 0) {
        slot = base + 64;
      }
    }
    next = Math.min(slot, end);
    return count;
  }

  /// Writes a bit for each of some slots in a row, 1 for a live one.
  ///
  /// @param from the first, a multiple of 64
  /// @param into all bits from `slots` on become 0; the bits of `slots` slots lie in one page
  public void live(long from, int slots, long[] into) {
    int words = slots + 63 >>> 6;
    live.bits(from, into, words);
    if ((slots & 63) != 0) {
      into[words - 1] &= (1L << slots) - 1;
    }
    Arrays.fill(into, words, into.length, 0);
  }

  /// Where the next [#fillLive] goes on.
  public long next() {
    return next;
  }
}
