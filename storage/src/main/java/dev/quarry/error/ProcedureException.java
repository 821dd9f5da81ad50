package dev.quarry.error;

import org.jspecify.annotations.Nullable;

/// A procedure or function of the application that is unknown, cannot be registered, or failed; its
/// own error is the cause.
public final class ProcedureException extends QueryException {
  private static final long serialVersionUID = 1L;

  public ProcedureException(
      ErrorCode code,
      String message,
      @Nullable Span span,
      @Nullable String hint,
      @Nullable Throwable cause) {
    super(code, message, hint, span, cause);
  }
}
