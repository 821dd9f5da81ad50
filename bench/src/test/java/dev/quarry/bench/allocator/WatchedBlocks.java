package dev.quarry.bench.allocator;

import java.util.HashMap;
import java.util.Map;

/// Fills each block to its last byte with what no other block has, and compares when it is freed:
/// whoever hands out the same byte twice is found.
final class WatchedBlocks implements Blocks {
  private final Blocks blocks;
  private final Map<Integer, Integer> sizes = new HashMap<>();
  private final Map<Integer, Long> patterns = new HashMap<>();
  private int allocations;

  WatchedBlocks(Blocks blocks) {
    this.blocks = blocks;
  }

  @Override
  public void allocate(int block, int bytes) {
    if (sizes.put(block, bytes) != null) {
      throw new AssertionError("block " + block + " is allocated, and was not freed");
    }
    allocations++;
    long pattern = allocations | (long) allocations << 32; // the same at any multiple of 4
    patterns.put(block, pattern);
    blocks.allocate(block, bytes);
    for (int offset = 0; offset < bytes; offset += 8) {
      blocks.putLong(block, Math.min(offset, bytes - 8), pattern);
    }
  }

  @Override
  public void free(int block) {
    verify(block);
    blocks.free(block);
  }

  @Override
  public void freeAll(int count) {
    for (int block = 0; block < count; block++) {
      verify(block);
    }
    blocks.freeAll(count);
  }

  private void verify(int block) {
    Integer bytes = sizes.remove(block);
    Long pattern = patterns.remove(block);
    if (bytes == null || pattern == null) {
      throw new AssertionError("block " + block + " is freed, and was not allocated");
    }
    for (int offset = 0; offset < bytes; offset += 8) {
      long there = blocks.getLong(block, Math.min(offset, bytes - 8));
      if (there != pattern) {
        throw new AssertionError(
            "block %d of %d bytes: expected %x at byte %d, there is %x"
                .formatted(block, bytes, pattern, offset, there));
      }
    }
  }

  /// The loop's own writes are left out: the block is full.
  @Override
  public void putLong(int block, int offset, long value) {}

  @Override
  public long getLong(int block, int offset) {
    return blocks.getLong(block, offset);
  }

  @Override
  public long heldBytes() {
    return blocks.heldBytes();
  }

  @Override
  public long roundedBytes() {
    return blocks.roundedBytes();
  }

  @Override
  public void close() {
    blocks.close();
    if (!sizes.isEmpty()) {
      throw new AssertionError(sizes.size() + " blocks were not freed");
    }
  }
}
