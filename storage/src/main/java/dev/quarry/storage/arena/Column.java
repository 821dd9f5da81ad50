package dev.quarry.storage.arena;

import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.page.PageReader;
import dev.quarry.storage.page.PageTable;
import dev.quarry.storage.page.PageTransaction;

/// One cell per slot: 1 bit, or 1, 2, 4, 8, 16 or 32 bytes. A cell that was never written is zero,
/// and a page of such cells takes no space.
///
/// ```text
/// slot     63                       12 - s              0        s: log2 of the cell's bytes
///         ┌────────────────────────────┬────────────────┐
///         │ page                       │ cell in page   │       of bits: 32,768 to a page
///         └────────────────────────────┴────────────────┘
/// ```
///
/// Used by one thread at a time; nothing is allocated.
public final class Column {
  private static final int PAGE_SHIFT = 12;

  /// Bytes of a page of cells.
  public static final int PAGE_BYTES = 1 << PAGE_SHIFT;

  static final int BIT_PAGE_SHIFT = PAGE_SHIFT + 3;

  private final PageTable pages;
  private final byte cellShift; // small, since each reader makes some columns
  private final byte slotShift;
  private final short slotMask;

  /// Reads a column whose cells have `cellBytes` bytes; 0 means bits.
  public Column(PageReader reader, int space, int cellBytes) {
    assert cellBytes <= 32 && Integer.bitCount(cellBytes) <= 1 : cellBytes;
    this.pages = reader.table(space);
    this.cellShift = (byte) (cellBytes == 0 ? 0 : Integer.numberOfTrailingZeros(cellBytes));
    this.slotShift = (byte) (cellBytes == 0 ? BIT_PAGE_SHIFT : PAGE_SHIFT - cellShift);
    this.slotMask = (short) ((1 << slotShift) - 1);
  }

  /// Makes the space of a column.
  public static int createSpace(PageTransaction transaction) {
    return transaction.createSpace(PAGE_SHIFT);
  }

  /// The address of the cell of a slot, to read from.
  public long address(long slot) {
    return pages.address(slot >>> slotShift) + ((slot & slotMask) << cellShift);
  }

  /// The bit of a slot, in a column of bits.
  public boolean bit(long slot) {
    long within = slot & slotMask;
    return (Memory.getByte(pages.address(slot >>> slotShift) + (within >>> 3))
            & 1 << (int) (within & 7))
        != 0;
  }

  /// The 64 bits from `slot` on, a multiple of 64, in a column of bits.
  public long bits(long slot) {
    assert (slot & 63) == 0 : slot;
    return Memory.getLong(pages.address(slot >>> slotShift) + ((slot & slotMask) >>> 3));
  }

  /// Writes the bits of some slots in a row, 64 to a word, in a column of bits.
  ///
  /// @param slot the first, a multiple of 64
  /// @param words how many; their bits lie in one page
  public void bits(long slot, long[] into, int words) {
    assert (slot & 63) == 0 : slot;
    assert (slot & slotMask) + words * 64L <= slotsPerPage() : slot + ", " + words;
    Memory.getLongs(pages.address(slot >>> slotShift) + ((slot & slotMask) >>> 3), into, 0, words);
  }

  /// Writes the addresses of the pages in which the cells of some slots in a row lie.
  ///
  /// @param slot the first of a page
  public void pages(long slot, int slots, long[] into) {
    assert (slot & slotMask) == 0 : slot;
    for (int page = 0; (long) page << slotShift < slots; page++) {
      into[page] = pages.address((slot >>> slotShift) + page);
    }
  }

  /// Whether the page of a slot was never written, so that all its cells are zero.
  public boolean isAbsent(long slot) {
    return pages.isAbsent(slot >>> slotShift);
  }

  /// Whether no page was ever written, so that all cells are zero.
  public boolean isEmpty() {
    return pages.pageCount() == 0;
  }

  /// Slots that a page has.
  public long slotsPerPage() {
    return slotMask + 1L;
  }

  public int getShort(long slot) {
    return Memory.getShort(address(slot)) & 0xFFFF;
  }

  public long getLong(long slot) {
    return Memory.getLong(address(slot));
  }

  /// The address of the cell of a slot, to write to.
  static long writable(PageTransaction transaction, int space, int cellBytes, long slot) {
    int shift = Integer.numberOfTrailingZeros(cellBytes);
    int perPage = PAGE_SHIFT - shift;
    return transaction.writable(space, slot >>> perPage) + ((slot & (1L << perPage) - 1) << shift);
  }

  /// Sets a bit.
  static void putBit(PageTransaction transaction, int space, long slot, boolean value) {
    long within = slot & (1L << BIT_PAGE_SHIFT) - 1;
    long at = transaction.writable(space, slot >>> BIT_PAGE_SHIFT) + (within >>> 3);
    int bit = 1 << (int) (within & 7);
    byte old = Memory.getByte(at);
    Memory.putByte(at, (byte) (value ? old | bit : old & ~bit));
  }
}
