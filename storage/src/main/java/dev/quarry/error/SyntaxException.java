package dev.quarry.error;

import org.jspecify.annotations.Nullable;

/// A statement refused before it ran: grammar, names, scopes, static types, what is not supported.
public final class SyntaxException extends QueryException {
  private static final long serialVersionUID = 1L;

  public SyntaxException(
      ErrorCode code, String message, @Nullable Span span, @Nullable String hint) {
    super(code, message, hint, span, null);
  }

  public SyntaxException(ErrorCode code, String message) {
    super(code, message, null, null, null);
  }
}
