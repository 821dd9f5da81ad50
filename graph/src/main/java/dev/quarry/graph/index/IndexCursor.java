package dev.quarry.graph.index;

import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.page.PageReader;
import dev.quarry.storage.page.PageTable;
import dev.quarry.storage.tree.Tree;
import dev.quarry.storage.tree.TreeHead;

/// Walks the entries of one index in their order. Used by one thread at a time; a step allocates
/// nothing.
public final class IndexCursor {
  static final int WIDTH = 24;

  private final Tree tree;
  private final PageTable pages;
  private long leaf;
  private long passed;
  private long entries;
  private int count;
  private int at;

  public IndexCursor(PageReader reader, int space) {
    this.tree = new Tree(reader, space, WIDTH);
    this.pages = reader.table(space);
  }

  /// How many entries the index has.
  public long entries() {
    return TreeHead.entries(pages);
  }

  /// How many keys differ among them.
  public long distinct() {
    return TreeHead.distinct(pages);
  }

  /// Goes before the first entry that is not smaller than two words.
  public void open(long order, long hash) {
    open(order, hash, 0);
  }

  /// Goes before the first entry that is not smaller than a key and a record.
  public void open(long order, long hash, long record) {
    open(TreeHead.root(pages), order, hash, record);
  }

  /// @param root of the tree while its head is behind
  void open(long root, long order, long hash, long record) {
    passed = 0;
    leaf = tree.leafOf(root, order, hash, record);
    at = leaf == 0 ? -1 : tree.position(leaf, order, hash, record) - 1;
    refresh();
  }

  /// Call it where pages may have moved since the last step, as after a spill point.
  public void refresh() {
    count = leaf == 0 ? 0 : tree.count(leaf);
    entries = leaf == 0 ? 0 : tree.entries(leaf);
  }

  /// Goes to the next entry.
  ///
  /// @return whether there is one
  public boolean next() {
    at++;
    while (leaf != 0 && at >= count) {
      leaf = tree.nextLeaf(leaf, ++passed);
      at = 0;
      refresh();
    }
    return leaf != 0;
  }

  /// Goes to where another cursor of the same index stands.
  public void copy(IndexCursor other) {
    leaf = other.leaf;
    passed = other.passed;
    at = other.at;
    refresh();
  }

  public long order() {
    return Memory.getLong(entry() + 16);
  }

  public long hash() {
    return Memory.getLong(entry() + 8);
  }

  /// The node, or the edge slot of the relationship.
  public long record() {
    return Memory.getLong(entry());
  }

  private long entry() {
    return entries + (long) at * WIDTH;
  }
}
