package dev.quarry.query.execute;

import dev.quarry.graph.transaction.NodeScan;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.graph.transaction.ScanPieces;
import dev.quarry.storage.schedule.Point;
import dev.quarry.storage.schedule.Sched;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The pieces of a scan that one thread of several goes over: whoever is done with one takes the
/// next that nobody has taken, so all end at about the same time, however much there is to do for a
/// piece. After Leis, Boncz, Kemper and Neumann, "Morsel-Driven Parallelism", SIGMOD 2014.
///
/// Each thread has one of these, with a cursor in common; its pieces rise.
final class Morsels {
  private static final int MOST_SLOTS = 1024;
  private static final int PIECES_OF_THREAD = 16;

  private final ScanPieces pieces;
  private final AtomicLong cursor;
  private long current = -1;

  private Morsels(ScanPieces pieces, AtomicLong cursor) {
    this.pieces = pieces;
    this.cursor = cursor;
  }

  /// Cuts a scan: into 16 pieces for a thread, of at most 1,024 slots, or as many as the property
  /// `quarry.morselSlots` says, for tests. No answer depends on it.
  static Morsels of(NodeScan scan, int threads) {
    long slots = scan.slots() / ((long) threads * PIECES_OF_THREAD);
    long usual = Math.clamp(slots, 1, MOST_SLOTS);
    long size = Long.getLong("quarry.morselSlots", usual);
    return new Morsels(scan.pieces(size), new AtomicLong());
  }

  /// The same pieces, for another thread.
  Morsels another() {
    return new Morsels(pieces, cursor);
  }

  /// How many pieces there are in all.
  long count() {
    return pieces.count();
  }

  /// Takes the next piece; false if there is none.
  boolean next() {
    Sched.point(Point.MORSEL);
    current = cursor.getAndIncrement();
    return current < pieces.count();
  }

  /// The number of the piece that was taken last. Rows come in order of these numbers from one
  /// thread.
  long current() {
    return current;
  }

  /// The scan of all nodes, or of those with a label, which is looked up now (S9).
  static NodeScan scan(Reading reading, @Nullable String label) {
    return label == null ? reading.scanAll() : reading.scan(reading.catalog().label(label));
  }

  /// Begins a scan of all its nodes, or of those of the piece that was taken last.
  ///
  /// @param morsels null for all nodes
  /// @param before what the last call gave, null for the first one
  static NodeScan begin(
      @Nullable Morsels morsels,
      @Nullable NodeScan before,
      Reading reading,
      @Nullable String label) {
    NodeScan scan = before == null || morsels == null ? scan(reading, label) : before;
    if (morsels != null) {
      scan.begin(morsels.pieces, morsels.current);
    }
    return scan;
  }
}
