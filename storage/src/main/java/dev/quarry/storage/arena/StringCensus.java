package dev.quarry.storage.arena;

import dev.quarry.storage.page.PageReader;
import java.util.Arrays;

/// Counts what strings lie in the cells of a group of slots, to tell whether it should be frozen.
///
/// It should if a string is there four times on average, those left out that its dictionary has
/// already, and if that saves more than a little. Strings are told apart by 64 bits of hash, so the
/// answer may be off by next to nothing, and between two pages others may change them.
///
/// Takes 1 MiB of the heap, whatever there is to count. Used by one thread.
public final class StringCensus {
  private static final int REPEATED = 4;
  private static final int MOST_NEW = Dictionary.GROUP / REPEATED;
  private static final int LEAST_BYTES = 16 << 10; // that freezing must save

  private final long[] hashes = new long[2 * Dictionary.GROUP]; // 0: nothing is here
  private int count;
  private int different;
  private int pages;
  private int newCodes; // pages of codes that there would be
  private long lastCodes;
  private long longBytes;

  /// Begins with a group.
  ///
  /// @param spaces of its dictionary, if there is one
  public void begin(PageReader reader, StringSpaces strings, DictionarySpaces spaces, long group) {
    Arrays.fill(hashes, 0);
    count = 0;
    different = 0;
    pages = 0;
    newCodes = 0;
    lastCodes = -1;
    longBytes = 0;
    Strings known = new Strings(reader, strings);
    Column entries = new Column(reader, spaces.entries(), 16);
    for (long page = group * Dictionary.GROUP; page < (group + 1) * Dictionary.GROUP; ) {
      for (int i = 0; i < Dictionary.ENTRIES && !entries.isAbsent(page); i++) {
        long entry = entries.address(page + i);
        if (Strings.length(entry) > 0) {
          add(known.hash(entry));
        }
      }
      page += Dictionary.ENTRIES;
    }
  }

  /// Counts the cells of a page.
  ///
  /// @param first slot of the page
  /// @return bytes of strings that were looked at
  public long page(
      PageReader reader, StringSpaces strings, int values, DictionarySpaces spaces, long first) {
    Column cells = new Column(reader, values, 16);
    if (cells.isAbsent(first)) {
      return 0;
    }
    Strings known = new Strings(reader, strings);
    int before = count;
    long bytes = 0;
    boolean stays = false;
    for (int i = 0; i < Dictionary.ENTRIES && !isHopeless(); i++) {
      long cell = cells.address(first + i);
      int length = Strings.length(cell);
      if (length > StringsWriter.ONE_SLOT) {
        stays = true;
      } else if (length > 0) {
        count++;
        different += add(known.hash(cell)) ? 1 : 0;
        longBytes += length > Strings.INLINE ? length : 0;
        bytes += length;
      }
    }
    pages += stays ? 0 : 1;
    noteCodes(reader, spaces, first, count > before);
    return bytes;
  }

  private void noteCodes(PageReader reader, DictionarySpaces spaces, long first, boolean any) {
    long page = first / Dictionary.CODES;
    if (any && page != lastCodes) {
      lastCodes = page;
      newCodes += reader.table(spaces.codes()).isAbsent(page) ? 1 : 0;
    }
  }

  /// Whether more cells change nothing: there are too many different strings.
  public boolean isHopeless() {
    return different > MOST_NEW;
  }

  /// Whether freezing saves enough.
  public boolean isWorthwhile() {
    long newEntries = (different + Dictionary.ENTRIES - 1) / Dictionary.ENTRIES;
    long saved = (pages - newCodes - newEntries) * Column.PAGE_BYTES;
    saved += count == 0 ? 0 : longBytes / count * (count - different);
    return count > 0 && (long) different * REPEATED <= count && saved >= leastBytes();
  }

  /// The property is for tests: less than nothing freezes also what then takes more.
  private static long leastBytes() {
    return Integer.getInteger("quarry.leastSavedBytes", LEAST_BYTES);
  }

  private boolean add(long hash) {
    long word = hash == 0 ? 1 : hash;
    int at = (int) (word >>> 47);
    while (hashes[at] != 0) {
      if (hashes[at] == word) {
        return false;
      }
      at = at + 1 & hashes.length - 1;
    }
    hashes[at] = word;
    return true;
  }
}
