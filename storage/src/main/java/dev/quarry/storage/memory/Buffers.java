package dev.quarry.storage.memory;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.StoreClosedException;

/// Buffers of one size that are lent and given back in any order, and end together.
///
/// ```text
/// free ──► ┌──────┬─ ─ ┐     ┌──────┬─ ─ ┐
///          │ next │    │ ──► │  0   │    │      a free buffer begins with the address of the next
///          └──────┴─ ─ ┘     └──────┴─ ─ ┘
/// ```
///
/// Who forgets to give one back keeps it until all end. Threads: one at a time.
public final class Buffers implements AutoCloseable {
  private static final byte POISON = (byte) 0xDD;

  private final Scratch scratch;
  private final int bytes;
  private long free;
  private boolean closed;

  /// @param scratch which is theirs from now on
  /// @param bytes of a buffer, a multiple of 8
  public Buffers(Scratch scratch, int bytes) {
    assert bytes >= 8 && bytes % 8 == 0 : bytes;
    this.scratch = scratch;
    this.bytes = bytes;
  }

  /// The address of a buffer, which may hold anything.
  ///
  /// @throws dev.quarry.error.MemoryBudgetException if there is no memory for another one
  public long take() {
    if (closed) {
      throw new StoreClosedException(
          ErrorCode.TRANSACTION_CLOSED, "the transaction that reads is closed", "begin a new one");
    }
    if (free == 0) {
      return scratch.allocate(bytes);
    }
    long buffer = free;
    free = Memory.getLong(buffer);
    return buffer;
  }

  /// Takes a buffer back; nothing happens once all have ended.
  public void give(long buffer) {
    if (closed) {
      return;
    }
    if (Memory.checkMode()) {
      Memory.fill(buffer, bytes, POISON);
    }
    Memory.putLong(buffer, free);
    free = buffer;
  }

  /// Ends all of them.
  @Override
  public void close() {
    closed = true;
    free = 0;
    scratch.close();
  }
}
