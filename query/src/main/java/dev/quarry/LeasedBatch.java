package dev.quarry;

import dev.quarry.graph.Node;
import dev.quarry.graph.RelationshipBatch;

/// A batch of a write transaction: each use is a call of its lease.
final class LeasedBatch implements RelationshipBatch {
  private final WriteLease lease;
  private final RelationshipBatch batch;

  LeasedBatch(WriteLease lease, RelationshipBatch batch) {
    this.lease = lease;
    this.batch = batch;
  }

  @Override
  public void add(long start, long end) {
    lease.enter();
    try {
      batch.add(start, end);
    } finally {
      lease.exit();
    }
  }

  @Override
  public void add(Node start, Node end) {
    lease.enter();
    try {
      batch.add(start, end);
    } finally {
      lease.exit();
    }
  }

  @Override
  public void flush() {
    lease.enter();
    try {
      batch.flush();
    } finally {
      lease.exit();
    }
  }
}
