package dev.quarry.storage.arena;

import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.page.PageTransaction;

/// Writes the cells of one column. Used by the writer's thread.
public final class ColumnWriter {
  private final PageTransaction transaction;
  private final int space;
  private final int cellBytes;

  /// @param cellBytes bytes of a cell; 0 means bits
  public ColumnWriter(PageTransaction transaction, int space, int cellBytes) {
    this.transaction = transaction;
    this.space = space;
    this.cellBytes = cellBytes;
  }

  /// The address of the cell of a slot, valid until the next spill point.
  public long writable(long slot) {
    return Column.writable(transaction, space, cellBytes, slot);
  }

  public void putBit(long slot, boolean value) {
    assert cellBytes == 0 : cellBytes;
    Column.putBit(transaction, space, slot, value);
  }

  public void putByte(long slot, byte value) {
    Memory.putByte(writable(slot), value);
  }

  public void putShort(long slot, short value) {
    Memory.putShort(writable(slot), value);
  }

  public void putLong(long slot, long value) {
    Memory.putLong(writable(slot), value);
  }

  /// Sets cells of 8 bytes in a row, from a slot on.
  public void putLongs(long slot, long[] values, int count) {
    assert cellBytes == 8 : cellBytes;
    int perPage = Column.PAGE_BYTES / 8;
    for (int done = 0; done < count; ) {
      int piece = (int) Math.min(count - done, perPage - (slot + done & perPage - 1));
      Memory.putLongs(values, done, writable(slot + done), piece);
      done += piece;
    }
  }

  /// Sets the bits of the slots in `[from, to)`.
  public void putBits(long from, long to, boolean value) {
    for (long slot = from; slot < to; ) {
      if ((slot & 63) == 0 && to - slot >= 64) {
        Memory.fill(wordOf(slot), 8, (byte) (value ? -1 : 0));
        slot += 64;
      } else {
        putBit(slot++, value);
      }
    }
  }

  private long wordOf(long slot) {
    long page = slot >>> 15;
    return transaction.writable(space, page) + ((slot & (1 << 15) - 1) >>> 3);
  }
}
