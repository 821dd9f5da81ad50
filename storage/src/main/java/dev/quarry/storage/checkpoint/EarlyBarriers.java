package dev.quarry.storage.checkpoint;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.StoreIoException;
import dev.quarry.storage.io.Disk;
import dev.quarry.storage.io.DiskFile;
import dev.quarry.storage.schedule.Sched;
import org.jspecify.annotations.Nullable;

/// Barriers beside a transaction that spills: what it wrote goes to the device while it goes on, so
/// that less is left for the barrier that its commit waits for.
///
/// ```text
///  idle ── so many bytes were written ──► running ──► idle
///                                            └─ failed: kept, and raised by every later [#barrier()]
/// ```
///
/// Nothing relies on an early barrier that succeeded. One that failed counts, since a system may
/// tell a failure once only, to whoever asks first: so [#barrier()], which others do rely on,
/// succeeds only if none has failed that ran before it or beside it.
///
/// Threads: any.
final class EarlyBarriers {
  private static final long STEP = 8L << 20;

  private final Disk disk;
  private final DiskFile file;
  private long bytes; // since the last one began
  private boolean running;
  private @Nullable StoreIoException failure;

  EarlyBarriers(Disk disk, DiskFile file) {
    this.disk = disk;
    this.file = file;
  }

  /// So many bytes were written that nothing refers to yet.
  void wrote(int more) {
    if (begins(more)) {
      disk.beside("quarry-barrier", this::run);
    }
  }

  private synchronized boolean begins(int more) {
    bytes += more;
    if (running || bytes < STEP) {
      return false;
    }
    bytes = 0;
    running = true;
    return true;
  }

  private void run() {
    StoreIoException failed = null;
    try {
      file.force();
    } catch (StoreIoException e) {
      failed = e;
    } finally {
      end(failed);
    }
  }

  private synchronized void end(@Nullable StoreIoException failed) {
    failure = failure == null ? failed : failure;
    running = false;
    Sched.signalAll(this);
  }

  /// The barrier of the file, see [DiskFile#force()].
  void barrier() {
    file.force();
    await();
    StoreIoException failed = failure();
    if (failed != null) {
      throw new StoreIoException(
          ErrorCode.STORE_IO,
          "an earlier barrier failed: " + failed.getMessage(),
          failed.hint(),
          failed);
    }
  }

  private synchronized @Nullable StoreIoException failure() {
    return failure;
  }

  /// Waits until none is running.
  synchronized void await() {
    Sched.awaitWhile(this, () -> running);
  }
}
