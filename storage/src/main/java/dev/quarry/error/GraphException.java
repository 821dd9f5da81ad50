package dev.quarry.error;

import org.jspecify.annotations.Nullable;

/// A use of the graph that its state forbids: a record that is gone, a handle of another store, a
/// value that cannot be stored.
public final class GraphException extends QuarryException {
  private static final long serialVersionUID = 1L;

  public GraphException(ErrorCode code, String message) {
    this(code, message, null, null);
  }

  public GraphException(ErrorCode code, String message, @Nullable String hint) {
    this(code, message, hint, null);
  }

  public GraphException(
      ErrorCode code, String message, @Nullable String hint, @Nullable Throwable cause) {
    super(code, message, hint, cause);
  }
}
