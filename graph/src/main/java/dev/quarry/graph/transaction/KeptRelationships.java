package dev.quarry.graph.transaction;

import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;

/// The rest of what a walk has to give, noted before a list that it walks changes (rule S5).
///
/// ```text
/// block  byte 0        8                  32                        3080
///             ┌────────┬──────────────────┬──────────────────┬─────┐
///             │ next   │ relationship 0   │ relationship 1   │ ... │   128 of them
///             └────────┴──────────────────┴──────────────────┴─────┘
/// relationship 0           8            16                   24
///             ┌────────────┬────────────┬────────────────────┐
///             │ other end  │ entry      │ ordinal │ outgoing │   the last bit says the direction
///             └────────────┴────────────┴────────────────────┘
/// ```
///
/// Other end and entry are those of a mixed list, see [Ids]; the ordinal is -1 if it has a row. The
/// memory is its own. Used by the writer's thread.
final class KeptRelationships implements AutoCloseable {
  private static final int PER_BLOCK = 128;
  private static final int BYTES = 24;
  private static final int HEADER = 8;

  private final Scratch scratch;
  private long first;
  private long last;
  private long count;
  private long next;
  private long at;

  /// @param scratch which it closes
  KeptRelationships(Scratch scratch) {
    this.scratch = scratch;
  }

  /// Adds the relationship at which an expansion is.
  void add(Expansion expansion) {
    int index = (int) (count % PER_BLOCK);
    if (index == 0) {
      addBlock();
    }
    int type = expansion.type();
    long edgeSlot = expansion.edgeSlot();
    long ordinal = edgeSlot < 0 ? expansion.ordinal() : -1;
    long to = last + HEADER + (long) index * BYTES;
    Memory.putLong(to, expansion.neighbour());
    Memory.putLong(to + 8, Ids.entry(type, edgeSlot));
    Memory.putLong(to + 16, ordinal << 1 | (expansion.outgoing() ? 1 : 0));
    count++;
  }

  private void addBlock() {
    long block = scratch.allocate(HEADER + PER_BLOCK * BYTES);
    Memory.putLong(block, 0);
    if (last == 0) {
      first = block;
    } else {
      Memory.putLong(last, block);
    }
    last = block;
  }

  /// Goes to the next one; false at the end. Add nothing from then on.
  boolean next() {
    if (next == count) {
      return false;
    }
    if (next == 0) {
      at = first + HEADER;
    } else if (next % PER_BLOCK == 0) {
      at = Memory.getLong(at - HEADER - (PER_BLOCK - 1) * BYTES) + HEADER;
    } else {
      at += BYTES;
    }
    next++;
    return true;
  }

  long neighbour() {
    return Memory.getLong(at);
  }

  int type() {
    return Ids.type(Memory.getLong(at + 8));
  }

  /// The row that it had, -1 for a bare one.
  long edgeSlot() {
    return Ids.edgeSlot(Memory.getLong(at + 8));
  }

  /// Which of its equals it is, -1 if it has a row.
  long ordinal() {
    return Memory.getLong(at + 16) >> 1;
  }

  boolean outgoing() {
    return (Memory.getLong(at + 16) & 1) != 0;
  }

  /// Gives the memory back. Idempotent.
  @Override
  public void close() {
    next = count;
    scratch.close();
  }
}
