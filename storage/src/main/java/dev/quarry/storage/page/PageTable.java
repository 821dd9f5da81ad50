package dev.quarry.storage.page;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Finds the pages of one space: the address of a page is a few array reads away.
///
/// Of a snapshot, addresses stay valid as long as the snapshot, and all readers of all versions
/// that have the space have one table. Of a transaction, they are valid until its next
/// [PageTransaction#spillPoint()], and the table always shows its newest pages. Threads: any; that
/// of a transaction is used by one at a time.
public final class PageTable {
  // A file may say that a space has any number of pages; these cover 64 GiB of the smallest.
  private static final int MOST_KEPT = 1 << 16;

  private static final long[][] NONE = {};

  private static final VarHandle LEAVES = MethodHandles.arrayElementVarHandle(long[][].class);

  // Stands for a leaf that is not there, in tables that never change; so it is found only once.
  private static final long[] NO_LEAF = new long[Node.FANOUT];

  private final NodeReader nodes;
  private final @Nullable PageTransaction transaction; // null of a space that never changes
  private final int id;
  private final @Nullable Space fixed;

  // The entries of those that were found, by all readers of the version.
  private final long[] @Nullable [] leaves;

  private PageTable(
      NodeReader nodes,
      @Nullable PageTransaction transaction,
      int id,
      @Nullable Space fixed,
      long[] @Nullable [] leaves) {
    this.nodes = nodes;
    this.transaction = transaction;
    this.id = id;
    this.fixed = fixed;
    this.leaves = leaves;
  }

  /// The table of a space that never changes. Its readers may share it.
  static PageTable fixed(NodeReader nodes, Space space) {
    int kept = (int) Math.min(space.pageCount() + 255 >>> 8, MOST_KEPT);
    return new PageTable(nodes, null, space.id(), space, new long[kept][]);
  }

  /// The table of a space of a transaction, which gets one of its own when it writes there first.
  static PageTable changing(PageTransaction transaction, int id) {
    return new PageTable(transaction.nodes, transaction, id, null, NONE);
  }

  private Space space() {
    Space space = fixed;
    return space != null ? space : Objects.requireNonNull(transaction).existing(id);
  }

  private @Nullable Node leaf(long page) {
    PageTransaction own = transaction;
    return own != null ? own.leaf(space(), page) : nodes.leaf(space(), page);
  }

  /// Whether it is that of a snapshot, and shows the same for ever.
  public boolean isFixed() {
    return fixed != null;
  }

  /// The address of a page. A page that was never written reads as zeros.
  public long address(long page) {
    long entry = entry(page);
    return (entry & 1) != 0 ? entry & Node.ADDRESS_MASK : resolve(page, entry);
  }

  /// The address of a page; 0 if it was never written, or freed.
  public long addressIfPresent(long page) {
    long entry = entry(page);
    if ((entry & 1) != 0) {
      return entry & Node.ADDRESS_MASK;
    }
    return entry == 0 ? 0 : resolve(page, entry);
  }

  /// Whether a page was never written, or freed.
  public boolean isAbsent(long page) {
    return entry(page) == 0;
  }

  /// How many pages are there, absent ones left out; reads all nodes of the table.
  public long presentPages() {
    long present = 0;
    for (long page = firstPresent(0); page >= 0; page = firstPresent(page + 1)) {
      present++;
    }
    return present;
  }

  /// The first page from one on that is there; -1 if there is none. What is absent as a whole is
  /// passed over as a whole, so that a walk takes as long as what there is.
  public long firstPresent(long from) {
    Space space = space();
    long page = from;
    while (page < space.pageCount()) {
      Node node = nodes.root(space);
      int level = space.height();
      for (; level > 1 && node != null; level--) {
        node = nodes.child(space, node, level, page >>> 8 * (level - 1));
      }
      if (node == null) {
        page = (page >>> 8 * level) + 1 << 8 * level;
      } else if (node.entries[(int) page & 255] == 0) {
        page++;
      } else {
        return page;
      }
    }
    return -1;
  }

  public int pageShift() {
    return space().pageShift();
  }

  public int pageBytes() {
    return space().pageBytes();
  }

  /// One more than the highest page that was ever written.
  public long pageCount() {
    return space().pageCount();
  }

  /// Of a version, whose nodes never change, the leaves that were found are kept for all its
  /// readers: 4 bytes of heap for each 256 pages of the space.
  ///
  /// Another thread may have found a leaf. Its entries are read without a fence, since an address
  /// is right whenever it is seen, and all else but 0 is looked up again; what seems absent is read
  /// once more behind a fence.
  private long entry(long page) {
    int index = (int) Math.min(page >>> 8, MOST_KEPT);
    long[] known = index < leaves.length ? leaves[index] : behind();
    long[] entries = known != null ? known : find(page, index);
    long entry = entries[(int) page & 255];
    if (entry == 0) {
      VarHandle.acquireFence();
      entry = entries[(int) page & 255];
    }
    return entry;
  }

  /// What stands for leaves behind those that are kept; null where they must be looked for.
  private long @Nullable [] behind() {
    return fixed != null && leaves.length < MOST_KEPT ? NO_LEAF : null;
  }

  private long[] find(long page, int index) {
    Node leaf = leaf(page);
    long[] entries = leaf == null ? NO_LEAF : leaf.entries;
    if (index < leaves.length && (leaf != null || page < space().pageCount())) {
      LEAVES.setRelease(leaves, index, entries);
    }
    return entries;
  }

  private long resolve(long page, long entry) {
    Node leaf = entry == 0 ? null : leaf(page);
    return leaf == null ? nodes.frames.zeros() : nodes.resolve(space(), leaf, page);
  }
}
