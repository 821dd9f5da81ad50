package dev.quarry.storage.page;

import java.util.Arrays;

/// The frames that newer ones replaced, where both differ in a few lines that are known: *twins*.
///
/// ```text
/// version 7      8          9
///  page 12:  frame A ──► frame B          A is the twin of B: they differ in line 3
///                           └──► frame A  line 3 is copied, not the page; B is the twin of A
/// ```
///
/// Who changes B again takes A for the copy, if nobody sees A any more, and has to bring only those
/// lines up to date. Else A would have been reclaimed to become a copy of another page. A line is
/// 64 bytes, so a word has a bit for each line of a page of 4 KiB; larger pages have no twins.
///
/// A table with open addressing, by the newer frame; where it is full, an entry makes way for the
/// next. Invariant: the newer frame is in use, and the twin is neither in use nor retired. Threads:
/// the caller's lock.
final class Twins {
  static final int PAGE_BYTES = 64 * 64;

  private static final int MOST = 1 << 14;
  private static final int FEWEST_CELLS = 64;
  private static final int FIELDS = 5; // newer frame, twin, its birth and death, lines

  /// Is told of a twin that is given up.
  interface Sink {
    void accept(long twin, long birth, long death);
  }

  private final int most;
  private long[] table = new long[0];
  private int cells;
  private int count;
  private int hand;

  /// @param memoryBytes of which they take a sixteenth at most
  Twins(long memoryBytes) {
    this.most = (int) Math.min(MOST, memoryBytes / 16 / PAGE_BYTES);
  }

  long bytes() {
    return (long) count * PAGE_BYTES;
  }

  /// Where the twin of a frame is in the table; -1 if it has none.
  int find(long newer) {
    if (count == 0) {
      return -1;
    }
    int cell = cell(newer);
    while (table[cell * FIELDS] != newer) {
      if (table[cell * FIELDS] == 0) {
        return -1;
      }
      cell = cell + 1 & cells - 1;
    }
    return cell;
  }

  long twin(int cell) {
    return table[cell * FIELDS + 1];
  }

  long birth(int cell) {
    return table[cell * FIELDS + 2];
  }

  long death(int cell) {
    return table[cell * FIELDS + 3];
  }

  /// The lines in which it differs, a bit for each.
  long lines(int cell) {
    return table[cell * FIELDS + 4];
  }

  /// Adds a twin.
  ///
  /// @param newer has none
  /// @param evicted is told of one that makes way, perhaps of this
  void add(long newer, long twin, long birth, long death, long lines, Sink evicted) {
    if (most == 0) {
      evicted.accept(twin, birth, death);
      return;
    }
    if (count == most) {
      evictOne(evicted);
    }
    if (2 * (count + 1) > cells) {
      grow();
    }
    put(newer, twin, birth, death, lines);
    count++;
  }

  private void put(long newer, long twin, long birth, long death, long lines) {
    int cell = cell(newer);
    while (table[cell * FIELDS] != 0) {
      assert table[cell * FIELDS] != newer : "a frame has two twins";
      cell = cell + 1 & cells - 1;
    }
    table[cell * FIELDS] = newer;
    table[cell * FIELDS + 1] = twin;
    table[cell * FIELDS + 2] = birth;
    table[cell * FIELDS + 3] = death;
    table[cell * FIELDS + 4] = lines;
  }

  private void evictOne(Sink evicted) {
    while (table[hand * FIELDS] == 0) {
      hand = hand + 1 & cells - 1;
    }
    evicted.accept(twin(hand), birth(hand), death(hand));
    remove(hand);
  }

  private void grow() {
    long[] old = table;
    cells = Math.max(FEWEST_CELLS, 2 * cells);
    table = new long[cells * FIELDS];
    hand = 0;
    for (int at = 0; at < old.length; at += FIELDS) {
      if (old[at] != 0) {
        put(old[at], old[at + 1], old[at + 2], old[at + 3], old[at + 4]);
      }
    }
  }

  /// Removes an entry; those behind it that are not in the cell they belong to move up.
  void remove(int cell) {
    count--;
    int gap = cell;
    int next = gap;
    while (true) {
      next = next + 1 & cells - 1;
      long newer = table[next * FIELDS];
      if (newer == 0) {
        break;
      }
      if ((next - cell(newer) & cells - 1) >= (next - gap & cells - 1)) {
        System.arraycopy(table, next * FIELDS, table, gap * FIELDS, FIELDS);
        gap = next;
      }
    }
    Arrays.fill(table, gap * FIELDS, (gap + 1) * FIELDS, 0);
  }

  /// Removes all.
  void clear(Sink sink) {
    for (int cell = 0; count > 0 && cell < cells; cell++) {
      if (table[cell * FIELDS] != 0) {
        sink.accept(twin(cell), birth(cell), death(cell));
      }
    }
    count = 0;
    cells = 0;
    hand = 0;
    table = new long[0];
  }

  private int cell(long newer) {
    return (int) ((newer >>> 12) * 0x9E3779B97F4A7C15L >>> 32) & cells - 1;
  }
}
