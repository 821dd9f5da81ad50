package dev.quarry.graph.load;

/// A chunk of a CSV file and the values that were read from it. Used by one thread at a time.
interface CsvPiece {
  CsvChunk csv();

  /// Reads the values of a chunk without looking for its fields first. Called by any thread, beside
  /// others.
  ///
  /// @return false if it is not of the kind for which that can be done
  default boolean parseAtOnce(byte delimiter) {
    return false;
  }

  /// Reads the values of a chunk whose fields were found. Called by any thread, beside others.
  void parse();
}
