package dev.quarry.graph.hash;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.graph.CypherDuration;
import dev.quarry.graph.Point;
import dev.quarry.graph.value.Tag;
import dev.quarry.graph.value.ValueCodec;
import dev.quarry.storage.Store;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Bytes of a forged file are hashed as the value that they are, or told as none.
class ValueHashTest {
  private static final List<Object> VALUES =
      List.of(
          true,
          7L,
          2.5,
          "text",
          LocalDate.of(2020, 2, 29),
          LocalTime.NOON,
          OffsetTime.of(LocalTime.NOON, ZoneOffset.ofHours(1)),
          LocalDateTime.of(2020, 2, 29, 12, 0),
          ZonedDateTime.of(LocalDateTime.of(2020, 2, 29, 12, 0), ZoneOffset.UTC),
          new CypherDuration(1, 2, 3, 4),
          new Point(Point.CARTESIAN, 1, 2, 0),
          List.of(1L, 2L),
          List.of("a", "bc"));

  private final Store store = Store.inMemory(StoreOptions.defaults());
  private final Budget account = store.budget().child("test");

  @AfterEach
  void nothingIsHeld() {
    account.close();
    store.close();
    assertEquals(0, store.budget().used());
  }

  private long hash(byte[] bytes) {
    try (Scratch scratch = store.memory().scratch(account)) {
      long at = scratch.allocate(Math.max(1, bytes.length));
      Memory.putBytes(bytes, 0, at, bytes.length);
      ValueHash hash = new ValueHash();
      hash.encoded(at, bytes.length);
      return hash.hash();
    }
  }

  private void isNoValue(byte[] bytes) {
    CorruptPageException e = assertThrows(CorruptPageException.class, () -> hash(bytes));
    assertEquals(ErrorCode.STORE_DAMAGED, e.code());
  }

  @Test
  void anUnknownTagIsDamage() {
    for (int tag : new int[] {0, 13, 63, 64, 127, 128, 255}) {
      isNoValue(new byte[] {(byte) tag, 0, 0, 0, 0, 0, 0, 0, 0});
    }
    isNoValue(new byte[0]);
  }

  @Test
  void aNumberOrPointThatIsCutIsDamage() {
    for (Object value :
        List.of(true, 7L, 2.5, LocalDate.EPOCH, new Point(Point.CARTESIAN, 1, 2, 0))) {
      byte[] whole = ValueCodec.encode(value);
      for (int length = 0; length < whole.length; length++) {
        isNoValue(Arrays.copyOf(whole, length));
      }
    }
  }

  @Test
  void anElementThatLeavesItsListIsDamage() {
    for (int length : new int[] {Integer.MIN_VALUE, -1, 0, 10, 1 << 20, Integer.MAX_VALUE}) {
      byte[] list = ValueCodec.encode(List.of(7L));
      ByteBuffer.wrap(list).putInt(1, length);
      isNoValue(list);
    }
    isNoValue(Arrays.copyOf(ValueCodec.encode(List.of(7L)), 3));
  }

  @Test
  void aListOfListsIsDamageHoweverDeepItIs() {
    int depth = 100_000;
    ByteBuffer nested = ByteBuffer.allocate(1 + 5 * depth);
    nested.put((byte) Tag.LIST.code());
    for (int left = depth; left > 0; left--) {
      nested.putInt(5 * left - 4).put((byte) Tag.LIST.code());
    }
    isNoValue(nested.array());
  }

  @Test
  void randomBytesAreHashedIfTheyAreDecoded() {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = ValueCodec.encode(VALUES.get(random.nextInt(VALUES.size())));
      bytes[random.nextInt(Math.min(6, bytes.length))] = (byte) random.nextInt();
      byte[] changed = Arrays.copyOf(bytes, random.nextInt(bytes.length + 4));
      boolean decoded = isDecoded(changed);
      try {
        hash(changed);
      } catch (CorruptPageException e) {
        assertEquals(false, decoded, () -> "seed " + seed + ": " + Arrays.toString(changed));
      }
    }
  }

  private static boolean isDecoded(byte[] bytes) {
    try {
      ValueCodec.decode(bytes);
      return true;
    } catch (CorruptPageException e) {
      return false;
    }
  }

  @Test
  void everyKindOfValueIsHashed() {
    for (Object value : VALUES) {
      byte[] bytes = ValueCodec.encode(value);
      assertNotEquals(0, assertDoesNotThrow(() -> hash(bytes)), value.toString());
    }
  }
}
