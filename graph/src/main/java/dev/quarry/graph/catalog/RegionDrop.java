package dev.quarry.graph.catalog;

import dev.quarry.storage.arena.Column;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.page.PageTransaction;
import java.util.ArrayList;
import java.util.List;

/// Drops all spaces of a region: its arenas, the flips in them, and the lists of their own that one
/// of them is an end of.
///
/// What is left are entries of mixed lists and of indexes, and rows of relationships into the
/// region: they are filtered until they are swept. Nothing of them is read here, so the time
/// follows the spaces and their pages, not the nodes.
final class RegionDrop {
  private final PageTransaction transaction;
  private final Catalog catalog;
  private final int region;

  RegionDrop(PageTransaction transaction, Catalog catalog, int region) {
    this.transaction = transaction;
    this.catalog = catalog;
    this.region = region;
  }

  /// The catalog without the region.
  Catalog run() {
    List<Flip> flips = new ArrayList<>();
    for (Flip flip : catalog.flips()) {
      if (leaves(flip.arena())) {
        transaction.dropSpace(flip.space());
      } else {
        flips.add(flip);
      }
    }
    List<ListKind> kinds = new ArrayList<>();
    for (ListKind kind : catalog.kinds()) {
      if (leaves(kind.arena()) || leaves(kind.other())) {
        kind.spaces().drop(transaction);
      } else {
        kinds.add(kind);
      }
    }
    CatalogDraft draft = new CatalogDraft(catalog);
    draft.arenas = drop(catalog.arenas());
    draft.edgeArenas = drop(catalog.edgeArenas());
    draft.flips = flips;
    draft.kinds = kinds;
    draft.regions =
        catalog
            .regions()
            .with(region, new Region("", Region.State.DROPPED))
            .sweptBy(beginSweep(catalog.regions()));
    return draft.catalog();
  }

  private boolean leaves(int arena) {
    return catalog.arenas().get(arena).region() == region;
  }

  private List<Arena> drop(List<Arena> arenas) {
    List<Arena> left = new ArrayList<>(arenas);
    left.replaceAll(
        arena -> arena.region() == region && !arena.isDropped() ? arena.drop(transaction) : arena);
    return left;
  }

  /// The sweep has to begin again, since what it has passed may lead to this region.
  private int beginSweep(Regions regions) {
    int space = regions.hasUnswept() ? regions.sweep() : Column.createSpace(transaction);
    Memory.fill(transaction.writable(space, 0), SweepPosition.BYTES, (byte) 0);
    return space;
  }
}
