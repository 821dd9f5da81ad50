package dev.quarry.error;

import org.jspecify.annotations.Nullable;

/// A reader that outlived its lease.
public final class SnapshotExpiredException extends StoreException {
  private static final long serialVersionUID = 1L;

  public SnapshotExpiredException(ErrorCode code, String message) {
    this(code, message, null, null);
  }

  public SnapshotExpiredException(ErrorCode code, String message, @Nullable String hint) {
    this(code, message, hint, null);
  }

  public SnapshotExpiredException(
      ErrorCode code, String message, @Nullable String hint, @Nullable Throwable cause) {
    super(code, message, hint, cause);
  }
}
