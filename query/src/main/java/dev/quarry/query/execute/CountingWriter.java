package dev.quarry.query.execute;

import dev.quarry.graph.Direction;
import dev.quarry.graph.GraphWriter;
import dev.quarry.graph.Node;
import dev.quarry.graph.Relationship;
import dev.quarry.graph.RelationshipBatch;
import dev.quarry.graph.transaction.GraphTransaction;
import dev.quarry.graph.transaction.ReadView;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Writes for a procedure, and counts what its query changed.
final class CountingWriter extends ReadView implements GraphWriter {
  private final GraphTransaction writer;
  private final Counters counters;

  CountingWriter(GraphTransaction writer, Counters counters) {
    super(writer);
    this.writer = writer;
    this.counters = counters;
  }

  @Override
  public Node createNode(Set<String> labels, Map<String, ?> properties) {
    Node node = writer.createNode(labels, properties);
    counters.addNode(labels.size(), count(properties));
    return node;
  }

  @Override
  public Node createNode(String region, Set<String> labels, Map<String, ?> properties) {
    Node node = writer.createNode(region, labels, properties);
    counters.addNode(labels.size(), count(properties));
    return node;
  }

  @Override
  public void createRegion(String name) {
    writer.createRegion(name);
  }

  /// Nodes and relationships that go with a region are not counted: nobody looks at them.
  @Override
  public void dropRegion(String name) {
    writer.dropRegion(name);
  }

  @Override
  public Relationship createRelationship(
      Node start, String type, Node end, Map<String, ?> properties) {
    Relationship relationship = writer.createRelationship(start, type, end, properties);
    counters.addRelationship(count(properties));
    return relationship;
  }

  @Override
  public RelationshipBatch batch(String type) {
    RelationshipBatch batch = writer.batch(type);
    return new RelationshipBatch() {
      @Override
      public void add(long start, long end) {
        batch.add(start, end);
        counters.addRelationship(0);
      }

      @Override
      public void add(Node start, Node end) {
        batch.add(start, end);
        counters.addRelationship(0);
      }

      @Override
      public void flush() {
        batch.flush();
      }
    };
  }

  /// Properties that are null are left out.
  private static int count(Map<String, ?> properties) {
    return (int) properties.values().stream().filter(Objects::nonNull).count();
  }

  @Override
  public void setProperty(Node node, String key, @Nullable Object value) {
    boolean changes = value != null || writer.property(node, key) != null;
    writer.setProperty(node, key, value);
    counters.addProperties(changes ? 1 : 0);
  }

  @Override
  public void setProperty(Relationship relationship, String key, @Nullable Object value) {
    boolean changes = value != null || writer.property(relationship, key) != null;
    writer.setProperty(relationship, key, value);
    counters.addProperties(changes ? 1 : 0);
  }

  @Override
  public void addLabel(Node node, String label) {
    boolean changes = !writer.labels(node).contains(label);
    writer.addLabel(node, label);
    if (changes) {
      counters.addLabels(true);
    }
  }

  @Override
  public void removeLabel(Node node, String label) {
    boolean changes = writer.labels(node).contains(label);
    writer.removeLabel(node, label);
    if (changes) {
      counters.addLabels(false);
    }
  }

  @Override
  public void delete(Node node) {
    boolean changes = writer.exists(node);
    writer.delete(node);
    if (changes) {
      counters.addDeletedNode();
    }
  }

  @Override
  public void delete(Relationship relationship) {
    boolean changes = writer.exists(relationship);
    writer.delete(relationship);
    counters.addDeletedRelationships(changes ? 1 : 0);
  }

  @Override
  public void detachDelete(Node node) {
    if (writer.exists(node)) {
      counters.addDeletedRelationships(writer.degree(node, Direction.BOTH));
      writer.detachDelete(node);
      counters.addDeletedNode();
    }
  }
}
