package dev.quarry.graph.transaction;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.graph.catalog.Arena;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.record.ArenaReader;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The readers of edge arenas of one state, by region and type: made on first use, and again once
/// their arena has changed. Used by one thread at a time.
final class EdgeReaders {
  private static final @Nullable ArenaReader[] NONE = {};
  private static final @Nullable ArenaReader[][] NO_REGIONS = {};

  private final RecordReading reading;
  private @Nullable ArenaReader[][] byRegion = NO_REGIONS;

  EdgeReaders(RecordReading reading) {
    this.reading = reading;
  }

  ArenaReader of(int type, int region) {
    ArenaReader known =
        region < byRegion.length && type < byRegion[region].length ? byRegion[region][type] : null;
    Catalog catalog = reading.catalog();
    if (known != null && known.arena() == catalog.edgeArenas().get(known.arena().id())) {
      return known;
    }
    Arena arena = catalog.edgeArena(type, region);
    if (arena == null) {
      throw new CorruptPageException(
          ErrorCode.STORE_DAMAGED,
          "a relationship has a row of type " + type + " in region " + region + ": there are none",
          "run `quarry check`");
    }
    return of(arena);
  }

  ArenaReader of(Arena arena) {
    int region = arena.region();
    int type = arena.labels().getFirst();
    makeRoom(region, type);
    ArenaReader reader = byRegion[region][type];
    if (reader == null || reader.arena() != arena) {
      reader = new ArenaReader(reading.pages(), arena, reading.scratch());
      byRegion[region][type] = reader;
    }
    return reader;
  }

  private void makeRoom(int region, int type) {
    if (region >= byRegion.length) {
      int before = byRegion.length;
      byRegion = Arrays.copyOf(byRegion, region + 1);
      Arrays.fill(byRegion, before, region + 1, NONE);
    }
    if (type >= byRegion[region].length) {
      byRegion[region] = Arrays.copyOf(byRegion[region], reading.catalog().types().size());
    }
  }
}
