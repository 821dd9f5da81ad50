package dev.quarry.storage.arena;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.page.PageTransaction;

/// Takes and frees slots of one arena.
///
/// A slot that this transaction freed is not taken again before it commits: the search for free
/// slots only looks at those that were free when it began. Used by the writer's thread.
public final class SlotsWriter {
  // A log may leave out slots of one transaction that was taken back in part, but not this many.
  private static final long MOST_AHEAD = 1L << 24;

  private final PageTransaction transaction;
  private final SlotSpaces spaces;
  private final Slots slots;
  private final Column live;
  private final long searchEnd;
  private long search;
  private long lowestFreed = Long.MAX_VALUE;

  public SlotsWriter(PageTransaction transaction, SlotSpaces spaces) {
    this.transaction = transaction;
    this.spaces = spaces;
    this.slots = new Slots(transaction, spaces);
    this.live = new Column(transaction, spaces.live(), 0);
    this.search = slots.firstFree();
    this.searchEnd = slots.highWater();
  }

  /// The slots as they are now.
  public Slots slots() {
    return slots;
  }

  /// Takes a slot: one that was freed by an earlier transaction, else a new one.
  public long take() {
    while (search < searchEnd) {
      long slot = search++;
      if (!live.bit(slot) && slot < lowestFreed && isReusable(slot)) {
        install(slot, slots.generation(slot) + 1);
        return slot;
      }
    }
    return takeNew(1);
  }

  /// Takes `count` new slots in a row and returns the first.
  public long takeNew(long count) {
    long counts = transaction.writable(spaces.counts(), 0);
    long first = Memory.getLong(counts + Slots.HIGH_WATER);
    Memory.putLong(counts + Slots.HIGH_WATER, first + count);
    Memory.putLong(counts + Slots.LIVE_COUNT, Memory.getLong(counts + Slots.LIVE_COUNT) + count);
    new ColumnWriter(transaction, spaces.live(), 0).putBits(first, first + count, true);
    return first;
  }

  /// Makes a slot live in a given generation, as a log says.
  public void install(long slot, int generation) {
    if (live.bit(slot) || slot > slots.highWater() + MOST_AHEAD) {
      throw damaged(
          slot, "taken, with " + slots.highWater() + " slots, while it is live or far off");
    }
    Column.putBit(transaction, spaces.live(), slot, true);
    if (slots.generation(slot) != generation) {
      long cell = Column.writable(transaction, spaces.generations(), 2, slot);
      Memory.putShort(cell, (short) generation);
    }
    long counts = transaction.writable(spaces.counts(), 0);
    Memory.putLong(counts + Slots.LIVE_COUNT, Memory.getLong(counts + Slots.LIVE_COUNT) + 1);
    Memory.putLong(
        counts + Slots.HIGH_WATER, Math.max(Memory.getLong(counts + Slots.HIGH_WATER), slot + 1));
  }

  /// Frees a live slot.
  public void free(long slot) {
    if (!slots.isLive(slot)) {
      throw damaged(slot, "freed, and is not live");
    }
    Column.putBit(transaction, spaces.live(), slot, false);
    long counts = transaction.writable(spaces.counts(), 0);
    Memory.putLong(counts + Slots.LIVE_COUNT, Memory.getLong(counts + Slots.LIVE_COUNT) - 1);
    lowestFreed = Math.min(lowestFreed, slot);
  }

  /// Notes where the next transaction looks for free slots. Call it before the commit.
  public void finish() {
    long first = Math.min(search, lowestFreed);
    if (first != slots.firstFree()) {
      Memory.putLong(transaction.writable(spaces.counts(), 0) + Slots.FIRST_FREE, first);
    }
  }

  private CorruptPageException damaged(long slot, String what) {
    return new CorruptPageException(
        ErrorCode.STORE_DAMAGED,
        "slot %d in space %d is %s".formatted(slot, spaces.live(), what),
        "run `quarry check`");
  }

  private boolean isReusable(long slot) {
    return slots.generation(slot) < Slots.LAST_GENERATION;
  }
}
