package dev.quarry;

import dev.quarry.graph.Node;
import dev.quarry.graph.NodeCursor;
import dev.quarry.storage.lease.Calls;

/// A cursor over nodes of a transaction with a lease: each step is a call of it.
final class LeasedNodes extends LeasedCursor<NodeCursor> implements NodeCursor {
  LeasedNodes(Calls lease, NodeCursor cursor) {
    super(lease, cursor);
  }

  /// The cursor below one of the same transaction.
  static NodeCursor below(NodeCursor node, Calls lease) {
    return node instanceof LeasedNodes own && own.lease == lease ? own.cursor : node;
  }

  @Override
  public long id() {
    lease.enter();
    try {
      return cursor.id();
    } finally {
      lease.exit();
    }
  }

  @Override
  public Node node() {
    lease.enter();
    try {
      return cursor.node();
    } finally {
      lease.exit();
    }
  }
}
