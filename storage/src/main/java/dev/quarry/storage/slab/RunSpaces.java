package dev.quarry.storage.slab;

import static dev.quarry.storage.page.PageReader.NO_SPACE;

import dev.quarry.storage.page.PageTransaction;

/// The spaces of the runs of one kind of lists, see [Runs].
///
/// @param groups a descriptor for each group of slots
/// @param ends where the list of each slot ends
/// @param entries the lists, pages of 64 KiB
public record RunSpaces(int groups, int ends, int entries) {
  /// Of lists that are never frozen.
  public static final RunSpaces NONE = new RunSpaces(NO_SPACE, NO_SPACE, NO_SPACE);

  /// Makes new ones.
  public static RunSpaces create(PageTransaction transaction) {
    return new RunSpaces(
        transaction.createSpace(12), transaction.createSpace(12), transaction.createSpace(16));
  }

  /// Whether there are any.
  public boolean exist() {
    return groups != NO_SPACE;
  }

  /// Drops them with all they hold.
  public void drop(PageTransaction transaction) {
    if (exist()) {
      transaction.dropSpace(groups);
      transaction.dropSpace(ends);
      transaction.dropSpace(entries);
    }
  }
}
