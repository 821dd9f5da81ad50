package dev.quarry.storage.simulation;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The bytes of one simulated file, in chunks of 4 KiB that copies share until one of them writes.
///
/// A chunk that was never written is absent and reads as zeros: the file is sparse. What lies past
/// the size is kept, as a disk keeps blocks that no size covers yet.
final class SimContent {
  static final int CHUNK = 4096;
  static final byte[] ZEROS = new byte[CHUNK];

  private @Nullable byte[][] chunks;
  private long[] own;
  private int allocated;
  private long size;

  SimContent() {
    this(new byte[0][], 0, 0);
  }

  private SimContent(@Nullable byte[][] chunks, int allocated, long size) {
    this.chunks = chunks;
    this.own = new long[(chunks.length >>> 6) + 1];
    this.allocated = allocated;
    this.size = size;
  }

  /// A copy; both share all chunks until they write.
  SimContent fork() {
    Arrays.fill(own, 0);
    return new SimContent(chunks.clone(), allocated, size);
  }

  long size() {
    return size;
  }

  /// Chunks that were written.
  int allocated() {
    return allocated;
  }

  /// How many chunks a write of this range would add.
  int missing(long position, int bytes) {
    int count = 0;
    for (long c = position / CHUNK; c * CHUNK < position + bytes; c++) {
      count += c >= chunks.length || chunks[(int) c] == null ? 1 : 0;
    }
    return count;
  }

  /// A chunk to read from; zeros where there is none.
  byte[] chunk(long number) {
    byte[] chunk = number < chunks.length ? chunks[(int) number] : null;
    return chunk == null ? ZEROS : chunk;
  }

  /// The number of chunks, those that are absent included.
  int chunkCount() {
    return chunks.length;
  }

  /// Whether a chunk holds nothing but zeros for sure.
  boolean absent(int number) {
    return chunks[number] == null || chunks[number] == ZEROS;
  }

  /// Writes bytes that lie within one chunk. The size stays as it is.
  void put(long position, byte[] bytes, int from, int count) {
    int number = (int) (position / CHUNK);
    int within = (int) (position % CHUNK);
    assert within + count <= CHUNK : position + " + " + count;
    writable(number, count == CHUNK);
    System.arraycopy(bytes, from, chunk(number), within, count);
  }

  /// Takes space for a chunk, which reads as zeros.
  void allocate(long number) {
    reserve((int) number);
    if (chunks[(int) number] == null) {
      chunks[(int) number] = ZEROS;
      allocated++;
    }
  }

  private void writable(int number, boolean whole) {
    reserve(number);
    byte[] old = chunks[number];
    boolean mine = (own[number >>> 6] & 1L << number) != 0;
    if (old == null || old == ZEROS || !mine) {
      allocated += old == null ? 1 : 0;
      chunks[number] = old == null || whole ? new byte[CHUNK] : old.clone();
      own[number >>> 6] |= 1L << number;
    }
  }

  private void reserve(int number) {
    if (number >= chunks.length) {
      int length = Math.max(number + 1, Math.min(chunks.length * 2, chunks.length + 4096));
      chunks = Arrays.copyOf(chunks, length);
      own = Arrays.copyOf(own, (length >>> 6) + 1);
    }
  }

  /// Sets the size; what lay past a smaller one is gone.
  void resize(long newSize) {
    if (newSize < size) {
      int kept = (int) ((newSize + CHUNK - 1) / CHUNK);
      for (int c = kept; c < chunks.length; c++) {
        allocated -= chunks[c] == null ? 0 : 1;
        chunks[c] = null;
      }
      int within = (int) (newSize % CHUNK);
      if (within > 0 && kept - 1 < chunks.length && !absent(kept - 1)) {
        writable(kept - 1, false);
        Arrays.fill(chunk(kept - 1), within, CHUNK, (byte) 0);
      }
    }
    size = newSize;
  }

  void read(long position, ByteBuffer target) {
    long at = position;
    while (target.hasRemaining()) {
      int within = (int) (at % CHUNK);
      int count = Math.min(CHUNK - within, target.remaining());
      target.put(chunk(at / CHUNK), within, count);
      at += count;
    }
  }
}
