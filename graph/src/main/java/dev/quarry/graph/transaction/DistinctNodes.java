package dev.quarry.graph.transaction;

import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import org.jspecify.annotations.Nullable;

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
/// given back.
///
/// Invariant: if there is no memory for a node, the set is as it was. Used by one thread at a time.
public final class DistinctNodes implements AutoCloseable {
  private static final int ENTRY_BYTES = 16;
  private static final int FIRST_ENTRIES = 64;
  private static final int KEPT_ENTRIES = 256;
  private static final int SPARSE = 16; // entries for each node, from which on most are free
  private static final long SPREAD = 0x9E3779B97F4A7C15L;
  private static final int LOOK_MASK = (1 << 10) - 1; // entries between two looks, less one

  private final Runnable look;
  private Scratch memory;
  private @Nullable Scratch spare; // for the next table; made for the first one that is outgrown
  private long table;
  private long mask;
  private long count;

  /// Call [#clear()] before it is used.
  ///
  /// @param memory for the table and nothing else; what is taken more is charged to its account
  /// @param look throws what ends the work, if it should end; called now and then where the whole
  ///   table is gone over
  public DistinctNodes(Scratch memory, Runnable look) {
    this.memory = memory;
    this.look = look;
  }

  /// Forgets all nodes; what a large set took is given back.
  public void clear() {
    if (table == 0 || mask >= KEPT_ENTRIES) {
      close();
      table = memory.allocateZeroed(FIRST_ENTRIES * ENTRY_BYTES);
      mask = FIRST_ENTRIES - 1;
    } else {
      wipe();
    }
  }

  /// Forgets all nodes, and keeps the memory.
  void wipe() {
    if (count > 0) {
      Memory.fill(table, (mask + 1) * ENTRY_BYTES, (byte) 0);
    }
    count = 0;
  }

  /// Whether its table is large for so many nodes, so that to wipe it costs more than to add them.
  boolean isSparse(long nodes) {
    return mask >= FIRST_ENTRIES && mask >= SPARSE * nodes;
  }

  /// Forgets all nodes and gives the memory back. Call [#clear()] before it is used again.
  @Override
  public void close() {
    memory.close();
    if (spare != null) {
      spare.close();
    }
    table = 0;
    mask = 0;
    count = 0;
  }

  public boolean contains(long node) {
    long entry = find(node);
    return (Memory.getLong(entry + 8) >>> node & 1) != 0;
  }

  /// Adds a node; false if it is there already.
  public boolean add(long node) {
    long entry = find(node);
    long bits = Memory.getLong(entry + 8);
    if ((bits >>> node & 1) != 0) {
      return false;
    }
    if (bits == 0) {
      entry = take(entry, node);
    }
    Memory.putLong(entry + 8, bits | 1L << node);
    return true;
  }

  /// Moves those of some nodes that are not there to the front, in their order: without a branch
  /// that depends on it, and without a write that the next look would wait for.
  ///
  /// @param to behind the last of them
  /// @return behind the last of those that are not there
  int keepMissing(long[] nodes, int from, int to) {
    int kept = from;
    for (int i = from; i < to; i++) {
      long node = nodes[i];
      nodes[kept] = node;
      kept += (int) (~Memory.getLong(find(node) + 8) >>> node) & 1;
    }
    return kept;
  }

  /// Takes a free entry for a node, in a larger table if this one is full.
  private long take(long free, long node) {
    long entry = free;
    if ((count + 1) * 2 > mask) {
      grow();
      entry = find(node);
    }
    Memory.putLong(entry, (node >>> 6) + 1);
    count++;
    return entry;
  }

  /// Adds all nodes of another set.
  ///
  /// @return how many were not there
  public long addAll(DistinctNodes other) {
    long added = 0;
    for (long i = 0; i <= other.mask; i++) {
      lookAt(i);
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
    return place((node >>> 6) + 1, table, mask);
  }

  private static long place(long key, long table, long mask) {
    long at = key * SPREAD >>> Long.numberOfLeadingZeros(mask);
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
    long entries = mask + 1;
    Scratch other = spare == null ? memory.another() : spare;
    spare = other;
    long larger = other.allocateZeroed(2 * entries * ENTRY_BYTES);
    long largerMask = 2 * entries - 1;
    for (long i = 0; i < entries; i++) {
      lookAt(i);
      long entry = table + i * ENTRY_BYTES;
      long key = Memory.getLong(entry);
      if (key != 0) {
        long to = place(key, larger, largerMask);
        Memory.putLong(to, key);
        Memory.putLong(to + 8, Memory.getLong(entry + 8));
      }
    }
    Scratch outgrown = memory;
    memory = other;
    spare = outgrown;
    table = larger;
    mask = largerMask;
    outgrown.close();
  }

  private void lookAt(long entry) {
    if ((entry & LOOK_MASK) == LOOK_MASK) {
      look.run();
    }
  }
}
