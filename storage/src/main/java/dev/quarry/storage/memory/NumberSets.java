package dev.quarry.storage.memory;

import java.lang.foreign.MemorySegment;

/// Sets of numbers that are compared with marks, a bit a number: where some of them lie close
/// together, a comparison takes 64 at once.
///
/// ```text
///            words                                    singles
///      ┌───────┬────────────┬───────┬────────────┬──────┬──────┬───
///      │ index │ bits       │ index │ bits       │  903 │ 1200 │ …
///      └───────┴────────────┴───────┴────────────┴──────┴──────┴───
/// byte 0       4            12      16           24     28
/// ```
///
/// A word has at least three numbers, from 64 times its index on, so that a set takes no more than
/// 4 bytes a number. Numbers are not negative, and those of a set are told by the caller: nothing
/// here comes from a page. Threads: any, each with marks of its own.
public final class NumberSets {
  private static final int WORD_BYTES = 12;
  private static final int FEWEST = 3;

  // There cannot be more; that a loop knows it spares a comparison of each address.
  private static final int MOST_WORDS = 1 << 25;

  private NumberSets() {}

  /// Bytes of a set.
  public static long bytes(int words, int singles) {
    return (long) words * WORD_BYTES + singles * 4L;
  }

  /// Makes a set of numbers that differ, each of which is marked in one of two places or in both,
  /// and clears these marks.
  ///
  /// @param numbers address of 4 bytes for each; afterwards they are anything
  /// @param set address of 4 bytes for each number
  /// @return how many words the set has in the high half, how many singles in the low one
  public static long make(long numbers, int count, long marks, long otherMarks, long set) {
    int words = 0;
    int singles = 0;
    for (int i = 0; i < count; i++) {
      int number = Memory.getInt(numbers + i * 4L);
      long one = marks + (number >>> 6) * 8L;
      long other = otherMarks + (number >>> 6) * 8L;
      long bits = Memory.getLong(one) | Memory.getLong(other);
      if (Long.bitCount(bits) >= FEWEST) {
        Memory.putInt(set + (long) words * WORD_BYTES, number >>> 6);
        Memory.putLong(set + (long) words * WORD_BYTES + 4, bits);
        words++;
        bits = 0;
      } else if ((bits >>> number & 1) != 0) {
        Memory.putInt(numbers + singles * 4L, number);
        singles++;
        bits &= ~(1L << number);
      }
      Memory.putLong(one, bits);
      Memory.putLong(other, bits);
    }
    Memory.copy(numbers, set + (long) words * WORD_BYTES, singles * 4L);
    return (long) words << 32 | singles;
  }

  /// Marks the numbers of a set; no others of their words are marked.
  public static void mark(long set, int words, int singles, long marks) {
    for (int i = 0; i < words; i++) {
      long word = set + (long) i * WORD_BYTES;
      Memory.putLong(marks + Memory.getInt(word) * 8L, Memory.getLong(word + 4));
    }
    for (int i = 0; i < singles; i++) {
      int number = single(set, words, i);
      long at = marks + (number >>> 6) * 8L;
      Memory.putLong(at, Memory.getLong(at) | 1L << number);
    }
  }

  /// Clears the marks of a set.
  public static void clear(long set, int words, int singles, long marks) {
    for (int i = 0; i < words; i++) {
      Memory.putLong(marks + Memory.getInt(set + (long) i * WORD_BYTES) * 8L, 0);
    }
    for (int i = 0; i < singles; i++) {
      Memory.putLong(marks + (single(set, words, i) >>> 6) * 8L, 0);
    }
  }

  /// How many numbers of a set are marked.
  public static long countMarked(long set, int words, int singles, long marks) {
    if ((words | singles) == 0) {
      return 0;
    }
    Memory.check(set, bytes(words, singles));
    MemorySegment numbers = Memory.segment(set);
    MemorySegment bits = Memory.segment(marks);
    long at = Memory.offset(set);
    long base = Memory.offset(marks);
    int wordEnd = Math.min(words, MOST_WORDS);
    int singleEnd = Math.min(singles, FEWEST * MOST_WORDS);
    long marked = 0;
    for (int i = 0; i < wordEnd; i++) {
      long index = numbers.get(ListLoops.INT, at + i * (long) WORD_BYTES) & 0xFFFFFFFFL;
      long word = numbers.get(Memory.LONG, at + i * (long) WORD_BYTES + 4);
      marked += Long.bitCount(word & bits.get(Memory.LONG, base + index * 8));
    }
    long singlesAt = Memory.offset(set + (long) words * WORD_BYTES);
    for (int i = 0; i < singleEnd; i++) {
      long number = numbers.get(ListLoops.INT, singlesAt + i * 4L) & 0xFFFFFFFFL;
      marked += bits.get(Memory.LONG, base + (number >>> 6) * 8) >>> number & 1;
    }
    return marked;
  }

  /// The index of a word of a set.
  public static int index(long set, int word) {
    return Memory.getInt(set + (long) word * WORD_BYTES);
  }

  /// The bits of a word of a set.
  public static long bits(long set, int word) {
    return Memory.getLong(set + (long) word * WORD_BYTES + 4);
  }

  /// A number that is in no word of a set.
  public static int single(long set, int words, int index) {
    return Memory.getInt(set + (long) words * WORD_BYTES + index * 4L);
  }
}
