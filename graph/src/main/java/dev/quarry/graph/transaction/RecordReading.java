package dev.quarry.graph.transaction;

import dev.quarry.graph.Direction;
import dev.quarry.graph.Handles;
import dev.quarry.graph.Node;
import dev.quarry.graph.RegionUsage;
import dev.quarry.graph.RelationshipIdentity;
import dev.quarry.graph.catalog.Arena;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.Flip;
import dev.quarry.graph.catalog.IndexDefinition;
import dev.quarry.graph.catalog.ListKind;
import dev.quarry.graph.catalog.VersionState;
import dev.quarry.graph.index.Lookup;
import dev.quarry.graph.record.ArenaReader;
import dev.quarry.graph.record.PropertySink;
import dev.quarry.graph.catalog.UnwrittenCounts;
import dev.quarry.storage.arena.Column;
import dev.quarry.storage.memory.Scratch;
import dev.quarry.storage.page.PageReader;
import dev.quarry.storage.page.Pin;
import dev.quarry.storage.slab.Lists;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reading one state of the graph by ids and tokens: what a snapshot, a write transaction and the
/// state between two changes have in common.
///
/// An id says which record, without a generation: it comes from a scan or an expansion of the same
/// state, so it need not be checked. [Reading] is the same by handles as well. Used by one thread
/// at a time.
public abstract class RecordReading {
  private static final int[] NO_KEYS = {};

  private final PageReader pages;
  private final Handles handles;
  private final Scratch scratch;
  private final NodeReaders nodeReaders = new NodeReaders(this);
  private @Nullable EdgeReaders edgeReaders; // made when asked for
  private @Nullable List<Arena> droppedOf;
  private long @Nullable [] dropped;
  private @Nullable KnownKinds kinds; // made when asked for
  private int flipSpace = -1;
  private @Nullable Column flipBits;
  private @Nullable Counts counts;
  private @Nullable Walks walks; // made when asked for
  private boolean handedOut;

  RecordReading(PageReader pages, Handles handles, Scratch scratch) {
    this.pages = pages;
    this.handles = handles;
    this.scratch = scratch;
  }

  /// The catalog of this state.
  public abstract Catalog catalog();

  /// Raises a typed error once the transaction is over or its snapshot expired.
  public abstract void ensureOpen();

  /// The time of the reader that uses this now; null of what is used by one alone.
  @Nullable Pin pin() {
    return null;
  }

  /// Somebody may use it who ends later than the transaction that it serves now: no other one gets
  /// it.
  public final void handOut() {
    handedOut = true;
  }

  final boolean isHandedOut() {
    return handedOut;
  }

  /// The same as [#ensureOpen()], for what was made under a pin of this.
  final void ensureOpen(@Nullable Pin pin) {
    if (pin == null) {
      ensureOpen();
    } else {
      pin.ensureOpen();
    }
  }

  /// Makes handles of ids.
  public Handles handles() {
    return handles;
  }

  /// The pages below, for the checker.
  public PageReader pages() {
    return pages;
  }

  /// Memory for work on this state; give back what was taken.
  public Scratch scratch() {
    return scratch;
  }

  /// What each region takes but the default one, by name. Costs a look at all their page tables.
  public List<RegionUsage> regionUsage() {
    ensureOpen();
    return catalog().regions().names().stream()
        .sorted()
        .map(name -> RegionSpaces.usage(this, catalog().regions().named(name)))
        .toList();
  }

  /// How many records there are.
  public Counts counts() {
    Counts known = counts;
    if (known == null) {
      known = new Counts(this);
      counts = known;
    }
    return known;
  }

  /// Whether some relationship of a type got its first property after its creation.
  boolean remembers(int type) {
    return counts().remember(type);
  }

  /// What is counted and no page has yet.
  UnwrittenCounts unwritten() {
    return VersionState.countsOf(pages);
  }

  /// The handle of a node.
  public Node handle(long id) {
    return handles.node(id, generation(id));
  }

  /// Lists the nodes with a label.
  ///
  /// @param label token; -1 for a label that nobody has used
  public NodeScan scan(int label) {
    return new NodeScan(this, label, false);
  }

  /// Lists all nodes.
  public NodeScan scanAll() {
    return new NodeScan(this, -1, true);
  }

  /// Looks records up in an index: ids of nodes, or edge slots of relationships.
  ///
  /// @throws IllegalArgumentException for more keys than the index has
  public IndexSeek seek(IndexDefinition index, Lookup lookup) {
    return new IndexSeek(this, index, lookup);
  }

  /// Whether a record of an index went with its region, or leads to a node that did.
  public boolean isDropped(IndexDefinition index, long record) {
    if (!catalog().regions().hasUnswept()) {
      return false;
    }
    return index.ofRelationships() ? isDroppedRow(index.token(), record) : isDropped(record);
  }

