package dev.quarry.storage.torture;

import dev.quarry.error.QuarryException;
import dev.quarry.storage.Store;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.page.Snapshot;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// R23: an interrupt in the middle of a commit, a checkpoint, a large commit or an opening changes
/// nothing but the flag of its thread: what was acknowledged is there, the store can be written,
/// and a second thread that commits meanwhile does not notice.
///
/// A case: `seed:interrupt`; it runs all interrupts of a store up to that one.
public final class Interrupts implements Suite {
  private static final int OF_A_STORE = 500;
  private static final String[] WORK = {"commit", "commit", "checkpoint", "large", "reopen"};

  @Override
  public String name() {
    return "R23";
  }

  @Override
  public String promise() {
    return "an interrupt harms nobody: nothing is lost or poisoned, and the flag is kept";
  }

  @Override
  public void run(Run run) {
    for (long store = 0; run.more(); store++) {
      chain(run, run.seed() + store, OF_A_STORE);
    }
  }

  private static void chain(Run run, long seed, int interrupts) {
    try (TemporaryFolder folder = TemporaryFolder.make()) {
      Interrupted interrupted = new Interrupted(folder.path().resolve("i.quarry"));
      for (int i = 0; i < interrupts && run.more(); i++) {
        Random random = new Random(Memory.mix(seed * 1_000_003 + i));
        String name = seed + ":" + i;
        run.check(name, name, () -> interrupted.once(run, random));
      }
      run.check(seed + ":" + interrupts, null, interrupted::close);
    }
  }

  /// A store whose threads are interrupted, and how often it was committed to.
  private static final class Interrupted {
    private final Path path;
    private final AtomicLong acknowledged = new AtomicLong();
    private volatile Store store;
    private long usual = 1_000_000; // nanoseconds that a piece of work takes

    Interrupted(Path path) {
      this.path = path;
      this.store = CountedPages.open(path);
    }

    /// Interrupts one piece of work at some moment of it.
    void once(Run run, Random random) {
      String work = WORK[random.nextInt(WORK.length)];
      long delay = (long) (random.nextDouble() * usual * 1.2);
      AtomicBoolean sent = new AtomicBoolean();
      AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
      long[] nanos = new long[1];
      Thread worker = Thread.ofPlatform().unstarted(() -> nanos[0] = work(work, sent, failure));
      Thread beside = Thread.ofPlatform().unstarted(() -> beside(work, failure));
      worker.start();
      beside.start();
      long until = System.nanoTime() + delay;
      while (System.nanoTime() < until) {
        Thread.onSpinWait();
      }
      boolean during = nanos[0] == 0;
      worker.interrupt();
      sent.set(true);
      join(worker);
      join(beside);
      usual = Math.max(100_000, (usual * 7 + nanos[0]) / 8);
      run.count((during ? "during: " : "after: ") + work, 1);
      verify(failure.get());
    }

    /// Works, then waits for the interrupt if it has not come yet, and looks for its flag.
    private long work(
        String work, AtomicBoolean sent, AtomicReference<@Nullable Throwable> failure) {
      long start = System.nanoTime();
      try {
        work(work);
      } catch (RuntimeException | Error e) {
        failure.compareAndSet(null, e);
      }
      long nanos = System.nanoTime() - start;
      while (!sent.get()) {
        Thread.onSpinWait();
      }
      if (!Thread.currentThread().isInterrupted()) {
        failure.compareAndSet(null, new Violation("the flag of the interrupt is lost: " + work));
      }
      return nanos;
    }

    private void work(String work) {
      switch (work) {
        case "checkpoint" -> {
          commit(false);
          store.checkpoint();
        }
        case "reopen" -> {
          store.close();
          store = CountedPages.open(path);
        }
        default -> commit(work.equals("large"));
      }
    }

    /// The thread that nobody interrupts.
    private void beside(String work, AtomicReference<@Nullable Throwable> failure) {
      if (work.equals("reopen")) {
        return;
      }
      try {
        commit(false);
      } catch (RuntimeException | Error e) {
        failure.compareAndSet(null, e);
      }
    }

    private void commit(boolean bulk) {
      store.commit(CountedPages.begin(store, bulk).tx());
      acknowledged.incrementAndGet();
    }

    private void verify(@Nullable Throwable failure) {
      if (failure instanceof Violation violation) {
        throw violation;
      }
      if (failure != null) {
        throw new Violation("an interrupt is told as a failure: " + failure, failure);
      }
      if (store.isPoisoned()) {
        throw new Violation("an interrupt poisons the store");
      }
      try (Snapshot snapshot = store.beginRead()) {
        long found = CountedPages.count(snapshot);
        if (found != acknowledged.get()) {
          throw new Violation(acknowledged + " commits were acknowledged, " + found + " are there");
        }
      }
    }

    private static void join(Thread thread) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    void close() {
      try {
        store.close();
      } catch (QuarryException e) {
        throw new Violation("the store cannot be closed", e);
      }
      try (Store again = CountedPages.open(path)) {
        long found = CountedPages.verify(again);
        if (found != acknowledged.get()) {
          throw new Violation(acknowledged + " commits, " + found + " after an opening");
        }
      }
    }
  }

  @Override
  public void replay(String name) {
    CaseText text = CaseText.of(name, 2);
    int interrupts = text.part(1, Integer::parseInt) + 1;
    long seed = text.part(0, Long::parseLong);
    Run run = new Run(this, seed, interrupts, Long.MAX_VALUE, all -> {});
    chain(run, run.seed(), interrupts);
    run.ensureNone();
  }
}
