package dev.quarry.bench.allocator;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;

/// `malloc` and `free` of a C library, by downcalls; all threads have one allocator, that of the
/// process.
///
/// A template for [Copies]: each copy has the functions of one library as constants, since a
/// downcall by a handle that is none costs several times as much.
final class MallocBlocks implements Blocks {
  private static final MethodHandle MALLOC;
  private static final MethodHandle FREE;

  static {
    ForeignFunctions functions = Copies.data(MethodHandles.lookup(), ForeignFunctions.class);
    MALLOC = functions.malloc();
    FREE = functions.free();
  }

  private final long[] addresses;

  MallocBlocks(int count) {
    addresses = new long[count];
  }

  @Override
  public void allocate(int block, int bytes) {
    try {
      addresses[block] = (long) MALLOC.invokeExact((long) bytes);
    } catch (Throwable e) {
      throw new IllegalStateException("malloc failed", e);
    }
  }

  @Override
  public void free(int block) {
    try {
      FREE.invokeExact(addresses[block]);
    } catch (Throwable e) {
      throw new IllegalStateException("free failed", e);
    }
  }

  @Override
  public void putLong(int block, int offset, long value) {
    AllMemory.putLong(addresses[block] + offset, value);
  }

  @Override
  public long getLong(int block, int offset) {
    return AllMemory.getLong(addresses[block] + offset);
  }

  @Override
  public void close() {}
}
