package dev.quarry.storage.page;

import org.jspecify.annotations.Nullable;

/// Finds the pages of one space: the address of a page is a few array reads away.
///
/// Of a snapshot, addresses stay valid as long as the snapshot; of a transaction, until its next
/// [PageTransaction#spillPoint()], and the table always shows its newest pages. Used by one thread
/// at a time.
public final class PageTable {
  private final PageReader reader;
  private final Space space;

  private final @Nullable Node[] leaves;

  PageTable(PageReader reader, Space space) {
    this.reader = reader;
    this.space = space;
    boolean fixed = reader instanceof Snapshot;
    this.leaves = new Node[fixed ? (int) (space.pageCount() + 255 >>> 8) : 0];
  }

  /// The address of a page. A page that was never written reads as zeros.
  public long address(long page) {
    Node leaf = leaf(page);
    if (leaf == null) {
      return reader.frames.zeros();
    }
    long entry = leaf.entries[(int) page & 255];
    return (entry & 1) != 0 ? entry & Node.ADDRESS_MASK : reader.resolve(space, leaf, page);
  }

  /// Whether a page was never written, or freed.
  public boolean isAbsent(long page) {
    Node leaf = leaf(page);
    return leaf == null || leaf.entries[(int) page & 255] == 0;
  }

  /// How many pages are there, absent ones left out; reads all nodes of the table.
  public long presentPages() {
    long present = 0;
    for (long first = 0; first < pageCount(); first += Node.FANOUT) {
      Node leaf = reader.leaf(space, first);
      for (int i = 0; leaf != null && i < Node.FANOUT; i++) {
        present += leaf.entries[i] != 0 ? 1 : 0;
      }
    }
    return present;
  }

  public int pageShift() {
    return space.pageShift();
  }

  public int pageBytes() {
    return space.pageBytes();
  }

  /// One more than the highest page that was ever written.
  public long pageCount() {
    return space.pageCount();
  }

  /// Of a snapshot, whose nodes never change, the leaves that were found are kept: 4 bytes of heap
  /// for each 256 pages of the space.
  private @Nullable Node leaf(long page) {
    long index = page >>> 8;
    if (index >= leaves.length) {
      return reader.leaf(space, page);
    }
    Node leaf = leaves[(int) index];
    if (leaf == null) {
      leaf = reader.leaf(space, page);
      leaves[(int) index] = leaf;
    }
    return leaf;
  }
}
