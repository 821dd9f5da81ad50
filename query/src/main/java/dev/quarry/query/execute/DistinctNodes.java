package dev.quarry.query.execute;

import dev.quarry.query.value.Pace;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;

/// A set of nodes in native memory: a hash table of words, each with a bit for 64 nodes whose slots
/// lie side by side.
///
/// ```text
/// entry  0                  8
///       ┌──────────────────┬──────────────────────┐
///       │ node / 64 + 1    │ a bit for each node  │   0 in the first word: free
///       └──────────────────┴──────────────────────┘
/// ```
///
/// Nodes are told apart by their ids: a slot that is freed is not taken again by the same
/// transaction, so no statement meets two generations of it. A node takes a quarter of a byte where
/// most nodes are in the set, and 16 to 64 bytes where each lies alone. A table that is outgrown is
/// given back. Used by one thread at a time.
final class DistinctNodes {
  private static final int ENTRY_BYTES = 16;
  private static final int FIRST_ENTRIES = 64;
  private static final int KEPT_ENTRIES = 256;

  private Scratch memory;
  private Scratch spare;
  private long table;
  private long mask;
  private long count;
  private long lastKey;
  private long lastEntry;

  /// @param memory for the table, as `spare` is; used for nothing else
  DistinctNodes(Scratch memory, Scratch spare) {
    this.memory = memory;
    this.spare = spare;
  }

  /// Forgets all nodes; what a large set took is given back.
  void clear() {
    if (table == 0 || mask >= KEPT_ENTRIES) {
      memory.close();
      begin(FIRST_ENTRIES);
    } else if (count > 0) {
      Memory.fill(table, (mask + 1) * ENTRY_BYTES, (byte) 0);
    }
    count = 0;
    lastKey = 0;
  }

  private void begin(long entries) {
    table = 0;
    table = memory.allocateZeroed(entries * ENTRY_BYTES);
    mask = entries - 1;
  }

  boolean contains(long node) {
    long entry = find(node);
    return (Memory.getLong(entry + 8) >>> node & 1) != 0;
  }

  /// Adds a node; false if it is there already.
  boolean add(long node) {
    long entry = find(node);
    long bits = Memory.getLong(entry + 8);
    if ((bits >>> node & 1) != 0) {
      return false;
    }
    Memory.putLong(entry + 8, bits | 1L << node);
    if (bits == 0) {
      Memory.putLong(entry, lastKey);
      if (++count * 2 > mask) {
        grow();
      }
    }
    return true;
  }

  /// Adds all nodes of another set.
  ///
  /// @return how many were not there
  long addAll(DistinctNodes other) {
    Pace pace = Pace.current();
    long added = 0;
    for (long i = 0; i <= other.mask; i++) {
      pace.step();
      long key = Memory.getLong(other.table + i * ENTRY_BYTES);
      long bits = key == 0 ? 0 : Memory.getLong(other.table + i * ENTRY_BYTES + 8);
      for (; bits != 0; bits &= bits - 1) {
        added += add((key - 1 << 6) + Long.numberOfTrailingZeros(bits)) ? 1 : 0;
      }
    }
    return added;
  }

  /// The entry of a node, or a free one where it would stand.
  private long find(long node) {
    long key = (node >>> 6) + 1;
    if (key != lastKey) {
      lastKey = key;
      lastEntry = place(key);
    }
    return lastEntry;
  }

  private long place(long key) {
    long at = Memory.mix(key) & mask;
    while (true) {
      long entry = table + at * ENTRY_BYTES;
      long found = Memory.getLong(entry);
      if (found == key || found == 0) {
        return entry;
      }
      at = at + 1 & mask;
    }
  }

  private void grow() {
    long old = table;
    long entries = mask + 1;
    Scratch outgrown = memory;
    memory = spare;
    spare = outgrown;
    begin(entries * 4);
    Pace pace = Pace.current();
    for (long i = 0; i < entries; i++) {
      long entry = old + i * ENTRY_BYTES;
      long key = Memory.getLong(entry);
      if (key != 0) {
        pace.step();
        long to = place(key);
        Memory.putLong(to, key);
        Memory.putLong(to + 8, Memory.getLong(entry + 8));
      }
    }
    lastKey = 0;
    outgrown.close();
  }
}
