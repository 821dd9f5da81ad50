package dev.quarry.query.execute;

import dev.quarry.graph.transaction.NodeScan;
import dev.quarry.graph.transaction.ScanPieces;
import dev.quarry.storage.schedule.Point;
import dev.quarry.storage.schedule.Sched;
import java.util.concurrent.atomic.AtomicLong;

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

  /// Lets a scan go over the piece that was taken last.
  void begin(NodeScan scan) {
    scan.begin(pieces, current);
  }
}
