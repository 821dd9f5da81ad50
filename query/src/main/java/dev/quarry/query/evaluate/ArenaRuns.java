package dev.quarry.query.evaluate;

import dev.quarry.graph.transaction.Ids;
import dev.quarry.query.value.Vector;
import dev.quarry.storage.memory.Memory;

/// Nodes of a vector that follow each other and lie in one arena, so that what the arena knows is
/// asked once for all of them.
final class ArenaRuns {
  private ArenaRuns() {}

  /// Where nodes of another arena than that of a row begin, or nulls do; of a null, where they end.
  static int end(Vector nodes, int from, int rows) {
    if (!nodes.hasNulls()) {
      return from + Memory.alike(nodes.bodies() + from * 8L, rows - from, ~Ids.SLOT_MASK);
    }
    boolean nulls = nodes.isNull(from);
    int arena = Ids.arena(nodes.body(from));
    int to = from + 1;
    while (to < rows && nodes.isNull(to) == nulls && Ids.arena(nodes.body(to)) == arena) {
      to++;
    }
    return to;
  }
}
