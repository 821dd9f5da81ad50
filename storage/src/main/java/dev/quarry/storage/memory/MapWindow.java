package dev.quarry.storage.memory;

import java.lang.foreign.MemorySegment;

/// A read-only window of the file, mapped into memory; lives as long as its store.
///
/// The segment comes from `Disk.map` and goes nowhere else. Threads: any.
public final class MapWindow implements AutoCloseable {
  private final long address;
  private final long sizeBytes;
  private boolean closed;

  private MapWindow(long address, long sizeBytes) {
    this.address = address;
    this.sizeBytes = sizeBytes;
  }

  /// Gives a mapped range addresses.
  public static MapWindow of(MemorySegment mapped) {
    return new MapWindow(Ranges.register(mapped, false), mapped.byteSize());
  }

  /// The address of the first byte.
  public long address() {
    return address;
  }

  public long sizeBytes() {
    return sizeBytes;
  }

  /// Makes the addresses invalid. The map itself is closed by the disk that made it.
  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      Ranges.unregister(address);
    }
  }
}
