package dev.quarry.error;

import org.jspecify.annotations.Nullable;

/// The root of all errors that Quarry raises on purpose. Unchecked.
///
/// The message says what happened, actual against expected, and where; [#hint()] says what to do.
/// Instances may be passed between threads.
public abstract sealed class QuarryException extends RuntimeException
    permits StoreException, GraphException, QueryException, LoadException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;
  private final @Nullable String hint;

  QuarryException(
      ErrorCode code, String message, @Nullable String hint, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
    this.hint = hint;
  }

  /// The stable code of this error.
  public ErrorCode code() {
    return code;
  }

  /// Whether the same call may succeed when it is simply tried again later.
  public boolean retryable() {
    return code.retryable();
  }

  /// What to do about it, one sentence; null where the message says all.
  public @Nullable String hint() {
    return hint;
  }
}
