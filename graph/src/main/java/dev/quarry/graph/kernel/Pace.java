package dev.quarry.graph.kernel;

/// How long a thread may go on without looking whether the kernel should end: a step is a node or a
/// relationship, and it looks after every 65,536 of them. Used by one thread.
final class Pace {
  private static final int STEPS = 1 << 16;

  private final Runnable look;
  private long left = STEPS;

  /// @param look throws what ends the kernel, if it should end
  Pace(Runnable look) {
    this.look = look;
  }

  /// Counts steps.
  void steps(long count) {
    left -= count;
    if (left < 0) {
      left = STEPS;
      look.run();
    }
  }
}
