package dev.quarry.storage.memory;

import java.lang.foreign.MemorySegment;

/// Unsigned 4-byte numbers as offsets of a fixed number of bits from a line that rises by one a
/// number: number `i` is `base + i + offset i`, modulo 2^32. So numbers one after the other take no
/// bits, and others as many as say how far they are apart.
///
/// ```text
/// 70, 71, 74, 73      base 70, bits = 2     byte 0
///                                           ┌───┬───┬───┬───┐
///                                           │ 0 │ 0 │ 2 │ 0 │
///                                           └───┴───┴───┴───┘
/// ```
///
/// The lowest bits come first. An offset is read as a part of the 8 bytes that begin where it
/// begins, as in [PackedInts], so [PackedInts#READ_AHEAD] bytes behind the last one must be there.
///
/// Threads: any.
public final class PackedOffsets {
  private static final int MOST_BITS = 32;

  private PackedOffsets() {}

  /// Bits that hold each offset: 0 to 32.
  public static int bits(int[] numbers, int count) {
    long least = Long.MAX_VALUE;
    long most = Long.MIN_VALUE;
    for (int i = 0; i < count; i++) {
      long above = (numbers[i] & 0xFFFFFFFFL) - i;
      least = Math.min(least, above);
      most = Math.max(most, above);
    }
    return Math.min(MOST_BITS, Long.SIZE - Long.numberOfLeadingZeros(most - least));
  }

  /// Where the line begins: at the least that any number is above its index. Offsets of 32 bits
  /// reach all numbers from 0.
  ///
  /// @param bits those that [#bits] says
  public static int base(int[] numbers, int count, int bits) {
    if (bits == MOST_BITS) {
      return 0;
    }
    long least = Long.MAX_VALUE;
    for (int i = 0; i < count; i++) {
      least = Math.min(least, (numbers[i] & 0xFFFFFFFFL) - i);
    }
    return (int) least;
  }

  /// Bytes that the offsets of so many numbers take.
  public static int bytes(int count, int bits) {
    return count * bits + 7 >>> 3;
  }

  /// Writes the offsets of numbers, and no byte behind them.
  public static void pack(int[] numbers, int count, int bits, int base, long to) {
    BitWriter out = new BitWriter(to);
    for (int i = 0; i < count; i++) {
      out.put(numbers[i] - i - base & 0xFFFFFFFFL, bits);
    }
    out.finish();
  }

  /// Reads numbers into the lower halves of entries of 8 bytes.
  ///
  /// @param from address of their offsets
  /// @param count of the numbers
  /// @param bits at most 32
  /// @param to address of the entries
  public static void unpackLowers(long from, int count, int bits, int base, long to) {
    assert bits >= 0 && bits <= MOST_BITS : bits;
    Memory.check(from, bytes(count, bits) + PackedInts.READ_AHEAD);
    Memory.check(to, count * 8L);
    MemorySegment source = Memory.segment(from);
    MemorySegment target = Memory.segment(to);
    long at = Memory.offset(from);
    long entries = Memory.offset(to);
    long mask = (1L << bits) - 1;
    int bit = 0;
    for (int i = 0; i < count; i++) {
      long offset = source.get(Memory.LONG, at + (bit >>> 3)) >>> (bit & 7) & mask;
      target.set(Memory.INT, entries + i * 8L, base + i + (int) offset);
      bit += bits;
    }
  }
}