  /// Whether one end of a relationship with a row went with its region.
  boolean isDroppedRow(int type, long edgeSlot) {
    ArenaReader rows = edgeReader(type, edgeSlot);
    return rows.arena().isDropped() || isDropped(rows.target(Ids.row(edgeSlot)));
  }

  /// Whether a node went with its region.
  public boolean isDropped(long node) {
    return catalog().arena(Ids.arena(node)).isDropped();
  }

  /// A bit for each arena that entries of mixed lists may lead to though it was dropped; null if
  /// there is none.
  long @Nullable [] dropped() {
    if (!catalog().regions().hasUnswept()) {
      return null;
    }
    List<Arena> arenas = catalog().arenas();
    if (droppedOf != arenas) {
      droppedOf = arenas;
      dropped = new long[(arenas.size() >> 6) + 1];
      for (Arena arena : arenas) {
        dropped[arena.id() >> 6] |= arena.isDropped() ? 1L << arena.id() : 0;
      }
    }
    return dropped;
  }

  /// The identity of a relationship with a row.
  public RelationshipIdentity identityOfRow(int type, long edgeSlot) {
    return identity(
        type, edgeSlot, source(type, edgeSlot), target(type, edgeSlot), origin(type, edgeSlot));
  }

  /// The identity of a relationship.
  ///
  /// @param edgeSlot its row, -1 for a bare one
  /// @param origin the ordinal of one that is bare, or was; else -1
  RelationshipIdentity identity(int type, long edgeSlot, long source, long target, long origin) {
    return origin < 0
        ? rowIdentity(type, edgeSlot, edgeGeneration(type, edgeSlot))
        : new RelationshipIdentity.Bare(
            type, source, generation(source), target, generation(target), origin);
  }

  /// The identity of a row that was created with properties, also of one that is gone.
  public RelationshipIdentity rowIdentity(int type, long edgeSlot, int generation) {
    int arena = edgeReader(type, edgeSlot).arena().id();
    return new RelationshipIdentity.Row(arena, Ids.row(edgeSlot), generation);
  }

  /// Lists the rows of relationships of a type.
  public RowScan scanRows(int type) {
    return new RowScan(this, type);
  }

  /// A cursor was opened; where nothing changes, nobody need know.
  void opened(RelationshipWalk walk) {}

  /// A cursor is at its end.
  void ended(RelationshipWalk walk) {}

  /// A cursor over nodes was opened.
  void openedNodes() {}

  /// A cursor over nodes is at its end.
  void endedNodes() {}

  /// A look-up has begun; where nothing changes, nobody need know.
  void opened(IndexSeek seek, IndexDefinition index) {}

  /// A look-up has ended.
  void ended(IndexSeek seek, IndexDefinition index) {}

  /// Walks relationships.
  ///
  /// @param types tokens of types, -1 for one that nobody has used; null for all
  public Expansion expansion(Direction direction, int @Nullable [] types) {
    return new Expansion(this, direction, types);
  }

  /// Walks relationships, of which those may be left out that lead to nodes without a label; with
  /// what was given back, if that walks the same.
  ///
  /// @param label token, -1 for one that nobody has used, or [Degrees#ANY_LABEL]
  public Expansion takeExpansion(Direction direction, int @Nullable [] types, int label) {
    return walks().take(direction, types, label);
  }

  /// Ends a walk: nobody uses its expansion again, but who takes the next one.
  public void giveBack(Expansion ended) {
    ended.close();
    walks().giveBack(ended);
  }

  /// Counts relationships.
  ///
  /// @param types tokens of types, -1 for one that nobody has used; null for all
  /// @param label token of what they must lead to, -1 for one that nobody has used, or
  ///   [Degrees#ANY_LABEL]
  public Degrees degrees(Direction direction, int @Nullable [] types, int label) {
    return new Degrees(this, direction, types, label);
  }

  /// Gives a property of a node to a sink.
  public void property(long node, int key, PropertySink sink) {
    nodeArena(node).read(Ids.slot(node), key, sink);
  }

  /// Gives a property of a relationship to a sink.
  ///
  /// @param edgeSlot its row; -1 for a bare one, which has no properties
  public void property(int type, long edgeSlot, int key, PropertySink sink) {
    if (edgeSlot < 0) {
      sink.absent();
    } else {
      edgeReader(type, edgeSlot).read(Ids.row(edgeSlot), key, sink);
    }
  }

  /// Tokens of the keys that nodes of this one's arena may have; do not change it.
  public int[] keys(long node) {
    return nodeArena(node).keys();
  }

