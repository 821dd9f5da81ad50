package dev.quarry.storage;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.WriterBusyException;
import dev.quarry.storage.io.Clock;
import dev.quarry.storage.schedule.Point;
import dev.quarry.storage.schedule.Sched;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// One writer at a time, first come, first served; it belongs to a transaction, not to a thread.
///
/// A thread that asks again while it holds the writer gets an error at once, not a deadlock.
/// Threads: any.
final class WriterLock {
  private final Semaphore turn = new Semaphore(1, true);
  private final Clock clock;
  private final Duration timeout;
  private volatile @Nullable Thread holder;
  private volatile long since;

  WriterLock(Clock clock, Duration timeout) {
    this.clock = clock;
    this.timeout = timeout;
  }

  /// Waits for the turn.
  ///
  /// @throws WriterBusyException if this thread has it already, or the wait takes too long
  void acquire() {
    if (holder == Thread.currentThread()) {
      throw new WriterBusyException(
          ErrorCode.WRITER_NESTED,
          "this thread asked for the writer while it holds it",
          "use the write transaction that you have");
    }
    Sched.point(Point.LOCK);
    if (!await()) {
      throw busy();
    }
    holder = Thread.currentThread();
    since = clock.nanoTime();
  }

  /// Takes the turn if it is free.
  boolean tryAcquire() {
    if (holder == Thread.currentThread() || !turn.tryAcquire()) {
      return false;
    }
    holder = Thread.currentThread();
    since = clock.nanoTime();
    return true;
  }

  void release() {
    holder = null;
    turn.release();
    Sched.point(Point.UNLOCK);
  }

  /// Waits with the interrupt flag kept, as every wait of the store does.
  private boolean await() {
    if (turn.tryAcquire()) {
      return true;
    }
    boolean interrupted = false;
    long deadline = clock.nanoTime() + timeout.toNanos();
    try {
      while (true) {
        try {
          long left = deadline - clock.nanoTime();
          return Sched.tryAcquire(turn, Math.max(0, left));
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private WriterBusyException busy() {
    Thread thread = holder;
    String who = thread == null ? "another thread" : "thread \"" + thread.getName() + "\"";
    long age = (clock.nanoTime() - since) / 1_000_000;
    return new WriterBusyException(
        ErrorCode.WRITER_BUSY,
        "%s has held the writer for %,d ms; waited %,d ms for it"
            .formatted(who, age, timeout.toMillis()),
        "keep write transactions short, or raise writerTimeout");
  }
}
