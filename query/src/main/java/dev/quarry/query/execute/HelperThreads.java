package dev.quarry.query.execute;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// How many threads help the statements of one store at the moment. Nobody waits for one: a
/// statement takes what is free when it begins to share its work, and does the rest alone. So
/// statements that run side by side do not share out the same processors again and again, and one
/// that runs inside of another one cannot wait for it. The threads themselves begin and end with
/// the work. Threads: any.
public final class HelperThreads {
  private final int processors;
  private final AtomicInteger busy = new AtomicInteger();
  private final AtomicLong shared = new AtomicLong();
  private final AtomicLong repeated = new AtomicLong();

  /// @param processors as many threads are shared out, those of the callers among them
  public HelperThreads(int processors) {
    this.processors = processors;
  }

  /// What one statement may take.
  ///
  /// @param threads the most that run it, its own among them: taken whatever others have; 0 for as
  ///   many as there are processors, less those that help others
  public Share upTo(int threads) {
    return new Share(threads);
  }

  /// How many help statements at the moment.
  public int busy() {
    return busy.get();
  }

  /// How many statements were gathered by several threads so far, for tests.
  public long shared() {
    return shared.get();
  }

  /// How many of them were given up, and gathered by one thread, for tests.
  public long repeated() {
    return repeated.get();
  }

  /// What one statement may take.
  public final class Share {
    private final int threads;

    private Share(int threads) {
      this.threads = threads;
    }

    /// The most threads that may run the statement, its own among them.
    int most() {
      return threads == 0 ? processors : threads;
    }

    /// Takes threads; give them back.
    ///
    /// @return how many, 0 or more
    int take(int wanted) {
      int before = busy.get();
      int taken = granted(wanted, before);
      while (taken > 0 && !busy.compareAndSet(before, before + taken)) {
        before = busy.get();
        taken = granted(wanted, before);
      }
      return Math.max(0, taken);
    }

    private int granted(int wanted, int alreadyBusy) {
      return threads > 0 ? wanted : Math.min(wanted, processors - 1 - alreadyBusy);
    }

    /// Gives threads back.
    void give(int count) {
      busy.addAndGet(-count);
    }

    void noteShared() {
      shared.incrementAndGet();
    }

    void noteRepeated() {
      repeated.incrementAndGet();
    }
  }
}
