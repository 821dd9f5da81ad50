package dev.quarry;

import dev.quarry.graph.Node;
import dev.quarry.graph.Relationship;
import dev.quarry.graph.RelationshipCursor;

/// A cursor over relationships of a write transaction: each step is a call of its lease.
final class LeasedRelationships extends LeasedCursor<RelationshipCursor>
    implements RelationshipCursor {
  LeasedRelationships(WriteLease lease, RelationshipCursor cursor) {
    super(lease, cursor);
  }

  @Override
  public long neighbour() {
    lease.enter();
    try {
      return cursor.neighbour();
    } finally {
      lease.exit();
    }
  }

  @Override
  public Node neighbourNode() {
    lease.enter();
    try {
      return cursor.neighbourNode();
    } finally {
      lease.exit();
    }
  }

  @Override
  public boolean outgoing() {
    lease.enter();
    try {
      return cursor.outgoing();
    } finally {
      lease.exit();
    }
  }

  @Override
  public String type() {
    lease.enter();
    try {
      return cursor.type();
    } finally {
      lease.exit();
    }
  }

  @Override
  public Relationship relationship() {
    lease.enter();
    try {
      return cursor.relationship();
    } finally {
      lease.exit();
    }
  }
}
