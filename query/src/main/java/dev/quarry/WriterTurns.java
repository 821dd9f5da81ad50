package dev.quarry;

import dev.quarry.storage.io.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Waiting for the writer: whoever waits sees to it that a holder that is idle for longer than its
/// lease is ended.
///
/// Waiting itself is the business of the store, which serves in the order of asking. So a virtual
/// thread looks at the holder meanwhile; none is started where nobody holds the writer and nobody
/// waits. Threads: any.
final class WriterTurns {
  private static final Duration LOOK = Duration.ofMillis(20);

  private final Clock clock;
  private final Duration lease;
  private final AtomicReference<@Nullable WriteLease> holder = new AtomicReference<>();
  private final AtomicInteger waiting = new AtomicInteger();

  WriterTurns(Clock clock, Duration lease) {
    this.clock = clock;
    this.lease = lease;
  }

  /// A lease for a transaction that has the writer now.
  WriteLease newLease(Runnable rollback) {
    return new WriteLease(clock, lease, rollback);
  }

  /// The transaction of a lease is complete and may be ended from now on.
  void began(WriteLease held) {
    holder.set(held);
  }

  /// A transaction has given the writer back.
  void ended(WriteLease held) {
    holder.compareAndSet(held, null);
  }

  /// Runs something that waits for the writer. If it begins a transaction, it calls [#began] before
  /// it returns: so the next to wait finds either this waiting or that lease.
  <T extends @Nullable Object> T await(Supplier<T> begin) {
    boolean free = waiting.getAndIncrement() == 0 && holder.get() == null;
    Thread watcher = free ? null : Thread.ofVirtual().name("quarry-lease").start(this::watch);
    try {
      return begin.get();
    } finally {
      waiting.decrementAndGet();
      if (watcher != null) {
        watcher.interrupt();
      }
    }
  }

  private void watch() {
    try {
      while (true) {
        WriteLease held = holder.get();
        if (held != null) {
          held.endIfIdle();
        }
        Thread.sleep(LOOK);
      }
    } catch (InterruptedException end) {
      // nobody waits any more
    }
  }
}