  /// Tokens of the keys that a relationship may have; do not change it.
  ///
  /// @param edgeSlot its row; -1 for a bare one
  public int[] keysOfRow(int type, long edgeSlot) {
    return edgeSlot < 0 ? NO_KEYS : edgeReader(type, edgeSlot).keys();
  }

  /// The generation of a row of relationships.
  public int edgeGeneration(int type, long edgeSlot) {
    return edgeReader(type, edgeSlot).slots().generation(Ids.row(edgeSlot));
  }

  /// The ordinal that a row remembers; -1 if it was created with properties.
  public long origin(int type, long edgeSlot) {
    return edgeReader(type, edgeSlot).origin(Ids.row(edgeSlot));
  }

  /// The node that a relationship with a row leaves.
  public long source(int type, long edgeSlot) {
    return edgeReader(type, edgeSlot).source(Ids.row(edgeSlot));
  }

  /// The node that a relationship with a row enters.
  public long target(int type, long edgeSlot) {
    return edgeReader(type, edgeSlot).target(Ids.row(edgeSlot));
  }

  /// Whether a node exists, by id and generation.
  public boolean exists(long node, int generation) {
    return isLive(node, generation);
  }

  /// Whether this state may lack records that its reader has met, so that a reader must ask before
  /// it looks at one again: true of a transaction that deleted some.
  public boolean mayHaveDeleted() {
    return false;
  }

  /// Whether a node of this state did not die since it was met.
  final boolean isThere(long met) {
    return !mayHaveDeleted() || isNode(met);
  }

  /// Whether a relationship exists.
  ///
  /// @param edgeSlot its row as it was read, -1 for a bare one
  /// @param ordinal of a bare one, also of one that was bare once; of another row -1
  /// @param generation of such a row
  public boolean exists(
      int type, long edgeSlot, long source, long target, long ordinal, int generation) {
    if (isDropped(source) || isDropped(target)) {
      return false;
    }
    return ordinal >= 0
        ? place(type, source, target, ordinal) != BareOrdinals.GONE
        : isLive(rowIdentity(type, edgeSlot, generation));
  }

  /// The row that a relationship has by now, which it may have got since it was read.
  ///
  /// @param edgeSlot as it was read, -1 for a bare one
  public long currentRow(int type, long edgeSlot, long source, long target, long ordinal) {
    BareEdits edits = edits();
    return edgeSlot >= 0 || edits == null || edits.isEmpty()
        ? edgeSlot
        : place(type, source, target, ordinal);
  }

  /// Whether a node counts as deleted, though its record is there until the statement ends.
  boolean isLeaving(long node) {
    return false;
  }

  /// What this transaction did to bare relationships; null where nothing can be changed.
  @Nullable BareEdits edits() {
    return null;
  }

  /// How often the lists of a node changed so far; counted in check mode only.
  long listChanges(long node) {
    return 0;
  }

  /// The number of live nodes of an arena, exact.
  public long nodeCount(int arena) {
    return nodeReader(arena).slots().liveCount();
  }

  /// Whether a node has a label.
  ///
  /// @param label token, -1 for one that nobody has used, or [Degrees#ANY_LABEL], which all have
  public boolean hasLabel(long node, int label) {
    if (label < 0) {
      return label == Degrees.ANY_LABEL;
    }
    int arena = Ids.arena(node);
    boolean born = catalog().arena(arena).hasLabel(label);
    Flip flip = catalog().flip(arena, label);
    return born != (flip != null && flipBits(flip).bit(Ids.slot(node)));
  }

  /// Whether all nodes of an arena have a label, as the catalog alone tells.
  ///
  /// @param arena -1 for any
  /// @param label as of [#hasLabel]
  public boolean haveLabel(int arena, int label) {
    if (arena < 0 || label < 0) {
      return label == Degrees.ANY_LABEL;
    }
    return catalog().arena(arena).hasLabel(label) && catalog().flip(arena, label) == null;
  }

  /// Whether some nodes of an arena may have a label, as the catalog alone tells.
  ///
  /// @param label as of [#hasLabel]
  boolean mayHaveLabel(int arena, int label) {
    if (label < 0) {
      return label == Degrees.ANY_LABEL;
    }
    return catalog().arena(arena).hasLabel(label) || catalog().flip(arena, label) != null;
  }

  Column flipBits(Flip flip) {
    if (flipSpace != flip.space() || flipBits == null) {
      flipSpace = flip.space();
      flipBits = new Column(pages, flipSpace, 0);
    }
    return flipBits;
  }

  Lists lists(long node, boolean out) {
    return nodeArena(node).lists(out);
  }

  ArenaReader nodeArena(long node) {
    return nodeReader(Ids.arena(node));
  }

