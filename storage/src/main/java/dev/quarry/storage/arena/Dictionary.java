package dev.quarry.storage.arena;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.page.PageReader;

/// Reads a column of strings some of whose slots are *frozen*: a string that many of them have is
/// kept once, in the dictionary of their group, and they have its code.
///
/// ```text
///              slot 0      1       2       3      of a group of 65,536
///           ┌──────────┬───────┬───────┬───────┬─
/// codes     │    0     │   2   │   1   │   2   │     2 bytes each
///           └────┬─────┴───┬───┴───┬───┴───┬───┴─
///                ▼         │       │       │
///           ┌──────────┬───│───┬───│───┬───│───┬─
/// cells     │ "Gjøvik" │ 0 │   │ 0 │   │ 0 │   │     16 bytes each; a page of zeros is absent
///           └──────────┴───│───┴───│───┴───│───┴─
///                          └───────│───────┤
///                 entry 0      1   ▼       ▼ 2
///                ┌───────┬──────────┬──────────┬─
/// entries        │ zeros │ "Bergen" │  "Oslo"  │      16 bytes each, as cells of [Strings]
///                └───────┴──────────┴──────────┴─
/// ```
///
/// Code 0 says that the string, if there is one, lies in the cell of the slot, as in a column that
/// was never frozen. So a slot leaves its dictionary by itself: its code becomes 0, and whoever
/// writes next writes to its cell. Only compaction gives codes ([StringFreezer]).
///
/// Invariants: a slot with a code has a value, and a cell of zeros. An entry that is not zeros
/// holds a string of 1 to 16,384 bytes, which no other one of its dictionary holds, and owns what
/// it refers to; slots with its code own nothing. An entry that no slot uses any more stays until
/// the next compaction. Used by one thread at a time; nothing is allocated.
public final class Dictionary {
  /// Slots that share a dictionary; it has one entry less.
  public static final int GROUP = 1 << 16;

  /// Entries to a page of them.
  public static final int ENTRIES = Column.PAGE_BYTES / 16;

  /// Slots to a page of codes.
  public static final int CODES = Column.PAGE_BYTES / 2;

  private final Column codes;
  private final Column entries;

  public Dictionary(PageReader reader, DictionarySpaces spaces) {
    this.codes = new Column(reader, spaces.codes(), 2);
    this.entries = new Column(reader, spaces.entries(), 16);
  }

  /// The code of a slot; 0 if its string, if it has one, lies in its cell.
  public int code(long slot) {
    return codes.getShort(slot);
  }

  /// The cell of the string with a code, in the dictionary of a slot's group.
  ///
  /// @throws CorruptPageException if there is none
  public long entry(long slot, int code) {
    long at = entryOrZeros(slot, code);
    if (!isEntry(at)) {
      throw new CorruptPageException(
          ErrorCode.STORE_DAMAGED,
          "slot %d has code %d, and its dictionary has no such entry".formatted(slot, code),
          "run `quarry check`");
    }
    return at;
  }

  /// Whether a cell of a dictionary holds a string that slots can have.
  public static boolean isEntry(long cell) {
    int length = Memory.getInt(cell);
    return length > 0 && length <= StringsWriter.ONE_SLOT;
  }

  /// The same, but a cell of zeros if there is none.
  long entryOrZeros(long slot, int code) {
    return entries.address(slot & -GROUP | code);
  }

  /// The cell of the entry with a code, which may hold none; 0 if the page of the entry is absent.
  ///
  /// @param slot of the group
  public long present(long slot, int code) {
    return entries.isAbsent(slot & -GROUP | code) ? 0 : entryOrZeros(slot, code);
  }

  /// Whether all slots of a page of codes have their strings in their cells.
  public boolean isAbsent(long slot) {
    return codes.isAbsent(slot);
  }

  /// Writes the addresses of the pages in which the codes of some slots in a row lie.
  ///
  /// @param slot the first of a page
  public void pages(long slot, int slots, long[] into) {
    codes.pages(slot, slots, into);
  }
}
