package dev.quarry.graph.algorithm;

import dev.quarry.graph.Node;
import dev.quarry.graph.kernel.NodeCells;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.storage.memory.Budget;

/// A float for each node.
public final class DoubleResult extends NodeResult {
  DoubleResult(GraphSnapshot snapshot, Budget account, NodeCells cells) {
    super(snapshot, account, cells);
  }

  /// The value of the node that the walk stands on.
  public double value() {
    enter();
    try {
      return cells.floating(position());
    } finally {
      exit();
    }
  }

  /// The value of a node.
  ///
  /// @throws dev.quarry.error.GraphException if it is not part of what the algorithm was about
  public double get(Node node) {
    enter();
    try {
      return cells.floating(position(node));
    } finally {
      exit();
    }
  }
}
