package dev.quarry.storage.memory;

import static dev.quarry.storage.memory.ListLoops.INT;

import java.lang.foreign.MemorySegment;

/// The loops of [ListLoops] over many lists of a [Stretch] at once, without a look-up between two
/// lists. Which slots are meant is told by a bit each; none of them may be apart. Numbers, limits
/// and cells are as there; threads: any, each with a stretch of its own.
public final class StretchLoops {
  // So many wanted slots are worth a look at all.
  private static final int MANY = Stretch.SLOTS / 2;

  // Sums of so many numbers take less in words of two than in vectors.
  private static final int SHORT = 32;

  // What is kept of a word of two numbers, by how many of its list are left, from -6 on.
  private static final long[] KEPT = {0, 0, 0, 0, 0, 0, 0, 0xFFFFFFFFL, -1, -1, -1, -1, -1, -1, -1};
  private static final int NONE = 6;

  private StretchLoops() {}

  /// The sum of the numbers of all lists.
  public static long sumNumbers(Stretch lists, long wanted) {
    long few = wanted & lists.few();
    long sum = few == 0 ? 0 : sumFew(lists, few);
    long inRun = wanted & lists.inRun();
    sum += inRun == 0 ? 0 : sumInRun(lists, inRun);
    long[] addresses = lists.addresses();
    int[] lengths = lists.lengths();
    for (long bits = wanted & ~few & ~inRun; bits != 0; bits &= bits - 1) {
      int index = Long.numberOfTrailingZeros(bits);
      sum += Memory.sumInts(addresses[index], lengths[index]);
    }
    return sum;
  }

  /// The sum over lists of 0 to 3 numbers, without a branch on how many they are.
  private static long sumFew(Stretch lists, long wanted) {
    long[] addresses = lists.addresses();
    int[] lengths = lists.lengths();
    long sum = 0;
    for (long bits = wanted; bits != 0; bits &= bits - 1) {
      int index = Long.numberOfTrailingZeros(bits) & Stretch.SLOTS - 1;
      int length = lengths[index] & 3;
      long others = Memory.getLong(addresses[index] + 4) & KEPT[NONE - 1 + length];
      sum += Memory.getInt(addresses[index]) & KEPT[NONE + length];
      sum += (others & 0xFFFFFFFFL) + (others >>> 32);
    }
    return sum;
  }

  /// The sum over lists in a run. Short ones are read in words of two numbers, eight numbers at a
  /// time, of which those behind the end are masked away: how often that loop turns is guessed
  /// wrongly less often than how often one over single numbers does.
  private static long sumInRun(Stretch lists, long wanted) {
    int total = lists.units();
    int begin = lists.begin();
    Memory.check(lists.ends(), Stretch.SLOTS * 4L);
    MemorySegment ends = Memory.segment(lists.ends());
    MemorySegment numbers = Memory.segment(lists.numbers());
    long endsAt = Memory.offset(lists.ends());
    long at = Memory.offset(lists.numbers());
    long sum = 0;
    long words = 0; // the sum of words, and of their upper halves
    long upper = 0;
    for (long bits = wanted; bits != 0; bits &= bits - 1) {
      int index = Long.numberOfTrailingZeros(bits) & Stretch.SLOTS - 1;
      int end = ends.get(INT, endsAt + index * 4L) - begin;
      int before = ends.get(INT, endsAt + (index - 1 & Stretch.SLOTS - 1) * 4L) - begin;
      int from = index == 0 ? 0 : before;
      int length = end - from;
      if ((from | end | length | total - end) < 0) {
        throw Stretch.damaged(from, end, total);
      }
      Memory.check(lists.numbers() + from * 4L, length * 4L);
      if (length <= SHORT && (length | 7) < total - from) {
        do {
          int some = Math.min(length, 8) & 15;
          long word = at + (from & 2 * Stretch.MOST - 1) * 4L;
          long a = numbers.get(Memory.LONG, word) & KEPT[some + NONE];
          long b = numbers.get(Memory.LONG, word + 8) & KEPT[some + NONE - 2];
          long c = numbers.get(Memory.LONG, word + 16) & KEPT[some + NONE - 4];
          long d = numbers.get(Memory.LONG, word + 24) & KEPT[some + NONE - 6];
          words += a + b + c + d;
          upper += (a >>> 32) + (b >>> 32) + (c >>> 32) + (d >>> 32);
          from += 8;
          length -= 8;
        } while (length > 0);
        continue;
      }
      int last = Math.min(end, Stretch.MOST);
      for (int i = from & 2 * Stretch.MOST - 1; i < last; i++) {
        sum += numbers.get(INT, at + i * 4L) ^ Integer.MIN_VALUE; // signed, as in Memory.sumInts
      }
      sum += (long) length << 31;
    }
    return sum + words - (upper << 32) + upper;
  }

