package dev.quarry.storage.memory;

/// A span of 64 KiB cut into frames of one size, 4 or 16 KiB.
final class SpanFrames {
  final Extent extent;
  final int span;
  final int frameBytes;
  private final int allFree;
  private int free;
  boolean listed;

  SpanFrames(Extent extent, int span, int frameBytes) {
    this.extent = extent;
    this.span = span;
    this.frameBytes = frameBytes;
    this.allFree = (1 << (Extent.SPAN_BYTES / frameBytes)) - 1;
    this.free = allFree;
  }

  boolean full() {
    return free == 0;
  }

  boolean empty() {
    return free == allFree;
  }

  long take() {
    int frame = Integer.numberOfTrailingZeros(free);
    free &= free - 1;
    return extent.addressOf(span) + (long) frame * frameBytes;
  }

  void give(long address) {
    int frame = (int) ((address - extent.addressOf(span)) / frameBytes);
    assert (free & 1 << frame) == 0 : "frame at " + Long.toHexString(address) + " is free already";
    free |= 1 << frame;
  }
}
