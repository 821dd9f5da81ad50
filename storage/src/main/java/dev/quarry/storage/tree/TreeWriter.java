package dev.quarry.storage.tree;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.page.PageTable;
import dev.quarry.storage.page.PageTransaction;

/// Changes the trees of one space. Every change returns the root, which may be another one.
///
/// A node that is full is split in the middle; at the right edge the right half stays empty but for
/// the new entry, so that ascending inserts fill their leaves. A node that becomes empty is taken
/// out of its parent; there is no other merging. Used by the writer's thread.
public final class TreeWriter {
  private final PageTransaction transaction;
  private final int space;
  private final int width;
  private final PageTable pages;
  // What a split hands to the level above.
  private long splitPage;
  private long splitHi;
  private long splitMid;
  private long splitLo;
  private boolean removed;

  /// @param width bytes of an entry: 4, 8, 16 or 24
  public TreeWriter(PageTransaction transaction, int space, int width) {
    this.transaction = transaction;
    this.space = space;
    this.width = width;
    this.pages = transaction.table(space);
  }

  /// A new space for trees.
  public static int createSpace(PageTransaction transaction) {
    return transaction.createSpace(TreePage.SHIFT);
  }

  /// Adds an entry without a middle word, after those that equal it.
  public long insert(long root, long hi, long lo) {
    return insert(root, hi, 0, lo);
  }

  /// Adds an entry, after those that equal it.
  public long insert(long root, long hi, long mid, long lo) {
    if (root == 0) {
      long page = newNode(1);
      long at = transaction.writable(space, page);
      TreePage.put(TreePage.entry(at, 0, width), width, hi, mid, lo);
      TreePage.count(at, 1);
      return page;
    }
    splitPage = 0;
    insertBelow(root, hi, mid, lo);
    return splitPage == 0 ? root : newRoot(root);
  }

  /// Takes out one entry without a middle word, see below.
  public long remove(long root, long hi, long lo) {
    return remove(root, hi, 0, lo);
  }

  /// Takes out one entry that equals the given one; [#removed()] says whether there was one.
  public long remove(long root, long hi, long mid, long lo) {
    removed = false;
    if (root == 0 || !removeBelow(root, hi, mid, lo, 0)) {
      return root;
    }
    if (TreePage.count(node(root)) == 0) {
      freeNode(root);
      return 0;
    }
    return lowered(root);
  }

  /// Gives an entry another last word, if it can stay where it is. No other entry may have the same
  /// first words.
  ///
  /// @return whether that was done; else nothing changed
  public boolean replaceLo(long root, long hi, long mid, long lo, long newLo) {
    long page = root;
    boolean pastSeparator = false;
    while (page != 0 && TreePage.level(node(page)) > 1) {
      long at = node(page);
      int child = TreePage.searchChild(at, width, hi, mid, lo, true);
      // where the next child begins: at such an entry that went to the left of it meanwhile
      pastSeparator |=
          child + 1 < TreePage.count(at)
              && TreePage.searchChild(at, width, hi, mid, newLo, true) > child;
      page = TreePage.child(at, child, width);
    }
    if (page == 0 || pastSeparator) {
      return false;
    }
    int i = TreePage.search(node(page), width, hi, mid, lo, false);
    boolean found =
        i < TreePage.count(node(page))
            && TreePage.equal(TreePage.entry(node(page), i, width), width, hi, mid, lo);
    boolean belowSeparator = i == 0 && page != root && Long.compareUnsigned(newLo, lo) < 0;
    if (!found || belowSeparator) {
      return false;
    }
    long at = transaction.writable(space, page);
    TreePage.put(TreePage.entry(at, i, width), width, hi, mid, newLo);
    return true;
  }

  /// Whether the last [#remove] found its entry.
  public boolean removed() {
    return removed;
  }

  /// Builds a tree of sorted entries that lie one behind the other.
  public long build(long entries, long count) {
    Builder builder = new Builder();
    builder.add(entries, count);
    return builder.root();
  }

  /// Builds a tree of sorted entries that come in several pieces.
  public Builder builder() {
    return new Builder();
  }

  /// Frees all nodes of a tree.
  public void drop(long root) {
    if (root == 0) {
      return;
    }
    long at = node(root);
    if (TreePage.level(at) > 1) {
      for (int i = 0; i < TreePage.count(at); i++) {
        long child = TreePage.child(at, i, width);
        below(at, child);
        drop(child);
        at = node(root);
      }
    }
    freeNode(root);
  }

