package dev.quarry.graph.load;

import dev.quarry.graph.transaction.Ids;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeMemory;
import org.jspecify.annotations.Nullable;

/// From integers to nodes, in native memory.
///
/// ```text
/// dense    page of an integer ─►  slot + 1, 4 bytes for each of 16,384 integers in a row
/// hashed   key 8 │ node + 1, 8    a table, at most half full
/// ```
///
/// It begins dense, and is hashed from the moment on at which pages would take more than a table
/// may and a table would, an integer has no page, or nodes are of two arenas or have larger slots.
/// Used by one thread; while nobody adds, by many.
final class IntegerMap implements AutoCloseable {
  private static final int PAGE_SHIFT = 14;
  private static final long PAGE_BYTES = 4L << PAGE_SHIFT;
  private static final long MOST_PAGES = 1 << 20;
  private static final long USUAL_BYTES = 32; // of the table, for each integer
  private static final long MOST_SLOT = 0xFFFF_FFFEL;

  private final NativeMemory memory;
  private final Budget account;
  private final long freePages;
  private final IdPages pages;
  private @Nullable IdTable table; // once it is hashed
  private long origin = -1; // node of slot 0 of the arena
  private long count;

  /// @param pageBytes what pages may take however few integers there are
  IntegerMap(NativeMemory memory, Budget account, long pageBytes) {
    this.memory = memory;
    this.account = account;
    this.freePages = pageBytes / PAGE_BYTES;
    this.pages = new IdPages(memory.scratch(account), PAGE_SHIFT, MOST_PAGES);
  }

  boolean isHashed() {
    return table != null;
  }

  /// The node of an integer, -1 if there is none.
  long get(long key) {
    if (table != null) {
      return table.get(key) - 1;
    }
    long cell = pages.cell(key);
    return cell == 0 ? -1 : node(Memory.getInt(cell) & 0xFFFF_FFFFL);
  }

  /// The node that a cell tells, -1 for none.
  private long node(long cell) {
    return cell == 0 ? -1 : origin + cell - 1;
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
    if (table == null && !(isDense(node) && hasPage(key))) {
      becomeHashed();
    }
    long known;
    if (table != null) {
      known = table.putIfAbsent(key, node + 1) - 1;
    } else {
      long cell = pages.cell(key);
      known = node(Memory.getInt(cell) & 0xFFFF_FFFFL);
      if (known < 0) {
        Memory.putInt(cell, (int) (Ids.slot(node) + 1));
      }
    }
    count += known < 0 ? 1 : 0;
    return known;
  }

  private boolean isDense(long node) {
    long arena = node - Ids.slot(node);
    origin = origin < 0 ? arena : origin;
    return origin == arena && Ids.slot(node) <= MOST_SLOT;
  }

  /// Whether an integer has a page, or has one now.
  private boolean hasPage(long key) {
    long most = Math.max(freePages, count * USUAL_BYTES / PAGE_BYTES + 1);
    return pages.cell(key) != 0 || pages.add(key, most);
  }

  private void becomeHashed() {
    IdTable hashed = new IdTable(memory, account, 1, 2, count);
    table = hashed;
    pages.forEach((key, cell) -> hashed.putIfAbsent(key, node(cell) + 1));
    pages.close();
  }

  /// Visits all integers and their nodes.
  void forEach(IdVisitor visitor) {
    if (table != null) {
      table.forEach((key, number) -> visitor.visit(key, number - 1));
    } else {
      pages.forEach((key, cell) -> visitor.visit(key, node(cell)));
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
