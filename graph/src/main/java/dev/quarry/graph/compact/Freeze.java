package dev.quarry.graph.compact;

import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.CatalogBuilder;
import dev.quarry.storage.page.PageReader;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.slab.GroupFreezer;
import dev.quarry.storage.slab.ListSpaces;
import dev.quarry.storage.slab.Lists;
import org.jspecify.annotations.Nullable;

/// Freezes groups of slots of which more than a little lies outside of their run, see
/// [GroupFreezer]; or packs those whose run is not packed. A group that an earlier compaction has
/// begun is completed first, as that wanted it.
///
/// In a position, the part is the group, and the cell a page of its directory. Used by one thread.
final class Freeze implements Stage {
  private static final int MOST_PAGES = 32; // of the directory, in a step
  private static final int MOST_BYTES = 128 << 10;
  private static final int MOST_ATTEMPTS = 3; // at one group; each time it was changed meanwhile

  private final boolean packs;
  private int attempts;
  private long moved;

  Freeze(boolean packs) {
    this.packs = packs;
  }

  @Override
  public boolean begin(PageReader state, Catalog catalog, Target target, int pass) {
    attempts = 0;
    ListSpaces spaces = spaces(catalog, target);
    return pass == 0 && spaces != null && GroupFreezer.count(new Lists(state, spaces)) > 0;
  }

  private static @Nullable ListSpaces spaces(Catalog catalog, Target target) {
    ListSpaces spaces = target instanceof Target.Lists lists ? lists.spaces(catalog) : null;
    return spaces != null && spaces.runs().exist() ? spaces : null;
  }

  @Override
  public @Nullable Position step(
      PageTransaction pages, Catalog catalog, Target target, Position from) {
    ListSpaces spaces = spaces(catalog, target);
    if (spaces == null || attempts == MOST_ATTEMPTS) {
      return null;
    }
    int group = from.part();
    if (from.cell() == 0) {
      Lists lists = new Lists(pages, spaces);
      long begun = GroupFreezer.onItsWay(lists);
      if (begun >= 0 && begun != group) {
        return new Position((int) begun, 0);
      }
      if (group >= GroupFreezer.count(lists)) {
        return null;
      }
      if (begun < 0 && !new GroupFreezer(pages, spaces, group, packs).isWorthwhile()) {
        return new Position(group + 1, 0);
      }
      if (packs) {
        CatalogBuilder.renew(pages, catalog);
      }
    }
    return step(new GroupFreezer(pages, spaces, group, packs), group, (int) from.cell());
  }

  private Position step(GroupFreezer freezer, int group, int first) {
    int page = first;
    if (page == GroupFreezer.PAGES) {
      if (freezer.finish()) {
        attempts = 0;
        return new Position(group + 1, 0);
      }
      attempts++;
      return new Position(group, 0);
    }
    long bytes = 0;
    while (page < GroupFreezer.PAGES && page < first + MOST_PAGES && bytes < MOST_BYTES) {
      bytes += freezer.page(page++);
    }
    freezer.complete();
    moved += freezer.moved();
    return new Position(group, page);
  }

  @Override
  public long moved() {
    return moved;
  }
}
