package dev.quarry.graph.transaction;

import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import org.jspecify.annotations.Nullable;

/// Ids of nodes, each once, in the order in which they came: a hash table of words with a bit for
/// each of 64 ids side by side, and a list.
///
/// ```text
///         cells, a power of two                       order
///       ┌───────┬────────┬───────┬────────┬───────┬──────┬──────┬──────┬────────┐
///       │ word  │ bits   │ word  │ bits   │  ...  │ id 0 │ id 1 │  ... │ room   │
///       └───────┴────────┴───────┴────────┴───────┴──────┴──────┴──────┴────────┘
/// byte  0       8        16      24       16 * cells            8 each
/// ```
///
/// The word of an id is the id without its 6 low bits. It lies in the first cell from the one that
/// its hash names that has it; a cell without bits is free, and at most half of them are taken.
/// Whoever asks for ids that lie close together looks at few cells, which stay in the cache. The
/// first few ids lie in an array and are gone over, since many walks meet no more: they take no
/// native memory.
///
/// Invariant: all is one allocation, which is changed for a larger one when cells or room run out;
/// if there is no memory for that, nothing has changed. Used by one thread at a time.
final class OrderedIds implements AutoCloseable {
  private static final long NONE = Long.MIN_VALUE;
  private static final int FEW = 32;
  private static final int CELL = 16;
  private static final int FEWEST_CELL_BITS = 6;
  private static final long FEWEST_ROOM = 384; // both together are the first chunk of a scratch
  private static final int SPARSE = 16; // cells for each id, from which on clearing makes it small
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private final Scratch account;
  private @Nullable Scratch memory; // null while there are few ids
  private final long[] first = new long[FEW];
  private long cells; // address; 0 while there are few ids
  private int cellBits;
  private long words; // cells that are taken
  private long order; // address
  private long room;
  private long size;
  private long greatest = NONE; // what is above it is new: ids of a list ascend

  /// @param account whose account is charged
  OrderedIds(Scratch account) {
    this.account = account;
  }

  long size() {
    return size;
  }

  /// The id that came after so many others.
  long get(long index) {
    assert index >= 0 && index < size : index + " of " + size;
    return cells == 0 ? first[(int) index] : Memory.getLong(order + index * 8);
  }

  /// @param id may be anything
  boolean has(long id) {
    return id <= greatest && isAmong(id);
  }

  private boolean isAmong(long id) {
    return cells == 0 ? isFirst(id) : (Memory.getLong(cell(id >>> 6) + 8) >>> id & 1) != 0;
  }

  private boolean isFirst(long id) {
    for (int i = 0; i < size; i++) {
      if (first[i] == id) {
        return true;
      }
    }
    return false;
  }

  /// Adds an id that is not there.
  void add(long id) {
    assert !isAmong(id) : id;
    if (cells == 0 && size < FEW) {
      first[(int) size++] = id;
      greatest = Math.max(greatest, id);
      return;
    }
    if (cells == 0 || size == room || 2 * words >= 1L << cellBits) {
      grow();
    }
    mark(id);
    Memory.putLong(order + size * 8, id);
    size++;
    greatest = Math.max(greatest, id);
  }

  private void mark(long id) {
    long cell = cell(id >>> 6);
    long bits = Memory.getLong(cell + 8);
    words += bits == 0 ? 1 : 0;
    Memory.putLong(cell, id >>> 6);
    Memory.putLong(cell + 8, bits | 1L << id);
  }

  /// The cell of a word, or the free one where it goes.
  private long cell(long word) {
    long mask = (1L << cellBits) - 1;
    long index = word * SPREAD >>> -cellBits;
    while (true) {
      long cell = cells + index * CELL;
      if (Memory.getLong(cell) == word || Memory.getLong(cell + 8) == 0) {
        return cell;
      }
      index = index + 1 & mask;
    }
  }

  /// Takes more memory and moves there what there is.
  private void grow() {
    boolean few = cells == 0;
    int newBits = few ? FEWEST_CELL_BITS : 2 * words >= 1L << cellBits ? cellBits + 1 : cellBits;
    long newRoom = few ? FEWEST_ROOM : size == room ? 2 * room : room;
    long cellBytes = (long) CELL << newBits;
    Scratch larger = account.another();
    long block = larger.allocate(cellBytes + newRoom * 8);
    Memory.fill(block, cellBytes, (byte) 0);
    long cellsBefore = cells;
    long endBefore = few ? cells : order;
    Memory.copy(order, block + cellBytes, few ? 0 : size * 8);
    cells = block;
    cellBits = newBits;
    order = block + cellBytes;
    room = newRoom;
    for (long cell = cellsBefore; cell < endBefore; cell += CELL) {
      move(cell);
    }
    for (int i = 0; few && i < size; i++) {
      mark(first[i]);
      Memory.putLong(order + i * 8L, first[i]);
    }
    giveBack();
    memory = larger;
  }

  private void move(long cell) {
    long bits = Memory.getLong(cell + 8);
    if (bits != 0) {
      long word = Memory.getLong(cell);
      long to = cell(word);
      Memory.putLong(to, word);
      Memory.putLong(to + 8, bits);
    }
  }

  /// Takes all ids out. Costs no more than it took to add them.
  void clear() {
    long count = 1L << cellBits;
    if (cells != 0 && cellBits > FEWEST_CELL_BITS && count > SPARSE * size) {
      close();
    } else if (cells != 0) {
      Memory.fill(cells, count * CELL, (byte) 0);
    }
    words = 0;
    size = 0;
    greatest = NONE;
  }

  /// Takes all ids out and gives the memory back. It may be used again.
  @Override
  public void close() {
    giveBack();
    cells = 0;
    cellBits = 0;
    words = 0;
    order = 0;
    room = 0;
    size = 0;
    greatest = NONE;
  }

  private void giveBack() {
    if (memory != null) {
      memory.close();
      memory = null;
    }
  }
}
