package dev.quarry.graph.compact;

import dev.quarry.graph.catalog.Catalog;
import dev.quarry.storage.page.PageReader;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.slab.CellWalk;
import dev.quarry.storage.slab.Evacuation;
import dev.quarry.storage.slab.SlabSpaces;
import dev.quarry.storage.slab.Slabs;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Moves lists and strings out of the emptiest pages of their size class, and lists that have
/// become shorter into smaller slots, hubs into blocks, blocks into directory entries.
///
/// One walk makes a class as full as it should be, unless it met pages before others were taken out
/// of them; then there is another one. Used by one thread.
final class Evacuate implements Stage {
  private static final int MOST_PASSES = 4;

  private @Nullable Evacuation evacuation;
  private long moved;

  @Override
  public boolean begin(PageReader state, Catalog catalog, Target target, int pass) {
    SlabSpaces slabs = target.slabs(catalog);
    if (slabs == null || pass == MOST_PASSES) {
      return false;
    }
    Evacuation found = Evacuation.of(new Slabs(state, slabs));
    evacuation = found;
    return !found.isIdle() || pass == 0 && target instanceof Target.Lists;
  }

  @Override
  public @Nullable Position step(
      PageTransaction pages, Catalog catalog, Target target, Position from) {
    Evacuation plan = evacuation;
    List<Integer> cells = target.slabs(catalog) == null ? List.of() : target.cells(catalog);
    if (plan == null || from.part() >= cells.size()) {
      return null;
    }
    CellWalk walk =
        new CellWalk(
            pages, cells.get(from.part()), target.mover(pages, catalog, from.part(), plan));
    long next = walk.run(from.cell());
    moved += walk.moves();
    return next == CellWalk.END
        ? new Position(from.part() + 1, 0)
        : new Position(from.part(), next);
  }

  @Override
  public long moved() {
    return moved;
  }
}
