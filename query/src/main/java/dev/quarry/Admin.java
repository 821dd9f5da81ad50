package dev.quarry;

import dev.quarry.graph.Progress;

/// Looking after an open store.
public interface Admin {
  /// Verifies all of the newest commit: checksums of pages, records, both directions of every
  /// relationship, counters, and who owns which slab slot. Repairs nothing. A page that was
  /// verified when it was first touched is not read again.
  CheckReport check(Progress progress);

  /// The same, and tells nobody how far it is.
  default CheckReport check() {
    return check(Progress.NONE);
  }

  /// A hash of the graph of the newest commit as such: the same for every copy of it, whatever its
  /// ids, the order in which it was made, and where its pages lie. Needs 16 bytes a node, in memory
  /// or in spill files. See [StoreHash] for what it can tell apart.
  ///
  /// @throws dev.quarry.error.CorruptPageException if a page that it reads is damaged
  StoreHash hash(Progress progress);

  /// The same, and tells nobody how far it is.
  default StoreHash hash() {
    return hash(Progress.NONE);
  }

  /// What the store holds and uses right now.
  StoreStats stats();

  /// The names of labels, types and keys as of the newest commit, without counting anything.
  StoreNames names();

  /// Writes what is only in the log to the file, so that the log is no longer needed.
  void checkpoint();
}
