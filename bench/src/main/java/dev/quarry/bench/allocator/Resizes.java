package dev.quarry.bench.allocator;

import java.util.SplittableRandom;

/// Many live blocks with sizes of lists; an operation frees one at random and allocates it anew,
/// grown or shrunk, and writes into it.
final class Resizes implements Loop {
  private static final int OPERATIONS = 1024;

  private final Blocks blocks;
  private final int[] sizes;
  private final SplittableRandom random;
  private final ListSizes listSizes;
  private long liveBytes;

  Resizes(Blocks blocks, int count, int bytes, long seed) {
    this.blocks = blocks;
    this.sizes = new int[count];
    this.random = new SplittableRandom(seed);
    this.listSizes = new ListSizes(random);
  }

  @Override
  public void begin() {
    for (int block = 0; block < sizes.length; block++) {
      allocate(block, listSizes.next());
    }
  }

  @Override
  public int operations() {
    for (int i = 0; i < OPERATIONS; i++) {
      int block = random.nextInt(sizes.length);
      liveBytes -= sizes[block];
      blocks.free(block);
      allocate(block, listSizes.changed(sizes[block]));
    }
    return OPERATIONS;
  }

  private void allocate(int block, int bytes) {
    blocks.allocate(block, bytes);
    blocks.putLong(block, 0, block);
    sizes[block] = bytes;
    liveBytes += bytes;
  }

  @Override
  public long liveBytes() {
    return liveBytes;
  }

  @Override
  public void end() {
    blocks.freeAll(sizes.length);
  }
}
