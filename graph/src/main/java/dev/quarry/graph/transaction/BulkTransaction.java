package dev.quarry.graph.transaction;

import dev.quarry.graph.Handles;
import dev.quarry.graph.catalog.Arena;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.CatalogBuilder;
import dev.quarry.graph.catalog.ColumnLayout;
import dev.quarry.graph.catalog.Flip;
import dev.quarry.graph.catalog.ListKind;
import dev.quarry.graph.catalog.Region;
import dev.quarry.graph.record.ArenaWriter;
import dev.quarry.graph.record.Cells;
import dev.quarry.graph.statistics.DegreeSketch;
import dev.quarry.graph.value.Tag;
import dev.quarry.graph.value.ValueCodec;
import dev.quarry.storage.Store;
import dev.quarry.storage.memory.Scratch;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.slab.ListSpaces;
import dev.quarry.storage.slab.ListWriter;
import dev.quarry.storage.slab.RunWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
  private final KnownDegrees degrees = new KnownDegrees();
  private int home;
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

  /// The most threads that may share the work, see [dev.quarry.storage.StoreOptions#mostThreads].
  public int mostThreads() {
    return store.options().mostThreads();
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

  /// The number of a region, made if there is none of that name; 0 for the default one, null.
  public int region(@Nullable String name) {
    if (name == null) {
      return 0;
    }
    int region = catalog().regions().named(name);
    if (region < 0) {
      CatalogBuilder.ensureName(name, "regions");
      region = catalog().regions().free();
      changes.addRegion(region, name);
    }
    return region;
  }

  /// Puts nodes that are created from now on into a region, made if there is none of that name;
  /// null means the default one.
  public void into(@Nullable String name) {
    home = region(name);
  }

  /// The arena of nodes with exactly these labels in the region that nodes are put into, made if
  /// there is none.
  public int arena(List<String> labels) {
    return arena(home, labels);
  }

  /// The arena of nodes with exactly these labels in a region, made if there is none.
  public int arena(int region, List<String> labels) {
    TreeSet<Integer> tokens = new TreeSet<>();
    for (String label : labels) {
      if (catalog().label(label) < 0) {
        changes.addLabel(label);
      }
      tokens.add(catalog().label(label));
    }
    List<Integer> exact = new ArrayList<>(tokens);
    Arena home = catalog().home(region, exact);
    if (home == null) {
      changes.addArena(region, exact);
      return catalog().arenas().size() - 1;
    }
    return home.id();
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

  /// The slot that the first of [#createNodes] gets.
  public long nextSlot(int arena) {
    return changes.writer(false, arena).slots().slots().highWater();
  }

  /// Creates nodes in new slots in a row, without properties as yet; returns the first slot.
  public long createNodes(int arena, int count) {
    return changes.createNodes(arena, count);
  }

  /// The edge slot that the first of [#createRows] gets, of relationships that leave nodes of an
  /// arena.
  public long nextRow(int sourceArena, int type) {
    int region = catalog().region(sourceArena);
    int arena = changes.edgeArena(type, region);
    long row = arena < 0 ? 0 : changes.writer(true, arena).slots().slots().highWater();
    return Ids.edgeSlot(region, row);
  }

  /// Creates rows of relationships of one type from nodes of one region; returns the first edge
  /// slot, behind which the others are.
  public long createRows(int type, long[] sources, long[] targets, int count) {
    int region = catalog().region(Ids.arena(sources[0]));
    if (changes.edgeArena(type, region) < 0) {
      changes.addEdgeArena(type, region);
    }
    long row = changes.createRows(changes.edgeArena(type, region), sources, targets, count);
    return Ids.edgeSlot(region, row);
  }

  /// Sets a property, which none of them has yet, of nodes in slots in a row that were just
  /// created.
  ///
  /// @param first slot
  public void putNodes(int arena, long first, int key, Cells cells) {
    putAll(false, arena, first, key, cells, true);
  }

  /// Sets a property of relationships whose rows were just created, in a row.
  ///
  /// @param first edge slot
  /// @param isNew whether none of them has it yet
  public void putRows(int type, long first, int key, Cells cells, boolean isNew) {
    int arena = changes.edgeArena(type, Ids.region(first));
    putAll(true, arena, Ids.row(first), key, cells, isNew);
  }

  private void putAll(boolean ofEdges, int arena, long first, int key, Cells cells, boolean isNew) {
    if (cells.present() == 0) {
      return;
    }
    if (catalog().arena(ofEdges, arena).column(key) == null) {
      changes.addColumn(ofEdges, arena, key, cells.tag());
    }
    changes.putAll(ofEdges, arena, first, key, cells, isNew);
  }

  /// Sets a property of a node to a value in its canonical form.
  public void putNode(long node, int key, Object value) {
    put(false, Ids.arena(node), Ids.slot(node), key, value);
  }

  /// Takes over names, regions and arenas of another graph, into one that is empty: ids and tokens
  /// of its records mean the same here from now on. Call [#forsake] at the end.
  public void adopt(Catalog other) {
    assert catalog().arenas().isEmpty() : "the graph is not empty";
    other.labels().forEach(changes::addLabel);
    other.keys().forEach(changes::addKey);
    List<Region> regions = other.regions().all();
    for (int region = 1; region < regions.size(); region++) {
      boolean live = other.regions().isLive(region);
      changes.addRegion(region, live ? regions.get(region).name() : "dropped " + region);
    }
    for (Arena edges : other.edgeArenas()) {
      int type = edges.labels().getFirst();
      if (edges.region() == 0) {
        changes.addType(other.types().get(type));
      } else {
        changes.addEdgeArena(type, edges.region());
      }
    }
    other.arenas().forEach(arena -> changes.addArena(arena.region(), arena.labels()));
    other.flips().forEach(flip -> changes.addFlip(flip.arena(), flip.label()));
  }

  /// Drops regions that the other graph has dropped, too: they were needed so that numbers agree.
  public void forsake(Catalog other) {
    for (int region = 1; region < other.regions().all().size(); region++) {
      if (!other.regions().isLive(region)) {
        changes.dropRegion(region);
      }
    }
  }

  /// Makes a node that had this id and generation in another graph. In order of slots.
  public void installNode(long node, int generation) {
    clearTo(changes.writer(false, Ids.arena(node)), Ids.slot(node));
    changes.createNode(node, generation);
  }

  /// Notes that a node differs in a label from those that its arena has.
  public void flip(long node, int label) {
    Flip flip = catalog().flip(Ids.arena(node), label);
    changes.putFlip(Objects.requireNonNull(flip), Ids.slot(node), true);
  }

  /// Makes the row of a relationship that had this slot and generation in another graph; it is in
  /// no list yet.
  public void installRow(int type, long edgeSlot, int generation, long source, long target) {
    ArenaWriter writer = changes.writer(true, changes.edgeArena(type, Ids.region(edgeSlot)));
    clearTo(writer, Ids.row(edgeSlot));
    changes.installRow(type, edgeSlot, generation, source, target);
  }

  /// Slots that are passed over look like those that were freed: no property has a value.
  private static void clearTo(ArenaWriter writer, long slot) {
    for (long passed = writer.slots().slots().highWater(); passed < slot; passed++) {
      writer.clear(passed);
    }
  }

  /// Whether a node exists by now.
  public boolean hasNode(long node) {
    return Ids.arena(node) < catalog().arenas().size()
        && changes.writer(false, Ids.arena(node)).slots().slots().isLive(Ids.slot(node));
  }

  /// Whether a row exists by now.
  public boolean hasRow(int type, long edgeSlot) {
    int arena = changes.edgeArena(type, Ids.region(edgeSlot));
    return arena >= 0 && changes.writer(true, arena).slots().slots().isLive(Ids.row(edgeSlot));
  }

  /// Creates the row of a relationship with properties and returns its edge slot.
  public long createRow(int type, long source, long target) {
    int region = catalog().region(Ids.arena(source));
    if (changes.edgeArena(type, region) < 0) {
      changes.addEdgeArena(type, region);
    }
    long row = changes.writer(true, changes.edgeArena(type, region)).slots().take();
    long edgeSlot = Ids.edgeSlot(region, row);
    changes.createRow(type, edgeSlot, source, target);
    return edgeSlot;
  }

  /// Sets a property of a relationship.
  public void putRow(int type, long edgeSlot, int key, Object value) {
    put(true, changes.edgeArena(type, Ids.region(edgeSlot)), Ids.row(edgeSlot), key, value);
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

  /// Makes lists of their own; returns their spaces for outgoing and for incoming relationships.
  public ListSpaces[] createKind(int source, int type, int target, boolean edgeSlots) {
    return changes.createKind(source, type, target, edgeSlots ? 8 : 4);
  }

  /// A writer of the lists of a kind that has none yet.
  public ListWriter listWriter(ListSpaces spaces) {
    return new ListWriter(pages, spaces);
  }

  /// A writer of runs of a kind that has none yet.
  ///
  /// @param buffer address of [RunWriter#BUFFER] bytes
  public RunWriter runWriter(ListSpaces spaces, long buffer) {
    return new RunWriter(pages, spaces, buffer);
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

  /// Says what was gathered of the degrees of nodes of an arena while lists were written directly.
  public void degrees(int arena, DegreeSketch sketch) {
    degrees.add(arena, sketch);
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
      RecordReading loaded = new ChangedReading(changes, handles, scratch);
      changes.indexing().touched().verify(new ConstraintCheck(loaded));
      changes.estimate(loaded, pages.commitNumber() + 1, degrees);
      if (catalog().regions().hasUnswept()) {
        changes.sweep(Sweep.steps());
      }
      changes.finish();
    } catch (RuntimeException | Error e) {
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
