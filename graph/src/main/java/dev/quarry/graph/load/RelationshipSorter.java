package dev.quarry.graph.load;

/// The relationships of one kind, which is one type between two arenas, sorted by source and by
/// target.
///
/// What does not fit in memory becomes sorted runs in files. Equal pairs keep the order in which
/// they were added. Used by one thread, which has others help.
interface RelationshipSorter extends AutoCloseable {
  /// How many were added.
  long total();

  /// Bytes that lie in memory.
  long bytes();

  /// Writes what is in memory to files.
  void spill();

  /// Hands on all relationships by source, then all by target.
  void drain(Sorted out, Sorted in);

  @Override
  void close();
}
