package dev.quarry.storage.slab;

import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.page.PageTransaction;

/// Adds entries to the end of a run whose pages are the last of their space. Used by the writer's
/// thread.
final class RunAppender {
  private final PageTransaction transaction;
  private final int space;
  private final long first;
  private long place;

  /// @param space of the entries
  /// @param firstPage of the run
  /// @param bytes of it that are there already
  RunAppender(PageTransaction transaction, int space, long firstPage, long bytes) {
    this.transaction = transaction;
    this.space = space;
    this.first = firstPage << Runs.PAGE_SHIFT;
    this.place = first + bytes;
  }

  /// Where the next entry goes: page << 16 | byte in it.
  long place() {
    return place;
  }

  /// Bytes of the run.
  long bytes() {
    return place - first;
  }

  long firstPage() {
    return firstPlace() >>> Runs.PAGE_SHIFT;
  }

  long firstPlace() {
    return first;
  }

  /// Whether a place lies in the run.
  boolean contains(long other) {
    return other >= first && other < place;
  }

  /// Where so many bytes of a packed run go, which must not be cut. Zeros, unless written before.
  long room(int bytes) {
    long at = place & Runs.PAGE - 1;
    if (at + bytes > Packed.END) {
      if (at < Packed.END) {
        long page = transaction.writable(space, place >>> Runs.PAGE_SHIFT);
        Memory.putByte(page + at, (byte) Packed.PADDING);
      }
      place = (place | Runs.PAGE - 1) + 1;
      at = 0;
    }
    long page = transaction.writable(space, place >>> Runs.PAGE_SHIFT);
    place += bytes;
    return page + at;
  }

  /// Adds one entry.
  void append(long lo, int width) {
    long page = transaction.writable(space, place >>> Runs.PAGE_SHIFT);
    Entries.put(page + (place & Runs.PAGE - 1), width, 0, lo);
    place += width;
  }

  /// Adds what lies at an address.
  ///
  /// @param completes whether a page that is full is never written to again by the transaction; it
  ///   may spill there
  void append(long from, long bytes, boolean completes) {
    for (long done = 0; done < bytes; ) {
      long n = Math.min(bytes - done, Runs.leftInPage(place));
      long page = transaction.writable(space, place >>> Runs.PAGE_SHIFT);
      Memory.copy(from + done, page + (place & Runs.PAGE - 1), n);
      done += n;
      place += n;
      if (completes && (place & Runs.PAGE - 1) == 0) {
        transaction.complete(space, (place >>> Runs.PAGE_SHIFT) - 1);
        transaction.spillPoint();
      }
    }
  }
}
