package dev.quarry;

import dev.quarry.graph.Node;
import dev.quarry.graph.Relationship;
import dev.quarry.graph.RelationshipCursor;
import dev.quarry.storage.lease.Calls;

/// A cursor over relationships of a transaction with a lease: each step is a call of it.
final class LeasedRelationships extends LeasedCursor<RelationshipCursor>
    implements RelationshipCursor {
  LeasedRelationships(Calls lease, RelationshipCursor cursor) {
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
