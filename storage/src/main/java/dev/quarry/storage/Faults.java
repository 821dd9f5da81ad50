package dev.quarry.storage;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.StoreException;
import dev.quarry.error.StoreIoException;
import dev.quarry.storage.checkpoint.StoreFile;
import dev.quarry.storage.memory.Memory;
import org.jspecify.annotations.Nullable;

/// What a failure to write means for the store.
///
/// ```text
///  the disk is full  ──► one transaction ends; a checkpoint, and what only removes, spend the
///                        [Headroom] and try once more
///  any other failure ──► the store is poisoned: it goes on reading what is durable, and refuses
///                        every write until it is opened again
///  the file was cut,
///  or cannot be read ──► told where a [Scope] ends; poisoned as well
/// ```
///
/// The reason for the second: nobody knows what the file holds then, and a barrier that failed once
/// may claim success the next time (Rebello et al., "Can applications recover from fsync
/// failures?", 2020).
///
/// Threads: any.
final class Faults {
  private final @Nullable StoreFile file;
  private volatile @Nullable StoreException poison;

  /// @param file null for a store in memory
  Faults(@Nullable StoreFile file) {
    this.file = file;
    if (file != null) {
      file.onFault(this::poison);
    }
  }

  /// Runs a scope, see [Store#scope].
  <T extends @Nullable Object, E extends Exception> T scope(Scope<T, E> scope) throws E {
    try {
      try {
        return scope.run();
      } finally {
        Memory.awaitFaults();
      }
    } catch (InternalError e) {
      throw faulted(e);
    }
  }

  /// Runs a scope without a result.
  void scoped(Runnable work) {
    this.<@Nullable Object, RuntimeException>scope(
        () -> {
          work.run();
          return null;
        });
  }

  /// The typed error of a fault in a map of the file.
  ///
  /// @throws InternalError if it is another one
  CorruptPageException faulted(InternalError error) {
    if (file == null) {
      throw error;
    }
    return file.faulted(error);
  }

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