  /// Adds to the sum of each slot how many numbers its list has.
  public static void addLengths(Stretch lists, long wanted, long[] sums) {
    long inRun = wanted & lists.inRun();
    if (inRun != 0) {
      addLengthsInRun(lists, inRun, sums);
    }
    int[] lengths = lists.lengths();
    for (long bits = wanted & ~inRun; bits != 0; bits &= bits - 1) {
      int index = Long.numberOfTrailingZeros(bits) & Stretch.SLOTS - 1;
      sums[index] += lengths[index];
    }
  }

  private static void addLengthsInRun(Stretch lists, long wanted, long[] sums) {
    int total = lists.units();
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
    long inRun = wanted & lists.inRun();
    if (inRun != 0) {
      ListLoops.checkCells(limit, cells, 8);
      addSumsInRun(lists, inRun, limit, cells, sums);
    }
    long few = limit > 0 ? wanted & lists.few() : 0;
    if (few != 0) {
      addSumsOfFew(lists, few, limit, cells, sums);
    }
    long[] addresses = lists.addresses();
    int[] lengths = lists.lengths();
    for (long bits = wanted & ~inRun & ~few; bits != 0; bits &= bits - 1) {
      int index = Long.numberOfTrailingZeros(bits) & Stretch.SLOTS - 1;
      sums[index] += ListLoops.sum(addresses[index], lengths[index], limit, cells);
    }
  }

  /// The sums of lists of 0 to 3 numbers, without a branch on how many they are.
  private static void addSumsOfFew(
      Stretch lists, long wanted, long limit, long cells, double[] sums) {
    ListLoops.checkCells(limit, cells, 8);
    MemorySegment values = Memory.segment(cells);
    long base = Memory.offset(cells);
    long[] addresses = lists.addresses();
    int[] lengths = lists.lengths();
    for (long bits = wanted; bits != 0; bits &= bits - 1) {
      int index = Long.numberOfTrailingZeros(bits) & Stretch.SLOTS - 1;
      int length = lengths[index] & 3;
      long one = Memory.getInt(addresses[index]) & KEPT[NONE + length];
      long others = Memory.getLong(addresses[index] + 4) & KEPT[NONE - 1 + length];
      long two = others & 0xFFFFFFFFL;
      long three = others >>> 32;
      if (one >= limit || two >= limit || three >= limit) {
        throw ListLoops.beyond(Math.max(Math.max(one, two), three), limit);
      }
      double a = kept(values.get(Memory.LONG, base + one * 8), -length);
      double b = kept(values.get(Memory.LONG, base + two * 8), 1 - length);
      double c = kept(values.get(Memory.LONG, base + three * 8), 2 - length);
      sums[index] += a + b + c;
    }
  }

