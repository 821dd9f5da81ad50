package dev.quarry.storage.arena;

import dev.quarry.storage.page.PageTransaction;

/// The spaces that say which slots of an arena are in use.
///
/// @param live a bit per slot
/// @param generations 2 bytes per slot, how often it was freed
/// @param counts one page: the live slots (8 bytes), one more than the highest slot ever taken (8),
///   where the search for a free slot begins (8)
public record SlotSpaces(int live, int generations, int counts) {
  /// Makes new ones.
  public static SlotSpaces create(PageTransaction transaction) {
    return new SlotSpaces(
        Column.createSpace(transaction),
        Column.createSpace(transaction),
        Column.createSpace(transaction));
  }

  /// Drops them.
  public void drop(PageTransaction transaction) {
    transaction.dropSpace(live);
    transaction.dropSpace(generations);
    transaction.dropSpace(counts);
  }
}
