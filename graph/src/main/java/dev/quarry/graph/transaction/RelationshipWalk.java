package dev.quarry.graph.transaction;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.GraphException;
import dev.quarry.graph.Node;
import dev.quarry.graph.PropertyKey;
import dev.quarry.graph.Relationship;
import dev.quarry.graph.RelationshipCursor;
import dev.quarry.graph.RelationshipIdentity;
import dev.quarry.graph.record.ArenaReader;
import dev.quarry.storage.page.Pin;
import org.jspecify.annotations.Nullable;

/// The cursor over the relationships of one node, on top of an [Expansion].
///
/// In a write transaction, once the lists of the node are about to change, it notes the rest of
/// what it has to give and goes on from there, passing over what was deleted (rule S5).
final class RelationshipWalk implements RelationshipCursor {
  private final Reading reading;
  private final Expansion expansion;
  private final long node;
  private final @Nullable Pin pin;
  private @Nullable KeptRelationships kept;
  private boolean standing;
  private boolean ended;

  /// @param expansion of the reading; given back when the walk ends
  RelationshipWalk(Reading reading, long node, Expansion expansion) {
    this.reading = reading;
    this.expansion = expansion;
    this.node = node;
    this.pin = reading.pin();
    expansion.open(node);
    reading.opened(this);
  }

  /// The node whose relationships are walked.
  long node() {
    return node;
  }

  @Override
  public boolean next() {
    reading.ensureOpen(pin);
    KeptRelationships copy = kept;
    standing = !ended && (copy == null ? expansion.next() : nextLive(copy));
    if (!standing) {
      close();
    }
    return standing;
  }

  private boolean nextLive(KeptRelationships copy) {
    while (copy.next()) {
      if (isLive(copy)) {
        return true;
      }
    }
    return false;
  }

  private boolean isLive(KeptRelationships copy) {
    int type = copy.type();
    long slot = copy.edgeSlot();
    return !reading.mayHaveDeleted()
        || reading.exists(
            type,
            slot,
            source(copy),
            target(copy),
            copy.ordinal(),
            slot < 0 ? 0 : reading.edgeGeneration(type, slot));
  }

  /// Notes where it stands and what is left.
  void keep() {
    if (kept != null || ended) {
      return;
    }
    KeptRelationships copy = new KeptRelationships(reading.scratch().another());
    kept = copy;
    if (standing) {
      copy.add(expansion);
    }
    while (expansion.next()) {
      copy.add(expansion);
    }
    expansion.close();
    if (standing) {
      copy.next();
    }
  }

  @Override
  public long neighbour() {
    ensureStanding();
    return kept == null ? expansion.neighbour() : kept.neighbour();
  }

  @Override
  public Node neighbourNode() {
    return reading.handle(neighbour());
  }

  @Override
  public boolean outgoing() {
    ensureStanding();
    return kept == null ? expansion.outgoing() : kept.outgoing();
  }

  @Override
  public String type() {
    ensureStanding();
    return reading.catalog().typeName(typeToken());
  }

  private int typeToken() {
    return kept == null ? expansion.type() : kept.type();
  }

  @Override
  public Relationship relationship() {
    ensureStanding();
    return reading.handles().relationship(kept == null ? expansion.identity() : identity(kept));
  }

  private RelationshipIdentity identity(KeptRelationships copy) {
    int type = copy.type();
    long slot = copy.edgeSlot();
    long origin = slot < 0 ? copy.ordinal() : reading.origin(type, slot);
    return reading.identity(type, slot, source(copy), target(copy), origin);
  }

  private long source(KeptRelationships copy) {
    return copy.outgoing() ? node : copy.neighbour();
  }

  private long target(KeptRelationships copy) {
    return copy.outgoing() ? copy.neighbour() : node;
  }

  @Override
  public boolean isNull(PropertyKey key) {
    return get(key) == null;
  }

  @Override
  public long getLong(PropertyKey key) {
    long slot = edgeSlot();
    ArenaReader edges = rows(slot);
    int token = reading.handles().token(key);
    if (edges == null || !edges.isInteger(Ids.row(slot), token)) {
      throw StandingNode.otherType(key, "an integer", get(key));
    }
    return edges.getLong(Ids.row(slot), token);
  }

  @Override
  public double getDouble(PropertyKey key) {
    long slot = edgeSlot();
    ArenaReader edges = rows(slot);
    int token = reading.handles().token(key);
    if (edges != null && edges.isFloat(Ids.row(slot), token)) {
      return edges.getDouble(Ids.row(slot), token);
    }
    return getLong(key);
  }

  @Override
  public @Nullable String getString(PropertyKey key) {
    Object value = get(key);
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw StandingNode.otherType(key, "a string", value);
  }

  @Override
  public @Nullable Object get(PropertyKey key) {
    long slot = edgeSlot();
    ArenaReader edges = rows(slot);
    return edges == null ? null : edges.property(Ids.row(slot), reading.handles().token(key));
  }

  /// The row in which its properties are by now, -1 for a bare one.
  private long edgeSlot() {
    ensureStanding();
    KeptRelationships copy = kept;
    if (copy == null) {
      return expansion.edgeSlot();
    }
    if (!isLive(copy)) {
      throw Reading.gone("relationship", identity(copy).elementId());
    }
    return reading.currentRow(
        copy.type(), copy.edgeSlot(), source(copy), target(copy), copy.ordinal());
  }

  /// The arena of relationships with properties, null for a bare one.
  private @Nullable ArenaReader rows(long slot) {
    return slot < 0 ? null : reading.edgeReader(typeToken(), slot);
  }

  private void ensureStanding() {
    reading.ensureOpen(pin);
    if (!standing) {
      throw new GraphException(
          ErrorCode.RECORD_GONE, "the cursor stands on no relationship", "call next() before");
    }
  }

  @Override
  public void close() {
    standing = false;
    if (!ended && (pin == null || !pin.ended())) {
      ended = true;
      expansion.close();
      if (kept != null) {
        kept.close();
      }
      reading.walks().giveBack(expansion);
      reading.ended(this);
    }
  }
}
