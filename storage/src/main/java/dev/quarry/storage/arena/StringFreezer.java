package dev.quarry.storage.arena;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.page.PageTable;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.slab.SlabWriter;

/// Brings strings of one group of a column's slots into the group's dictionary, see [Dictionary],
/// in one transaction.
///
/// ```text
/// cells      "Oslo" "Oslo" "Bergen"    =>     0      0      0
/// codes         0      0      0               1      1      2
/// entries                                  1: "Oslo"    2: "Bergen"
/// ```
///
/// No string is copied: the first cell with one becomes the entry, with the slot that it owns, and
/// what the others own is freed. Between two transactions others may change any cell or code, so
/// the dictionary is looked through anew in each. Used by the writer's thread.
public final class StringFreezer {
  private final PageTransaction transaction;
  private final Strings strings;
  private final SlabWriter slabs;
  private final int values;
  private final DictionarySpaces spaces;
  private final long first;
  private final Column cells;
  private final Dictionary dictionary;
  private final PageTable codePages;
  private final PageTable entryPages;
  private final CodeTable table = new CodeTable();
  private final int[] found = new int[Dictionary.ENTRIES];
  private int lastTaken; // no entry up to this one is free
  private long moved;

  /// @param values space of the column's cells
  /// @param group which slots
  public StringFreezer(
      PageTransaction transaction,
      StringSpaces strings,
      int values,
      DictionarySpaces spaces,
      long group) {
    assert spaces.exist() : "the column has no dictionaries";
    this.transaction = transaction;
    this.strings = new Strings(transaction, strings);
    this.slabs = new SlabWriter(transaction, strings.slabs());
    this.values = values;
    this.spaces = spaces;
    this.first = group * Dictionary.GROUP;
    this.cells = new Column(transaction, values, 16);
    this.dictionary = new Dictionary(transaction, spaces);
    this.codePages = transaction.table(spaces.codes());
    this.entryPages = transaction.table(spaces.entries());
  }

  /// Strings that were brought to the dictionary.
  public long moved() {
    return moved;
  }

  /// Completes the transaction's part.
  public void finish() {
    slabs.finish();
  }

  /// Takes away entries that no slot uses any more, and pages of nothing but zeros.
  public void tidy() {
    long[] used = new long[Dictionary.GROUP / 64];
    for (long slot = first; slot < first + Dictionary.GROUP; slot += Dictionary.CODES) {
      if (!dictionary.isAbsent(slot) && !noteUsed(slot, used)) {
        transaction.free(spaces.codes(), slot / Dictionary.CODES);
      }
    }
    for (int code = 0; code < Dictionary.GROUP; code += Dictionary.ENTRIES) {
      if (!entryPages.isAbsent((first | code) / Dictionary.ENTRIES)) {
        tidyPage(code, used);
      }
    }
  }

  /// Notes the codes of a page; false if there are none.
  private boolean noteUsed(long slot, long[] used) {
    boolean any = false;
    for (int i = 0; i < Dictionary.CODES; i++) {
      int code = dictionary.code(slot + i);
      used[code >> 6] |= 1L << code;
      any |= code != 0;
    }
    return any;
  }

  private void tidyPage(int from, long[] used) {
    boolean any = false;
    for (int code = from; code < from + Dictionary.ENTRIES; code++) {
      boolean isUsed = code > 0 && (used[code >> 6] & 1L << code) != 0;
      long entry = dictionary.entryOrZeros(first, code);
      if (!isUsed && Strings.length(entry) > 0) {
        strings.owned(entry, slabs::free);
        Memory.fill(writableEntry(code), 16, (byte) 0);
      }
      any |= isUsed;
    }
    if (!any) {
      transaction.free(spaces.entries(), (first | from) / Dictionary.ENTRIES);
    }
  }

  /// Looks through the dictionary, before the first [#page].
  public void begin() {
    for (int code = 0; code < Dictionary.GROUP; code++) {
      if (entryPages.isAbsent((first | code) / Dictionary.ENTRIES)) {
        code += Dictionary.ENTRIES - 1;
        continue;
      }
      long entry = dictionary.entryOrZeros(first, code);
      if (Strings.length(entry) > 0) {
        long hash = strings.hash(entry);
        if (table.find(hash) == 0) {
          table.add(hash, code);
        }
      }
    }
  }

  /// Brings the strings of a page of cells to the dictionary.
  ///
  /// @param slot the first of the page
  /// @return bytes of cells and strings that were looked at
  public long page(long slot) {
    assert slot >= first && slot < first + Dictionary.GROUP : slot;
    if (cells.isAbsent(slot)) {
      return 0;
    }
    long bytes = Column.PAGE_BYTES;
    boolean stays = false;
    boolean any = false;
    for (int i = 0; i < Dictionary.ENTRIES; i++) {
      int length = Strings.length(cells.address(slot + i));
      found[i] = length == 0 || length > StringsWriter.ONE_SLOT ? 0 : freeze(slot + i);
      stays |= length > 0 && found[i] == 0;
      any |= found[i] != 0;
      bytes += found[i] == 0 ? 0 : length;
    }
    if (any) {
      putCodes(slot);
    }
    if (!stays) {
      transaction.free(values, slot / Dictionary.ENTRIES);
    } else if (any) {
      clearFrozen(slot);
    }
    return bytes;
  }

  /// The code of the string in a cell, which is given one if it has none; 0 if it cannot have one.
  private int freeze(long slot) {
    long cell = cells.address(slot);
    if (dictionary.code(slot) != 0) {
      throw new CorruptPageException(
          ErrorCode.STORE_DAMAGED,
          "slot %d has code %d, and a string in its cell".formatted(slot, dictionary.code(slot)),
          "run `quarry check`");
    }
    long hash = strings.hash(cell);
    int code = table.find(hash);
    if (code == 0) {
      code = add(hash, cell);
    } else if (strings.equal(cell, dictionary.entryOrZeros(first, code))) {
      strings.owned(cell, slabs::free);
    } else {
      return 0; // another string with nearly the same hash
    }
    moved += code == 0 ? 0 : 1;
    return code;
  }

  /// Makes an entry of a cell; 0 if there is no room.
  private int add(long hash, long cell) {
    do {
      lastTaken++;
    } while (lastTaken < Dictionary.GROUP
        && Memory.getInt(dictionary.entryOrZeros(first, lastTaken)) != 0);
    if (lastTaken >= Dictionary.GROUP) {
      lastTaken = Dictionary.GROUP - 1;
      return 0;
    }
    Memory.copy(cell, writableEntry(lastTaken), 16);
    table.add(hash, lastTaken);
    return lastTaken;
  }

  private long writableEntry(int code) {
    return Column.writable(transaction, spaces.entries(), 16, first | code);
  }

  private void putCodes(long slot) {
    long at = Column.writable(transaction, spaces.codes(), 2, slot);
    for (int i = 0; i < Dictionary.ENTRIES; i++) {
      if (found[i] != 0) {
        Memory.putShort(at + 2L * i, (short) found[i]);
      }
    }
  }

  private void clearFrozen(long slot) {
    long at = Column.writable(transaction, values, 16, slot);
    for (int i = 0; i < Dictionary.ENTRIES; i++) {
      if (found[i] != 0) {
        Memory.fill(at + 16L * i, 16, (byte) 0);
      }
    }
  }
}
