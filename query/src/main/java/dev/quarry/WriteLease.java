package dev.quarry;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.TransactionException;
import dev.quarry.storage.io.Clock;
import dev.quarry.storage.lease.Calls;
import java.time.Duration;

/// How long a write transaction may be idle while others wait for the writer: who waits may end it
/// once nobody has called it for long enough. Later calls raise Store.WriteLeaseExpired.
///
/// The last call of a transaction may end there as well ([#last]): later ones raise
/// Transaction.Closed.
///
/// Threads: as [Calls] says; [#endIfIdle()] from any.
final class WriteLease extends Calls {
  private final Clock clock;
  private final long nanoseconds;
  private final Runnable rollback;
  private volatile long lastUse;
  private volatile boolean closed;

  /// @param rollback takes the transaction back
  WriteLease(Clock clock, Duration time, Runnable rollback) {
    this.clock = clock;
    this.nanoseconds = time.toNanos();
    this.rollback = rollback;
    this.lastUse = clock.nanoTime();
  }

  @Override
  protected void giveBack() {
    rollback.run();
  }

  @Override
  protected RuntimeException whyEnded() {
    if (closed) {
      return new TransactionException(
          ErrorCode.TRANSACTION_CLOSED, "this write transaction is over", "begin a new one");
    }
    return new TransactionException(
        ErrorCode.WRITE_LEASE_EXPIRED,
        "this write transaction was idle for more than %,d ms while others waited for the writer,"
                .formatted(nanoseconds / 1_000_000)
            + " and was rolled back",
        "keep write transactions short, or open the store with a longer writeLease");
  }

  @Override
  protected void afterCall() {
    lastUse = clock.nanoTime();
  }

  /// Runs the last call, which ends the transaction. If it throws, there may be others.
  void last(Runnable call) {
    runLast(
        () -> {
          call.run();
          closed = true;
        });
  }

  /// Ends the transaction if it is idle for longer than the lease.
  void endIfIdle() {
    endIfIdle(() -> clock.nanoTime() - lastUse >= nanoseconds);
  }
}
