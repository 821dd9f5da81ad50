package dev.quarry.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.page.Snapshot;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The rules of pages, each attacked.
class PageRulesTest {
  private static final int PAGES = 40;

  @TempDir Path folder = Path.of("");
  private Store store = Store.inMemory(options());
  private int space;

  private static StoreOptions options() {
    return StoreOptions.defaults().withMemory(64 << 20).withNativeMemory(NativeSource.FOREIGN);
  }

  private void open() {
    store.close();
    store = Store.open(folder.resolve("rules.quarry"), options(), PageModel::replay);
  }

  @AfterEach
  void close() {
    store.close();
    assertEquals(0, store.budget().used());
  }

  private void write(long value) {
    PageTransaction tx = store.beginBulk();
    space = tx.hasSpace(2) ? 2 : tx.createSpace(12);
    for (int page = 0; page < PAGES; page++) {
      Memory.fill(tx.writable(space, page), 4096, (byte) value);
    }
    store.commit(tx);
  }

  private byte[][] bytes(Snapshot snapshot) {
    byte[][] bytes = new byte[PAGES][4096];
    for (int page = 0; page < PAGES; page++) {
      Memory.getBytes(snapshot.table(space).address(page), bytes[page], 0, 4096);
    }
    return bytes;
  }

  /// P1: commits, rollbacks and checkpoints change nothing that a pinned snapshot reaches.
  @Test
  void bytesOfAPinnedSnapshotNeverChange() {
    open();
    write(1);
    try (Snapshot pinned = store.beginRead()) {
      long address = pinned.table(space).address(7);
      byte[][] before = bytes(pinned);
      for (int i = 2; i < 30; i++) {
        write(i);
        if (i % 5 == 0) {
          store.checkpoint();
        }
        PageTransaction tx = store.beginWrite();
        assertNotEquals(address, tx.writable(space, 7), "a page that a reader sees is written to");
        Memory.fill(tx.writable(space, 7), 4096, (byte) -1);
        store.rollback(tx);
      }
      assertEquals(address, pinned.table(space).address(7));
      assertArrayEquals(before, bytes(pinned));
    }
  }

  /// P3: a clean page is a read-only map of the file; a stray write is an error, not damage.
  @Test
  void aCleanPageCannotBeWritten() {
    open();
    write(1);
    open();
    try (Snapshot snapshot = store.beginRead()) {
      long address = snapshot.table(space).address(3);
      assertThrows(RuntimeException.class, () -> Memory.putLong(address, 42));
      assertThrows(RuntimeException.class, () -> Memory.fill(address, 8, (byte) 1));
      assertEquals(0x0101010101010101L, Memory.getLong(address));
    }
  }

  /// P4: nothing is written in place after its commit, so a sealed frame cannot change either:
  /// every transaction gets another frame, before and after a checkpoint.
  @Test
  void aCommittedFrameIsNeverWrittenAgain() {
    open();
    write(1);
    for (int i = 0; i < 6; i++) {
      try (Snapshot committed = store.beginRead()) {
        long frame = committed.table(space).address(5);
        long value = Memory.getLong(frame);
        PageTransaction tx = store.beginWrite();
        long own = tx.writable(space, 5);
        assertNotEquals(frame, own);
        Memory.putLong(own, i + 100);
        store.commit(tx);
        if (i % 2 == 0) {
          store.checkpoint();
        }
        assertEquals(value, Memory.getLong(frame));
      }
    }
  }
}
