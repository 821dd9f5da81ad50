package dev.quarry.bench.allocator;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;

/// Buffers of Netty's pool: one pool for all threads, with caches for each; Netty does not look for
/// leaks meanwhile.
final class NettyBlocks implements Blocks {
  private static final PooledByteBufAllocator POOL = pool();

  private final ByteBuf[] buffers;

  NettyBlocks(int count) {
    buffers = new ByteBuf[count];
  }

  private static PooledByteBufAllocator pool() {
    ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    return new PooledByteBufAllocator(true);
  }

  @Override
  public void allocate(int block, int bytes) {
    buffers[block] = POOL.directBuffer(bytes, bytes);
  }

  @Override
  public void free(int block) {
    buffers[block].release();
  }

  @Override
  public void putLong(int block, int offset, long value) {
    buffers[block].setLong(offset, value);
  }

  @Override
  public long getLong(int block, int offset) {
    return buffers[block].getLong(offset);
  }

  /// Bytes of the chunks of the pool.
  @Override
  public long heldBytes() {
    return POOL.metric().usedDirectMemory();
  }

  @Override
  public void close() {}
}
