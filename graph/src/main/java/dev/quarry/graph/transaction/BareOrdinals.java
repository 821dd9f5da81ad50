package dev.quarry.graph.transaction;

import java.util.TreeSet;

/// Where relationships are that have no row, or had none once. Those between the same nodes, of the
/// same type, are told apart by an ordinal: of what lies in the lists of one state, and of what it
/// remembers of those that got a row or were removed. Used by one thread at a time.
final class BareOrdinals {
  /// There is no such relationship.
  static final long GONE = -2;

  private final RecordReading reading;

  BareOrdinals(RecordReading reading) {
    this.reading = reading;
  }

  /// Where a relationship is that is, or was once, bare.
  ///
  /// @return its row, -1 while it has none, or [#GONE]
  long place(int type, long source, long target, long ordinal) {
    long bare = count(source, type, target);
    BareEdits edits = reading.edits();
    boolean plain = (edits == null || edits.isEmpty()) && !reading.remembers(type);
    if (plain) {
      return ordinal < bare ? -1 : GONE;
    }
    Remembered remembered = new Remembered(reading, source, true);
    long row = remembered.row(type, target, ordinal);
    if (row >= 0) {
      return row;
    }
    int now = edits == null ? 0 : edits.stamp();
    TreeSet<Long> taken = remembered.taken(type, target, now);
    if (taken.contains(ordinal)) {
      return GONE;
    }
    return ordinal - taken.headSet(ordinal).size() < bare ? -1 : GONE;
  }

  /// How many bare relationships there are between two nodes, of one type.
  long count(long source, int type, long target) {
    long count = reading.lists(source, true).isEmpty() ? 0 : inMixed(source, type, target);
    for (KnownKind one : reading.kinds(source, true)) {
      if (one.kind().type() == type && one.kind().other() == Ids.arena(target)) {
        count += one.lists().count(Ids.slot(source), 0, Ids.word(Ids.slot(target), -1));
      }
    }
    return count;
  }

  private long inMixed(long source, int type, long target) {
    return reading.lists(source, true).count(Ids.slot(source), Ids.entry(type, -1), target);
  }
}
