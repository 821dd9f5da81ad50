package dev.quarry.storage.arena;

import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.slab.SlabSpaces;

/// Where the strings of an arena lie that do not fit into their cells.
///
/// @param slabs slots of a string, or of a piece of one
public record StringSpaces(SlabSpaces slabs) {
  /// Makes new ones.
  public static StringSpaces create(PageTransaction transaction) {
    return new StringSpaces(SlabSpaces.create(transaction));
  }

  /// Drops them.
  public void drop(PageTransaction transaction) {
    slabs.drop(transaction);
  }
}
