package dev.quarry.storage;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.StoreException;
import dev.quarry.error.StoreIoException;
import org.jspecify.annotations.Nullable;

/// What a failure to write means for the store.
///
/// ```text
///  the disk is full  ──► one transaction ends; a checkpoint, and what only removes, spend the
///                        [Headroom] and try once more
///  any other failure ──► the store is poisoned: it goes on reading what is durable, and refuses
///                        every write until it is opened again
/// ```
///
/// The reason for the second: nobody knows what the file holds then, and a barrier that failed once
/// may claim success the next time (Rebello et al., "Can applications recover from fsync
/// failures?", 2020).
///
/// Threads: any.
final class Faults {
  private volatile @Nullable StoreException poison;

  /// Whether writes are refused.
  boolean poisoned() {
    return poison != null;
  }

  /// Refuses all writes from now on.
  void poison(StoreException cause) {
    poison = cause;
  }

  /// @throws StoreIoException if writes are refused
  void ensureSound() {
    StoreException cause = poison;
    if (cause != null) {
      throw new StoreIoException(
          ErrorCode.STORE_POISONED, String.valueOf(cause.getMessage()), cause.hint(), cause);
    }
  }

  /// Runs what ends in a barrier.
  void unlessBroken(Runnable writing) {
    try {
      writing.run();
    } catch (StoreIoException e) {
      if (e.code() != ErrorCode.STORE_DISK_FULL) {
        poison(e);
      }
      throw e;
    }
  }
}
