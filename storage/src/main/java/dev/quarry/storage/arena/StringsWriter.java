package dev.quarry.storage.arena;

import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.slab.SlabWriter;

/// Writes strings of bytes to cells of 16 bytes; the format is drawn in [Strings]. Used by the
/// writer's thread.
public final class StringsWriter {
  static final int ONE_SLOT = SlabWriter.largest();

  private final Strings strings;
  private final SlabWriter slabs;

  public StringsWriter(PageTransaction transaction, StringSpaces spaces) {
    this.strings = new Strings(transaction, spaces);
    this.slabs = new SlabWriter(transaction, spaces.slabs());
  }

  /// Writes a string to a cell that holds none.
  ///
  /// @param cell writable, valid until the end of the call
  public void write(long cell, long bytes, int length) {
    Memory.fill(cell, 16, (byte) 0);
    Memory.putInt(cell, length);
    if (length <= Strings.INLINE) {
      Memory.copy(bytes, cell + 4, length);
      return;
    }
    Memory.copy(bytes, cell + 4, 4);
    Memory.putLong(cell + 8, length <= ONE_SLOT ? one(bytes, length) : chain(bytes, length));
  }

  /// Frees what the string in a cell owns, which nobody reads any more; the cell itself stays as it
  /// is.
  public void free(long cell) {
    strings.owned(cell, slabs::giveBack);
  }

  /// Makes freed slots free for the next transaction. Call it before the commit.
  public void finish() {
    slabs.finish();
  }

  private long one(long bytes, int length) {
    long reference = slabs.take(length);
    Memory.copy(bytes, slabs.writableEnd(reference), length);
    return reference;
  }

  /// Written from its end, so that each piece knows the next one.
  private long chain(long bytes, int length) {
    int piece = ONE_SLOT - Strings.LINK;
    long next = 0;
    for (int from = (length - 1) / piece * piece; from >= 0; from -= piece) {
      int count = Math.min(piece, length - from);
      long reference = slabs.take(count + Strings.LINK);
      long at = slabs.writableEnd(reference);
      Memory.putLong(at, next);
      Memory.copy(bytes + from, at + Strings.LINK, count);
      next = reference;
    }
    return next;
  }
}
