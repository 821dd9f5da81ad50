package dev.quarry.storage.slab;

import dev.quarry.storage.memory.Memory;

/// The descriptors of slab pages: what is free is kept here, so that a slab page holds slots only.
///
/// Page 0 of the space has a head per size class, the first of its pages that have room. From page
/// 1 on there is a descriptor of 32 bytes for each slab page, those of small and large pages in
/// turn:
///
/// ```text
/// byte 0             1        2      4                 8               16              32
///      ┌─────────────┬────────┬──────┬─────────────────┬────────────────┬────────────────┐
///      │ class + 1   │ listed │ live │ zero            │ next with room │ slots in use   │
///      └─────────────┴────────┴──────┴─────────────────┴────────────────┴────────────────┘
/// ```
///
/// Class 0 means that the page is not in use. Heads and links are page numbers plus 1.
final class Descriptors {
  static final int BYTES = 32;
  static final int PER_PAGE = 4096 / BYTES;

  private Descriptors() {}

  static long page(long slabPage, boolean large) {
    return 1 + index(slabPage, large) / PER_PAGE;
  }

  static long offset(long slabPage, boolean large) {
    return index(slabPage, large) % PER_PAGE * BYTES;
  }

  static long headOffset(int sizeClass) {
    return sizeClass * 8L;
  }

  /// The number of the descriptor of a page.
  static long index(long slabPage, boolean large) {
    return slabPage * 2 + (large ? 1 : 0);
  }

  static int classPlusOne(long at) {
    return Memory.getByte(at);
  }

  static void format(long at, int sizeClass) {
    Memory.fill(at, BYTES, (byte) 0);
    Memory.putByte(at, (byte) (sizeClass + 1));
  }

  static boolean listed(long at) {
    return Memory.getByte(at + 1) != 0;
  }

  static void listed(long at, boolean listed) {
    Memory.putByte(at + 1, (byte) (listed ? 1 : 0));
  }

  static int live(long at) {
    return Memory.getShort(at + 2);
  }

  static void live(long at, int live) {
    Memory.putShort(at + 2, (short) live);
  }

  static long next(long at) {
    return Memory.getLong(at + 8);
  }

  static void next(long at, long pagePlusOne) {
    Memory.putLong(at + 8, pagePlusOne);
  }

  static boolean inUse(long at, int slot) {
    return (Memory.getLong(at + 16 + (slot >>> 6) * 8L) & 1L << slot) != 0;
  }

  static void inUse(long at, int slot, boolean value) {
    long word = at + 16 + (slot >>> 6) * 8L;
    long bits = Memory.getLong(word);
    Memory.putLong(word, value ? bits | 1L << slot : bits & ~(1L << slot));
  }

  /// Makes the first slot that is not in use one that is, and returns it; -1 if there is none.
  ///
  /// @param slots how many there are
  static int take(long at, int slots) {
    int first = 0;
    long bits = Memory.getLong(at + 16);
    if (bits == -1) {
      first = 64;
      bits = Memory.getLong(at + 24);
    }
    int slot = first + Long.numberOfTrailingZeros(~bits);
    if (slot >= slots) {
      return -1;
    }
    Memory.putLong(at + 16 + (first >>> 3), bits | bits + 1);
    return slot;
  }
}
