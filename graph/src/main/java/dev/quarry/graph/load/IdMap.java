package dev.quarry.graph.load;

import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeMemory;
import dev.quarry.storage.memory.Scratch;

/// From the ids of one id space to nodes, in native memory.
///
/// ```text
/// integers   see IntegerMap
/// strings    address of length 4 and bytes | node + 1     open addressing, at most half full
/// ```
///
/// An id that is written like an integer (`7`, not `007`) is one; so `7` in one file and `7` in
/// another are the same whatever the files declare. Ids are ranges of a text in UTF-8. Used by one
/// thread; while nobody adds, by many.
final class IdMap implements AutoCloseable {
  /// What [#integer] says of an id that is written otherwise.
  static final long NONE = Long.MIN_VALUE;

  private static final int MOST_CHARACTERS = 18;
  private static final long FIRST_CELLS = 1024;
  private static final long CELL = 16;

  private final NativeMemory memory;
  private final Budget account;
  private final IntegerMap integers;
  private final Scratch bytes;
  private Scratch cells;
  private long table;
  private long mask;
  private long count;

  /// @param denseBytes what integers may take however few there are
  IdMap(NativeMemory memory, Budget account, long denseBytes) {
    this.memory = memory;
    this.account = account;
    this.integers = new IntegerMap(memory, account, denseBytes);
    this.bytes = memory.scratch(account);
    makeTable(FIRST_CELLS);
  }

  /// The integer that an id is written like; [#NONE] if it is written otherwise.
  ///
  /// @param text with [TextWords#MARGIN] bytes behind the id
  static long integer(byte[] text, int from, int to) {
    int length = to - from;
    if (length == 0 || length > MOST_CHARACTERS) {
      return NONE;
    }
    if (text[from] != '0' || length == 1) {
      long number = TextWords.number(text, from, length);
      if (number >= 0) {
        return number;
      }
    }
    int first = text[from] == '-' ? from + 1 : from;
    if (first == to || text[first] == '0' && length > 1) {
      return NONE; // a sign alone, a zero ahead of digits, or -0
    }
    long value = 0;
    for (int i = first; i < to; i++) {
      int digit = text[i] - '0';
      if (digit < 0 || digit > 9) {
        return NONE;
      }
      value = value * 10 + digit;
    }
    return first > from ? -value : value;
  }

  /// The node of an id, -1 if there is none.
  ///
  /// @param integer that the id is written like, or [#NONE]
  long get(long integer, byte[] text, int from, int to) {
    return integer != NONE ? integers.get(integer) : Memory.getLong(find(text, from, to) + 8) - 1;
  }

  /// Finds the nodes of many ids that are written like integers.
  ///
  /// @param nodes becomes the node of each, -1 if there is none
  void getAll(long[] ids, long[] nodes, int count) {
    integers.getAll(ids, nodes, count);
  }

  /// Notes the node of an id, unless there is one.
  ///
  /// @param integer that the id is written like, or [#NONE]
  /// @return the node that it has already, or -1
  long put(long integer, byte[] text, int from, int to, long node) {
    return integer != NONE ? integers.put(integer, node) : put(text, from, to, node);
  }

  /// The greatest of the integers that were noted, [#NONE] if there was none.
  long greatestInteger() {
    return integers.greatest();
  }

  /// Notes the nodes of integers that ascend and are all greater than [#greatestInteger()].
  ///
  /// @param node of the first; the others follow
  void putAscending(long[] ids, int from, int count, long node) {
    integers.putAscending(ids, from, count, node);
  }

  private long put(byte[] text, int from, int to, long node) {
    long cell = find(text, from, to);
    long known = Memory.getLong(cell + 8) - 1;
    if (known >= 0) {
      return known;
    }
    int length = to - from;
    long record = bytes.allocate(4L + length);
    Memory.putInt(record, length);
    Memory.putBytes(text, from, record + 4, length);
    Memory.putLong(cell, record);
    Memory.putLong(cell + 8, node + 1);
    count++;
    if (count * 2 > mask) {
      grow();
    }
    return -1;
  }

  /// The cell of an id, or the free one where it belongs.
  private long find(byte[] text, int from, int to) {
    long index = Memory.hash(text, from, to - from);
    while (true) {
      long cell = table + (index & mask) * CELL;
      if (Memory.getLong(cell + 8) == 0 || isAt(Memory.getLong(cell), text, from, to)) {
        return cell;
      }
      index++;
    }
  }

  private static boolean isAt(long record, byte[] text, int from, int to) {
    return Memory.getInt(record) == to - from && Memory.equal(record + 4, text, from, to - from);
  }

  private void grow() {
    Scratch old = cells;
    long from = table;
    long to = table + (mask + 1) * CELL;
    makeTable(2 * (mask + 1));
    for (long cell = from; cell < to; cell += CELL) {
      if (Memory.getLong(cell + 8) != 0) {
        Memory.copy(cell, freeCellOf(Memory.getLong(cell)), CELL);
      }
    }
    old.close();
  }

  private void makeTable(long newCells) {
    Scratch next = memory.scratch(account);
    try {
      table = next.allocateZeroed(newCells * CELL);
    } catch (RuntimeException e) {
      next.close();
      throw e;
    }
    mask = newCells - 1;
    cells = next;
  }

  private long freeCellOf(long record) {
    long index = Memory.hash(record + 4, Memory.getInt(record));
    while (Memory.getLong(table + (index & mask) * CELL + 8) != 0) {
      index++;
    }
    return table + (index & mask) * CELL;
  }

  /// Visits all integers and their nodes.
  void forEachInteger(IdVisitor visitor) {
    integers.forEach(visitor);
  }

  @Override
  public void close() {
    integers.close();
    cells.close();
    bytes.close();
  }
}
