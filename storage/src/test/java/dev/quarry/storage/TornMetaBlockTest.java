package dev.quarry.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

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
/// again, and no other one touches it.
class TornMetaBlockTest {
  private static final int BLOCK = 4096;

  @TempDir Path folder = Path.of("");

  @Test
  void anOpeningForWritingMakesTheTornBlockAgain() throws IOException {
    for (int number = 0; number < 2; number++) {
      Path path = torn(number);
      Store store = open(path, false);
      assertEquals(List.of(), problems(store));
      assertEquals(2, store.wholeMetaBlocks());
      assertEquals(7, value(store));
      store.close();
      assertEquals(0, store.budget().used());
      tear(path, 1 - number);
      try (Store other = open(path, false)) { // by the block that was made again
        assertEquals(7, value(other));
        assertEquals(List.of(), problems(other));
      }
    }
  }

  @Test
  void anOpeningForReadingTellsAndTouchesNothing() throws IOException {
    Path path = torn(1);
    byte[] before = Files.readAllBytes(path);
    Store store = open(path, true);
    assertEquals(List.of("meta block 1 is damaged; the other one is in use"), problems(store));
    assertEquals(7, value(store));
    store.close();
    assertEquals(0, store.budget().used());
    assertArrayEquals(before, Files.readAllBytes(path));
  }

  private Path torn(int number) throws IOException {
    Path path = folder.resolve("torn" + number + ".quarry");
    try (Store store = open(path, false)) {
      PageTransaction tx = store.beginWrite();
      Memory.putLong(tx.writable(0, 0), 7);
      store.log(tx, new byte[] {1}, 0, 1);
      store.commit(tx);
    }
    tear(path, number);
    return path;
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
