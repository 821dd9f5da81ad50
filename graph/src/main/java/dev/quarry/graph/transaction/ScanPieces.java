package dev.quarry.graph.transaction;

/// The slots that a scan of nodes goes over, cut into pieces, so that several threads can share it:
/// each begins scans of its own at pieces ([NodeScan#begin]), of the same commit.
///
/// ```text
/// arena           2                     5
///      ┌────┬────┬──┐  ┌────┬────┬────┬─┐
/// piece│ 0  │ 1  │2 │  │ 3  │ 4  │ 5  │6│     no piece is of two arenas
///      └────┴────┴──┘  └────┴────┴────┴─┘
/// ```
///
/// In order of their numbers they are the scan. Immutable.
public final class ScanPieces {
  private final long[] ends;
  private final long[] firstPieces;
  private final long pieceSlots;

  /// @param ends of each arena how many of its slots are gone over
  ScanPieces(long[] ends, long pieceSlots) {
    assert pieceSlots > 0 : pieceSlots;
    this.ends = ends;
    this.pieceSlots = pieceSlots;
    this.firstPieces = new long[ends.length + 1];
    for (int i = 0; i < ends.length; i++) {
      firstPieces[i + 1] = firstPieces[i] + (ends[i] + pieceSlots - 1) / pieceSlots;
    }
  }

  /// How many pieces there are.
  public long count() {
    return firstPieces[ends.length];
  }

  /// The arena that a piece is of.
  int arena(long piece) {
    assert piece >= 0 && piece < count() : piece + " of " + count();
    int arena = 0;
    while (firstPieces[arena + 1] <= piece) {
      arena++;
    }
    return arena;
  }

  /// The first slot of a piece.
  long from(long piece) {
    return (piece - firstPieces[arena(piece)]) * pieceSlots;
  }

  /// Where a piece ends.
  long end(long piece) {
    return Math.min(from(piece) + pieceSlots, ends[arena(piece)]);
  }
}
