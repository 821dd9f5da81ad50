package dev.quarry.error;

import org.jspecify.annotations.Nullable;

/// The writer did not become free in time, or this thread holds it already.
public final class WriterBusyException extends StoreException {
  private static final long serialVersionUID = 1L;

  public WriterBusyException(ErrorCode code, String message) {
    this(code, message, null, null);
  }

  public WriterBusyException(ErrorCode code, String message, @Nullable String hint) {
    this(code, message, hint, null);
  }

  public WriterBusyException(
      ErrorCode code, String message, @Nullable String hint, @Nullable Throwable cause) {
    super(code, message, hint, cause);
  }
}
