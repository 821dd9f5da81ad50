package dev.quarry.storage.slab;

import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.page.PageTransaction;

/// Writes the ends of the lists of a group, slot after slot; see [Runs]. Used by the writer's
/// thread.
final class EndsWriter {
  private final PageTransaction transaction;
  private final int space;
  private final int[] ofPage = new int[DirectoryEntry.PER_PAGE];
  private long next;

  /// @param space of the ends
  EndsWriter(PageTransaction transaction, int space, long group) {
    this.transaction = transaction;
    this.space = space;
    this.next = group << RunGroup.SHIFT;
  }

  /// Gives all slots below one, that have none yet, the same end.
  void fill(long slot, long end) {
    while (next < slot) {
      long n = Math.min(slot - next, Runs.ENDS - (next & Runs.ENDS - 1));
      long at = address();
      for (long i = 0; i < n; i++) {
        Memory.putInt(at + i * 4, (int) end);
      }
      next += n;
    }
  }

  /// Gives the slots of a page of the directory their ends; those before it must have theirs.
  ///
  /// @param begin where the first list begins
  /// @param counts how many entries each list has
  /// @return where the last list ends
  long page(long begin, long[] counts) {
    long end = begin;
    for (int i = 0; i < counts.length; i++) {
      end += counts[i];
      ofPage[i] = (int) end;
    }
    Memory.putInts(ofPage, 0, address(), counts.length);
    next += counts.length;
    return end;
  }

  /// Completes the last page, if there is any.
  void finish(long end) {
    fill(next + Runs.ENDS - 1 & -Runs.ENDS, end);
  }

  /// The first slot of the pages that were not written.
  long next() {
    return next;
  }

  private long address() {
    return transaction.writable(space, next >>> Runs.ENDS_SHIFT) + (next & Runs.ENDS - 1) * 4;
  }
}
