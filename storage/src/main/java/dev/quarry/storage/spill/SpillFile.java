package dev.quarry.storage.spill;

import dev.quarry.error.StoreIoException;
import dev.quarry.storage.io.DiskFile;
import dev.quarry.storage.memory.Memory;

/// A file that is written at its end, read anywhere, and deleted when it is closed.
///
/// Threads: one at a time; closing it is any thread's business, since a store that is closed takes
/// its files away from queries that still run.
public final class SpillFile implements AutoCloseable {
  private static final int PIECE = 1 << 20;

  private final SpillFolder folder;
  private final DiskFile file;
  private long size;
  private long reserved;
  private boolean closed;

  SpillFile(SpillFolder folder, DiskFile file) {
    this.folder = folder;
    this.file = file;
  }

  /// How many bytes were written.
  public long size() {
    return size;
  }

  /// Writes bytes from memory at the end.
  ///
  /// @throws dev.quarry.error.MemoryBudgetException if the store may not have so much in such files
  /// @throws StoreIoException if the disk is full or fails
  public void append(long address, long bytes) {
    reserve(bytes);
    for (long done = 0; done < bytes; done += PIECE) {
      int piece = (int) Math.min(PIECE, bytes - done);
      file.write(Memory.view(address + done, piece), size + done);
    }
    size += bytes;
  }

  /// Reads bytes into memory.
  public void read(long position, long address, long bytes) {
    assert position >= 0 : position;
    assert position + bytes <= size : position + " + " + bytes + " of " + size;
    for (long done = 0; done < bytes; done += PIECE) {
      int piece = (int) Math.min(PIECE, bytes - done);
      file.read(Memory.view(address + done, piece), position + done);
    }
  }

  private synchronized void reserve(long bytes) {
    if (closed) {
      throw SpillFolder.storeClosed();
    }
    folder.reserve(bytes);
    reserved += bytes;
  }

  /// Gives the disk its space back. Idempotent. A file that cannot be deleted is left to the next
  /// opening of the store: nobody misses it.
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      file.close();
      folder.disk().delete(file.path());
    } catch (StoreIoException left) {
      // see above
    } finally {
      folder.ended(this, reserved);
      reserved = 0;
    }
  }
}
