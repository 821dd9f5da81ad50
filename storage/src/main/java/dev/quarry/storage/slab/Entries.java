package dev.quarry.storage.slab;

import dev.quarry.storage.memory.ListLoops;
import dev.quarry.storage.memory.Memory;

/// Entries of a list that lie one behind the other.
///
/// An entry is two words, of which a list keeps what its width has room for. One of 4 bytes is the
/// upper half of the lower word, where the other half is zero.
///
/// ```text
/// 16 bytes   lo | hi         8 bytes   lo         4 bytes   lo >>> 32
/// ```
final class Entries {
  private Entries() {}

  static long hi(long at, int width) {
    return width == 16 ? Memory.getLong(at + 8) : 0;
  }

  static long lo(long at, int width) {
    return width == 4 ? (long) Memory.getInt(at) << 32 : Memory.getLong(at);
  }

  static void put(long at, int width, long hi, long lo) {
    if (width == 4) {
      Memory.putInt(at, (int) (lo >>> 32));
    } else {
      Memory.putLong(at, lo);
      if (width == 16) {
        Memory.putLong(at + 8, hi);
      }
    }
  }

  /// Whether an entry fits into so many bytes.
  static boolean fits(int width, long lo) {
    return width != 4 || (int) lo == 0;
  }

  /// The word by which a tree of entries of a width knows an entry.
  static long key(int width, long lo) {
    return width == 4 ? lo >>> 32 : lo;
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

  /// How many of `count` entries, of which the first `sorted` ascend, equal the given one, which
  /// fits.
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
    if (width == 4) {
      long tail = entries + sorted * 4L;
      return equal + ListLoops.countEqual(tail, count - sorted, (int) (lo >>> 32));
    }
    for (int i = sorted; i < count; i++) {
      equal += compare(entries + (long) i * width, width, hi, lo) == 0 ? 1 : 0;
    }
    return equal;
  }

  static int compare(long at, int width, long hi, long lo) {
    int high = Long.compareUnsigned(hi(at, width), hi);
    return high != 0 ? high : Long.compareUnsigned(lo(at, width), lo);
  }

  /// How many entries from one on go on ascending from those before it, which all do.
  static int ascending(long entries, int from, int count, int width) {
    int i = from;
    while (i < count
        && (i == 0
            || compare(entries + (i - 1L) * width, entries + (long) i * width, width) <= 0)) {
      i++;
    }
    return i - from;
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
