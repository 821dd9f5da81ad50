package dev.quarry.graph.transaction;

import dev.quarry.graph.catalog.Arena;
import dev.quarry.graph.record.ArenaReader;
import dev.quarry.storage.arena.Slots;
import java.util.List;

/// Lists the relationships of a type that have a row, many at a time, region by region of their
/// sources. Used by one thread at a time.
public final class RowScan {
  private final RecordReading reading;
  private final int type;
  private int next;
  private long from;

  RowScan(RecordReading reading, int type) {
    this.reading = reading;
    this.type = type;
  }

  /// Writes the edge slots of the next relationships.
  ///
  /// @return how many, 0 at the end
  public int fill(long[] edgeSlots, int most) {
    List<Arena> arenas = reading.catalog().edgeArenas();
    while (next < arenas.size()) {
      int found = fill(arenas.get(next), edgeSlots, most);
      int count = keepThere(edgeSlots, found);
      if (count > 0) {
        return count;
      }
      if (found == 0) {
        next++;
        from = 0;
      }
    }
    return 0;
  }

  private int fill(Arena arena, long[] edgeSlots, int most) {
    if (arena.isDropped() || !arena.hasLabel(type)) {
      return 0;
    }
    ArenaReader rows = reading.edgeReader(arena);
    Slots slots = rows.slots();
    long region = Ids.edgeSlot(arena.region(), 0);
    int count = slots.fillLive(from, Long.MAX_VALUE, region, edgeSlots, most);
    from = slots.next();
    return count;
  }

  /// Leaves out what leads into a dropped region.
  private int keepThere(long[] edgeSlots, int count) {
    if (!reading.catalog().regions().hasUnswept()) {
      return count;
    }
    int kept = 0;
    for (int i = 0; i < count; i++) {
      if (!reading.isDroppedRow(type, edgeSlots[i])) {
        edgeSlots[kept++] = edgeSlots[i];
      }
    }
    return kept;
  }
}
