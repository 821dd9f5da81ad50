package dev.quarry.graph.transaction;

import dev.quarry.graph.catalog.Arena;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.CatalogBuilder;
import dev.quarry.graph.catalog.IndexDefinition;
import dev.quarry.graph.catalog.RegionCount;
import dev.quarry.graph.catalog.Regions;
import dev.quarry.graph.catalog.SweepPosition;
import dev.quarry.graph.index.IndexCursor;
import dev.quarry.graph.index.IndexKey;
import dev.quarry.graph.record.ArenaReader;
import dev.quarry.graph.record.ArenaWriter;
import dev.quarry.storage.arena.Column;
import dev.quarry.storage.arena.Slots;
import dev.quarry.storage.slab.ListWriter;
import java.util.ArrayList;
import java.util.List;

/// Removes what dropped regions left, a few steps with each commit:
///
/// 1. entries of mixed lists whose other end is gone,
/// 2. rows of relationships that lead to a node that is gone, with their entries in indexes,
/// 3. entries in indexes of records that are gone,
/// 4. counts of kinds of which an arena is gone.
///
/// Where it is lies in a page, so it survives and is rolled back like all else; a drop meanwhile
/// begins it again. At its end the numbers of dropped regions are free, and readers need not ask
/// any more whether an entry is dead. Lists and rows are looked at only where the counts between
/// regions say that there may be something. Used by the writer's thread.
final class Sweep {
  private static final int STEPS = 1024;

  private static final int LISTS = 0;
  private static final int ROWS = 1;
  private static final int INDEXES = 2;

  private final Changes changes;
  private final CatalogBuilder builder;
  private final SweepPosition position;

  private record Entry(IndexKey key, long record) {}

  /// Steps with each commit: a slot or an entry that is looked at. The property `quarry.sweepSteps`
  /// changes their number, for tests.
  static int steps() {
    return Integer.getInteger("quarry.sweepSteps", STEPS);
  }

  /// There must be something to sweep.
  Sweep(Changes changes, CatalogBuilder builder) {
    this.changes = changes;
    this.builder = builder;
    this.position = new SweepPosition(changes.pages(), catalog().regions().sweep());
  }

  private Catalog catalog() {
    return builder.catalog();
  }

  /// Goes on for some steps, or to the end.
  void run(int steps) {
    int left = steps;
    while (left > 0 && catalog().regions().hasUnswept()) {
      left -=
          switch (position.stage()) {
            case LISTS -> lists(left);
            case ROWS -> rows(left);
            default -> index(left);
          };
    }
  }

  /// The numbers of indexes have changed.
  void indexDropped() {
    if (position.stage() == INDEXES) {
      position.put(INDEXES, 0, 0);
    }
  }

  /// Whether relationships between a live region and a dropped one were there.
  ///
  /// @param outgoing whether those that leave the live one, else those that enter it
  private boolean leadsAway(int region, boolean outgoing) {
    Regions regions = catalog().regions();
    Column counts = new Column(changes.pages(), catalog().counts(), 8);
    for (RegionCount count : regions.counts()) {
      int here = outgoing ? count.source() : count.target();
      int there = outgoing ? count.target() : count.source();
      if (here == region && !regions.isLive(there) && counts.getLong(count.counter()) > 0) {
        return true;
      }
    }
    return false;
  }

  // Lists, two for each arena; returns the steps it took, as all of these do.

  private int lists(int most) {
    int number = position.number();
    if (number == 2 * catalog().arenas().size()) {
      position.put(ROWS, 0, 0);
      return 1;
    }
    Arena arena = catalog().arenas().get(number / 2);
    boolean outgoing = number % 2 == 0;
    int steps = 0;
    if (!arena.isDropped() && leadsAway(arena.region(), outgoing)) {
      ArenaWriter writer = changes.writer(false, arena.id());
      ListWriter lists = writer.lists(outgoing);
      long end = Math.min(writer.slots().slots().highWater(), lists.lists().slotCount());
      long slot = position.slot();
      long fromHi = position.hash();
      long fromLo = position.record();
      while (slot < end && steps < most) {
        steps += 1 + lists.retain(slot, fromHi, fromLo, this::isKept, most - steps);
        slot += lists.hasMore() ? 0 : 1;
        fromHi = lists.hasMore() ? lists.nextHi() : 0;
        fromLo = lists.hasMore() ? lists.nextLo() : 0;
      }
      if (slot < end) {
        position.put(LISTS, number, slot, fromHi, fromLo);
        return steps + 1;
      }
    }
    position.put(LISTS, number + 1, 0);
    return steps + 1;
  }

  private boolean isKept(long entry, long node) {
    return !isDropped(node);
  }

  private boolean isDropped(long node) {
    return isDroppedArena(Ids.arena(node));
  }

  private boolean isDroppedArena(int arena) {
    return catalog().arenas().get(arena).isDropped();
  }

  private int rows(int most) {
    int number = position.number();
    if (number == catalog().edgeArenas().size()) {
      position.put(INDEXES, 0, 0);
      return 1;
    }
    Arena arena = catalog().edgeArenas().get(number);
    if (arena.isDropped() || !leadsAway(arena.region(), true)) {
      position.put(ROWS, number + 1, 0);
      return 1;
    }
    ArenaReader reader = changes.indexing().reader(true, number);
    Slots slots = reader.slots();
    long[] rows = new long[most];
    int count = slots.fillLive(position.slot(), Long.MAX_VALUE, 0, rows, most);
    long next = slots.next();
    for (int i = 0; i < count; i++) {
      if (isDropped(reader.target(rows[i]))) {
        changes.deleteRow(number, rows[i]);
      }
    }
    if (count < most) {
      position.put(ROWS, number + 1, 0);
    } else {
      position.put(ROWS, number, next);
    }
    return count + 1;
  }

  private int index(int most) {
    int number = position.number();
    if (number == catalog().indexes().size()) {
      changes.counters().forgetKinds(this::isDroppedArena);
      builder.swept();
      return 1;
    }
    IndexDefinition index = catalog().indexes().get(number);
    IndexCursor cursor = new IndexCursor(changes.pages(), index.space());
    cursor.open(position.slot(), position.hash(), position.record());
    List<Entry> dead = new ArrayList<>();
    int steps = 0;
    boolean more = true;
    while (steps < most && (more = cursor.next())) {
      steps++;
      if (isDropped(index, cursor.record())) {
        dead.add(new Entry(new IndexKey(cursor.order(), cursor.hash()), cursor.record()));
      }
      if (steps == most) {
        position.put(INDEXES, number, cursor.order(), cursor.hash(), cursor.record() + 1);
      }
    }
    if (!more) {
      position.put(INDEXES, number + 1, 0);
    }
    for (Entry entry : dead) {
      changes.indexing().remove(index, entry.key(), entry.record());
    }
    return steps + 1;
  }

  private boolean isDropped(IndexDefinition index, long record) {
    if (!index.ofRelationships()) {
      return isDropped(record);
    }
    return !catalog().regions().isLive(Ids.region(record));
  }
}
