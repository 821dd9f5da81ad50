package dev.quarry.error;

import org.jspecify.annotations.Nullable;

/// The store or its surroundings: files, locks, damage, memory, transactions.
public abstract sealed class StoreException extends QuarryException
    permits CorruptPageException,
        MemoryBudgetException,
        SnapshotExpiredException,
        StoreClosedException,
        StoreIoException,
        StoreOpenException,
        WriterBusyException,
        TransactionException {
  private static final long serialVersionUID = 1L;

  StoreException(ErrorCode code, String message, @Nullable String hint, @Nullable Throwable cause) {
    super(code, message, hint, cause);
  }
}
