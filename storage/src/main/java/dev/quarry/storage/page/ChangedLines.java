package dev.quarry.storage.page;

/// In which lines of 64 bytes pages of a leaf differ from what they replaced, a bit for each line;
/// 0 where that is not known. Used by one thread at a time.
final class ChangedLines {
  private static final int SHIFT = 5;
  private static final int CHUNK = 1 << SHIFT;

  private final long[][] chunks = new long[Node.FANOUT / CHUNK][];

  long get(int i) {
    long[] chunk = chunks[i >>> SHIFT];
    return chunk == null ? 0 : chunk[i & CHUNK - 1];
  }

  void put(int i, long lines) {
    long[] chunk = chunks[i >>> SHIFT];
    if (chunk == null) {
      chunk = new long[CHUNK];
      chunks[i >>> SHIFT] = chunk;
    }
    chunk[i & CHUNK - 1] = lines;
  }
}
