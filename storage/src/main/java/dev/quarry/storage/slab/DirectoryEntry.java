package dev.quarry.storage.slab;

import dev.quarry.storage.memory.Memory;

/// The directory entry of a list, 16 bytes; all zeros is the empty list.
///
/// ```text
/// byte 0        1        2        4          8                                16
///      ┌────────┬────────┬────────┬──────────┬─────────────────────────────────┐
///      │ INLINE │ length │ zeros  │ up to 3 entries of 4 bytes, or at 8 one of 8│
///      ├────────┼────────┼────────┼──────────┼─────────────────────────────────┤
///      │ BLOCK  │ zero   │ sorted │ length   │ slab reference                  │
///      ├────────┼────────┼────────┼──────────┼─────────────────────────────────┤
///      │ HUB    │ zeros           │ length   │ root of a tree                  │
///      ├────────┼─────────────────┼──────────┼─────────────────────────────────┤
///      │ RUN    │ zeros           │ length   │ page of a run << 16 | byte      │
///      ├────────┼─────────────────┼──────────┼─────────────────────────────────┤
///      │ PACKED │ zeros           │ length   │ the same, of a packed run       │
///      └────────┴─────────────────┴──────────┴─────────────────────────────────┘
/// ```
///
/// Of a block the first `sorted` entries ascend; the others are its tail, in order of insertion.
/// The form plus [#WIDE] says that the entries of this list are 8 bytes wide, where others of its
/// kind have 4.
final class DirectoryEntry {
  static final int BYTES = 16;
  static final int SHIFT = 4;
  static final int PER_PAGE_SHIFT = 12 - SHIFT;
  static final int PER_PAGE = 1 << PER_PAGE_SHIFT;
  static final int EMPTY = 0;
  static final int INLINE = 1;
  static final int BLOCK = 2;
  static final int HUB = 3;
  static final int WIDE = 4;
  static final int RUN = 8;
  static final int PACKED = 9;

  private DirectoryEntry() {}

  /// Where the entry of a slot is in its page.
  static long offset(long slot) {
    return (slot & PER_PAGE - 1) << SHIFT;
  }

  /// The line of 64 bytes that it lies in, as one bit of those of its page.
  static long line(long slot) {
    return 1L << (offset(slot) >>> 6);
  }

  /// One of the six forms, or what else is there.
  static int form(long at) {
    return Memory.getByte(at) & ~WIDE;
  }

  /// Whether the list lies in a run, packed or not.
  static boolean isInRun(long at) {
    return form(at) == RUN || form(at) == PACKED;
  }

  static boolean isWide(long at) {
    return (Memory.getByte(at) & WIDE) != 0;
  }

  static long length(long at) {
    return form(at) == INLINE ? Memory.getByte(at + 1) : Memory.getInt(at + 4) & 0xFFFFFFFFL;
  }

  static int sorted(long at) {
    return Memory.getShort(at + 2) & 0xFFFF;
  }

  static long reference(long at) {
    return Memory.getLong(at + 8);
  }

  static void reference(long at, long reference) {
    Memory.putLong(at + 8, reference);
  }

  /// How many entries of a width fit inline.
  static int inlineCapacity(int width) {
    return width == 4 ? 3 : width == 8 ? 1 : 0;
  }

  /// Where inline entries begin.
  static long inlineEntries(long at, int width) {
    return at + (width == 4 ? 4 : 8);
  }

  /// Whether the first word of an entry says that there are 0 to 3 entries of 4 bytes, inline.
  static boolean isFew(long head) {
    return (head & ~(INLINE | 3 << 8) & 0xFFFF) == 0;
  }

  static void putInline(long at, boolean wide, int length) {
    Memory.putByte(at, (byte) (wide ? INLINE | WIDE : INLINE));
    Memory.putByte(at + 1, (byte) length);
    Memory.putShort(at + 2, (short) 0);
  }

  static void putBlock(long at, boolean wide, long length, int sorted, long reference) {
    Memory.putShort(at, (short) (wide ? BLOCK | WIDE : BLOCK));
    Memory.putShort(at + 2, (short) sorted);
    Memory.putInt(at + 4, (int) length);
    Memory.putLong(at + 8, reference);
  }

  static void putHub(long at, boolean wide, long length, long root) {
    Memory.putInt(at, wide ? HUB | WIDE : HUB);
    Memory.putInt(at + 4, (int) length);
    Memory.putLong(at + 8, root);
  }

  static void putRun(long at, boolean wide, long length, long place) {
    Memory.putInt(at, wide ? RUN | WIDE : RUN);
    Memory.putInt(at + 4, (int) length);
    Memory.putLong(at + 8, place);
  }

  static void putPacked(long at, boolean wide, long length, long place) {
    Memory.putInt(at, wide ? PACKED | WIDE : PACKED);
    Memory.putInt(at + 4, (int) length);
    Memory.putLong(at + 8, place);
  }

  static void putEmpty(long at) {
    Memory.fill(at, BYTES, (byte) 0);
  }
}
