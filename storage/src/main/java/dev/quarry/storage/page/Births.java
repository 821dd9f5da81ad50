package dev.quarry.storage.page;

import org.jspecify.annotations.Nullable;

/// The epochs at which the dirty pages of a leaf were born. A copy shares with its original what it
/// does not change: a commit that changes one page in 256 copies 16 numbers, not all.
///
/// Invariant: the original is not changed any more once it has been copied. Used by one thread at a
/// time, the writer's.
final class Births {
  private static final int SHIFT = 4;
  private static final int CHUNK = 1 << SHIFT;

  private final long @Nullable [][] chunks;
  private int own;

  Births() {
    this(new long[Node.FANOUT / CHUNK][]);
  }

  private Births(long @Nullable [][] chunks) {
    this.chunks = chunks;
  }

  Births copy() {
    return new Births(chunks.clone());
  }

  /// The birth of a page; 0 if none was put.
  long get(int i) {
    long[] chunk = chunks[i >>> SHIFT];
    return chunk == null ? 0 : chunk[i & CHUNK - 1];
  }

  void put(int i, long birth) {
    int at = i >>> SHIFT;
    long[] chunk = chunks[at];
    if (chunk == null) {
      chunk = new long[CHUNK];
    } else if ((own & 1 << at) == 0) {
      chunk = chunk.clone();
    }
    chunks[at] = chunk;
    own |= 1 << at;
    chunk[i & CHUNK - 1] = birth;
  }
}
