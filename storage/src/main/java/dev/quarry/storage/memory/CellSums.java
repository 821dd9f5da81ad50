package dev.quarry.storage.memory;

import java.lang.foreign.MemorySegment;

/// Loops over integers of 8 bytes that lie one behind the other: their sums, and those of their
/// products with others. None looks whether a sum fits; [#magnitude] tells ahead.
public final class CellSums {
  private CellSums() {}

  /// A number with at least as many bits as any of some integers, of negative ones their
  /// complement: each is from `-magnitude - 1` to `magnitude`.
  public static long magnitude(long cells, int count) {
    Memory.check(cells, count * 8L);
    MemorySegment values = Memory.segment(cells);
    long at = Memory.offset(cells);
    long bits = 0;
    for (int i = 0; i < count; i++) {
      long value = values.get(Memory.LONG, at + i * 8L);
      bits |= value ^ value >> 63;
    }
    return bits;
  }

  /// The sum of some integers, modulo 2^64.
  public static long sum(long cells, int count) {
    Memory.check(cells, count * 8L);
    MemorySegment values = Memory.segment(cells);
    long at = Memory.offset(cells);
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += values.get(Memory.LONG, at + i * 8L);
    }
    return sum;
  }

  /// The sum of the products of some integers with as many others, modulo 2^64.
  public static long sumProducts(long cells, long factors, int count) {
    Memory.check(cells, count * 8L);
    Memory.check(factors, count * 8L);
    MemorySegment values = Memory.segment(cells);
    MemorySegment others = Memory.segment(factors);
    long at = Memory.offset(cells);
    long other = Memory.offset(factors);
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += values.get(Memory.LONG, at + i * 8L) * others.get(Memory.LONG, other + i * 8L);
    }
    return sum;
  }

  /// Adds the differences between unsigned numbers of 4 bytes and those before them to some sums.
  ///
  /// @param before the number before the first
  /// @param from place of the first sum
  /// @return whether no number is less than the one before it; if not, no sum is right
  public static boolean addDifferences(
      long numbers, long before, int count, long[] sums, int from) {
    if (count == 0) {
      return true;
    }
    Memory.check(numbers, count * 4L);
    MemorySegment ends = Memory.segment(numbers);
    long at = Memory.offset(numbers);
    long first = (ends.get(ListLoops.INT, at) & 0xFFFFFFFFL) - before;
    sums[from] += first;
    long all = first;
    for (int i = 1; i < count; i++) {
      long end = ends.get(ListLoops.INT, at + i * 4L) & 0xFFFFFFFFL;
      long difference = end - (ends.get(ListLoops.INT, at + i * 4L - 4) & 0xFFFFFFFFL);
      sums[from + i] += difference;
      all |= difference;
    }
    return all >= 0;
  }
}
