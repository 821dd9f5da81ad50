package dev.quarry.storage.arena;

import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.slab.CellWalk;
import dev.quarry.storage.slab.Evacuation;
import dev.quarry.storage.slab.SlabWriter;

/// Moves the strings of one column out of pages that are to be emptied, in one transaction. A chain
/// stays where it is: all but its last piece fill their pages. Used by the writer's thread.
public final class StringMover implements CellWalk.Mover {
  private final Column cells;
  private final ColumnWriter writer;
  private final SlabWriter slabs;
  private final Evacuation evacuation;

  /// @param column space of cells of 16 bytes
  public StringMover(
      PageTransaction transaction, StringSpaces spaces, int column, Evacuation evacuation) {
    this.cells = new Column(transaction, column, 16);
    this.writer = new ColumnWriter(transaction, column, 16);
    this.slabs = new SlabWriter(transaction, spaces.slabs());
    this.evacuation = evacuation;
  }

  @Override
  public int move(long slot) {
    long cell = cells.address(slot);
    int length = Strings.length(cell);
    if (length <= Strings.INLINE || length > StringsWriter.ONE_SLOT) {
      return 0;
    }
    long reference = Memory.getLong(cell + 8);
    long moved = slabs.evacuate(reference, length, evacuation);
    if (moved == reference) {
      return 0;
    }
    if (moved == 0) {
      return LATER;
    }
    Memory.putLong(writer.writable(slot) + 8, moved);
    return length;
  }

  @Override
  public boolean isNothing(long firstSlot) {
    return true;
  }

  @Override
  public void finish() {
    slabs.finish();
  }
}
