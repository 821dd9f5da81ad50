package dev.quarry.bench.allocator;

import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;

/// Quarry's [Scratch]: one per thread. Blocks die together, when none is left; so it does only
/// workloads in which that happens now and then.
final class ScratchBlocks implements Blocks {
  private final Budget account = FrameBlocks.MEMORY.budget().child("scratch");
  private final Scratch scratch = FrameBlocks.MEMORY.scratch(account);
  private final long[] addresses;
  private int live;

  ScratchBlocks(int count) {
    addresses = new long[count];
  }

  @Override
  public void allocate(int block, int bytes) {
    addresses[block] = scratch.allocate(bytes);
    live++;
  }

  @Override
  public void free(int block) {
    if (--live == 0) {
      scratch.reset();
    }
  }

  @Override
  public void freeAll(int count) {
    live -= count;
    scratch.reset();
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
    scratch.close();
    account.close();
  }
}
