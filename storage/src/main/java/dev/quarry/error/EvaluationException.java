package dev.quarry.error;

import org.jspecify.annotations.Nullable;

/// A statement that failed while it ran: types, arithmetic, arguments, limits.
public final class EvaluationException extends QueryException {
  private static final long serialVersionUID = 1L;

  public EvaluationException(
      ErrorCode code, String message, @Nullable Span span, @Nullable String hint) {
    super(code, message, hint, span, null);
  }

  public EvaluationException(ErrorCode code, String message) {
    super(code, message, null, null, null);
  }
}
