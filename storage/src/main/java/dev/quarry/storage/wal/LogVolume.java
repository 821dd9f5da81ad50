package dev.quarry.storage.wal;

/// How much a part of a log holds.
///
/// @param batches commits
/// @param records of all of them
/// @param bytes in the file
public record LogVolume(long batches, long records, long bytes) {
  /// Nothing.
  public static final LogVolume NONE = new LogVolume(0, 0, 0);

  LogVolume minus(LogVolume before) {
    return new LogVolume(batches - before.batches, records - before.records, bytes - before.bytes);
  }
}
