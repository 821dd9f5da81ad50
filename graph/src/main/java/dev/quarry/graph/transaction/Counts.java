package dev.quarry.graph.transaction;

import dev.quarry.graph.catalog.Arena;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.Flip;
import dev.quarry.graph.catalog.IndexDefinition;
import dev.quarry.graph.catalog.RegionCount;
import dev.quarry.graph.catalog.Regions;
import dev.quarry.graph.index.IndexCursor;
import dev.quarry.graph.statistics.KindCounts;
import dev.quarry.storage.arena.Column;
import dev.quarry.storage.page.PageReader;
import org.jspecify.annotations.Nullable;

/// How many records a version has: nodes by label, relationships by type, region and kind, rows,
/// and entries of indexes.
///
/// What pages count, and what was counted since and no page has yet ([RecordReading#unwritten()]).
/// A number takes a few reads, but where the text says that it may walk. Used by the thread of its
/// transaction.
public final class Counts {
  private final RecordReading reading;
  private final PageReader pages;
  private int countersSpace = -1;
  private @Nullable Column counters;

  Counts(RecordReading reading) {
    this.reading = reading;
    this.pages = reading.pages();
  }

  private Catalog catalog() {
    return reading.catalog();
  }

  /// The number of relationships of a type, exact.
  public long relationships(int type) {
    Regions regions = catalog().regions();
    long count = relationships(type, 0, 0);
    if (!regions.counts().isEmpty()) {
      Column all = counters();
      for (RegionCount one : regions.counts()) {
        if (one.type() == type && regions.isLive(one)) {
          count += all.getLong(one.counter()) + unwritten(type, one.source(), one.target());
        }
      }
    }
    return count;
  }

  /// The number of relationships of a type from one region to another, exact.
  public long relationships(int type, int source, int target) {
    if (source == 0 && target == 0) {
      return (counter(type) & ~Catalog.REMEMBERS) + unwritten(type, source, target);
    }
    RegionCount count = catalog().regions().count(type, source, target);
    return count == null
        ? 0
        : counters().getLong(count.counter()) + unwritten(type, source, target);
  }

  /// How many more relationships there are than the counter of a type and two regions says.
  private long unwritten(int type, int source, int target) {
    return reading
        .unwritten()
        .more(
            type, (from, to) -> catalog().region(from) == source && catalog().region(to) == target);
  }

  /// The number of relationships of a type that have a row, exact; by a walk while what leads to a
  /// dropped region may be left.
  public long rows(int type) {
    if (catalog().regions().hasUnswept()) {
      return countRows(type);
    }
    long rows = 0;
    for (Arena arena : catalog().edgeArenas()) {
      boolean counts = arena.hasLabel(type) && !arena.isDropped();
      rows += counts ? reading.edgeReader(arena).slots().liveCount() : 0;
    }
    return rows;
  }

  private long countRows(int type) {
    RowScan scan = reading.scanRows(type);
    long[] edgeSlots = new long[1024];
    long rows = 0;
    for (int count = scan.fill(edgeSlots, 1024); count > 0; count = scan.fill(edgeSlots, 1024)) {
      rows += count;
    }
    return rows;
  }

  /// The numbers of relationships by kind, exact; null in a store of an older version, which does
  /// not count them.
  public @Nullable KindCounts kinds() {
    int space = catalog().statistics().kinds();
    if (space < 0) {
      return null;
    }
    return new KindCounts(
        pages, space, arena -> catalog().arena(arena).isDropped(), reading.unwritten());
  }

  /// The number of nodes with a label, exact: what nodes were created with, put right by the
  /// counters of later changes.
  public long nodes(int label) {
    Column all = counters();
    long count = 0;
    for (Arena arena : catalog().arenas()) {
      boolean born = arena.hasLabel(label);
      Flip flip = catalog().flip(arena.id(), label);
      long flipped = flip == null ? 0 : all.getLong(flip.counter());
      count += born ? reading.nodeCount(arena.id()) - flipped : flipped;
    }
    return count;
  }

  /// The number of records in an index, exact: from its head, or by a walk while entries of a
  /// dropped region may be left.
  public long entries(IndexDefinition index) {
    if (!catalog().regions().hasUnswept()) {
      return estimatedEntries(index);
    }
    IndexCursor cursor = new IndexCursor(pages, index.space());
    cursor.open(0, 0);
    long count = 0;
    while (cursor.next()) {
      count += reading.isDropped(index, cursor.record()) ? 0 : 1;
    }
    return count;
  }

  /// The number of records in an index; too great while entries of a dropped region are left.
  public long estimatedEntries(IndexDefinition index) {
    return new IndexCursor(pages, index.space()).entries();
  }

  /// The number of different keys in an index, but for values that share a hash; too great while
  /// entries of a dropped region are left.
  public long keys(IndexDefinition index) {
    return new IndexCursor(pages, index.space()).distinct();
  }

  /// Whether the counter of a type says that one got its first property after its creation.
  boolean remember(int type) {
    return (counter(type) & Catalog.REMEMBERS) != 0;
  }

  private long counter(int type) {
    return counters().getLong(Catalog.typeCounter(type));
  }

  /// The counters of types, regions and labels, which lie in one column.
  private Column counters() {
    int space = catalog().counts();
    Column known = counters;
    if (countersSpace != space || known == null) {
      countersSpace = space;
      known = new Column(pages, space, 8);
      counters = known;
    }
    return known;
  }
}
