package dev.quarry.graph.transaction;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.GraphException;
import dev.quarry.graph.Direction;
import dev.quarry.graph.Node;
import dev.quarry.graph.PropertyKey;
import dev.quarry.graph.Relationship;
import dev.quarry.graph.RelationshipCursor;
import dev.quarry.graph.record.ArenaReader;
import org.jspecify.annotations.Nullable;

/// The cursor over the relationships of one node, on top of an [Expansion].
final class RelationshipWalk implements RelationshipCursor {
  private final Reading reading;
  private final Expansion expansion;
  private boolean standing;

  RelationshipWalk(Reading reading, long node, Direction direction, int @Nullable [] types) {
    this.reading = reading;
    this.expansion = new Expansion(reading, direction, types);
    expansion.open(node);
  }

  @Override
  public boolean next() {
    reading.ensureOpen();
    standing = expansion.next();
    return standing;
  }

  @Override
  public long neighbour() {
    ensureStanding();
    return expansion.neighbour();
  }

  @Override
  public Node neighbourNode() {
    ensureStanding();
    return reading.handle(expansion.neighbour());
  }

  @Override
  public boolean outgoing() {
    ensureStanding();
    return expansion.outgoing();
  }

  @Override
  public String type() {
    ensureStanding();
    return reading.catalog().types().get(expansion.type());
  }

  @Override
  public Relationship relationship() {
    ensureStanding();
    return reading.handles().relationship(expansion.identity());
  }

  @Override
  public boolean isNull(PropertyKey key) {
    return get(key) == null;
  }

  @Override
  public long getLong(PropertyKey key) {
    ArenaReader edges = row();
    int token = reading.handles().token(key);
    if (edges == null || !edges.isInteger(expansion.edgeSlot(), token)) {
      throw NodeWalk.otherType(key, "an integer", get(key));
    }
    return edges.getLong(expansion.edgeSlot(), token);
  }

  @Override
  public double getDouble(PropertyKey key) {
    ArenaReader edges = row();
    int token = reading.handles().token(key);
    if (edges != null && edges.isFloat(expansion.edgeSlot(), token)) {
      return edges.getDouble(expansion.edgeSlot(), token);
    }
    return getLong(key);
  }

  @Override
  public @Nullable String getString(PropertyKey key) {
    Object value = get(key);
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw NodeWalk.otherType(key, "a string", value);
  }

  @Override
  public @Nullable Object get(PropertyKey key) {
    ArenaReader edges = row();
    return edges == null
        ? null
        : edges.property(expansion.edgeSlot(), reading.handles().token(key));
  }

  /// The arena of a relationship with properties, null for a bare one.
  private @Nullable ArenaReader row() {
    ensureStanding();
    return expansion.edgeSlot() < 0 ? null : reading.edgeReader(expansion.type());
  }

  private void ensureStanding() {
    reading.ensureOpen();
    if (!standing) {
      throw new GraphException(
          ErrorCode.RECORD_GONE, "the cursor stands on no relationship", "call next() before");
    }
  }

  @Override
  public void close() {
    standing = false;
    expansion.close();
  }
}
