package dev.quarry.storage.wal;

import dev.quarry.storage.io.DiskFile;
import dev.quarry.storage.memory.Budget;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// Writes what is appended to a file so that it is durable, in whole blocks.
///
/// ```text
///  block     0                         4096                       8192
///            ┌──────────────┬───────────┬───────────┬──────────────┐
///            │ kept         │ appended  ┊ appended  │ zeros        │
///            └──────────────┴───────────┴───────────┴──────────────┘
///                                       └─ kept for the next time ─┘
/// ```
///
/// The beginning of the last block is kept, and written again, unchanged, with what comes behind
/// it; the page cache of a system, whose pages are as large, does the same. Behind what is appended
/// the block has zeros. What is large, or reaches past the end of the file, is written the usual
/// way.
///
/// Threads: one at a time.
final class BlockWriter implements AutoCloseable {
  private static final int BLOCK = DiskFile.BLOCK;
  private static final int MOST = 64 << 10;
  private static final byte[] ZEROS = new byte[BLOCK];

  private final Budget account;
  private ByteBuffer blocks = ByteBuffer.allocate(0);
  private @Nullable DiskFile keptOf;
  private long keptTo; // where what is kept ends in that file

  /// @param account what its buffer is charged to
  BlockWriter(Budget account) {
    this.account = account;
  }

  /// Takes its memory, before anything is appended.
  ///
  /// @throws dev.quarry.error.MemoryBudgetException if the account is full
  void open() {
    account.reserve(MOST + BLOCK);
    blocks = ByteBuffer.allocateDirect(MOST + BLOCK).alignedSlice(BLOCK);
  }

  /// Writes bytes behind all others that matter; they are durable on return. What lies before them
  /// is what was appended last, or is read from the file.
  ///
  /// @param size of the file, which stays as it is
  void append(DiskFile file, ByteBuffer bytes, long position, long size) {
    long first = position & -BLOCK;
    long end = position + bytes.remaining();
    long last = (end + BLOCK - 1) & -BLOCK;
    if (last - first > MOST || last > size) {
      keptOf = null;
      file.write(bytes, position);
      file.force();
      return;
    }
    fill(file, bytes, position, first, (int) (last - first));
    keptOf = null; // until it is written
    file.writeThrough(blocks.clear().limit((int) (last - first)), first);
    keep(file, end, first);
  }

  private void fill(DiskFile file, ByteBuffer bytes, long position, long first, int length) {
    int before = (int) (position - first);
    boolean isKept = keptOf == file && keptTo == position;
    if (!isKept) {
      file.read(blocks.clear().limit(before), first);
    }
    blocks.clear().position(before).put(bytes);
    if (!isKept || length > BLOCK) { // else zeros lie there
      blocks.put(ZEROS, 0, length - blocks.position());
    }
  }

  /// Moves the beginning of the last block to where the next one is written from, unless it lies
  /// there, as it does after most commits of a lone caller.
  private void keep(DiskFile file, long end, long first) {
    int kept = (int) (end & BLOCK - 1);
    int from = (int) (end - first) - kept;
    if (from > 0) {
      blocks.clear().put(0, blocks, from, kept).put(kept, ZEROS, 0, BLOCK - kept);
    }
    keptOf = file;
    keptTo = end;
  }

  /// Gives its memory back.
  @Override
  public void close() {
    account.release(blocks.capacity() == 0 ? 0 : MOST + BLOCK);
    blocks = ByteBuffer.allocate(0);
  }
}
