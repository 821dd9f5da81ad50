package dev.quarry.storage.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PackedIntsTest {
  private static final int MOST = 128;
  private static final byte MARK = 0x5A;

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Budget root = Budget.root("test", 64 << 20);
  private final NativeMemory memory = new NativeMemory(root, NativeSource.FOREIGN);
  private final Scratch scratch = memory.scratch(root.child("scratch"));

  @AfterEach
  void theLedgerIsZero() {
    scratch.close();
    memory.close();
    assertEquals(0, root.used());
  }

  /// @param bits of most differences
  private int[] ascending(int count, int bits) {
    long number = bits == 32 ? 0 : random.nextInt() & 0xFFFFFFFFL;
    int[] numbers = new int[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (int) number;
      long most = Math.min((1L << bits) - 1, 0xFFFFFFFFL - number);
      number += bits == 32 ? most : random.nextLong(most + 1);
    }
    return numbers;
  }

  @Test
  void numbersOfAllWidthsComeBackAndNoByteMoreIsWritten() {
    long packed = scratch.allocate(MOST * 4 + 16);
    long numbers = scratch.allocate(MOST * 4);
    for (int round = 0; round < 20_000; round++) {
      int[] expected = ascending(1 + random.nextInt(MOST), random.nextInt(33));
      int count = expected.length;
      int bits = PackedInts.bits(expected, count);
      int bytes = PackedInts.bytes(count, bits);
      Memory.fill(packed, MOST * 4 + 16, MARK);
      PackedInts.pack(expected, count, bits, packed);
      assertEquals(MARK, Memory.getByte(packed + bytes), "seed " + seed);
      long last = PackedInts.unpack(packed, count, bits, expected[0], numbers);
      int[] found = new int[count];
      Memory.getInts(numbers, found, 0, count);
      assertArrayEquals(expected, found, "seed " + seed);
      assertEquals(expected[count - 1] & 0xFFFFFFFFL, last, "seed " + seed);
    }
  }

  @Test
  void bitsAreThoseOfTheGreatestDifference() {
    assertEquals(0, PackedInts.bits(new int[] {7}, 1));
    assertEquals(0, PackedInts.bits(new int[] {7, 7, 7}, 3));
    assertEquals(1, PackedInts.bits(new int[] {7, 8, 8}, 3));
    assertEquals(9, PackedInts.bits(new int[] {0, 256, 300}, 3));
    assertEquals(32, PackedInts.bits(new int[] {0, -1}, 2));
    assertEquals(0, PackedInts.bytes(1, 32));
    assertEquals(1, PackedInts.bytes(9, 1));
    assertEquals(2, PackedInts.bytes(10, 1));
  }

  @Test
  void differencesThatLeadBeyondTheLastNumberSaySo() {
    long packed = scratch.allocate(64);
    long numbers = scratch.allocate(64);
    int[] some = new int[3];
    Arrays.setAll(some, i -> i * 100);
    PackedInts.pack(some, 3, 7, packed);
    assertEquals(200, PackedInts.unpack(packed, 3, 7, 0, numbers));
    assertEquals((1L << 32) + 190, PackedInts.unpack(packed, 3, 7, -10, numbers));
  }
}
