package dev.quarry.graph.compact;

import dev.quarry.graph.catalog.Arena;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.ColumnLayout;
import dev.quarry.graph.catalog.ListKind;
import dev.quarry.storage.arena.StringMover;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.slab.CellWalk;
import dev.quarry.storage.slab.Evacuation;
import dev.quarry.storage.slab.ListMover;
import dev.quarry.storage.slab.ListSpaces;
import dev.quarry.storage.slab.SlabSpaces;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What lies in one set of slabs. It is a name, which is looked up in each state anew: between two
/// steps a region may be dropped, or a column added.
sealed interface Target {
  /// Its slabs; null if it is gone.
  @Nullable SlabSpaces slabs(Catalog catalog);

  /// The spaces of cells that refer to its slots. Later ones are added at the end.
  List<Integer> cells(Catalog catalog);

  /// What moves the slots that one of these spaces refers to.
  CellWalk.Mover mover(PageTransaction pages, Catalog catalog, int part, Evacuation evacuation);

  /// Lists of relationships.
  sealed interface Lists extends Target {
    /// Their spaces; null if they are gone.
    @Nullable ListSpaces spaces(Catalog catalog);

    @Override
    default @Nullable SlabSpaces slabs(Catalog catalog) {
      ListSpaces spaces = spaces(catalog);
      return spaces == null ? null : spaces.slabs();
    }

    @Override
    default List<Integer> cells(Catalog catalog) {
      return List.of(Objects.requireNonNull(spaces(catalog)).directory());
    }

    @Override
    default CellWalk.Mover mover(
        PageTransaction pages, Catalog catalog, int part, Evacuation evacuation) {
      return new ListMover(pages, Objects.requireNonNull(spaces(catalog)), evacuation);
    }
  }

  /// The mixed lists of an arena.
  record Mixed(int arena, boolean out) implements Lists {
    @Override
    public @Nullable ListSpaces spaces(Catalog catalog) {
      Arena found = catalog.arenas().get(arena);
      return found.isDropped() ? null : found.lists(out);
    }
  }

  /// The lists of one kind.
  record Kind(int arena, int type, boolean out, int other) implements Lists {
    @Override
    public @Nullable ListSpaces spaces(Catalog catalog) {
      ListKind kind = catalog.kind(arena, type, out, other);
      return kind == null ? null : kind.spaces();
    }
  }

  /// The strings of an arena, and what else is kept like them.
  record Strings(boolean ofEdges, int arena) implements Target {
    @Override
    public @Nullable SlabSpaces slabs(Catalog catalog) {
      Arena found = catalog.arena(ofEdges, arena);
      return found.isDropped() ? null : found.strings().slabs();
    }

    @Override
    public List<Integer> cells(Catalog catalog) {
      List<Integer> cells = new ArrayList<>();
      for (ColumnLayout column : catalog.arena(ofEdges, arena).columns()) {
        if (column.tag().isBytes()) {
          cells.add(column.values());
          cells.add(column.dictionary().entries()); // which may be no space, and then has no pages
        }
        cells.add(column.overflow());
      }
      return cells;
    }

    @Override
    public CellWalk.Mover mover(
        PageTransaction pages, Catalog catalog, int part, Evacuation evacuation) {
      Arena found = catalog.arena(ofEdges, arena);
      return new StringMover(pages, found.strings(), cells(catalog).get(part), evacuation);
    }
  }

  /// All that there are, in the order in which they are walked over.
  static List<Target> all(Catalog catalog) {
    List<Target> all = new ArrayList<>();
    for (Arena arena : catalog.arenas()) {
      all.add(new Mixed(arena.id(), true));
      all.add(new Mixed(arena.id(), false));
      all.add(new Strings(false, arena.id()));
    }
    for (Arena arena : catalog.edgeArenas()) {
      all.add(new Strings(true, arena.id()));
    }
    for (ListKind kind : catalog.kinds()) {
      all.add(new Kind(kind.arena(), kind.type(), kind.out(), kind.other()));
    }
    all.removeIf(target -> target.slabs(catalog) == null);
    return all;
  }
}
