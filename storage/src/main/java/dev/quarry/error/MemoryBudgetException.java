package dev.quarry.error;

import org.jspecify.annotations.Nullable;

/// A reservation that does not fit into its account. Only that transaction or query ends.
public final class MemoryBudgetException extends StoreException {
  private static final long serialVersionUID = 1L;

  public MemoryBudgetException(ErrorCode code, String message) {
    this(code, message, null, null);
  }

  public MemoryBudgetException(ErrorCode code, String message, @Nullable String hint) {
    this(code, message, hint, null);
  }

  public MemoryBudgetException(
      ErrorCode code, String message, @Nullable String hint, @Nullable Throwable cause) {
    super(code, message, hint, cause);
  }
}
