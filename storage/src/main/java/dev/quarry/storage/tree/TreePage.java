package dev.quarry.storage.tree;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.storage.memory.Memory;

/// A node of a tree, 4 KiB.
///
/// ```text
/// byte 0       1      2       4        8                16
///      ┌───────┬──────┬───────┬────────┬────────────────┬───────────────────────────────────────┐
///      │ level │ zero │ count │ zero   │ next leaf      │ leaf: entries of 4, 8, 16 or 24 bytes │
///      └───────┴──────┴───────┴────────┴────────────────┤ else: count × 24 or 32 bytes          │
///                                                       │ { first entry (16 or 24) │ child (8) }│
///                                                       └───────────────────────────────────────┘
/// ```
///
/// An entry is compared word by word: high, middle, low. The low word comes first in its bytes;
/// entries of 24 bytes have all three, of 16 high and low, narrower ones the low word only.
///
/// Level 1 is a leaf. Of an inner node, the first entry of child 0 counts as smaller than anything.
/// Page 0 of a space of trees is no node: its bytes 0–7 are the first of a chain of free pages,
/// each of which holds the next one there; the other bytes are the owner's, see [TreeHead].
final class TreePage {
  static final int BYTES = 4096;
  static final int SHIFT = 12;
  static final int HEADER = 16;
  private static final int FEW = 8; // entries that are searched by halves at once

  private TreePage() {}

  static int leafCapacity(int width) {
    return (BYTES - HEADER) / width;
  }

  static int childBytes(int width) {
    return width == 24 ? 32 : 24;
  }

  /// Children that an inner node can have.
  static int fanout(int width) {
    return (BYTES - HEADER) / childBytes(width);
  }

  static int level(long at) {
    return Memory.getByte(at);
  }

  static int count(long at) {
    return Memory.getShort(at + 2);
  }

  static void count(long at, int count) {
    Memory.putShort(at + 2, (short) count);
  }

  static long next(long at) {
    return Memory.getLong(at + 8);
  }

  static void next(long at, long page) {
    Memory.putLong(at + 8, page);
  }

  static void format(long at, int level) {
    Memory.fill(at, HEADER, (byte) 0);
    Memory.putByte(at, (byte) level);
  }

  static long entry(long at, int i, int width) {
    return at + HEADER + (long) i * width;
  }

  static long childEntry(long at, int i, int width) {
    return entry(at, i, childBytes(width));
  }

  static long child(long at, int i, int width) {
    return Memory.getLong(childEntry(at, i, width) + childBytes(width) - 8);
  }

  static void putChild(long at, int i, int width, long hi, long mid, long lo, long page) {
    long where = childEntry(at, i, width);
    Memory.putLong(where, hi);
    Memory.putLong(where + 8, lo);
    if (width == 24) {
      Memory.putLong(where + 16, mid);
    }
    Memory.putLong(where + childBytes(width) - 8, page);
  }

  static long separatorHi(long at, int i, int width) {
    return Memory.getLong(childEntry(at, i, width));
  }

  static long separatorMid(long at, int i, int width) {
    return width == 24 ? Memory.getLong(childEntry(at, i, width) + 16) : 0;
  }

  static long separatorLo(long at, int i, int width) {
    return Memory.getLong(childEntry(at, i, width) + 8);
  }

  /// The high word of an entry: 0 unless entries are 16 or 24 bytes wide.
  static long hi(long entry, int width) {
    return width < 16 ? 0 : Memory.getLong(entry + width - 8);
  }

  /// The middle word of an entry: 0 unless entries are 24 bytes wide.
  static long mid(long entry, int width) {
    return width == 24 ? Memory.getLong(entry + 8) : 0;
  }

  /// The low word of an entry.
  static long lo(long entry, int width) {
    return width == 4 ? Memory.getInt(entry) & 0xFFFFFFFFL : Memory.getLong(entry);
  }

