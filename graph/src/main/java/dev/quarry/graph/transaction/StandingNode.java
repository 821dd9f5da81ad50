package dev.quarry.graph.transaction;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.GraphException;
import dev.quarry.graph.Node;
import dev.quarry.graph.NodeCursor;
import dev.quarry.graph.PropertyKey;
import dev.quarry.graph.record.ArenaReader;
import dev.quarry.storage.page.Pin;
import org.jspecify.annotations.Nullable;

/// What cursors over nodes have in common: the node on which they stand, and its properties.
abstract class StandingNode implements NodeCursor {
  /// No node.
  static final long NONE = -1;

  final Reading reading;
  private final @Nullable Pin pin;
  private long node = NONE;
  private boolean closed;

  StandingNode(Reading reading) {
    this.reading = reading;
    this.pin = reading.pin();
  }

  /// The next node, [#NONE] at the end.
  abstract long nextNode();

  /// It is at its end, or was closed.
  abstract void ended();

  @Override
  public final boolean next() {
    reading.ensureOpen(pin);
    if (closed) {
      return false;
    }
    node = nextNode();
    if (node == NONE) {
      close();
      return false;
    }
    return true;
  }

  /// The node on which it stands.
  private long current() {
    reading.ensureOpen(pin);
    if (node == NONE) {
      throw new GraphException(
          ErrorCode.RECORD_GONE, "the cursor stands on no node", "call next() before");
    }
    return node;
  }

  /// The same, after a check that it did not die since.
  final long existing() {
    long current = current();
    if (!reading.isThere(current)) {
      throw Reading.gone("node", reading.handle(current).elementId());
    }
    return current;
  }

  @Override
  public final long id() {
    return current();
  }

  @Override
  public final Node node() {
    return reading.handle(current());
  }

  @Override
  public final boolean isNull(PropertyKey key) {
    return reader().isNull(Ids.slot(current()), token(key));
  }

  @Override
  public final long getLong(PropertyKey key) {
    long slot = Ids.slot(current());
    if (!reader().isInteger(slot, token(key))) {
      throw otherType(key, "an integer", get(key));
    }
    return reader().getLong(slot, token(key));
  }

  @Override
  public final double getDouble(PropertyKey key) {
    long slot = Ids.slot(current());
    int token = token(key);
    if (reader().isFloat(slot, token)) {
      return reader().getDouble(slot, token);
    }
    if (reader().isInteger(slot, token)) {
      return reader().getLong(slot, token);
    }
    throw otherType(key, "a number", get(key));
  }

  @Override
  public final @Nullable String getString(PropertyKey key) {
    Object value = get(key);
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw otherType(key, "a string", value);
  }

  @Override
  public final @Nullable Object get(PropertyKey key) {
    return reader().property(Ids.slot(current()), token(key));
  }

  private int token(PropertyKey key) {
    return reading.handles().token(key);
  }

  private ArenaReader reader() {
    return reading.nodeArena(existing());
  }

  static GraphException otherType(PropertyKey key, String expected, @Nullable Object found) {
    String what = found == null ? "missing" : "a " + found.getClass().getSimpleName();
    return new GraphException(
        ErrorCode.INVALID_VALUE,
        "property `" + key.name() + "` is " + what + ", not " + expected,
        "use get(), or ask isNull() before");
  }

  @Override
  public final void close() {
    node = NONE;
    if (!closed) {
      closed = true;
      ended();
    }
  }
}
