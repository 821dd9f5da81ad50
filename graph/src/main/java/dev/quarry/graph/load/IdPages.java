package dev.quarry.graph.load;

import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import java.util.Arrays;

/// Cells of 4 bytes for integers that lie densely, in pages of native memory; a cell that was not
/// written is 0. Used by one thread; while nobody adds, by many.
final class IdPages implements AutoCloseable {
  private final Scratch scratch;
  private final int shift;
  private final long most;
  private long[] pages = {};
  private long count;

  /// @param scratch which is theirs from now on
  /// @param shift of the number of cells in a page
  /// @param most an integer at or above so many pages has none
  IdPages(Scratch scratch, int shift, long most) {
    this.scratch = scratch;
    this.shift = shift;
    this.most = most;
  }

  /// The cell of an integer, 0 if it has no page.
  long cell(long key) {
    long page = key >>> shift;
    if (page >= pages.length || pages[(int) page] == 0) {
      return 0;
    }
    return pages[(int) page] + (key & (1L << shift) - 1) * 4;
  }

  /// Makes the page of an integer, which has none.
  ///
  /// @param mostPages how many there may be
  /// @return whether there is one now
  boolean add(long key, long mostPages) {
    long page = key >>> shift;
    if (page >= most || count >= mostPages) {
      return false;
    }
    if (page >= pages.length) {
      pages = Arrays.copyOf(pages, (int) Math.max(page + 1, pages.length * 3L / 2));
    }
    pages[(int) page] = scratch.allocateZeroed(4L << shift);
    count++;
    return true;
  }

  /// Visits all integers whose cells are not 0, with their cells as unsigned numbers.
  void forEach(IdVisitor visitor) {
    for (int page = 0; page < pages.length; page++) {
      for (int i = 0; pages[page] != 0 && i < 1 << shift; i++) {
        int number = Memory.getInt(pages[page] + i * 4L);
        if (number != 0) {
          visitor.visit((long) page << shift | i, number & 0xFFFF_FFFFL);
        }
      }
    }
  }

  @Override
  public void close() {
    pages = new long[0];
    scratch.close();
  }
}
