package dev.quarry.storage.memory;

import java.util.Arrays;

/// Sorts records in native memory by their first 8 bytes, unsigned: stable, from the lowest digit,
/// passing over bits in which all keys agree. Threads: any, each with records of its own.
public final class RadixSort {
  private static final int DIGIT_BITS = 11;
  private static final int DIGITS = 1 << DIGIT_BITS;
  private static final int FEW = 48;

  private RadixSort() {}

  /// Sorts by all of the key.
  ///
  /// @param spare as large as the records; its contents are lost
  /// @param recordBytes 8 or 16
  /// @return where the sorted records are: `records` or `spare`
  public static long sort(long records, long spare, long count, int recordBytes) {
    return sort(records, spare, count, recordBytes, 0);
  }

  /// Sorts by the bits of the key from one on; records that agree in them keep their order.
  ///
  /// @param lowestBit 0 to 63
  public static long sort(long records, long spare, long count, int recordBytes, int lowestBit) {
    if (count <= FEW) {
      insert(records, (int) count, recordBytes, lowestBit);
      return records;
    }
    long all = -1;
    long any = 0;
    for (long i = 0; i < count; i++) {
      long key = Memory.getLong(records + i * recordBytes);
      all &= key;
      any |= key;
    }
    long differing = (any & ~all) >>> lowestBit << lowestBit;
    long from = records;
    long to = spare;
    long[] starts = new long[DIGITS];
    while (differing != 0) {
      int shift = Long.numberOfTrailingZeros(differing);
      differing &= ~((DIGITS - 1L) << shift);
      pass(from, to, count, recordBytes, shift, starts);
      long swap = from;
      from = to;
      to = swap;
    }
    return from;
  }

  /// Sorts words of an array by their bits from one on; words that agree in them keep their order.
  ///
  /// @param spare as long as the words; its contents are lost
  /// @return where the sorted words are: `words` or `spare`
  public static long[] sort(long[] words, long[] spare, int count, int lowestBit) {
    long all = -1;
    long any = 0;
    for (int i = 0; i < count; i++) {
      all &= words[i];
      any |= words[i];
    }
    long differing = (any & ~all) >>> lowestBit << lowestBit;
    long[] from = words;
    long[] to = spare;
    int[] starts = new int[DIGITS];
    while (count > 1 && differing != 0) {
      int shift = Long.numberOfTrailingZeros(differing);
      differing &= ~((DIGITS - 1L) << shift);
      pass(from, to, count, shift, starts);
      long[] swap = from;
      from = to;
      to = swap;
    }
    return from;
  }

  private static void pass(long[] from, long[] to, int count, int shift, int[] starts) {
    Arrays.fill(starts, 0);
    for (int i = 0; i < count; i++) {
      starts[(int) (from[i] >>> shift) & DIGITS - 1]++;
    }
    int sum = 0;
    for (int d = 0; d < DIGITS; d++) {
      int here = starts[d];
      starts[d] = sum;
      sum += here;
    }
    for (int i = 0; i < count; i++) {
      to[starts[(int) (from[i] >>> shift) & DIGITS - 1]++] = from[i];
    }
  }

  /// Sorts a few records in place, by insertion.
  private static void insert(long records, int count, int recordBytes, int lowestBit) {
    for (int i = 1; i < count; i++) {
      long from = records + (long) i * recordBytes;
      long key = Memory.getLong(from);
      long more = recordBytes == 16 ? Memory.getLong(from + 8) : 0;
      long at = from;
      while (at > records
          && Long.compareUnsigned(Memory.getLong(at - recordBytes) >>> lowestBit, key >>> lowestBit)
              > 0) {
        Memory.copy(at - recordBytes, at, recordBytes);
        at -= recordBytes;
      }
      Memory.putLong(at, key);
      if (recordBytes == 16) {
        Memory.putLong(at + 8, more);
      }
    }
  }

  private static void pass(
      long from, long to, long count, int recordBytes, int shift, long[] starts) {
    Arrays.fill(starts, 0);
    for (long i = 0; i < count; i++) {
      starts[(int) (Memory.getLong(from + i * recordBytes) >>> shift) & DIGITS - 1]++;
    }
    long sum = 0;
    for (int d = 0; d < DIGITS; d++) {
      long here = starts[d];
      starts[d] = sum;
      sum += here;
    }
    for (long i = 0; i < count; i++) {
      long at = from + i * recordBytes;
      long key = Memory.getLong(at);
      long target = to + starts[(int) (key >>> shift) & DIGITS - 1]++ * recordBytes;
      Memory.putLong(target, key);
      if (recordBytes == 16) {
        Memory.putLong(target + 8, Memory.getLong(at + 8));
      }
    }
  }
}
