package dev.quarry.storage.torture;

/// The text of a case that is none of its suite, so that nothing was run.
public final class NoSuchCase extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  public NoSuchCase(String message) {
    super(message);
  }
}
