package dev.quarry.storage.slab;

import dev.quarry.error.CorruptPageException;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.PackedOffsets;
import org.jspecify.annotations.Nullable;

/// Verifies packed lists: each can be read, ends where it should, ascends, and has the form that
/// [Packed] gives it. Used by one thread at a time.
final class PackedCheck {
  private final Runs runs;
  private final PackedReader list = new PackedReader();
  private final int[] lowers = new int[Packed.BLOCK];
  private int width;

  PackedCheck(Runs runs) {
    this.runs = runs;
  }

  /// What is wrong with a list; null if nothing is.
  ///
  /// @param ofWidth bytes of an entry
  /// @param end where it must end, or -1 if that is not known
  /// @param length entries that it must have, or -1 if that is not known
  /// @param limit no byte of it lies behind this place
  @Nullable String fault(int ofWidth, long place, long end, long length, long limit) {
    width = ofWidth;
    try {
      list.open(runs, width, place, end, length);
      if (!isPadded(place) || !isPadded(list.place())) {
        return "bytes before the end of its page are not zero";
      }
      long before = 0;
      while (list.next()) {
        for (int i = 0; i < list.count(); i++) {
          long entry = entry(i);
          if (Long.compareUnsigned(entry, before) < 0) {
            return "it goes on with %x after %x".formatted(entry, before);
          }
          before = entry;
        }
        String fault = blockFault();
        if (fault != null) {
          return fault;
        }
      }
      return list.place() <= limit
          ? null
          : "it ends at byte %d, its run at %d".formatted(list.place(), limit);
    } catch (CorruptPageException e) {
      return e.getMessage();
    } finally {
      list.close();
    }
  }

  private long entry(int i) {
    return Entries.lo(list.address() + (long) i * width, width);
  }

  private @Nullable String blockFault() {
    long at = runs.address(list.blockPlace());
    int count = list.count();
    long lowers = Packed.lowers(at, count);
    String fault = fault(at, upperBits(), Packed.first(at), (count - 1) * Packed.bits(at), lowers);
    if (fault == null && width == 8) {
      fault = lowersFault(lowers, at + Packed.blockBytes(at, count, width));
    }
    if (fault != null) {
      return fault;
    }
    return isPadded(list.place()) || list.left() == 0
        ? null
        : "bytes before the end of its page are not zero";
  }

  private int upperBits() {
    int all = 0;
    for (int i = 1; i < list.count(); i++) {
      all |= (int) (entry(i) >>> 32) - (int) (entry(i - 1) >>> 32);
    }
    return 32 - Integer.numberOfLeadingZeros(all);
  }

  private @Nullable String lowersFault(long at, long end) {
    int count = list.count();
    for (int i = 0; i < count; i++) {
      lowers[i] = (int) entry(i);
    }
    int bits = PackedOffsets.bits(lowers, count);
    int base = PackedOffsets.base(lowers, count, bits);
    return fault(at, bits, base, count * Packed.bits(at), end);
  }

  /// What is wrong with one half of a block.
  ///
  /// @param bits that it should have
  /// @param first likewise
  /// @param used how many bits it has behind its first number
  /// @param end behind its last byte
  private static @Nullable String fault(long at, int bits, int first, int used, long end) {
    if (Packed.bits(at) != bits
        || Packed.first(at) != first
        || Packed.firstBytes(at) != Packed.firstBytesOf(first)) {
      return "a block has %d bits for numbers of %d, and begins at %d in %d bytes, not at %d"
          .formatted(
              Packed.bits(at),
              bits,
              Packed.first(at) & 0xFFFFFFFFL,
              Packed.firstBytes(at),
              first & 0xFFFFFFFFL);
    }
    int last = Memory.getByte(end - 1) & 0xFF;
    return (used & 7) != 0 && last >>> (used & 7) != 0
        ? "bits behind the last entry of a block are not zero"
        : null;
  }

  /// Whether what a page has from a place on are zeros, if what follows lies in the next one.
  private boolean isPadded(long place) {
    if (Packed.place(runs, place) == place) {
      return true;
    }
    long left = Runs.leftInPage(place);
    for (long at = (place & Runs.PAGE - 1) == Packed.END ? 0 : 1; at < left; at++) {
      if (Memory.getByte(runs.address(place) + at) != 0) {
        return false;
      }
    }
    return true;
  }
}