  static void put(long entry, int width, long hi, long mid, long lo) {
    if (width == 4) {
      Memory.putInt(entry, (int) lo);
      return;
    }
    Memory.putLong(entry, lo);
    if (width == 24) {
      Memory.putLong(entry + 8, mid);
    }
    if (width >= 16) {
      Memory.putLong(entry + width - 8, hi);
    }
  }

  static boolean equal(long entry, int width, long hi, long mid, long lo) {
    return lo(entry, width) == lo && mid(entry, width) == mid && hi(entry, width) == hi;
  }

  private static int compareEntry(long entry, int width, long hi, long mid, long lo) {
    int order = Long.compareUnsigned(hi(entry, width), hi);
    order = order != 0 ? order : Long.compareUnsigned(mid(entry, width), mid);
    return order != 0 ? order : Long.compareUnsigned(lo(entry, width), lo);
  }

  private static int compareSeparator(long at, int i, int width, long hi, long mid, long lo) {
    int order = Long.compareUnsigned(separatorHi(at, i, width), hi);
    order = order != 0 ? order : Long.compareUnsigned(separatorMid(at, i, width), mid);
    return order != 0 ? order : Long.compareUnsigned(separatorLo(at, i, width), lo);
  }

  /// The first entry of a leaf that is not smaller (`after`: that is greater) than a key.
  static int search(long leaf, int width, long hi, long mid, long lo, boolean after) {
    int low = 0;
    int high = count(leaf);
    int guess = width == 24 ? guess(leaf, high, hi) : 0;
    if (guess > 0) {
      if (isBefore(leaf, guess, width, hi, mid, lo, after)) {
        low = guess + 1;
      } else if (isBefore(leaf, guess - 1, width, hi, mid, lo, after)) {
        return guess;
      } else {
        high = guess - 1;
      }
    }
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (isBefore(leaf, middle, width, hi, mid, lo, after)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// Where a high word would be if those of a leaf lay evenly, as those of an index of numbers
  /// mostly do; 0 if nothing can be guessed. Two looks are fewer than a search by halves takes, and
  /// their outcome is easier to foresee.
  private static int guess(long leaf, int count, long hi) {
    if (count < FEW) {
      return 0;
    }
    long first = hi(entry(leaf, 0, 24), 24);
    long behind = hi - first;
    long all = hi(entry(leaf, count - 1, 24), 24) - first;
    return behind > 0 && behind < all
        ? (int) ((double) behind / (double) all * (count - 1) + 0.5)
        : 0;
  }

  /// Whether an entry of a leaf is smaller than a key (`after`: or equal).
  private static boolean isBefore(
      long leaf, int i, int width, long hi, long mid, long lo, boolean after) {
    int order = compareEntry(entry(leaf, i, width), width, hi, mid, lo);
    return order < 0 || after && order == 0;
  }

  /// The child of an inner node to look for a key in: the first that may hold it, or (`after`) the
  /// last.
  static int searchChild(long node, int width, long hi, long mid, long lo, boolean after) {
    int low = 1;
    int high = count(node);
    while (low < high) {
      int middle = (low + high) >>> 1;
      int order = compareSeparator(node, middle, width, hi, mid, lo);
      if (order < 0 || after && order == 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low - 1;
  }

  /// Checks what a node from disk says of itself, once per visit.
  static void ensureSound(long at, long page, int space, int width) {
    int level = level(at);
    int count = count(at);
    int most = level == 1 ? leafCapacity(width) : fanout(width);
    if (level < 1 || level > 16 || count < 0 || count > most) {
      throw new CorruptPageException(
          ErrorCode.STORE_DAMAGED,
          "page %d of space %d is no node of a tree: level %d, count %d of at most %d"
              .formatted(page, space, level, count, most),
          "run `quarry check`");
    }
  }

  /// Checks that a node lies one level below another one, so that no walk goes round.
  static void ensureBelow(long parent, long at, long page, int space) {
    if (level(at) != level(parent) - 1) {
      throw new CorruptPageException(
          ErrorCode.STORE_DAMAGED,
          "page %d of space %d has level %d, expected %d"
              .formatted(page, space, level(at), level(parent) - 1),
          "run `quarry check`");
    }
  }
}
