package dev.quarry.graph.load;

import dev.quarry.graph.transaction.Ids;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeMemory;
import dev.quarry.storage.memory.Scratch;
import java.util.Arrays;

/// From integers to nodes, in native memory.
///
/// ```text
/// dense    page of an integer ─►  slot + 1, 4 bytes for each of 16,384 integers in a row
/// hashed   key 8 │ node + 1, 8    open addressing, at most half full
/// ```
///
/// It begins dense, and is hashed from the moment on at which pages would take more than a table
/// may and a table would, an integer has no page, or nodes are of two arenas or have larger slots.
/// Used by one thread; while nobody adds, by many.
final class IntegerMap implements AutoCloseable {
  private static final int PAGE_SHIFT = 14;
  private static final int PAGE = 1 << PAGE_SHIFT;
  private static final long MOST_PAGES = 1 << 20;
  private static final long USUAL_BYTES = 32; // of the table, for each integer
  private static final long FIRST_CELLS = 1024;
  private static final long CELL = 16;
  private static final long MOST_SLOT = 0xFFFF_FFFEL;

  private final NativeMemory memory;
  private final Budget account;
  private final long freePages;
  private Scratch scratch;
  private long[] pages = {};
  private long pageCount;
  private long origin = -1; // node of slot 0 of the arena
  private boolean isHashed;
  private long table;
  private long mask;
  private long count;

  /// Takes a key and its node.
  interface Visitor {
    void visit(long key, long node);
  }

  /// @param pageBytes what pages may take however few integers there are
  IntegerMap(NativeMemory memory, Budget account, long pageBytes) {
    this.memory = memory;
    this.account = account;
    this.freePages = pageBytes / (PAGE * 4L);
    this.scratch = memory.scratch(account);
  }

  boolean isHashed() {
    return isHashed;
  }

  /// The node of an integer, -1 if there is none.
  long get(long key) {
    if (isHashed) {
      return Memory.getLong(cellOf(key) + 8) - 1;
    }
    long page = key >>> PAGE_SHIFT;
    boolean hasPage = page < pages.length && pages[(int) page] != 0;
    return hasPage ? node(Memory.getInt(cell(key))) : -1;
  }

  /// The cell of an integer whose page is there.
  private long cell(long key) {
    return pages[(int) (key >>> PAGE_SHIFT)] + (key & PAGE - 1) * 4;
  }

  /// The node that a cell tells, -1 for none.
  private long node(int cell) {
    return cell == 0 ? -1 : origin + (cell & 0xFFFF_FFFFL) - 1;
  }

  /// Finds the nodes of many integers; with one after the other at once, cache misses overlap.
  ///
  /// @param nodes becomes the node of each, -1 if there is none
  void getAll(long[] keys, long[] nodes, int count) {
    for (int i = 0; i < count; i++) {
      nodes[i] = get(keys[i]);
    }
  }

  /// Notes the node of an integer, unless there is one.
  ///
  /// @return the node that it has already, or -1
  long put(long key, long node) {
    if (!isHashed && !(isDense(node) && hasPage(key >>> PAGE_SHIFT))) {
      becomeHashed();
    }
    if (isHashed) {
      return putHashed(key, node);
    }
    long cell = cell(key);
    long known = node(Memory.getInt(cell));
    if (known < 0) {
      Memory.putInt(cell, (int) (Ids.slot(node) + 1));
      count++;
    }
    return known;
  }

  private boolean isDense(long node) {
    long arena = node - Ids.slot(node);
    origin = origin < 0 ? arena : origin;
    return origin == arena && Ids.slot(node) <= MOST_SLOT;
  }

  /// Whether there is a page, or there is one now.
  private boolean hasPage(long page) {
    if (page >= 0 && page < pages.length && pages[(int) page] != 0) {
      return true;
    }
    long most = Math.max(freePages, count * USUAL_BYTES / (PAGE * 4L) + 1);
    if (page < 0 || page >= MOST_PAGES || pageCount >= most) {
      return false;
    }
    if (page >= pages.length) {
      pages = Arrays.copyOf(pages, (int) Math.max(page + 1, pages.length * 3L / 2));
    }
    pages[(int) page] = scratch.allocateZeroed(PAGE * 4L);
    pageCount++;
    return true;
  }

  private long putHashed(long key, long node) {
    long cell = cellOf(key);
    long known = Memory.getLong(cell + 8) - 1;
    if (known < 0) {
      if (2 * count >= mask) {
        grow();
        cell = cellOf(key);
      }
      put(cell, key, node + 1);
      count++;
    }
    return known;
  }

  private void becomeHashed() {
    Scratch old = scratch;
    long[] from = pages;
    long cells = FIRST_CELLS;
    while (cells <= 2 * count) {
      cells *= 2;
    }
    makeTable(cells);
    isHashed = true;
    for (int page = 0; page < from.length; page++) {
      for (int i = 0; from[page] != 0 && i < PAGE; i++) {
        int known = Memory.getInt(from[page] + i * 4L);
        if (known != 0) {
          long key = (long) page << PAGE_SHIFT | i;
          put(cellOf(key), key, node(known) + 1);
        }
      }
    }
    pages = new long[0];
    old.close();
  }

  private void grow() {
    Scratch old = scratch;
    long from = table;
    long cells = mask + 1;
    makeTable(2 * cells);
    for (long i = 0; i < cells; i++) {
      long cell = from + i * CELL;
      if (Memory.getLong(cell + 8) != 0) {
        put(cellOf(Memory.getLong(cell)), Memory.getLong(cell), Memory.getLong(cell + 8));
      }
    }
    old.close();
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

  private static void put(long cell, long key, long known) {
    Memory.putLong(cell, key);
    Memory.putLong(cell + 8, known);
  }

  /// The cell of an integer, or the free one where it belongs.
  private long cellOf(long key) {
    long index = Memory.mix(key);
    while (true) {
      long cell = table + (index & mask) * CELL;
      if (Memory.getLong(cell + 8) == 0 || Memory.getLong(cell) == key) {
        return cell;
      }
      index++;
    }
  }

  /// Visits all integers and their nodes.
  void forEach(Visitor visitor) {
    if (isHashed) {
      for (long cell = table; cell < table + (mask + 1) * CELL; cell += CELL) {
        if (Memory.getLong(cell + 8) != 0) {
          visitor.visit(Memory.getLong(cell), Memory.getLong(cell + 8) - 1);
        }
      }
      return;
    }
    for (int page = 0; page < pages.length; page++) {
      for (int i = 0; pages[page] != 0 && i < PAGE; i++) {
        int known = Memory.getInt(pages[page] + i * 4L);
        if (known != 0) {
          visitor.visit((long) page << PAGE_SHIFT | i, node(known));
        }
      }
    }
  }

  @Override
  public void close() {
    scratch.close();
  }
}
