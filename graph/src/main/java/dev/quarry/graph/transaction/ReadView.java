package dev.quarry.graph.transaction;

import dev.quarry.graph.Direction;
import dev.quarry.graph.GraphReader;
import dev.quarry.graph.Node;
import dev.quarry.graph.NodeCursor;
import dev.quarry.graph.NodeSet;
import dev.quarry.graph.NodeValue;
import dev.quarry.graph.PropertyKey;
import dev.quarry.graph.Relationship;
import dev.quarry.graph.RelationshipCursor;
import dev.quarry.graph.RelationshipValue;
import dev.quarry.storage.page.Pin;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A graph that is only read, whatever stands behind it: hands on, so that no cast leads to more.
///
/// A [GraphSnapshot] behind it may serve another transaction once this one is over: from then on no
/// call reaches it.
public class ReadView implements GraphReader {
  private final Reading reading;
  private final @Nullable Pin pin;

  public ReadView(Reading reading) {
    this.reading = reading;
    this.pin = reading.pin();
  }

  /// What stands behind a reader of this store, for the parts of Quarry that need more than a
  /// reader shows; null for one that someone else made.
  public static @Nullable Reading behind(GraphReader reader) {
    return reader instanceof ReadView view
        ? view.handOut()
        : reader instanceof Reading own ? own : null;
  }

  /// What stands behind this one, for one call of it.
  protected final Reading reading() {
    Pin own = pin;
    if (own != null) {
      own.ensureOpen();
    }
    return reading;
  }

  /// The same for who may keep it for longer: then no other transaction gets it.
  private Reading handOut() {
    reading().handOut();
    return reading;
  }

  /// The commit that is read, also once this is over.
  protected final long commitRead() {
    return ((GraphSnapshot) reading).commitNumber();
  }

  /// Ends the read transaction behind this one, once.
  protected final void end() {
    if (pin == null || pin.ended()) {
      return;
    }
    GraphSnapshot snapshot = (GraphSnapshot) reading;
    if (snapshot.isHandedOut()) {
      snapshot.close();
    } else {
      snapshot.leave();
    }
  }

  @Override
  public Optional<Node> node(String elementId) {
    return reading().node(elementId);
  }

  @Override
  public Optional<Relationship> relationship(String elementId) {
    return reading().relationship(elementId);
  }

  @Override
  public Optional<Node> findNode(String label, String key, Object value) {
    return reading().findNode(label, key, value);
  }

  @Override
  public NodeCursor nodes() {
    return reading().nodes();
  }

  @Override
  public NodeCursor nodes(String label) {
    return reading().nodes(label);
  }

  @Override
  public RelationshipCursor relationships(Node node, Direction direction, String... types) {
    return reading().relationships(node, direction, types);
  }

  @Override
  public long degree(Node node, Direction direction, String... types) {
    return reading().degree(node, direction, types);
  }

  @Override
  public RelationshipCursor relationships(NodeCursor node, Direction direction, String... types) {
    return reading().relationships(node, direction, types);
  }

  @Override
  public long degree(NodeCursor node, Direction direction, String... types) {
    return reading().degree(node, direction, types);
  }

  @Override
  public NodeSet nodeSet() {
    return reading().nodeSet();
  }

  @Override
  public boolean exists(Node node) {
    return reading().exists(node);
  }

  @Override
  public boolean exists(Relationship relationship) {
    return reading().exists(relationship);
  }

  @Override
  public @Nullable Object property(Node node, String key) {
    return reading().property(node, key);
  }

  @Override
  public @Nullable Object property(Relationship relationship, String key) {
    return reading().property(relationship, key);
  }

  @Override
  public Set<String> labels(Node node) {
    return reading().labels(node);
  }

  @Override
  public String type(Relationship relationship) {
    return reading().type(relationship);
  }

  @Override
  public Node start(Relationship relationship) {
    return reading().start(relationship);
  }

  @Override
  public Node end(Relationship relationship) {
    return reading().end(relationship);
  }

  @Override
  public NodeValue copy(Node node) {
    return reading().copy(node);
  }

  @Override
  public RelationshipValue copy(Relationship relationship) {
    return reading().copy(relationship);
  }

  @Override
  public Set<String> regions() {
    return reading().regions();
  }

  @Override
  public Optional<String> region(Node node) {
    return reading().region(node);
  }

  @Override
  public PropertyKey key(String name) {
    return reading.key(name);
  }
}
