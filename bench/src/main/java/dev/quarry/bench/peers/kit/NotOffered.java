package dev.quarry.bench.peers.kit;

/// Raised where a peer has no way to do what was asked. It is no failure: the report says "–".
public final class NotOffered extends Exception {
  private static final long serialVersionUID = 1;

  /// @param reason in a few words
  public NotOffered(String reason) {
    super(reason);
  }
}
