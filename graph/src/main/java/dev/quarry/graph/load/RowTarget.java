package dev.quarry.graph.load;

/// Takes the rows of relationships of one kind, in the order of the lists by source.
interface RowTarget {
  /// Takes a row; returns the edge slot that its relationship gets.
  ///
  /// @param ends slot of the source << 32 | slot of the target
  /// @param row bytes as [EncodedRows] makes them, valid during the call
  long add(long ends, byte[] row, int length);

  /// Writes what it took.
  void flush();
}
