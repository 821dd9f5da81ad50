package dev.quarry.graph.load;

import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeMemory;
import org.jspecify.annotations.Nullable;

/// From the integers of edge lists to slots of one arena, in native memory.
///
/// ```text
/// dense    page of an integer ─►  slot + 1, 4 bytes for each of 65,536 integers in a row
/// hashed   key 8 │ slot + 1, 8    a table, at most two thirds full
/// ```
///
/// It begins dense, and is hashed from the moment on at which pages would take more than their
/// share of memory and more than the table would, or an integer has no page. Used by one thread.
final class EdgeIds implements AutoCloseable {
  private static final int PAGE_SHIFT = 16;
  private static final long PAGE_BYTES = 4L << PAGE_SHIFT;
  private static final long MOST_PAGES = 1 << 16;
  private static final long USUAL_BYTES = 32; // of the table, for each integer
  private static final long MOST_SLOT = 0xFFFF_FFFEL;

  private final NativeMemory memory;
  private final Budget account;
  private final long freePages;
  private final IdPages pages;
  private @Nullable IdTable table; // once it is hashed
  private long count;
  private long[] fresh = {};
  private int freshCount;

  /// @param pageBytes what pages may take however few integers there are
  EdgeIds(NativeMemory memory, Budget account, long pageBytes) {
    this.memory = memory;
    this.account = account;
    this.freePages = pageBytes / PAGE_BYTES;
    this.pages = new IdPages(memory.scratch(account), PAGE_SHIFT, MOST_PAGES);
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
    int resolved = table == null ? resolveDense(ids, from, to, next) : from;
    IdTable hashed = table;
    if (hashed != null) {
      resolveHashed(hashed, ids, resolved, to, next);
    }
    return freshCount;
  }

  /// The integers that the last call met for the first time.
  long[] fresh() {
    return fresh;
  }

  boolean isHashed() {
    return table != null;
  }

  /// Returns the index at which it became hashed, else `to`.
  private int resolveDense(long[] ids, int from, int to, long next) {
    for (int i = from; i < to; i++) {
      long id = ids[i];
      long cell = pages.cell(id);
      if (cell == 0) {
        if (!pages.add(id, Math.max(freePages, count * USUAL_BYTES / PAGE_BYTES))) {
          becomeHashed();
          return i;
        }
        cell = pages.cell(id);
      }
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

  private void becomeHashed() {
    IdTable hashed = new IdTable(memory, account, 2, 3, count);
    table = hashed;
    pages.forEach(hashed::putIfAbsent);
    pages.close();
  }

  private void resolveHashed(IdTable hashed, long[] ids, int from, int to, long next) {
    for (int i = from; i < to; i++) {
      long id = ids[i];
      long known = hashed.putIfAbsent(id, next + freshCount + 1);
      ids[i] = known == 0 ? take(id, next) : known - 1;
    }
  }

  @Override
  public void close() {
    pages.close();
    if (table != null) {
      table.close();
    }
  }
}
