package dev.quarry.error;

import org.jspecify.annotations.Nullable;

/// A use of a store, transaction, cursor or row after its end.
public final class StoreClosedException extends StoreException {
  private static final long serialVersionUID = 1L;

  public StoreClosedException(ErrorCode code, String message) {
    this(code, message, null, null);
  }

  public StoreClosedException(ErrorCode code, String message, @Nullable String hint) {
    this(code, message, hint, null);
  }

  public StoreClosedException(
      ErrorCode code, String message, @Nullable String hint, @Nullable Throwable cause) {
    super(code, message, hint, cause);
  }
}
