package dev.quarry.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.page.Snapshot;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rule P4: which frames are written in place, and when they are copied instead.
class OpenFramesTest {
  private static final int PAGE = 1;

  @TempDir Path folder = Path.of("");
  private final HookedDisk disk = new HookedDisk();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private Store store = Store.inMemory(options());

  @BeforeEach
  void open() {
    store.close();
    store = Store.open(folder.resolve("x.quarry"), options(), (tx, bytes, at, length) -> {});
    commit(1);
  }

  @AfterEach
  void close() {
    disk.beforeForce = path -> {};
    threads.shutdown();
    store.close();
    assertEquals(0, store.budget().used());
  }

  @Test
  void bytesThatNoVersionShowsAreWrittenInPlaceEvenUnderAReader() {
    try (Snapshot reader = store.beginRead()) {
      assertEquals(address(reader), unseen());
      assertEquals(address(reader), free());
    }
  }

  @Test
  void whatACheckpointIsWritingIsNotWrittenInPlace() {
    long[] addresses = new long[2];
    disk.beforeForce =
        path -> {
          disk.beforeForce = any -> {};
          addresses[0] = newest();
          addresses[1] = unseen();
        };
    store.checkpoint();
    assertNotEquals(0, addresses[0]);
    assertNotEquals(addresses[0], addresses[1]);
  }

  @Test
  void whatBecomesNewWhileACheckpointIsWrittenIsOpen() {
    long[] addresses = new long[2];
    disk.beforeForce =
        path -> {
          disk.beforeForce = any -> {};
          commit(2);
          addresses[0] = newest();
          addresses[1] = unseen();
        };
    store.checkpoint();
    assertNotEquals(0, addresses[0]);
    assertEquals(addresses[0], addresses[1]);
    assertEquals(newest(), unseen());
  }

  @Test
  void aPageOfTheFileIsCopied() {
    store.checkpoint();
    assertNotEquals(newest(), unseen());
  }

  /// In the version of the old reader what is free now may have been in use.
  @Test
  void whatIsFreeNowIsNotWrittenInPlaceUnderAnOlderReader() {
    Snapshot old = store.beginRead();
    commitElsewhere();
    assertEquals(address(old), unseen());
    assertNotEquals(address(old), free());
    old.close();
    assertEquals(newest(), free());
  }

  /// A reader may still begin on the version before it.
  @Test
  void whatIsFreeInACommitThatIsNotVisibleIsNotWrittenInPlace() throws Exception {
    long before = newest();
    CountDownLatch inBarrier = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    disk.beforeForce =
        path -> {
          inBarrier.countDown();
          await(goOn);
        };
    Future<?> commit = threads.submit(this::commitElsewhere);
    inBarrier.await();
    long inPlace = unseen();
    long copied = free();
    goOn.countDown();
    commit.get();
    assertEquals(before, inPlace);
    assertNotEquals(before, copied);
    assertEquals(before, free());
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private void commit(long value) {
    PageTransaction tx = store.beginWrite();
    store.log(tx, new byte[8], 0, 8);
    Memory.putLong(tx.writable(0, PAGE), value);
    store.commit(tx);
  }

  private void commitElsewhere() {
    PageTransaction tx = store.beginWrite();
    store.log(tx, new byte[8], 0, 8);
    tx.writable(0, PAGE + 1);
    store.commit(tx);
  }

  /// Where a transaction would write bytes that no version ever showed.
  private long unseen() {
    PageTransaction tx = store.beginWrite();
    long address = tx.writableUnseen(0, PAGE);
    store.rollback(tx);
    return address;
  }

  /// Where a transaction would write bytes that are free in the version it begins on.
  private long free() {
    PageTransaction tx = store.beginWrite();
    long address = tx.writableFree(0, PAGE);
    store.rollback(tx);
    return address;
  }

  private long newest() {
    try (Snapshot reader = store.beginRead()) {
      return address(reader);
    }
  }

  private static long address(Snapshot reader) {
    return reader.table(0).address(PAGE);
  }

  private StoreOptions options() {
    return StoreOptions.defaults()
        .withMemory(32 << 20)
        .withNativeMemory(NativeSource.FOREIGN)
        .withDisk(disk);
  }
}
