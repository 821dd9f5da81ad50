package dev.quarry.graph.repair;

import dev.quarry.error.CorruptPageException;
import dev.quarry.graph.catalog.Arena;
import dev.quarry.graph.record.ArenaReader;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.storage.arena.Column;
import dev.quarry.storage.page.PageTable;

/// The slots of one arena, as far as they can be read.
final class SlotSalvage {
  private static final int BITS_PER_PAGE_SHIFT = 15;

  private final ArenaReader reader;
  private final Column live;
  private final long end;
  private final boolean knowsEnd;
  private final long count;

  SlotSalvage(GraphSnapshot from, Arena arena, ArenaReader reader) {
    this.reader = reader;
    this.live = new Column(from.pages(), arena.slots().live(), 0);
    long known;
    long counted;
    try {
      known = reader.slots().writtenHighWater();
      counted = reader.slots().liveCount();
    } catch (CorruptPageException e) {
      known = -1;
      counted = -1;
    }
    long room = room(from.pages().table(arena.slots().live()));
    this.knowsEnd = known >= 0 && known <= room;
    this.count = counted;
    this.end = knowsEnd ? known : room;
  }

  /// Slots that the bits have room for, up to the last page of them; if that cannot be read, as
  /// many as there may be.
  private static long room(PageTable bits) {
    long room = 0;
    try {
      for (long page = bits.firstPresent(0); page >= 0; page = bits.firstPresent(page + 1)) {
        room = page + 1 << BITS_PER_PAGE_SHIFT;
      }
    } catch (CorruptPageException e) {
      room = bits.pageCount() << BITS_PER_PAGE_SHIFT;
    }
    return room;
  }

  /// No slot from here on was ever taken.
  long end() {
    return end;
  }

  /// Whether [#end()] is one more than the highest slot that was taken, and not beyond.
  boolean knowsEnd() {
    return knowsEnd;
  }

  /// How many are live, as the arena counts; -1 if that cannot be read.
  long count() {
    return count;
  }

  /// Whether a slot is live.
  ///
  /// @throws CorruptPageException if that cannot be read
  boolean isLive(long slot) {
    return live.bit(slot);
  }

  /// The generation of a slot; 0, and a loss, if it cannot be read.
  int generation(long slot, Losses losses, String of) {
    try {
      return reader.slots().generation(slot);
    } catch (CorruptPageException e) {
      losses.add(Losses.Kind.IDS, of, 1, false);
      return 0;
    }
  }
}
