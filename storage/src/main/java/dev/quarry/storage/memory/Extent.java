package dev.quarry.storage.memory;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.MemoryBudgetException;
import org.jspecify.annotations.Nullable;

/// One large native range, handed out in spans of 64 KiB.
///
/// ```text
/// 0        64 K      128 K                      2 M
/// ┌─────────┬─────────┬─────────┬─ … ─┬─────────┐
/// │ span 0  │ span 1  │ span 2  │     │ span 31 │     a bit each in `freeSpans`
/// └─────────┴─────────┴─────────┴─ … ─┴─────────┘
/// ```
///
/// An extent larger than 2 MiB is handed out whole. Threads: under the lock of [NativeMemory].
final class Extent {
  static final int SPAN_SHIFT = 16;
  static final int SPAN_BYTES = 1 << SPAN_SHIFT;
  static final int SPANS = 32;
  static final long BYTES = (long) SPANS * SPAN_BYTES;
  private static final int ALL_FREE = -1;

  final long base;
  final long bytes;
  private final Runnable giveBack;
  private final @Nullable SpanFrames[] frames = new SpanFrames[SPANS];
  private int freeSpans = ALL_FREE;

  Extent(long base, long bytes, Runnable giveBack) {
    this.base = base;
    this.bytes = bytes;
    this.giveBack = giveBack;
  }

  /// Takes `count` spans in a row; -1 if there are none.
  int takeSpans(int count) {
    int run = freeSpans;
    for (int i = 1; i < count && run != 0; i++) {
      run &= freeSpans >>> i;
    }
    if (run == 0) {
      return -1;
    }
    int first = Integer.numberOfTrailingZeros(run);
    freeSpans &= ~mask(first, count);
    return first;
  }

  void freeSpans(int first, int count) {
    assert (freeSpans & mask(first, count)) == 0 : "span " + first + " is free already";
    freeSpans |= mask(first, count);
  }

  boolean empty() {
    return freeSpans == ALL_FREE;
  }

  long addressOf(int span) {
    return base + ((long) span << SPAN_SHIFT);
  }

  int spanOf(long address) {
    return (int) ((address - base) >>> SPAN_SHIFT);
  }

  /// The frames that a span is cut into; null where it is not cut.
  @Nullable SpanFrames frames(int span) {
    return frames[span];
  }

  void frames(int span, @Nullable SpanFrames cut) {
    frames[span] = cut;
  }

  void close() {
    Ranges.unregister(base);
    giveBack.run();
  }

  private static int mask(int first, int count) {
    return (count == 32 ? -1 : (1 << count) - 1) << first;
  }

  static MemoryBudgetException outOfMemory(long bytes, OutOfMemoryError cause) {
    return new MemoryBudgetException(
        ErrorCode.MEMORY_BUDGET,
        "the system gave no native memory: asked for %,d bytes".formatted(bytes),
        "lower the memory budget of the store, or free memory of the machine",
        cause);
  }
}
