package dev.quarry.error;

import org.jspecify.annotations.Nullable;

/// A bulk load that cannot go on: bad input, bad options, too many rejected rows. The store is as
/// it was before the load.
public final class LoadException extends QuarryException {
  private static final long serialVersionUID = 1L;

  public LoadException(ErrorCode code, String message) {
    this(code, message, null, null);
  }

  public LoadException(ErrorCode code, String message, @Nullable String hint) {
    this(code, message, hint, null);
  }

  public LoadException(
      ErrorCode code, String message, @Nullable String hint, @Nullable Throwable cause) {
    super(code, message, hint, cause);
  }
}
