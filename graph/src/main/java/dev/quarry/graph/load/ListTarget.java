package dev.quarry.graph.load;

/// Takes the lists of one kind in one direction, in ascending order of slots, each once and whole.
interface ListTarget {
  /// Takes a list.
  ///
  /// @param entries address of the entries, ascending; valid during the call. Of 4 bytes the slot
  ///   of the other node; of 8 bytes that slot << 32 | row of the relationship + 1
  /// @param count at least 1
  void list(long slot, long entries, long count);
}
