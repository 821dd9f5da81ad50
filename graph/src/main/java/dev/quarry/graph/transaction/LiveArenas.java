package dev.quarry.graph.transaction;

import dev.quarry.storage.arena.Slots;
import java.util.Arrays;

/// Which ids are those of nodes, for many that are asked for. Of an arena of a reader whose slots
/// are all live, it is noted where they end: then no page is read. Used by one thread at a time.
final class LiveArenas {
  private static final long[] NONE = {};
  private static final long NOT_ALL = -1;

  private final RecordReading reading;
  private long[] ends = NONE; // by arena: 0 where nobody looked

  LiveArenas(RecordReading reading) {
    this.reading = reading;
  }

  /// @param id may be anything
  boolean hasNode(long id) {
    int arena = Ids.arena(id);
    return arena < ends.length && Ids.slot(id) < ends[arena] || look(id);
  }

  private boolean look(long id) {
    if (!reading.isNode(id)) {
      return false;
    }
    int arena = Ids.arena(id);
    if (reading.edits() == null && (arena >= ends.length || ends[arena] == 0)) {
      Slots slots = reading.nodeReader(arena).slots();
      if (arena >= ends.length) {
        ends = Arrays.copyOf(ends, arena + 1);
      }
      ends[arena] = slots.liveCount() == slots.highWater() ? slots.highWater() : NOT_ALL;
    }
    return true;
  }
}
