package dev.quarry.storage.memory;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.function.IntPredicate;

/// Which records of a block are chosen, and loops over their cells of one column.
///
/// A record has a mark, all ones if it is chosen and zero if not. So a loop does the same for each
/// record, without a branch, and C2 makes vector instructions of it:
///
/// ```text
/// cells    ┌──────┬──────┬──────┬──────┐
///          │  17  │  42  │   5  │  99  │       keepIn(10, 50)
///          └──────┴──────┴──────┴──────┘
/// marks    ┌──────┬──────┬──────┬──────┐      ┌──────┬──────┬──────┬──────┐
///          │  -1  │   0  │  -1  │  -1  │  =>  │  -1  │   0  │   0  │   0  │
///          └──────┴──────┴──────┴──────┘      └──────┴──────┴──────┴──────┘
/// ```
///
/// Cells have 8 bytes and lie in pieces of as many each, whose addresses the caller knows. A block
/// has at most [#MOST] records, so that marks and cells stay in the second cache and nobody waits
/// long for a loop to end. Marks take 32 KiB of the Java heap once a block was begun. Used by one
/// thread at a time.
public final class Selection {
  /// The most records of a block.
  public static final int MOST = 4096;

  /// A truth that nobody knows yet.
  public static final byte ASK = 1;

  private long[] marks = {};
  private long[] found = {};
  private int size;
  private int chosen;
  private boolean all;

  /// Chooses the records whose bit is set.
  ///
  /// @param bits one for each record, 64 to a word; those from `size` on are zero
  /// @param newSize records of the block
  public void begin(long[] bits, int newSize) {
    assert newSize <= MOST : newSize;
    ensureMarks();
    size = newSize;
    chosen = 0;
    for (int i = 0; i < words(size); i++) {
      chosen += Long.bitCount(bits[i]);
    }
    all = chosen == size;
    if (!all) {
      Arrays.fill(marks, 0, size, -1);
      dropWhereClear(bits);
    }
  }

  /// Chooses what another selection of the same block has chosen.
  public void begin(Selection other) {
    ensureMarks();
    size = other.size;
    chosen = other.chosen;
    all = other.all;
    if (!all) {
      System.arraycopy(other.marks, 0, marks, 0, size);
    }
  }

  private void ensureMarks() {
    if (marks.length == 0) {
      marks = new long[MOST];
    }
  }

  private void dropWhereClear(long[] bits) {
    for (int i = 0; i < words(size); i++) {
      int from = i << 6;
      if (bits[i] == 0) {
        Arrays.fill(marks, from, Math.min(from + 64, size), 0);
        continue;
      }
      for (long clear = ~bits[i]; clear != 0; clear &= clear - 1) {
        marks[from + Long.numberOfTrailingZeros(clear) & MOST - 1] = 0;
      }
    }
  }

  /// Words that have a bit for each of some records.
  public static int words(int records) {
    return records + 63 >>> 6;
  }

  /// How many records are chosen.
  public int count() {
    return chosen;
  }

  /// Records of the block.
  public int size() {
    return size;
  }

  /// Drops records whose bit is set.
  public void drop(long[] bits) {
    write();
    for (int i = 0; i < words(size); i++) {
      for (long set = bits[i]; set != 0; set &= set - 1) {
        int record = (i << 6) + Long.numberOfTrailingZeros(set);
        if (record < size) {
          chosen += (int) marks[record];
          marks[record] = 0;
        }
      }
    }
  }

  /// Keeps records whose value is in one of some ranges, both ends included.
  ///
  /// @param ends low and high end of each range, in turn
  public void keepIn(long[] pieces, int perPiece, long[] ends) {
    if (ends.length != 2) {
      keepInAny(pieces, perPiece, ends);
      return;
    }
    long kept = 0;
    for (int from = 0, count; from < size; from += count) {
      long cells = pieces[from / perPiece];
      count = run(pieces, perPiece, from, size);
      kept +=
          all
              ? chooseIn(from, count, cells, ends[0], ends[1])
              : keepIn(from, count, cells, ends[0], ends[1]);
    }
    chosen = (int) kept;
    all = false;
  }

