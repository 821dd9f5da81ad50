package dev.quarry.graph.transaction;

import dev.quarry.graph.Node;
import dev.quarry.graph.RelationshipBatch;
import java.util.Map;

/// The batch of a type in a write transaction; what waits is kept by the transaction.
final class BareInserts implements RelationshipBatch {
  private final GraphTransaction transaction;
  private final String type;
  private final KnownNodes nodes;
  private int token = -1;

  BareInserts(GraphTransaction transaction, String type) {
    this.transaction = transaction;
    this.type = type;
    this.nodes = new KnownNodes(transaction);
  }

  @Override
  public void add(long start, long end) {
    transaction.ensureUsable();
    if (!nodes.has(start) || !nodes.has(end)) {
      long missing = nodes.has(start) ? end : start;
      throw Reading.gone("node of the id", String.valueOf(missing));
    }
    put(start, end);
  }

  @Override
  public void add(Node start, Node end) {
    transaction.ensureUsable();
    put(transaction.existing(start), transaction.existing(end));
  }

  private void put(long start, long end) {
    if (token < 0) {
      token = transaction.change(() -> transaction.type(type));
    }
    if (transaction.mayWait(token, start, end)) {
      transaction.putOff(start, token, end);
    } else {
      Node source = transaction.handle(start);
      transaction.createRelationship(source, type, transaction.handle(end), Map.of());
    }
  }

  @Override
  public void flush() {
    transaction.ensureWritable();
  }
}
