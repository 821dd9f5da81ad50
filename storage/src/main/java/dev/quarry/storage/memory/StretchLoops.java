package dev.quarry.storage.memory;

import static dev.quarry.storage.memory.ListLoops.INT;

import java.lang.foreign.MemorySegment;

/// The loops of [ListLoops] over many lists of a [Stretch] at once, without a look-up between two
/// lists. Which slots are meant is told by a bit each; none of them may be apart. Numbers, limits
/// and cells are as there; threads: any, each with a stretch of its own.
public final class StretchLoops {
  // So many wanted slots are worth a look at all.
  private static final int MANY = Stretch.SLOTS / 2;

  private StretchLoops() {}

  /// The sum of the numbers of all lists.
  public static long sumNumbers(Stretch lists, long wanted) {
    if (lists.isRun()) {
      return sumInRun(lists, wanted);
    }
    long sum = 0;
    for (long bits = wanted; bits != 0; bits &= bits - 1) {
      int index = Long.numberOfTrailingZeros(bits);
      sum += Memory.sumInts(lists.address(index), lists.length(index));
    }
    return sum;
  }

  private static long sumInRun(Stretch lists, long wanted) {
    int total = lists.total();
    int begin = lists.begin();
    Memory.check(lists.ends(), Stretch.SLOTS * 4L);
    MemorySegment ends = Memory.segment(lists.ends());
    MemorySegment numbers = Memory.segment(lists.numbers());
    long endsAt = Memory.offset(lists.ends());
    long at = Memory.offset(lists.numbers());
    long sum = 0;
    for (long bits = wanted; bits != 0; bits &= bits - 1) {
      int index = Long.numberOfTrailingZeros(bits) & Stretch.SLOTS - 1;
      int first = index == 0 ? 0 : ends.get(INT, endsAt + index * 4L - 4) - begin;
      int end = ends.get(INT, endsAt + index * 4L) - begin;
      if ((first | end | end - first | total - end) < 0) {
        throw Stretch.damaged(first, end, total);
      }
      Memory.check(lists.numbers() + first * 4L, (end - first) * 4L);
      int last = Math.min(end, Stretch.MOST);
      for (int i = first & 2 * Stretch.MOST - 1; i < last; i++) {
        sum += numbers.get(INT, at + i * 4L) ^ Integer.MIN_VALUE; // signed, as in Memory.sumInts
      }
      sum += (long) (end - first) << 31;
    }
    return sum;
  }

  /// Adds to the sum of each slot how many numbers its list has.
  public static void addLengths(Stretch lists, long wanted, long[] sums) {
    if (lists.isRun()) {
      addLengthsInRun(lists, wanted, sums);
      return;
    }
    int[] lengths = lists.lengths();
    for (long bits = wanted; bits != 0; bits &= bits - 1) {
      int index = Long.numberOfTrailingZeros(bits) & Stretch.SLOTS - 1;
      sums[index] += lengths[index];
    }
  }

  private static void addLengthsInRun(Stretch lists, long wanted, long[] sums) {
    int total = lists.total();
    int begin = lists.begin();
    Memory.check(lists.ends(), Stretch.SLOTS * 4L);
    MemorySegment ends = Memory.segment(lists.ends());
    long endsAt = Memory.offset(lists.ends());
    for (long bits = wanted; bits != 0; bits &= bits - 1) {
      int index = Long.numberOfTrailingZeros(bits) & Stretch.SLOTS - 1;
      int first = index == 0 ? 0 : ends.get(INT, endsAt + index * 4L - 4) - begin;
      int end = ends.get(INT, endsAt + index * 4L) - begin;
      if ((first | end | end - first | total - end) < 0) {
        throw Stretch.damaged(first, end, total);
      }
      sums[index] += end - first;
    }
  }

  /// Adds to the sum of each slot the doubles that its list names.
  public static void addSums(Stretch lists, long wanted, long limit, long cells, double[] sums) {
    for (long bits = wanted; bits != 0; bits &= bits - 1) {
      int index = Long.numberOfTrailingZeros(bits);
      int first = lists.first(index);
      int length = lists.length(index, first);
      sums[index] += ListLoops.sum(lists.address(index, first), length, limit, cells);
    }
  }

  /// Which of the wanted slots have a list that names a bit which is set.
  ///
  /// Where many are wanted, the first number of each list is looked at before any other: that loop
  /// does not branch on what it reads, so the misses of many lists overlap, and most searches end
  /// there. Loops call nothing but accesses, so that it does not matter where they are inlined.
  ///
  /// Afterwards [Stretch#empty] tells which of the others have an empty list.
  ///
  /// @param marks address of 8-byte words
  public static long anySet(Stretch lists, long wanted, long limit, long marks) {
    ListLoops.checkBits(marks, limit);
    boolean many = Long.bitCount(wanted) > MANY;
    if (!lists.isRun()) {
      long hits = firstSet(lists, wanted, limit, marks);
      return hits | laterSet(lists, wanted & ~hits, limit, marks);
    }
    long hits = many ? firstSetInRun(lists, limit, marks) & wanted : 0;
    return hits | anySetInRun(lists, wanted & ~hits, many ? 1 : 0, limit, marks);
  }

