package dev.quarry.graph.algorithm;

import dev.quarry.graph.Node;
import dev.quarry.graph.kernel.NodeCells;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.storage.memory.Budget;

/// An integer for each node.
public final class LongResult extends NodeResult {
  private final boolean namesNodes;

  /// @param namesNodes whether cells are positions, so that values are ids
  LongResult(GraphSnapshot snapshot, Budget account, NodeCells cells, boolean namesNodes) {
    super(snapshot, account, cells);
    this.namesNodes = namesNodes;
  }

  /// The value of the node that the walk stands on.
  public long value() {
    enter();
    try {
      return value(position());
    } finally {
      exit();
    }
  }

  /// The value of a node.
  ///
  /// @throws dev.quarry.error.GraphException if it is not part of what the algorithm was about
  public long get(Node node) {
    enter();
    try {
      return value(position(node));
    } finally {
      exit();
    }
  }

  private long value(long position) {
    long cell = cells.integer(position);
    return namesNodes ? cells.positions().node(cell) : cell;
  }
}
