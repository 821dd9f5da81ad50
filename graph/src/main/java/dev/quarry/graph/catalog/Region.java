package dev.quarry.graph.catalog;

/// A named part of a graph, which is dropped as a whole.
///
/// Its number is its place in [Regions]. A dropped one keeps it until no entry of a list or an
/// index leads into it any more; then the number is free for another.
///
/// @param name of a live one, unique among them; empty for the default region and for all others
public record Region(String name, State state) {
  /// What a region is.
  public enum State {
    /// Its nodes are there.
    LIVE,
    /// Its nodes are gone; entries elsewhere may still lead to them.
    DROPPED,
    /// Nothing leads to it.
    FREE
  }

  static final Region UNUSED = new Region("", State.FREE);

  boolean isLive() {
    return state == State.LIVE;
  }
}
