package dev.quarry.storage.simulation;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Views of simulated files. The memory of a view that was closed is used again: a suite opens
/// thousands of stores a second.
final class SimMaps {
  private static final Map<Long, Deque<MemorySegment>> spare = new HashMap<>();

  /// One view, and which of its chunks hold something.
  private record View(int file, long position, long bytes, MemorySegment memory, BitSet filled) {}

  private final List<View> views = new ArrayList<>();

  MemorySegment map(int file, SimContent content, long position, long bytes) {
    assert position % SimContent.CHUNK == 0 : position;
    View view = new View(file, position, bytes, take(bytes), new BitSet());
    long first = position / SimContent.CHUNK;
    for (long c = first; c < content.chunkCount() && c * SimContent.CHUNK < position + bytes; c++) {
      if (!content.absent((int) c)) {
        show(view, (int) (c - first), content.chunk(c));
      }
    }
    views.add(view);
    return view.memory.asSlice(0, bytes).asReadOnly();
  }

  /// A chunk of a file has changed.
  void changed(int file, SimContent content, long chunk) {
    for (View view : views) {
      long within = chunk - view.position / SimContent.CHUNK;
      if (view.file == file && within >= 0 && within * SimContent.CHUNK < view.bytes) {
        show(view, (int) within, content.chunk(chunk));
      }
    }
  }

  /// A file was cut: what lies behind its end is not to be read any more. Where a system would
  /// raise a fault, a reader finds zeros, as if the file had grown again.
  void cut(int file, long size) {
    for (View view : views) {
      for (int c = view.filled.nextSetBit(0); c >= 0; c = view.filled.nextSetBit(c + 1)) {
        long begin = (long) c * SimContent.CHUNK;
        long end = Math.min(view.memory.byteSize(), begin + SimContent.CHUNK);
        long from = Math.max(begin, size - view.position);
        if (view.file == file && from < end) {
          view.memory.asSlice(from, end - from).fill((byte) 0);
        }
      }
    }
  }

  boolean any(int file) {
    return views.stream().anyMatch(view -> view.file == file);
  }

  void close(int file) {
    views.removeIf(
        view -> {
          if (view.file == file) {
            give(view);
          }
          return view.file == file;
        });
  }

  private static void show(View view, int chunk, byte[] bytes) {
    long at = (long) chunk * SimContent.CHUNK;
    MemorySegment.copy(
        MemorySegment.ofArray(bytes),
        0,
        view.memory,
        at,
        Math.min(SimContent.CHUNK, view.memory.byteSize() - at));
    view.filled.set(chunk);
  }

  private static MemorySegment take(long bytes) {
    long size = Math.max(1 << 16, Long.highestOneBit(bytes * 2 - 1));
    synchronized (spare) {
      Deque<MemorySegment> fitting = spare.get(size);
      if (fitting != null && !fitting.isEmpty()) {
        return fitting.removeLast();
      }
    }
    return Arena.global().allocate(size, SimContent.CHUNK);
  }

  private static void give(View view) {
    ByteBuffer memory = view.memory.asByteBuffer();
    view.filled.stream().forEach(chunk -> memory.put(chunk * SimContent.CHUNK, SimContent.ZEROS));
    synchronized (spare) {
      spare.computeIfAbsent(view.memory.byteSize(), size -> new ArrayDeque<>()).add(view.memory);
    }
  }
}
