package dev.quarry.graph;

/// Which of a node's relationships are meant, seen from the node.
public enum Direction {
  /// The node is the start of the relationship.
  OUTGOING,
  /// The node is the end of the relationship.
  INCOMING,
  /// Either; a self-loop counts once.
  BOTH;

  /// The direction seen from the other end.
  public Direction reverse() {
    return switch (this) {
      case OUTGOING -> INCOMING;
      case INCOMING -> OUTGOING;
      case BOTH -> BOTH;
    };
  }
}
