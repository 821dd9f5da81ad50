package dev.quarry.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.CorruptPageException;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.page.PageTable;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.page.Snapshot;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Something outside cuts the file of an open store, which reads it through a map: where the file
/// is gone, the machine raises a fault, and that must not end the JVM.
class CutFileTest {
  private static final int PAGES = 300;
  private static final int READ_BEFORE = 8;

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
