package dev.quarry.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.page.Snapshot;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An interrupt is the caller's business: it never closes a file, loses a commit or poisons a
/// store.
class InterruptTest {
  private static final int COMMITS = 50;

  @TempDir Path folder = Path.of("");
  private final long seed = Long.getLong("seed", System.nanoTime());

  @Test
  void aThousandInterruptsOfCommitsAndCheckpointsLoseNothing() throws InterruptedException {
    Path path = folder.resolve("interrupted.quarry");
    StoreOptions options =
        StoreOptions.defaults().withMemory(32 << 20).withNativeMemory(NativeSource.FOREIGN);
    AtomicReference<PageModel> committed = new AtomicReference<>(new PageModel());
    AtomicReference<Throwable> failure = new AtomicReference<>();
    AtomicInteger commits = new AtomicInteger();
    AtomicBoolean ends = new AtomicBoolean();
    try (Store store = Store.open(path, options, PageModel::replay)) {
      Thread writer = new Thread(() -> write(store, committed, commits, ends), "writer");
      writer.setUncaughtExceptionHandler((thread, error) -> failure.set(error));
      writer.start();
      Random random = new Random(seed);
      for (int interrupts = 0; goesOn(interrupts, commits) && writer.isAlive(); interrupts++) {
        long until = System.nanoTime() + random.nextInt(2_000_000);
        while (System.nanoTime() < until) {
          Thread.onSpinWait();
        }
        writer.interrupt();
      }
      ends.set(true);
      writer.join();
      assertEquals(null, failure.get(), "seed " + seed);
      assertFalse(store.isPoisoned());
      try (Snapshot snapshot = store.beginRead()) {
        committed.get().verify(snapshot, "seed " + seed);
      }
    }
    try (Store store = Store.open(path, options, PageModel::replay);
        Snapshot snapshot = store.beginRead()) {
      committed.get().verify(snapshot, "seed " + seed + " reopened");
      assertTrue(snapshot.commitNumber() >= COMMITS, "commits: " + snapshot.commitNumber());
    }
  }

  /// A thousand interrupts, and more as long as the disk is slow, for a minute or two.
  private static boolean goesOn(int interrupts, AtomicInteger commits) {
    return interrupts < 1_000 || commits.get() < COMMITS && interrupts < 100_000;
  }

  private void write(
      Store store,
      AtomicReference<PageModel> committed,
      AtomicInteger commits,
      AtomicBoolean ends) {
    Random random = new Random(seed);
    while (!ends.get()) {
      PageModel next = committed.get().copy();
      PageTransaction tx = store.beginWrite();
      for (int i = 0; i < 3; i++) {
        next.change(store, tx, random, 3);
      }
      store.commit(tx);
      committed.set(next);
      commits.incrementAndGet();
      if (random.nextInt(5) == 0) {
        store.checkpoint();
      }
      if (random.nextInt(3) == 0) {
        Thread.interrupted();
      }
    }
  }
}
