package dev.quarry.graph.load;

import dev.quarry.graph.transaction.Ids;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeMemory;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// From integers to nodes, in native memory.
///
/// ```text
/// series   first integer and node, how many    integers and nodes that count up together
/// dense    page of an integer ─►  slot + 1, 4 bytes for each of 16,384 integers in a row
/// hashed   key 8 │ node + 1, 8    a table, at most half full
/// ```
///
/// The first integers are a series as long as they count up, which often are all. Others are dense,
/// and hashed from the moment on at which pages would take more than a table may and a table would,
/// an integer has no page, or nodes are of two arenas or have larger slots. Used by one thread;
/// while nobody adds, by many.
final class IntegerMap implements AutoCloseable {
  private static final int PAGE_SHIFT = 14;
  private static final long PAGE_BYTES = 4L << PAGE_SHIFT;
  private static final long MOST_PAGES = 1 << 20;
  private static final long USUAL_BYTES = 32; // of the table, for each integer
  private static final long MOST_GAP = 16; // of integers that are written together
  private static final long MOST_SLOT = 0xFFFF_FFFEL;

  private final NativeMemory memory;
  private final Budget account;
  private final long freePages;
  private final IdPages pages;
  private @Nullable IdTable table; // once it is hashed
  private long origin = -1; // node of slot 0 of the arena
  private long count; // of those that are not in the series
  private long seriesKey;
  private long seriesNode;
  private long series; // how many are in it
  private long greatest = Long.MIN_VALUE;
  private int[] cells = {};

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
    if (isInSeries(key)) {
      return seriesNode + (key - seriesKey);
    }
    if (table != null) {
      return table.get(key) - 1;
    }
    long cell = pages.cell(key);
    return cell == 0 ? -1 : node(Memory.getInt(cell) & 0xFFFF_FFFFL);
  }

  private boolean isInSeries(long key) {
    return Long.compareUnsigned(key - seriesKey, series) < 0;
  }

  /// Whether an integer that has no node makes the series longer, and does so.
  private boolean joinsSeries(long key, long node) {
    if (series == 0) {
      seriesKey = key;
      seriesNode = node;
    }
    boolean joins =
        count == 0 && key - seriesKey == series && key >= seriesKey && node - seriesNode == series;
    series += joins ? 1 : 0;
    return joins;
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
    greatest = Math.max(greatest, key);
    if (isInSeries(key)) {
      return get(key);
    }
    if (joinsSeries(key, node)) {
      return -1;
    }
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

  /// The greatest integer that was noted, the least possible one if there was none.
  long greatest() {
    return greatest;
  }

  /// Notes integers that ascend and are all greater than [#greatest()]. Cells of a page are written
  /// together.
  ///
  /// @param node of the first; the others follow
  void putAscending(long[] keys, int from, int many, long node) {
    int done = 0;
    while (done < many && joinsSeries(keys[from + done], node + done)) {
      greatest = keys[from + done++];
    }
    while (done < many) {
      int inPage = table == null ? inPage(keys, from + done, from + many) : 1;
      if (inPage > 1 && isDense(node + many - 1) && hasPage(keys[from + done])) {
        putInPage(keys, from + done, inPage, node + done);
      } else {
        inPage = 1;
        put(keys[from + done], node + done);
      }
      done += inPage;
    }
  }

  /// How many of the keys belong to the page of the first and lie closely enough to be written
  /// together.
  private static int inPage(long[] keys, int from, int to) {
    long page = keys[from] >>> PAGE_SHIFT;
    int at = from + 1;
    while (at < to && keys[at] >>> PAGE_SHIFT == page && keys[at] - keys[at - 1] <= MOST_GAP) {
      at++;
    }
    return at - from;
  }

  private void putInPage(long[] keys, int from, int many, long node) {
    long first = keys[from];
    int span = (int) (keys[from + many - 1] - first) + 1;
    if (cells.length < span) {
      cells = new int[1 << PAGE_SHIFT];
    }
    Arrays.fill(cells, 0, span, 0); // as they are: no integer above the greatest has a node
    long slot = Ids.slot(node) + 1;
    for (int i = 0; i < many; i++) {
      cells[(int) (keys[from + i] - first)] = (int) (slot + i);
    }
    Memory.putInts(cells, 0, pages.cell(first), span);
    greatest = keys[from + many - 1];
    count += many;
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
    for (long i = 0; i < series; i++) {
      visitor.visit(seriesKey + i, seriesNode + i);
    }
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
