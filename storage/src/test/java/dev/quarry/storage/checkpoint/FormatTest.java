package dev.quarry.storage.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.StoreOpenException;
import dev.quarry.storage.Store;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.page.Snapshot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What meta blocks say of the format, and what a verification of the file finds.
class FormatTest {
  private static final int PAGE = 4096;

  @TempDir Path folder = Path.of("");
  private Path path = Path.of("");

  private static StoreOptions options() {
    return StoreOptions.defaults().withMemory(16 << 20).withNativeMemory(NativeSource.FOREIGN);
  }

  private static Store open(Path path, boolean readOnly) {
    return Store.open(path, options().withReadOnly(readOnly), (tx, bytes, offset, length) -> {});
  }

  @BeforeEach
  void createAStore() {
    path = folder.resolve("x.quarry");
    try (Store store = open(path, false)) {
      PageTransaction tx = store.beginBulk();
      for (int shift : new int[] {12, 14, 16}) {
        int space = tx.createSpace(shift);
        for (int page = 0; page < 20; page++) {
          Memory.fill(tx.writable(space, page * 37L), 1 << shift, (byte) (shift + page));
        }
      }
      store.commit(tx);
      assertEquals(List.of(), problems(store));
    }
  }

  private static List<String> problems(Store store) {
    List<String> problems = new ArrayList<>();
    store.verifyFile(problems::add);
    return problems;
  }

  @Test
  void aStoreWithoutACheckpointYetHasNoBitmapAndIsSound() {
    try (Store store = open(folder.resolve("new.quarry"), false)) {
      assertEquals(List.of(), problems(store));
      PageTransaction tx = store.beginWrite();
      Memory.putLong(tx.writable(0, 1), 1);
      store.commit(tx);
      assertEquals(List.of(), problems(store));
    }
  }

  /// Its table has three levels, and several nodes in each of the lower ones.
  @Test
  void aSparseSpaceIsCopiedWithAllItsNodes() {
    long[] pages = {0, 255, 256, 300, 65_535, 65_536, 70_000, 140_000, 200_000};
    Path copy = folder.resolve("copy.quarry");
    int space;
    try (Store store = open(path, false)) {
      PageTransaction tx = store.beginWrite();
      space = tx.createSpace(12);
      for (long page : pages) {
        Memory.putLong(tx.writable(space, page), page + 1);
      }
      store.commit(tx);
      store.backup(copy, bytes -> {});
    }
    try (Store store = open(copy, true);
        Snapshot snapshot = store.beginRead()) {
      assertEquals(List.of(), problems(store));
      for (long page : pages) {
        assertEquals(page + 1, Memory.getLong(snapshot.table(space).address(page)));
      }
      assertTrue(snapshot.table(space).isAbsent(100_000));
    }
  }

