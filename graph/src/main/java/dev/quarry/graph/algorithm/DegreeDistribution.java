package dev.quarry.graph.algorithm;

import dev.quarry.graph.kernel.DegreeCounts;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.storage.memory.Budget;

/// How many nodes have each degree: a walk over the degrees that some node has, ascending. Used by
/// one thread at a time; the memory is given back by [#close()] or with the transaction.
public final class DegreeDistribution implements AutoCloseable {
  private final GraphSnapshot snapshot;
  private final Budget account;
  private final DegreeCounts counts;
  private final Runnable ending = this::end;
  private long degree = -1;
  private boolean closed;

  DegreeDistribution(GraphSnapshot snapshot, Budget account, DegreeCounts counts) {
    this.snapshot = snapshot;
    this.account = account;
    this.counts = counts;
    snapshot.endWith(ending);
  }

  /// Goes to the next degree; false at the end, after which the walk begins again.
  public boolean next() {
    snapshot.enter();
    try {
      ensureOpen();
      degree = counts.next(degree + 1);
      return degree >= 0;
    } finally {
      snapshot.exit();
    }
  }

  /// The degree that the walk stands on.
  public long degree() {
    snapshot.enter();
    try {
      return standing();
    } finally {
      snapshot.exit();
    }
  }

  private long standing() {
    ensureOpen();
    if (degree < 0) {
      throw new IllegalStateException("the walk stands on no degree: call next() before");
    }
    return degree;
  }

  /// How many nodes have it.
  public long nodes() {
    snapshot.enter();
    try {
      return counts.nodes(standing());
    } finally {
      snapshot.exit();
    }
  }

  private void ensureOpen() {
    snapshot.ensureOpen();
    if (closed) {
      throw new IllegalStateException("this result is closed");
    }
  }

  /// Gives the memory back. Idempotent.
  @Override
  public void close() {
    if (snapshot.mayEnter()) {
      try {
        end();
      } finally {
        snapshot.exit();
      }
    }
  }

  private void end() {
    if (!closed) {
      closed = true;
      counts.close();
      account.close();
      snapshot.ended(ending);
    }
  }
}
