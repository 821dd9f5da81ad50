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
/// Who forgets to give one back keeps it until all end. Threads: any if they are shared, else one
/// at a time.
public final class Buffers implements AutoCloseable {
  private static final byte POISON = (byte) 0xDD;

  private final Scratch scratch;
  private final int bytes;
  private final boolean shared;
  private long free;
  private boolean closed;

  /// @param scratch which is theirs from now on
  /// @param bytes of a buffer, a multiple of 8
  /// @param shared whether several threads may use them at once
  public Buffers(Scratch scratch, int bytes, boolean shared) {
    assert bytes >= 8 && bytes % 8 == 0 : bytes;
    this.scratch = scratch;
    this.bytes = bytes;
    this.shared = shared;
  }

  /// The address of a buffer, which may hold anything.
  ///
  /// @throws dev.quarry.error.MemoryBudgetException if there is no memory for another one
  public long take() {
    if (shared) {
      synchronized (this) {
        return takeOne();
      }
    }
    return takeOne();
  }

  private long takeOne() {
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
    if (shared) {
      synchronized (this) {
        giveOne(buffer);
      }
    } else {
      giveOne(buffer);
    }
  }

  private void giveOne(long buffer) {
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
