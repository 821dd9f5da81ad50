package dev.quarry.storage.slab;

import dev.quarry.error.CorruptPageException;
import dev.quarry.storage.memory.Memory;
import org.jspecify.annotations.Nullable;

/// Verifies packed lists: each can be read, ends where it should, ascends, and has the form that
/// [Packed] gives it. Used by one thread at a time.
final class PackedCheck {
  private final Runs runs;
  private final PackedReader list = new PackedReader();

  PackedCheck(Runs runs) {
    this.runs = runs;
  }

  /// What is wrong with a list; null if nothing is.
  ///
  /// @param end where it must end, or -1 if that is not known
  /// @param length entries that it must have, or -1 if that is not known
  /// @param limit no byte of it lies behind this place
  @Nullable String fault(long place, long end, long length, long limit) {
    try {
      list.open(runs, place, end, length);
      if (!isPadded(place) || !isPadded(list.place())) {
        return "bytes before the end of its page are not zero";
      }
      long before = 0;
      while (list.next()) {
        long first = Memory.getInt(list.address()) & 0xFFFFFFFFL;
        if (first < before) {
          return "it goes on with %d after %d".formatted(first, before);
        }
        before = Memory.getInt(list.address() + (list.count() - 1) * 4L) & 0xFFFFFFFFL;
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

  private @Nullable String blockFault() {
    long at = runs.address(list.blockPlace());
    int bits = Packed.bits(at);
    int needed = neededBits();
    if (bits != needed || Packed.firstBytes(at) != Packed.firstBytesOf(Packed.first(at))) {
      return "a block has %d bits for differences of %d, and %d bytes for %d"
          .formatted(bits, needed, Packed.firstBytes(at), Packed.first(at) & 0xFFFFFFFFL);
    }
    int used = (list.count() - 1) * bits & 7;
    int last = Memory.getByte(at + Packed.blockBytes(at, list.count()) - 1) & 0xFF;
    if (used != 0 && last >>> used != 0) {
      return "bits behind the last entry of a block are not zero";
    }
    return isPadded(list.place()) || list.left() == 0
        ? null
        : "bytes before the end of its page are not zero";
  }

  private int neededBits() {
    int all = 0;
    for (int i = 1; i < list.count(); i++) {
      long at = list.address() + i * 4L;
      all |= Memory.getInt(at) - Memory.getInt(at - 4);
    }
    return 32 - Integer.numberOfLeadingZeros(all);
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
