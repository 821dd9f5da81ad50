package dev.quarry.graph.transaction;

import dev.quarry.graph.Handles;
import dev.quarry.graph.catalog.Arena;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.ColumnLayout;
import dev.quarry.graph.catalog.ListKind;
import dev.quarry.graph.value.Tag;
import dev.quarry.graph.value.ValueCodec;
import dev.quarry.storage.Store;
import dev.quarry.storage.memory.Scratch;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.slab.ListWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A write transaction for loading: by ids and tokens, without a log, committed by a checkpoint.
///
/// Used by one thread. Call [#step()] between rows: there the transaction may spill, and no address
/// obtained before is good any more.
public final class BulkTransaction implements AutoCloseable {
  private final Store store;
  private final PageTransaction pages;
  private final Handles handles;
  private final Scratch scratch;
  private final Changes changes;
  private boolean ended;

  BulkTransaction(Store store, PageTransaction pages, Handles handles, Scratch scratch) {
    this.store = store;
    this.pages = pages;
    this.handles = handles;
    this.scratch = scratch;
    this.changes = new Changes(pages, scratch);
  }

  public Catalog catalog() {
    return changes.catalog();
  }

  /// Whether the graph has no nodes.
  public boolean isEmpty() {
    for (Arena arena : catalog().arenas()) {
      if (changes.writer(false, arena.id()).slots().slots().liveCount() > 0) {
        return false;
      }
    }
    return true;
  }

  /// The arena of nodes with exactly these labels, made if there is none.
  public int arena(List<String> labels) {
    TreeSet<Integer> tokens = new TreeSet<>();
    for (String label : labels) {
      if (catalog().label(label) < 0) {
        changes.addLabel(label);
      }
      tokens.add(catalog().label(label));
    }
    List<Integer> exact = new ArrayList<>(tokens);
    for (Arena arena : catalog().arenas()) {
      if (arena.labels().equals(exact)) {
        return arena.id();
      }
    }
    changes.addArena(exact);
    return catalog().arenas().size() - 1;
  }

  /// The token of a type, made if there is none.
  public int type(String name) {
    if (catalog().type(name) < 0) {
      changes.addType(name);
    }
    return catalog().type(name);
  }

  /// The token of a property key, made if there is none.
  public int key(String name) {
    if (catalog().key(name) < 0) {
      changes.addKey(name);
    }
    return catalog().key(name);
  }

  /// Creates a node and returns its id.
  public long createNode(int arena) {
    long slot = changes.writer(false, arena).slots().take();
    long id = Ids.node(arena, slot);
    changes.createNode(id, changes.writer(false, arena).slots().slots().generation(slot));
    return id;
  }

  /// Sets a property of a node to a value in its canonical form.
  public void putNode(long node, int key, Object value) {
    put(false, Ids.arena(node), Ids.slot(node), key, value);
  }

  /// Creates the row of a relationship with properties and returns its edge slot.
  public long createRow(int type, long source, long target) {
    long slot = changes.writer(true, type).slots().take();
    changes.createRow(type, slot, source, target);
    return slot;
  }

  /// Sets a property of a relationship.
  public void putRow(int type, long edgeSlot, int key, Object value) {
    put(true, type, edgeSlot, key, value);
  }

  private void put(boolean ofEdges, int arena, long slot, int key, Object value) {
    Arena layout = (ofEdges ? catalog().edgeArenas() : catalog().arenas()).get(arena);
    ColumnLayout column = layout.column(key);
    if (column == null) {
      Tag tag = ValueCodec.tagOf(value);
      changes.addColumn(ofEdges, arena, key, tag);
    }
    changes.putProperty(ofEdges, arena, slot, key, value);
  }

  /// The lists of their own of a type between two arenas; null if there are none yet.
  public @Nullable ListKind kind(int source, int type, int target) {
    return catalog().kind(source, type, true, target);
  }

  /// Makes lists of their own; returns the writers for outgoing and for incoming relationships.
  public ListWriter[] createKind(int source, int type, int target, boolean edgeSlots) {
    return changes.createKind(source, type, target, edgeSlots ? 8 : 4);
  }

  /// Enters a relationship into whatever lists take it; its row must exist already.
  public void link(long source, int type, long target, long edgeSlot) {
    changes.link(source, type, target, edgeSlot);
  }

  /// Counts relationships that were written to lists directly.
  ///
  /// @param source arena of the nodes that they leave
  /// @param target arena of those that they enter
  public void count(int source, int type, int target, long relationships) {
    changes.countRelationships(source, type, target, relationships);
  }

  /// The point between two rows at which pages may be spilled.
  public void step() {
    pages.spillPoint();
  }

  /// Commits: durable and visible on return.
  ///
  /// @throws dev.quarry.error.GraphException if a constraint is violated; nothing is committed then
  public long commit() {
    ended = true;
    try {
      Reading loaded = new ChangedReading(changes, handles, scratch);
      changes.indexing().touched().verify(new ConstraintCheck(loaded));
      changes.estimate(loaded, pages.commitNumber() + 1);
      changes.finish();
    } catch (RuntimeException e) {
      store.rollback(pages);
      scratch.close();
      throw e;
    }
    try {
      return store.commit(pages);
    } finally {
      scratch.close();
    }
  }

  /// Rolls back, unless it was committed.
  @Override
  public void close() {
    if (!ended) {
      ended = true;
      scratch.close();
      store.rollback(pages);
    }
  }
}
