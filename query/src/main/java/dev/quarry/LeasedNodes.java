package dev.quarry;

import dev.quarry.graph.Node;
import dev.quarry.graph.NodeCursor;
import dev.quarry.graph.PropertyKey;
import org.jspecify.annotations.Nullable;

/// A cursor over nodes of a write transaction: each step is a call of its lease.
final class LeasedNodes implements NodeCursor {
  private final WriteLease lease;
  private final NodeCursor cursor;

  LeasedNodes(WriteLease lease, NodeCursor cursor) {
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
