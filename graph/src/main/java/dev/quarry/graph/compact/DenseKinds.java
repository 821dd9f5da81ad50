package dev.quarry.graph.compact;

import dev.quarry.graph.catalog.Arena;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.CatalogBuilder;
import dev.quarry.graph.catalog.VersionState;
import dev.quarry.graph.statistics.KindCounts;
import dev.quarry.graph.transaction.Ids;
import dev.quarry.storage.arena.Slots;
import dev.quarry.storage.page.PageReader;
import dev.quarry.storage.page.PageTransaction;
import java.util.ArrayList;
import java.util.List;

/// Makes lists of their own for kinds that became dense in mixed lists: those whose entries take at
/// least as much there as the two directories that they would get.
///
/// ```text
/// a relationship in mixed lists       16 bytes + 16 bytes
/// directories of their own            16 bytes a slot of the sources + 16 bytes a slot of the targets
/// ```
///
/// So a node has no more such kinds, on average, than relationships. A store of an older catalog
/// version does not count relationships by kind: there none is made. Used by the writer's thread.
final class DenseKinds {
  private static final int LEAST = 256;

  private final PageReader pages;
  private final Catalog catalog;
  private final List<Kind> found = new ArrayList<>();

  private record Kind(int source, int type, int target) {}

  private DenseKinds(PageReader pages, Catalog catalog) {
    this.pages = pages;
    this.catalog = catalog;
  }

  /// Makes lists for the dense kinds that leave the nodes of an arena.
  ///
  /// @return the catalog with them
  static Catalog make(PageTransaction pages, Catalog catalog, int source) {
    DenseKinds dense = new DenseKinds(pages, catalog);
    dense.find(source);
    if (dense.found.isEmpty()) {
      return catalog;
    }
    CatalogBuilder builder = new CatalogBuilder(pages);
    for (Kind kind : dense.found) {
      builder.addKinds(kind.source, kind.type, kind.target, 4);
    }
    builder.finish(VersionState.countsOf(pages));
    return builder.catalog();
  }

  private void find(int arena) {
    int space = catalog.statistics().kinds();
    if (space < 0) {
      return;
    }
    new KindCounts(
            pages, space, one -> catalog.arena(one).isDropped(), VersionState.countsOf(pages))
        .all(
            (source, type, target, relationships) -> {
              if (source == arena
                  && catalog.kind(source, type, true, target) == null
                  && isDense(source, target, relationships)) {
                found.add(new Kind(source, type, target));
              }
            });
  }

  private boolean isDense(int source, int target, long relationships) {
    long sources = slots(source);
    long targets = slots(target);
    return relationships >= Math.max(1, least())
        && 2 * relationships >= sources + targets
        && Ids.fitWord(sources, targets, -1);
  }

  /// A kind with fewer is not worth its spaces. The property is for tests.
  private static int least() {
    return Integer.getInteger("quarry.leastSeparated", LEAST);
  }

  private long slots(int id) {
    Arena arena = catalog.arena(id);
    return new Slots(pages, arena.slots()).highWater();
  }
}
