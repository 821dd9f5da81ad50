package dev.quarry.reference;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A graph in plain Java maps. Ids are never used again (rule S4).
final class ReferenceGraph {
  private final Map<Long, ReferenceNode> nodes = new TreeMap<>();
  private final Map<Long, ReferenceRelationship> relationships = new TreeMap<>();
  private long nextId;
  private boolean backwards;

  List<ReferenceNode> nodes() {
    List<ReferenceNode> list = List.copyOf(nodes.values());
    return backwards ? list.reversed() : list;
  }

  List<ReferenceRelationship> relationships() {
    List<ReferenceRelationship> list = List.copyOf(relationships.values());
    return backwards ? list.reversed() : list;
  }

  /// A node that is not in the graph yet, see [#add].
  ReferenceNode newNode(Collection<String> labels, Map<String, ?> properties) {
    ReferenceNode node = new ReferenceNode(nextId++);
    node.labels().addAll(labels);
    node.properties().putAll(properties);
    return node;
  }

  /// A relationship that is not in the graph yet, see [#add].
  ReferenceRelationship newRelationship(
      ReferenceNode start, String type, ReferenceNode end, Map<String, ?> properties) {
    ReferenceRelationship relationship = new ReferenceRelationship(nextId++, type, start, end);
    relationship.properties().putAll(properties);
    return relationship;
  }

  void add(ReferenceEntity entity) {
    switch (entity) {
      case ReferenceNode node -> nodes.put(node.id(), node);
      case ReferenceRelationship relationship -> relationships.put(relationship.id(), relationship);
    }
  }

  ReferenceNode createNode(Collection<String> labels, Map<String, ?> properties) {
    ReferenceNode node = newNode(labels, properties);
    add(node);
    return node;
  }

  ReferenceRelationship createRelationship(
      ReferenceNode start, String type, ReferenceNode end, Map<String, ?> properties) {
    ReferenceRelationship relationship = newRelationship(start, type, end, properties);
    add(relationship);
    return relationship;
  }

  /// Deletes a relationship; one that is deleted already stays so (rule S6).
  void delete(ReferenceRelationship relationship) {
    relationship.delete();
    relationships.remove(relationship.id());
  }

  /// Deletes a node, not its relationships: they are looked for when the statement ends.
  void delete(ReferenceNode node) {
    node.delete();
    nodes.remove(node.id());
  }

  /// The relationships at a node, a self-loop once.
  List<ReferenceRelationship> relationships(ReferenceNode node) {
    return relationships().stream()
        .filter(relationship -> relationship.start() == node || relationship.end() == node)
        .toList();
  }

  /// A graph of other objects with the same ids and contents.
  ReferenceGraph copy() {
    ReferenceGraph copy = new ReferenceGraph();
    for (ReferenceNode node : nodes.values()) {
      copy.nextId = node.id();
      copy.createNode(node.labels(), node.properties());
    }
    for (ReferenceRelationship relationship : relationships.values()) {
      copy.nextId = relationship.id();
      copy.createRelationship(
          copy.nodes.get(relationship.start().id()),
          relationship.type(),
          copy.nodes.get(relationship.end().id()),
          relationship.properties());
    }
    copy.nextId = nextId;
    copy.backwards = backwards;
    return copy;
  }

  /// The same graph, whose nodes and relationships are found in the opposite order.
  ReferenceGraph backwards() {
    ReferenceGraph copy = copy();
    copy.backwards = !backwards;
    return copy;
  }
}
