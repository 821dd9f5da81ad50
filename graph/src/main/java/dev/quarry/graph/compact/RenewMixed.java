package dev.quarry.graph.compact;

import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.CatalogBuilder;
import dev.quarry.graph.catalog.VersionState;
import dev.quarry.storage.page.PageReader;
import dev.quarry.storage.page.PageTable;
import dev.quarry.storage.page.PageTransaction;
import org.jspecify.annotations.Nullable;

/// Gives an arena new mixed lists where the old ones have become empty, which shows by their
/// directory having no page any more. From then on nobody looks for relationships there, as if
/// there had never been any. Used by one thread.
final class RenewMixed implements Stage {
  @Override
  public boolean begin(PageReader state, Catalog catalog, Target target, int pass) {
    return pass == 0 && target instanceof Target.Mixed mixed && isEmptied(state, catalog, mixed);
  }

  private static boolean isEmptied(PageReader state, Catalog catalog, Target.Mixed mixed) {
    if (catalog.arena(mixed.arena()).isDropped()) {
      return false;
    }
    PageTable directory = state.table(catalog.arena(mixed.arena()).lists(mixed.out()).directory());
    return directory.pageCount() > 0 && directory.firstPresent(0) < 0;
  }

  @Override
  public @Nullable Position step(
      PageTransaction pages, Catalog catalog, Target target, Position from) {
    Target.Mixed mixed = (Target.Mixed) target;
    if (isEmptied(pages, catalog, mixed)) { // which may have changed since
      CatalogBuilder builder = new CatalogBuilder(pages);
      builder.renewLists(mixed.arena(), mixed.out());
      builder.finish(VersionState.countsOf(pages));
    }
    return null;
  }

  @Override
  public long moved() {
    return 0;
  }
}
