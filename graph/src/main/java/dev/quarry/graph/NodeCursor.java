package dev.quarry.graph;

import org.jspecify.annotations.Nullable;

/// Walks nodes. Borrowed: what it shows is valid until the next step, and it dies with its
/// transaction. A step allocates nothing, nor do the primitive getters.
///
/// ```java
/// try (NodeCursor people = tx.nodes("Person")) {
///   while (people.next()) {
///     sum += people.getLong(age);
///   }
/// }
/// ```
///
/// In a write transaction it shows what existed when it was opened, minus what died since: delete
/// the node that it stands on, or others, and create new ones. Labels are looked at when it gets to
/// a node. Getters raise `Graph.RecordGone` once the node that it stands on was deleted.
public interface NodeCursor extends AutoCloseable {
  /// Goes to the next node; false at the end.
  boolean next();

  /// The legacy id of the node, which may be reused after a delete.
  long id();

  /// A handle to the node, which may be kept.
  Node node();

  /// Whether the node lacks the property.
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
