package dev.quarry;

import dev.quarry.graph.Direction;
import dev.quarry.graph.Node;
import dev.quarry.graph.NodeCursor;
import dev.quarry.graph.NodeSet;
import dev.quarry.storage.lease.Calls;

/// A set of nodes of a transaction with a lease: each use is a call of it.
final class LeasedNodeSet implements NodeSet {
  private final Calls lease;
  private final NodeSet set;

  LeasedNodeSet(Calls lease, NodeSet set) {
    this.lease = lease;
    this.set = set;
  }

  @Override
  public boolean add(long id) {
    lease.enter();
    try {
      return set.add(id);
    } finally {
      lease.exit();
    }
  }

  @Override
  public boolean add(Node node) {
    lease.enter();
    try {
      return set.add(node);
    } finally {
      lease.exit();
    }
  }

  @Override
  public long addNeighbours(Node node, Direction direction, String... types) {
    lease.enter();
    try {
      return set.addNeighbours(node, direction, types);
    } finally {
      lease.exit();
    }
  }

  @Override
  public long addNeighbours(NodeCursor node, Direction direction, String... types) {
    lease.enter();
    try {
      return set.addNeighbours(LeasedNodes.below(node, lease), direction, types);
    } finally {
      lease.exit();
    }
  }

  @Override
  public long addNeighbours(NodeSet of, Direction direction, String... types) {
    lease.enter();
    try {
      return set.addNeighbours(below(of), direction, types);
    } finally {
      lease.exit();
    }
  }

  /// The set below one of this transaction.
  private NodeSet below(NodeSet of) {
    return of instanceof LeasedNodeSet own && own.lease == lease ? own.set : of;
  }

  @Override
  public boolean contains(long id) {
    lease.enter();
    try {
      return set.contains(id);
    } finally {
      lease.exit();
    }
  }

  @Override
  public boolean contains(Node node) {
    lease.enter();
    try {
      return set.contains(node);
    } finally {
      lease.exit();
    }
  }

  @Override
  public long size() {
    lease.enter();
    try {
      return set.size();
    } finally {
      lease.exit();
    }
  }

  @Override
  public void clear() {
    lease.enter();
    try {
      set.clear();
    } finally {
      lease.exit();
    }
  }

  @Override
  public NodeCursor nodes() {
    lease.enter();
    try {
      return new LeasedNodes(lease, set.nodes());
    } finally {
      lease.exit();
    }
  }

  /// Where the transaction was ended, the set was too.
  @Override
  public void close() {
    if (lease.mayEnter()) {
      try {
        set.close();
      } finally {
        lease.exit();
      }
    }
  }
}
