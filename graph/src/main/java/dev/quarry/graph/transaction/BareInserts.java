package dev.quarry.graph.transaction;

import dev.quarry.graph.Node;
import dev.quarry.graph.RelationshipBatch;
import dev.quarry.storage.arena.LiveBits;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The batch of a type in a write transaction; what waits is kept by the transaction.
///
/// Most relationships are between the same two arenas as the one before, and the transaction has
/// taken no step since. For those a call is short: the fewer instructions lie between what the
/// caller reads from memory, the more of its cache misses overlap.
final class BareInserts implements RelationshipBatch {
  private final GraphTransaction transaction;
  private final String type;
  private final KnownNodes nodes;
  private int token = -1;

  // Of the one before, until the transaction takes its next step. That one waits, so whatever else
  // the transaction is asked to change begins with a step that enters it.
  private long steps = -1;
  private long firstStart; // the id of slot 0
  private long firstEnd;
  private @Nullable LiveBits starts;
  private @Nullable LiveBits ends;
  private @Nullable BareBatch batch;

  BareInserts(GraphTransaction transaction, String type) {
    this.transaction = transaction;
    this.type = type;
    this.nodes = new KnownNodes(transaction);
  }

  @Override
  public void add(long start, long end) {
    LiveBits sources = starts;
    LiveBits targets = ends;
    BareBatch kind = batch;
    if (transaction.steps() == steps
        && sources != null
        && targets != null
        && kind != null
        && sources.isLive(start - firstStart)
        && targets.isLive(end - firstEnd)) {
      transaction.putOff(kind, start - firstStart, end - firstEnd);
    } else {
      addFirst(start, end);
    }
  }

  /// Adds one of which nothing is known.
  private void addFirst(long start, long end) {
    transaction.ensureUsable();
    if (!nodes.has(start) || !nodes.has(end)) {
      long missing = nodes.has(start) ? end : start;
      throw Reading.gone("node of the id", String.valueOf(missing));
    }
    put(start, end);
    keep(start, end);
  }

  /// Keeps what is known of the kind of a relationship that was just added.
  private void keep(long start, long end) {
    starts = nodes.near(start);
    ends = nodes.near(end);
    firstStart = Ids.node(Ids.arena(start), 0);
    firstEnd = Ids.node(Ids.arena(end), 0);
    batch = transaction.waits(start, token, end);
    steps = transaction.steps();
  }

  @Override
  public void add(Node start, Node end) {
    transaction.ensureUsable();
    put(transaction.existing(start), transaction.existing(end));
  }

  private void put(long start, long end) {
    if (token < 0) {
      token = transaction.token(type);
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
