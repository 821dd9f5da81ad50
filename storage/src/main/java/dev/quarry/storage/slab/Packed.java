package dev.quarry.storage.slab;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.PackedInts;
import dev.quarry.storage.memory.PackedOffsets;

/// How lists lie in a packed run, which is one whose ends count bytes. Their entries have 4 or 8
/// bytes, as the group of the run says, and ascend. Of those of 8 bytes the upper halves lie where
/// others have their entries, and the lower halves behind them.
///
/// ```text
/// list    ┌───────┬─────────┬─────────┬───    up to 128 entries in a block, all but the last full
///         │ count │ block   │ block   │ …     count: 1 byte, or 254 and 4 bytes from 254 on
///         └───────┴─────────┴─────────┴───
/// block   ┌───────────────┬─────────────────────┬──────────────────────────────┐
///         │ bits 6 : size │ first, 1 to 4 bytes │ differences, `bits` bits each│
///         ├───────────────┼─────────────────────┼──────────────────────────────┤
///         │ bits 6 : size │ base, 1 to 4 bytes  │ offsets of the lower halves  │  8 bytes
///         └───────────────┴─────────────────────┴──────────────────────────────┘
/// page    byte 0                                              65528     65536
///         ┌───────────────────────────────────────────┬─────┬─────────┐
///         │ counts and blocks                         │ 255 │ nothing │
///         └───────────────────────────────────────────┴─────┴─────────┘
/// ```
///
/// `size`, in the upper 2 bits, is one less than the bytes of the number that follows; differences
/// are those of [PackedInts], offsets those of [PackedOffsets]: the edge slots of a list that was
/// loaded rise by one, and take no bits. Neither a count nor a block is cut: one that does not fit
/// begins the next page, and a byte 255 stands where it would have begun, unless that is byte
/// 65,528. So nothing lies in the last 8 bytes of a page, and 8 bytes can be read wherever one
/// lies.
///
/// Each list has one form: `bits` and `size` are the least that do, and bits and bytes that mean
/// nothing are zero. Readers need not rely on it; the check does.
final class Packed {
  /// The most entries of a block.
  static final int BLOCK = 128;

  /// Where the last 8 bytes of a page begin.
  static final int END = Runs.PAGE - 8;

  /// What stands where a page ends before [#END].
  static final int PADDING = 255;

  /// The most entries that so many bytes can hold: a block has at least 2.
  static final int MOST_PER_BYTE = BLOCK / 2;

  private static final int LONG_COUNT = 254;
  private static final int MOST_BITS = 32;

  private Packed() {}

  /// Bytes of a count.
  static int countBytes(long count) {
    return count < LONG_COUNT ? 1 : 5;
  }

  static void putCount(long at, long count) {
    assert count > 0 && count < 1L << 32 : count;
    if (count < LONG_COUNT) {
      Memory.putByte(at, (byte) count);
    } else {
      Memory.putByte(at, (byte) LONG_COUNT);
      Memory.putInt(at + 1, (int) count);
    }
  }

  static long count(long at) {
    int one = Memory.getByte(at) & 0xFF;
    return one == LONG_COUNT ? Memory.getInt(at + 1) & 0xFFFFFFFFL : one;
  }

  /// Bits of a difference, of a block; or of an offset, of its lower halves.
  static int bits(long at) {
    return Memory.getByte(at) & 63;
  }

  /// Bytes of the first entry, or the base.
  static int firstBytes(long at) {
    return (Memory.getByte(at) >>> 6 & 3) + 1;
  }

  static int first(long at) {
    return Memory.getInt(at + 1) & -1 >>> 32 - 8 * firstBytes(at);
  }

  /// Where the differences, or the offsets, are.
  static long differences(long at) {
    return at + 1 + firstBytes(at);
  }

  /// Where the lower halves of a block of so many entries are.
  static long lowers(long at, int count) {
    return differences(at) + PackedInts.bytes(count, bits(at));
  }

