package dev.quarry.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.StoreOpenException;
import dev.quarry.storage.checkpoint.FileCheck;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.page.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One of the two meta blocks of a closed store is torn: the next opening for writing makes it
/// again and a check tells so, and no other opening touches it. After a crash that is no damage.
class TornMetaBlockTest {
  private static final int BLOCK = 4096;

  @TempDir Path folder = Path.of("");

  @Test
  void anOpeningForWritingMakesTheTornBlockAgain() throws IOException {
    for (int number = 0; number < 2; number++) {
      Path path = torn(number);
      Store store = open(path, false);
      String told =
          block(number)
              + " was damaged when the store was opened, and was written again from the other"
              + " one, which holds the same state; check the disk";
      assertEquals(told, store.mended());
      assertEquals(List.of(told), problems(store));
      assertEquals(2, store.wholeMetaBlocks());
      assertEquals(7, value(store));
      store.close();
      assertEquals(0, store.budget().used());
      try (Store other = open(path, false)) {
        assertNull(other.mended());
        assertEquals(List.of(), problems(other));
      }
      tear(path, 1 - number);
      try (Store other = open(path, false)) { // by the block that was made again
        assertEquals(7, value(other));
        assertEquals(1, problems(other).size());
      }
    }
  }

  @Test
  void anOpeningForReadingTellsAndTouchesNothing() throws IOException {
    Path path = torn(1);
    byte[] before = Files.readAllBytes(path);
    Store store = open(path, true);
    assertEquals(
        List.of(
            block(1)
                + " is damaged; the other one is whole and in use, and whatever opens the store for"
                + " writing writes this one again; check the disk"),
        problems(store));
    assertEquals(7, value(store));
    store.close();
    assertEquals(0, store.budget().used());
    assertArrayEquals(before, Files.readAllBytes(path));
  }

  @Test
  void aBlockThatACrashAtTheFirstWriteHasTornIsNoDamage() throws IOException {
    Path crashed = crashedAtTheFirstWrite();
    byte[] bytes = Files.readAllBytes(crashed);
    int unclean = bytes[12] == 0 ? 0 : 1;
    assertEquals(1, bytes[12] + bytes[BLOCK + 12]);
    tear(crashed, unclean);
    StoreOpenException refused =
        assertThrows(StoreOpenException.class, () -> open(crashed, true).close());
    assertEquals(ErrorCode.STORE_READ_ONLY, refused.code());
    try (Store store = open(crashed, false)) {
      assertNull(store.mended());
      assertEquals(List.of(), problems(store));
      assertEquals(7, value(store));
    }
  }

  @Test
  void whatAnotherProcessWroteIsToldToAReaderWithoutALock() throws IOException {
    Path path = closed("read");
    Store reader = open(path, true);
    reader.ensureUnchanged();
    open(path, false).close(); // which writes nothing
    reader.ensureUnchanged();
    try (Store writer = open(path, false)) {
      commit(writer, 8);
      writer.ensureUnchanged();
      StoreOpenException told =
          assertThrows(StoreOpenException.class, () -> reader.ensureUnchanged());
      assertEquals(ErrorCode.STORE_LOCKED, told.code());
    }
    assertThrows(StoreOpenException.class, () -> reader.ensureUnchanged());
    reader.close();
  }

  /// What is left of a store whose process ended once a log was made, before a commit.
  private Path crashedAtTheFirstWrite() throws IOException {
    Path path = closed("alive");
    Path crashed = folder.resolve("crashed.quarry");
    try (Store store = open(path, false)) {
      PageTransaction tx = store.beginWrite();
      store.log(tx, new byte[] {1}, 0, 1);
      for (String suffix : List.of("", "-wal-000001")) {
        Files.copy(Path.of(path + suffix), Path.of(crashed + suffix));
      }
      store.rollback(tx);
    }
    return crashed;
  }

  private static String block(int number) {
    return number == 0 ? "meta block 0 (bytes 0 to 4095)" : "meta block 1 (bytes 4096 to 8191)";
  }

  private Path torn(int number) throws IOException {
    Path path = closed("torn" + number);
    tear(path, number);
    return path;
  }

  private Path closed(String name) {
    Path path = folder.resolve(name + ".quarry");
    try (Store store = open(path, false)) {
      commit(store, 7);
    }
    return path;
  }

  private static void commit(Store store, long value) {
    PageTransaction tx = store.beginWrite();
    Memory.putLong(tx.writable(0, 0), value);
    store.log(tx, new byte[] {1}, 0, 1);
    store.commit(tx);
  }

  private static void tear(Path path, int number) throws IOException {
    byte[] bytes = Files.readAllBytes(path);
    bytes[number * BLOCK + 512] ^= 1;
    Files.write(path, bytes);
  }

  private static long value(Store store) {
    try (Snapshot snapshot = store.beginRead()) {
      return Memory.getLong(snapshot.table(0).address(0));
    }
  }

  private static List<String> problems(Store store) {
    List<String> problems = new ArrayList<>();
    FileCheck.Sink sink = problems::add;
    store.verifyFile(sink);
    return problems;
  }

  private static Store open(Path path, boolean readOnly) {
    StoreOptions options =
        StoreOptions.defaults().withNativeMemory(NativeSource.FOREIGN).withReadOnly(readOnly);
    return Store.open(path, options, (tx, record, offset, length) -> {});
  }
}
