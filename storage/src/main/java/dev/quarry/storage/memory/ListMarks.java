package dev.quarry.storage.memory;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/// Loops over a list of numbers that note which of them were met, or how often: sets, votes and
/// intersections. Lists, limits and forged numbers are as in [ListLoops].
///
/// *Pairs* are lists of another kind, made by [#collect]: `number << 1`, and a low bit that says
/// whether the number was met both ways. Threads: any, each with marks of its own.
public final class ListMarks {
  private static final VarHandle LONG_CELL = ValueLayout.JAVA_LONG.varHandle();

  private ListMarks() {}

  /// Sets the bits that a list names.
  ///
  /// @return how many of them were not set before
  public static int mark(long list, int count, long limit, long bits) {
    ListLoops.checkList(list, count);
    ListLoops.checkBits(bits, limit);
    MemorySegment numbers = Memory.segment(list);
    MemorySegment words = Memory.segment(bits);
    long at = Memory.offset(list);
    long base = Memory.offset(bits);
    int set = 0;
    for (int i = 0; i < count; i++) {
      long number = ListLoops.number(numbers, at + i * 4L, limit);
      long word = base + (number >>> 6) * 8;
      long before = words.get(Memory.LONG, word);
      set += (int) (~before >>> number) & 1;
      words.set(Memory.LONG, word, before | 1L << number);
    }
    return set;
  }

  /// The same, and notes the numbers whose bits were not set before.
  ///
  /// @param first is added to a number when it is noted
  /// @param into address of 4 bytes for each number of the list
  public static int markAndNote(long list, int count, long limit, long bits, int first, long into) {
    ListLoops.checkList(list, count);
    ListLoops.checkBits(bits, limit);
    Memory.check(into, count * 4L);
    MemorySegment numbers = Memory.segment(list);
    MemorySegment words = Memory.segment(bits);
    MemorySegment noted = Memory.segment(into);
    long at = Memory.offset(list);
    long base = Memory.offset(bits);
    long to = Memory.offset(into);
    int set = 0;
    for (int i = 0; i < count; i++) {
      long number = ListLoops.number(numbers, at + i * 4L, limit);
      long word = base + (number >>> 6) * 8;
      long before = words.get(Memory.LONG, word);
      if ((before >>> number & 1) == 0) {
        words.set(Memory.LONG, word, before | 1L << number);
        noted.set(ListLoops.INT, to + set++ * 4L, first + (int) number);
      }
    }
    return set;
  }

  /// The same, and writes the numbers whose bits were not set before to an array.
  ///
  /// @param base is added to a number when it is written
  /// @param into has room for all numbers of the list
  /// @param from where the first one goes
  /// @return how many of them were not set before
  public static int markAndWrite(
      long list, int count, long limit, long bits, long base, long[] into, int from) {
    ListLoops.checkList(list, count);
    ListLoops.checkBits(bits, limit);
    MemorySegment numbers = Memory.segment(list);
    MemorySegment words = Memory.segment(bits);
    long at = Memory.offset(list);
    long bitBase = Memory.offset(bits);
    int to = from;
    for (int i = 0; i < count; i++) {
      long number = ListLoops.number(numbers, at + i * 4L, limit);
      long word = bitBase + (number >>> 6) * 8;
      long before = words.get(Memory.LONG, word);
      if ((before >>> number & 1) == 0) {
        words.set(Memory.LONG, word, before | 1L << number);
        into[to++] = base + number;
      }
    }
    return to - from;
  }

  /// Adds an amount to each cell of 8 bytes that a list names, and notes the numbers whose cells
  /// were 0 behind those that were noted before.
  ///
  /// @param amount at least 1
  /// @param noted how many numbers were noted so far
  /// @param into address of 4 bytes for each cell, and 4 more
  /// @return how many numbers are noted by now; -1 if a sum does not fit: its cell stays negative
  public static int addAndNote(
      long list, int count, long limit, long cells, long amount, int noted, long into) {
    ListLoops.check(list, count, limit, cells, 8);
    ListLoops.checkEnds(into, limit + 1, 4);
    MemorySegment numbers = Memory.segment(list);
    MemorySegment sums = Memory.segment(cells);
    MemorySegment notes = Memory.segment(into);
    long at = Memory.offset(list);
    long base = Memory.offset(cells);
    long to = Memory.offset(into);
    long last = to + noted * 4L;
    long all = 0;
    for (int i = 0; i < count; i++) {
      long number = ListLoops.number(numbers, at + i * 4L, limit);
      long before = sums.get(Memory.LONG, base + number * 8);
      long sum = (before + amount) | (before & Long.MIN_VALUE);
      sums.set(Memory.LONG, base + number * 8, sum);
      notes.set(ListLoops.INT, last, (int) number);
      last += before == 0 ? 4 : 0;
      all |= sum;
    }
    return all < 0 ? -1 : (int) (last - to >>> 2);
  }

