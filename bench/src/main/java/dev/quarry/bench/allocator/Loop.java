package dev.quarry.bench.allocator;

/// What one thread does with blocks in a workload. Implementations are templates for [Copies] with
/// a constructor of `(Blocks blocks, int count, int bytes, long seed)`.
interface Loop {
  /// Allocates what is there before time is taken.
  void begin();

  /// Does some operations, and returns how many.
  int operations();

  /// Bytes asked for by the blocks that live now.
  long liveBytes();

  /// Frees what is left.
  void end();
}
