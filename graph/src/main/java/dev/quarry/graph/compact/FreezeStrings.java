package dev.quarry.graph.compact;

import dev.quarry.graph.catalog.Arena;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.CatalogBuilder;
import dev.quarry.graph.catalog.ColumnLayout;
import dev.quarry.graph.catalog.VersionState;
import dev.quarry.storage.arena.Column;
import dev.quarry.storage.arena.Dictionary;
import dev.quarry.storage.arena.StringCensus;
import dev.quarry.storage.arena.StringFreezer;
import dev.quarry.storage.page.PageReader;
import dev.quarry.storage.page.PageTable;
import dev.quarry.storage.page.PageTransaction;
import org.jspecify.annotations.Nullable;

/// Freezes strings that repeat: brings them to dictionaries, group by group of a column's slots,
/// see [StringFreezer].
///
/// ```text
///   of each group:   TIDY ──► COUNT ──► … ──► COUNT ──┬──► FREEZE ──► … ──► FREEZE
///                                                     └──► the next group, if it is not worth it
/// ```
///
/// In a position, the part is the column, and the cell the next one to be counted. Used by one
/// thread.
final class FreezeStrings implements Stage {
  private static final int CELLS = Column.PAGE_BYTES / 16; // of a page
  private static final int MOST_PAGES = 16; // of cells, in a step
  private static final int MOST_BYTES = 256 << 10; // of cells and strings, in a step

  private enum Phase {
    TIDY,
    COUNT,
    FREEZE
  }

  private @Nullable StringCensus census;
  private Phase phase = Phase.TIDY;
  private long frozen; // the first cell of the group that is not frozen yet
  private long moved;

  @Override
  public boolean begin(PageReader state, Catalog catalog, Target target, int pass) {
    phase = Phase.TIDY;
    Arena arena = arena(catalog, target);
    return pass == 0
        && arena != null
        && arena.columns().stream().anyMatch(column -> column.tag().isBytes());
  }

  /// The arena whose strings a target is; null if it is something else, or gone.
  private static @Nullable Arena arena(Catalog catalog, Target target) {
    if (!(target instanceof Target.Strings strings)) {
      return null;
    }
    Arena arena = catalog.arena(strings.ofEdges(), strings.arena());
    return arena.isDropped() ? null : arena;
  }

  @Override
  public @Nullable Position step(
      PageTransaction pages, Catalog catalog, Target target, Position from) {
    Arena arena = arena(catalog, target);
    if (arena == null || from.part() >= arena.columns().size()) {
      return null;
    }
    ColumnLayout column = arena.columns().get(from.part());
    if (!column.tag().isBytes()) {
      return new Position(from.part() + 1, 0);
    }
    return switch (phase) {
      case TIDY -> tidy(pages, arena, column, from);
      case COUNT -> count(pages, arena, column, from);
      case FREEZE -> freeze(pages, (Target.Strings) target, arena, column, from);
    };
  }

  private Position tidy(PageTransaction pages, Arena arena, ColumnLayout column, Position from) {
    long cell = firstPresent(pages, column, from.cell());
    if (cell < 0) {
      return new Position(from.part() + 1, 0);
    }
    long group = cell / Dictionary.GROUP;
    if (column.dictionary().exist()) {
      StringFreezer freezer = freezer(pages, arena, column, group);
      freezer.tidy();
      freezer.finish();
    }
    counting().begin(pages, arena.strings(), column.dictionary(), group);
    phase = Phase.COUNT;
    return new Position(from.part(), group * Dictionary.GROUP);
  }

  /// A cell of the first page of cells or codes from a cell on; -1 if there is none.
  private static long firstPresent(PageReader pages, ColumnLayout column, long cell) {
    long page = pages.table(column.values()).firstPresent(cell / CELLS);
    PageTable codes = pages.table(column.dictionary().codes());
    long coded = codes.firstPresent(cell / Dictionary.CODES);
    if (page < 0 || coded < 0) {
      return page < 0 ? (coded < 0 ? -1 : coded * Dictionary.CODES) : page * CELLS;
    }
    return Math.min(page * CELLS, coded * Dictionary.CODES);
  }

  private StringCensus counting() {
    StringCensus known = census;
    if (known == null) {
      known = new StringCensus();
      census = known;
    }
    return known;
  }

  private Position count(PageTransaction pages, Arena arena, ColumnLayout column, Position from) {
    StringCensus counting = counting();
    long group = from.cell() / Dictionary.GROUP;
    long end = (group + 1) * Dictionary.GROUP;
    long cell = from.cell();
    long bytes = 0;
    for (int i = 0; i < MOST_PAGES && cell < end && bytes < MOST_BYTES; i++) {
      bytes += counting.page(pages, arena.strings(), column.values(), column.dictionary(), cell);
      cell += CELLS;
    }
    if (counting.isHopeless()) {
      cell = end;
    }
    if (cell < end) {
      return new Position(from.part(), cell);
    }
    phase = counting.isWorthwhile() ? Phase.FREEZE : Phase.TIDY;
    frozen = group * Dictionary.GROUP;
    return new Position(from.part(), end);
  }

  private Position freeze(
      PageTransaction pages,
      Target.Strings target,
      Arena arena,
      ColumnLayout column,
      Position from) {
    StringFreezer freezer =
        freezer(pages, arena, withDictionary(pages, target, column), frozen / Dictionary.GROUP);
    freezer.begin();
    long bytes = 0;
    for (int i = 0; i < MOST_PAGES && frozen < from.cell() && bytes < MOST_BYTES; i++) {
      bytes += freezer.page(frozen);
      frozen += CELLS;
    }
    freezer.finish();
    moved += freezer.moved();
    phase = frozen < from.cell() ? Phase.FREEZE : Phase.TIDY;
    return from;
  }

  private static StringFreezer freezer(
      PageTransaction pages, Arena arena, ColumnLayout column, long group) {
    return new StringFreezer(pages, arena.strings(), column.values(), column.dictionary(), group);
  }

  /// A store whose catalog knows of dictionaries is not opened by a build that does not.
  private static ColumnLayout withDictionary(
      PageTransaction pages, Target.Strings target, ColumnLayout column) {
    if (column.dictionary().exist()) {
      return column;
    }
    CatalogBuilder catalog = new CatalogBuilder(pages);
    ColumnLayout grown = catalog.addDictionary(target.ofEdges(), target.arena(), column);
    catalog.finish(VersionState.countsOf(pages));
    return grown;
  }

  @Override
  public long moved() {
    return moved;
  }
}
