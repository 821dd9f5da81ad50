package dev.quarry.storage.memory;

import java.util.Arrays;

/// How often each record of a block counts, and sums over their cells of one column, each cell
/// taken as often as its record counts.
///
/// ```text
/// factors  ┌──────┬──────┬──────┬──────┐
///          │   2  │   0  │   1  │   4  │       how many relationships lead to a node
///          └──────┴──────┴──────┴──────┘
/// numbers  ┌──────┬──────┬──────┬──────┐
///          │   6  │   0  │   1  │   8  │       times how many leave it, and so on
///          └──────┴──────┴──────┴──────┘
/// cells    ┌──────┬──────┬──────┬──────┐
///          │  17  │  42  │   5  │  99  │       addProducts: 6 · 17 + 1 · 5 + 8 · 99
///          └──────┴──────┴──────┴──────┘
/// ```
///
/// A loop does the same for each record, without a branch, and C2 makes vector instructions of it,
/// but for floats, whose order matters. Blocks and cells are those of [Selection]. Numbers take 32
/// KiB of the Java heap, and as much again once there are two factors. Used by one thread at a
/// time.
public final class Weights {
  /// Bits of what a sum may be at most.
  private static final int MOST_BITS = 63;

  private static final long[] NONE = {};

  private long[] numbers = NONE;
  private long[] factors = NONE;
  private long[] cells = NONE;
  private int size;
  private int bits; // of the sum of all, at most
  private long total;
  private boolean begun;

  /// Begins with a block, each record of which counts once.
  public void begin(int newSize) {
    assert newSize <= Selection.MOST : newSize;
    numbers = room(numbers, newSize);
    size = newSize;
    begun = false;
  }

  /// Takes over the numbers of others, but for records whose bit is set, which do not count.
  public void begin(Weights others, long[] without) {
    numbers = room(numbers, others.size);
    size = others.size;
    bits = others.bits;
    begun = true;
    System.arraycopy(others.numbers, 0, numbers, 0, size);
    total = others.total;
    for (int i = 0; i < Selection.words(size); i++) {
      for (long set = without[i]; set != 0; set &= set - 1) {
        int record = (i << 6) + Long.numberOfTrailingZeros(set);
        total -= numbers[record];
        numbers[record] = 0;
      }
    }
  }

  private static long[] room(long[] array, int count) {
    return array.length < count ? new long[count] : array;
  }

  /// Zeros, to which the next factor of each record is to be added; then call [#multiply()].
  public long[] factors() {
    factors = begun ? room(factors, size) : factors;
    long[] next = begun ? factors : numbers;
    Arrays.fill(next, 0, size, 0);
    return next;
  }

  /// Multiplies by the factors, none of which is negative.
  ///
  /// @return false if the sum of all may become too large; then no number is right any more
  public boolean multiply() {
    if (!begun) {
      begun = true;
      total = sumOfAll();
      bits = bits(total);
      return bits <= MOST_BITS;
    }
    long all = 0;
    long products = 0;
    for (int i = 0; i < size; i++) {
      long factor = factors[i];
      all |= factor;
      long product = numbers[i] * factor;
      numbers[i] = product;
      products += product;
    }
    total = products;
    boolean fits = bits + bits(all) <= MOST_BITS;
    bits = bits(total);
    return fits;
  }

  private static int bits(long number) {
    return Long.SIZE - Long.numberOfLeadingZeros(number);
  }

  /// Records that are not chosen do not count.
  public void keep(Selection selection) {
    if (selection.mask(numbers)) {
      total = sumOfAll();
    }
  }

  private long sumOfAll() {
    long sum = 0;
    for (int i = 0; i < size; i++) {
      sum += numbers[i];
    }
    return sum;
  }

  /// How often the record counts.
  long number(int record) {
    return numbers[record];
  }

  /// How often all records count together.
  public long sum() {
    return total;
  }

  /// Adds integers.
  ///
  /// @param halves the two halves of an integer of 128 bits that the sum is added to, the lower one
  ///   first
  public void addProducts(long[] pieces, int perPiece, long[] halves) {
    copy(pieces, perPiece);
    long products = 0;
    long magnitude = 0;
    for (int i = 0; i < size; i++) {
      long value = cells[i];
      magnitude |= value ^ value >> 63;
      products += value * numbers[i];
    }
    if (bits + bits(magnitude) <= MOST_BITS) {
      add(products, products >> 63, halves);
      return;
    }
    for (int i = 0; i < size; i++) {
      add(cells[i] * numbers[i], Math.multiplyHigh(cells[i], numbers[i]), halves);
    }
  }

  private static void add(long low, long high, long[] halves) {
    long sum = halves[0] + low;
    boolean carries = Long.compareUnsigned(sum, low) < 0;
    halves[0] = sum;
    halves[1] += high + (carries ? 1 : 0);
  }

  /// Adds floats to a sum, one product after the other. What does not count is passed over, as 0
  /// times infinity would not be 0.
  public double addFloats(long[] pieces, int perPiece, double before) {
    copy(pieces, perPiece);
    double total = before;
    for (int i = 0; i < size; i++) {
      if (numbers[i] != 0) {
        total += Double.longBitsToDouble(cells[i]) * numbers[i];
      }
    }
    return total;
  }

  /// Copies cells to the heap: the loops over arrays become vector instructions, which with
  /// segments they do not.
  private void copy(long[] pieces, int perPiece) {
    cells = room(cells, size);
    for (int from = 0; from < size; from += perPiece) {
      Memory.getLongs(pieces[from / perPiece], cells, from, Math.min(perPiece, size - from));
    }
  }
}
