package dev.quarry.storage.schedule;

import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/// Looks again and again for what another thread is about to bring, as long as processors are free.
///
/// To wake a thread takes tens of microseconds on a virtual machine, for who wakes it as well, so
/// it is cheaper to look for a while. Between two looks any other thread that is ready goes first.
///
/// Where processors are short that does harm: a thread with work of its own keeps what it was left
/// until the system's next tick, some milliseconds later, and who was woken would have gone before
/// it. So if one look was long in coming, there are none for a time.
///
/// Threads: one, or several of which one uses it at a time and hands it to the next.
public final class Lookout {
  /// For how long to look, in nanoseconds: about what two barriers of a disk take.
  static final long MOST = 300_000;

  /// A look that comes later than this, in nanoseconds, was kept waiting by who has no end of work:
  /// less than a tick, and more than what is done for those who wait here.
  static final long LATE = 1_000_000;

  /// For how long there is no look after a late one, in nanoseconds.
  static final long REST = 20_000_000;

  private final LongSupplier clock;
  private final Runnable others;
  private boolean rests;
  private long restsTo;

  /// @param clock in nanoseconds
  /// @param others lets other threads go first
  Lookout(LongSupplier clock, Runnable others) {
    this.clock = clock;
    this.others = others;
  }

  /// One by the clock of the machine, which lets others go first by [Thread#yield()].
  public static Lookout newLookout() {
    return new Lookout(System::nanoTime, Thread::yield);
  }

  /// Looks whether something is still so, until it is not, for a time at most. In a simulation one
  /// thread runs at a time, so there it does not look at all.
  public void lookWhile(BooleanSupplier so) {
    if (Sched.simulated()) {
      return;
    }
    long begin = clock.getAsLong();
    if (!isAwake(begin)) {
      return;
    }
    long now = begin;
    while (so.getAsBoolean() && now - begin < MOST) {
      others.run();
      long last = now;
      now = clock.getAsLong();
      if (now - last > LATE) {
        rest(now);
      }
    }
  }

  private boolean isAwake(long now) {
    rests = rests && now - restsTo < 0;
    return !rests;
  }

  private void rest(long now) {
    rests = true;
    restsTo = now + REST;
  }
}
