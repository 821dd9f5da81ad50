package dev.quarry.bench.allocator;

import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeMemory;
import dev.quarry.storage.memory.NativeSource;

/// Quarry's frames of 4 and 16 KiB: all threads have one [NativeMemory], and an account each.
final class FrameBlocks implements Blocks {
  /// What all frames and scratches of this process are cut out of.
  static final NativeMemory MEMORY =
      new NativeMemory(Budget.root("allocators", 4L << 30), NativeSource.AUTO);

  private final Budget account = MEMORY.budget().child("frames");
  private final long[] addresses;
  private final int[] sizes;

  FrameBlocks(int count) {
    addresses = new long[count];
    sizes = new int[count];
  }

  @Override
  public void allocate(int block, int bytes) {
    addresses[block] = MEMORY.allocateFrame(bytes, account, false);
    sizes[block] = bytes;
  }

  @Override
  public void free(int block) {
    MEMORY.freeFrame(addresses[block], sizes[block], account);
  }

  @Override
  public void putLong(int block, int offset, long value) {
    Memory.putLong(addresses[block] + offset, value);
  }

  @Override
  public long getLong(int block, int offset) {
    return Memory.getLong(addresses[block] + offset);
  }

  @Override
  public void close() {
    account.close();
  }
}
