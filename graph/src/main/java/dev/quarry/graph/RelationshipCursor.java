package dev.quarry.graph;

/// Walks the relationships of a node. Borrowed like [NodeCursor], and a step allocates nothing.
///
/// A self-loop is shown once, also when both directions are asked for.
///
/// In a write transaction it shows what existed when it was opened, minus what died since: delete
/// the relationship that it stands on, others, or the node itself, and create new ones. At the
/// first such change it notes what it has left to show, 24 bytes each, from the memory of its
/// transaction. Getters of properties raise `Graph.RecordGone` once the relationship that it stands
/// on was deleted.
public interface RelationshipCursor extends RecordCursor {
  /// The legacy id of the node at the other end.
  long neighbour();

  /// A handle to the node at the other end.
  Node neighbourNode();

  /// Whether the relationship leaves the node that was asked about.
  boolean outgoing();

  /// The type.
  String type();

  /// A handle to the relationship, which may be kept.
  Relationship relationship();
}
