package dev.quarry.query.execute;

import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;

/// Nodes that wait, first in, first out, in chunks that are filled again once they are empty:
/// memory follows the most nodes that waited together.
///
/// ```text
/// chunk  0       8        16               8 * NODES
///       ┌───────┬────────┬────────┬───────┬────────┐
///       │ next  │ node 0 │ node 1 │  ...  │ node   │
///       └───────┴────────┴────────┴───────┴────────┘
/// ```
final class NodeQueue {
  private static final int NODES = 255;

  private final Scratch memory;
  private long first;
  private long last;
  private long free;
  private int from;
  private int to;
  private long size;

  /// @param memory used for nothing else
  NodeQueue(Scratch memory) {
    this.memory = memory;
  }

  /// Forgets all nodes; what many of them took is given back.
  void clear() {
    memory.reset();
    free = 0;
    first = newChunk();
    last = first;
    from = 0;
    to = 0;
    size = 0;
  }

  private long newChunk() {
    long chunk = free;
    if (chunk == 0) {
      chunk = memory.allocate(8L + NODES * 8L);
    } else {
      free = Memory.getLong(chunk);
    }
    Memory.putLong(chunk, 0);
    return chunk;
  }

  long size() {
    return size;
  }

  void add(long node) {
    if (to == NODES) {
      long chunk = newChunk();
      Memory.putLong(last, chunk);
      last = chunk;
      to = 0;
    }
    Memory.putLong(last + 8 + to * 8L, node);
    to++;
    size++;
  }

  /// Takes the first nodes.
  ///
  /// @param count no more than there are
  void take(long[] nodes, int count) {
    assert count <= size : count + " of " + size;
    for (int taken = 0; taken < count; ) {
      if (from == NODES) {
        dropFirst();
      }
      int some = Math.min(count - taken, NODES - from);
      Memory.getLongs(first + 8 + from * 8L, nodes, taken, some);
      from += some;
      taken += some;
    }
    size -= count;
  }

  private void dropFirst() {
    long empty = first;
    first = Memory.getLong(empty);
    Memory.putLong(empty, free);
    free = empty;
    from = 0;
  }
}
