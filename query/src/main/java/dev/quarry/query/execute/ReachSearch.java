package dev.quarry.query.execute;

import dev.quarry.graph.Direction;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.transaction.DistinctNodes;
import dev.quarry.graph.transaction.Expansion;
import dev.quarry.graph.transaction.Reading;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The nodes that trails from a node lead to, each once: a breadth-first search, which looks at
/// each relationship of a node once, however many trails go over it (rule S20).
///
/// A node is reached by a trail of at least one step if a walk leads there: the *shortest* walk is
/// a trail. To another node it meets no node twice, since leaving out what lies between would make
/// it shorter; so it takes no relationship twice. Back to the start, over relationships in their
/// direction, it meets no node but the start twice, and a relationship that is taken twice would be
/// left twice from one node. Only back to the start over relationships in either direction is the
/// shortest walk none, as it takes one relationship forth and back: there [ClosedTrail] decides. So
/// it is right for a least length of 0 or 1; what is two steps away may be reached again in one.
///
/// Nodes of a level wait in a queue, and many of them have their lists looked up together. A search
/// is not ended by changes of the graph: its owner begins another one. Used by one thread at a
/// time.
final class ReachSearch {
  private static final int BLOCK = 1024;

  private final Execution execution;
  private final Reading reading;
  private final Direction direction;
  private final List<String> types;
  private final RelationshipConditions conditions;
  private final DistinctNodes reached;
  private final NodeQueue queue;
  private final ClosedTrail trail;
  private final long[] front = new long[Expansion.PREPARED];
  private final long[] neighbours = new long[BLOCK];
  private @Nullable Catalog catalog;
  private @Nullable Expansion expansion;
  private long start;
  private long most;
  private boolean startWaits;
  private boolean startReached;
  private long depth;
  private long leftOfLevel;
  private int frontAt;
  private int frontCount;
  private boolean someLeft;
  private int at;
  private int count;

  /// @param conditions on each relationship; their values are those of the row at hand
  ReachSearch(
      Execution execution,
      Direction direction,
      List<String> types,
      RelationshipConditions conditions) {
    this.execution = execution;
    this.reading = execution.reading();
    this.direction = direction;
    this.types = types;
    this.conditions = conditions;
    this.reached = execution.newDistinctNodes();
    this.queue = new NodeQueue(execution.newScratch());
    this.trail = new ClosedTrail(execution.newScratch(), execution.newScratch());
  }

  /// Begins at a node.
  ///
  /// @param least 0 or 1: whether the start itself is reached without a step
  /// @param atMost how many steps; -1 for no bound
  /// @param backToo whether the start counts where a trail leads back to it
  void begin(long from, long least, long atMost, boolean backToo) {
    assert least == 0 || least == 1 : least;
    refresh();
    start = from;
    most = atMost;
    reached.clear();
    queue.clear();
    startWaits = least == 0;
    startReached = least == 0;
    if (least == 0 || direction == Direction.BOTH) {
      reached.add(from); // never met as any other node is
    }
    if (least == 1 && direction == Direction.BOTH && backToo) {
      trail.begin(from, atMost);
    } else {
      trail.end();
    }
    depth = 0;
    leftOfLevel = atMost == 0 ? 0 : 1;
    if (leftOfLevel > 0) {
      queue.add(from);
    }
    frontAt = 0;
    frontCount = 0;
    someLeft = false;
    at = 0;
    count = 0;
  }

  /// Types are looked up anew where the catalog has changed (rule S9).
  private void refresh() {
    if (expansion == null || catalog != reading.catalog()) {
      catalog = reading.catalog();
      expansion = execution.newExpansion(direction, Expand.tokens(types, catalog));
    }
  }

  private Expansion expansion() {
    return java.util.Objects.requireNonNull(expansion);
  }

  /// The next node; -1 if there is none.
  long next() {
    if (startWaits) {
      startWaits = false;
      return start;
    }
    while (true) {
      while (at < count) {
        long node = neighbours[at++];
        if (trail.isSought() && trail.closes(front[frontAt - 1], depth, node)) {
          startReached = true;
          return start;
        }
        if (reached.add(node)) {
          startReached |= node == start;
          if (node != start && (most < 0 || depth + 1 < most)) {
            queue.add(node);
          }
          return node;
        }
      }
      if (!read()) {
        return -1;
      }
    }
  }

  /// Whether a node is among those that [#next()] has given or will give; it goes on to there.
  boolean reaches(long node) {
    if (node == start ? startReached : reached.contains(node)) {
      return true;
    }
    for (long found = next(); found >= 0; found = next()) {
      if (found == node) {
        return true;
      }
    }
    return false;
  }

  /// Reads some neighbours of nodes that were reached before; false if all were read.
  private boolean read() {
    while (true) {
      if (someLeft) {
        fill();
        if (count > 0) {
          return true;
        }
      }
      if (frontAt == frontCount && !advance()) {
        return false;
      }
      open(frontAt++);
      if (count > 0) {
        return true;
      }
    }
  }

  /// Takes the next nodes of the level, or the first ones of the next.
  private boolean advance() {
    if (leftOfLevel == 0) {
      leftOfLevel = queue.size();
      depth++;
    }
    frontAt = 0;
    frontCount = (int) Math.min(leftOfLevel, front.length);
    queue.take(front, frontCount);
    leftOfLevel -= frontCount;
    expansion().prepare(front, 0, frontCount);
    return frontCount > 0;
  }

  private void open(int index) {
    Expansion walk = expansion();
    execution.pace().step();
    at = 0;
    count = conditions.isEmpty() ? walk.fillPrepared(index, neighbours) : -1;
    someLeft = count < 0;
    if (someLeft) {
      count = 0;
      walk.openPrepared(index);
      fill();
    } else {
      execution.pace().bytes(8L * count);
    }
  }

  private void fill() {
    at = 0;
    if (conditions.isEmpty()) {
      count = expansion().fill(neighbours);
      execution.pace().bytes(8L * count);
    } else {
      count = fillChosen();
    }
    someLeft = count > 0;
  }

  private int fillChosen() {
    Expansion walk = expansion();
    int chosen = 0;
    while (chosen < neighbours.length && walk.next()) {
      execution.pace().step();
      if (conditions.hold(walk)) {
        neighbours[chosen++] = walk.neighbour();
      }
    }
    return chosen;
  }
}
