package dev.quarry.query.execute;

import dev.quarry.graph.Direction;
import dev.quarry.query.plan.LogicalPlan.Ends;
import dev.quarry.query.value.Batch;
import java.util.List;

/// Relationships of a row that must not be among those of a node (rule S19), and of which only the
/// ends are known. Nobody can tell one from others with the same ends, so of the neighbours of the
/// node the other end is taken out, once for each of them.
final class LeftOut {
  private static final long[] NONE = {};

  private final Direction direction;
  private final List<Ends> all;
  private final long[] neighbours;
  private int count;

  /// @param direction in which the relationships of the node are followed
  LeftOut(Direction direction, List<Ends> all) {
    this.direction = direction;
    this.all = all;
    this.neighbours = all.isEmpty() ? NONE : new long[all.size()];
  }

  /// Begins with the node of a row.
  void begin(Batch batch, int row, long node) {
    count = 0;
    for (int i = 0; i < neighbours.length; i++) {
      long source = batch.body(all.get(i).source(), row);
      long target = batch.body(all.get(i).target(), row);
      boolean leaves = source == node && direction != Direction.INCOMING;
      boolean enters = target == node && direction != Direction.OUTGOING;
      if (leaves || enters) {
        neighbours[count++] = leaves ? target : source;
      }
    }
  }

  /// Takes those that are left to be taken out of some neighbours.
  ///
  /// @return how many stay, at the front
  int takeFrom(long[] found, int size) {
    int kept = count == 0 ? size : 0;
    for (int i = kept; i < size; i++) {
      if (!take(found[i])) {
        found[kept++] = found[i];
      }
    }
    return kept;
  }

  private boolean take(long neighbour) {
    for (int i = 0; i < count; i++) {
      if (neighbours[i] == neighbour) {
        neighbours[i] = neighbours[--count];
        return true;
      }
    }
    return false;
  }
}
