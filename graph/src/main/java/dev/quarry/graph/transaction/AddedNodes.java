package dev.quarry.graph.transaction;

import dev.quarry.graph.Direction;
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
  public long addNeighbours(Node node, Direction direction, String... types) {
    ensureOpen();
    return addNeighbours(reading.existing(node), direction, types);
  }

  @Override
  public long addNeighbours(NodeCursor node, Direction direction, String... types) {
    ensureOpen();
    return addNeighbours(reading.existing(node), direction, types);
  }

  private long addNeighbours(long node, Direction direction, String[] types) {
    Expansion expansion = reading.walks().take(direction, types);
    long before = ids.size();
    try {
      expansion.open(node);
      addAll(expansion);
    } finally {
      giveBack(expansion);
    }
    return ids.size() - before;
  }

  @Override
  public long addNeighbours(NodeSet of, Direction direction, String... types) {
    ensureOpen();
    OrderedIds from = idsOf(of);
    Expansion expansion = reading.walks().take(direction, types);
    long before = ids.size();
    try {
      addNeighbours(from, expansion);
    } finally {
      giveBack(expansion);
    }
    return ids.size() - before;
  }

  private OrderedIds idsOf(NodeSet of) {
    if (of instanceof AddedNodes own) {
      own.ensureOpen();
      if (own.reading == reading) {
        return own.ids;
      }
    }
    throw new IllegalArgumentException("the set of nodes is of another transaction");
  }

  /// Some nodes at a time, whose lists are looked up together.
  private void addNeighbours(OrderedIds of, Expansion expansion) {
    long[] nodes = new long[(int) Math.min(Expansion.PREPARED, of.size())];
    long end = of.size(); // they may be the same ids
    long at = 0;
    while (at < end) {
      int count = 0;
      for (; at < end && count < nodes.length; at++) {
        nodes[count] = of.get(at);
        count += reading.isThere(nodes[count]) ? 1 : 0;
      }
      addNeighbours(nodes, count, expansion);
      reading.ensureOpen(pin);
    }
  }

  private void addNeighbours(long[] nodes, int count, Expansion expansion) {
    long[] neighbours = reading.walks().buffer();
    expansion.prepare(nodes, 0, count);
    for (int i = 0; i < count; i++) {
      int filled = expansion.fillPrepared(i, neighbours);
      if (filled >= 0) {
        addAll(neighbours, filled);
      } else {
        expansion.openPrepared(i);
        addAll(expansion);
      }
    }
  }

  /// Adds all that a walk meets.
  private void addAll(Expansion expansion) {
    long[] neighbours = reading.walks().buffer();
    int filled;
    do {
      filled = expansion.fill(neighbours);
      addAll(neighbours, filled);
    } while (filled == neighbours.length);
  }

  /// What a list leads to is there, but where a statement has yet to take it away.
  private void addAll(long[] neighbours, int count) {
    if (reading.mayHaveDeleted()) {
      for (int i = 0; i < count; i++) {
        add(neighbours[i]);
      }
    } else {
      assert areNodes(neighbours, count);
      ids.addAll(neighbours, count);
    }
  }

  private boolean areNodes(long[] neighbours, int count) {
    for (int i = 0; i < count; i++) {
      assert live.hasNode(neighbours[i]) : neighbours[i];
    }
    return true;
  }

  private void giveBack(Expansion expansion) {
    expansion.close();
    reading.walks().giveBack(expansion);
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
