package dev.quarry;

import dev.quarry.graph.Direction;
import dev.quarry.graph.Node;
import dev.quarry.graph.NodeCursor;
import dev.quarry.graph.NodeSet;
import dev.quarry.graph.NodeValue;
import dev.quarry.graph.PropertyKey;
import dev.quarry.graph.Relationship;
import dev.quarry.graph.RelationshipCursor;
import dev.quarry.graph.RelationshipValue;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.storage.lease.Calls;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reading in a transaction that somebody else may end: whatever looks at the graph is a call of
/// its lease.
///
/// @param <L> what ends it
abstract class LeasedTransaction<L extends Calls> extends SnapshotTransaction {
  final L lease;

  /// @param newLease makes what ends it, given how
  LeasedTransaction(Engine engine, Reading reading, Function<Runnable, L> newLease) {
    super(engine, reading);
    this.lease = newLease.apply(this::takeBack);
  }

  /// Gives all back, and throws changes away; nobody is in a call, or this one is.
  abstract void takeBack();

  @Override
  public NodeCursor nodes() {
    return lease.in(() -> new LeasedNodes(lease, super.nodes()));
  }

  @Override
  public NodeCursor nodes(String label) {
    return lease.in(() -> new LeasedNodes(lease, super.nodes(label)));
  }

  @Override
  public RelationshipCursor relationships(Node node, Direction direction, String... types) {
    return lease.in(
        () -> new LeasedRelationships(lease, super.relationships(node, direction, types)));
  }

  @Override
  public RelationshipCursor relationships(NodeCursor node, Direction direction, String... types) {
    return lease.in(
        () ->
            new LeasedRelationships(
                lease, super.relationships(LeasedNodes.below(node, lease), direction, types)));
  }

  @Override
  public long degree(NodeCursor node, Direction direction, String... types) {
    return lease.in(() -> super.degree(LeasedNodes.below(node, lease), direction, types));
  }

  @Override
  public NodeSet nodeSet() {
    return lease.in(() -> new LeasedNodeSet(lease, super.nodeSet()));
  }

  @Override
  public Optional<Node> node(String elementId) {
    return lease.in(() -> super.node(elementId));
  }

  @Override
  public Optional<Relationship> relationship(String elementId) {
    return lease.in(() -> super.relationship(elementId));
  }

  @Override
  public Optional<Node> findNode(String label, String key, Object value) {
    return lease.in(() -> super.findNode(label, key, value));
  }

  @Override
  public long degree(Node node, Direction direction, String... types) {
    return lease.in(() -> super.degree(node, direction, types));
  }

  @Override
  public boolean exists(Node node) {
    return lease.in(() -> super.exists(node));
  }

  @Override
  public boolean exists(Relationship relationship) {
    return lease.in(() -> super.exists(relationship));
  }

  @Override
  public @Nullable Object property(Node node, String key) {
    return lease.in(() -> super.property(node, key));
  }

  @Override
  public @Nullable Object property(Relationship relationship, String key) {
    return lease.in(() -> super.property(relationship, key));
  }

  @Override
  public Set<String> labels(Node node) {
    return lease.in(() -> super.labels(node));
  }

  @Override
  public String type(Relationship relationship) {
    return lease.in(() -> super.type(relationship));
  }

  @Override
  public Node start(Relationship relationship) {
    return lease.in(() -> super.start(relationship));
  }

  @Override
  public Node end(Relationship relationship) {
    return lease.in(() -> super.end(relationship));
  }

  @Override
  public NodeValue copy(Node node) {
    return lease.in(() -> super.copy(node));
  }

  @Override
  public RelationshipValue copy(Relationship relationship) {
    return lease.in(() -> super.copy(relationship));
  }

  @Override
  public Set<String> regions() {
    return lease.in(super::regions);
  }

  @Override
  public Optional<String> region(Node node) {
    return lease.in(() -> super.region(node));
  }

  @Override
  public PropertyKey key(String name) {
    return lease.in(() -> super.key(name));
  }
}
