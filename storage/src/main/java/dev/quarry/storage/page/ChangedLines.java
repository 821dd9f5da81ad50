package dev.quarry.storage.page;

import org.jspecify.annotations.Nullable;

/// In which lines of 64 bytes pages of a leaf differ from what they replaced, a bit for each line;
/// 0 where that is not known. The first page that is put needs no array, since most commits change
/// one of a leaf. Used by one thread at a time.
final class ChangedLines {
  private static final int SHIFT = 5;
  private static final int CHUNK = 1 << SHIFT;

  private final int first;
  private long linesOfFirst;
  private long @Nullable [][] chunks; // of the others

  /// @param first the page that is put first
  ChangedLines(int first) {
    this.first = first;
  }

  long get(int i) {
    if (i == first) {
      return linesOfFirst;
    }
    long[] chunk = chunks == null ? null : chunks[i >>> SHIFT];
    return chunk == null ? 0 : chunk[i & CHUNK - 1];
  }

  void put(int i, long lines) {
    if (i == first) {
      linesOfFirst = lines;
    } else {
      chunk(i >>> SHIFT)[i & CHUNK - 1] = lines;
    }
  }

  private long[] chunk(int at) {
    if (chunks == null) {
      chunks = new long[Node.FANOUT / CHUNK][];
    }
    if (chunks[at] == null) {
      chunks[at] = new long[CHUNK];
    }
    return chunks[at];
  }
}
