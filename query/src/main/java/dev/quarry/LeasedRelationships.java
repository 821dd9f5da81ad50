package dev.quarry;

import dev.quarry.graph.Node;
import dev.quarry.graph.PropertyKey;
import dev.quarry.graph.Relationship;
import dev.quarry.graph.RelationshipCursor;
import org.jspecify.annotations.Nullable;

/// A cursor over relationships of a write transaction: each step is a call of its lease.
final class LeasedRelationships implements RelationshipCursor {
  private final WriteLease lease;
  private final RelationshipCursor cursor;

  LeasedRelationships(WriteLease lease, RelationshipCursor cursor) {
    this.lease = lease;
    this.cursor = cursor;
  }

  @Override
  public boolean next() {
    lease.enter();
    try {
      return cursor.next();
    } finally {
      lease.exit();
    }
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

  @Override
  public boolean isNull(PropertyKey key) {
    lease.enter();
    try {
      return cursor.isNull(key);
    } finally {
      lease.exit();
    }
  }

  @Override
  public long getLong(PropertyKey key) {
    lease.enter();
    try {
      return cursor.getLong(key);
    } finally {
      lease.exit();
    }
  }

  @Override
  public double getDouble(PropertyKey key) {
    lease.enter();
    try {
      return cursor.getDouble(key);
    } finally {
      lease.exit();
    }
  }

  @Override
  public @Nullable String getString(PropertyKey key) {
    lease.enter();
    try {
      return cursor.getString(key);
    } finally {
      lease.exit();
    }
  }

  @Override
  public @Nullable Object get(PropertyKey key) {
    lease.enter();
    try {
      return cursor.get(key);
    } finally {
      lease.exit();
    }
  }

  /// Where the transaction was ended, its cursors were too.
  @Override
  public void close() {
    if (lease.mayEnter()) {
      try {
        cursor.close();
      } finally {
        lease.exit();
      }
    }
  }
}
