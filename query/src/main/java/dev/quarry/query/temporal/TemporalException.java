package dev.quarry.query.temporal;

/// A temporal value that cannot be made: the message says why.
public final class TemporalException extends RuntimeException {
  private static final long serialVersionUID = 1;

  TemporalException(String message) {
    super(message, null, false, false);
  }
}
