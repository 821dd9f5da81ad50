package dev.quarry.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.StoreIoException;
import dev.quarry.storage.io.Disk;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.page.Snapshot;
import dev.quarry.storage.simulation.SimDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The next segment of the log is made beside the commits that fill the one in use. The first one
/// has 256 KiB; a commit of these tests takes 10 KiB of it.
class NextSegmentTest {
  private static final Path SIMULATED = Path.of("/sim/x.quarry").toAbsolutePath();
  private static final int RECORD = 9_900;
  private static final int HALF = 13; // commits until half of the first segment is full
  private static final int FULL = 26; // commits that overfill it

  @TempDir Path folder = Path.of("");
  private final SimDisk disk = new SimDisk();
  private final HookedDisk hooked = new HookedDisk();
  private final CountDownLatch making = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private Store store = Store.inMemory(options(disk));
  private long commits;

  @AfterEach
  void close() throws Exception {
    goOn.countDown();
    threads.shutdown();
    assertTrue(threads.awaitTermination(30, TimeUnit.SECONDS));
    disk.capacity(Long.MAX_VALUE);
    store.close();
    assertEquals(0, store.budget().used());
  }

  @Test
  void theNextSegmentIsMadeOnceHalfOfTheOneInUseIsFull() {
    openSimulated();
    commit(HALF - 1);
    assertFalse(disk.exists(segment(SIMULATED, 2)));
    commit(1);
    assertEquals(512 << 10, disk.bytes(segment(SIMULATED, 2)).length);
    commit(FULL - HALF);
    assertFalse(disk.exists(segment(SIMULATED, 3)));
  }

  @Test
  void aCommitThatBeginsASegmentWritesItsHeaderOnly() {
    openHooked();
    AtomicInteger bySomeCommit = new AtomicInteger();
    Thread committing = Thread.currentThread();
    hooked.beforeWrite =
        path -> {
          if (path.equals(segment(hookedPath(), 2)) && Thread.currentThread() == committing) {
            bySomeCommit.incrementAndGet();
          }
        };
    commit(FULL);
    assertEquals(2, bySomeCommit.get()); // and the first batch
  }

  @Test
  void aCommitThatNeedsASegmentWaitsForTheOneThatIsBeingMade() throws Exception {
    openHooked();
    holdWhoMakesTheSecond();
    commit(HALF);
    assertTrue(making.await(30, TimeUnit.SECONDS));
    Future<?> filling = threads.submit(() -> commit(FULL - HALF));
    assertThrows(TimeoutException.class, () -> filling.get(100, TimeUnit.MILLISECONDS));
    goOn.countDown();
    filling.get();
  }

  @Test
  void closingWaitsForASegmentThatIsBeingMadeAndLeavesOneFile() throws Exception {
    openHooked();
    holdWhoMakesTheSecond();
    commit(HALF);
    assertTrue(making.await(30, TimeUnit.SECONDS));
    Future<?> closing = threads.submit(() -> store.close());
    assertThrows(TimeoutException.class, () -> closing.get(100, TimeUnit.MILLISECONDS));
    goOn.countDown();
    closing.get();
    assertEquals(List.of(hookedPath()), files());
  }

  @Test
  void aDiskThatIsFullWhileASegmentIsMadeFailsNoCommitBeforeTheOneThatNeedsIt() {
    openSimulated();
    commit(1);
    disk.capacity(disk.usedBytes() + (64 << 10));
    commit(FULL - 2);
    assertFalse(disk.exists(segment(SIMULATED, 2)));
    assertEquals(
        ErrorCode.STORE_DISK_FULL, assertThrows(StoreIoException.class, () -> commit(1)).code());
    assertFalse(store.isPoisoned());
    disk.capacity(Long.MAX_VALUE);
    commit(1);
    reopenAfterAKill();
    assertEquals(commits, visible());
  }

