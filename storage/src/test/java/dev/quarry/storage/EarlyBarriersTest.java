package dev.quarry.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.StoreIoException;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.page.Snapshot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Barriers beside a transaction that writes much, and what one that fails means.
class EarlyBarriersTest {
  private static final int PAGES = 400; // of 64 KiB: three steps of 8 MiB and some

  @TempDir Path folder = Path.of("");
  private final HookedDisk disk = new HookedDisk();
  private final AtomicInteger early = new AtomicInteger();
  private volatile boolean fails;

  @SuppressWarnings("NullAway.Init")
  private Store store;

  @BeforeEach
  void watch() {
    disk.beforeForce =
        path -> {
          if (Thread.currentThread().getName().equals("quarry-barrier")) {
            early.incrementAndGet();
            if (fails) {
              fails = false; // and the next one says that all is well
              throw new StoreIoException(
                  ErrorCode.STORE_IO, "as the test wants it", null, new java.io.IOException());
            }
          }
        };
    store = open();
  }

  @AfterEach
  void checkAndClose() {
    List<String> problems = new ArrayList<>();
    store.close();
    assertEquals(0, store.budget().used());
    store = open();
    store.verifyFile(problems::add);
    assertEquals(List.of(), problems);
    store.close();
    assertEquals(0, store.budget().used());
  }

  private Store open() {
    return Store.open(
        folder.resolve("x.quarry"),
        StoreOptions.defaults()
            .withMemory(StoreOptions.LEAST_MEMORY)
            .withNativeMemory(NativeSource.FOREIGN)
            .withDisk(disk),
        (tx, bytes, at, length) -> {});
  }

  /// Completes pages of a new space, of which each begins with its number.
  private int write(PageTransaction tx) {
    int space = tx.createSpace(16);
    for (int page = 0; page < PAGES; page++) {
      Memory.putLong(tx.writable(space, page), page);
      tx.complete(space, page);
      assertEquals(0, tx.privateBytes());
    }
    return space;
  }

  private void holds(int space) {
    try (Snapshot snapshot = store.beginRead()) {
      for (int page = 0; page < PAGES; page++) {
        assertEquals(page, Memory.getLong(snapshot.table(space).address(page)));
      }
    }
  }

  @Test
  void whatIsCompleteIsForcedBesideTheTransactionAndDurableWithItsCommit() {
    PageTransaction tx = store.beginBulk();
    int space = write(tx);
    store.commit(tx);
    assertTrue(early.get() > 0);
    holds(space);
    store.close();
    store = open();
    holds(space);
  }

  @Test
  void aPageThatIsWrittenToAgainAfterItWasCompleteHasBoth() {
    PageTransaction tx = store.beginBulk();
    int space = write(tx);
    Memory.putLong(tx.writable(space, 7) + 8, 77);
    store.commit(tx);
    holds(space);
    try (Snapshot snapshot = store.beginRead()) {
      assertEquals(77, Memory.getLong(snapshot.table(space).address(7) + 8));
    }
  }

  @Test
  void whatWasCompleteIsGivenBackByARollback() {
    long before = store.statistics().reachableBytes();
    PageTransaction tx = store.beginBulk();
    write(tx);
    store.rollback(tx);
    assertEquals(before, store.statistics().reachableBytes());
  }

  @Test
  void oneThatFailsFailsTheCommitThoughALaterOneSucceeds() {
    fails = true;
    PageTransaction tx = store.beginBulk();
    write(tx);
    StoreIoException e = assertThrows(StoreIoException.class, () -> store.commit(tx));
    assertTrue(String.valueOf(e.getMessage()).contains("as the test wants it"), e.getMessage());
    e = assertThrows(StoreIoException.class, store::beginWrite);
    assertEquals(ErrorCode.STORE_POISONED, e.code());
  }

  @Test
  void oneThatFailsInATransactionThatIsRolledBackFailsTheNextCheckpoint() {
    fails = true;
    PageTransaction tx = store.beginBulk();
    write(tx);
    store.rollback(tx);
    PageTransaction next = store.beginBulk();
    Memory.putLong(next.writable(0, 1), 1);
    assertThrows(StoreIoException.class, () -> store.commit(next));
    assertFalse(fails);
  }
}
