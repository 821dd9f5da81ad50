package dev.quarry.bench.allocator;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Access to what an allocator outside of the JVM handed out. Bounds and lifetime are the caller's
/// duty: blocks are written between their allocation and their free, within the size asked for.
final class AllMemory {
  private static final MemorySegment ALL = all();

  private AllMemory() {}

  static void putLong(long address, long value) {
    ALL.set(ValueLayout.JAVA_LONG_UNALIGNED, address, value);
  }

  static long getLong(long address) {
    return ALL.get(ValueLayout.JAVA_LONG_UNALIGNED, address);
  }

  @SuppressWarnings("restricted")
  private static MemorySegment all() {
    return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  }
}