  /// The records of an arena of nodes.
  public ArenaReader nodeReader(int arena) {
    return nodeReaders.of(arena);
  }

  /// The edge arena of a relationship with a row, to be read at [Ids#row]; also what is left of a
  /// dropped one.
  public ArenaReader edgeReader(int type, long edgeSlot) {
    return edgeReaders().of(type, Ids.region(edgeSlot));
  }

  /// The rows of an edge arena.
  public ArenaReader edgeReader(Arena arena) {
    return edgeReaders().of(arena);
  }

  private EdgeReaders edgeReaders() {
    EdgeReaders known = edgeReaders;
    if (known == null) {
      known = new EdgeReaders(this);
      edgeReaders = known;
    }
    return known;
  }

  /// The edge slot of a relationship that exists, -1 if it is bare.
  public long row(RelationshipIdentity identity) {
    return switch (identity) {
      case RelationshipIdentity.Row row -> edgeSlot(row);
      case RelationshipIdentity.Bare bare ->
          place(bare.type(), bare.source(), bare.target(), bare.ordinal());
    };
  }

  /// Where a relationship is that is, or was once, bare, see [BareOrdinals#place].
  private long place(int type, long source, long target, long ordinal) {
    return new BareOrdinals(this).place(type, source, target, ordinal);
  }

  /// How many bare relationships there are between two nodes, of one type.
  long bareEquals(long source, int type, long target) {
    return new BareOrdinals(this).count(source, type, target);
  }

  /// The lists of their own of a node's arena in a direction.
  KnownKind[] kinds(long node, boolean out) {
    KnownKinds known = kinds;
    if (known == null) {
      known = new KnownKinds(this);
      kinds = known;
    }
    return known.of(node, out);
  }

  /// The lists of a kind.
  Lists lists(ListKind kind) {
    return new Lists(pages, kind.spaces());
  }

  /// The generation of a node.
  public int generation(long node) {
    return nodeArena(node).slots().generation(Ids.slot(node));
  }

  boolean isLive(long node, int generation) {
    return isStored(node, generation);
  }

  /// Whether an id, which may be anything, is that of a node.
  boolean isNode(long id) {
    return Ids.arena(id) < catalog().arenas().size()
        && nodeArena(id).slots().isLive(Ids.slot(id))
        && !isLeaving(id);
  }

  /// Whether a node is there, also one that counts as deleted but is kept until its statement ends.
  final boolean isStored(long node, int generation) {
    return Ids.arena(node) < catalog().arenas().size()
        && nodeArena(node).slots().isLive(Ids.slot(node))
        && nodeArena(node).slots().generation(Ids.slot(node)) == generation;
  }

  private long edgeSlot(RelationshipIdentity.Row row) {
    return Ids.edgeSlot(catalog().edgeArenas().get(row.arena()).region(), row.slot());
  }

  private boolean isLive(RelationshipIdentity.Row row) {
    if (row.arena() >= catalog().edgeArenas().size() || Ids.row(row.slot()) != row.slot()) {
      return false;
    }
    ArenaReader rows = edgeReader(catalog().edgeArenas().get(row.arena()));
    return rows.slots().isLive(row.slot())
        && rows.slots().generation(row.slot()) == row.generation()
        && !isDropped(rows.target(row.slot()));
  }

  boolean isLive(RelationshipIdentity identity) {
    return switch (identity) {
      case RelationshipIdentity.Row row -> isLive(row);
      case RelationshipIdentity.Bare bare ->
          bare.type() < catalog().types().size()
              && isStored(bare.source(), bare.sourceGeneration())
              && isStored(bare.target(), bare.targetGeneration())
              && place(bare.type(), bare.source(), bare.target(), bare.ordinal())
                  != BareOrdinals.GONE;
    };
  }

  /// The type of a relationship.
  public int typeOf(RelationshipIdentity identity) {
    return switch (identity) {
      case RelationshipIdentity.Row row ->
          catalog().edgeArenas().get(row.arena()).labels().getFirst();
      case RelationshipIdentity.Bare bare -> bare.type();
    };
  }

  /// Source and target of a relationship.
  public long[] ends(RelationshipIdentity identity) {
    return switch (identity) {
      case RelationshipIdentity.Row row ->
          new long[] {source(typeOf(row), edgeSlot(row)), target(typeOf(row), edgeSlot(row))};
      case RelationshipIdentity.Bare bare -> new long[] {bare.source(), bare.target()};
    };
  }

  /// What walks by calls are made of.
  final Walks walks() {
    Walks known = walks;
    if (known == null) {
      known = new Walks(this);
      walks = known;
    }
    return known;
  }

  /// Ends what walks by calls have open; the transaction is over.
  final void closeWalks() {
    if (walks != null) {
      walks.close();
    }
  }
}
