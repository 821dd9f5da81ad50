package dev.quarry.query.execute;

import dev.quarry.graph.transaction.Expansion;
import dev.quarry.query.value.Pace;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;

/// How many relationships lead from one node to each of its neighbours: a hash table of a word a
/// neighbour, with linear probing, at most half full.
///
/// ```text
/// 63      56 55                                             0
/// ┌─────────┬────────────────────────────────────────────────┐
/// │ how many│ node                                           │   0: nobody is here
/// └─────────┴────────────────────────────────────────────────┘
/// ```
///
/// Used by one thread at a time.
final class NeighbourCounts {
  /// Stands for this many, or more.
  static final int MANY = 255;

  private static final int COUNT_SHIFT = 56;
  private static final long ONE = 1L << COUNT_SHIFT;
  private static final long NODE_MASK = ONE - 1;

  private final Scratch scratch;
  private final long[] chunk = new long[256];
  private long table;
  private long mask;

  /// @param scratch of its own
  NeighbourCounts(Scratch scratch) {
    this.scratch = scratch;
  }

  /// Whether there is room for so many relationships.
  boolean hasRoom(long most) {
    return slots(most) * 8 <= scratch.availableBytes() / 4;
  }

  /// Counts what a walk meets.
  ///
  /// @param most relationships that it may meet
  void count(Expansion walk, long most, Pace pace) {
    scratch.reset();
    long slots = slots(most);
    mask = slots - 1;
    table = scratch.allocateZeroed(slots * 8);
    pace.steps(slots / 8);
    for (int met = walk.fill(chunk); met > 0; met = walk.fill(chunk)) {
      pace.steps(met);
      for (int i = 0; i < met; i++) {
        add(chunk[i]);
      }
    }
  }

  private static long slots(long most) {
    return Long.highestOneBit(Math.max(most, 4) * 2) * 2;
  }

  private void add(long node) {
    assert (node & ~NODE_MASK) == 0 : node;
    long at = table + (hash(node) & mask) * 8;
    long found = Memory.getLong(at);
    while (found != 0 && (found & NODE_MASK) != node) {
      at = at == table + mask * 8 ? table : at + 8;
      found = Memory.getLong(at);
    }
    if (found == 0) {
      Memory.putLong(at, node | ONE);
    } else if (found >>> COUNT_SHIFT < MANY) {
      Memory.putLong(at, found + ONE);
    }
  }

  /// How many relationships lead to a node; [#MANY] if they are that many or more.
  int of(long node) {
    long at = table + (hash(node) & mask) * 8;
    while (true) {
      long found = Memory.getLong(at);
      if (found == 0) {
        return 0;
      }
      if ((found & NODE_MASK) == node) {
        return (int) (found >>> COUNT_SHIFT);
      }
      at = at == table + mask * 8 ? table : at + 8;
    }
  }

  /// Slots of neighbours often follow each other, so the upper bits of a product are taken.
  private static long hash(long node) {
    return node * 0x9E37_79B9_7F4A_7C15L >>> 32;
  }

  /// Forgets all.
  void clear() {
    scratch.close();
  }
}