  private ByteBuffer bytes() throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
  }

  /// Writes changed bytes back, with meta blocks that are whole.
  private void write(ByteBuffer bytes) throws IOException {
    for (int block = 0; block < 2 * PAGE; block += PAGE) {
      bytes.putInt(block + PAGE - 4, crc(bytes, block, PAGE - 4));
    }
    Files.write(path, bytes.array());
  }

  private static int crc(ByteBuffer bytes, int from, int count) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.array(), from, count);
    return (int) crc.getValue();
  }

  private void feature(int offset) throws IOException {
    ByteBuffer bytes = bytes();
    bytes.putLong(offset, 1L << 33).putLong(PAGE + offset, 1L << 33);
    write(bytes);
  }

  @Test
  void aCompatibleFeatureIsIgnoredAndKept() throws IOException {
    feature(16);
    try (Store store = open(path, false)) {
      PageTransaction tx = store.beginWrite();
      tx.createSpace(12);
      store.commit(tx);
    }
    assertEquals(1L << 33, bytes().getLong(16));
    assertEquals(1L << 33, bytes().getLong(PAGE + 16));
  }

  @Test
  void aReadOnlyCompatibleFeatureForbidsWriting() throws IOException {
    feature(24);
    byte[] before = Files.readAllBytes(path);
    StoreOpenException error = assertThrows(StoreOpenException.class, () -> open(path, false));
    assertEquals(ErrorCode.STORE_UNKNOWN_FEATURE, error.code());
    assertTrue(error.getMessage().contains("read but not write: mask 0x200000000"));
    assertTrue(String.valueOf(error.hint()).contains("read-only"));
    Store store = open(path, true);
    assertEquals(List.of(), problems(store));
    store.close();
    assertArrayEquals(before, Files.readAllBytes(path));
  }

  @Test
  void anIncompatibleFeatureForbidsOpening() throws IOException {
    feature(32);
    for (boolean readOnly : new boolean[] {false, true}) {
      StoreOpenException error = assertThrows(StoreOpenException.class, () -> open(path, readOnly));
      assertEquals(ErrorCode.STORE_UNKNOWN_FEATURE, error.code());
    }
    assertFalse(Files.exists(folder.resolve("x.quarry-lock")));
  }

  /// Every place of the file that is in use, in turn.
  @Test
  void everyChangedByteOfWhatIsInUseIsFound() throws IOException {
    ByteBuffer bytes = bytes();
    long bitmap = bytes.getLong(128) * PAGE;
    int found = 0;
    for (int place = 0; place * PAGE < bytes.capacity(); place++) {
      boolean used = (bytes.get((int) bitmap + place / 8) & 1 << place % 8) != 0;
      byte[] changed = bytes.array().clone();
      changed[place * PAGE + 1000] ^= 16;
      Files.write(path, changed);
      try (Store store = open(path, true)) {
        assertEquals(used, !problems(store).isEmpty(), "place " + place + problems(store));
        found += used ? 1 : 0;
      } catch (dev.quarry.error.StoreException e) {
        assertTrue(used, "place " + place);
        found++;
      }
    }
    assertTrue(found > 400, found + " places");
  }

  @Test
  void aPlaceThatIsMarkedAndBelongsToNobodyIsFound() throws IOException {
    bitmap(
        (bits, places) -> {
          for (int place = 0; place < places; place++) {
            if ((bits.get(place / 8) & 1 << place % 8) == 0) {
              bits.put(place / 8, (byte) (bits.get(place / 8) | 1 << place % 8));
              return;
            }
          }
        },
        "1 places are marked as used and belong to nobody");
  }

  @Test
  void aPlaceInUseThatIsNotMarkedIsFound() throws IOException {
    bitmap(
        (bits, places) -> bits.put(0, (byte) (bits.get(0) & ~1)),
        "1 places are in use and not marked so");
  }

  private interface Change {
    void on(ByteBuffer bits, int places);
  }

  /// Changes the bitmap of used places, with a checksum that is right.
  private void bitmap(Change change, String expected) throws IOException {
    ByteBuffer bytes = bytes();
    int at = (int) bytes.getLong(128) * PAGE;
    int length = bytes.getInt(136);
    change.on(bytes.slice(at, length), (int) bytes.getLong(96));
    for (int block = 0; block < 2 * PAGE; block += PAGE) {
      bytes.putInt(block + 140, crc(bytes, at, length));
    }
    write(bytes);
    try (Store store = open(path, true)) {
      assertEquals(List.of(expected), problems(store));
    }
  }

  /// Two spaces with one root: the second owner of each place is named.
  @Test
  void aPlaceThatIsOwnedTwiceIsFound() throws IOException {
    ByteBuffer bytes = bytes();
    int table = (int) bytes.getLong(104) * PAGE;
    int length = bytes.getInt(112);
    bytes.putLong(table + 3 * 64 + 16, bytes.getLong(table + 2 * 64 + 16));
    for (int block = 0; block < 2 * PAGE; block += PAGE) {
      bytes.putInt(block + 116, crc(bytes, table, length));
    }
    write(bytes);
    try (Store store = open(path, true)) {
      List<String> problems = problems(store);
      assertTrue(
          problems.stream().anyMatch(text -> text.contains("is owned twice: by node 0 of space 3")),
          problems.toString());
    }
  }
}
