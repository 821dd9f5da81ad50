package dev.quarry.storage.slab;

import org.jspecify.annotations.Nullable;

/// Which pages of small slots are to be emptied while many lists change: the emptiest, as few as
/// leave a size class full enough, as they were when this was made.
///
/// A bit for each page, so that nobody reads a descriptor to ask; it is asked for each list that is
/// looked at. A page that slots are taken from after all is kept. Used by one thread.
final class SparsePages {
  // Less than what compaction aims at: there it is the last word, and here the next lists leave
  // pages as these are written.
  private static final int GOAL = 80;
  private static final int AIM = 85;

  private final long[] bits;

  private SparsePages(long pages) {
    this.bits = new long[(int) (pages + 63 >>> 6)];
  }

  /// Counts what there is, and decides; null if there is nothing to empty.
  static @Nullable SparsePages of(Slabs slabs) {
    Evacuation evacuation = Evacuation.of(slabs, GOAL, AIM);
    if (evacuation.isIdle()) {
      return null;
    }
    SparsePages sparse = new SparsePages(slabs.table(false).pageCount());
    slabs.descriptors(
        (page, isLarge, at) -> {
          int sizeClass = Descriptors.classPlusOne(at) - 1;
          if (!isLarge && sizeClass >= 0 && evacuation.empties(sizeClass, Descriptors.live(at))) {
            sparse.bits[(int) (page >>> 6)] |= 1L << page;
          }
        });
    return sparse;
  }

  /// Whether a slot lies in one of them.
  boolean hold(long reference) {
    long page = SlabReference.page(reference);
    return !SizeClasses.isLarge(SlabReference.sizeClass(reference))
        && page >>> 6 < bits.length
        && (bits[(int) (page >>> 6)] & 1L << page) != 0;
  }

  /// Keeps a page of small slots.
  void keep(long page) {
    if (page >>> 6 < bits.length) {
      bits[(int) (page >>> 6)] &= ~(1L << page);
    }
  }
}
