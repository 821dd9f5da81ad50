package dev.quarry.graph;

import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads a graph without query text. Used by one thread at a time, whichever it is.
///
/// Handles are checked at every use: a record that is gone raises `Graph.RecordGone`, a record that
/// this transaction deleted `EntityNotFound.DeletedEntityAccess`, a handle of another store
/// `Graph.ForeignHandle`.
public interface GraphReader {
  /// The node of an elementId; empty when it is gone. Text that is no elementId of a node raises
  /// `Graph.InvalidElementId`.
  Optional<Node> node(String elementId);

  /// The relationship of an elementId; empty when it is gone.
  Optional<Relationship> relationship(String elementId);

  /// Some node with this label whose property equals the value: by index, else by scan.
  Optional<Node> findNode(String label, String key, Object value);

  /// All nodes.
  NodeCursor nodes();

  /// All nodes with a label.
  NodeCursor nodes(String label);

  /// The relationships of a node; without types, those of every type.
  RelationshipCursor relationships(Node node, Direction direction, String... types);

  /// The relationships of the node that a cursor stands on, for which no handle is made.
  RelationshipCursor relationships(NodeCursor node, Direction direction, String... types);

  /// The number of relationships of a node. A self-loop counts once in every direction, also in
  /// [Direction#BOTH].
  long degree(Node node, Direction direction, String... types);

  /// The number of relationships of the node that a cursor stands on.
  long degree(NodeCursor node, Direction direction, String... types);

  /// A new set of nodes, which is empty. It ends with its transaction.
  NodeSet nodeSet();

  /// Whether the node still exists.
  boolean exists(Node node);

  /// Whether the relationship still exists.
  boolean exists(Relationship relationship);

  /// A property as a border value; null when the node does not have it.
  @Nullable Object property(Node node, String key);

  /// A property as a border value; null when the relationship does not have it.
  @Nullable Object property(Relationship relationship, String key);

  /// The labels of a node.
  Set<String> labels(Node node);

  /// The type of a relationship.
  String type(Relationship relationship);

  /// The node that a relationship leaves.
  Node start(Relationship relationship);

  /// The node that a relationship enters.
  Node end(Relationship relationship);

  /// An owned copy.
  NodeValue copy(Node node);

  /// An owned copy.
  RelationshipValue copy(Relationship relationship);

  /// The names of the regions that were made, in the order of the alphabet; the default region has
  /// no name.
  Set<String> regions();

  /// The region of a node; empty for the default one. A node never changes its region.
  Optional<String> region(Node node);

  /// The token of a property key, for hot loops.
  PropertyKey key(String name);
}
