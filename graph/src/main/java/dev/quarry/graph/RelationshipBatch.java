package dev.quarry.graph;

/// Creates many relationships of one type without properties: they wait in memory, sorted they are
/// entered into the lists of their nodes together. Worth it from some thousands per transaction on.
///
/// Nobody sees those that wait. They are entered by [#flush], by the next call that changes or
/// commits the transaction, by its next statement, and once there are many; rolling back forgets
/// them. They take 16 bytes of memory each, at most 1 M of them and a sixteenth of the budget, in
/// all batches of a transaction together; 8 more if there is room, while another thread helps to
/// enter them, which ends before the call does. Ends with its transaction. Threads: that of its
/// transaction.
public interface RelationshipBatch {
  /// Creates a relationship between two nodes.
  ///
  /// @param start legacy id of the node that it leaves, as [NodeCursor#id] gives it
  /// @param end legacy id of the node that it enters
  /// @throws dev.quarry.error.GraphException `Graph.RecordGone` if there is no such node; then
  ///   nothing was added
  void add(long start, long end);

  /// Creates a relationship between two nodes.
  ///
  /// @throws dev.quarry.error.GraphException `Graph.RecordGone` if one of them was deleted; then
  ///   nothing was added
  void add(Node start, Node end);

  /// Enters all that wait.
  void flush();
}
