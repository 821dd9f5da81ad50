package dev.quarry.error;

import org.jspecify.annotations.Nullable;

/// Bytes of the store that do not match their checksum, or do not make sense.
public final class CorruptPageException extends StoreException {
  private static final long serialVersionUID = 1L;

  public CorruptPageException(ErrorCode code, String message) {
    this(code, message, null, null);
  }

  public CorruptPageException(ErrorCode code, String message, @Nullable String hint) {
    this(code, message, hint, null);
  }

  public CorruptPageException(
      ErrorCode code, String message, @Nullable String hint, @Nullable Throwable cause) {
    super(code, message, hint, cause);
  }
}
