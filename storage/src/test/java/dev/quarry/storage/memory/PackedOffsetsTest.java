package dev.quarry.storage.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PackedOffsetsTest {
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

  /// Numbers near a line, below, above or around 2^32.
  private int[] numbers() {
    int[] numbers = new int[1 + random.nextInt(MOST)];
    int first = random.nextInt() >>> random.nextInt(32);
    int bits = random.nextInt(33);
    Arrays.setAll(numbers, i -> first + i + (bits == 0 ? 0 : random.nextInt() >>> 32 - bits));
    return numbers;
  }

  @Test
  void numbersOfAllKindsComeBackInTheLowerHalvesAloneAndNoByteMoreIsWritten() {
    long packed = scratch.allocate(MOST * 4 + 16);
    long entries = scratch.allocate(MOST * 8);
    for (int round = 0; round < 20_000; round++) {
      int[] expected = numbers();
      int count = expected.length;
      int bits = PackedOffsets.bits(expected, count);
      int base = PackedOffsets.base(expected, count, bits);
      Memory.fill(packed, MOST * 4 + 16, MARK);
      Memory.fill(entries, MOST * 8, MARK);
      PackedOffsets.pack(expected, count, bits, base, packed);
      assertEquals(MARK, Memory.getByte(packed + PackedOffsets.bytes(count, bits)), "seed " + seed);
      PackedOffsets.unpackLowers(packed, count, bits, base, entries);
      for (int i = 0; i < count; i++) {
        assertEquals(expected[i], Memory.getInt(entries + i * 8L), "seed " + seed);
        assertEquals(MARK * 0x01010101, Memory.getInt(entries + i * 8L + 4), "seed " + seed);
      }
    }
  }

  private void ensure(int bits, int base, int... numbers) {
    assertEquals(bits, PackedOffsets.bits(numbers, numbers.length));
    assertEquals(base, PackedOffsets.base(numbers, numbers.length, bits));
  }

  @Test
  void bitsAreThoseOfTheFarthestFromTheLine() {
    ensure(0, 70, 70);
    ensure(0, 70, 70, 71, 72, 73);
    ensure(2, 70, 70, 71, 74, 73);
    ensure(2, -2, 0, 0, 0);
    ensure(0, -1, -1);
    ensure(31, 0, 0, Integer.MAX_VALUE);
    ensure(32, 0, 5, -1);
    assertEquals(0, PackedOffsets.bytes(128, 0));
    assertEquals(2, PackedOffsets.bytes(9, 1));
  }

  @Test
  void upperHalvesComeBackBesideThem() {
    long packed = scratch.allocate(64);
    long entries = scratch.allocate(64);
    int[] uppers = {3, 3, 200, 1000};
    int bits = PackedInts.bits(uppers, 4);
    PackedInts.pack(uppers, 4, bits, packed);
    Memory.fill(entries, 64, MARK);
    assertEquals(1000, PackedInts.unpackUppers(packed, 4, bits, 3, entries));
    for (int i = 0; i < 4; i++) {
      assertEquals(uppers[i], Memory.getInt(entries + i * 8L + 4));
      assertEquals(MARK * 0x01010101, Memory.getInt(entries + i * 8L));
    }
  }
}
