package dev.quarry.graph.transaction;

import dev.quarry.graph.Node;
import dev.quarry.graph.NodeCursor;
import dev.quarry.graph.NodeSet;
import dev.quarry.storage.page.Pin;
import org.jspecify.annotations.Nullable;

/// A set of nodes as an application sees it: checks, handles and cursors around [OrderedIds].
final class AddedNodes implements NodeSet {
  private final Reading reading;
  private final OrderedIds ids;
  private final LiveArenas live;
  private final @Nullable Pin pin;
  private int clears; // so that a cursor knows that what it walks is gone
  private boolean closed;

  /// @param ids none yet; given back when the set is closed
  AddedNodes(Reading reading, LiveArenas live, OrderedIds ids) {
    this.reading = reading;
    this.live = live;
    this.pin = reading.pin();
    this.ids = ids;
    reading.openedNodes();
  }

  @Override
  public boolean add(long id) {
    if (closed) {
      ensureOpen();
    }
    if (ids.has(id)) {
      return false;
    }
    if (!live.hasNode(id)) {
      throw Reading.gone("node of the id", String.valueOf(id));
    }
    ids.add(id);
    return true;
  }

  @Override
  public boolean add(Node node) {
    ensureOpen();
    long id = reading.existing(node);
    if (ids.has(id)) {
      return false;
    }
    ids.add(id);
    return true;
  }

  @Override
  public boolean contains(long id) {
    ensureOpen();
    return ids.has(id);
  }

  @Override
  public boolean contains(Node node) {
    ensureOpen();
    return ids.has(reading.existing(node));
  }

  @Override
  public long size() {
    ensureOpen();
    return ids.size();
  }

  @Override
  public void clear() {
    ensureOpen();
    ids.clear();
    clears++;
  }

  @Override
  public NodeCursor nodes() {
    ensureOpen();
    return new AddedWalk(reading, this);
  }

  /// The ids in their order.
  OrderedIds ids() {
    return ids;
  }

  /// How often all nodes were taken out, the end of the set included.
  int clears() {
    return clears;
  }

  private void ensureOpen() {
    reading.ensureOpen(pin);
    if (closed) {
      throw new IllegalStateException("this set of nodes is closed");
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      clears++;
      ids.close();
      reading.endedNodes();
      reading.walks().ended(this);
    }
  }
}
