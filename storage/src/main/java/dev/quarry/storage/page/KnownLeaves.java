package dev.quarry.storage.page;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The leaves that a transaction has found so far, as they are in it now: a leaf that was looked
/// for once is two array reads away, not a walk from the root.
///
/// Invariant: a leaf that is known is the one that a walk would find, so whoever puts another one
/// into the tree says so. Heap: 4 bytes for each 256 pages of the spaces that are used. Threads:
/// two at once, each with spaces of its own; others may read while nobody changes anything.
final class KnownLeaves {
  // A file may say that a space has any number of pages; these cover 64 GiB of the smallest.
  private static final int MOST = 1 << 16;
  private static final int FEWEST = 8;

  private static final Node[] NONE = {};
  private static final VarHandle LEAF = MethodHandles.arrayElementVarHandle(Node[].class);

  private Node[][] leaves; // by space and number of the leaf

  KnownLeaves(int spaces) {
    this.leaves = none(spaces);
  }

  private static Node[][] none(int spaces) {
    Node[][] none = new Node[spaces][];
    Arrays.fill(none, NONE);
    return none;
  }

  /// The leaf above a page; null if it is not known.
  @Nullable Node get(int space, long page) {
    Node[] known = leaves[space];
    long index = page >>> 8;
    return index < known.length ? (Node) LEAF.getAcquire(known, (int) index) : null;
  }

  /// The leaf above a page is this one from now on.
  void put(int space, long page, Node leaf) {
    long index = page >>> 8;
    if (index >= MOST) {
      return;
    }
    Node[] known = leaves[space];
    if (index >= known.length) {
      int room = (int) Math.min(MOST, Math.max(FEWEST, 2 * (index + 1)));
      known = Arrays.copyOf(known, room);
      leaves[space] = known;
    }
    LEAF.setRelease(known, (int) index, leaf);
  }

  /// There are so many spaces from now on.
  void spaces(int count) {
    int before = leaves.length;
    leaves = Arrays.copyOf(leaves, count);
    Arrays.fill(leaves, before, count, NONE);
  }

  /// A space is another one now, or none.
  void forget(int space) {
    leaves[space] = NONE;
  }

  /// All of them may be others now.
  void forgetAll() {
    leaves = none(leaves.length);
  }
}
