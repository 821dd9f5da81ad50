package dev.quarry.graph.statistics;

/// Which slots of an arena are looked at, and in which order: whole blocks of neighbours, spread so
/// that each beginning of the order is an even sample of the arena.
///
/// ```text
/// block    0       1       2       3       4       5       6       7
///         ┌───────┬───────┬───────┬───────┬───────┬───────┬───────┬───────┐
/// order   │ 1st   │ 6th   │ 3rd   │ 8th   │ 5th   │ 2nd   │ 7th   │ 4th   │    step 5 of 8
///         └───────┴───────┴───────┴───────┴───────┴───────┴───────┴───────┘
/// ```
///
/// The step is near the golden section of the number of blocks and has no divisor in common with
/// it, so every block comes once (additive recurrence: H. Weyl 1916; D. Knuth, *The Art of Computer
/// Programming* 3, §6.4). A block is a page of cells of 8 bytes. Immutable.
public record Sample(long slots) {
  /// Slots of a block.
  public static final int BLOCK = 512;

  private static final double GOLDEN = 0.6180339887498949;

  /// How many blocks there are.
  public long blocks() {
    return (slots + BLOCK - 1) / BLOCK;
  }

  /// The first slot of the block that comes at a place of the order.
  ///
  /// @param place from 0 to less than [#blocks()]
  public long first(long place) {
    assert place >= 0 : place;
    assert place < blocks() : place + " of " + blocks();
    return Math.floorMod(place * step(), blocks()) * BLOCK;
  }

  /// One more than the last slot of a block that begins with a slot.
  public long end(long first) {
    return Math.min(first + BLOCK, slots);
  }

  private long step() {
    long blocks = blocks();
    long step = Math.max(1, Math.round(blocks * GOLDEN));
    while (divisor(step, blocks) != 1) {
      step++;
    }
    return step;
  }

  private static long divisor(long a, long b) {
    return b == 0 ? a : divisor(b, a % b);
  }
}
