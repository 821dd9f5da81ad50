package dev.quarry.storage.slab;

import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.page.PageTable;
import dev.quarry.storage.page.PageTransaction;

/// One step of a walk over cells of 16 bytes that may refer to slab slots, in their order: the
/// directory of lists, or a column of strings. A page of nothing but zeros becomes absent, where
/// that means the same.
///
/// A step ends after some cells, or after it has changed so many pages or moved so many bytes that
/// it takes about a millisecond. Used by the writer's thread.
public final class CellWalk {
  /// What [#run] returns where there are no more cells.
  public static final long END = -1;

  private static final int CELL_SHIFT = 4;
  private static final int PER_PAGE_SHIFT = 12 - CELL_SHIFT;
  private static final int PER_PAGE = 1 << PER_PAGE_SHIFT;
  private static final int MOST_CELLS = 1 << 12;
  private static final int MOST_PRIVATE = 128 << 10;
  private static final int MOST_MOVED = 128 << 10;
  private static final int MOST_MOVES = 1 << 7;

  /// Moves what cells refer to.
  public interface Mover {
    /// The cell is to be asked again, in another transaction.
    int LATER = -1;

    /// Moves what a cell refers to, if it should.
    ///
    /// @return bytes that were moved, 0 for none, or [#LATER]
    int move(long cell);

    /// Whether a page of zeros means the same as one that is absent.
    ///
    /// @param first its first cell
    boolean isNothing(long first);

    /// Completes the transaction's part. Call it before the commit.
    void finish();
  }

  private final PageTransaction transaction;
  private final int space;
  private final PageTable cells;
  private final Mover mover;
  private long moves;
  private long moved;

  public CellWalk(PageTransaction transaction, int space, Mover mover) {
    this.transaction = transaction;
    this.space = space;
    this.cells = transaction.table(space);
    this.mover = mover;
  }

  /// Goes on from a cell.
  ///
  /// @return where the next step goes on, or [#END]
  public long run(long from) {
    long next = from;
    long looked = 0;
    while (next != END && looked < MOST_CELLS && !isMuch()) {
      long page = cells.firstPresent(next >>> PER_PAGE_SHIFT);
      if (page < 0) {
        next = END;
      } else {
        long first = Math.max(next, page << PER_PAGE_SHIFT);
        next = walkPage(page, first);
        looked += PER_PAGE;
        if (next < page + 1 << PER_PAGE_SHIFT) {
          break;
        }
      }
    }
    mover.finish();
    return next;
  }

  /// How many cells had something moved.
  public long moves() {
    return moves;
  }

  private boolean isMuch() {
    return moves >= MOST_MOVES || moved >= MOST_MOVED || transaction.privateBytes() >= MOST_PRIVATE;
  }

  /// @return the cell with which to go on
  private long walkPage(long page, long first) {
    long end = page + 1 << PER_PAGE_SHIFT;
    boolean isEmpty = first == page << PER_PAGE_SHIFT;
    for (long cell = first; cell < end; cell++) {
      long at = cells.address(page) + ((cell & PER_PAGE - 1) << CELL_SHIFT);
      if ((Memory.getLong(at) | Memory.getLong(at + 8)) == 0) {
        continue;
      }
      isEmpty = false;
      if (isMuch()) {
        return cell;
      }
      int bytes = mover.move(cell);
      if (bytes == Mover.LATER) {
        return cell;
      }
      moves += bytes > 0 ? 1 : 0;
      moved += bytes;
    }
    if (isEmpty && mover.isNothing(first)) {
      transaction.free(space, page);
    }
    return end;
  }
}
