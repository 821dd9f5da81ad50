package dev.quarry.storage.slab;

import dev.quarry.storage.tree.Tree;
import org.jspecify.annotations.Nullable;

/// The entries of one list, as fragments that lie one behind the other each: one for a list in its
/// directory entry or in a block, one per leaf for a hub, one per page for a run. Made once, opened
/// for list after list.
public final class ListCursor {
  private long address;
  private int count;
  private int sorted;
  private int width;
  private @Nullable Tree hub;
  private long nextLeaf;
  private long passed;
  private boolean pending;
  private @Nullable Runs runs;
  private long place;
  private long left;

  /// Stands at the end of an empty list.
  public void openNothing() {
    openOne(0, 0, 0, 0);
  }

  /// Stands before one fragment that was found by [Lists#locate].
  public void openLocated(long newAddress, int newCount, int entryBytes) {
    openOne(newAddress, newCount, 0, entryBytes);
  }

  void openOne(long newAddress, int newCount, int newSorted, int entryBytes) {
    address = newAddress;
    count = newCount;
    sorted = newSorted;
    width = entryBytes;
    hub = null;
    runs = null;
    pending = newCount > 0;
  }

  void openRun(Runs newRuns, long newPlace, long length, int entryBytes) {
    hub = null;
    runs = newRuns;
    place = newPlace;
    left = length;
    width = entryBytes;
    pending = false;
  }

  void openHub(Tree tree, long root, int entryBytes) {
    hub = tree;
    runs = null;
    width = entryBytes;
    passed = 0;
    nextLeaf = tree.firstLeaf(root);
    pending = false;
  }

  /// Goes to the next fragment; false at the end.
  public boolean nextFragment() {
    if (pending) {
      pending = false;
      return true;
    }
    if (runs != null) {
      return nextOfRun(runs);
    }
    Tree tree = hub;
    if (tree == null || nextLeaf == 0) {
      return false;
    }
    address = tree.entries(nextLeaf);
    count = tree.count(nextLeaf);
    sorted = count;
    nextLeaf = tree.nextLeaf(nextLeaf, ++passed);
    return true;
  }

  private boolean nextOfRun(Runs from) {
    if (left == 0) {
      return false;
    }
    count = (int) Math.min(left, Runs.leftInPage(place) / width);
    sorted = count;
    address = from.address(place);
    place += (long) count * width;
    left -= count;
    return true;
  }

  /// The address of the first entry of the fragment.
  public long address() {
    return address;
  }

  /// Bytes of an entry of this list.
  public int entryBytes() {
    return width;
  }

  /// How many of its first entries ascend; those of a hub do so from fragment to fragment.
  public int sorted() {
    return sorted;
  }

  /// How many entries it has.
  public int count() {
    return count;
  }
}