  /// Clears the words of the bits that a list names; numbers that are not below the limit name
  /// none.
  public static void clear(long list, int count, long limit, long bits) {
    ListLoops.checkList(list, count);
    ListLoops.checkBits(bits, limit);
    MemorySegment numbers = Memory.segment(list);
    MemorySegment words = Memory.segment(bits);
    long at = Memory.offset(list);
    long base = Memory.offset(bits);
    for (int i = 0; i < count; i++) {
      long number = numbers.get(ListLoops.INT, at + i * 4L) & 0xFFFFFFFFL;
      if (number < limit) {
        words.set(Memory.LONG, base + (number >>> 6) * 8, 0L);
      }
    }
  }

  /// How many numbers of a list have their bits set; those that are not below the limit have none.
  public static long countSet(long list, int count, long limit, long bits) {
    ListLoops.checkList(list, count);
    ListLoops.checkBits(bits, limit);
    MemorySegment numbers = Memory.segment(list);
    MemorySegment words = Memory.segment(bits);
    long at = Memory.offset(list);
    long base = Memory.offset(bits);
    int end = ListLoops.bounded(count);
    long set = 0;
    for (int i = 0; i < end; i++) {
      long number = numbers.get(ListLoops.INT, at + i * 4L) & 0xFFFFFFFFL;
      if (number < limit) {
        set += words.get(Memory.LONG, base + (number >>> 6) * 8) >>> number & 1;
      }
    }
    return set;
  }

  /// Stamps those cells of 4 bytes that do not have a stamp yet, and notes their numbers.
  ///
  /// @param into address of 4 bytes for each number of the list
  /// @return how many were noted
  public static int distinct(
      long list, int count, long limit, long cells, int stamp, int first, long into) {
    ListLoops.check(list, count, limit, cells, 4);
    Memory.check(into, count * 4L);
    MemorySegment numbers = Memory.segment(list);
    MemorySegment values = Memory.segment(cells);
    MemorySegment noted = Memory.segment(into);
    long at = Memory.offset(list);
    long base = Memory.offset(cells);
    long to = Memory.offset(into);
    int found = 0;
    for (int i = 0; i < count; i++) {
      long number = ListLoops.number(numbers, at + i * 4L, limit);
      if (values.get(ListLoops.INT, base + number * 4) != stamp) {
        values.set(ListLoops.INT, base + number * 4, stamp);
        noted.set(ListLoops.INT, to + found++ * 4L, first + (int) number);
      }
    }
    return found;
  }

  /// Counts a vote for the value of each cell of 4 bytes that a list names, and tells the value
  /// with the most votes, the least of several.
  ///
  /// @param votes address of a counter of 4 bytes for each value
  /// @param best what the call for the list before returned; 0 for the first
  /// @return the votes of the best value in the high half, the value in the low one
  public static long vote(long list, int count, long limit, long cells, long votes, long best) {
    ListLoops.check(list, count, limit, cells, 4);
    MemorySegment numbers = Memory.segment(list);
    MemorySegment values = Memory.segment(cells);
    MemorySegment counters = Memory.segment(votes);
    long at = Memory.offset(list);
    long base = Memory.offset(cells);
    long counter = Memory.offset(votes);
    int most = (int) (best >>> 32);
    int winner = (int) best;
    for (int i = 0; i < count; i++) {
      long number = ListLoops.number(numbers, at + i * 4L, limit);
      int value = values.get(ListLoops.INT, base + number * 4);
      int now = counters.get(ListLoops.INT, counter + value * 4L) + 1;
      counters.set(ListLoops.INT, counter + value * 4L, now);
      if (now > most || now == most && value < winner) {
        most = now;
        winner = value;
      }
    }
    return (long) most << 32 | winner;
  }

  /// Takes the votes back that [#vote] counted for a list.
  public static void unvote(long list, int count, long limit, long cells, long votes) {
    ListLoops.check(list, count, limit, cells, 4);
    MemorySegment numbers = Memory.segment(list);
    MemorySegment values = Memory.segment(cells);
    MemorySegment counters = Memory.segment(votes);
    long at = Memory.offset(list);
    long base = Memory.offset(cells);
    long counter = Memory.offset(votes);
    for (int i = 0; i < count; i++) {
      long number = ListLoops.number(numbers, at + i * 4L, limit);
      int value = values.get(ListLoops.INT, base + number * 4);
      counters.set(ListLoops.INT, counter + value * 4L, 0);
    }
  }

