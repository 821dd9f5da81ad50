package dev.quarry.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.QuarryException;
import dev.quarry.error.StoreIoException;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.page.PageReader;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.page.Snapshot;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Page n of the catalog's space holds a number for caller n; page 0 their sum.
class GroupCommitTest {
  private static final int CALLERS = 8;

  @TempDir Path folder = Path.of("");
  private final long seed = Long.getLong("seed", System.nanoTime());
  private final HookedDisk disk = new HookedDisk();
  private final CountDownLatch inBarrier = new CountDownLatch(1);
  private final CountDownLatch goOn = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private Store store = Store.inMemory(options());

  @BeforeEach
  void open() {
    store.close();
    store = Store.open(path(), options(), GroupCommitTest::replay);
    commit(0, 0);
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
  void oneBarrierServesAllWhoCameWhileTheOneBeforeRan() throws Exception {
    AtomicInteger barriers = new AtomicInteger();
    holdFirstBarrier();
    List<Future<Long>> commits = new ArrayList<>();
    commits.add(threads.submit(() -> commit(1, 1)));
    inBarrier.await();
    disk.beforeForce = path -> barriers.incrementAndGet();
    for (int caller = 2; caller < CALLERS; caller++) {
      int number = caller;
      commits.add(threads.submit(() -> commit(number, 1)));
    }
    waitUntilLogged(CALLERS - 1);
    goOn.countDown();
    for (Future<Long> commit : commits) {
      commit.get();
    }
    assertEquals(1, barriers.get());
    assertEquals(CALLERS - 1, visibleSum());
  }

  @Test
  void nobodySeesACommitBeforeItIsDurableButTheNextWriterBuildsOnIt() throws Exception {
    holdFirstBarrier();
    Future<Long> first = threads.submit(() -> commit(1, 5));
    inBarrier.await();
    PageTransaction next = store.beginWrite();
    assertEquals(5, sum(next));
    assertEquals(0, visibleSum());
    store.rollback(next);
    goOn.countDown();
    first.get();
    assertEquals(5, visibleSum());
  }

  @Test
  void aFailedBarrierFailsAllWhoWaitAndLeavesReadersOnWhatIsDurable() throws Exception {
    failFirst(ErrorCode.STORE_IO, true);
    assertAllFail(ErrorCode.STORE_POISONED);
    assertTrue(store.isPoisoned());
    assertEquals(0, visibleSum());
    assertThrows(StoreIoException.class, () -> store.beginWrite());
  }

  @Test
  void aFullDiskFailsThoseWhoWaitAndWhoBuildsOnThemAndNobodyElse() throws Exception {
    failFirst(ErrorCode.STORE_DISK_FULL, false);
    assertAllFail(ErrorCode.STORE_DISK_FULL);
    assertFalse(store.isPoisoned());
    commit(4, 7);
    assertEquals(7, visibleSum());
    reopenWithoutClosing();
    assertEquals(7, visibleSum());
  }

  @Test
  void whatAFullDiskLeftInTheLogIsNeverTakenForALaterCommit() throws Exception {
    holdFirstBarrier();
    Future<Long> durable = threads.submit(() -> commit(1, 1));
    inBarrier.await();
    AtomicInteger writes = new AtomicInteger();
    disk.afterWrite =
        path -> {
          if (writes.getAndIncrement() == 0) {
            throw new StoreIoException(ErrorCode.STORE_DISK_FULL, "made to fail");
          }
        };
    Future<Long> second = threads.submit(() -> commit(2, 10));
    waitUntilLogged(11);
    Future<Long> third = threads.submit(() -> commit(3, 100));
    waitUntilLogged(111);
    goOn.countDown();
    durable.get();
    assertEquals(ErrorCode.STORE_DISK_FULL, failure(second));
    assertEquals(ErrorCode.STORE_DISK_FULL, failure(third));
    commit(4, 1_000);
    reopenWithoutClosing();
    assertEquals(1_001, visibleSum());
  }

  /// Else a commit could become visible after the question and before the answer, and the writer
  /// would begin on the version before it: its changes would be lost.
  @Test
  void whatIsVisibleIsAskedForWhileNothingCanBecomeVisible() {
    GroupCommit group = new GroupCommit(true, null, (transaction, version) -> {}, error -> {});
    try (Snapshot snapshot = store.beginRead()) {
      assertSame(
          snapshot.version(),
          group.tip(
              () -> {
                assertTrue(Thread.holdsLock(group));
                return snapshot.version();
              }));
    }
  }

  /// Else it could tell of what a power loss takes back, and of what no reader sees yet.
  @Test
  void aTransactionThatOnlyReadCommitsOnceWhatItReadIsVisible() throws Exception {
    holdFirstBarrier();
    Future<Long> writing = threads.submit(() -> commit(1, 1));
    inBarrier.await();
    AtomicReference<Thread> reader = new AtomicReference<>();
    Future<Long> visible =
        threads.submit(
            () -> {
              reader.set(Thread.currentThread());
              PageTransaction tx = store.beginWrite();
              assertEquals(1, sum(tx));
              store.commit(tx);
              return visibleSum();
            });
    while (!visible.isDone()
        && (reader.get() == null || reader.get().getState() != Thread.State.WAITING)) {
      Thread.sleep(1);
    }
    goOn.countDown();
    assertEquals(1, visible.get());
    writing.get();
  }

  @Test
  void aTransactionThatOnlyReadFailsWithWhatItRead() throws Exception {
    failFirst(ErrorCode.STORE_IO, true);
    Future<Long> writing = threads.submit(() -> commit(1, 1));
    inBarrier.await();
    PageTransaction tx = store.beginWrite();
    assertEquals(1, sum(tx));
    goOn.countDown();
    assertEquals(ErrorCode.STORE_POISONED, failure(writing));
    assertEquals(
        ErrorCode.STORE_POISONED,
        assertThrows(StoreIoException.class, () -> store.commit(tx)).code());
  }

  /// Callers, a reader and checkpoints at once: each caller's number and the sum stay together.
  @Test
  void callersReadersAndCheckpointsAtOnceLoseNothing() throws Exception {
    int each = 150;
    AtomicInteger running = new AtomicInteger(CALLERS - 1);
    List<Future<?>> work = new ArrayList<>();
    for (int caller = 1; caller < CALLERS; caller++) {
      int number = caller;
      work.add(threads.submit(() -> commitMany(number, each, running)));
    }
    work.add(threads.submit(() -> readWhile(running)));
    while (running.get() > 0) {
      store.checkpoint();
      Thread.sleep(5);
    }
    for (Future<?> one : work) {
      one.get();
    }
    assertEquals((CALLERS - 1L) * each, visibleSum(), "seed " + seed);
    reopenWithoutClosing();
    assertEquals((CALLERS - 1L) * each, visibleSum(), "seed " + seed);
  }

  private void commitMany(int caller, int count, AtomicInteger running) {
    Random random = new Random(seed + caller);
    try {
      for (int i = 0; i < count; i++) {
        if (random.nextInt(5) == 0) {
          PageTransaction tx = store.beginWrite();
          add(tx, caller, 1_000);
          store.rollback(tx);
        }
        commit(caller, 1);
        try (Snapshot snapshot = store.beginRead()) {
          assertTrue(Memory.getLong(snapshot.table(0).address(caller)) == i + 1, "seed " + seed);
        }
      }
    } finally {
      running.decrementAndGet();
    }
  }

  private void readWhile(AtomicInteger running) {
    long before = 0;
    while (running.get() > 0) {
      try (Snapshot snapshot = store.beginRead()) {
        long sum = 0;
        for (int caller = 1; caller < CALLERS; caller++) {
          sum += Memory.getLong(snapshot.table(0).address(caller));
        }
        assertEquals(sum(snapshot), sum, "seed " + seed);
        assertTrue(sum >= before, "seed " + seed);
        before = sum;
      }
    }
  }

  /// One whose log cannot be written, one that waits behind it, and one that builds on both.
  private void assertAllFail(ErrorCode code) throws Exception {
    Future<Long> first = threads.submit(() -> commit(1, 1));
    inBarrier.await();
    Future<Long> second = threads.submit(() -> commit(2, 1));
    waitUntilLogged(2);
    PageTransaction third = store.beginWrite();
    add(third, 3, 1);
    goOn.countDown();
    assertEquals(code, failure(first));
    assertEquals(code, failure(second));
    assertEquals(code, assertThrows(StoreIoException.class, () -> store.commit(third)).code());
  }

  private void holdFirstBarrier() {
    disk.beforeForce = this::holdOnce;
  }

  private void holdOnce(Path path) {
    if (inBarrier.getCount() > 0) {
      inBarrier.countDown();
      awaitGoOn();
    }
  }

  private void awaitGoOn() {
    try {
      goOn.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void failFirst(ErrorCode code, boolean barrier) {
    java.util.function.Consumer<Path> fail =
        path -> {
          if (inBarrier.getCount() > 0) {
            holdOnce(path);
            throw new StoreIoException(code, "made to fail");
          }
        };
    if (barrier) {
      disk.beforeForce = fail;
    } else {
      disk.beforeWrite = fail;
    }
  }

  /// Waits until the writer's base has this sum.
  private void waitUntilLogged(long wanted) throws InterruptedException {
    for (long sum = -1; sum != wanted; Thread.sleep(1)) {
      PageTransaction tx = store.beginWrite();
      sum = sum(tx);
      store.rollback(tx);
    }
  }

  private static ErrorCode failure(Future<Long> commit) {
    Throwable cause =
        assertThrows(java.util.concurrent.ExecutionException.class, commit::get).getCause();
    return ((QuarryException) cause).code();
  }

  private void reopenWithoutClosing() {
    Path copy = folder.resolve("copy.quarry");
    try (var files = java.nio.file.Files.list(folder)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (!name.endsWith("-lock") && !name.endsWith("-tmp")) {
          java.nio.file.Files.copy(file, folder.resolve(name.replaceFirst("^x", "copy")));
        }
      }
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    store.close();
    assertEquals(0, store.budget().used());
    store = Store.open(copy, options(), GroupCommitTest::replay);
  }

  private long commit(int caller, long more) {
    PageTransaction tx = store.beginWrite();
    add(tx, caller, more);
    return store.commit(tx);
  }

  private void add(PageTransaction tx, int caller, long more) {
    byte[] record =
        ByteBuffer.allocate(16)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(caller)
            .putLong(more)
            .array();
    store.log(tx, record, 0, record.length);
    replay(tx, record, 0, record.length);
  }

  private static void replay(PageTransaction tx, byte[] bytes, int offset, int length) {
    ByteBuffer record = ByteBuffer.wrap(bytes, offset, length).order(ByteOrder.LITTLE_ENDIAN);
    int caller = (int) record.getLong();
    long more = record.getLong();
    Memory.putLong(tx.writable(0, caller), Memory.getLong(tx.writable(0, caller)) + more);
    if (caller != 0) {
      Memory.putLong(tx.writable(0, 0), Memory.getLong(tx.writable(0, 0)) + more);
    }
  }

  private static long sum(PageReader reader) {
    return Memory.getLong(reader.table(0).address(0));
  }

  private long visibleSum() {
    try (Snapshot snapshot = store.beginRead()) {
      return sum(snapshot);
    }
  }

  private Path path() {
    return folder.resolve("x.quarry");
  }

  private StoreOptions options() {
    return StoreOptions.defaults()
        .withMemory(32 << 20)
        .withNativeMemory(NativeSource.FOREIGN)
        .withDisk(disk);
  }
}
