package dev.quarry.storage.tree;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.page.PageReader;
import dev.quarry.storage.page.PageTable;

/// Reads the trees of one space. Used by one thread at a time; a step allocates nothing.
public final class Tree {
  private final int space;
  private final int width;
  private final PageTable pages;

  /// @param width bytes of an entry: 4, 8, 16 or 24
  public Tree(PageReader reader, int space, int width) {
    this.space = space;
    this.width = width;
    this.pages = reader.table(space);
  }

  /// Whether a tree holds an entry without a middle word.
  public boolean contains(long root, long hi, long lo) {
    return contains(root, hi, 0, lo);
  }

  /// Whether a tree holds an entry.
  public boolean contains(long root, long hi, long mid, long lo) {
    long leaf = leafOf(root, hi, mid, lo);
    for (long passed = 1; leaf != 0; passed++) {
      long at = node(leaf);
      int i = TreePage.search(at, width, hi, mid, lo, false);
      if (i < TreePage.count(at)) {
        return TreePage.equal(TreePage.entry(at, i, width), width, hi, mid, lo);
      }
      leaf = nextLeaf(leaf, passed);
    }
    return false;
  }

  /// How many entries of a tree equal one without a middle word.
  public long count(long root, long hi, long lo) {
    long equal = 0;
    long passed = 0;
    for (long leaf = leafOf(root, hi, 0, lo); leaf != 0; leaf = nextLeaf(leaf, ++passed)) {
      int count = count(leaf);
      for (int i = position(leaf, hi, 0, lo); i < count; i++) {
        if (!TreePage.equal(TreePage.entry(node(leaf), i, width), width, hi, 0, lo)) {
          return equal;
        }
        equal++;
      }
    }
    return equal;
  }

  /// The page of the first leaf; 0 if the tree is empty.
  public long firstLeaf(long root) {
    return root == 0 ? 0 : descendFirst(root);
  }

  /// The page of the leaf after one; 0 after the last.
  ///
  /// @param passed how many leaves a walk has met, this one included
  /// @throws CorruptPageException if they are more than there are, so that they go round
  public long nextLeaf(long leaf, long passed) {
    long next = TreePage.next(node(leaf));
    if (next != 0 && (passed >= pages.pageCount() || TreePage.level(node(next)) != 1)) {
      throw new CorruptPageException(
          ErrorCode.STORE_DAMAGED,
          "page %d comes after leaf %d of a tree in space %d, the %dth of %d pages"
              .formatted(next, leaf, space, passed + 1, pages.pageCount()),
          "run `quarry check`");
    }
    return next;
  }

  /// The address of the entries of a leaf, which lie one behind the other.
  public long entries(long leaf) {
    return node(leaf) + TreePage.HEADER;
  }

  /// How many entries a leaf has.
  public int count(long leaf) {
    return TreePage.count(node(leaf));
  }

  /// The page of the first leaf that may hold an entry; 0 if the tree is empty.
  public long leafOf(long root, long hi, long mid, long lo) {
    if (root == 0) {
      return 0;
    }
    long page = root;
    long at = node(page);
    while (TreePage.level(at) > 1) {
      page = TreePage.child(at, TreePage.searchChild(at, width, hi, mid, lo, false), width);
      at = below(at, page);
    }
    return page;
  }

  /// The number within a leaf of its first entry that is not smaller than the given one; the leaf's
  /// count if there is none.
  public int position(long leaf, long hi, long mid, long lo) {
    return TreePage.search(node(leaf), width, hi, mid, lo, false);
  }

  /// How many entries a tree has, by a walk over its leaves.
  public long size(long root) {
    long size = 0;
    long passed = 0;
    for (long leaf = firstLeaf(root); leaf != 0; leaf = nextLeaf(leaf, ++passed)) {
      size += count(leaf);
    }
    return size;
  }

  /// Tells the pages of a tree, for the checker.
  public void pages(long root, java.util.function.LongConsumer sink) {
    if (root == 0) {
      return;
    }
    pages(root, node(root), sink);
  }

  private void pages(long page, long at, java.util.function.LongConsumer sink) {
    sink.accept(page);
    for (int i = 0; TreePage.level(at) > 1 && i < TreePage.count(at); i++) {
      long child = TreePage.child(at, i, width);
      pages(child, below(at, child), sink);
    }
  }

  /// Tells the free pages of the space, for the checker.
  public void freePages(java.util.function.LongConsumer sink) {
    long free = pages.pageCount() == 0 ? 0 : Memory.getLong(pages.address(0));
    for (long left = pages.pageCount(); free != 0; left--) {
      if (left == 0) {
        throw new CorruptPageException(
            ErrorCode.STORE_DAMAGED,
            "the free pages of space " + space + " go round",
            "run `quarry check`");
      }
      sink.accept(free);
      free = Memory.getLong(pages.address(free));
    }
  }

  private long descendFirst(long root) {
    long page = root;
    long at = node(page);
    while (TreePage.level(at) > 1) {
      page = TreePage.child(at, 0, width);
      at = below(at, page);
    }
    return page;
  }

  /// The node below another one.
  private long below(long parent, long page) {
    long at = node(page);
    TreePage.ensureBelow(parent, at, page, space);
    return at;
  }

  private long node(long page) {
    long at = pages.address(page);
    TreePage.ensureSound(at, page, space, width);
    return at;
  }
}
