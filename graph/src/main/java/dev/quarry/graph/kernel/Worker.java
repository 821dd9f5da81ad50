package dev.quarry.graph.kernel;

import dev.quarry.graph.transaction.RecordReading;
import dev.quarry.storage.memory.Scratch;
import org.jspecify.annotations.Nullable;

/// What one thread of a kernel has for itself: a reader, memory, and a pace.
final class Worker {
  private final int index;
  private final RecordReading reading;
  private final Scratch scratch;
  private final long[] sums = new long[2];
  private final long[] lengths = new long[64];
  private @Nullable Pace pace;

  /// @param index 0 for the caller's thread
  /// @param scratch for what the kernel gives it; no other thread allocates from it
  Worker(int index, RecordReading reading, Scratch scratch) {
    this.index = index;
    this.reading = reading;
    this.scratch = scratch;
  }

  void pace(Pace newPace) {
    pace = newPace;
  }

  int index() {
    return index;
  }

  RecordReading reading() {
    return reading;
  }

  Scratch scratch() {
    return scratch;
  }

  /// A length for each node of a word.
  long[] lengths() {
    return lengths;
  }

  /// Two sums that a loop returns.
  long[] sums() {
    return sums;
  }

  /// Counts nodes and relationships that were gone over.
  void steps(long count) {
    Pace own = pace;
    assert own != null;
    own.steps(count);
  }
}
