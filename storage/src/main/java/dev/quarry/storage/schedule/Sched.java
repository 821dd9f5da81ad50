package dev.quarry.storage.schedule;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/// Points, and waiting for other threads.
///
/// In a thread for which [#SIMULATION] is bound, all of it is the business of that [Scheduler].
/// Else a point does nothing, and the rest is what the JDK has for it.
///
/// Simulations are possible with assertions on, or with `-Dquarry.schedules=true`; both are
/// constants by the time that the code is compiled, so without them no point is left in it.
/// Threads: any.
public final class Sched {
  /// For tests: who decides about the threads for which it is bound.
  public static final ScopedValue<Scheduler> SIMULATION = ScopedValue.newInstance();

  private static final boolean POSSIBLE = possible();

  private Sched() {}

  /// Another thread may come in between here.
  public static void point(Point point) {
    if (simulated()) {
      SIMULATION.get().point(point);
    }
  }

  /// [Object#wait()].
  public static void await(Object monitor) throws InterruptedException {
    if (simulated()) {
      SIMULATION.get().await(monitor);
    } else {
      monitor.wait();
    }
  }

  /// Waits as long as something is so, in the monitor that it is told with, which the caller holds.
  /// An interrupt ends no wait; the flag is set again afterwards.
  public static void awaitWhile(Object monitor, BooleanSupplier so) {
    boolean interrupted = false;
    while (so.getAsBoolean()) {
      try {
        await(monitor);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// Looks again and again whether something is still so, for a time at most: what another thread
  /// is about to change is seen sooner than a thread that waits can be woken. Needs no monitor. In
  /// a simulation one thread runs at a time, so there it does not look at all. Who may have to wait
  /// longer has a [Lookout].
  public static void spinWhile(long nanos, BooleanSupplier so) {
    if (simulated() || nanos <= 0) {
      return;
    }
    long begin = System.nanoTime();
    while (so.getAsBoolean() && System.nanoTime() - begin < nanos) {
      Thread.onSpinWait();
    }
  }

  /// [Object#notifyAll()].
  public static void signalAll(Object monitor) {
    if (simulated()) {
      SIMULATION.get().signalAll(monitor);
    } else {
      monitor.notifyAll();
    }
  }

  /// Starts a thread that keeps no process alive. Where none can be had, the work is done here.
  public static void start(String name, Runnable work) {
    if (simulated()) {
      SIMULATION.get().start(name, work);
      return;
    }
    try {
      Thread.ofPlatform().daemon().name(name).start(work);
    } catch (OutOfMemoryError e) {
      work.run();
    }
  }

  /// [LockSupport#park(Object)].
  public static void park(Object blocker) {
    if (simulated()) {
      SIMULATION.get().park();
    } else {
      LockSupport.park(blocker);
    }
  }

  /// [LockSupport#unpark].
  public static void unpark(Thread thread) {
    if (simulated()) {
      SIMULATION.get().unpark(thread);
    } else {
      LockSupport.unpark(thread);
    }
  }

  /// [Thread#threadId()] of the present thread. Ids go on from one simulation of a process to the
  /// next, so in a simulation it is one that the seed gives.
  public static long threadId() {
    return simulated() ? SIMULATION.get().threadId() : Thread.currentThread().threadId();
  }

  /// [Semaphore#tryAcquire(long, TimeUnit)]; in a simulation no time passes.
  public static boolean tryAcquire(Semaphore semaphore, long nanos) throws InterruptedException {
    if (simulated()) {
      SIMULATION.get().acquire(semaphore);
      return true;
    }
    return semaphore.tryAcquire(nanos, TimeUnit.NANOSECONDS);
  }

  static boolean simulated() {
    return POSSIBLE && SIMULATION.isBound();
  }

  private static boolean possible() {
    boolean assertions = false;
    assert assertions = true;
    return assertions || Boolean.getBoolean("quarry.schedules");
  }
}
