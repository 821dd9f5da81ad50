package dev.quarry.graph.transaction;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.GraphException;
import dev.quarry.graph.Node;
import dev.quarry.graph.NodeCursor;
import dev.quarry.graph.PropertyKey;
import dev.quarry.graph.record.ArenaReader;
import org.jspecify.annotations.Nullable;

/// Walks arena by arena, in batches of live slots.
///
/// The ends of the arenas are noted when it is opened, and while it is open its transaction takes
/// no free slots before them: it does not meet nodes created later (rule S5).
final class NodeWalk implements NodeCursor {
  private static final int BATCH = 256;

  private final Reading reading;
  private final int label;
  private final boolean all;
  private final NodeScan scan;
  private final long[] batch = new long[BATCH];
  private int count;
  private int at = -1;
  private boolean closed;

  /// @param label token; -1 for a label that nobody has used
  /// @param all whether labels do not matter
  NodeWalk(Reading reading, int label, boolean all) {
    this.reading = reading;
    this.label = label;
    this.all = all;
    this.scan = new NodeScan(reading, label, all);
    reading.openedNodes();
  }

  @Override
  public boolean next() {
    reading.ensureOpen();
    if (closed) {
      return false;
    }
    while (true) {
      while (++at < count) {
        if (stillLive(batch[at]) && (all || reading.hasLabel(batch[at], label))) {
          return true;
        }
      }
      if (!fill()) {
        close();
        return false;
      }
    }
  }

  private boolean stillLive(long node) {
    return reading.nodeArena(node).slots().isLive(Ids.slot(node)) && !reading.isLeaving(node);
  }

  private boolean fill() {
    at = -1;
    count = scan.fill(batch, BATCH);
    return count > 0;
  }

  @Override
  public long id() {
    return current();
  }

  @Override
  public Node node() {
    return reading.handle(current());
  }

  @Override
  public boolean isNull(PropertyKey key) {
    return reader().isNull(Ids.slot(current()), token(key));
  }

  @Override
  public long getLong(PropertyKey key) {
    long slot = Ids.slot(current());
    if (!reader().isInteger(slot, token(key))) {
      throw otherType(key, "an integer", get(key));
    }
    return reader().getLong(slot, token(key));
  }

  @Override
  public double getDouble(PropertyKey key) {
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
  public @Nullable String getString(PropertyKey key) {
    Object value = get(key);
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw otherType(key, "a string", value);
  }

  @Override
  public @Nullable Object get(PropertyKey key) {
    return reader().property(Ids.slot(current()), token(key));
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      reading.endedNodes();
    }
  }

  private int token(PropertyKey key) {
    return reading.handles().token(key);
  }

  private ArenaReader reader() {
    long node = current();
    if (reading.mayHaveDeleted() && !stillLive(node)) {
      throw Reading.gone("node", reading.handle(node).elementId());
    }
    return reading.nodeArena(node);
  }

  private long current() {
    reading.ensureOpen();
    if (closed || at < 0 || at >= count) {
      throw new GraphException(
          ErrorCode.RECORD_GONE, "the cursor stands on no node", "call next() before");
    }
    return batch[at];
  }

  static GraphException otherType(PropertyKey key, String expected, @Nullable Object found) {
    String what = found == null ? "missing" : "a " + found.getClass().getSimpleName();
    return new GraphException(
        ErrorCode.INVALID_VALUE,
        "property `" + key.name() + "` is " + what + ", not " + expected,
        "use get(), or ask isNull() before");
  }
}
