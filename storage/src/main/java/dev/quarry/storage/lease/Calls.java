package dev.quarry.storage.lease;

import dev.quarry.storage.schedule.Point;
import dev.quarry.storage.schedule.Sched;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The calls of one transaction, which somebody else may end between two of them.
///
/// Every use of the transaction is a *call*. Between calls it is idle, and only then it may be
/// ended:
///
/// ```text
///            enter                      exit
///   idle 2n ───────►  in a call 2n + 1 ──────►  idle 2n + 2  ...
///      │
///      │ endIfIdle, if nobody has entered since it looked
///      ▼
///   ENDED: every later call raises an error
/// ```
///
/// Invariant: the transaction is given back only by who moved the state to ENDED, and nobody is in
/// a call then or later. Threads: calls come from one thread at a time, whoever ends it from any.
public abstract class Calls {
  private static final long ENDED = -1;

  private final Object monitor = new Object();
  private final AtomicLong state = new AtomicLong();
  private volatile boolean over; // what the transaction had is given back
  private volatile @Nullable Thread ender;
  private int depth;

  /// Gives back what the transaction has: run once, by who ends it.
  protected abstract void giveBack();

  /// Why a call may not begin any more.
  protected abstract RuntimeException whyEnded();

  /// A call is about to begin, and lies in no other one.
  protected void beforeCall() {}

  /// A call is over, and lay in no other one.
  protected void afterCall() {}

  /// Begins a call, which may lie inside of another one.
  ///
  /// @throws RuntimeException [#whyEnded()], if the transaction was ended
  public final void enter() {
    if (!mayEnter()) {
      throw whyEnded();
    }
  }

  /// Begins a call, unless the transaction was ended; then all that it had is given back on return.
  public final boolean mayEnter() {
    if (depth == 0) {
      beforeCall();
      long idle = state.get();
      Sched.point(Point.CALL);
      if (idle == ENDED || !state.compareAndSet(idle, idle + 1)) {
        awaitEnd();
        return false;
      }
    }
    depth++;
    return true;
  }

  /// What runs while it is given back may come here as well, and waits for nothing.
  private void awaitEnd() {
    if (!over && ender != Thread.currentThread()) {
      synchronized (monitor) {
        Sched.awaitWhile(monitor, () -> !over);
      }
    }
  }

  /// Ends a call.
  public final void exit() {
    depth--;
    if (depth == 0) {
      afterCall();
      state.set(state.get() + 1);
    }
  }

  /// Runs something as a call.
  public final <T extends @Nullable Object> T in(Supplier<T> call) {
    enter();
    try {
      return call.get();
    } finally {
      exit();
    }
  }

  /// Runs something as a call.
  public final void run(Runnable call) {
    enter();
    try {
      call.run();
    } finally {
      exit();
    }
  }

  /// Runs the last call, which gives all back itself. If it throws, there may be others.
  protected final void runLast(Runnable call) {
    enter();
    assert depth == 1 : depth;
    boolean done = false;
    try {
      call.run();
      done = true;
    } finally {
      if (done) {
        depth--;
        state.set(ENDED);
        told();
      } else {
        exit();
      }
    }
  }

  /// Ends the transaction if it is in no call, nobody has begun one since, and it is due.
  protected final void endIfIdle(BooleanSupplier due) {
    long seen = state.get();
    boolean inCall = (seen & 1) != 0;
    if (inCall || !due.getAsBoolean()) {
      return;
    }
    Sched.point(Point.CALL);
    if (state.compareAndSet(seen, ENDED)) {
      ender = Thread.currentThread();
      try {
        giveBack();
      } finally {
        ender = null;
        told();
      }
    }
  }

  private void told() {
    synchronized (monitor) {
      over = true;
      Sched.signalAll(monitor);
    }
  }
}
