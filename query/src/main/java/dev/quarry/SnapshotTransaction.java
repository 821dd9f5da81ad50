package dev.quarry;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.TransactionException;
import dev.quarry.graph.Direction;
import dev.quarry.graph.Node;
import dev.quarry.graph.NodeCursor;
import dev.quarry.graph.NodeValue;
import dev.quarry.graph.PropertyKey;
import dev.quarry.graph.Relationship;
import dev.quarry.graph.RelationshipCursor;
import dev.quarry.graph.RelationshipValue;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.Reading;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Hands the reading of a graph on to the engine below; what is special to writing is in
/// [WritingTransaction].
class SnapshotTransaction implements ReadTransaction {
  final Engine engine;
  private final Reading reading;
  private final Set<RowsOfRun> open = new LinkedHashSet<>();

  SnapshotTransaction(Engine engine, Reading reading) {
    this.engine = engine;
    this.reading = reading;
  }

  @Override
  public Rows query(String cypher, Map<String, ?> parameters) {
    reading.ensureOpen();
    return query(PreparedQuery.of(cypher), parameters, QueryOptions.DEFAULT);
  }

  @Override
  public Rows query(PreparedQuery query, Map<String, ?> parameters, QueryOptions options) {
    reading.ensureOpen();
    if (query.writes()) {
      throw new TransactionException(
          ErrorCode.STORE_READ_ONLY,
          "this statement changes the graph, but the transaction only reads",
          "run it in write(…), or with Quarry.run");
    }
    return keep(engine.run(query, parameters, options, reading, null));
  }

  final Rows keep(RowsOfRun rows) {
    open.add(rows);
    rows.onClose(open::remove);
    return rows;
  }

  @Override
  public long commitNumber() {
    return ((GraphSnapshot) reading).commitNumber();
  }

  final void closeRows() {
    for (RowsOfRun rows : List.copyOf(open)) {
      rows.close();
    }
  }

  @Override
  public void close() {
    closeRows();
    ((GraphSnapshot) reading).close();
  }

  @Override
  public Optional<Node> node(String elementId) {
    return reading.node(elementId);
  }

  @Override
  public Optional<Relationship> relationship(String elementId) {
    return reading.relationship(elementId);
  }

  @Override
  public Optional<Node> findNode(String label, String key, Object value) {
    return reading.findNode(label, key, value);
  }

  @Override
  public NodeCursor nodes() {
    return reading.nodes();
  }

  @Override
  public NodeCursor nodes(String label) {
    return reading.nodes(label);
  }

  @Override
  public RelationshipCursor relationships(Node node, Direction direction, String... types) {
    return reading.relationships(node, direction, types);
  }

  @Override
  public long degree(Node node, Direction direction, String... types) {
    return reading.degree(node, direction, types);
  }

  @Override
  public boolean exists(Node node) {
    return reading.exists(node);
  }

  @Override
  public boolean exists(Relationship relationship) {
    return reading.exists(relationship);
  }

  @Override
  public @Nullable Object property(Node node, String key) {
    return reading.property(node, key);
  }

  @Override
  public @Nullable Object property(Relationship relationship, String key) {
    return reading.property(relationship, key);
  }

  @Override
  public Set<String> labels(Node node) {
    return reading.labels(node);
  }

  @Override
  public String type(Relationship relationship) {
    return reading.type(relationship);
  }

  @Override
  public Node start(Relationship relationship) {
    return reading.start(relationship);
  }

  @Override
  public Node end(Relationship relationship) {
    return reading.end(relationship);
  }

  @Override
  public NodeValue copy(Node node) {
    return reading.copy(node);
  }

  @Override
  public RelationshipValue copy(Relationship relationship) {
    return reading.copy(relationship);
  }

  @Override
  public PropertyKey key(String name) {
    return reading.key(name);
  }
}
