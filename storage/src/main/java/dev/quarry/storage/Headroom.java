package dev.quarry.storage;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.StoreIoException;
import dev.quarry.storage.io.Disk;
import dev.quarry.storage.io.DiskFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.Supplier;

/// Space on the disk that is kept for the moment when it is full: a file of zeros beside the store,
/// `x.quarry-reserve`. What then goes on deletes it and tries once more: a checkpoint, and a
/// transaction that only removes, so that a full store can be emptied. Whatever adds to the graph
/// needs the file to be there, so it never uses up what is kept.
///
/// The file is made by the first write after opening, and gone after a clean close. It needs no
/// barrier, since its content is nothing. Threads: any.
final class Headroom {
  private static final int ZEROS = 1 << 16;

  private final Disk disk;
  private final Path path;
  private final long bytes;
  private volatile boolean there;

  /// @param bytes 0 for none
  Headroom(Disk disk, Path store, long bytes) {
    this.disk = disk;
    this.path = store.resolveSibling(store.getFileName() + "-reserve");
    this.bytes = bytes;
  }

  /// Makes sure that the space is kept.
  ///
  /// @throws StoreIoException if the disk has not so much
  void ensure() {
    if (!there && bytes > 0) {
      reserve();
    }
  }

  private synchronized void reserve() {
    if (there) {
      return;
    }
    try (DiskFile file = disk.open(path, true, true)) {
      ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(ZEROS, bytes));
      for (long at = 0; at < bytes; at += ZEROS) {
        file.write(zeros.clear().limit((int) Math.min(ZEROS, bytes - at)), at);
      }
    } catch (StoreIoException e) {
      release();
      throw e.code() == ErrorCode.STORE_DISK_FULL ? full(e) : e;
    }
    there = true;
  }

  private StoreIoException full(StoreIoException cause) {
    return new StoreIoException(
        ErrorCode.STORE_DISK_FULL,
        "the disk has not the %,d bytes left that are kept for deleting and checkpoints: %s"
            .formatted(bytes, cause.getMessage()),
        "free space on the disk, or delete data: transactions that only delete go on",
        cause);
  }

  /// Runs what may find the disk full; then gives up the space that is kept, and tries once more.
  void orSpend(Runnable work) {
    try {
      work.run();
    } catch (StoreIoException e) {
      spendFor(e);
      work.run();
    }
  }

  /// The same for what has a result.
  <T> T orSpend(Supplier<T> work) {
    try {
      return work.get();
    } catch (StoreIoException e) {
      spendFor(e);
      return work.get();
    }
  }

  /// @throws StoreIoException the failure, if the disk is not full or there is no space to give up
  private synchronized void spendFor(StoreIoException failure) {
    boolean spent = there && failure.code() == ErrorCode.STORE_DISK_FULL && release();
    if (!spent) {
      throw failure;
    }
  }

  /// Deletes the file, also what an earlier process left; false if that fails.
  synchronized boolean release() {
    there = false;
    try {
      disk.delete(path);
      return true;
    } catch (StoreIoException e) {
      return false;
    }
  }
}
