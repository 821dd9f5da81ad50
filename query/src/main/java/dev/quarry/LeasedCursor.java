package dev.quarry;

import dev.quarry.graph.PropertyKey;
import dev.quarry.graph.RecordCursor;
import dev.quarry.storage.lease.Calls;
import org.jspecify.annotations.Nullable;

/// A cursor of a transaction with a lease: each step is a call of it.
abstract class LeasedCursor<C extends RecordCursor> implements RecordCursor {
  final Calls lease;
  final C cursor;

  LeasedCursor(Calls lease, C cursor) {
    this.lease = lease;
    this.cursor = cursor;
  }

  @Override
  public final boolean next() {
    lease.enter();
    try {
      return cursor.next();
    } finally {
      lease.exit();
    }
  }

  @Override
  public final boolean isNull(PropertyKey key) {
    lease.enter();
    try {
      return cursor.isNull(key);
    } finally {
      lease.exit();
    }
  }

  @Override
  public final long getLong(PropertyKey key) {
    lease.enter();
    try {
      return cursor.getLong(key);
    } finally {
      lease.exit();
    }
  }

  @Override
  public final double getDouble(PropertyKey key) {
    lease.enter();
    try {
      return cursor.getDouble(key);
    } finally {
      lease.exit();
    }
  }

  @Override
  public final @Nullable String getString(PropertyKey key) {
    lease.enter();
    try {
      return cursor.getString(key);
    } finally {
      lease.exit();
    }
  }

  @Override
  public final @Nullable Object get(PropertyKey key) {
    lease.enter();
    try {
      return cursor.get(key);
    } finally {
      lease.exit();
    }
  }

  /// Where the transaction was ended, its cursors were too.
  @Override
  public final void close() {
    if (lease.mayEnter()) {
      try {
        cursor.close();
      } finally {
        lease.exit();
      }
    }
  }
}
