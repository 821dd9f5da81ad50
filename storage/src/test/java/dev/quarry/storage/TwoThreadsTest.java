package dev.quarry.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.MemoryBudgetException;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.page.Snapshot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Two threads change pages of one transaction, each those of its own space.
class TwoThreadsTest {
  private static final int PAGES = 200;

  @TempDir Path folder = Path.of("");
  private Store store = Store.inMemory(options());
  private int first;
  private int second;
  private long usedBefore;

  private static StoreOptions options() {
    return StoreOptions.defaults()
        .withMemory(32 << 20)
        .withNativeMemory(NativeSource.FOREIGN)
        .withThreads(2);
  }

  @BeforeEach
  void makeSpaces() {
    store.close();
    store = Store.open(folder.resolve("x.quarry"), options(), (tx, bytes, at, length) -> {});
    PageTransaction tx = begin();
    first = tx.createSpace(12);
    second = tx.createSpace(12);
    fill(tx, first, 1);
    fill(tx, second, 2);
    store.commit(tx);
    store.checkpoint();
    usedBefore = store.budget().used();
  }

  @AfterEach
  void close() {
    List<String> problems = new ArrayList<>();
    store.verifyLedger(problems::add);
    assertEquals(List.of(), problems);
    store.close();
    assertEquals(0, store.budget().used());
  }

  private PageTransaction begin() {
    PageTransaction tx = store.beginWrite();
    store.log(tx, new byte[8], 0, 8);
    return tx;
  }

  private static void fill(PageTransaction tx, int space, long value) {
    for (int page = 0; page < PAGES; page++) {
      Memory.putLong(tx.writable(space, page), value + page);
    }
  }

  private void shows(long ofFirst, long ofSecond) {
    try (Snapshot snapshot = store.beginRead()) {
      for (int page = 0; page < PAGES; page++) {
        assertEquals(ofFirst + page, Memory.getLong(snapshot.table(first).address(page)));
        assertEquals(ofSecond + page, Memory.getLong(snapshot.table(second).address(page)));
      }
    }
  }

  @Test
  void whatBothWriteIsCommittedAndWhatItReplacedComesBack() {
    for (int round = 0; round < 30; round++) {
      long value = 1000L * round;
      PageTransaction tx = begin();
      AtomicReference<Thread> other = new AtomicReference<>();
      tx.beside(
          () -> fill(tx, first, value),
          () -> {
            other.set(Thread.currentThread());
            fill(tx, second, value + 1);
          });
      assertNotEquals(Thread.currentThread(), other.get());
      assertEquals(2L * PAGES * 4096, tx.privateBytes());
      store.commit(tx);
      shows(value, value + 1);
    }
    assertTrue(store.budget().used() < usedBefore + 5L * PAGES * 4096);
  }

  @Test
  void aStoreThatGivesOneThreadToACallHasBothDoneByTheCaller() {
    store.close();
    store =
        Store.open(
            folder.resolve("x.quarry"), options().withThreads(1), (tx, bytes, at, length) -> {});
    usedBefore = store.budget().used();
    PageTransaction tx = begin();
    List<Thread> threads = new ArrayList<>();
    tx.beside(
        () -> {
          threads.add(Thread.currentThread());
          fill(tx, first, 80);
        },
        () -> {
          threads.add(Thread.currentThread());
          fill(tx, second, 90);
        });
    assertEquals(List.of(Thread.currentThread(), Thread.currentThread()), threads);
    store.commit(tx);
    shows(80, 90);
    assertEquals(1, store.options().mostThreads());
    assertEquals(
        Runtime.getRuntime().availableProcessors(), options().withThreads(0).mostThreads());
    assertThrows(IllegalArgumentException.class, () -> options().withThreads(-1));
  }

  @Test
  void whatOnlyTheOtherThreadWritesIsAChange() {
    PageTransaction tx = begin();
    tx.beside(() -> {}, () -> fill(tx, second, 70));
    assertTrue(tx.dirty());
    store.commit(tx);
    shows(1, 70);
  }

  @Test
  void anErrorOfEitherIsRaisedAndRollingBackLeavesNothing() {
    for (boolean here : new boolean[] {true, false}) {
      IllegalStateException failure = new IllegalStateException("planned");
      PageTransaction tx = begin();
      Runnable failing =
          () -> {
            fill(tx, here ? first : second, 50);
            throw failure;
          };
      Runnable other = () -> fill(tx, here ? second : first, 60);
      Runnable mine = here ? failing : other;
      Runnable beside = here ? other : failing;
      assertSame(failure, assertThrows(IllegalStateException.class, () -> tx.beside(mine, beside)));
      store.rollback(tx);
      shows(1, 2);
    }
  }

  @Test
  void ofTwoErrorsTheCallersIsRaisedWithTheOther() {
    PageTransaction tx = begin();
    IllegalStateException raised =
        assertThrows(
            IllegalStateException.class,
            () ->
                tx.beside(
                    () -> {
                      throw new IllegalStateException("here");
                    },
                    () -> {
                      throw new IllegalArgumentException("there");
                    }));
    store.rollback(tx);
    assertEquals("here", raised.getMessage());
    assertEquals("there", raised.getSuppressed()[0].getMessage());
  }

  @Test
  void aBudgetThatEndsInTheOtherThreadIsAnErrorOfTheCallAndLeavesNothing() {
    PageTransaction tx = begin();
    assertThrows(
        MemoryBudgetException.class,
        () ->
            tx.beside(
                () -> fill(tx, first, 50),
                () -> {
                  for (int page = 0; page < 10_000; page++) {
                    tx.writable(second, page);
                  }
                }));
    store.rollback(tx);
    shows(1, 2);
    PageTransaction again = begin();
    fill(again, first, 5);
    store.commit(again);
    shows(5, 2);
  }

  @Test
  void anInterruptEndsNeitherAndTheFlagStays() throws InterruptedException {
    Thread caller = Thread.currentThread();
    CountDownLatch begun = new CountDownLatch(1);
    PageTransaction tx = begin();
    tx.beside(
        () -> fill(tx, first, 50),
        () -> {
          caller.interrupt();
          begun.countDown();
          fill(tx, second, 60);
        });
    assertEquals(0, begun.getCount());
    assertTrue(Thread.interrupted());
    store.commit(tx);
    shows(50, 60);
  }

  @Test
  void noThreadIsLeft() throws InterruptedException {
    AtomicReference<Thread> other = new AtomicReference<>();
    PageTransaction tx = begin();
    tx.beside(() -> {}, () -> other.set(Thread.currentThread()));
    store.rollback(tx);
    other.get().join(10_000);
    assertTrue(!other.get().isAlive());
  }
}
