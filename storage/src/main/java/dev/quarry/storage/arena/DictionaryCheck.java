package dev.quarry.storage.arena;

import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.page.PageReader;
import dev.quarry.storage.page.PageTable;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;

/// Verifies the dictionaries of one column, see [Dictionary]: a slot with a code has a value, a
/// cell of zeros, and an entry; entries are strings that can have a code, written as they should
/// be, and all different. Used by one thread.
public final class DictionaryCheck {
  private final Strings strings;
  private final Column cells;
  private final Dictionary dictionary;
  private final PageTable codePages;
  private final PageTable entryPages;
  private final Consumer<String> problems;

  /// @param values space of the column's cells
  /// @param problems is told what is wrong
  public DictionaryCheck(
      PageReader reader,
      StringSpaces strings,
      int values,
      DictionarySpaces spaces,
      Consumer<String> problems) {
    this.strings = new Strings(reader, strings);
    this.cells = new Column(reader, values, 16);
    this.dictionary = new Dictionary(reader, spaces);
    this.codePages = reader.table(spaces.codes());
    this.entryPages = reader.table(spaces.entries());
    this.problems = problems;
  }

  /// Verifies all codes.
  ///
  /// @param hasValue whether a slot is in use, and has a value of the column's kind
  public void codes(LongPredicate hasValue) {
    for (long page = codePages.firstPresent(0);
        page >= 0;
        page = codePages.firstPresent(page + 1)) {
      for (int i = 0; i < Dictionary.CODES; i++) {
        long slot = page * Dictionary.CODES + i;
        if (dictionary.code(slot) != 0) {
          code(slot, dictionary.code(slot), hasValue.test(slot));
        }
      }
    }
  }

  private void code(long slot, int code, boolean hasValue) {
    if (!hasValue) {
      problems.accept("slot %d has code %d, but no value".formatted(slot, code));
    }
    if (!isZero(cells.address(slot))) {
      problems.accept("slot %d has code %d, and something in its cell".formatted(slot, code));
    }
    if (!Dictionary.isEntry(dictionary.entryOrZeros(slot, code))) {
      problems.accept("slot %d has code %d, which no entry has".formatted(slot, code));
    }
  }

  /// Verifies all entries.
  ///
  /// @param owned is told the slab references that they own
  public void entries(LongConsumer owned) {
    long group = -1;
    CodeTable known = new CodeTable();
    for (long page = entryPages.firstPresent(0);
        page >= 0;
        page = entryPages.firstPresent(page + 1)) {
      if (page * Dictionary.ENTRIES / Dictionary.GROUP != group) {
        group = page * Dictionary.ENTRIES / Dictionary.GROUP;
        known = new CodeTable();
      }
      for (int i = 0; i < Dictionary.ENTRIES; i++) {
        entry(page * Dictionary.ENTRIES + i, known, owned);
      }
    }
  }

  private void entry(long index, CodeTable known, LongConsumer owned) {
    long first = index & -Dictionary.GROUP;
    int code = (int) (index - first);
    long cell = dictionary.entryOrZeros(first, code);
    if (isZero(cell)) {
      return;
    }
    String of = "entry %d of the dictionary of slots from %d on".formatted(code, first);
    int length = Strings.length(cell);
    if (code == 0 || !Dictionary.isEntry(cell)) {
      problems.accept("%s has %d bytes, which cannot be".formatted(of, length));
      return;
    }
    strings.owned(cell, owned);
    if (!isAsWritten(cell, length)) {
      problems.accept(of + " is not written as it should be");
    }
    long hash = strings.hash(cell);
    int same = known.find(hash);
    if (same == 0) {
      known.add(hash, code);
    } else if (strings.equal(cell, dictionary.entryOrZeros(first, same))) {
      problems.accept("%s is the same string as entry %d".formatted(of, same));
    }
  }

  /// Whether a short string has zeros behind it, and a long one its first bytes before it.
  private boolean isAsWritten(long cell, int length) {
    if (length > Strings.INLINE) {
      return strings.startsAsCell(cell);
    }
    boolean zeros = true;
    for (int i = 4 + length; i < 16; i++) {
      zeros &= Memory.getByte(cell + i) == 0;
    }
    return zeros;
  }

  private static boolean isZero(long cell) {
    return (Memory.getLong(cell) | Memory.getLong(cell + 8)) == 0;
  }
}
