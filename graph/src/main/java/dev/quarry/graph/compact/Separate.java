package dev.quarry.graph.compact;

import dev.quarry.graph.catalog.Arena;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.storage.page.PageReader;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.slab.Lists;
import org.jspecify.annotations.Nullable;

/// Separates kinds of relationships that became dense from the mixed lists of an arena
/// ([DenseKinds], [MixedMove]), and moves those that lie there though their kind has lists of its
/// own. So what takes 16 bytes an entry takes 4 or 8, and can be frozen and packed by the stages
/// that follow; the mixed lists keep what is rare.
///
/// In a position, the cell is the next slot; of a hub a step looks at some entries. Used by one
/// thread.
final class Separate implements Stage {
  private static final int MOST_SLOTS = 1 << 16; // in a step
  private static final int MOST_LOOKED = 1 << 12;
  private static final int MOST_MOVED = 256;

  // Where the list at hand goes on.
  private long fromHi;
  private long fromLo;
  private long moved;

  @Override
  public boolean begin(PageReader state, Catalog catalog, Target target, int pass) {
    fromHi = 0;
    fromLo = 0;
    Arena arena = pass == 0 ? arena(catalog, target) : null;
    return arena != null && !new Lists(state, arena.lists(true)).isEmpty();
  }

  /// The arena whose outgoing mixed lists a target is; null if it is something else, or gone.
  private static @Nullable Arena arena(Catalog catalog, Target target) {
    if (!(target instanceof Target.Mixed mixed) || !mixed.out()) {
      return null;
    }
    Arena arena = catalog.arena(mixed.arena());
    return arena.isDropped() ? null : arena;
  }

  @Override
  public @Nullable Position step(
      PageTransaction pages, Catalog catalog, Target target, Position from) {
    Arena arena = arena(catalog, target);
    if (arena == null) {
      return null;
    }
    int id = arena.id();
    Catalog all = from.cell() == 0 ? DenseKinds.make(pages, catalog, id) : catalog;
    if (all.kinds().stream().noneMatch(kind -> kind.out() && kind.arena() == id)) {
      return null;
    }
    MixedMove move = new MixedMove(pages, all, id);
    long slot = walk(move, from.cell());
    move.finish();
    moved += move.moved();
    return slot < move.slotCount() ? new Position(0, slot) : null;
  }

  /// @return the slot with which to go on
  private long walk(MixedMove move, long first) {
    long slot = first;
    long end = Math.min(move.slotCount(), first + MOST_SLOTS);
    while (slot < end && move.looked() < MOST_LOOKED && move.moved() < MOST_MOVED) {
      move.move(slot, fromHi, fromLo);
      boolean goesOn = move.hasMore();
      slot += goesOn ? 0 : 1;
      fromHi = goesOn ? move.nextHi() : 0;
      fromLo = goesOn ? move.nextLo() : 0;
    }
    return slot;
  }

  @Override
  public long moved() {
    return moved;
  }
}
