package dev.quarry.storage.simulation;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/// The bytes of one simulated file, in chunks that copies share.
final class SimContent {
  private static final int CHUNK = 4096;

  private final Map<Long, byte[]> chunks;
  private long size;

  SimContent() {
    this(new HashMap<>(), 0);
  }

  private SimContent(Map<Long, byte[]> chunks, long size) {
    this.chunks = chunks;
    this.size = size;
  }

  SimContent copy() {
    return new SimContent(new HashMap<>(chunks), size);
  }

  long size() {
    return size;
  }

  void write(long position, byte[] bytes) {
    for (int done = 0; done < bytes.length; ) {
      long at = position + done;
      int within = (int) (at % CHUNK);
      int count = Math.min(CHUNK - within, bytes.length - done);
      byte[] old = chunks.get(at / CHUNK);
      byte[] chunk = old == null ? new byte[CHUNK] : old.clone();
      System.arraycopy(bytes, done, chunk, within, count);
      chunks.put(at / CHUNK, chunk);
      done += count;
    }
    size = Math.max(size, position + bytes.length);
  }

  void truncate(long newSize) {
    if (newSize < size) {
      chunks.keySet().removeIf(chunk -> chunk * CHUNK >= newSize);
      int within = (int) (newSize % CHUNK);
      byte[] last = chunks.get(newSize / CHUNK);
      if (last != null && within > 0) {
        byte[] cut = new byte[CHUNK];
        System.arraycopy(last, 0, cut, 0, within);
        chunks.put(newSize / CHUNK, cut);
      }
    }
    size = newSize;
  }

  void read(long position, ByteBuffer target) {
    long at = position;
    while (target.hasRemaining()) {
      int within = (int) (at % CHUNK);
      int count = Math.min(CHUNK - within, target.remaining());
      byte[] chunk = chunks.get(at / CHUNK);
      target.put(chunk == null ? new byte[CHUNK] : chunk, within, count);
      at += count;
    }
  }
}
