package dev.quarry.error;

import org.jspecify.annotations.Nullable;

/// A statement that was cancelled, interrupted or ran out of time.
public final class CancelledException extends QueryException {
  private static final long serialVersionUID = 1L;

  public CancelledException(
      ErrorCode code, String message, @Nullable Span span, @Nullable String hint) {
    super(code, message, hint, span, null);
  }

  public CancelledException(ErrorCode code, String message) {
    super(code, message, null, null, null);
  }
}