  private void insertBelow(long page, long hi, long mid, long lo) {
    long at = node(page);
    if (TreePage.level(at) == 1) {
      insertInLeaf(page, hi, mid, lo);
      return;
    }
    int i = TreePage.searchChild(at, width, hi, mid, lo, true);
    long below = TreePage.child(at, i, width);
    below(at, below);
    insertBelow(below, hi, mid, lo);
    if (splitPage != 0) {
      long child = splitPage;
      splitPage = 0;
      insertChild(page, i + 1, splitHi, splitMid, splitLo, child);
    }
  }

  private void insertInLeaf(long page, long hi, long mid, long lo) {
    long at = transaction.writable(space, page);
    int count = TreePage.count(at);
    int i = TreePage.search(at, width, hi, mid, lo, true);
    if (count < TreePage.leafCapacity(width)) {
      place(at, i, count, hi, mid, lo);
      return;
    }
    int left = i == count ? count : count / 2;
    long right = newNode(1);
    at = transaction.writable(space, page);
    long rightAt = transaction.writable(space, right);
    long moved = (long) (count - left) * width;
    Memory.copy(TreePage.entry(at, left, width), TreePage.entry(rightAt, 0, width), moved);
    TreePage.count(rightAt, count - left);
    TreePage.count(at, left);
    TreePage.next(rightAt, TreePage.next(at));
    TreePage.next(at, right);
    if (i < left || i == left && left < count) {
      place(at, i, left, hi, mid, lo);
    } else {
      place(rightAt, i - left, count - left, hi, mid, lo);
    }
    long first = TreePage.entry(rightAt, 0, width);
    splitPage = right;
    splitHi = TreePage.hi(first, width);
    splitMid = TreePage.mid(first, width);
    splitLo = TreePage.lo(first, width);
  }

  private void place(long at, int i, int count, long hi, long mid, long lo) {
    long entry = TreePage.entry(at, i, width);
    Memory.copy(entry, entry + width, (long) (count - i) * width);
    TreePage.put(entry, width, hi, mid, lo);
    TreePage.count(at, count + 1);
  }

  private void insertChild(long page, int i, long hi, long mid, long lo, long child) {
    long at = transaction.writable(space, page);
    int count = TreePage.count(at);
    if (count < TreePage.fanout(width)) {
      placeChild(at, i, count, hi, mid, lo, child);
      return;
    }
    int left = i == count ? count : count / 2;
    long right = newNode(TreePage.level(at));
    at = transaction.writable(space, page);
    long rightAt = transaction.writable(space, right);
    Memory.copy(
        TreePage.childEntry(at, left, width),
        TreePage.childEntry(rightAt, 0, width),
        (long) (count - left) * TreePage.childBytes(width));
    TreePage.count(rightAt, count - left);
    TreePage.count(at, left);
    if (i < left || i == left && left < count) {
      placeChild(at, i, left, hi, mid, lo, child);
    } else {
      placeChild(rightAt, i - left, count - left, hi, mid, lo, child);
    }
    splitPage = right;
    splitHi = TreePage.separatorHi(rightAt, 0, width);
    splitMid = TreePage.separatorMid(rightAt, 0, width);
    splitLo = TreePage.separatorLo(rightAt, 0, width);
  }

  private void placeChild(long at, int i, int count, long hi, long mid, long lo, long child) {
    long where = TreePage.childEntry(at, i, width);
    int bytes = TreePage.childBytes(width);
    Memory.copy(where, where + bytes, (long) (count - i) * bytes);
    TreePage.putChild(at, i, width, hi, mid, lo, child);
    TreePage.count(at, count + 1);
  }

  private long newRoot(long left) {
    long root = newNode(TreePage.level(node(left)) + 1);
    long at = transaction.writable(space, root);
    TreePage.putChild(at, 0, width, 0, 0, 0, left);
    TreePage.putChild(at, 1, width, splitHi, splitMid, splitLo, splitPage);
    TreePage.count(at, 2);
    splitPage = 0;
    return root;
  }

  /// Removes below a node; `before` is the last leaf left of it, 0 if there is none.
  private boolean removeBelow(long page, long hi, long mid, long lo, long before) {
    long at = node(page);
    if (TreePage.level(at) == 1) {
      return removeInLeaf(page, hi, mid, lo, before);
    }
    int last = TreePage.searchChild(at, width, hi, mid, lo, true);
    for (int i = TreePage.searchChild(at, width, hi, mid, lo, false); i <= last; i++) {
      long child = TreePage.child(at, i, width);
      below(at, child);
      long leftLeaf = i == 0 ? before : lastLeaf(TreePage.child(at, i - 1, width));
      if (removeBelow(child, hi, mid, lo, leftLeaf)) {
        if (TreePage.count(node(child)) == 0) {
          takeOut(page, i);
          freeNode(child);
        }
        return true;
      }
    }
    return false;
  }

