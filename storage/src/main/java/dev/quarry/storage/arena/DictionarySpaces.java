package dev.quarry.storage.arena;

import static dev.quarry.storage.page.PageReader.NO_SPACE;

import dev.quarry.storage.page.PageTransaction;

/// The spaces of the dictionaries of one column, see [Dictionary].
///
/// @param codes 2 bytes per slot
/// @param entries cells of 16 bytes, a dictionary for each group of slots
public record DictionarySpaces(int codes, int entries) {
  /// Of a column that was never frozen.
  public static final DictionarySpaces NONE = new DictionarySpaces(NO_SPACE, NO_SPACE);

  /// Makes new ones.
  public static DictionarySpaces create(PageTransaction transaction) {
    return new DictionarySpaces(Column.createSpace(transaction), Column.createSpace(transaction));
  }

  /// Whether there are any.
  public boolean exist() {
    return codes != NO_SPACE;
  }

  /// Drops them with all they hold.
  public void drop(PageTransaction transaction) {
    if (exist()) {
      transaction.dropSpace(codes);
      transaction.dropSpace(entries);
    }
  }
}
