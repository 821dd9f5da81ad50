package dev.quarry.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.storage.io.Clock;
import dev.quarry.storage.io.Disk;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.simulation.SimDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checkpoints that are due since repeating the log would take too long.
class PacingTest {
  private static final Path SIMULATED = Path.of("/sim/x.quarry").toAbsolutePath();
  private static final byte[] RECORD = new byte[10];
  private static final long LONE_NANOS = 600 + 1_200 + 512; // a commit of one record
  private static final Duration LONG = Duration.ofHours(1);

  @TempDir Path folder = Path.of("");
  private final SimDisk disk = new SimDisk();
  private final HookedDisk hooked = new HookedDisk();
  private final TestClock clock = new TestClock();
  private final CountDownLatch writing = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private Store store = Store.inMemory(options(disk, LONG));

  /// Time passes only where a test says so.
  private static final class TestClock implements Clock {
    volatile long now;
    volatile long perRecord;

    @Override
    public long nanoTime() {
      return now;
    }

    @Override
    public Instant instant() {
      return Instant.EPOCH;
    }
  }

  @AfterEach
  void close() throws Exception {
    goOn.countDown();
    threads.shutdown();
    assertTrue(threads.awaitTermination(30, TimeUnit.SECONDS));
    store.close();
    assertEquals(0, store.budget().used());
  }

  @Test
  void aCheckpointIsWrittenOnceTheLogWouldTakeLongerToRepeat() {
    open(Duration.ofNanos(100 * LONE_NANOS));
    commit(100);
    assertEquals(0, store.statistics().checkpoints());
    assertEquals(100 * LONE_NANOS, store.statistics().replayNanos());
    commit(1);
    assertEquals(1, store.statistics().checkpoints());
    assertEquals(0, store.statistics().replayNanos());
  }

  @Test
  void recordsCountNotOnlyBytes() {
    open(Duration.ofNanos(100 * LONE_NANOS));
    commitOf(40); // in no more bytes than two lone commits have
    commitOf(40);
    assertEquals(0, store.statistics().checkpoints());
    commitOf(40);
    commitOf(40);
    commitOf(40);
    assertEquals(1, store.statistics().checkpoints());
  }

  @Test
  void whatIsLoggedWhileACheckpointIsWrittenCountsForTheNextOne() {
    store.close();
    store = Store.open(path(), options(hooked, LONG), this::replay);
    commit(5);
    int[] nested = {0};
    hooked.beforeForce =
        file -> {
          if (file.equals(path()) && nested[0]++ == 0) {
            commit(3);
          }
        };
    store.checkpoint();
    assertEquals(3 * LONE_NANOS, store.statistics().replayNanos());
  }

  @Test
  void writersWaitForACheckpointAtTwiceTheTime() throws Exception {
    store.close();
    Duration bound = Duration.ofNanos(100 * LONE_NANOS);
    store = Store.open(path(), options(hooked, bound), this::replay);
    commit(1);
    hooked.beforeForce =
        file -> {
          if (file.equals(path())) {
            writing.countDown();
            await(goOn);
          }
        };
    Future<?> first = threads.submit(() -> commit(100));
    assertTrue(writing.await(30, TimeUnit.SECONDS));
    Future<?> others = threads.submit(() -> commit(200));
    while (store.statistics().replayNanos() < 201 * LONE_NANOS) {
      assertFalse(others.isDone());
      Thread.onSpinWait();
    }
    assertThrows(TimeoutException.class, () -> others.get(200, TimeUnit.MILLISECONDS));
    assertEquals(201 * LONE_NANOS, store.statistics().replayNanos());
    goOn.countDown();
    first.get();
    others.get();
  }

  @Test
  void aRecoveryThatTookLongerThanEstimatedMakesTheNextCheckpointComeSooner() {
    open(LONG);
    for (int i = 0; i < 200; i++) {
      commitOf(100);
    }
    long estimated = store.statistics().replayNanos();
    clock.perRecord = estimated / 20_000 * 4;
    disk.undoing(store::close);
    open(Duration.ofNanos(100 * LONE_NANOS));
    assertEquals(1, store.statistics().checkpoints()); // the recovery's own
    commit(24);
    assertEquals(1, store.statistics().checkpoints());
    commit(2);
    assertEquals(2, store.statistics().checkpoints());
  }

  @Test
  void aShortRecoverySaysNothing() {
    open(LONG);
    commit(100);
    clock.perRecord = 1_000_000;
    disk.undoing(store::close);
    open(LONG);
    commit(1);
    assertEquals(LONE_NANOS, store.statistics().replayNanos());
  }

  private void open(Duration bound) {
    store.close();
    store = Store.open(SIMULATED, options(disk, bound), this::replay);
  }

  private Path path() {
    return folder.resolve("x.quarry");
  }

  private void replay(PageTransaction tx, byte[] record, int offset, int length) {
    clock.now += clock.perRecord;
    count(tx);
  }

  private void commit(int count) {
    for (int i = 0; i < count; i++) {
      commitOf(1);
    }
  }

  private void commitOf(int records) {
    PageTransaction tx = store.beginWrite();
    for (int i = 0; i < records; i++) {
      store.log(tx, RECORD, 0, RECORD.length);
      count(tx);
    }
    store.commit(tx);
  }

  private static void count(PageTransaction tx) {
    long page = tx.writable(0, 0);
    Memory.putLong(page, Memory.getLong(page) + 1);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(60, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private StoreOptions options(Disk on, Duration bound) {
    return StoreOptions.defaults()
        .withMemory(StoreOptions.LEAST_MEMORY)
        .withNativeMemory(NativeSource.FOREIGN)
        .withHeadroom(0)
        .withReplayTime(bound)
        .withClock(clock)
        .withDisk(on);
  }
}