  /// Adds in four sums, since an addition waits for the one before it.
  private static void addSumsInRun(
      Stretch lists, long wanted, long limit, long cells, double[] sums) {
    int total = lists.units();
    int begin = lists.begin();
    Memory.check(lists.ends(), Stretch.SLOTS * 4L);
    MemorySegment ends = Memory.segment(lists.ends());
    MemorySegment numbers = Memory.segment(lists.numbers());
    MemorySegment values = Memory.segment(cells);
    long endsAt = Memory.offset(lists.ends());
    long at = Memory.offset(lists.numbers());
    long base = Memory.offset(cells);
    for (long bits = wanted; bits != 0; bits &= bits - 1) {
      int index = Long.numberOfTrailingZeros(bits) & Stretch.SLOTS - 1;
      int end = ends.get(INT, endsAt + index * 4L) - begin;
      int before = ends.get(INT, endsAt + (index - 1 & Stretch.SLOTS - 1) * 4L) - begin;
      int first = index == 0 ? 0 : before;
      if ((first | end | end - first | total - end) < 0) {
        throw Stretch.damaged(first, end, total);
      }
      Memory.check(lists.numbers() + first * 4L, (end - first) * 4L);
      int last = Math.min(end, Stretch.MOST);
      int i = first & 2 * Stretch.MOST - 1;
      double a = 0;
      double b = 0;
      double c = 0;
      double d = 0;
      for (; i < last - 3; i += 4) {
        long one = numbers.get(INT, at + i * 4L) & 0xFFFFFFFFL;
        long two = numbers.get(INT, at + i * 4L + 4) & 0xFFFFFFFFL;
        long three = numbers.get(INT, at + i * 4L + 8) & 0xFFFFFFFFL;
        long four = numbers.get(INT, at + i * 4L + 12) & 0xFFFFFFFFL;
        if (one >= limit || two >= limit || three >= limit || four >= limit) {
          throw ListLoops.beyond(Math.max(Math.max(one, two), Math.max(three, four)), limit);
        }
        a += values.get(Memory.DOUBLE, base + one * 8);
        b += values.get(Memory.DOUBLE, base + two * 8);
        c += values.get(Memory.DOUBLE, base + three * 8);
        d += values.get(Memory.DOUBLE, base + four * 8);
      }
      if (i + 3 <= total) { // three more are read, and of them those that are of this list added
        long one = numbers.get(INT, at + i * 4L) & 0xFFFFFFFFL;
        long two = numbers.get(INT, at + i * 4L + 4) & 0xFFFFFFFFL;
        long three = numbers.get(INT, at + i * 4L + 8) & 0xFFFFFFFFL;
        if (one >= limit || two >= limit || three >= limit) {
          throw ListLoops.beyond(Math.max(Math.max(one, two), three), limit);
        }
        a += kept(values.get(Memory.LONG, base + one * 8), i - last);
        b += kept(values.get(Memory.LONG, base + two * 8), i + 1 - last);
        c += kept(values.get(Memory.LONG, base + three * 8), i + 2 - last);
      } else {
        for (; i < last; i++) {
          long number = numbers.get(INT, at + i * 4L) & 0xFFFFFFFFL;
          if (number >= limit) {
            throw ListLoops.beyond(number, limit);
          }
          a += values.get(Memory.DOUBLE, base + number * 8);
        }
      }
      sums[index] += (a + b) + (c + d);
    }
  }

  /// A double, by its bits, if a number is negative; else 0.
  private static double kept(long bits, int number) {
    return Double.longBitsToDouble(bits & number >> 31);
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
    lists.putEmpty(0);
    long inRun = wanted & lists.inRun();
    long hits = inRun == 0 ? 0 : anySetInRun(lists, inRun, limit, marks);
    long others = wanted & ~inRun;
    if (others != 0) {
      hits |= firstSet(lists, others, limit, marks);
      hits |= laterSet(lists, others & ~hits, limit, marks);
    }
    return hits;
  }

  private static long anySetInRun(Stretch lists, long wanted, long limit, long marks) {
    boolean many = Long.bitCount(wanted) > MANY;
    long hits = many ? firstSetInRun(lists, limit, marks) & wanted : 0;
    return hits | laterSetInRun(lists, wanted & ~hits, many ? 1 : 0, limit, marks);
  }

