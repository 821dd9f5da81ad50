package dev.quarry.storage.slab;

import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.tree.TreeWriter;

/// The spaces of the lists of one kind.
///
/// @param entryBytes width of an entry: 8, 16, or 4 in lists none of whose entries needs its lower
///   half, else 8
/// @param directory one entry of 16 bytes for each slot of the arena
/// @param slabs the blocks
/// @param hubs the trees
/// @param runs lists that were written one behind the other
public record ListSpaces(
    int entryBytes, int directory, SlabSpaces slabs, int hubs, RunSpaces runs) {
  /// Makes new ones; without runs for entries of 16 bytes.
  public static ListSpaces create(PageTransaction transaction, int entryBytes) {
    return new ListSpaces(
        entryBytes,
        transaction.createSpace(12),
        SlabSpaces.create(transaction),
        TreeWriter.createSpace(transaction),
        entryBytes == 16 ? RunSpaces.NONE : RunSpaces.create(transaction));
  }

  /// Drops them with all lists.
  public void drop(PageTransaction transaction) {
    transaction.dropSpace(directory);
    slabs.drop(transaction);
    transaction.dropSpace(hubs);
    runs.drop(transaction);
  }
}
