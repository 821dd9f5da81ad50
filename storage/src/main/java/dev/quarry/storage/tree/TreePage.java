package dev.quarry.storage.tree;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.storage.memory.Memory;

/// A node of a tree, 4 KiB.
///
/// ```text
/// byte 0       1      2       4        8                16
///      ┌───────┬──────┬───────┬────────┬────────────────┬──────────────────────────────────┐
///      │ level │ zero │ count │ zero   │ next leaf      │ leaf: entries of 4, 8 or 16 bytes│
///      └───────┴──────┴───────┴────────┴────────────────┤ else: count × 24 bytes           │
///                                                       │ { first entry (16) │ child (8) } │
///                                                       └──────────────────────────────────┘
/// ```
///
/// Level 1 is a leaf. Of an inner node, the first entry of child 0 counts as smaller than anything.
/// Page 0 of a space of trees is no node: its bytes 0–7 are the first of a chain of free pages,
/// each of which holds the next one there.
final class TreePage {
  static final int BYTES = 4096;
  static final int SHIFT = 12;
  static final int HEADER = 16;
  static final int CHILD_BYTES = 24;
  static final int FANOUT = (BYTES - HEADER) / CHILD_BYTES;

  private TreePage() {}

  static int leafCapacity(int width) {
    return (BYTES - HEADER) / width;
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

  static long child(long at, int i) {
    return Memory.getLong(at + HEADER + (long) i * CHILD_BYTES + 16);
  }

  static void putChild(long at, int i, long hi, long lo, long page) {
    long where = at + HEADER + (long) i * CHILD_BYTES;
    Memory.putLong(where, hi);
    Memory.putLong(where + 8, lo);
    Memory.putLong(where + 16, page);
  }

  static long separatorHi(long at, int i) {
    return Memory.getLong(at + HEADER + (long) i * CHILD_BYTES);
  }

  static long separatorLo(long at, int i) {
    return Memory.getLong(at + HEADER + (long) i * CHILD_BYTES + 8);
  }

  /// The high word of an entry: 0 unless entries are 16 bytes wide.
  static long hi(long entry, int width) {
    return width == 16 ? Memory.getLong(entry + 8) : 0;
  }

  /// The low word of an entry.
  static long lo(long entry, int width) {
    return width == 4 ? Memory.getInt(entry) & 0xFFFFFFFFL : Memory.getLong(entry);
  }

  static void put(long entry, int width, long hi, long lo) {
    if (width == 4) {
      Memory.putInt(entry, (int) lo);
    } else {
      Memory.putLong(entry, lo);
      if (width == 16) {
        Memory.putLong(entry + 8, hi);
      }
    }
  }

  static int compare(long hi1, long lo1, long hi2, long lo2) {
    int high = Long.compareUnsigned(hi1, hi2);
    return high != 0 ? high : Long.compareUnsigned(lo1, lo2);
  }

  /// The first entry of a leaf that is not smaller (`after`: that is greater) than a key.
  static int search(long leaf, int width, long hi, long lo, boolean after) {
    int low = 0;
    int high = count(leaf);
    while (low < high) {
      int middle = (low + high) >>> 1;
      long entry = entry(leaf, middle, width);
      int order = compare(hi(entry, width), lo(entry, width), hi, lo);
      if (order < 0 || after && order == 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// The child of an inner node to look for a key in: the first that may hold it, or (`after`) the
  /// last.
  static int searchChild(long node, long hi, long lo, boolean after) {
    int low = 1;
    int high = count(node);
    while (low < high) {
      int middle = (low + high) >>> 1;
      int order = compare(separatorHi(node, middle), separatorLo(node, middle), hi, lo);
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
    int most = level == 1 ? leafCapacity(width) : FANOUT;
    if (level < 1 || level > 16 || count < 0 || count > most) {
      throw new CorruptPageException(
          ErrorCode.STORE_DAMAGED,
          "page %d of space %d is no node of a tree: level %d, count %d of at most %d"
              .formatted(page, space, level, count, most),
          "run `quarry check`");
    }
  }
}
