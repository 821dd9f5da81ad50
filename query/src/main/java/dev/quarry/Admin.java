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

  /// What the store holds and uses right now.
  StoreStats stats();

  /// The names of labels, types and keys as of the newest commit, without counting anything.
  StoreNames names();

  /// Writes what is only in the log to the file, so that the log is no longer needed.
  void checkpoint();
}
