package dev.quarry.graph;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Writes a graph without query text. What is written is seen by the next call at once.
///
/// Values that can be stored: boolean, integer, float, string, temporal values, duration, point,
/// and lists of one of these without nulls. All else raises `TypeError.InvalidPropertyType`.
public interface GraphWriter extends GraphReader {
  /// Creates a node. Properties whose value is null are left out.
  Node createNode(Set<String> labels, Map<String, ?> properties);

  /// Creates a relationship. Properties whose value is null are left out.
  Relationship createRelationship(Node start, String type, Node end, Map<String, ?> properties);

  /// Sets a property; null removes it.
  void setProperty(Node node, String key, @Nullable Object value);

  /// Sets a property; null removes it.
  void setProperty(Relationship relationship, String key, @Nullable Object value);

  /// Adds a label; nothing happens when the node has it.
  void addLabel(Node node, String label);

  /// Removes a label; nothing happens when the node lacks it.
  void removeLabel(Node node, String label);

  /// Deletes a node. If it still has relationships,
  /// `ConstraintVerificationFailed.DeleteConnectedNode` is raised at once and nothing changes:
  /// delete them before, or use [#detachDelete]. Deleting twice is deleting once.
  void delete(Node node);

  /// Deletes a relationship. Deleting twice is deleting once.
  void delete(Relationship relationship);

  /// Deletes a node and all its relationships.
  void detachDelete(Node node);
}