  private boolean removeInLeaf(long page, long hi, long mid, long lo, long before) {
    long at = node(page);
    int i = TreePage.search(at, width, hi, mid, lo, false);
    int count = TreePage.count(at);
    long entry = TreePage.entry(at, i, width);
    if (i == count || !TreePage.equal(entry, width, hi, mid, lo)) {
      return false;
    }
    at = transaction.writable(space, page);
    entry = TreePage.entry(at, i, width);
    Memory.copy(entry + width, entry, (long) (count - i - 1) * width);
    TreePage.count(at, count - 1);
    if (count == 1 && before != 0) {
      TreePage.next(transaction.writable(space, before), TreePage.next(at));
    }
    removed = true;
    return true;
  }

  private void takeOut(long page, int i) {
    long at = transaction.writable(space, page);
    int count = TreePage.count(at);
    long where = TreePage.childEntry(at, i, width);
    int bytes = TreePage.childBytes(width);
    Memory.copy(where + bytes, where, (long) (count - i - 1) * bytes);
    TreePage.count(at, count - 1);
  }

  /// Takes roots away that have one child only.
  private long lowered(long root) {
    long page = root;
    long at = node(page);
    while (TreePage.level(at) > 1 && TreePage.count(at) == 1) {
      long child = TreePage.child(at, 0, width);
      long childAt = below(at, child);
      freeNode(page);
      page = child;
      at = childAt;
    }
    return page;
  }

  private long lastLeaf(long page) {
    long last = page;
    long at = node(last);
    while (TreePage.level(at) > 1) {
      last = TreePage.child(at, Math.max(0, TreePage.count(at) - 1), width);
      at = below(at, last);
    }
    return last;
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

  private long newNode(int level) {
    long header = transaction.writable(space, 0);
    long page = Memory.getLong(header);
    if (page == 0) {
      page = Math.max(1, pages.pageCount());
    } else {
      ensureInside(page);
      Memory.putLong(header, Memory.getLong(pages.address(page)));
    }
    TreePage.format(transaction.writable(space, page), level);
    return page;
  }

  private void ensureInside(long page) {
    if (page < 0 || page >= pages.pageCount()) {
      throw new CorruptPageException(
          ErrorCode.STORE_DAMAGED,
          "page %d of space %d is said to be free, there are %d"
              .formatted(page, space, pages.pageCount()),
          "run `quarry check`");
    }
  }

  private void freeNode(long page) {
    long header = transaction.writable(space, 0);
    long at = transaction.writable(space, page);
    Memory.fill(at, TreePage.BYTES, (byte) 0);
    Memory.putLong(at, Memory.getLong(header));
    Memory.putLong(header, page);
  }

  /// Builds a tree from left to right, leaves first. A tree in the making; nothing else may change
  /// the space meanwhile.
  public final class Builder {
    private final long[] open = new long[16];
    private long lastLeaf;
    private long root;

    private Builder() {}

    /// The root of what was added; 0 for nothing.
    public long root() {
      return root;
    }

    /// Adds entries behind those that were added before; they lie one behind the other.
    public void add(long entries, long count) {
      for (long done = 0; done < count; ) {
        int n = (int) Math.min(TreePage.leafCapacity(width), count - done);
        addLeaf(entries + done * width, n);
        done += n;
      }
    }

    private void addLeaf(long entries, int count) {
      long page = newNode(1);
      long at = transaction.writable(space, page);
      Memory.copy(entries, TreePage.entry(at, 0, width), (long) count * width);
      TreePage.count(at, count);
      if (lastLeaf != 0) {
        TreePage.next(transaction.writable(space, lastLeaf), page);
      }
      lastLeaf = page;
      add(2, entries, page);
    }

    /// Adds a node of the level below, with its first entry, to the open node of a level.
    private void add(int level, long entry, long child) {
      if (root == 0) {
        root = child;
        return;
      }
      long node = open[level];
      if (node == 0) {
        node = newNode(level);
        TreePage.putChild(transaction.writable(space, node), 0, width, 0, 0, 0, root);
        TreePage.count(transaction.writable(space, node), 1);
        open[level] = node;
        root = node;
      }
      long at = transaction.writable(space, node);
      int count = TreePage.count(at);
      if (count < TreePage.fanout(width)) {
        putChild(at, count, entry, child);
        TreePage.count(at, count + 1);
        return;
      }
      long next = newNode(level);
      at = transaction.writable(space, next);
      putChild(at, 0, entry, child);
      TreePage.count(at, 1);
      open[level] = next;
      add(level + 1, entry, next);
    }

    private void putChild(long at, int i, long entry, long child) {
      long hi = TreePage.hi(entry, width);
      TreePage.putChild(
          at, i, width, hi, TreePage.mid(entry, width), TreePage.lo(entry, width), child);
    }
  }
}