  @Test
  void aBarrierThatFailsBesidePoisonsTheStoreAndTakesBackNoCommit() {
    openHooked();
    hooked.beforeForce =
        path -> {
          if (path.equals(segment(hookedPath(), 2))) {
            throw new StoreIoException(ErrorCode.STORE_IO, "made to fail");
          }
        };
    commit(HALF);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!store.isPoisoned() && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertEquals(
        ErrorCode.STORE_POISONED, assertThrows(StoreIoException.class, () -> commit(1)).code());
    store.close();
    openHooked();
    assertEquals(HALF, visible());
  }

  @Test
  void aSegmentThatNobodyHasUsedIsGoneAfterACrash() {
    openSimulated();
    commit(HALF);
    assertTrue(disk.exists(segment(SIMULATED, 2)));
    reopenAfterAKill();
    assertEquals(HALF, visible());
    assertEquals(List.of(SIMULATED), disk.paths());
  }

  @Test
  void aCommitThatIsLargerThanTheSegmentThatWasMadeGetsALargerOne() {
    openSimulated();
    commit(HALF);
    commitOf(600 << 10);
    assertTrue(disk.bytes(segment(SIMULATED, 2)).length > 600 << 10);
    commit(1);
    reopenAfterAKill();
    assertEquals(commits, visible());
  }

  @Test
  void noneIsMadeWhereAnOldOneIsLargeEnough() {
    openSimulated();
    commit(FULL);
    disk.capacity(disk.usedBytes() + (300 << 10)); // so that the third one is small again
    commit(2 * FULL);
    assertEquals(256 << 10, disk.bytes(segment(SIMULATED, 3)).length);
    disk.capacity(Long.MAX_VALUE);
    store.checkpoint(); // the second one is superfluous now
    commit(HALF);
    assertFalse(disk.exists(segment(SIMULATED, 4)));
    commit(FULL - HALF);
    assertEquals(512 << 10, disk.bytes(segment(SIMULATED, 4)).length);
    assertFalse(disk.exists(segment(SIMULATED, 2)));
  }

  private void openSimulated() {
    store.close();
    store = Store.open(SIMULATED, options(disk), NextSegmentTest::replay);
  }

  private void openHooked() {
    store.close();
    store = Store.open(hookedPath(), options(hooked), NextSegmentTest::replay);
  }

  private void reopenAfterAKill() {
    disk.undoing(store::close);
    store = Store.open(SIMULATED, options(disk), NextSegmentTest::replay);
  }

  private void holdWhoMakesTheSecond() {
    Path second = segment(hookedPath(), 2);
    hooked.beforeForce =
        path -> {
          if (path.equals(second) && making.getCount() > 0) {
            making.countDown();
            await(goOn);
          }
        };
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(60, TimeUnit.SECONDS));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void commit(int count) {
    for (int i = 0; i < count; i++) {
      commitOf(RECORD);
    }
  }

  private void commitOf(int bytes) {
    PageTransaction tx = store.beginWrite();
    try {
      store.log(tx, new byte[bytes], 0, bytes);
      count(tx);
    } catch (RuntimeException e) {
      store.rollback(tx);
      throw e;
    }
    store.commit(tx);
    commits++;
  }

  private static void replay(PageTransaction tx, byte[] record, int offset, int length) {
    count(tx);
  }

  private static void count(PageTransaction tx) {
    long page = tx.writable(0, 0);
    Memory.putLong(page, Memory.getLong(page) + 1);
  }

  private long visible() {
    try (Snapshot snapshot = store.beginRead()) {
      return Memory.getLong(snapshot.table(0).address(0));
    }
  }

  private List<Path> files() throws IOException {
    try (var all = Files.list(folder)) {
      return all.toList();
    }
  }

  private Path hookedPath() {
    return folder.resolve("x.quarry");
  }

  private static Path segment(Path store, int number) {
    return store.resolveSibling("x.quarry-wal-%06d".formatted(number));
  }

  private static StoreOptions options(Disk disk) {
    return StoreOptions.defaults()
        .withMemory(StoreOptions.LEAST_MEMORY)
        .withNativeMemory(NativeSource.FOREIGN)
        .withHeadroom(0)
        .withDisk(disk);
  }
}
