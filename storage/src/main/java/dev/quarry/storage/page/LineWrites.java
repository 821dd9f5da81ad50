package dev.quarry.storage.page;

import dev.quarry.storage.memory.Memory;

/// Some pages of one space, each to be changed in some lines of 64 bytes; see
/// [PageTransaction#writableLines].
///
/// For many at once, since what is waited for is memory: the reads for one page overlap with those
/// for the next. Used by one thread at a time.
public final class LineWrites {
  private static final long LINE_BYTES = 64;

  private final long[] pages;
  private final long[] lines;
  private final long[] frames;
  final long[] replaced; // the frames in use, 0 where that is private already
  final long[] stale; // the lines in which their twins differ
  private int count;

  /// @param most how many pages there can be
  public LineWrites(int most) {
    this.pages = new long[most];
    this.lines = new long[most];
    this.frames = new long[most];
    this.replaced = new long[most];
    this.stale = new long[most];
  }

  /// Forgets all pages.
  public void clear() {
    count = 0;
  }

  /// Adds lines of a page, the last one or one that is not here yet.
  ///
  /// @param more a bit for each line
  /// @return which of the pages it is
  public int add(long page, long more) {
    if (count == 0 || pages[count - 1] != page) {
      pages[count] = page;
      lines[count++] = 0;
    }
    lines[count - 1] |= more;
    return count - 1;
  }

  public int count() {
    return count;
  }

  public long page(int i) {
    return pages[i];
  }

  long lines(int i) {
    return lines[i];
  }

  /// The private frame of a page, once it was asked for.
  public long frame(int i) {
    return frames[i];
  }

  void frame(int i, long frame) {
    frames[i] = frame;
  }

  /// Whether a twin of the frame in use was taken.
  boolean hasTwin(int i) {
    return replaced[i] != 0 && frames[i] != 0;
  }

  /// Copies to a twin what was changed since.
  void update(int i) {
    for (long left = stale[i]; left != 0; left &= left - 1) {
      long line = Long.numberOfTrailingZeros(left) * LINE_BYTES;
      Memory.copy(replaced[i] + line, frames[i] + line, LINE_BYTES);
    }
    assert Memory.equal(replaced[i], frames[i], Twins.PAGE_BYTES) : "other lines were changed";
  }
}
