package dev.quarry.error;

import org.jspecify.annotations.Nullable;

/// A statement that cannot be understood or cannot be answered.
public abstract sealed class QueryException extends QuarryException
    permits SyntaxException, EvaluationException, ProcedureException, CancelledException {
  private static final long serialVersionUID = 1L;

  private final @Nullable Span span;

  QueryException(
      ErrorCode code,
      String message,
      @Nullable String hint,
      @Nullable Span span,
      @Nullable Throwable cause) {
    super(code, message, hint, cause);
    this.span = span;
  }

  /// The place in the statement, or null where none is to blame.
  public @Nullable Span span() {
    return span;
  }
}
