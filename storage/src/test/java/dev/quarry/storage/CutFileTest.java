package dev.quarry.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.StoreIoException;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.page.PageTable;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.page.Snapshot;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Something outside cuts the file of an open store, which reads it through a map: where the file
/// is gone, the machine raises a fault, and that must not end the JVM.
@Tag("cut")
class CutFileTest {
  private static final int PAGES = 300;
  private static final int READ_BEFORE = 8;
  private static final long GONE = -1;

  @TempDir Path folder = Path.of("");

  @Test
  void pagesThatAreGoneAreDamagedAndTheRestIsRead() throws IOException {
    Path path = folder.resolve("cut.quarry");
    int space = create(path);
    Store store = open(path);
    try (store;
        Snapshot snapshot = store.beginRead()) {
      PageTable table = snapshot.table(space);
      assertEquals(READ_BEFORE, readable(table, READ_BEFORE));
      try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
        file.truncate(file.size() / 2);
      }
      int left = readable(table, PAGES);
      assertTrue(left >= READ_BEFORE && left < PAGES, left + " pages are left");
    }
    assertEquals(0, store.budget().used());
    assertThrows(CorruptPageException.class, () -> readAll(path, space));
  }

  @Test
  void pagesThatWereReadBeforeAreToldWhereAScopeEnds() throws IOException {
    Path path = folder.resolve("read.quarry");
    int space = create(path);
    Store store = open(path);
    try (store;
        Snapshot snapshot = store.beginRead()) {
      PageTable table = snapshot.table(space);
      long[] addresses = LongStream.range(0, PAGES).map(table::address).toArray();
      assertEquals(0, told(store, addresses, 10 * PAGES));
      assertFalse(store.isPoisoned());
      try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
        file.truncate(file.size() / 2);
      }
      int told = told(store, addresses, PAGES);
      assertTrue(told > 0 && told <= PAGES - READ_BEFORE, told + " pages are gone");
      assertEquals(10 * told, told(store, addresses, 10 * PAGES));
      assertTrue(store.isPoisoned());
      StoreIoException refused = assertThrows(StoreIoException.class, store::beginWrite);
      assertEquals(ErrorCode.STORE_POISONED, refused.code());
    }
    assertEquals(0, store.budget().used());
  }

  private static int told(Store store, long[] addresses, int rounds) {
    int told = 0;
    for (int round = 0; round < rounds; round++) {
      int page = round % PAGES;
      try {
        assertEquals(page, store.scope(() -> Memory.getLong(addresses[page])));
      } catch (CorruptPageException e) {
        assertEquals(ErrorCode.STORE_DAMAGED, e.code());
        told++;
      }
    }
    return told;
  }

  /// In compiled code a fault comes late: without waiting for it, what was read leaves [#read]
  /// first.
  @Test
  void aFaultInCompiledCodeIsWaitedFor() throws IOException {
    Path path = folder.resolve("compiled.quarry");
    int space = create(path);
    Store store = open(path);
    try (store;
        Snapshot snapshot = store.beginRead()) {
      long[] addresses = LongStream.range(0, PAGES).map(snapshot.table(space)::address).toArray();
      long sum = 0;
      for (int round = 0; round < 20_000 * PAGES; round++) { // by then it is compiled
        sum += read(addresses, round % PAGES);
      }
      assertEquals(20_000L * PAGES * (PAGES - 1) / 2, sum);
      try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
        file.truncate(8192);
      }
      for (int round = 0; round < 1000; round++) {
        assertEquals(GONE, read(addresses, round % PAGES));
      }
    }
    assertEquals(0, store.budget().used());
  }

  private static long read(long[] addresses, int page) {
    try {
      long read = Memory.getLong(addresses[page]);
      Memory.awaitFaults();
      return read;
    } catch (InternalError e) {
      return Memory.isMapFault(e) ? GONE : 0;
    }
  }

  @Test
  void anErrorThatAFaultBroughtAboutIsToldAsTheFault() throws IOException {
    Path path = folder.resolve("consequence.quarry");
    int space = create(path);
    Store store = open(path);
    try (store;
        Snapshot snapshot = store.beginRead()) {
      long last = snapshot.table(space).address(PAGES - 1);
      try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
        file.truncate(8192);
      }
      assertThrows(
          CorruptPageException.class,
          () ->
              store.scoped(
                  () -> {
                    throw new IllegalStateException("read " + Memory.getLong(last));
                  }));
      InternalError another = new InternalError("of somebody else");
      Runnable failing =
          () -> {
            throw another;
          };
      assertSame(another, assertThrows(InternalError.class, () -> store.scoped(failing)));
    }
    assertEquals(0, store.budget().used());
  }

  /// Else the pages that are gone would become holes of zeros behind the new end of the file.
  @Test
  void aCheckpointDoesNotMakeAFileLongerThatWasCut() throws IOException {
    Path path = folder.resolve("checkpoint.quarry");
    int space = create(path);
    Store store = open(path);
    PageTransaction tx = store.beginWrite();
    Memory.putLong(tx.writable(space, 0), 7);
    store.commit(tx);
    long size;
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
      size = file.size() / 2;
      file.truncate(size);
    }
    assertThrows(CorruptPageException.class, store::checkpoint);
    assertTrue(store.isPoisoned());
    store.close();
    assertEquals(size, Files.size(path));
    assertEquals(0, store.budget().used());
  }

  private static int create(Path path) {
    try (Store store = open(path)) {
      PageTransaction tx = store.beginBulk();
      int space = tx.createSpace(12);
      for (int page = 0; page < PAGES; page++) {
        Memory.putLong(tx.writable(space, page), page);
      }
      store.commit(tx);
      return space;
    }
  }

  private static int readable(PageTable table, int count) {
    int read = 0;
    for (int page = 0; page < count; page++) {
      try {
        assertEquals(page, Memory.getLong(table.address(page)));
        read++;
      } catch (CorruptPageException gone) {
        assertTrue(page >= READ_BEFORE, "page " + page);
      }
    }
    return read;
  }

  private static void readAll(Path path, int space) {
    try (Store store = open(path);
        Snapshot snapshot = store.beginRead()) {
      assertEquals(PAGES, readable(snapshot.table(space), PAGES));
    }
  }

  private static Store open(Path path) {
    StoreOptions options = StoreOptions.defaults().withNativeMemory(NativeSource.FOREIGN);
    return Store.open(path, options, (tx, record, offset, length) -> {});
  }
}
