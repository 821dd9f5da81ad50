package dev.quarry.graph;

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
public interface NodeCursor extends RecordCursor {
  /// The legacy id of the node, which may be reused after a delete.
  long id();

  /// A handle to the node, which may be kept.
  Node node();
}
