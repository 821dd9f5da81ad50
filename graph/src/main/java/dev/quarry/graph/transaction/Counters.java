package dev.quarry.graph.transaction;

import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.CatalogBuilder;
import dev.quarry.graph.catalog.RegionCount;
import dev.quarry.graph.catalog.VersionState;
import dev.quarry.graph.statistics.KindCountsWriter;
import dev.quarry.graph.catalog.UnwrittenCounts;
import dev.quarry.storage.arena.Column;
import dev.quarry.storage.arena.ColumnWriter;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.page.PageTransaction;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// What a transaction counts: relationships by type and pair of regions, and by kind; nodes whose
/// labels changed. Used by the writer's thread.
final class Counters {
  private final PageTransaction pages;
  private final CatalogBuilder builder;
  private final @Nullable KindCountsWriter kinds;
  private Map<TypeBetween, Integer> betweenRegions = Map.of(); // until there are some

  private record TypeBetween(int type, int source, int target) {}

  Counters(PageTransaction pages, CatalogBuilder builder) {
    this.pages = pages;
    this.builder = builder;
    int space = builder.catalog().statistics().kinds();
    this.kinds =
        space < 0
            ? null
            : new KindCountsWriter(pages, space, VersionState.countsOf(pages), this::written);
  }

  private Catalog catalog() {
    return builder.catalog();
  }

  /// Notes that there are more relationships of a type between the arenas of two nodes, or fewer.
  void count(long source, int type, long target, long more) {
    int counter = counter(Ids.arena(source), type, Ids.arena(target));
    if (kinds == null) {
      add(counter, more);
    } else {
      kinds.add(Ids.arena(source), type, Ids.arena(target), more);
    }
  }

  /// The tree of counts by kind has more of one now.
  private void written(int source, int type, int target, long more) {
    add(counter(source, type, target), more);
  }

  /// The counter of a type between the regions of two arenas, made if there is none.
  private int counter(int source, int type, int target) {
    int from = catalog().region(source);
    int to = catalog().region(target);
    return from == 0 && to == 0 ? Catalog.typeCounter(type) : between(type, from, to);
  }

  private int between(int type, int source, int target) {
    TypeBetween key = new TypeBetween(type, source, target);
    Integer known = betweenRegions.get(key);
    if (known == null) {
      RegionCount count = catalog().regions().count(type, source, target);
      if (count == null) {
        count = builder.addRegionCount(type, source, target);
        clear(count.counter());
      }
      known = count.counter();
      if (betweenRegions.isEmpty()) {
        betweenRegions = new HashMap<>();
      }
      betweenRegions.put(key, known);
    }
    return known;
  }

  /// Notes that some row of a type remembers an ordinal.
  void remember(int type) {
    long cell = writable(Catalog.typeCounter(type));
    Memory.putLong(cell, Memory.getLong(cell) | Catalog.REMEMBERS);
  }

  void add(int counter, long more) {
    long cell = writable(counter);
    Memory.putLong(cell, Memory.getLong(cell) + more);
  }

  /// Begins a counter at 0: its number may have been that of one that is gone.
  void clear(int counter) {
    if (new Column(pages, catalog().counts(), 8).getLong(counter) != 0) {
      Memory.putLong(writable(counter), 0);
    }
  }

  /// Takes away the counts by kind of which an arena is gone.
  void forgetKinds(IntPredicate gone) {
    if (kinds != null) {
      kinds.forget(gone);
    }
  }

  /// What was counted of relationships, and no page has yet.
  UnwrittenCounts unwritten() {
    return kinds == null ? UnwrittenCounts.NONE : kinds.unwritten();
  }

  /// Writes it.
  void flush() {
    if (kinds != null) {
      kinds.flush();
    }
  }

  /// Completes the transaction.
  ///
  /// @param later whether counts may be written by a later one
  /// @return what is left to it
  UnwrittenCounts finish(boolean later) {
    return kinds == null ? UnwrittenCounts.NONE : kinds.finish(later);
  }

  private long writable(int counter) {
    return new ColumnWriter(pages, catalog().counts(), 8).writable(counter);
  }
}