  /// Which slots of a run, wanted or not, have a list whose first number names a set bit.
  private static long firstSetInRun(Stretch lists, long limit, long marks) {
    int total = lists.total();
    int begin = lists.begin();
    Memory.check(lists.ends(), Stretch.SLOTS * 4L);
    MemorySegment ends = Memory.segment(lists.ends());
    MemorySegment numbers = Memory.segment(lists.numbers());
    MemorySegment words = Memory.segment(marks);
    long endsAt = Memory.offset(lists.ends());
    long at = Memory.offset(lists.numbers());
    long base = Memory.offset(marks);
    long hits = 0;
    int first = 0;
    for (int i = 0; i < Stretch.SLOTS; i++) {
      int end = ends.get(INT, endsAt + i * 4L) - begin;
      if ((end | end - first | total - end) < 0) {
        throw Stretch.damaged(first, end, total);
      }
      int some = Math.min(first, total - 1) & Stretch.MOST - 1; // of an empty list, any number
      Memory.check(lists.numbers() + some * 4L, 4);
      long number = numbers.get(INT, at + some * 4L) & 0xFFFFFFFFL;
      if (number >= limit) {
        throw ListLoops.beyond(number, limit);
      }
      long word = words.get(Memory.LONG, base + (number >>> 6) * 8);
      hits |= (word >>> number & first - end >>> 31 & 1) << i;
      first = end;
    }
    return hits;
  }

  /// The same of all numbers but some first ones, of wanted slots.
  private static long anySetInRun(Stretch lists, long wanted, int from, long limit, long marks) {
    int total = lists.total();
    int begin = lists.begin();
    Memory.check(lists.ends(), Stretch.SLOTS * 4L);
    MemorySegment ends = Memory.segment(lists.ends());
    MemorySegment numbers = Memory.segment(lists.numbers());
    MemorySegment words = Memory.segment(marks);
    long endsAt = Memory.offset(lists.ends());
    long at = Memory.offset(lists.numbers());
    long base = Memory.offset(marks);
    long hits = 0;
    long empty = 0;
    for (long bits = wanted; bits != 0; bits &= bits - 1) {
      int index = Long.numberOfTrailingZeros(bits) & Stretch.SLOTS - 1;
      int first = index == 0 ? 0 : ends.get(INT, endsAt + index * 4L - 4) - begin;
      int end = ends.get(INT, endsAt + index * 4L) - begin;
      if ((first | end | end - first | total - end) < 0) {
        throw Stretch.damaged(first, end, total);
      }
      Memory.check(lists.numbers() + first * 4L, (end - first) * 4L);
      empty |= first == end ? 1L << index : 0;
      int last = Math.min(end, Stretch.MOST);
      for (int i = (first & 2 * Stretch.MOST - 1) + from; i < last; i++) {
        long number = numbers.get(INT, at + i * 4L) & 0xFFFFFFFFL;
        if (number >= limit) {
          throw ListLoops.beyond(number, limit);
        }
        if ((words.get(Memory.LONG, base + (number >>> 6) * 8) >>> number & 1) != 0) {
          hits |= 1L << index;
          break;
        }
      }
    }
    lists.putEmpty(empty);
    return hits;
  }

  /// Which of the wanted slots have a list whose first number names a set bit.
  private static long firstSet(Stretch lists, long wanted, long limit, long marks) {
    long[] addresses = lists.addresses();
    int[] lengths = lists.lengths();
    MemorySegment words = Memory.segment(marks);
    long base = Memory.offset(marks);
    long hits = 0;
    for (long bits = wanted; bits != 0; bits &= bits - 1) {
      int index = Long.numberOfTrailingZeros(bits) & Stretch.SLOTS - 1;
      if (lengths[index] > 0) {
        long number = Memory.getInt(addresses[index]) & 0xFFFFFFFFL;
        if (number >= limit) {
          throw ListLoops.beyond(number, limit);
        }
        hits |= (words.get(Memory.LONG, base + (number >>> 6) * 8) >>> number & 1) << index;
      }
    }
    return hits;
  }

  /// Which of them have one of which another number does.
  private static long laterSet(Stretch lists, long wanted, long limit, long marks) {
    long[] addresses = lists.addresses();
    int[] lengths = lists.lengths();
    MemorySegment words = Memory.segment(marks);
    long base = Memory.offset(marks);
    long hits = 0;
    long empty = 0;
    for (long bits = wanted; bits != 0; bits &= bits - 1) {
      int index = Long.numberOfTrailingZeros(bits) & Stretch.SLOTS - 1;
      long list = addresses[index];
      int end = Math.min(lengths[index], Stretch.MOST);
      empty |= end == 0 ? 1L << index : 0;
      for (int i = 1; i < end; i++) {
        long number = Memory.getInt(list + i * 4L) & 0xFFFFFFFFL;
        if (number >= limit) {
          throw ListLoops.beyond(number, limit);
        }
        if ((words.get(Memory.LONG, base + (number >>> 6) * 8) >>> number & 1) != 0) {
          hits |= 1L << index;
          break;
        }
      }
    }
    lists.putEmpty(empty);
    return hits;
  }

  /// Joins the set of each wanted slot with those of the members that the first numbers of its list
  /// name, see [ListLoops#linkAll].
  ///
  /// @param most how many of them
  /// @param base is added to a number to give its member
  /// @param member of the first slot
  public static void linkAll(
      Stretch lists,
      long wanted,
      int most,
      long limit,
      int base,
      long sets,
      int member,
      boolean shared) {
    for (long bits = wanted; bits != 0; bits &= bits - 1) {
      int index = Long.numberOfTrailingZeros(bits);
      int first = lists.first(index);
      int count = Math.min(lists.length(index, first), most);
      long list = lists.address(index, first);
      ListLoops.linkAll(list, count, limit, base, sets, member + index, shared);
    }
  }
}
