package dev.quarry.storage.page;

import dev.quarry.storage.memory.Memory;

/// Some pages of one space, each to be changed in some lines of 64 bytes; see
/// [PageTransaction#writableLines].
///
/// For many at once, since what is waited for is memory: the reads for one page overlap with those
/// for the next. Used by one thread at a time.
public final class LineWrites {
  private static final long LINE_BYTES = 64;

  // Of each page: its number, its lines, its private frame, the frame in use (0 where that is
  // private
  // already), the lines in which the twin of that differs.
  private static final int FIELDS = 5;

  private final long[] words;
  private int count;

  /// @param most how many pages there can be
  public LineWrites(int most) {
    this.words = new long[most * FIELDS];
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
    if (count == 0 || page(count - 1) != page) {
      words[count * FIELDS] = page;
      words[count++ * FIELDS + 1] = 0;
    }
    words[(count - 1) * FIELDS + 1] |= more;
    return count - 1;
  }

  public int count() {
    return count;
  }

  public long page(int i) {
    return words[i * FIELDS];
  }

  long lines(int i) {
    return words[i * FIELDS + 1];
  }

  /// The private frame of a page, once it was asked for.
  public long frame(int i) {
    return words[i * FIELDS + 2];
  }

  void frame(int i, long frame) {
    words[i * FIELDS + 2] = frame;
  }

  /// The frame in use; 0 if that is private already, or can have no twin.
  long replaced(int i) {
    return words[i * FIELDS + 3];
  }

  void replaced(int i, long frame) {
    words[i * FIELDS + 3] = frame;
  }

  /// Notes that there is a twin of the frame in use.
  ///
  /// @param lines in which both differ
  void twin(int i, long frame, long lines) {
    frame(i, frame);
    words[i * FIELDS + 4] = lines;
  }

  /// Whether a twin of the frame in use was taken.
  boolean hasTwin(int i) {
    return replaced(i) != 0 && frame(i) != 0;
  }

  /// Copies to a twin what was changed since.
  void update(int i) {
    for (long left = words[i * FIELDS + 4]; left != 0; left &= left - 1) {
      long line = Long.numberOfTrailingZeros(left) * LINE_BYTES;
      Memory.copy(replaced(i) + line, frame(i) + line, LINE_BYTES);
    }
    assert Memory.equal(replaced(i), frame(i), Twins.PAGE_BYTES) : "other lines were changed";
  }
}