  /// All ones if one number is greater than another, both unsigned; else zero.
  private static long above(long a, long b) {
    return (a & ~b | ~(a ^ b) & b - a) >> 63;
  }

  /// Adds the integers of those records, out of all of a block, whose value in another column, or
  /// the same, lies in a range: [#keepIn] and [#addIntegers] in one pass, without marks, so that
  /// both columns stream from memory side by side.
  ///
  /// @param sums as in [#addIntegers]; the third element counts the records
  public static void addIntegersIn(
      long[] tested, long low, long high, long[] added, int perPiece, int size, long[] sums) {
    for (int from = 0, count; from < size; from += count) {
      count = Math.min(run(tested, perPiece, from, size), run(added, perPiece, from, size));
      int piece = from / perPiece;
      addIntegersIn(count, tested[piece], low, high, added[piece], sums);
    }
  }

  private static void addIntegersIn(
      int count, long tested, long low, long high, long added, long[] sums) {
    Memory.check(tested, count * 8L);
    Memory.check(added, count * 8L);
    MemorySegment testedSegment = Memory.segment(tested);
    MemorySegment addedSegment = Memory.segment(added);
    long testedAt = Memory.offset(tested);
    long addedAt = Memory.offset(added);
    long width = high - low;
    long sum = 0;
    long highSum = 0;
    long kept = 0;
    for (int i = 0; i < count; i++) {
      long distance = testedSegment.get(Memory.LONG, testedAt + i * 8L) - low;
      long mark = ~above(distance, width);
      long value = addedSegment.get(Memory.LONG, addedAt + i * 8L) & mark;
      sum += value;
      highSum += value >> 32;
      kept += mark;
    }
    sums[0] += sum - (highSum << 32);
    sums[1] += highSum;
    sums[2] -= kept;
  }

  /// How many cells from one on lie behind each other: those of pieces that do count as one.
  private static int run(long[] pieces, int perPiece, int from, int size) {
    int piece = from / perPiece;
    int end = from + perPiece;
    while (end < size && pieces[piece + 1] == pieces[piece] + perPiece * 8L) {
      piece++;
      end += perPiece;
    }
    return Math.min(end, size) - from;
  }

  private long keepIn(int from, int count, long cells, long low, long high) {
    Memory.check(cells, count * 8L);
    MemorySegment segment = Memory.segment(cells);
    long at = Memory.offset(cells);
    long width = high - low;
    long kept = 0;
    for (int i = 0; i < count; i++) {
      long distance = segment.get(Memory.LONG, at + i * 8L) - low;
      long mark = marks[from + i] & ~above(distance, width);
      marks[from + i] = mark;
      kept += mark;
    }
    return -kept;
  }

  /// The same where all are chosen, so that marks are written but not read.
  private long chooseIn(int from, int count, long cells, long low, long high) {
    Memory.check(cells, count * 8L);
    MemorySegment segment = Memory.segment(cells);
    long at = Memory.offset(cells);
    long width = high - low;
    long kept = 0;
    for (int i = 0; i < count; i++) {
      long distance = segment.get(Memory.LONG, at + i * 8L) - low;
      long mark = ~above(distance, width);
      marks[from + i] = mark;
      kept += mark;
    }
    return -kept;
  }

  private void keepInAny(long[] pieces, int perPiece, long[] ends) {
    write();
    if (found.length == 0) {
      found = new long[MOST];
    }
    Arrays.fill(found, 0, size, 0);
    for (int range = 0; range < ends.length; range += 2) {
      for (int from = 0, count; from < size; from += count) {
        count = run(pieces, perPiece, from, size);
        findIn(from, count, pieces[from / perPiece], ends[range], ends[range + 1]);
      }
    }
    keepFound();
  }

