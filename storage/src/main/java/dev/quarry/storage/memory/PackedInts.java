package dev.quarry.storage.memory;

import java.lang.foreign.MemorySegment;

/// Ascending unsigned 4-byte numbers as differences of a fixed number of bits: the first number is
/// the caller's to keep, and a difference of `bits` bits follows for each of the others, the lowest
/// bits first.
///
/// ```text
/// bits = 5     byte 0                  1                       2
///              ┌───────────────┬───────┴───────┬───────────────┴─ ─
///              │ difference 1  │ difference 2  │ difference 3  …
///              └───────────────┴───────────────┴─ ─
/// ```
///
/// A difference is read as a part of the 8 bytes that begin where it begins, so [#READ_AHEAD] bytes
/// behind the last one must be there too; what they hold does not matter. Binary packing after D.
/// Lemire and L. Boytsov, "Decoding billions of integers per second through vectorization", 2015.
///
/// Threads: any.
public final class PackedInts {
  /// Bytes behind the differences that may be read with them.
  public static final int READ_AHEAD = 7;

  private PackedInts() {}

  /// Bits that hold each difference of numbers that ascend: 0 to 32.
  public static int bits(int[] numbers, int count) {
    int all = 0;
    for (int i = 1; i < count; i++) {
      all |= numbers[i] - numbers[i - 1];
    }
    return 32 - Integer.numberOfLeadingZeros(all);
  }

  /// Bytes that the differences of so many numbers take.
  public static int bytes(int count, int bits) {
    return (count - 1) * bits + 7 >>> 3;
  }

  /// Writes the differences of numbers that ascend, and no byte behind them.
  ///
  /// @param bits at least those that [#bits] says
  public static void pack(int[] numbers, int count, int bits, long to) {
    BitWriter out = new BitWriter(to);
    for (int i = 1; i < count; i++) {
      out.put(numbers[i] - numbers[i - 1] & 0xFFFFFFFFL, bits);
    }
    out.finish();
  }

  /// Reads numbers.
  ///
  /// @param from address of their differences
  /// @param count of the numbers, at least 1
  /// @param bits at most 32
  /// @param to address of 4 bytes for each number
  /// @return the last number; not below 2^32 only where the differences are no sound ones
  public static long unpack(long from, int count, int bits, int first, long to) {
    assert count >= 1 : count;
    assert bits >= 0 && bits <= 32 : bits;
    Memory.check(from, count == 1 ? 0 : bytes(count, bits) + READ_AHEAD);
    Memory.check(to, count * 4L);
    MemorySegment source = Memory.segment(from);
    MemorySegment target = Memory.segment(to);
    long at = Memory.offset(from);
    long base = Memory.offset(to);
    long mask = (1L << bits) - 1;
    long number = first & 0xFFFFFFFFL;
    int bit = 0;
    target.set(Memory.INT, base, first);
    for (int i = 1; i < count; i++) {
      number += source.get(Memory.LONG, at + (bit >>> 3)) >>> (bit & 7) & mask;
      target.set(Memory.INT, base + i * 4L, (int) number);
      bit += bits;
    }
    return number;
  }

  /// Reads numbers, as [#unpack] does, into the upper halves of entries of 8 bytes.
  ///
  /// @param to address of the entries
  /// @return as [#unpack]
  public static long unpackUppers(long from, int count, int bits, int first, long to) {
    assert count >= 1 : count;
    assert bits >= 0 && bits <= 32 : bits;
    Memory.check(from, count == 1 ? 0 : bytes(count, bits) + READ_AHEAD);
    Memory.check(to, count * 8L);
    MemorySegment source = Memory.segment(from);
    MemorySegment target = Memory.segment(to);
    long at = Memory.offset(from);
    long uppers = Memory.offset(to) + 4;
    long mask = (1L << bits) - 1;
    long number = first & 0xFFFFFFFFL;
    int bit = 0;
    target.set(Memory.INT, uppers, first);
    for (int i = 1; i < count; i++) {
      number += source.get(Memory.LONG, at + (bit >>> 3)) >>> (bit & 7) & mask;
      target.set(Memory.INT, uppers + i * 8L, (int) number);
      bit += bits;
    }
    return number;
  }
}
