package dev.quarry.storage.checkpoint;

/// Which pages of one size should move, so that the end of the file becomes free: those farthest
/// out, each into a hole before it.
///
/// ```text
///  ▓▓ ▓ ▓▓▓  ▓  ▓▓   ▓ ▓      holes are counted from the beginning, pages from the end,
///    ▲ ▲   ▲►   ◄▲   ▲ ▲      until they meet
/// ```
///
/// A page needs a hole that is as large as it is and begins at a multiple of its size. So small
/// pages are packed first: what they leave behind the place where they end are holes of all sizes.
/// Used by one thread.
public final class FileLayout {
  private final long[] busy;
  private final long[] pages;
  private final long end;
  private final int places;

  /// @param busy places that must not be written to
  /// @param places of a page of this size
  FileLayout(long[] busy, int places) {
    this.busy = busy;
    this.pages = new long[busy.length];
    this.end = busy.length * 64L;
    this.places = places;
  }

  /// Notes a page of this size.
  public void page(long place) {
    if (place < end) {
      pages[(int) (place >>> 6)] |= 1L << place;
    }
  }

  /// The first place from which on pages should move; [Long#MAX_VALUE] if none should.
  public long boundary() {
    long hole = 0;
    long page = end;
    long boundary = Long.MAX_VALUE;
    while (true) {
      hole = nextHole(hole);
      page = pageBefore(page);
      if (hole >= page) {
        return boundary;
      }
      boundary = page;
      hole += places;
    }
  }

  private long nextHole(long from) {
    long hole = from;
    while (hole < end && !isFree(hole)) {
      hole += busy[(int) (hole >>> 6)] == -1L ? 64 - (hole & 63) : places;
    }
    return hole;
  }

  private boolean isFree(long hole) {
    long mask = places == 64 ? -1L : (1L << places) - 1 << hole;
    return (busy[(int) (hole >>> 6)] & mask) == 0;
  }

  /// The last noted page before a place; -1 if there is none.
  private long pageBefore(long place) {
    int word = (int) (place - 1 >>> 6);
    if (place <= 0) {
      return -1;
    }
    long bits = pages[word] & -1L >>> 63 - (place - 1 & 63);
    while (bits == 0 && word > 0) {
      bits = pages[--word];
    }
    return bits == 0 ? -1 : word * 64L + 63 - Long.numberOfLeadingZeros(bits);
  }
}
