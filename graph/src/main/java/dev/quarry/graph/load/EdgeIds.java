package dev.quarry.graph.load;

import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeMemory;
import dev.quarry.storage.memory.Scratch;
import java.util.Arrays;

/// From the integers of edge lists to slots of one arena, in native memory.
///
/// ```text
/// dense    page of an integer ─►  slot + 1, 4 bytes for each of 65,536 integers in a row
/// hashed   key 8 │ slot + 1, 8    open addressing, at most two thirds full
/// ```
///
/// It begins dense, and is hashed from the moment on at which pages would take more than their
/// share of memory and more than the table would, or an integer has no page. Used by one thread.
final class EdgeIds implements AutoCloseable {
  private static final int PAGE_SHIFT = 16;
  private static final int PAGE = 1 << PAGE_SHIFT;
  private static final long FIRST_CELLS = 1024;
  private static final long CELL = 16;
  private static final long USUAL_BYTES = 32; // of the table, for each integer
  private static final long MOST_SLOT = 0xFFFF_FFFEL;

  private final NativeMemory memory;
  private final Budget account;
  private final long freePages;
  private Scratch scratch;
  private long[] pages = {};
  private long pageCount;
  private boolean isHashed;
  private long table;
  private long mask;
  private long count;
  private long[] fresh = {};
  private int freshCount;

  /// @param pageBytes what pages may take however few integers there are
  EdgeIds(NativeMemory memory, Budget account, long pageBytes) {
    this.memory = memory;
    this.account = account;
    this.freePages = pageBytes / (PAGE * 4L);
    this.scratch = memory.scratch(account);
  }

  /// Replaces integers with their slots. Those that are met for the first time get the slots from
  /// `next` on, in order; [#fresh()] has them.
  ///
  /// @return how many are new
  int resolve(long[] ids, int from, int to, long next) {
    freshCount = 0;
    if (fresh.length < to - from) {
      fresh = new long[to - from];
    }
    for (int i = from; i < to; ) {
      i = isHashed ? resolveHashed(ids, i, to, next) : resolveDense(ids, i, to, next);
    }
    return freshCount;
  }

  /// The integers that the last call met for the first time.
  long[] fresh() {
    return fresh;
  }

  boolean isHashed() {
    return isHashed;
  }

  /// Returns the index at which it became hashed, else `to`.
  private int resolveDense(long[] ids, int from, int to, long next) {
    for (int i = from; i < to; i++) {
      long id = ids[i];
      long page = id >>> PAGE_SHIFT;
      if (page >= pages.length || pages[(int) page] == 0) {
        if (!addPage(page)) {
          becomeHashed();
          return i;
        }
      }
      long cell = pages[(int) page] + (id & PAGE - 1) * 4;
      int known = Memory.getInt(cell);
      if (known == 0) {
        known = (int) take(id, next) + 1;
        Memory.putInt(cell, known);
      }
      ids[i] = (known & 0xFFFF_FFFFL) - 1;
    }
    return to;
  }

  private long take(long id, long next) {
    fresh[freshCount] = id;
    count++;
    long slot = next + freshCount++;
    assert slot <= MOST_SLOT : slot;
    return slot;
  }

  private boolean addPage(long page) {
    long most = Math.max(freePages, count * USUAL_BYTES / (PAGE * 4L));
    if (page < 0 || page > 0xFFFF || pageCount >= most) {
      return false;
    }
    if (page >= pages.length) {
      pages = Arrays.copyOf(pages, (int) Math.max(page + 1, pages.length * 3L / 2));
    }
    pages[(int) page] = scratch.allocateZeroed(PAGE * 4L);
    pageCount++;
    return true;
  }

  private void becomeHashed() {
    Scratch old = scratch;
    long cells = FIRST_CELLS;
    while (2 * cells <= 3 * count) {
      cells *= 2;
    }
    makeTable(cells);
    for (int page = 0; page < pages.length; page++) {
      for (int i = 0; pages[page] != 0 && i < PAGE; i++) {
        int known = Memory.getInt(pages[page] + i * 4L);
        if (known != 0) {
          long id = (long) page << PAGE_SHIFT | i;
          put(cellOf(id), id, known & 0xFFFF_FFFFL);
        }
      }
    }
    old.close();
    pages = new long[0];
    isHashed = true;
  }

  private void makeTable(long cells) {
    Scratch next = memory.scratch(account);
    try {
      table = next.allocateZeroed(cells * CELL);
    } catch (RuntimeException e) {
      next.close();
      throw e;
    }
    mask = cells - 1;
    scratch = next;
  }

  private int resolveHashed(long[] ids, int from, int to, long next) {
    for (int i = from; i < to; i++) {
      long id = ids[i];
      long cell = cellOf(id);
      long known = Memory.getLong(cell + 8);
      if (known == 0) {
        if (3 * count >= 2 * mask) {
          grow();
          cell = cellOf(id);
        }
        known = take(id, next) + 1;
        put(cell, id, known);
      }
      ids[i] = known - 1;
    }
    return to;
  }

  private static void put(long cell, long id, long known) {
    Memory.putLong(cell, id);
    Memory.putLong(cell + 8, known);
  }

  /// The cell of an integer, or the free one where it belongs.
  private long cellOf(long id) {
    long index = Memory.mix(id);
    while (true) {
      long cell = table + (index & mask) * CELL;
      if (Memory.getLong(cell) == id || Memory.getLong(cell + 8) == 0) {
        // a free cell holds zeros, which is what the integer 0 looks like: same place either way
        return cell;
      }
      index++;
    }
  }

  private void grow() {
    Scratch old = scratch;
    long from = table;
    long cells = mask + 1;
    makeTable(2 * cells);
    for (long i = 0; i < cells; i++) {
      long cell = from + i * CELL;
      long known = Memory.getLong(cell + 8);
      if (known != 0) {
        put(cellOf(Memory.getLong(cell)), Memory.getLong(cell), known);
      }
    }
    old.close();
  }

  @Override
  public void close() {
    scratch.close();
  }
}
