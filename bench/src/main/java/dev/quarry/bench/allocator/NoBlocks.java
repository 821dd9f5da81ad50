package dev.quarry.bench.allocator;

/// No allocator at all: what the loop alone costs.
final class NoBlocks implements Blocks {
  private final long[] addresses;

  NoBlocks(int count) {
    addresses = new long[count];
  }

  @Override
  public void allocate(int block, int bytes) {
    addresses[block] = bytes;
  }

  @Override
  public void free(int block) {
    addresses[block] = 0;
  }

  @Override
  public void putLong(int block, int offset, long value) {
    addresses[block] = value;
  }

  @Override
  public long getLong(int block, int offset) {
    return addresses[block];
  }

  @Override
  public void close() {}
}
