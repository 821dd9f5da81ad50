package dev.quarry.storage.io;

import java.time.Instant;

/// The time. Threads: any.
public interface Clock {
  /// Nanoseconds from an arbitrary origin, for durations; never goes back.
  long nanoTime();

  /// The time of day.
  Instant instant();

  /// The system's clocks.
  static Clock system() {
    return new Clock() {
      @Override
      public long nanoTime() {
        return System.nanoTime();
      }

      @Override
      public Instant instant() {
        return Instant.now();
      }
    };
  }
}
