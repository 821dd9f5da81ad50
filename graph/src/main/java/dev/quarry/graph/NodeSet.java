package dev.quarry.graph;

/// A set of nodes of one transaction, in the order in which they were added: what a walk by calls
/// has met, and where it goes on. It holds ids, so it makes no object for a node.
///
/// ```java
/// try (NodeSet met = tx.nodeSet()) {
///   met.add(start);
///   try (NodeCursor nodes = met.nodes()) {
///     while (nodes.next()) { // also those that are added meanwhile
///       met.addNeighbours(nodes, Direction.OUTGOING, "KNOWS");
///     }
///   }
///   return met.size(); // whom the start reaches, itself included
/// }
/// ```
///
/// Its memory is native and of the budget: 8 to 16 bytes for each node, and 16 to 64 for each 64
/// nodes side by side of which one was added. It is given back by [#close()] or with the
/// transaction; where the budget has no more, adding raises `Memory.BudgetExceeded`, and the node
/// is not added.
///
/// In a write transaction it keeps what was deleted since, but a cursor passes over it, and while
/// the set is open new nodes get no ids of deleted ones. Used by the thread of its transaction.
public interface NodeSet extends AutoCloseable {
  /// Adds a node by its legacy id, as [NodeCursor#id()] and [RelationshipCursor#neighbour()] of the
  /// same transaction give it. An id that no node has raises `Graph.RecordGone`.
  ///
  /// @return whether it was not in the set
  boolean add(long id);

  /// Adds a node by its handle.
  ///
  /// @return whether it was not in the set
  boolean add(Node node);

  /// Adds all nodes to which the relationships of a node lead; without types, those of every type.
  /// It adds what [GraphReader#relationships(Node, Direction, String...)] would meet, in the same
  /// order, without a step for each. Where the budget has no more, what was added before stays, and
  /// a call with more memory adds the rest.
  ///
  /// @return how many were not in the set
  long addNeighbours(Node node, Direction direction, String... types);

  /// The same for the node that a cursor stands on, for which no handle is made.
  long addNeighbours(NodeCursor node, Direction direction, String... types);

  /// The same for all nodes of a set, one after the other: a step of a walk. If it is this one, for
  /// those that it has when the call begins.
  ///
  /// @param of of the same transaction
  /// @throws IllegalArgumentException if it is of another one
  long addNeighbours(NodeSet of, Direction direction, String... types);

  /// Whether a node was added, by its legacy id.
  boolean contains(long id);

  /// Whether a node was added, by its handle.
  boolean contains(Node node);

  /// How many nodes were added.
  long size();

  /// Takes all nodes out. Cursors over them are at their end.
  void clear();

  /// Walks the nodes in the order in which they were added, also those that are added on the way.
  NodeCursor nodes();

  /// Gives the memory back, and ends cursors over the set. Idempotent.
  @Override
  void close();
}
