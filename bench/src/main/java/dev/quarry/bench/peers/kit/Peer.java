package dev.quarry.bench.peers.kit;

import java.nio.file.Path;

/// A database or library that takes part: how it loads and opens, and what it was told to be.
///
/// An adapter implements this and [PeerStore], and its `main` calls [Session#serve].
public interface Peer {
  /// Name and version, as its artifact has them.
  String version();

  /// In one line: heap, caches, threads, indexes, what commits wait for, and how it loads.
  String configuration();

  /// Makes a store from the data set and closes it, so that everything is on the disk.
  ///
  /// @param store a folder that exists and is empty
  void load(DataSet data, Path store) throws Exception;

  /// Opens what [#load] made.
  PeerStore open(DataSet data, Path store) throws Exception;

  /// Whether [#load] has forced what it wrote to the disk when it returns.
  default boolean loadsDurably() {
    return true;
  }

  /// Whether it is a database, or holds a graph that cannot change.
  default boolean isDatabase() {
    return true;
  }
}
