package dev.quarry.storage.lease;

import dev.quarry.storage.io.Clock;
import dev.quarry.storage.page.Pin;
import java.time.Duration;

/// How long a reader may last: some time from its beginning, however it is used; less if its store
/// is closed.
///
/// ```text
///   begun ──── calls ────┬── over ── idle: ended by whoever looks first, the pin comes back
///                        └── over ── in a call: that ends where it looks whether it should, or is
///                                    done; then as above
/// ```
///
/// Whoever looks is the next call itself, or the thread of [ReadLeases]. Later calls raise
/// `Store.SnapshotExpired`, or `Store.Closed`.
///
/// Threads: as [Calls] says; [#endIfOver()] from any.
public final class ReadLease extends Calls {
  private final ReadLeases leases;
  private final Clock clock;
  private final long begun;
  private final long nanoseconds;
  private final Pin pin;
  private final Runnable ending;
  private volatile boolean closed;

  /// @param pin of the reader
  /// @param ending closes the reader
  ReadLease(ReadLeases leases, Clock clock, Duration time, Pin pin, Runnable ending) {
    this.leases = leases;
    this.clock = clock;
    this.begun = clock.nanoTime();
    this.nanoseconds = time.toNanos();
    this.pin = pin;
    this.ending = ending;
  }

  @Override
  protected void beforeCall() {
    endIfOver();
  }

  /// Ends the reader if its time is over: now if it is idle, else its call ends where it looks
  /// whether it should, and this is to be asked once more.
  public void endIfOver() {
    if (isOver()) {
      pin.expire();
      endIfIdle(() -> true);
    }
  }

  private boolean isOver() {
    return !closed && (pin.isStoreClosed() || clock.nanoTime() - begun >= nanoseconds);
  }

  @Override
  protected void giveBack() {
    try {
      pin.revoke();
      ending.run();
    } finally {
      leases.ended(this);
    }
  }

  /// The reader was closed by who uses it, in a call.
  public void closed() {
    closed = true;
    leases.ended(this);
  }

  @Override
  protected RuntimeException whyEnded() {
    return pin.whyOver();
  }
}
