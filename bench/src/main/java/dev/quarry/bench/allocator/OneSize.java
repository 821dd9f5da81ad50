package dev.quarry.bench.allocator;

/// Allocates and frees one block of one size again and again; writes nothing.
final class OneSize implements Loop {
  private static final int OPERATIONS = 1024;

  private final Blocks blocks;
  private final int bytes;

  OneSize(Blocks blocks, int count, int bytes, long seed) {
    assert count == 1 : count;
    this.blocks = blocks;
    this.bytes = bytes;
  }

  @Override
  public void begin() {}

  @Override
  public int operations() {
    for (int i = 0; i < OPERATIONS; i++) {
      blocks.allocate(0, bytes);
      blocks.free(0);
    }
    return OPERATIONS;
  }

  @Override
  public long liveBytes() {
    return 0;
  }

  @Override
  public void end() {}
}
