package dev.quarry.graph;

import org.jspecify.annotations.Nullable;

/// What cursors over nodes and over relationships have in common: they go from record to record,
/// and show properties of the one that they stand on.
public interface RecordCursor extends AutoCloseable {
  /// Goes to the next record; false at the end.
  boolean next();

  /// Whether the record lacks the property.
  boolean isNull(PropertyKey key);

  /// An integer property. Missing or of another type: `Graph.InvalidValue`.
  long getLong(PropertyKey key);

  /// A float or integer property as a double. Missing or of another type: `Graph.InvalidValue`.
  double getDouble(PropertyKey key);

  /// A string property; null when it is missing.
  @Nullable String getString(PropertyKey key);

  /// Any property as a border value; null when it is missing.
  @Nullable Object get(PropertyKey key);

  /// Ends the walk. Idempotent.
  @Override
  void close();
}
