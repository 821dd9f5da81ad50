package dev.quarry;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.TransactionException;
import dev.quarry.graph.Node;
import dev.quarry.graph.Relationship;
import dev.quarry.graph.RelationshipBatch;
import dev.quarry.graph.transaction.GraphTransaction;
import dev.quarry.error.SyntaxException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Hands writing on to the engine below; a statement that fails dooms the transaction (rule S8).
/// Every use of it is a call of its lease.
final class WritingTransaction extends LeasedTransaction<WriteLease> implements WriteTransaction {
  /// Where a transaction ends that is a part of another one.
  interface Whole {
    /// Commits all of it.
    long commit();

    /// Takes the part back; nothing happens once the whole is over.
    void takeBack();
  }

  private final GraphTransaction writer;
  private final WriterTurns turns;
  private final @Nullable Whole whole;
  private boolean ran;
  private boolean schema;

  WritingTransaction(Engine engine, GraphTransaction writer, WriterTurns turns) {
    this(engine, writer, turns, null);
  }

  /// @param whole of which this is a part; null if it is one itself
  WritingTransaction(
      Engine engine, GraphTransaction writer, WriterTurns turns, @Nullable Whole whole) {
    super(engine, writer, turns::newLease);
    this.writer = writer;
    this.turns = turns;
    this.whole = whole;
    turns.began(lease);
  }

  @Override
  public Rows query(PreparedQuery query, Map<String, ?> parameters, QueryOptions options) {
    return lease.in(() -> run(query, parameters, options));
  }

  private Rows run(PreparedQuery query, Map<String, ?> parameters, QueryOptions options) {
    writer.ensureWritable();
    try {
      requireAlone(query);
      RowsOfRun rows = engine.run(query, parameters, options, writer, writer);
      rows.lease(lease);
      keep(rows);
      rows.complete();
      engine.store().scoped(writer::endStatement);
      return rows;
    } catch (RuntimeException | Error e) {
      writer.doom(e);
      closeRows();
      throw e;
    }
  }

  /// A text that is no statement fails like one (rule S8).
  @Override
  public Rows query(String cypher, Map<String, ?> parameters) {
    return lease.in(() -> run(parsed(cypher), parameters, QueryOptions.DEFAULT));
  }

  private PreparedQuery parsed(String cypher) {
    writer.ensureWritable();
    try {
      return PreparedQuery.of(cypher);
    } catch (SyntaxException e) {
      writer.doom(e);
      throw e;
    }
  }

  /// A statement about the schema runs alone in its transaction (rule S8): ahead of it no statement
  /// ran and nothing changed, behind it nothing runs and nothing changes, and it changes nothing
  /// else.
  private void requireAlone(PreparedQuery query) {
    Set<PreparedQuery.Change> changes = engine.changes(query);
    boolean about = changes.contains(PreparedQuery.Change.SCHEMA);
    boolean more = changes.contains(PreparedQuery.Change.GRAPH) || ran || writer.hasChanged();
    if (schema || about && more) {
      throw notAlone();
    }
    ran = true;
    schema = about;
  }

  private static TransactionException notAlone() {
    return new TransactionException(
        ErrorCode.SCHEMA_NOT_ALONE,
        "a statement that makes or drops an index or a constraint is alone in its transaction,"
            + " and changes nothing else",
        "run it by itself, or in a transaction of its own");
  }

  /// The writer, for what changes the graph without a statement.
  private GraphTransaction writer() {
    if (schema) {
      throw notAlone();
    }
    return writer;
  }

  /// The commit that the transaction began on.
  @Override
  public long commitNumber() {
    return writer.pages().commitNumber();
  }

  @Override
  public long commit() {
    return lease.in(
        () -> {
          closeRows();
          writer.ensureWritable();
          long commit = engine.store().scope(whole == null ? writer::commit : whole::commit);
          turns.ended(lease);
          return commit;
        });
  }

  /// Ends a part, see [GraphTransaction#endPart()]: nothing can be done with it any more.
  void endPart() {
    lease.last(
        () -> {
          closeRows();
          engine.store().scoped(writer::endPart);
          turns.ended(lease);
        });
  }

  /// Does nothing where the lease has ended the transaction.
  @Override
  public void rollback() {
    if (lease.mayEnter()) {
      try {
        takeBack();
        turns.ended(lease);
      } finally {
        lease.exit();
      }
    }
  }

  @Override
  void takeBack() {
    closeRows();
    if (whole == null) {
      writer.rollback();
    } else {
      whole.takeBack();
    }
  }

  @Override
  public void close() {
    rollback();
  }

  @Override
  public Node createNode(Set<String> labels, Map<String, ?> properties) {
    return lease.in(() -> writer().createNode(labels, properties));
  }

  @Override
  public Node createNode(String region, Set<String> labels, Map<String, ?> properties) {
    return lease.in(() -> writer().createNode(region, labels, properties));
  }

  @Override
  public void createRegion(String name) {
    lease.run(() -> writer().createRegion(name));
  }

  @Override
  public void dropRegion(String name) {
    lease.run(() -> writer().dropRegion(name));
  }

  @Override
  public Relationship createRelationship(
      Node start, String type, Node end, Map<String, ?> properties) {
    return lease.in(() -> writer().createRelationship(start, type, end, properties));
  }

  @Override
  public RelationshipBatch batch(String type) {
    return lease.in(() -> new LeasedBatch(lease, writer().batch(type)));
  }

  @Override
  public void setProperty(Node node, String key, @Nullable Object value) {
    lease.run(() -> writer().setProperty(node, key, value));
  }

  @Override
  public void setProperty(Relationship relationship, String key, @Nullable Object value) {
    lease.run(() -> writer().setProperty(relationship, key, value));
  }

  @Override
  public void addLabel(Node node, String label) {
    lease.run(() -> writer().addLabel(node, label));
  }

  @Override
  public void removeLabel(Node node, String label) {
    lease.run(() -> writer().removeLabel(node, label));
  }

  @Override
  public void delete(Node node) {
    lease.run(() -> writer().delete(node));
  }

  @Override
  public void delete(Relationship relationship) {
    lease.run(() -> writer().delete(relationship));
  }

  @Override
  public void detachDelete(Node node) {
    lease.run(() -> writer().detachDelete(node));
  }
}
