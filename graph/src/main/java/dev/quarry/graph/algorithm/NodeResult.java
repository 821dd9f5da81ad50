package dev.quarry.graph.algorithm;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.GraphException;
import dev.quarry.graph.Node;
import dev.quarry.graph.kernel.NodeCells;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.storage.memory.Budget;

/// What results by node have in common: a walk over the nodes, in the order of their ids, and the
/// memory, which is given back by [#close()] or with the transaction. Used by one thread at a time.
///
/// ```java
/// try (DoubleResult ranks = GraphAlgorithms.over(tx).pageRank()) {
///   while (ranks.next()) {
///     sum += ranks.value();
///   }
/// }
/// ```
public abstract sealed class NodeResult implements AutoCloseable permits LongResult, DoubleResult {
  final NodeCells cells;
  private final GraphSnapshot snapshot;
  private final Budget account;
  private final Runnable ending = this::end;
  private long position = -1;
  private boolean closed;

  NodeResult(GraphSnapshot snapshot, Budget account, NodeCells cells) {
    this.snapshot = snapshot;
    this.account = account;
    this.cells = cells;
    snapshot.endWith(ending);
  }

  /// How many nodes have a value.
  public final long size() {
    enter();
    try {
      ensureOpen();
      return cells.positions().nodes();
    } finally {
      exit();
    }
  }

  /// Goes to the next node; false at the end, after which the walk begins again.
  public final boolean next() {
    enter();
    try {
      ensureOpen();
      position = cells.next(position + 1);
      return position >= 0;
    } finally {
      exit();
    }
  }

  /// A handle to the node that the walk stands on.
  public final Node node() {
    enter();
    try {
      return snapshot.handle(standing());
    } finally {
      exit();
    }
  }

  /// Its legacy id, which may be reused after a delete.
  public final long id() {
    enter();
    try {
      return standing();
    } finally {
      exit();
    }
  }

  private long standing() {
    return cells.positions().node(position());
  }

  /// Bytes of native memory that the result holds.
  public final long bytes() {
    enter();
    try {
      ensureOpen();
      return account.used();
    } finally {
      exit();
    }
  }

  /// Begins a call: whatever looks at the cells lies in one.
  final void enter() {
    snapshot.enter();
  }

  final void exit() {
    snapshot.exit();
  }

  /// Where the walk stands; for a call.
  final long position() {
    ensureOpen();
    if (position < 0) {
      throw new IllegalStateException("the result stands on no node: call next() before");
    }
    return position;
  }

  /// Where a node is; for a call.
  final long position(Node node) {
    ensureOpen();
    long found = snapshot.exists(node) ? cells.positions().of(snapshot.handles().id(node)) : -1;
    if (found < 0) {
      throw new GraphException(
          ErrorCode.INVALID_VALUE,
          "the node " + node.elementId() + " is not part of what the algorithm was about",
          "choose its label in the options, or look it up in the transaction of the result");
    }
    return found;
  }

  private void ensureOpen() {
    snapshot.ensureOpen();
    if (closed) {
      throw new IllegalStateException("this result is closed");
    }
  }

  /// Gives the memory back. Idempotent.
  @Override
  public final void close() {
    if (snapshot.mayEnter()) {
      try {
        end();
      } finally {
        exit();
      }
    }
  }

  private void end() {
    if (!closed) {
      closed = true;
      cells.close();
      account.close();
      snapshot.ended(ending);
    }
  }
}
