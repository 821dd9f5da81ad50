package dev.quarry.storage.slab;

import dev.quarry.storage.page.PageTransaction;

/// The spaces of one set of slabs.
///
/// @param small pages of 4 KiB
/// @param large pages of 16 KiB
/// @param descriptors one per page of either
public record SlabSpaces(int small, int large, int descriptors) {
  /// Makes new ones.
  public static SlabSpaces create(PageTransaction transaction) {
    return new SlabSpaces(
        transaction.createSpace(12), transaction.createSpace(14), transaction.createSpace(12));
  }

  /// Drops them with all they hold.
  public void drop(PageTransaction transaction) {
    transaction.dropSpace(small);
    transaction.dropSpace(large);
    transaction.dropSpace(descriptors);
  }
}
