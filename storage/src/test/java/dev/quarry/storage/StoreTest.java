package dev.quarry.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.StoreClosedException;
import dev.quarry.error.StoreOpenException;
import dev.quarry.error.WriterBusyException;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.page.Snapshot;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {
  @TempDir Path folder = Path.of("");
  private final long seed = Long.getLong("seed", System.nanoTime());

  private static StoreOptions options() {
    return StoreOptions.defaults().withMemory(64 << 20).withNativeMemory(NativeSource.FOREIGN);
  }

  @Test
  void aStoreInMemoryAgreesWithAMapThroughCommitsRollbacksAndOldSnapshots() {
    Store store = Store.inMemory(options());
    agree(store, new PageModel(), 300);
    store.close();
    assertEquals(0, store.budget().used());
  }

  @Test
  void aStoreInAFileAgreesWithAMapThroughReopening() throws Exception {
    Path path = folder.resolve("model.quarry");
    PageModel model = new PageModel();
    for (int round = 0; round < 5; round++) {
      Store store = Store.open(path, options(), PageModel::replay);
      try (Snapshot snapshot = store.beginRead()) {
        model.verify(snapshot, "seed " + seed + " after opening " + round);
      }
      model = agree(store, model, 80);
      store.close();
      assertEquals(0, store.budget().used());
      try (var files = Files.list(folder)) {
        assertEquals(List.of(path), files.toList());
      }
    }
  }

  @Test
  void aReaderOlderThanACheckpointKeepsItsPlacesThroughLaterOnes() {
    Path path = folder.resolve("old.quarry");
    PageModel model = new PageModel();
    try (Store store = Store.open(path, options(), PageModel::replay)) {
      for (int round = 0; round < 20; round++) {
        model = agree(store, model, 12);
        try (Snapshot old = store.beginRead()) {
          PageModel then = model.copy();
          for (int later = 0; later < 5; later++) {
            store.checkpoint();
            model = agree(store, model, 3);
          }
          then.verify(old, "seed " + seed + " round " + round);
        }
      }
    }
  }

  private PageModel agree(Store store, PageModel start, int commits) {
    Random random = new Random(seed);
    PageModel model = start;
    List<Snapshot> snapshots = new ArrayList<>();
    List<PageModel> models = new ArrayList<>();
    for (int commit = 0; commit < commits; commit++) {
      String where = "seed " + seed + " commit " + commit;
      PageTransaction tx = store.beginWrite();
      PageModel next = model.copy();
      for (int i = random.nextInt(20); i >= 0; i--) {
        next.change(store, tx, random, 8);
        tx.spillPoint();
      }
      if (random.nextInt(4) == 0) {
        store.rollback(tx);
      } else {
        if (random.nextInt(10) == 0) {
          next.verify(tx, where + " before commit");
        }
        store.commit(tx);
        model = next;
      }
      if (random.nextInt(12) == 0) {
        store.checkpoint();
      }
      if (random.nextInt(10) == 0) {
        snapshots.add(store.beginRead());
        models.add(model.copy());
      }
      if (snapshots.size() > 3) {
        int i = random.nextInt(snapshots.size());
        models.remove(i).verify(snapshots.get(i), where + " old snapshot");
        snapshots.remove(i).close();
      }
    }
    for (int i = 0; i < snapshots.size(); i++) {
      models.get(i).verify(snapshots.get(i), "seed " + seed + " at the end");
      snapshots.get(i).close();
    }
    return model;
  }

  @Test
  void aTransactionLargerThanMemorySpillsAndCommits() {
    Path path = folder.resolve("large.quarry");
    StoreOptions small = options().withMemory(16 << 20);
    int pages = 20_000;
    try (Store store = Store.open(path, small, PageModel::replay)) {
      fill(store, pages, 1, false);
      fill(store, pages, 2, true);
      assertTrue(store.budget().peak() <= 16 << 20);
      try (Snapshot snapshot = store.beginRead()) {
        verify(snapshot, pages, 1);
      }
    }
    try (Store store = Store.open(path, small, PageModel::replay);
        Snapshot snapshot = store.beginRead()) {
      verify(snapshot, pages, 1);
    }
    assertTrue(path.toFile().length() < pages * 4096L * 13 / 10, "file " + path.toFile().length());
  }

  private static void fill(Store store, int pages, long value, boolean rollBack) {
    PageTransaction tx = store.beginBulk();
    int space = tx.hasSpace(2) ? 2 : tx.createSpace(12);
    for (int page = 0; page < pages; page++) {
      Memory.putLong(tx.writable(space, page), value + page);
      tx.spillPoint();
    }
    assertTrue(tx.spilled());
    for (int page = 0; page < pages; page += 97) {
      assertEquals(value + page, Memory.getLong(tx.table(space).address(page)));
    }
    if (rollBack) {
      store.rollback(tx);
    } else {
      store.commit(tx);
    }
  }

  private static void verify(Snapshot snapshot, int pages, long value) {
    for (int page = 0; page < pages; page++) {
      assertEquals(value + page, Memory.getLong(snapshot.table(2).address(page)));
    }
  }

  @Test
  void everyFlippedByteOfAPageIsFoundAtItsFirstTouch() throws Exception {
    Path path = folder.resolve("flipped.quarry");
    try (Store store = Store.open(path, options(), PageModel::replay)) {
      PageTransaction tx = store.beginWrite();
      int space = tx.createSpace(12);
      Memory.fill(tx.writable(space, 0), 4096, (byte) 0x5A);
      store.commit(tx);
    }
    byte[] bytes = Files.readAllBytes(path);
    int at = 8192;
    while (bytes[at] != 0x5A || bytes[at + 4095] != 0x5A) {
      at += 4096;
    }
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      file.seek(at + 1234);
      file.write(0x5B);
    }
    try (Store store = Store.open(path, options(), PageModel::replay);
        Snapshot snapshot = store.beginRead()) {
      CorruptPageException error =
          assertThrows(CorruptPageException.class, () -> snapshot.table(2).address(0));
      assertEquals(ErrorCode.CHECKSUM, error.code());
      assertTrue(error.getMessage().contains("page 0 of space 2"), error.getMessage());
    }
  }

  @Test
  void whatIsNoStoreIsRefusedAndLeftAlone() throws Exception {
    Path path = folder.resolve("text.quarry");
    Files.writeString(path, "not a store, but a text that someone needs\n".repeat(300));
    byte[] before = Files.readAllBytes(path);
    StoreOpenException error =
        assertThrows(
            StoreOpenException.class, () -> Store.open(path, options(), PageModel::replay));
    assertEquals(ErrorCode.STORE_NOT_A_STORE, error.code());
    assertTrue(java.util.Arrays.equals(before, Files.readAllBytes(path)));
    assertFalse(Files.exists(folder.resolve("text.quarry-lock")));
  }

  @Test
  void aMissingStoreIsNotCreatedUnlessAskedFor() {
    Path path = folder.resolve("missing.quarry");
    StoreOptions existing = options().withCreate(false);
    StoreOpenException error =
        assertThrows(StoreOpenException.class, () -> Store.open(path, existing, PageModel::replay));
    assertEquals(ErrorCode.STORE_NOT_FOUND, error.code());
    assertFalse(Files.exists(path));
    assertFalse(Files.exists(folder.resolve("missing.quarry-lock")));
  }

  @Test
  void anotherFormatVersionIsRefusedByNameAndLeftAlone() throws Exception {
    Path path = folder.resolve("future.quarry");
    Store.open(path, options(), PageModel::replay).close();
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
    for (int block = 0; block < 8192; block += 4096) {
      bytes.putInt(block + 8, 9);
      CRC32C crc = new CRC32C();
      crc.update(bytes.array(), block, 4092);
      bytes.putInt(block + 4092, (int) crc.getValue());
    }
    Files.write(path, bytes.array());
    StoreOpenException error =
        assertThrows(
            StoreOpenException.class, () -> Store.open(path, options(), PageModel::replay));
    assertEquals(ErrorCode.STORE_UNKNOWN_VERSION, error.code());
    assertTrue(error.getMessage().contains("format version 9"), error.getMessage());
    assertTrue(java.util.Arrays.equals(bytes.array(), Files.readAllBytes(path)));
  }

  @Test
  void closingEndsReadersAndFreesNothingUnderThem() {
    Path path = folder.resolve("closing.quarry");
    Store store = Store.open(path, options(), PageModel::replay);
    PageTransaction tx = store.beginWrite();
    int space = tx.createSpace(12);
    Memory.putLong(tx.writable(space, 0), 42);
    store.commit(tx);
    store.checkpoint();
    Snapshot reader = store.beginRead();
    long inAStep = reader.table(space).address(0);
    store.close();
    assertEquals(42, Memory.getLong(inAStep));
    StoreClosedException error =
        assertThrows(StoreClosedException.class, () -> reader.table(space));
    assertEquals(ErrorCode.STORE_CLOSED, error.code());
    assertThrows(StoreClosedException.class, store::beginRead);
    reader.close();
    assertEquals(0, store.budget().used());
    try (Store again = Store.open(path, options(), PageModel::replay);
        Snapshot snapshot = again.beginRead()) {
      assertEquals(42, Memory.getLong(snapshot.table(space).address(0)));
    }
  }

  @Test
  void askingTwiceForTheWriterInOneThreadIsATypedError() {
    Store store = Store.inMemory(options());
    PageTransaction tx = store.beginWrite();
    WriterBusyException error = assertThrows(WriterBusyException.class, store::beginWrite);
    assertEquals(ErrorCode.WRITER_NESTED, error.code());
    store.rollback(tx);
    store.close();
    assertEquals(0, store.budget().used());
  }
}
