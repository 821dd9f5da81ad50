package dev.quarry.graph.statistics;

import dev.quarry.graph.catalog.UnwrittenCounts;
import dev.quarry.graph.index.IndexCursor;
import dev.quarry.storage.page.PageReader;
import java.util.function.IntPredicate;

/// The exact numbers of relationships by kind, in a tree of the form of an index.
///
/// ```text
/// byte 0                8                           16               24
///      ┌────────────────┬───────────────────────────┬────────────────┐
///      │ relationships  │ source << 32 | target     │ type           │    source, target: arenas
///      └────────────────┴───────────────────────────┴────────────────┘
/// ```
///
/// There is one entry for each kind that has relationships, whichever lists hold them; what
/// [UnwrittenCounts] say of a kind goes before it. Used by one thread at a time.
public final class KindCounts {
  private final IndexCursor cursor;
  private final IntPredicate dropped;
  private final UnwrittenCounts unwritten;

  /// Takes the number of one kind.
  @FunctionalInterface
  public interface Sink {
    void accept(int source, int type, int target, long relationships);
  }

  /// What pages say.
  ///
  /// @param space of the tree
  KindCounts(PageReader reader, int space) {
    this(reader, space, arena -> false, UnwrittenCounts.NONE);
  }

  /// @param dropped which arenas went with their region: kinds of which they are an end are not
  ///   given, and wait to be swept
  /// @param unwritten what no page has yet
  public KindCounts(PageReader reader, int space, IntPredicate dropped, UnwrittenCounts unwritten) {
    this.cursor = new IndexCursor(reader, space);
    this.dropped = dropped;
    this.unwritten = unwritten;
  }

  /// The number of relationships of a type between two arenas.
  public long count(int source, int type, int target) {
    long pair = pair(source, target);
    cursor.open(type, pair);
    boolean found = cursor.next() && cursor.order() == type && cursor.hash() == pair;
    return found ? unwritten.total(source, type, target, cursor.record()) : 0;
  }

  /// How many kinds have relationships, those that wait to be swept included.
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
    int source = (int) (cursor.hash() >>> 32);
    int target = (int) cursor.hash();
    if (!dropped.test(source) && !dropped.test(target)) {
      int type = (int) cursor.order();
      sink.accept(source, type, target, unwritten.total(source, type, target, cursor.record()));
    }
  }

  static long pair(int source, int target) {
    return (long) source << 32 | target;
  }
}
