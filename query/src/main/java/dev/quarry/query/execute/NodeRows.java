package dev.quarry.query.execute;

import dev.quarry.graph.transaction.Ids;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.value.Cell;
import dev.quarry.query.value.Vector;
import dev.quarry.storage.arena.Slots;

/// Puts nodes into rows that follow each other: those of an arena in which no slot was ever freed
/// have the same generation, and go there at once.
final class NodeRows {
  private NodeRows() {}

  /// Puts the first so many of some ids.
  static void put(Reading reading, Vector nodes, int row, long[] ids, int count) {
    for (int from = 0; from < count; ) {
      int arena = Ids.arena(ids[from]);
      int to = from + 1;
      while (to < count && Ids.arena(ids[to]) == arena) {
        to++;
      }
      putOfArena(reading.nodeReader(arena).slots(), nodes, row + from, ids, from, to);
      from = to;
    }
  }

  private static void putOfArena(Slots slots, Vector nodes, int row, long[] ids, int from, int to) {
    if (slots.allFirst()) {
      nodes.putAll(row, Cell.head(Cell.NODE, 0), ids, from, to - from);
      return;
    }
    for (int i = from; i < to; i++) {
      int generation = slots.generation(Ids.slot(ids[i]));
      nodes.put(row + i - from, Cell.head(Cell.NODE, generation), ids[i]);
    }
  }
}
