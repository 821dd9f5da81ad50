package dev.quarry.bench.allocator;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// A confined foreign arena per block; its segments come zeroed.
final class ArenaBlocks implements Blocks {
  private final Arena[] arenas;
  private final MemorySegment[] segments;

  ArenaBlocks(int count) {
    arenas = new Arena[count];
    segments = new MemorySegment[count];
  }

  @Override
  public void allocate(int block, int bytes) {
    Arena arena = Arena.ofConfined();
    arenas[block] = arena;
    segments[block] = arena.allocate(bytes, 8);
  }

  @Override
  public void free(int block) {
    arenas[block].close();
  }

  @Override
  public void putLong(int block, int offset, long value) {
    segments[block].set(ValueLayout.JAVA_LONG_UNALIGNED, offset, value);
  }

  @Override
  public long getLong(int block, int offset) {
    return segments[block].get(ValueLayout.JAVA_LONG_UNALIGNED, offset);
  }

  @Override
  public void close() {}
}
