package dev.quarry.storage.slab;

import dev.quarry.storage.memory.Memory;

/// Entries of a list that lie one behind the other.
final class Entries {
  private Entries() {}

  static long hi(long at, int width) {
    return width == 16 ? Memory.getLong(at + 8) : 0;
  }

  static long lo(long at, int width) {
    return width == 4 ? Memory.getInt(at) & 0xFFFFFFFFL : Memory.getLong(at);
  }

  static void put(long at, int width, long hi, long lo) {
    if (width == 4) {
      Memory.putInt(at, (int) lo);
    } else {
      Memory.putLong(at, lo);
      if (width == 16) {
        Memory.putLong(at + 8, hi);
      }
    }
  }

  static int compare(long a, long b, int width) {
    int high = Long.compareUnsigned(hi(a, width), hi(b, width));
    return high != 0 ? high : Long.compareUnsigned(lo(a, width), lo(b, width));
  }

  /// The address of an entry among `count`; 0 if it is not there.
  static long find(long entries, int count, int width, long hi, long lo) {
    for (int i = 0; i < count; i++) {
      long at = entries + (long) i * width;
      if (lo(at, width) == lo && hi(at, width) == hi) {
        return at;
      }
    }
    return 0;
  }

  /// How many of `count` entries, of which the first `sorted` ascend, equal the given one.
  static long countEqual(long entries, int sorted, int count, int width, long hi, long lo) {
    int low = 0;
    int high = sorted;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (compare(entries + (long) middle * width, width, hi, lo) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    long equal = 0;
    while (low < sorted && compare(entries + (long) low * width, width, hi, lo) == 0) {
      equal++;
      low++;
    }
    for (int i = sorted; i < count; i++) {
      equal += compare(entries + (long) i * width, width, hi, lo) == 0 ? 1 : 0;
    }
    return equal;
  }

  private static int compare(long at, int width, long hi, long lo) {
    int high = Long.compareUnsigned(hi(at, width), hi);
    return high != 0 ? high : Long.compareUnsigned(lo(at, width), lo);
  }

  /// Sorts entries in place: they are few, and sorted but for a tail.
  static void sort(long entries, int sorted, int count, int width) {
    for (int i = Math.max(1, sorted); i < count; i++) {
      long at = entries + (long) i * width;
      long hi = hi(at, width);
      long lo = lo(at, width);
      int low = 0;
      int high = i;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (compare(entries + (long) middle * width, at, width) <= 0) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      long to = entries + (long) low * width;
      Memory.copy(to, to + width, at - to);
      put(to, width, hi, lo);
    }
  }
}
