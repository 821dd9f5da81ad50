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

  /// Creates a node in a region, where it stays. A name that is no region's raises
  /// `Graph.RegionNotFound`.
  Node createNode(String region, Set<String> labels, Map<String, ?> properties);

  /// Makes a *region*: a named part of the graph, as a tenant, a day or a build, that can be
  /// dropped as a whole. Its nodes are found, read, changed and connected like all others, also
  /// across regions. A region has a floor, of 70 to 120 pages for 5 labels, 20 keys and 10 types:
  /// make regions of parts of 10 MiB and more, of smaller ones a label or a property.
  ///
  /// @param name 1 to 16,000 characters; one that is taken raises `Graph.RegionExists`, and more
  ///   than 4,095 regions raise `Store.LayoutLimit`
  void createRegion(String name);

  /// Drops a region with all its nodes and all relationships into and out of it. The time follows
  /// the pages of the region, not its nodes and relationships; its pages come back once no older
  /// read transaction can see them. What is left elsewhere of relationships into it, and in
  /// indexes, is not shown any more, and is removed a little with each later commit.
  ///
  /// Handles to its nodes raise `Graph.RecordGone` from now on. A name that is no region's raises
  /// `Graph.RegionNotFound`.
  void dropRegion(String name);

  /// Creates a relationship. Properties whose value is null are left out.
  Relationship createRelationship(Node start, String type, Node end, Map<String, ?> properties);

  /// A batch that creates relationships of a type without properties, from some thousands per
  /// transaction on in less time than [#createRelationship].
  RelationshipBatch batch(String type);

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
