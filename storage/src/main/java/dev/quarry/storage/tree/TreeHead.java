package dev.quarry.storage.tree;

import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.page.PageTable;
import dev.quarry.storage.page.PageTransaction;

/// The head of a space that holds one tree, in page 0, which is no node.
///
/// ```text
/// byte 0            8          16          24               32
///      ┌────────────┬──────────┬───────────┬────────────────┬──────┐
///      │ free pages │ root     │ entries   │ distinct keys  │ zero │
///      └────────────┴──────────┴───────────┴────────────────┴──────┘
/// ```
///
/// A space that was never written has no root and no entries. Used by one thread at a time.
public final class TreeHead {
  private static final int ROOT = 8;
  private static final int ENTRIES = 16;
  private static final int DISTINCT = 24;

  private TreeHead() {}

  /// The page of the root; 0 of an empty tree.
  public static long root(PageTable pages) {
    return Memory.getLong(pages.address(0) + ROOT);
  }

  /// How many entries the tree has.
  public static long entries(PageTable pages) {
    return Memory.getLong(pages.address(0) + ENTRIES);
  }

  /// How many keys differ among its entries, by what its owner takes for a key.
  public static long distinct(PageTable pages) {
    return Memory.getLong(pages.address(0) + DISTINCT);
  }

  /// Notes a change.
  public static void put(
      PageTransaction transaction, int space, long root, long entries, long distinct) {
    long at = transaction.writable(space, 0);
    Memory.putLong(at + ROOT, root);
    Memory.putLong(at + ENTRIES, entries);
    Memory.putLong(at + DISTINCT, distinct);
  }
}
