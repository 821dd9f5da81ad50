package dev.quarry.storage.memory;

/// Writes numbers of some bits each one behind the other, the lowest bits first, and no byte behind
/// the last. Used by one thread.
final class BitWriter {
  private long at;
  private long pending;
  private int filled; // bits of pending, fewer than 8 between two numbers

  /// @param to address of the first byte
  BitWriter(long to) {
    this.at = to;
  }

  /// Adds a number, which has no more bits.
  ///
  /// @param bits at most 32
  void put(long number, int bits) {
    assert number >>> bits == 0 : number + " in " + bits + " bits";
    pending |= number << filled;
    filled += bits;
    for (; filled >= 8; filled -= 8) {
      Memory.putByte(at++, (byte) pending);
      pending >>>= 8;
    }
  }

  /// Writes the bits of the last byte, with zeros behind them.
  void finish() {
    if (filled > 0) {
      Memory.putByte(at, (byte) pending);
    }
  }
}
