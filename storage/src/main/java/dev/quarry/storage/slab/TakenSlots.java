package dev.quarry.storage.slab;

import java.util.Arrays;

/// Which slots of which pages were taken: two words of bits for each page that has any, in a hash
/// table with open addressing. Used by one thread.
final class TakenSlots {
  private static final int WORDS = 3; // number of the page plus 1, and its bits
  private static final int FIRST = 16;
  private static final long MIX = 0x9E3779B97F4A7C15L;

  private long[] cells = {};
  private int shift; // of a hash, which leaves the number of a cell
  private int count;

  /// Notes the slots of a page, in place of what was noted before.
  ///
  /// @param page see [Descriptors#index]
  /// @param low bits of slots from 0 on
  /// @param high bits of slots from 64 on
  void put(long page, long low, long high) {
    if (count * 2 * WORDS >= cells.length) {
      grow();
    }
    int at = find(page);
    count += cells[at] == 0 ? 1 : 0;
    cells[at] = page + 1;
    cells[at + 1] = low;
    cells[at + 2] = high;
  }

  private void grow() {
    long[] before = cells;
    int size = before.length == 0 ? FIRST : before.length / WORDS * 2;
    cells = new long[size * WORDS];
    shift = Long.SIZE - Integer.numberOfTrailingZeros(size);
    for (int at = 0; at < before.length; at += WORDS) {
      if (before[at] != 0) {
        System.arraycopy(before, at, cells, find(before[at] - 1), WORDS);
      }
    }
  }

  /// Where the cell of a page is, or would be; there is always a free one.
  private int find(long page) {
    int at = (int) (page * MIX >>> shift) * WORDS;
    while (cells[at] != 0 && cells[at] != page + 1) {
      at = at + WORDS == cells.length ? 0 : at + WORDS;
    }
    return at;
  }

  /// The bits of slots from 0 on.
  long low(long page) {
    return count == 0 ? 0 : cells[find(page) + 1];
  }

  /// The bits of slots from 64 on.
  long high(long page) {
    return count == 0 ? 0 : cells[find(page) + 2];
  }

  /// Whether nothing was noted.
  boolean isEmpty() {
    return count == 0;
  }

  /// Forgets all.
  void clear() {
    if (count > 0) {
      Arrays.fill(cells, 0);
      count = 0;
    }
  }
}
