package dev.quarry.graph.transaction;

/// Walks arena by arena, in batches of live slots.
///
/// The ends of the arenas are noted when it is opened, and while it is open its transaction takes
/// no free slots before them: it does not meet nodes created later (rule S5).
final class NodeWalk extends StandingNode {
  private static final int BATCH = 256;

  private final int label;
  private final boolean all;
  private final NodeScan scan;
  private final long[] batch = new long[BATCH];
  private int count;
  private int at;

  /// @param label token; -1 for a label that nobody has used
  /// @param all whether labels do not matter
  NodeWalk(Reading reading, int label, boolean all) {
    super(reading);
    this.label = label;
    this.all = all;
    this.scan = new NodeScan(reading, label, all);
    reading.openedNodes();
  }

  @Override
  long nextNode() {
    while (true) {
      while (at < count) {
        long node = batch[at++];
        if (reading.isThere(node) && (all || reading.hasLabel(node, label))) {
          return node;
        }
      }
      count = scan.fill(batch, BATCH);
      at = 0;
      if (count == 0) {
        return NONE;
      }
    }
  }

  @Override
  void ended() {
    reading.endedNodes();
  }
}
