package dev.quarry.graph.transaction;

import java.util.Arrays;

/// Bare relationships of one type between two arenas, to be entered into their lists together:
/// first all outgoing lists in the order of the sources, then all incoming ones in the order of the
/// targets. So each list is looked for once, near the one before it, instead of at random.
///
/// Each list gets its entries in the order in which they were added, as if they had been entered
/// one by one. Memory: 24 bytes of heap for each of at most [#MOST]. Used by one thread at a time.
final class BareBatch {
  /// How many fit.
  static final int MOST = 1 << 14;

  private static final int INDEX_BITS = 24;

  private final long[] sources = new long[MOST];
  private final long[] targets = new long[MOST];
  private final long[] order = new long[MOST];
  private int type;
  private int count;

  int type() {
    return type;
  }

  int count() {
    return count;
  }

  boolean isEmpty() {
    return count == 0;
  }

  /// One of the sources; all are of one arena.
  long anySource() {
    return sources[0];
  }

  /// One of the targets; all are of one arena.
  long anyTarget() {
    return targets[0];
  }

  /// Whether a relationship fits to those that are there.
  boolean takes(long source, int ofType, long target) {
    return count == 0
        || count < MOST
            && type == ofType
            && Ids.arena(source) == Ids.arena(sources[0])
            && Ids.arena(target) == Ids.arena(targets[0]);
  }

  void add(long source, int ofType, long target) {
    assert takes(source, ofType, target) : "another kind, or too many";
    type = ofType;
    sources[count] = source;
    targets[count++] = target;
  }

  void clear() {
    count = 0;
  }

  /// The highest slot of a node in it.
  long highestSlot() {
    long highest = 0;
    for (int i = 0; i < count; i++) {
      highest = Math.max(highest, Math.max(Ids.slot(sources[i]), Ids.slot(targets[i])));
    }
    return highest;
  }

  /// Gives all to a sink, in the order in which they were added.
  void each(Visitor sink) {
    for (int i = 0; i < count; i++) {
      sink.visit(sources[i], targets[i]);
    }
  }

  /// Gives all to a sink, those of one source together.
  void bySource(Visitor sink) {
    sorted(sources, sink);
  }

  /// Gives all to a sink, those of one target together.
  void byTarget(Visitor sink) {
    sorted(targets, sink);
  }

  private void sorted(long[] ends, Visitor sink) {
    for (int i = 0; i < count; i++) {
      order[i] = Ids.slot(ends[i]) << INDEX_BITS | i; // equal slots stay in their order
    }
    Arrays.sort(order, 0, count);
    for (int k = 0; k < count; k++) {
      int i = (int) order[k] & (1 << INDEX_BITS) - 1;
      sink.visit(sources[i], targets[i]);
    }
  }

  /// Takes a relationship.
  interface Visitor {
    void visit(long source, long target);
  }
}
