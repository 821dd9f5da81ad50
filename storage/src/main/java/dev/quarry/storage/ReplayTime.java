package dev.quarry.storage;

import dev.quarry.storage.wal.LogVolume;

/// How long it would take to repeat a part of the log, by estimate.
///
/// Lone commits cost by their batches, large ones by their records, long texts by their bytes. The
/// three times are those of graphs on the machine of `docs/benchmarks/recovery.md`, in a JVM that
/// is warm; elsewhere they are off by a factor that a recovery measures.
///
/// Threads: any.
final class ReplayTime {
  private static final long BATCH_NANOS = 600;
  private static final long RECORD_NANOS = 1_200;
  private static final long BYTE_NANOS = 1;
  private static final long LEAST_MEASURED = 20_000_000; // less is said by the warming up alone
  private static final double LEAST_FACTOR = 0.5;
  private static final double MOST_FACTOR = 4; // a recovery may have run beside much else

  private volatile double factor = 1;

  /// Nanoseconds.
  long nanosOf(LogVolume volume) {
    return (long) (nanosElsewhere(volume) * factor);
  }

  private static long nanosElsewhere(LogVolume volume) {
    return volume.batches() * BATCH_NANOS
        + volume.records() * RECORD_NANOS
        + volume.bytes() * BYTE_NANOS;
  }

  /// It took so long to repeat some of it: from now on that is the measure.
  void measured(LogVolume volume, long nanos) {
    long expected = nanosElsewhere(volume);
    if (expected >= LEAST_MEASURED) {
      factor = Math.clamp((double) nanos / expected, LEAST_FACTOR, MOST_FACTOR);
    }
  }
}
