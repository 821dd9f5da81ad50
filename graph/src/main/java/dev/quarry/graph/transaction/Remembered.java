package dev.quarry.graph.transaction;

import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.slab.ListCursor;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The relationships of a node, in one direction, that were bare once and have a row now: by type,
/// other end and ordinal. Made by one walk over the lists that can hold rows, once somebody asks
/// for a type that has such relationships at all.
final class Remembered {
  private record Key(int type, long other) {}

  private final RecordReading reading;
  private final long node;
  private final boolean out;
  private final Map<Key, TreeMap<Long, Long>> rows = new HashMap<>();
  private boolean walked;

  Remembered(RecordReading reading, long node, boolean out) {
    this.reading = reading;
    this.node = node;
    this.out = out;
  }

  private @Nullable TreeMap<Long, Long> rows(int type, long other) {
    if (!reading.remembers(type)) {
      return null;
    }
    if (!walked) {
      walk();
      walked = true;
    }
    return rows.get(new Key(type, other));
  }

  private void walk() {
    ListCursor cursor = new ListCursor();
    for (KnownKind one : reading.kinds(node, out)) {
      int type = one.kind().type();
      if (reading.remembers(type)) {
        one.lists().open(Ids.slot(node), cursor);
        while (cursor.entryBytes() == 8 && cursor.nextFragment()) {
          for (int i = 0; i < cursor.count(); i++) {
            long word = Memory.getLong(cursor.address() + i * 8L);
            long other = Ids.node(one.kind().other(), word >>> 32);
            long row = (word & 0xFFFFFFFFL) - 1;
            add(type, other, row < 0 ? -1 : one.firstEdgeSlot() | row);
          }
        }
      }
    }
    reading.lists(node, out).open(Ids.slot(node), cursor); // and leaves the last of those
    while (cursor.nextFragment()) {
      for (int i = 0; i < cursor.count(); i++) {
        long address = cursor.address() + i * 16L;
        long entry = Memory.getLong(address + 8);
        add(Ids.type(entry), Memory.getLong(address), Ids.edgeSlot(entry));
      }
    }
  }

  private void add(int type, long other, long edgeSlot) {
    if (edgeSlot >= 0 && reading.remembers(type) && !reading.isDropped(other)) {
      long origin = reading.origin(type, edgeSlot);
      if (origin >= 0) {
        rows.computeIfAbsent(new Key(type, other), key -> new TreeMap<>()).put(origin, edgeSlot);
      }
    }
  }

  /// The row that remembers an ordinal, -1 if none does.
  long row(int type, long other, long ordinal) {
    TreeMap<Long, Long> found = rows(type, other);
    return found == null ? -1 : found.getOrDefault(ordinal, -1L);
  }

  /// The ordinals that bare relationships do not have.
  ///
  /// @param opened when the walk was opened that asks, see [BareEdits#stamp()]
  TreeSet<Long> taken(int type, long other, int opened) {
    TreeMap<Long, Long> found = rows(type, other);
    TreeSet<Long> taken = found == null ? new TreeSet<>() : new TreeSet<>(found.keySet());
    BareEdits edits = reading.edits();
    if (edits != null) {
      edits.correct(taken, type, out ? node : other, out ? other : node, opened);
    }
    return taken;
  }

  /// The ordinal of the bare relationship that stands at an index among those that are left.
  long ordinal(int type, long other, long index, int opened) {
    long ordinal = index;
    for (long one : taken(type, other, opened)) {
      if (one > ordinal) {
        break;
      }
      ordinal++;
    }
    return ordinal;
  }
}