  /// Which slots of a run, wanted or not, have a list whose first number names a set bit.
  private static long firstSetInRun(Stretch lists, long limit, long marks) {
    int total = lists.units();
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
  private static long laterSetInRun(Stretch lists, long wanted, int from, long limit, long marks) {
    int total = lists.units();
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
    lists.putEmpty(lists.empty() | empty);
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
    lists.putEmpty(lists.empty() | empty);
    return hits;
  }

  /// Hooks the member of each wanted slot, which is a root, to the member that the first number of
  /// its list names, if that is less, see [ListLoops#link]. No cell of another member is read or
  /// written. Does not branch on what it reads in a run, so the misses of many lists overlap.
  ///
  /// @param base is added to a number to give its member
  /// @param member of the first slot
  /// @return a bit for each slot whose member was hooked
  public static long hook(Stretch lists, long wanted, long limit, int base, long sets, int member) {
    long inRun = wanted & lists.inRun();
    long hooked = inRun == 0 ? 0 : hookInRun(lists, inRun, limit, base, sets, member);
    long[] addresses = lists.addresses();
    int[] lengths = lists.lengths();
    for (long bits = wanted & ~inRun; bits != 0; bits &= bits - 1) {
      int index = Long.numberOfTrailingZeros(bits) & Stretch.SLOTS - 1;
      if (lengths[index] > 0) {
        int other = ListLoops.first(addresses[index], limit, base);
        if (other < member + index) {
          Memory.putInt(sets + (member + index) * 4L, other);
          hooked |= 1L << index;
        }
      }
    }
    return hooked;
  }

  private static long hookInRun(
      Stretch lists, long wanted, long limit, int base, long sets, int member) {
    int total = lists.units();
    int begin = lists.begin();
    Memory.check(lists.ends(), Stretch.SLOTS * 4L);
    Memory.check(sets + member * 4L, Stretch.SLOTS * 4L);
    MemorySegment ends = Memory.segment(lists.ends());
    MemorySegment numbers = Memory.segment(lists.numbers());
    MemorySegment cells = Memory.segment(sets);
    long endsAt = Memory.offset(lists.ends());
    long at = Memory.offset(lists.numbers());
    long cellsAt = Memory.offset(sets);
    long hooked = 0;
    for (long bits = wanted; bits != 0; bits &= bits - 1) {
      int index = Long.numberOfTrailingZeros(bits) & Stretch.SLOTS - 1;
      int end = ends.get(INT, endsAt + index * 4L) - begin;
      int before = ends.get(INT, endsAt + (index - 1 & Stretch.SLOTS - 1) * 4L) - begin;
      int first = index == 0 ? 0 : before;
      if ((first | end | end - first | total - end) < 0) {
        throw Stretch.damaged(first, end, total);
      }
      int some = Math.min(first, total - 1) & Stretch.MOST - 1; // of an empty list, any number
      Memory.check(lists.numbers() + some * 4L, 4);
      long number = numbers.get(INT, at + some * 4L) & 0xFFFFFFFFL;
      if (number >= limit) {
        throw ListLoops.beyond(number, limit);
      }
      int own = member + index;
      int step = base + (int) number - own;
      int less = step >> 31 & first - end >> 31; // all bits, or none
      cells.set(INT, ListLoops.cell(cellsAt, own), own + (step & less));
      hooked |= (less & 1L) << index;
    }
    return hooked;
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
    long inRun = wanted & lists.inRun();
    if (inRun != 0) {
      linkInRun(lists, inRun, most, limit, base, sets, member, shared);
    }
    long[] addresses = lists.addresses();
    int[] lengths = lists.lengths();
    for (long bits = wanted & ~inRun; bits != 0; bits &= bits - 1) {
      int index = Long.numberOfTrailingZeros(bits) & Stretch.SLOTS - 1;
      int count = Math.min(lengths[index], most);
      ListLoops.linkAll(addresses[index], count, limit, base, sets, member + index, shared);
    }
  }

  private static void linkInRun(
      Stretch lists,
      long wanted,
      int most,
      long limit,
      int base,
      long sets,
      int member,
      boolean shared) {
    int total = lists.units();
    int begin = lists.begin();
    Memory.check(lists.ends(), Stretch.SLOTS * 4L);
    MemorySegment ends = Memory.segment(lists.ends());
    MemorySegment numbers = Memory.segment(lists.numbers());
    MemorySegment cells = Memory.segment(sets);
    long endsAt = Memory.offset(lists.ends());
    long at = Memory.offset(lists.numbers());
    long cellsAt = Memory.offset(sets);
    for (long bits = wanted; bits != 0; bits &= bits - 1) {
      int index = Long.numberOfTrailingZeros(bits) & Stretch.SLOTS - 1;
      int end = ends.get(INT, endsAt + index * 4L) - begin;
      int before = ends.get(INT, endsAt + (index - 1 & Stretch.SLOTS - 1) * 4L) - begin;
      int first = index == 0 ? 0 : before;
      if ((first | end | end - first | total - end) < 0) {
        throw Stretch.damaged(first, end, total);
      }
      Memory.check(lists.numbers() + first * 4L, (end - first) * 4L);
      int last = Math.min(first + Math.min(end - first, most), Stretch.MOST);
      for (int i = first & 2 * Stretch.MOST - 1; i < last; i++) {
        long number = numbers.get(INT, at + i * 4L) & 0xFFFFFFFFL;
        if (number >= limit) {
          throw ListLoops.beyond(number, limit);
        }
        int one = cells.get(INT, ListLoops.cell(cellsAt, member + index));
        int other = cells.get(INT, ListLoops.cell(cellsAt, base + (int) number));
        if (one != other) {
          ListLoops.link(sets, one, other, shared);
        }
      }
    }
  }
}
