package dev.quarry.bench.allocator;

import java.util.SplittableRandom;

/// Allocates many blocks with sizes of lists, writes into each, then frees all at once, and again.
final class Generations implements Loop {
  private final Blocks blocks;
  private final int count;
  private final ListSizes sizes;

  Generations(Blocks blocks, int count, int bytes, long seed) {
    this.blocks = blocks;
    this.count = count;
    this.sizes = new ListSizes(new SplittableRandom(seed));
  }

  @Override
  public void begin() {}

  @Override
  public int operations() {
    for (int block = 0; block < count; block++) {
      blocks.allocate(block, sizes.next());
      blocks.putLong(block, 0, block);
    }
    blocks.freeAll(count);
    return count;
  }

  @Override
  public long liveBytes() {
    return 0;
  }

  @Override
  public void end() {}
}
