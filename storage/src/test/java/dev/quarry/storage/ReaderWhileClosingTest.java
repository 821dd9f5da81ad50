package dev.quarry.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quarry.error.StoreClosedException;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.page.Snapshot;
import dev.quarry.storage.schedule.Point;
import dev.quarry.storage.schedule.Sched;
import dev.quarry.storage.schedule.Scheduler;
import java.nio.file.Path;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A reader that begins or ends while the store is being closed does no harm.
class ReaderWhileClosingTest {
  @TempDir Path folder = Path.of("");
  private final HookedDisk disk = new HookedDisk();

  private StoreOptions options() {
    return StoreOptions.defaults()
        .withMemory(16 << 20)
        .withNativeMemory(NativeSource.FOREIGN)
        .withDisk(disk);
  }

  private Store open() {
    return Store.open(folder.resolve("x.quarry"), options(), (tx, bytes, offset, length) -> {});
  }

  private static void put(Store store, long value) {
    PageTransaction tx = store.beginWrite();
    Memory.putLong(tx.writable(0, 0), value);
    store.commit(tx);
  }

  @Test
  void theLastReaderThatEndsMeanwhileLeavesTheMemoryThatIsStillWritten() {
    Store store = open();
    put(store, 7);
    Snapshot last = store.beginRead();
    disk.beforeWrite = path -> last.close();
    store.close();
    assertEquals(0, store.budget().used());
    disk.beforeWrite = path -> {};
    try (Store again = open();
        Snapshot snapshot = again.beginRead()) {
      assertEquals(7, Memory.getLong(snapshot.table(0).address(0)));
    }
  }

  @Test
  void aReaderThatHasJustPinnedKeepsNothing() {
    Store store = Store.inMemory(options());
    put(store, 1);
    CloseOnce closing = new CloseOnce(store);
    ScopedValue.where(Sched.SIMULATION, closing)
        .run(() -> assertThrows(StoreClosedException.class, store::beginRead));
    assertEquals(0, store.budget().used());
  }

  /// Where a reader has pinned, commits once more and closes the store.
  private static final class CloseOnce implements Scheduler {
    private final Store store;
    private boolean done;

    CloseOnce(Store store) {
      this.store = store;
    }

    @Override
    public void point(Point point) {
      if (point == Point.PINNED && !done) {
        done = true;
        put(store, 2);
        store.close();
      }
    }

    @Override
    public void start(String name, Runnable work) {
      throw new AssertionError("nothing is done beside");
    }

    @Override
    public void await(Object monitor) {
      throw new AssertionError("nobody is waited for");
    }

    @Override
    public void signalAll(Object monitor) {}

    @Override
    public void park() {
      throw new AssertionError("nobody is waited for");
    }

    @Override
    public void unpark(Thread thread) {}

    @Override
    public long threadId() {
      return 0;
    }

    @Override
    public void acquire(Semaphore semaphore) {
      throw new AssertionError("nobody is waited for");
    }
  }
}
