package dev.quarry.storage.memory;

import java.lang.foreign.MemorySegment;
import net.openhft.chronicle.bytes.BytesStore;

/// Extents from chronicle-bytes' lazy native stores, which touch no page before it is used.
///
/// A store checks no bounds and is not aligned, so it serves as an extent only: nobody reads or
/// writes through it. Loaded on first use, since the library speaks on stderr without the switches.
final class ChronicleExtents {
  private static final long ALIGNMENT = 1L << 21;

  private ChronicleExtents() {}

  // The store lives until the extent is closed: bounds and lifetime are those of Ranges.
  @SuppressWarnings("restricted")
  static Extent allocate(long bytes) {
    try {
      BytesStore<?, Void> store =
          BytesStore.lazyNativeBytesStoreWithFixedCapacity(bytes + ALIGNMENT);
      long start = store.addressForRead(0);
      long aligned = (start + ALIGNMENT - 1) & -ALIGNMENT;
      MemorySegment segment = MemorySegment.ofAddress(aligned).reinterpret(bytes);
      return new Extent(Ranges.register(segment, true), bytes, store::releaseLast);
    } catch (OutOfMemoryError e) {
      throw Extent.outOfMemory(bytes, e);
    }
  }
}