  /// Collects the values below one of the cells of 4 bytes that a list names, each once.
  ///
  /// @param mine a bit for each value, set for those that this list names
  /// @param other bits of values that were met the other way; a value that is in neither is noted
  /// @param into address of 4 bytes for each number of the list
  /// @return how many were noted
  public static int collect(
      long list, int count, long limit, long cells, int below, long mine, long other, long into) {
    ListLoops.check(list, count, limit, cells, 4);
    Memory.check(into, count * 4L);
    MemorySegment numbers = Memory.segment(list);
    MemorySegment values = Memory.segment(cells);
    MemorySegment marks = Memory.segment(mine);
    MemorySegment others = Memory.segment(other);
    MemorySegment noted = Memory.segment(into);
    long at = Memory.offset(list);
    long base = Memory.offset(cells);
    long markBase = Memory.offset(mine);
    long otherBase = Memory.offset(other);
    long to = Memory.offset(into);
    int found = 0;
    for (int i = 0; i < count; i++) {
      long number = ListLoops.number(numbers, at + i * 4L, limit);
      int value = values.get(ListLoops.INT, base + number * 4);
      if (value < below) {
        long word = (value >>> 6) * 8L;
        long before = marks.get(Memory.LONG, markBase + word);
        if ((before >>> value & 1) == 0) {
          marks.set(Memory.LONG, markBase + word, before | 1L << value);
          if ((others.get(Memory.LONG, otherBase + word) >>> value & 1) == 0) {
            noted.set(ListLoops.INT, to + found++ * 4L, value);
          }
        }
      }
    }
    return found;
  }

  /// Makes pairs of collected values, in place, and clears their bits.
  ///
  /// @param always whether each counts as met both ways
  public static void toPairs(long values, int count, long one, long other, boolean always) {
    for (int i = 0; i < count; i++) {
      int value = Memory.getInt(values + i * 4L);
      long word = (value >>> 6) * 8L;
      long both = Memory.getLong(one + word) & Memory.getLong(other + word);
      int low = always ? 1 : (int) (both >>> value) & 1;
      Memory.putInt(values + i * 4L, value << 1 | low);
    }
    for (int i = 0; i < count; i++) {
      long word = ((Memory.getInt(values + i * 4L) >>> 1) >>> 6) * 8L;
      Memory.putLong(one + word, 0);
      Memory.putLong(other + word, 0);
    }
  }

  /// Sets or clears the bits of the values of pairs.
  ///
  /// @param both bits of those that were met both ways
  public static void markPairs(long pairs, int count, long bits, long both, boolean set) {
    for (int i = 0; i < count; i++) {
      int pair = Memory.getInt(pairs + i * 4L);
      long word = (pair >>> 7) * 8L;
      long bit = 1L << (pair >>> 1);
      long bothBit = (pair & 1) != 0 ? bit : 0;
      if (set) {
        Memory.putLong(bits + word, Memory.getLong(bits + word) | bit);
        Memory.putLong(both + word, Memory.getLong(both + word) | bothBit);
      } else {
        Memory.putLong(bits + word, 0);
        Memory.putLong(both + word, 0);
      }
    }
  }

  /// Goes over the values of pairs that have their bits set: adds an amount to the 8-byte cell of
  /// each, which other threads may do at once.
  ///
  /// @param sums the first element grows by 1 for each, and by 1 more if its pair was met both
  ///   ways; the second in the same way by `both`
  public static void addMarked(
      long pairs, int count, long bits, long both, long cells, long amount, long[] sums) {
    for (int i = 0; i < count; i++) {
      int pair = Memory.getInt(pairs + i * 4L);
      int value = pair >>> 1;
      long word = (value >>> 6) * 8L;
      if ((Memory.getLong(bits + word) >>> value & 1) != 0) {
        sums[0] += 1 + (pair & 1);
        sums[1] += 1 + (Memory.getLong(both + word) >>> value & 1);
        add(cells + value * 8L, amount);
      }
    }
  }

  /// Adds to a cell of 8 bytes, which other threads may do at once.
  public static void add(long cell, long amount) {
    Memory.check(cell, 8);
    long before = (long) LONG_CELL.getAndAdd(Memory.segment(cell), Memory.offset(cell), amount);
    assert before + amount >= before : before;
  }
}