  private void findIn(int from, int count, long cells, long low, long high) {
    Memory.check(cells, count * 8L);
    MemorySegment segment = Memory.segment(cells);
    long at = Memory.offset(cells);
    long width = high - low;
    for (int i = 0; i < count; i++) {
      long distance = segment.get(Memory.LONG, at + i * 8L) - low;
      found[from + i] |= ~above(distance, width);
    }
  }

  private void keepFound() {
    long kept = 0;
    for (int i = 0; i < size; i++) {
      long mark = marks[i] & found[i];
      marks[i] = mark;
      kept += mark;
    }
    chosen = (int) -kept;
  }

  /// Keeps records by their codes, of 2 bytes each.
  ///
  /// @param truths by code: -1 to keep a record, 0 to drop it, [#ASK] to ask
  /// @param asked about such a record
  public void keepByCodes(long[] pieces, int perPiece, byte[] truths, IntPredicate asked) {
    write();
    long kept = 0;
    long keptOrAsked = 0;
    for (int from = 0; from < size; from += perPiece) {
      int count = Math.min(perPiece, size - from);
      keptOrAsked += markByCodes(from, count, pieces[from / perPiece], truths);
    }
    for (int i = 0; i < size; i++) {
      kept -= marks[i] >> 63;
    }
    chosen = (int) kept;
    for (int i = 0; kept < keptOrAsked && i < size; i++) {
      if (marks[i] == ASK) {
        keep(i, asked);
        kept++;
      }
    }
  }

  /// @return records whose mark is not 0 afterwards
  private long markByCodes(int from, int count, long codes, byte[] truths) {
    Memory.check(codes, count * 2L);
    MemorySegment segment = Memory.segment(codes);
    long at = Memory.offset(codes);
    long any = 0;
    for (int i = 0; i < count; i++) {
      int code = segment.get(Memory.SHORT, at + i * 2L) & 0xFFFF;
      long mark = marks[from + i] & truths[code];
      marks[from + i] = mark;
      any += mark & 1;
    }
    return any;
  }

  /// Keeps chosen records that count.
  public void keep(Weights weights) {
    write();
    long kept = 0;
    for (int i = 0; i < size; i++) {
      long number = weights.number(i);
      long mark = marks[i] & (number | -number) >> 63;
      marks[i] = mark;
      kept += mark;
    }
    chosen = (int) -kept;
  }

  /// Sets the numbers of records that are not chosen to zero.
  ///
  /// @return false if all are chosen
  boolean mask(long[] numbers) {
    if (all) {
      return false;
    }
    for (int i = 0; i < size; i++) {
      numbers[i] &= marks[i];
    }
    return true;
  }

  /// Keeps chosen records for which a condition is true.
  public void keepIf(IntPredicate condition) {
    write();
    chosen = 0;
    for (int i = 0; i < size; i++) {
      if (marks[i] != 0) {
        keep(i, condition);
      }
    }
  }

  private void keep(int record, IntPredicate condition) {
    boolean holds = condition.test(record);
    marks[record] = holds ? -1 : 0;
    chosen += holds ? 1 : 0;
  }

  /// Adds the integers of chosen records.
  ///
  /// @param halves the sum of their low halves, taken as unsigned, is added to the first element,
  ///   that of their high halves to the second: the sum is `halves[0] + 2^32 * halves[1]`
  public void addIntegers(long[] pieces, int perPiece, long[] halves) {
    write();
    for (int from = 0, count; from < size; from += count) {
      count = run(pieces, perPiece, from, size);
      addIntegers(from, count, pieces[from / perPiece], halves);
    }
  }

  private void addIntegers(int from, int count, long cells, long[] halves) {
    Memory.check(cells, count * 8L);
    MemorySegment segment = Memory.segment(cells);
    long at = Memory.offset(cells);
    long sum = 0; // modulo 2^64, which is enough to know that of the low halves
    long high = 0;
    for (int i = 0; i < count; i++) {
      long value = segment.get(Memory.LONG, at + i * 8L) & marks[from + i];
      sum += value;
      high += value >> 32;
    }
    halves[0] += sum - (high << 32);
    halves[1] += high;
  }

