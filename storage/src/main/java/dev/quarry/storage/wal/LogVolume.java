package dev.quarry.storage.wal;

/// How much a part of a log holds.
///
/// @param batches commits
/// @param records of all of them; a long one counts as several, see [#recordsOf]
/// @param bytes in the file
public record LogVolume(long batches, long records, long bytes) {
  private static final int RECORD_BYTES = 64;

  /// As how many a record of so many bytes counts: long ones hold many changes.
  public static int recordsOf(int length) {
    return 1 + length / RECORD_BYTES;
  }

  /// Nothing.
  public static final LogVolume NONE = new LogVolume(0, 0, 0);

  LogVolume minus(LogVolume before) {
    return new LogVolume(batches - before.batches, records - before.records, bytes - before.bytes);
  }
}
