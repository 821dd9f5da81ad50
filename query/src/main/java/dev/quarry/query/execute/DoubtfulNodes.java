package dev.quarry.query.execute;

import dev.quarry.graph.Direction;
import dev.quarry.query.plan.LogicalPlan.Intersect.Known;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import java.util.List;

/// The nodes that an [Intersect] may find for a row by taking one relationship for two that must
/// differ, and those of them that it has met.
///
/// A relationship of a side can only be one that is bound if it has the same ends, so it leads to
/// the other end of that; it can only be one of another side if both begin with the same node.
final class DoubtfulNodes {
  private final List<MustDiffer> pairs;
  private final long[] nodes;
  private final boolean[] isMet;
  private int count;
  private int at;
  private boolean everyNode;

  DoubtfulNodes(List<MustDiffer> pairs) {
    this.pairs = pairs;
    this.nodes = new long[pairs.size()];
    this.isMet = new boolean[pairs.size()];
  }

  /// Finds out which they are, once the sides have turned to the nodes of a row.
  void begin(Batch batch, int row) {
    count = 0;
    at = -1;
    everyNode = false;
    for (MustDiffer pair : pairs) {
      IntersectSide side = pair.side();
      IntersectSide second = pair.second();
      if (pair.known() != null) {
        addKnownEnd(side, pair.known(), batch, row);
      } else if (second == null) {
        addOtherEnd(side, batch.head(pair.slot(), row), batch.body(pair.slot(), row));
      } else if (side.node() == second.node()) {
        addSharedNode(side, second);
      }
    }
  }

  private void addOtherEnd(IntersectSide side, long head, long bound) {
    if (Cell.tag(head) == Cell.RELATIONSHIP) {
      addEnd(side, Cell.relationshipSource(bound), Cell.relationshipTarget(bound));
    }
  }

  private void addKnownEnd(IntersectSide side, Known known, Batch batch, int row) {
    long from = batch.body(known.from(), row);
    long to = batch.body(known.to(), row);
    boolean enters = known.direction() == Direction.INCOMING;
    addEnd(side, enters ? to : from, enters ? from : to);
  }

  private void addEnd(IntersectSide side, long source, long target) {
    if (side.mayBe(source, target, target)) {
      add(target);
    } else if (side.mayBe(source, target, source)) {
      add(source);
    }
  }

  /// Relationships that leave a node are others than those that enter it, but for loops.
  private void addSharedNode(IntersectSide side, IntersectSide second) {
    if (side.isOpposite(second)) {
      add(side.node());
    } else {
      everyNode = true;
    }
  }

  private void add(long node) {
    for (int i = 0; i < count; i++) {
      if (nodes[i] == node) {
        return;
      }
    }
    nodes[count] = node;
    isMet[count++] = false;
  }

  /// Whether all nodes are in doubt.
  boolean isEveryNode() {
    return everyNode;
  }

  /// How many there are.
  int count() {
    return count;
  }

  /// One of them.
  long node(int index) {
    return nodes[index];
  }

  /// Notes that a node was met, if it is in doubt.
  ///
  /// @return whether it is
  boolean note(long node) {
    for (int i = 0; i < count; i++) {
      if (nodes[i] == node) {
        isMet[i] = true;
        return true;
      }
    }
    return false;
  }

  /// Goes to the next node that was noted; false at the end.
  boolean next() {
    do {
      at++;
    } while (at < count && !isMet[at]);
    return at < count;
  }

  /// The node at which it is.
  long node() {
    return nodes[at];
  }
}
