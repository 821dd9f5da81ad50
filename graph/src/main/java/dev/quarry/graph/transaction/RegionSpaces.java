package dev.quarry.graph.transaction;

import dev.quarry.graph.RegionUsage;
import dev.quarry.graph.catalog.Arena;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.ColumnLayout;
import dev.quarry.graph.catalog.Flip;
import dev.quarry.graph.catalog.ListKind;
import dev.quarry.storage.page.PageReader;
import dev.quarry.storage.page.PageTable;
import dev.quarry.storage.slab.ListSpaces;
import dev.quarry.storage.slab.SlabSpaces;
import org.jspecify.annotations.Nullable;

/// Counts the pages of the spaces of one region. It reads their page tables, not the pages. Used by
/// one thread.
final class RegionSpaces {
  private final PageReader reader;
  private long pages;
  private long bytes;
  private long floorPages;
  private long floorBytes;

  private RegionSpaces(PageReader reader) {
    this.reader = reader;
  }

  static RegionUsage usage(RecordReading reading, int region) {
    Catalog catalog = reading.catalog();
    RegionSpaces spaces = new RegionSpaces(reading.pages());
    long nodes = 0;
    for (Arena arena : catalog.arenas()) {
      if (arena.region() == region && !arena.isDropped()) {
        nodes += reading.nodeCount(arena.id());
        spaces.count(arena);
      }
    }
    for (Arena arena : catalog.edgeArenas()) {
      if (arena.region() == region && !arena.isDropped()) {
        spaces.count(arena);
      }
    }
    for (Flip flip : catalog.flips()) {
      if (catalog.region(flip.arena()) == region) {
        spaces.count(flip.space());
      }
    }
    for (ListKind kind : catalog.kinds()) {
      if (catalog.region(kind.arena()) == region) {
        spaces.count(kind.spaces());
      }
    }
    String name = catalog.regions().all().get(region).name();
    return new RegionUsage(
        name, nodes, spaces.pages, spaces.bytes, spaces.floorPages, spaces.floorBytes);
  }

  private void count(Arena arena) {
    count(arena.slots().live(), arena.slots().generations(), arena.slots().counts());
    count(arena.strings().slabs());
    for (ColumnLayout column : arena.columns()) {
      count(column.values(), column.nulls(), column.overflow());
      count(column.dictionary().codes(), column.dictionary().entries());
    }
    count(arena.outgoing());
    count(arena.incoming());
    if (arena.ends() >= 0) {
      count(arena.ends());
    }
  }

  private void count(@Nullable ListSpaces lists) {
    if (lists != null) {
      count(lists.directory(), lists.hubs());
      count(lists.slabs());
      count(lists.runs().groups(), lists.runs().ends(), lists.runs().entries());
    }
  }

  private void count(SlabSpaces slabs) {
    count(slabs.small(), slabs.large(), slabs.descriptors());
  }

  private void count(int... spaces) {
    for (int space : spaces) {
      PageTable table = reader.table(space);
      long present = table.presentPages();
      pages += present;
      bytes += present * table.pageBytes();
      floorPages += present > 0 ? 1 : 0;
      floorBytes += present > 0 ? table.pageBytes() : 0;
    }
  }
}
