package dev.quarry.storage.page;

import java.util.Arrays;

/// A growing array of longs, in chunks of 32 KiB: so a large one is not copied again and again, and
/// is no large object for the collector.
final class LongStack {
  private static final int SHIFT = 12;
  private static final int CHUNK = 1 << SHIFT;
  private static final long[][] NONE = {};

  private final int least;
  private long[][] chunks = NONE;
  private int size;

  LongStack() {
    this(8);
  }

  /// @param least how many it has room for when the first comes
  LongStack(int least) {
    this.least = least;
  }

  void push(long item) {
    int chunk = size >>> SHIFT;
    int at = size & CHUNK - 1;
    if (chunk == chunks.length) {
      chunks = Arrays.copyOf(chunks, chunk + 1);
      chunks[chunk] = new long[chunk == 0 ? least : CHUNK];
    } else if (at == chunks[chunk].length) {
      chunks[chunk] = Arrays.copyOf(chunks[chunk], at * 2);
    }
    chunks[chunk][at] = item;
    size++;
  }

  void pushAll(LongStack other) {
    for (int i = 0; i < other.size(); i++) {
      push(other.get(i));
    }
  }

  long get(int i) {
    assert i < size : i + " of " + size;
    return chunks[i >>> SHIFT][i & CHUNK - 1];
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  void clear() {
    size = 0;
    chunks = NONE;
  }
}
