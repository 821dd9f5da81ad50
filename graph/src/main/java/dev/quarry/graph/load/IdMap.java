package dev.quarry.graph.load;

import dev.quarry.graph.value.ValueCodec;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeMemory;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.Scratch;

/// From the ids of one id space to nodes, in native memory.
///
/// ```text
/// integers   key 8 | node id + 1   open addressing, at most half full
/// strings    address of length 4 and bytes | node id + 1
/// ```
///
/// An id that is written like an integer (`7`, not `007`) is one; so `7` in one file and `7` in
/// another are the same whatever the files declare.
final class IdMap implements AutoCloseable {
  private final Table integers;
  private final Table strings;
  private final Scratch bytes;
  private boolean onlyIntegers = true;

  IdMap(NativeMemory memory, Budget account) {
    this.integers = new Table(memory, account);
    this.strings = new Table(memory, account);
    this.bytes = memory.scratch(account);
  }

  /// One table of pairs of 8 bytes.
  private static final class Table {
    private final NativeMemory memory;
    private final Budget account;
    private Scratch cells;
    private long base;
    private long mask;
    private long count;

    Table(NativeMemory memory, Budget account) {
      this.memory = memory;
      this.account = account;
      this.cells = memory.scratch(account);
      this.mask = 1023;
      this.base = cells.allocateZeroed(1024 * 16);
    }

    boolean isHalfFull() {
      return count * 2 > mask;
    }

    long at(long index) {
      return base + (index & mask) * 16;
    }

    void close() {
      cells.close();
    }
  }

  /// The integer that an id is written like; [Long#MIN_VALUE] if it is written otherwise.
  static long integer(String id) {
    int length = id.length();
    if (length == 0 || length > 18) {
      return Long.MIN_VALUE;
    }
    int from = id.charAt(0) == '-' ? 1 : 0;
    boolean leadingZero = id.charAt(from == length ? 0 : from) == '0' && length > from + 1;
    if (from == length || leadingZero || from == 1 && id.charAt(1) == '0') {
      return Long.MIN_VALUE;
    }
    long value = 0;
    for (int i = from; i < length; i++) {
      char c = id.charAt(i);
      if (c < '0' || c > '9') {
        return Long.MIN_VALUE;
      }
      value = value * 10 + (c - '0');
    }
    return from == 1 ? -value : value;
  }

  /// Whether all ids so far are written like integers.
  boolean hasOnlyIntegers() {
    return onlyIntegers;
  }

  /// Notes a node.
  ///
  /// @return the node that has the id already, or -1
  long put(String id, long node) {
    long integer = integer(id);
    if (integer != Long.MIN_VALUE) {
      return put(integer, node);
    }
    onlyIntegers = false;
    byte[] text = ValueCodec.utf8(id);
    long record = bytes.allocate(4L + text.length);
    Memory.putInt(record, text.length);
    Memory.putBytes(text, 0, record + 4, text.length);
    long at = find(record);
    if (Memory.getLong(at + 8) != 0) {
      return Memory.getLong(at + 8) - 1;
    }
    Memory.putLong(at, record);
    Memory.putLong(at + 8, node + 1);
    strings.count++;
    if (strings.isHalfFull()) {
      growStrings();
    }
    return -1;
  }

  /// Notes a node with an integer id.
  ///
  /// @return the node that has the id already, or -1
  long put(long id, long node) {
    long at = findInteger(id);
    if (Memory.getLong(at + 8) != 0) {
      return Memory.getLong(at + 8) - 1;
    }
    Memory.putLong(at, id);
    Memory.putLong(at + 8, node + 1);
    integers.count++;
    if (integers.isHalfFull()) {
      growIntegers();
    }
    return -1;
  }

  /// The node of an id, -1 if there is none.
  long get(String id) {
    long integer = integer(id);
    if (integer != Long.MIN_VALUE) {
      return get(integer);
    }
    if (onlyIntegers) {
      return -1;
    }
    byte[] text = ValueCodec.utf8(id);
    long mark = bytes.mark();
    long record = bytes.allocate(4L + text.length);
    Memory.putInt(record, text.length);
    Memory.putBytes(text, 0, record + 4, text.length);
    long node = Memory.getLong(find(record) + 8) - 1;
    bytes.release(mark);
    return node;
  }

  /// The node of an integer id, -1 if there is none.
  long get(long id) {
    return Memory.getLong(findInteger(id) + 8) - 1;
  }

  private long findInteger(long id) {
    long index = Memory.mix(id);
    while (true) {
      long at = integers.at(index);
      if (Memory.getLong(at + 8) == 0 || Memory.getLong(at) == id) {
        return at;
      }
      index++;
    }
  }

  private long find(long record) {
    int length = Memory.getInt(record);
    long index = Memory.hash(record + 4, length);
    while (true) {
      long at = strings.at(index);
      if (Memory.getLong(at + 8) == 0) {
        return at;
      }
      long other = Memory.getLong(at);
      if (Memory.getInt(other) == length && Memory.equal(other + 4, record + 4, length)) {
        return at;
      }
      index++;
    }
  }

  private void growIntegers() {
    grow(integers, key -> Memory.mix(key));
  }

  private void growStrings() {
    grow(strings, record -> Memory.hash(record + 4, Memory.getInt(record)));
  }

  private interface Hash {
    long of(long key);
  }

  private static void grow(Table table, Hash hash) {
    Scratch larger = table.memory.scratch(table.account);
    long size = (table.mask + 1) * 2;
    long oldBase = table.base;
    long oldSize = table.mask + 1;
    long newBase = larger.allocateZeroed(size * 16);
    table.base = newBase;
    table.mask = size - 1;
    for (long i = 0; i < oldSize; i++) {
      long from = oldBase + i * 16;
      if (Memory.getLong(from + 8) != 0) {
        long index = hash.of(Memory.getLong(from));
        while (Memory.getLong(table.at(index) + 8) != 0) {
          index++;
        }
        Memory.copy(from, table.at(index), 16);
      }
    }
    table.cells.close();
    table.cells = larger;
  }

  /// Visits all nodes with an integer id.
  void forEachInteger(Visitor visitor) {
    for (long i = 0; i <= integers.mask; i++) {
      long at = integers.base + i * 16;
      if (Memory.getLong(at + 8) != 0) {
        visitor.visit(Memory.getLong(at), Memory.getLong(at + 8) - 1);
      }
    }
  }

  interface Visitor {
    void visit(long id, long node);
  }

  @Override
  public void close() {
    integers.close();
    strings.close();
    bytes.close();
  }
}
