package dev.quarry.query.execute;

import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;

/// Nodes by id, with a number each, in native memory; they keep the order in which they came.
///
/// ```text
/// places   4 bytes each: number of a node + 1, 0 for none; found by the hash of its id
/// entries  16 bytes each: id · number
/// ```
///
/// Holds at most [#MOST] nodes, and no more than a quarter of the memory that is left to the query
/// has room for, so what it takes does not grow with the graph. Used by one thread.
final class NodeTable {
  /// The most nodes.
  static final int MOST = 1 << 18;

  /// How many bytes of other memory can be cleared at the cost of looking a node up here.
  static final long CLEARED_BYTES = 256;

  private static final int FIRST = 256;
  private static final int ENTRY_BYTES = 16;

  private final Scratch scratch;
  private long places;
  private int mask;
  private long entries;
  private int room;
  private int count;
  private boolean full;

  /// @param scratch for nothing else
  NodeTable(Scratch scratch) {
    this.scratch = scratch;
  }

  /// Begins anew, with no nodes.
  void begin() {
    scratch.reset();
    count = 0;
    full = false;
    allocate(FIRST);
  }

  private void allocate(int newRoom) {
    room = newRoom;
    mask = 2 * newRoom - 1;
    entries = scratch.allocate((long) newRoom * ENTRY_BYTES);
    places = scratch.allocateZeroed(8L * newRoom);
  }

  int count() {
    return count;
  }

  boolean isFull() {
    return full;
  }

  /// The entry of a node; a new one, with the number 0, where there was none. The table must not be
  /// full.
  ///
  /// @return its address; of no use after the next call
  long find(long node) {
    assert !full;
    int at = (int) Memory.mix(node) & mask;
    for (int found = place(at); found != 0; found = place(at)) {
      long entry = entry(found - 1);
      if (Memory.getLong(entry) == node) {
        return entry;
      }
      at = at + 1 & mask;
    }
    if (count == room) {
      grow();
      at = freePlace(node);
    }
    long entry = entry(count++);
    Memory.putInt(places + at * 4L, count);
    Memory.putLong(entry, node);
    Memory.putLong(entry + 8, 0);
    full = count == room && !mayGrow();
    return entry;
  }

  private boolean mayGrow() {
    return room < MOST && scratch.availableBytes() / 4 > 2L * room * (ENTRY_BYTES + 8);
  }

  private void grow() {
    long before = entries;
    allocate(2 * room);
    Memory.copy(before, entries, (long) count * ENTRY_BYTES);
    for (int i = 0; i < count; i++) {
      Memory.putInt(places + freePlace(node(i)) * 4L, i + 1);
    }
  }

  private int freePlace(long node) {
    int at = (int) Memory.mix(node) & mask;
    while (place(at) != 0) {
      at = at + 1 & mask;
    }
    return at;
  }

  private int place(int at) {
    return Memory.getInt(places + at * 4L);
  }

  private long entry(int index) {
    return entries + (long) index * ENTRY_BYTES;
  }

  long node(int index) {
    return Memory.getLong(entry(index));
  }

  long number(int index) {
    return Memory.getLong(entry(index) + 8);
  }

  /// The number of an entry.
  static long numberAt(long entry) {
    return Memory.getLong(entry + 8);
  }

  static void putNumber(long entry, long number) {
    Memory.putLong(entry + 8, number);
  }
}
