package dev.quarry.bench.allocator;

import java.util.List;

/// A loop and its numbers.
///
/// @param blocks how many there are, shared by the threads unless each has the one
/// @param bytes of a block, where all have the same; else 0
/// @param milliseconds how long a round takes at least
record Workload(String name, Class<? extends Loop> loop, int blocks, int bytes, int milliseconds) {
  /// Those of the benchmark.
  static List<Workload> all() {
    return List.of(
        oneSize(64), oneSize(4096), oneSize(16384), resizes(1_000_000), generations(100_000));
  }

  static Workload oneSize(int bytes) {
    String name = "allocate and free %,d bytes".formatted(bytes);
    return new Workload(name, OneSize.class, 1, bytes, 30);
  }

  static Workload resizes(int blocks) {
    String name = "resize one of %,d blocks".formatted(blocks);
    return new Workload(name, Resizes.class, blocks, 0, 80);
  }

  static Workload generations(int blocks) {
    String name = "a block of a generation of %,d".formatted(blocks);
    return new Workload(name, Generations.class, blocks, 0, 30);
  }

  /// The same with rounds of another length.
  Workload lasting(int newMilliseconds) {
    return new Workload(name, loop, blocks, bytes, newMilliseconds);
  }

  /// How many blocks each of so many threads has.
  int blocksOf(int threads) {
    return Math.max(1, blocks / threads);
  }
}
