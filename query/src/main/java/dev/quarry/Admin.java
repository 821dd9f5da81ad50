package dev.quarry;

/// Looking after an open store.
public interface Admin {
  /// What the store holds and uses right now.
  StoreStats stats();

  /// Writes what is only in the log to the file, so that the log is no longer needed.
  void checkpoint();
}
