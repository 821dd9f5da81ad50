package dev.quarry.storage.slab;

import dev.quarry.storage.memory.PackedInts;
import dev.quarry.storage.memory.PackedOffsets;

/// Adds lists to the end of a packed run, entry by entry; see [Packed]. Used by the writer's
/// thread.
final class PackedWriter {
  private final RunAppender run;
  private final int width;
  private final int[] uppers = new int[Packed.BLOCK];
  private final int[] lowers = new int[Packed.BLOCK];
  private int filled;
  private long left;

  /// @param width bytes of an entry: 4 or 8
  PackedWriter(RunAppender run, int width) {
    this.run = run;
    this.width = width;
  }

  /// Begins a list.
  ///
  /// @param count of the entries that follow
  void begin(long count) {
    assert left == 0 : left + " entries are missing";
    left = count;
    Packed.putCount(run.room(Packed.countBytes(count)), count);
  }

  /// Adds an entry, not below the one before, that fits into its width.
  void add(long lo) {
    assert left > 0 : "more entries than were announced";
    assert Entries.fits(width, lo) : lo;
    uppers[filled] = (int) (lo >>> 32);
    lowers[filled] = (int) lo;
    assert filled == 0 || Long.compareUnsigned(word(filled - 1), lo) <= 0 : lo;
    filled++;
    left--;
    if (filled == Packed.BLOCK || left == 0) {
      putBlock();
      filled = 0;
    }
  }

  private long word(int i) {
    return (long) uppers[i] << 32 | lowers[i] & 0xFFFFFFFFL;
  }

  private void putBlock() {
    int bits = PackedInts.bits(uppers, filled);
    int bytes = Packed.uppersBytes(uppers[0], filled, bits);
    if (width == 4) {
      Packed.putUppers(run.room(bytes), uppers, filled, bits);
      return;
    }
    int lowerBits = PackedOffsets.bits(lowers, filled);
    int base = PackedOffsets.base(lowers, filled, lowerBits);
    long at = run.room(bytes + Packed.lowersBytes(base, filled, lowerBits));
    Packed.putUppers(at, uppers, filled, bits);
    Packed.putLowers(at + bytes, lowers, filled, lowerBits, base);
  }
}
