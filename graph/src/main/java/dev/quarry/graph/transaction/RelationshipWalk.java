package dev.quarry.graph.transaction;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.GraphException;
import dev.quarry.graph.Direction;
import dev.quarry.graph.Node;
import dev.quarry.graph.PropertyKey;
import dev.quarry.graph.Relationship;
import dev.quarry.graph.RelationshipCursor;
import dev.quarry.graph.RelationshipIdentity;
import dev.quarry.graph.record.ArenaReader;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.slab.ListCursor;
import org.jspecify.annotations.Nullable;

/// Walks the lists of one node: outgoing first, then incoming, there without self-loops if both.
final class RelationshipWalk implements RelationshipCursor {
  private static final int ENTRY = 16;

  private final Reading reading;
  private final long node;
  private final Direction direction;
  private final int @Nullable [] types;
  private final ListCursor cursor = new ListCursor();
  private boolean outgoing;
  private boolean last;
  private int at;
  private int count;
  private long entry;
  private long neighbour;
  private boolean standing;

  RelationshipWalk(Reading reading, long node, Direction direction, int @Nullable [] types) {
    this.reading = reading;
    this.node = node;
    this.direction = direction;
    this.types = types;
    this.last = direction != Direction.BOTH;
    open(direction != Direction.INCOMING);
  }

  private void open(boolean out) {
    outgoing = out;
    at = 0;
    count = 0;
    reading.lists(node, out).open(Ids.slot(node), cursor);
  }

  @Override
  public boolean next() {
    reading.ensureOpen();
    standing = false;
    while (true) {
      while (at < count) {
        long address = cursor.address() + (long) at++ * ENTRY;
        neighbour = Memory.getLong(address);
        entry = Memory.getLong(address + 8);
        boolean secondOfLoop = direction == Direction.BOTH && !outgoing && neighbour == node;
        if (!secondOfLoop && matches(Ids.type(entry))) {
          standing = true;
          return true;
        }
      }
      if (cursor.nextFragment()) {
        at = 0;
        count = cursor.count();
      } else if (last) {
        count = 0;
        return false;
      } else {
        last = true;
        open(false);
      }
    }
  }

  private boolean matches(int type) {
    int[] wanted = types;
    if (wanted == null) {
      return true;
    }
    for (int one : wanted) {
      if (one == type) {
        return true;
      }
    }
    return false;
  }

  @Override
  public long neighbour() {
    ensureStanding();
    return neighbour;
  }

  @Override
  public Node neighbourNode() {
    ensureStanding();
    return reading.handle(neighbour);
  }

  @Override
  public boolean outgoing() {
    ensureStanding();
    return outgoing;
  }

  @Override
  public String type() {
    ensureStanding();
    return reading.catalog().types().get(Ids.type(entry));
  }

  @Override
  public Relationship relationship() {
    ensureStanding();
    return reading.handles().relationship(identity());
  }

  private RelationshipIdentity identity() {
    int type = Ids.type(entry);
    long slot = Ids.edgeSlot(entry);
    if (slot >= 0) {
      return new RelationshipIdentity.Row(
          type, slot, reading.edgeReader(type).slots().generation(slot));
    }
    long source = outgoing ? node : neighbour;
    long target = outgoing ? neighbour : node;
    return new RelationshipIdentity.Bare(
        type, source, generation(source), target, generation(target), ordinal());
  }

  private int generation(long id) {
    return reading.nodeArena(id).slots().generation(Ids.slot(id));
  }

  /// How many equals of the entry stand before it in its list.
  private long ordinal() {
    ListCursor again = new ListCursor();
    reading.lists(node, outgoing).open(Ids.slot(node), again);
    long here = cursor.address() + (at - 1L) * ENTRY;
    long equals = 0;
    while (again.nextFragment()) {
      for (int i = 0; i < again.count(); i++) {
        long address = again.address() + (long) i * ENTRY;
        if (address == here) {
          return equals;
        }
        boolean equal =
            Memory.getLong(address) == neighbour && Memory.getLong(address + 8) == entry;
        equals += equal ? 1 : 0;
      }
    }
    return equals;
  }

  @Override
  public boolean isNull(PropertyKey key) {
    return get(key) == null;
  }

  @Override
  public long getLong(PropertyKey key) {
    ArenaReader edges = row();
    int token = reading.handles().token(key);
    if (edges == null || !edges.isInteger(Ids.edgeSlot(entry), token)) {
      throw NodeWalk.otherType(key, "an integer", get(key));
    }
    return edges.getLong(Ids.edgeSlot(entry), token);
  }

  @Override
  public double getDouble(PropertyKey key) {
    ArenaReader edges = row();
    int token = reading.handles().token(key);
    if (edges != null && edges.isFloat(Ids.edgeSlot(entry), token)) {
      return edges.getDouble(Ids.edgeSlot(entry), token);
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
    return edges == null ? null : edges.property(Ids.edgeSlot(entry), reading.handles().token(key));
  }

  /// The arena of a relationship with properties, null for a bare one.
  private @Nullable ArenaReader row() {
    ensureStanding();
    return Ids.edgeSlot(entry) < 0 ? null : reading.edgeReader(Ids.type(entry));
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
    count = 0;
    at = 0;
    last = true;
  }
}
