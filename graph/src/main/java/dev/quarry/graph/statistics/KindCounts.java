package dev.quarry.graph.statistics;

import dev.quarry.graph.index.IndexCursor;
import dev.quarry.storage.page.PageReader;

/// The exact numbers of relationships by kind, in a tree of the form of an index.
///
/// ```text
/// byte 0                8                           16               24
///      ┌────────────────┬───────────────────────────┬────────────────┐
///      │ relationships  │ source << 32 | target     │ type           │    source, target: arenas
///      └────────────────┴───────────────────────────┴────────────────┘
/// ```
///
/// There is one entry for each kind that has relationships, whichever lists hold them. Used by one
/// thread at a time.
public final class KindCounts {
  private final IndexCursor cursor;

  /// Takes the number of one kind.
  @FunctionalInterface
  public interface Sink {
    void accept(int source, int type, int target, long relationships);
  }

  /// @param space of the tree
  public KindCounts(PageReader reader, int space) {
    this.cursor = new IndexCursor(reader, space);
  }

  /// The number of relationships of a type between two arenas.
  public long count(int source, int type, int target) {
    long pair = pair(source, target);
    cursor.open(type, pair);
    return cursor.next() && cursor.order() == type && cursor.hash() == pair ? cursor.record() : 0;
  }

  /// How many kinds have relationships.
  public long kinds() {
    return cursor.entries();
  }

  /// Gives every kind of a type to a sink.
  public void ofType(int type, Sink sink) {
    cursor.open(type, 0);
    while (cursor.next() && cursor.order() == type) {
      give(sink);
    }
  }

  /// Gives every kind to a sink.
  public void all(Sink sink) {
    cursor.open(0, 0);
    while (cursor.next()) {
      give(sink);
    }
  }

  private void give(Sink sink) {
    long pair = cursor.hash();
    sink.accept((int) (pair >>> 32), (int) cursor.order(), (int) pair, cursor.record());
  }

  static long pair(int source, int target) {
    return (long) source << 32 | target;
  }
}
