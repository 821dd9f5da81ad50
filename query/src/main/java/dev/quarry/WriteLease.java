package dev.quarry;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.TransactionException;
import dev.quarry.storage.io.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// How long a write transaction may be idle while others wait for the writer.
///
/// Every use of the transaction is a *call*. Between calls it is idle, and who waits may end it
/// once it has been so for long enough:
///
/// ```text
///            enter                      exit
///   idle 2n ───────►  in a call 2n + 1 ──────►  idle 2n + 2  ...
///      │
///      │ endIfIdle, if nobody has entered since it looked
///      ▼
///   ENDED: every later call raises Store.WriteLeaseExpired
/// ```
///
/// The last call of a transaction may end there as well ([#last]): later ones raise
/// Transaction.Closed.
///
/// Invariant: the transaction is taken back only by who moved the state to ENDED, and nobody is in
/// a call then or later. Threads: calls come from one thread at a time, [#endIfIdle()] from any.
final class WriteLease {
  private static final long ENDED = -1;

  private final Clock clock;
  private final long nanoseconds;
  private final Runnable rollback;
  private final AtomicLong state = new AtomicLong();
  private final CountDownLatch rolledBack = new CountDownLatch(1);
  private volatile long lastUse;
  private volatile boolean closed;
  private int depth;

  /// @param rollback takes the transaction back
  WriteLease(Clock clock, Duration time, Runnable rollback) {
    this.clock = clock;
    this.nanoseconds = time.toNanos();
    this.rollback = rollback;
    this.lastUse = clock.nanoTime();
  }

  /// Begins a call, which may lie inside of another one.
  ///
  /// @throws TransactionException if the transaction was ended
  void enter() {
    if (!mayEnter()) {
      if (closed) {
        throw new TransactionException(
            ErrorCode.TRANSACTION_CLOSED, "this write transaction is over", "begin a new one");
      }
      throw new TransactionException(
          ErrorCode.WRITE_LEASE_EXPIRED,
          "this write transaction was idle for more than %,d ms while others waited for the writer,"
                  .formatted(nanoseconds / 1_000_000)
              + " and was rolled back",
          "keep write transactions short, or open the store with a longer writeLease");
    }
  }

  /// Begins a call, unless the transaction was ended; then it has given the writer back on return.
  boolean mayEnter() {
    if (depth == 0) {
      long idle = state.get();
      if (idle == ENDED || !state.compareAndSet(idle, idle + 1)) {
        awaitRollback();
        return false;
      }
    }
    depth++;
    return true;
  }

  private void awaitRollback() {
    boolean interrupted = false;
    while (rolledBack.getCount() > 0) {
      try {
        rolledBack.await();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// Ends a call.
  void exit() {
    depth--;
    if (depth == 0) {
      lastUse = clock.nanoTime();
      state.set(state.get() + 1);
    }
  }

  /// Runs something as a call.
  <T extends @Nullable Object> T in(Supplier<T> call) {
    enter();
    try {
      return call.get();
    } finally {
      exit();
    }
  }

  /// Runs something as a call.
  void run(Runnable call) {
    enter();
    try {
      call.run();
    } finally {
      exit();
    }
  }

  /// Runs the last call, which ends the transaction. If it throws, there may be others.
  void last(Runnable call) {
    enter();
    assert depth == 1 : depth;
    boolean done = false;
    try {
      call.run();
      done = true;
    } finally {
      if (done) {
        depth--;
        closed = true;
        state.set(ENDED);
        rolledBack.countDown();
      } else {
        exit();
      }
    }
  }

  /// Ends the transaction if it is idle for longer than the lease.
  void endIfIdle() {
    long seen = state.get();
    boolean inCall = (seen & 1) != 0;
    boolean over = clock.nanoTime() - lastUse >= nanoseconds;
    if (!inCall && over && state.compareAndSet(seen, ENDED)) {
      try {
        rollback.run();
      } finally {
        rolledBack.countDown();
      }
    }
  }
}
