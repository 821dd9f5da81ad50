package dev.quarry.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.page.Snapshot;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An interrupt is the caller's business: it never closes a file, loses a commit or poisons a
/// store.
class InterruptTest {
  @TempDir Path folder = Path.of("");
  private final long seed = Long.getLong("seed", System.nanoTime());

  @Test
  void aThousandInterruptsOfCommitsAndCheckpointsLoseNothing() throws InterruptedException {
    Path path = folder.resolve("interrupted.quarry");
    StoreOptions options =
        StoreOptions.defaults().withMemory(32 << 20).withNativeMemory(NativeSource.FOREIGN);
    AtomicReference<PageModel> committed = new AtomicReference<>(new PageModel());
    AtomicReference<Throwable> failure = new AtomicReference<>();
    AtomicInteger interrupts = new AtomicInteger();
    try (Store store = Store.open(path, options, PageModel::replay)) {
      Thread writer = new Thread(() -> write(store, committed, interrupts), "writer");
      writer.setUncaughtExceptionHandler((thread, error) -> failure.set(error));
      writer.start();
      Random random = new Random(seed);
      while (interrupts.get() < 1_000 && writer.isAlive()) {
        long until = System.nanoTime() + random.nextInt(2_000_000);
        while (System.nanoTime() < until) {
          Thread.onSpinWait();
        }
        writer.interrupt();
        interrupts.incrementAndGet();
      }
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
      assertTrue(snapshot.commitNumber() > 20, "commits: " + snapshot.commitNumber());
    }
  }

  private void write(Store store, AtomicReference<PageModel> committed, AtomicInteger interrupts) {
    Random random = new Random(seed);
    while (interrupts.get() < 1_000) {
      PageModel next = committed.get().copy();
      PageTransaction tx = store.beginWrite();
      for (int i = 0; i < 3; i++) {
        next.change(store, tx, random, 3);
      }
      store.commit(tx);
      committed.set(next);
      if (random.nextInt(5) == 0) {
        store.checkpoint();
      }
      if (random.nextInt(3) == 0) {
        Thread.interrupted();
      }
    }
  }
}
