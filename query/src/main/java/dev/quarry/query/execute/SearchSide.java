package dev.quarry.query.execute;

import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;

/// What a breadth-first search has reached from one of its ends, level by level, and by which
/// relationships; all of it lies in a scratch.
///
/// ```text
/// reached  0      8       16           24            link  0              8      16
///         ┌──────┬───────┬────────────┬───────────┐       ┌──────────────┬──────┬───────────┐
///         │ node │ depth │ first link │ next one  │       │ relationship │ from │ next link │
///         └──────┴───────┴────────────┴───────────┘       └──────────────┴──────┴───────────┘
/// ```
///
/// A link says by which relationship (the address of what stands for it) and from which reached
/// node of the level before this one was reached; 0 ends the lists. Nodes stand in the order in
/// which they were reached, and in a hash table of their addresses.
final class SearchSide {
  private static final int REACHED_BYTES = 32;
  private static final int LINK_BYTES = 24;
  private static final long FIRST_SLOTS = 64;

  private final Scratch memory;
  private long table;
  private long mask;
  private long count;
  private long first;
  private long last;
  private long depth;
  private long frontier;
  private long frontierCount;
  private long before;

  /// @param memory emptied by the owner before each search
  SearchSide(Scratch memory) {
    this.memory = memory;
  }

  /// Begins at a node.
  void begin(long node) {
    mask = FIRST_SLOTS - 1;
    table = memory.allocateZeroed(FIRST_SLOTS * 8);
    count = 0;
    before = 0;
    last = 0;
    depth = -1;
    first = reach(node);
    advance();
  }

  /// How far the nodes of the frontier are from the end.
  long depth() {
    return depth;
  }

  /// The first node of the level that was reached last; 0 if there is none.
  long frontier() {
    return frontier;
  }

  /// How many nodes that level has.
  long frontierCount() {
    return frontierCount;
  }

  /// Makes the nodes that were reached since the last time the frontier.
  void advance() {
    frontier = before == 0 ? first : next(before);
    frontierCount = 0;
    for (long at = frontier; at != 0; at = next(at)) {
      frontierCount++;
    }
    before = last;
    depth++;
  }

  /// A node that was reached; 0 if it was not.
  long find(long node) {
    return Memory.getLong(slot(node));
  }

  /// The place of a node in the table, or where it would stand.
  private long slot(long node) {
    long at = Memory.mix(node) & mask;
    while (true) {
      long reached = Memory.getLong(table + at * 8);
      if (reached == 0 || node(reached) == node) {
        return table + at * 8;
      }
      at = at + 1 & mask;
    }
  }

  /// Adds a node that was not reached before to the level behind the frontier.
  long reach(long node) {
    long reached = memory.allocate(REACHED_BYTES);
    Memory.putLong(reached, node);
    Memory.putLong(reached + 8, depth + 1);
    Memory.putLong(reached + 16, 0);
    Memory.putLong(reached + 24, 0);
    if (last == 0) {
      first = reached;
    } else {
      Memory.putLong(last + 24, reached);
    }
    last = reached;
    Memory.putLong(slot(node), reached);
    if (++count * 2 > mask) {
      grow();
    }
    return reached;
  }

  private void grow() {
    long slots = (mask + 1) * 2;
    table = memory.allocateZeroed(slots * 8);
    mask = slots - 1;
    for (long at = first; at != 0; at = next(at)) {
      Memory.putLong(slot(node(at)), at);
    }
  }

  /// Notes one more way to a node.
  void link(long reached, long relationship, long from) {
    long link = memory.allocate(LINK_BYTES);
    Memory.putLong(link, relationship);
    Memory.putLong(link + 8, from);
    Memory.putLong(link + 16, firstLink(reached));
    Memory.putLong(reached + 16, link);
  }

  static long node(long reached) {
    return Memory.getLong(reached);
  }

  static long depth(long reached) {
    return Memory.getLong(reached + 8);
  }

  static long firstLink(long reached) {
    return Memory.getLong(reached + 16);
  }

  /// The node that was reached next; 0 after the last.
  static long next(long reached) {
    return Memory.getLong(reached + 24);
  }

  static long relationship(long link) {
    return Memory.getLong(link);
  }

  static long from(long link) {
    return Memory.getLong(link + 8);
  }

  static long nextLink(long link) {
    return Memory.getLong(link + 16);
  }
}
