package dev.quarry.error;

import org.jspecify.annotations.Nullable;

/// A transaction used against its rules: after its end, after a failed statement, read-only.
public final class TransactionException extends StoreException {
  private static final long serialVersionUID = 1L;

  public TransactionException(ErrorCode code, String message) {
    this(code, message, null, null);
  }

  public TransactionException(ErrorCode code, String message, @Nullable String hint) {
    this(code, message, hint, null);
  }

  public TransactionException(
      ErrorCode code, String message, @Nullable String hint, @Nullable Throwable cause) {
    super(code, message, hint, cause);
  }
}
