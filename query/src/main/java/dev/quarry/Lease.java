package dev.quarry;

import java.time.Duration;

/// How long a reader may hold its snapshot.
///
/// Past it, the reader's next step ends with
/// [SnapshotExpiredException][dev.quarry.error.SnapshotExpiredException], and the memory that only
/// this snapshot held comes back.
///
/// @param duration from the beginning of the transaction; positive
public record Lease(Duration duration) {
  public Lease {
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalArgumentException("a lease must be positive, not " + duration);
    }
  }

  /// A lease of `duration`.
  public static Lease of(Duration duration) {
    return new Lease(duration);
  }
}
