package dev.quarry.storage.wal;

import dev.quarry.storage.memory.Budget;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// A buffer of the log that grows, and is charged to an account.
///
/// It keeps up to 1 MiB when it is cleared. Used under the lock of its owner.
final class LogBuffer implements AutoCloseable {
  private static final int LEAST = 4096;
  private static final int KEPT = 1 << 20;

  private final Budget account;
  private ByteBuffer bytes = ByteBuffer.allocate(0);

  LogBuffer(Budget account) {
    this.account = account;
  }

  /// The buffer, with room for so many more bytes at its position.
  ///
  /// @throws dev.quarry.error.MemoryBudgetException if the account is full; nothing changes then
  ByteBuffer ensureRoom(int more) {
    if (bytes.remaining() < more) {
      long needed = bytes.position() + (long) more;
      int capacity = (int) Math.max(LEAST, Math.min(needed * 2, Integer.MAX_VALUE - 8L));
      account.reserve(capacity);
      ByteBuffer larger = allocate(capacity);
      larger.put(bytes.flip());
      account.release(bytes.capacity());
      bytes = larger;
    }
    return bytes;
  }

  /// How many bytes were put into it.
  int length() {
    return bytes.position();
  }

  /// What was put into it, from its beginning on.
  ByteBuffer content() {
    return bytes.duplicate().flip().order(ByteOrder.LITTLE_ENDIAN);
  }

  /// Forgets what was put into it. Never fails: what it keeps was reserved before.
  void clear() {
    if (bytes.capacity() > KEPT) {
      account.release(bytes.capacity() - LEAST);
      bytes = allocate(LEAST);
    }
    bytes.clear();
  }

  private static ByteBuffer allocate(int capacity) {
    return ByteBuffer.allocateDirect(capacity).order(ByteOrder.LITTLE_ENDIAN);
  }

  /// Gives its memory back; it can be used again.
  @Override
  public void close() {
    account.release(bytes.capacity());
    bytes = ByteBuffer.allocate(0);
  }
}
