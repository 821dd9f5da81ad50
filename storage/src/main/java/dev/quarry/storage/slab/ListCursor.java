package dev.quarry.storage.slab;

import dev.quarry.storage.tree.Tree;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The entries of one list, as fragments that lie one behind the other each: one for a list in its
/// directory entry or in a block, one per leaf for a hub, one per page for a run, one per block for
/// a packed run. Made once, opened for list after list.
///
/// A fragment of a packed list is a copy, which lasts until the next one or the end of the list; so
/// who leaves such a list before its end should say so by [#openNothing()].
public final class ListCursor {
  private long address;
  private int count;
  private int sorted;
  private int width;
  private @Nullable Tree hub;
  private long root;
  private long nextLeaf;
  private long passed;
  private boolean pending;
  private @Nullable Runs runs;
  private long place;
  private long left;
  private @Nullable PackedReader packed; // made by the first packed list
  private boolean isPacked;

  /// Stands at the end of an empty list.
  public void openNothing() {
    openOne(0, 0, 0, 0);
  }

  /// Stands before one fragment that was found by [Lists#locate].
  public void openLocated(long newAddress, int newCount, int entryBytes) {
    openOne(newAddress, newCount, 0, entryBytes);
  }

  void openOne(long newAddress, int newCount, int newSorted, int entryBytes) {
    leavePacked();
    address = newAddress;
    count = newCount;
    sorted = newSorted;
    width = entryBytes;
    hub = null;
    runs = null;
    pending = newCount > 0;
  }

  void openRun(Runs newRuns, long newPlace, long length, int entryBytes) {
    leavePacked();
    hub = null;
    runs = newRuns;
    place = newPlace;
    left = length;
    width = entryBytes;
    pending = false;
  }

  /// @param end where the list ends, or -1 if that is not known
  /// @param length entries that it must have, or -1 if that is not known
  void openPacked(Runs newRuns, int entryBytes, long newPlace, long end, long length) {
    PackedReader reader = packed;
    if (reader == null) {
      reader = new PackedReader();
      packed = reader;
    }
    hub = null;
    runs = null;
    width = entryBytes;
    pending = false;
    isPacked = true;
    reader.open(newRuns, entryBytes, newPlace, end, length);
  }

  private void leavePacked() {
    if (isPacked) {
      isPacked = false;
      Objects.requireNonNull(packed).close();
    }
  }

  void openHub(Tree tree, long newRoot, int entryBytes) {
    leavePacked();
    hub = tree;
    root = newRoot;
    runs = null;
    width = entryBytes;
    passed = 0;
    nextLeaf = tree.firstLeaf(newRoot);
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
    if (isPacked) {
      return nextOfPacked(Objects.requireNonNull(packed));
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

  /// Whether there may be a fragment after this one.
  public boolean mayGoOn() {
    return hub != null || runs != null || isPacked;
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

  private boolean nextOfPacked(PackedReader from) {
    if (!from.next()) {
      leavePacked();
      return false;
    }
    address = from.address();
    count = from.count();
    sorted = count;
    return true;
  }

  /// May pass over fragments, before the first of them, all of whose entries are below one, which
  /// has no higher word; so lists of 16 bytes an entry are left as they are.
  public void skipTo(long lo) {
    if (width == 16) {
      return;
    }
    if (isPacked) {
      Objects.requireNonNull(packed).skipTo((int) (lo >>> 32));
    } else if (runs != null) {
      skipPages(runs, lo);
    } else if (hub != null && nextLeaf != 0) {
      nextLeaf = hub.leafOf(root, 0, 0, Entries.key(width, lo));
    }
  }

  private void skipPages(Runs from, long lo) {
    long inPage = left == 0 ? 0 : Runs.leftInPage(place) / width;
    while (inPage < left) {
      long last = from.address(place) + (inPage - 1) * width;
      if (Entries.compare(last, width, 0, lo) >= 0) {
        return;
      }
      place += inPage * width;
      left -= inPage;
      inPage = Runs.leftInPage(place) / width;
    }
  }

  /// Whether an entry is in no fragment after this one, since they ascend.
  boolean isPast(long hi, long lo) {
    return sorted == count && Entries.compare(address + (count - 1L) * width, width, hi, lo) > 0;
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
