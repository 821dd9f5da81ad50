package dev.quarry;

import java.time.Duration;

/// How long a read transaction may last: [Quarry#beginRead(Lease)].
///
/// What an open reader sees is kept for it, and the room of what writers replaced does not come
/// back before it is closed. With a lease it comes back at the latest when that is over, whether
/// the reader is closed, parked or forgotten.
///
/// @param time from the beginning of the transaction, however much it is used; positive, and at
///   most 2^63 - 1 ns, about 292 years
public record Lease(Duration time) {
  private static final Duration LONGEST = Duration.ofNanos(Long.MAX_VALUE);

  public Lease {
    if (time.isNegative() || time.isZero()) {
      throw new IllegalArgumentException("the lease of a reader is not positive: " + time);
    }
    if (time.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException("the lease of a reader is too long: " + time);
    }
  }

  /// A lease of some time.
  public static Lease of(Duration time) {
    return new Lease(time);
  }
}