  /// Bytes of a block of so many entries.
  ///
  /// @param width bytes of an entry
  static int blockBytes(long at, int count, int width) {
    long lowers = lowers(at, count);
    return width == 4
        ? (int) (lowers - at)
        : (int) (differences(lowers) - at) + PackedOffsets.bytes(count, bits(lowers));
  }

  /// Bytes that entries of 4 bytes, or the upper halves of some, need.
  static int uppersBytes(int first, int count, int bits) {
    return 1 + firstBytesOf(first) + PackedInts.bytes(count, bits);
  }

  /// Bytes that lower halves need.
  static int lowersBytes(int base, int count, int bits) {
    return 1 + firstBytesOf(base) + PackedOffsets.bytes(count, bits);
  }

  static void putUppers(long at, int[] uppers, int count, int bits) {
    putHead(at, uppers[0], bits);
    PackedInts.pack(uppers, count, bits, differences(at));
  }

  static void putLowers(long at, int[] lowers, int count, int bits, int base) {
    putHead(at, base, bits);
    PackedOffsets.pack(lowers, count, bits, base, differences(at));
  }

  private static void putHead(long at, int first, int bits) {
    int size = firstBytesOf(first);
    Memory.putByte(at, (byte) (size - 1 << 6 | bits));
    for (int i = 0; i < size; i++) {
      Memory.putByte(at + 1 + i, (byte) (first >>> 8 * i));
    }
  }

  /// Reads the entries of a block.
  ///
  /// @param to address of room for them
  /// @return the last entry, or its upper half; not below 2^32 only if the block is damaged
  static long unpack(long at, int count, int width, long to) {
    if (width == 4) {
      return PackedInts.unpack(differences(at), count, bits(at), first(at), to);
    }
    long lowers = lowers(at, count);
    PackedOffsets.unpackLowers(differences(lowers), count, bits(lowers), first(lowers), to);
    return PackedInts.unpackUppers(differences(at), count, bits(at), first(at), to);
  }

  static int firstBytesOf(int first) {
    return Math.max(1, 39 - Integer.numberOfLeadingZeros(first) >>> 3);
  }

  /// The place of what follows: in the next page, where padding says so.
  static long place(Runs runs, long place) {
    int at = (int) place & Runs.PAGE - 1;
    if (at > END) {
      throw damaged(place, "nothing lies behind byte " + END);
    }
    boolean goesOn = at == END || (Memory.getByte(runs.address(place)) & 0xFF) == PADDING;
    return goesOn ? (place | Runs.PAGE - 1) + 1 : place;
  }

  /// Makes sure that a count lies in its page, and is one.
  static long soundCount(Runs runs, long place) {
    long at = runs.address(place);
    long count = count(at);
    boolean isSound = count > 0 && (Memory.getByte(at) & 0xFF) == Math.min(count, LONG_COUNT);
    if (!isSound || (place & Runs.PAGE - 1) + countBytes(count) > END) {
      throw damaged(place, "a list is said to have " + count + " entries");
    }
    return count;
  }

  /// Makes sure that a block of so many entries lies in its page.
  static long soundBlock(Runs runs, long place, int count, int width) {
    long at = runs.address(place);
    long left = END - (place & Runs.PAGE - 1);
    boolean isSound = bits(at) <= MOST_BITS && lowers(at, count) - at <= left;
    if (isSound && width == 8) {
      long lowers = lowers(at, count);
      isSound = bits(lowers) <= MOST_BITS && blockBytes(at, count, width) <= left;
    }
    if (!isSound) {
      throw damaged(place, "a block of %d entries with %d bits each".formatted(count, bits(at)));
    }
    return at;
  }

  static CorruptPageException damaged(long place, String what) {
    return new CorruptPageException(
        ErrorCode.STORE_DAMAGED,
        "a packed run is damaged at byte %d of page %d: %s"
            .formatted(place & Runs.PAGE - 1, place >>> Runs.PAGE_SHIFT, what),
        "run `quarry check`");
  }
}
