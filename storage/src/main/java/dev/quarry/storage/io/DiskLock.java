package dev.quarry.storage.io;

/// A lock that is held until it is closed; closing deletes its file. Threads: any.
public interface DiskLock extends AutoCloseable {
  @Override
  void close();
}
