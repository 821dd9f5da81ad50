package dev.quarry;

import dev.quarry.storage.io.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/// Time that passes only when a test says so.
final class StillClock implements Clock {
  private final AtomicLong nanoseconds = new AtomicLong();

  void pass(Duration time) {
    nanoseconds.addAndGet(time.toNanos());
  }

  @Override
  public long nanoTime() {
    return nanoseconds.get();
  }

  @Override
  public Instant instant() {
    return Instant.EPOCH;
  }
}
