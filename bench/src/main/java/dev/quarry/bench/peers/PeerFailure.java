package dev.quarry.bench.peers;

/// Raised where a contestant gives no usable reply: it crashed, took too long, or said that it
/// failed. The report gets a row that says so and goes on.
final class PeerFailure extends Exception {
  private static final long serialVersionUID = 1;

  /// Why, in the words of the report.
  PeerFailure(String reason) {
    super(reason);
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
