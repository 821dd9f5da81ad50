package dev.quarry.error;

import org.jspecify.annotations.Nullable;

/// The operating system refused a read, a write or a barrier: disk full, I/O error, a file cut
/// short. After a failed barrier the store is read-only (*poisoned*) until it is opened again.
public final class StoreIoException extends StoreException {
  private static final long serialVersionUID = 1L;

  public StoreIoException(ErrorCode code, String message) {
    this(code, message, null, null);
  }

  public StoreIoException(ErrorCode code, String message, @Nullable String hint) {
    this(code, message, hint, null);
  }

  public StoreIoException(
      ErrorCode code, String message, @Nullable String hint, @Nullable Throwable cause) {
    super(code, message, hint, cause);
  }
}
