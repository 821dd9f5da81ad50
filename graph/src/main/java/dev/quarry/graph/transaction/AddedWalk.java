package dev.quarry.graph.transaction;

/// Walks the nodes of a set in the order in which they were added, as long as none were taken out,
/// and passes over those that died since.
final class AddedWalk extends StandingNode {
  private final AddedNodes set;
  private final int clears;
  private long next;

  AddedWalk(Reading reading, AddedNodes set) {
    super(reading);
    this.set = set;
    this.clears = set.clears();
  }

  @Override
  long nextNode() {
    if (clears != set.clears()) {
      return NONE;
    }
    OrderedIds ids = set.ids();
    while (next < ids.size()) {
      long node = ids.get(next++);
      if (reading.isThere(node)) {
        return node;
      }
    }
    return NONE;
  }

  @Override
  void ended() {}
}
