package dev.quarry.storage.page;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The leaves that a transaction has found so far, as they are in it now: a leaf that was looked
/// for once is two array reads away, not a walk from the root.
///
/// Invariant: a leaf that is known is the one that a walk would find, so whoever puts another one
/// into the tree says so. Heap: 4 bytes for each 256 pages of the spaces that are used; most
/// transactions meet the first leaves only, so these have one array together. Threads: two at once,
/// each with spaces of its own; others may read while nobody changes anything.
final class KnownLeaves {
  // A file may say that a space has any number of pages; these cover 64 GiB of the smallest.
  private static final int MOST = 1 << 16;
  private static final int FEWEST = 8;

  private static final Node[] NONE = {};
  private static final VarHandle LEAF = MethodHandles.arrayElementVarHandle(Node[].class);

  private @Nullable Node[] first; // leaf 0 of each space
  private volatile Node @Nullable [][] later; // by space and number of the leaf; 0 is not there

  KnownLeaves(int spaces) {
    this.first = new Node[spaces];
  }

  /// The leaf above a page; null if it is not known.
  @Nullable Node get(int space, long page) {
    long index = page >>> 8;
    if (index == 0) {
      return (Node) LEAF.getAcquire(first, space);
    }
    Node[][] all = later;
    Node[] known = all == null ? NONE : all[space];
    return index < known.length ? (Node) LEAF.getAcquire(known, (int) index) : null;
  }

  /// The leaf above a page is this one from now on.
  void put(int space, long page, Node leaf) {
    long index = page >>> 8;
    if (index == 0) {
      LEAF.setRelease(first, space, leaf);
    } else if (index < MOST) {
      putLater(space, (int) index, leaf);
    }
  }

  private void putLater(int space, int index, Node leaf) {
    Node[][] all = later();
    Node[] known = all[space];
    if (index >= known.length) {
      known = Arrays.copyOf(known, Math.min(MOST, Math.max(FEWEST, 2 * (index + 1))));
      all[space] = known;
    }
    LEAF.setRelease(known, index, leaf);
  }

  private Node[][] later() {
    Node[][] all = later;
    return all != null ? all : makeLater();
  }

  private synchronized Node[][] makeLater() {
    Node[][] all = later;
    if (all == null) {
      all = new Node[first.length][];
      Arrays.fill(all, NONE);
      later = all;
    }
    return all;
  }

  /// There are so many spaces from now on.
  void spaces(int count) {
    int before = first.length;
    first = Arrays.copyOf(first, count);
    Node[][] all = later;
    if (all != null) {
      all = Arrays.copyOf(all, count);
      Arrays.fill(all, before, count, NONE);
      later = all;
    }
  }

  /// A space is another one now, or none.
  void forget(int space) {
    first[space] = null;
    Node[][] all = later;
    if (all != null) {
      all[space] = NONE;
    }
  }

  /// All of them may be others now.
  void forgetAll() {
    first = new Node[first.length];
    later = null;
  }
}
