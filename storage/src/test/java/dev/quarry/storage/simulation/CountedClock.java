package dev.quarry.storage.simulation;

import dev.quarry.storage.io.Clock;
import java.time.Instant;
import java.util.function.LongSupplier;

/// Time that a test counts: nanoseconds are whatever it counts, and the day stays the same.
public record CountedClock(LongSupplier nanoseconds) implements Clock {
  @Override
  public long nanoTime() {
    return nanoseconds.getAsLong();
  }

  @Override
  public Instant instant() {
    return Instant.EPOCH;
  }
}