  /// Adds the floats of chosen records to a sum, one after the other, as their order matters.
  ///
  /// What is not chosen counts as 0.0, which changes no sum but -0.0.
  ///
  /// @param sum is not -0.0
  public double addFloats(long[] pieces, int perPiece, double sum) {
    write();
    double total = sum;
    for (int from = 0, count; from < size; from += count) {
      count = run(pieces, perPiece, from, size);
      total = addFloats(from, count, pieces[from / perPiece], total);
    }
    return total;
  }

  private double addFloats(int from, int count, long cells, double sum) {
    Memory.check(cells, count * 8L);
    MemorySegment segment = Memory.segment(cells);
    long at = Memory.offset(cells);
    double total = sum;
    for (int i = 0; i < count; i++) {
      total += Double.longBitsToDouble(segment.get(Memory.LONG, at + i * 8L) & marks[from + i]);
    }
    return total;
  }

  /// The chosen record with the least or the greatest value, the first of several; -1 if none is
  /// chosen. NaN is the greatest of floats, -0.0 is 0.0.
  public int extreme(long[] pieces, int perPiece, boolean floats, boolean greatest) {
    write();
    int best = -1;
    long bestCell = 0;
    for (int from = 0, count; chosen > 0 && from < size; from += count) {
      count = run(pieces, perPiece, from, size);
      int found =
          floats
              ? extremeFloat(from, count, pieces[from / perPiece], greatest, best, bestCell)
              : extremeInteger(from, count, pieces[from / perPiece], greatest, best, bestCell);
      if (found != best) {
        best = found;
        bestCell = Memory.getLong(pieces[from / perPiece] + (best - from) * 8L);
      }
    }
    return best;
  }

  private int extremeInteger(
      int from, int count, long cells, boolean greatest, int best, long bestCell) {
    Memory.check(cells, count * 8L);
    MemorySegment segment = Memory.segment(cells);
    long at = Memory.offset(cells);
    long turn = greatest ? -1 : 0; // ~a < ~b where a > b
    int found = best;
    long least = best < 0 ? Long.MAX_VALUE : bestCell ^ turn;
    for (int i = 0; i < count; i++) {
      long value = segment.get(Memory.LONG, at + i * 8L) ^ turn;
      if (value <= least && marks[from + i] != 0 && (value < least || found < 0)) {
        least = value;
        found = from + i;
      }
    }
    return found;
  }

  private int extremeFloat(
      int from, int count, long cells, boolean greatest, int best, long bestCell) {
    Memory.check(cells, count * 8L);
    MemorySegment segment = Memory.segment(cells);
    long at = Memory.offset(cells);
    int found = best;
    double most = Double.longBitsToDouble(bestCell);
    for (int i = 0; i < count; i++) {
      double value = Double.longBitsToDouble(segment.get(Memory.LONG, at + i * 8L));
      if (marks[from + i] != 0
          && (found < 0 || (greatest ? isLess(most, value) : isLess(value, most)))) {
        most = value;
        found = from + i;
      }
    }
    return found;
  }

  private static boolean isLess(double a, double b) {
    return a < b || b != b && a == a;
  }

  /// Writes the numbers of chosen records, in order, each added to a number.
  ///
  /// @param from the record to begin with
  /// @param most how many at most
  /// @return how many
  public int take(int from, long base, long[] into, int most) {
    write();
    int count = 0;
    for (int record = from; count < most && record < size; record++) {
      into[count] = base + record;
      count += (int) marks[record] & 1;
    }
    return count;
  }

  /// Writes the marks of a block of which all records are chosen.
  private void write() {
    if (all) {
      Arrays.fill(marks, 0, size, -1);
      all = false;
    }
  }
}
