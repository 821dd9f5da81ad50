package dev.quarry.error;

import org.jspecify.annotations.Nullable;

/// A store that cannot be opened or created: no such file, not a store, held by another process,
/// unknown version, damage that no state survives.
public final class StoreOpenException extends StoreException {
  private static final long serialVersionUID = 1L;

  public StoreOpenException(ErrorCode code, String message) {
    this(code, message, null, null);
  }

  public StoreOpenException(ErrorCode code, String message, @Nullable String hint) {
    this(code, message, hint, null);
  }

  public StoreOpenException(
      ErrorCode code, String message, @Nullable String hint, @Nullable Throwable cause) {
    super(code, message, hint, cause);
  }
}
