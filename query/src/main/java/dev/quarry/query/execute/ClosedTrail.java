package dev.quarry.query.execute;

import dev.quarry.query.value.Pace;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;

/// Whether a trail leads from a node back to itself, found by a breadth-first search that goes over
/// relationships either way (rule S20): one step and back over the same relationship is no trail.
///
/// ```text
///            x ── · ── u         branch of x      trails: start … u ─ v … start, of length
///          /           │                          depth of u + depth of v + 1
///     start            │
///          \           │
///            y ─────── v         branch of y
/// ```
///
/// Each node belongs to the branch of that neighbour of the start over which the search reached it
/// first. A closed trail is there if a relationship leads from the start to itself, if two lead to
/// one neighbour, or if one joins two branches: the ways back to the start, down two branches, have
/// nothing else in common.
///
/// None that is shorter is missed. A closed trail holds a circle start, x1, …, xk, start; let it be
/// the shortest. If x1 and xk are one node, two relationships lead to it. Else they are neighbours
/// of the start, so they belong to different branches, and somewhere on the way from xi to xi+1 the
/// branch changes. These two are reached after at most i and k - i steps, so what joins them gives
/// a trail of at most k + 1 steps, the length of the circle.
///
/// ```text
/// entry  0          8        16
///       ┌──────────┬────────┬────────┐
///       │ node + 1 │ branch │ depth  │   0 in the first word: free
///       └──────────┴────────┴────────┘
/// ```
final class ClosedTrail {
  private static final int ENTRY_BYTES = 24;
  private static final int FIRST_ENTRIES = 64;

  private Scratch memory;
  private Scratch spare;
  private long table;
  private long mask;
  private long count;
  private long start;
  private long most;
  private boolean seeking;

  /// @param memory for the table, as `spare` is; used for nothing else
  ClosedTrail(Scratch memory, Scratch spare) {
    this.memory = memory;
    this.spare = spare;
  }

  /// Begins with a search.
  ///
  /// @param atMost how long a trail may be; -1 for no bound
  void begin(long from, long atMost) {
    start = from;
    most = atMost;
    seeking = true;
    memory.close();
    begin(FIRST_ENTRIES);
    count = 0;
  }

  private void begin(long entries) {
    table = memory.allocateZeroed(entries * ENTRY_BYTES);
    mask = entries - 1;
  }

  /// Leaves the search.
  void end() {
    seeking = false;
    memory.close();
  }

  /// Whether a closed trail was not found yet, and is sought.
  boolean isSought() {
    return seeking;
  }

  /// Notes that a relationship leads from a node of the search to another; whether it closes a
  /// trail, after which none is sought any more.
  ///
  /// @param depth after how many steps the search reached `node`
  boolean closes(long node, long depth, long other) {
    assert seeking;
    boolean closed = node == start ? closesAtStart(other) : joins(node, depth, other);
    if (closed) {
      end();
    }
    return closed;
  }

  private boolean closesAtStart(long other) {
    long entry = find(other);
    if (Memory.getLong(entry) != 0) {
      return isShort(2);
    }
    if (other == start) {
      return isShort(1);
    }
    put(entry, other, other, 1);
    return false;
  }

  private boolean joins(long node, long depth, long other) {
    if (other == start) {
      return false; // two to one neighbour were met from the start
    }
    long branch = Memory.getLong(find(node) + 8);
    long entry = find(other);
    if (Memory.getLong(entry) == 0) {
      put(entry, other, branch, depth + 1);
      return false;
    }
    return Memory.getLong(entry + 8) != branch && isShort(depth + Memory.getLong(entry + 16) + 1);
  }

  private boolean isShort(long length) {
    return most < 0 || length <= most;
  }

  /// The entry of a node, or a free one where it would stand.
  private long find(long node) {
    long at = Memory.mix(node) & mask;
    while (true) {
      long entry = table + at * ENTRY_BYTES;
      long found = Memory.getLong(entry);
      if (found == node + 1 || found == 0) {
        return entry;
      }
      at = at + 1 & mask;
    }
  }

  private void put(long entry, long node, long branch, long depth) {
    Memory.putLong(entry, node + 1);
    Memory.putLong(entry + 8, branch);
    Memory.putLong(entry + 16, depth);
    if (++count * 2 > mask) {
      grow();
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
      if (Memory.getLong(entry) != 0) {
        pace.step();
        Memory.copy(entry, find(Memory.getLong(entry) - 1), ENTRY_BYTES);
      }
    }
    outgrown.close();
  }
}
