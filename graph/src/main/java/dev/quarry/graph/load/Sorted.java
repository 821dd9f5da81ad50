package dev.quarry.graph.load;

/// Takes records in ascending order, piece by piece. What a piece ends with may go on in the next.
interface Sorted {
  /// Takes a piece.
  ///
  /// @param records their address, valid during the call; they may be changed
  void accept(long records, long count);
}
