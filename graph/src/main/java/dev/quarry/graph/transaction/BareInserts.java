package dev.quarry.graph.transaction;

import dev.quarry.graph.Node;
import dev.quarry.graph.RelationshipBatch;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.storage.arena.Slots;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The batch of a type in a write transaction; what waits is kept by the transaction.
final class BareInserts implements RelationshipBatch {
  private final GraphTransaction transaction;
  private final String type;
  private int token = -1;
  private @Nullable Catalog catalog; // that the slots were found in
  private int arena; // that they belong to
  private @Nullable Slots slots;

  BareInserts(GraphTransaction transaction, String type) {
    this.transaction = transaction;
    this.type = type;
  }

  @Override
  public void add(long start, long end) {
    transaction.ensureUsable();
    if (!isThere(start) || !isThere(end)) {
      long missing = isThere(start) ? end : start;
      throw Reading.gone("node of the id", String.valueOf(missing));
    }
    put(start, end);
  }

  @Override
  public void add(Node start, Node end) {
    transaction.ensureUsable();
    put(transaction.existing(start), transaction.existing(end));
  }

  private boolean isThere(long node) {
    Slots known = slots;
    if (known == null || Ids.arena(node) != arena || transaction.catalog() != catalog) {
      known = transaction.slots(Ids.arena(node));
      if (known == null) {
        return false;
      }
      catalog = transaction.catalog();
      arena = Ids.arena(node);
      slots = known;
    }
    return known.isLive(Ids.slot(node)) && !transaction.isLeaving(node);
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
