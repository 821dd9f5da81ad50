package dev.quarry.graph.transaction;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.graph.catalog.Arena;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.CatalogBuilder;
import dev.quarry.graph.catalog.ColumnLayout;
import dev.quarry.graph.catalog.ConstraintDefinition;
import dev.quarry.graph.catalog.Flip;
import dev.quarry.graph.catalog.IndexDefinition;
import dev.quarry.graph.catalog.ListKind;
import dev.quarry.graph.record.ArenaWriter;
import dev.quarry.graph.record.Cells;
import dev.quarry.graph.statistics.Estimates;
import dev.quarry.graph.statistics.EstimatesFormat;
import dev.quarry.graph.catalog.UnwrittenCounts;
import dev.quarry.graph.value.Tag;
import dev.quarry.storage.arena.Column;
import dev.quarry.storage.arena.ColumnWriter;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.slab.ListSpaces;
import dev.quarry.storage.slab.ListWriter;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Installs changes: the one place that writes a graph, for transactions and for recovery alike.
///
/// Everything is given, nothing is chosen. Invariant: both lists of a relationship, its row, the
/// counter of its type and the count of its kind change together, and a record with its entries in
/// the indexes. Used by the writer's thread.
final class Changes {
  private final PageTransaction pages;
  private final Scratch scratch;
  private final CatalogBuilder builder;
  private final Indexing indexing;
  private final Counters counters;
  private Map<Integer, ArenaWriter> nodes = Map.of(); // these, until there are some
  private Map<Integer, ArenaWriter> edges = Map.of();
  private final Map<ListKind, ListWriter> kinds = new IdentityHashMap<>(4); // one object a kind
  private Map<Integer, Integer> edgeArenas = Map.of();

  private record Kinds(ListWriter out, ListWriter in) {}

  Changes(PageTransaction pages, Scratch scratch) {
    this.pages = pages;
    this.scratch = scratch;
    this.builder = new CatalogBuilder(pages);
    this.indexing = new Indexing(pages, scratch, builder);
    this.counters = new Counters(pages, builder);
  }

  Catalog catalog() {
    return builder.catalog();
  }

  PageTransaction pages() {
    return pages;
  }

  /// What keeps the indexes right.
  Indexing indexing() {
    return indexing;
  }

  void addLabel(String name) {
    builder.addLabel(name);
  }

  void addType(String name) {
    builder.addType(name);
  }

  void addKey(String name) {
    builder.addKey(name);
  }

  void addArena(int region, List<Integer> labels) {
    builder.addArena(region, labels);
  }

  void addEdgeArena(int type, int region) {
    builder.addEdgeArena(type, region);
  }

  void addRegion(int number, String name) {
    builder.addRegion(number, name);
  }

  /// Drops a region; what leads into it is left to [Sweep].
  void dropRegion(int region) {
    counters.flush();
    nodes.keySet().removeIf(arena -> catalog().region(arena) == region);
    edges.keySet().removeIf(arena -> catalog().edgeArenas().get(arena).region() == region);
    kinds
        .keySet()
        .removeIf(
            kind ->
                catalog().region(kind.arena()) == region
                    || catalog().region(kind.other()) == region);
    edgeArenas = Map.of();
    builder.dropRegion(region);
  }

  /// Goes on with the removal of what leads to dropped regions.
  void sweep(int steps) {
    counters.flush(); // since it asks the counters between regions
    new Sweep(this, builder).run(steps);
  }

  void addColumn(boolean ofEdges, int arena, int key, Tag tag) {
    ColumnLayout column = builder.addColumn(ofEdges, arena, key, tag);
    ArenaWriter writer = writer(ofEdges, arena);
    writer.arena(catalog().arena(ofEdges, arena));
    writer.clear(column);
  }

  void addFlip(int arena, int label) {
    counters.clear(builder.addFlip(arena, label).counter());
  }

  /// The slot is live already when a transaction has just taken it.
  void createNode(long node, int generation) {
    install(writer(false, Ids.arena(node)), Ids.slot(node), generation);
    indexing.created(false, Ids.arena(node), Ids.slot(node));
  }

  /// Creates nodes in new slots in a row, without properties as yet; returns the first slot.
  long createNodes(int arena, int count) {
    return createRecords(false, arena, count);
  }

  private long createRecords(boolean ofEdges, int arena, int count) {
    ArenaWriter writer = writer(ofEdges, arena);
    long first = writer.slots().takeNew(count);
    writer.clear(first, count);
    for (int i = 0; indexing.isNeeded() && i < count; i++) {
      indexing.created(ofEdges, arena, first + i);
    }
    return first;
  }

  /// Creates the rows of relationships that are not in any list yet; returns the first row.
  long createRows(int arena, long[] sources, long[] targets, int count) {
    long first = createRecords(true, arena, count);
    ArenaWriter writer = writer(true, arena);
    for (int i = 0; i < count; i++) {
      writer.putEnds(first + i, sources[i], targets[i]);
    }
    return first;
  }

  /// Sets a property of records in slots in a row that were just created.
  ///
  /// @param isNew whether none of them has it yet
  void putAll(boolean ofEdges, int arena, long first, int key, Cells cells, boolean isNew) {
    if (isNew && !indexing.isNeeded()) {
      ColumnLayout column = Objects.requireNonNull(catalog().arena(ofEdges, arena).column(key));
      writer(ofEdges, arena).putNew(column, first, cells);
      return;
    }
    for (int i = 0; i < cells.count(); i++) {
      if (cells.isPresent(i)) {
        putProperty(ofEdges, arena, first + i, key, cells.value(i));
      }
    }
  }

  void deleteNode(long node) {
    int arena = Ids.arena(node);
    indexing.leave(node, -1);
    for (Flip flip : catalog().flips()) {
      if (flip.arena() == arena) {
        setFlip(flip, Ids.slot(node), false);
      }
    }
    ArenaWriter writer = writer(false, arena);
    if (catalog().regions().hasUnswept()) { // all that is left in its lists is dead
      clear(writer.lists(true), Ids.slot(node));
      clear(writer.lists(false), Ids.slot(node));
    }
    writer.release(Ids.slot(node));
    writer.slots().free(Ids.slot(node));
  }

  private static void clear(ListWriter lists, long slot) {
    if (lists.lists().length(slot) > 0) {
      lists.clear(slot);
    }
  }

  void putProperty(boolean ofEdges, int arena, long slot, int key, @Nullable Object value) {
    Arena layout = catalog().arena(ofEdges, arena);
    ColumnLayout column = layout.column(key);
    if (column != null) {
      indexing.leave(ofEdges, arena, slot, key);
      writer(ofEdges, arena).put(column, slot, value);
      indexing.enter(ofEdges, arena, slot, key);
    }
  }

  void putFlip(Flip flip, long slot, boolean value) {
    if (new Column(pages, flip.space(), 0).bit(slot) == value) {
      return;
    }
    long node = Ids.node(flip.arena(), slot);
    boolean gains = catalog().arenas().get(flip.arena()).hasLabel(flip.label()) != value;
    if (!gains) {
      indexing.leave(node, flip.label());
    }
    setFlip(flip, slot, value);
    if (gains) {
      indexing.enter(node, flip.label());
    }
  }

  private void setFlip(Flip flip, long slot, boolean value) {
    if (new Column(pages, flip.space(), 0).bit(slot) != value) {
      new ColumnWriter(pages, flip.space(), 0).putBit(slot, value);
      counters.add(flip.counter(), value ? 1 : -1);
    }
  }

  void createRelationship(long source, int type, long target, long edgeSlot, int generation) {
    if (edgeSlot >= 0) {
      installRow(type, edgeSlot, generation, source, target);
    }
    link(source, type, target, edgeSlot);
  }

  /// Makes a row live in a given generation; it is not in any list yet.
  void installRow(int type, long edgeSlot, int generation, long source, long target) {
    assert Ids.region(edgeSlot) == catalog().region(Ids.arena(source)) : edgeSlot;
    int arena = edgeArena(type, Ids.region(edgeSlot));
    ArenaWriter writer = writer(true, arena);
    install(writer, Ids.row(edgeSlot), generation);
    writer.putEnds(Ids.row(edgeSlot), source, target);
    indexing.created(true, arena, Ids.row(edgeSlot));
  }

  /// Creates the row of a relationship that is not in any list yet.
  void createRow(int type, long edgeSlot, long source, long target) {
    int arena = edgeArena(type, Ids.region(edgeSlot));
    ArenaWriter writer = writer(true, arena);
    writer.clear(Ids.row(edgeSlot));
    writer.putEnds(Ids.row(edgeSlot), source, target);
    indexing.created(true, arena, Ids.row(edgeSlot));
  }

  /// The number of the edge arena of a type and a region; -1 if there is none yet.
  int edgeArena(int type, int region) {
    Integer known = edgeArenas.get(region << 16 | type);
    if (known == null) {
      Arena arena = catalog().edgeArena(type, region);
      if (arena == null || arena.isDropped()) {
        return -1;
      }
      known = arena.id();
      edgeArenas = edgeArenas.isEmpty() ? new HashMap<>() : edgeArenas;
      edgeArenas.put(region << 16 | type, known);
    }
    return known;
  }

  /// Makes an index of what there is.
  void createIndex(
      String name, boolean ofRelationships, int token, List<Integer> keys, boolean owned) {
    indexing.build(builder.addIndex(name, ofRelationships, token, keys, owned));
  }

  /// What a log drops must be there.
  private static <T> T existing(@Nullable T found, String what, String name) {
    if (found == null) {
      throw new CorruptPageException(
          ErrorCode.STORE_DAMAGED, "the " + what + " `" + name + "` is dropped, and is not there");
    }
    return found;
  }

  void dropIndex(String name) {
    IndexDefinition index = existing(catalog().index(name), "index", name);
    indexing.dropped(index);
    builder.removeIndex(index);
    if (catalog().regions().hasUnswept()) {
      new Sweep(this, builder).indexDropped();
    }
  }

  /// Adds a constraint, with the index that it needs; nothing is verified here.
  void createConstraint(ConstraintDefinition constraint) {
    builder.addConstraint(constraint);
    if (constraint.kind().isUnique()) {
      createIndex(
          constraint.name(),
          constraint.ofRelationships(),
          constraint.token(),
          constraint.keys(),
          true);
    }
  }

  void dropConstraint(String name) {
    ConstraintDefinition constraint = existing(catalog().constraint(name), "constraint", name);
    indexing.touched().forget(constraint);
    builder.removeConstraint(constraint);
    if (constraint.kind().isUnique()) {
      dropIndex(name);
    }
  }

  /// Gives a bare relationship a row, so that it can have properties; it keeps its identity.
  void promote(long source, int type, long target, long edgeSlot, int generation, long ordinal) {
    deleteRelationship(source, type, target, -1);
    createRelationship(source, type, target, edgeSlot, generation);
    writer(true, edgeArena(type, Ids.region(edgeSlot)))
        .putEnds(Ids.row(edgeSlot), source, target, ordinal);
    counters.remember(type);
  }

  /// Enters a relationship into its two lists and counts it.
  void link(long source, int type, long target, long edgeSlot) {
    Kinds own = kinds(source, type, target, edgeSlot);
    if (own != null) {
      own.out.insert(Ids.slot(source), 0, word(target, edgeSlot));
      own.in.insert(Ids.slot(target), 0, word(source, edgeSlot));
    } else {
      long entry = Ids.entry(type, edgeSlot);
      writer(false, Ids.arena(source)).lists(true).insert(Ids.slot(source), entry, target);
      writer(false, Ids.arena(target)).lists(false).insert(Ids.slot(target), entry, source);
    }
    if (edgeSlot < 0) {
      indexing.createdBare(type);
    }
    counters.count(source, type, target, 1);
  }

  /// Enters bare relationships into their lists and counts them, in less time than one by one.
  ///
  /// @param before is told of each batch before it is entered; it changes nothing
  /// @param step runs now and then between two lists; pages may be spilled there
  void linkAll(BareBatches all, Consumer<BareBatch> before, Runnable step) {
    for (BareBatch batch : all.all()) {
      linkAll(batch, () -> before.accept(batch), step);
    }
    all.clear();
  }

  private void linkAll(BareBatch batch, Runnable before, Runnable step) {
    long source = Ids.node(batch.source(), 0);
    long target = Ids.node(batch.target(), 0);
    Kinds own = kinds(source, batch.type(), target, -1);
    if (own != null) {
      new BothDirections(pages, own.out, own.in, step).insert(batch, before);
    } else {
      long entry = Ids.entry(batch.type(), -1);
      before.run();
      insertMixed(source, true, batch.bySource(), batch.count(), entry, target, step);
      insertMixed(target, false, batch.byTarget(), batch.count(), entry, source, step);
    }
    indexing.createdBare(batch.type());
    counters.count(source, batch.type(), target, batch.count());
  }

  /// @param first the node of slot 0 of the arena whose lists these are
  /// @param other that of the arena at the other ends
  private void insertMixed(
      long first, boolean out, long inserts, long count, long entry, long other, Runnable step) {
    ListWriter lists = writer(false, Ids.arena(first)).lists(out);
    for (long i = 0; i < count; i++) {
      long word = Memory.getLong(inserts + i * 8);
      lists.insert(word >>> 32, entry, other | word & 0xFFFF_FFFFL);
      step.run();
    }
  }

  /// Makes lists of their own for bare relationships of a type between two arenas, which have none.
  void addLists(int source, int type, int target) {
    catalog().ensureNamed(source, type);
    catalog().ensureNamed(target, type);
    boolean gone =
        catalog().arenas().get(source).isDropped() || catalog().arenas().get(target).isDropped();
    if (gone || catalog().kind(source, type, true, target) != null) {
      throw new CorruptPageException(
          ErrorCode.STORE_DAMAGED,
          "lists of :%s from arena %d to arena %d are made, and %s"
              .formatted(
                  catalog().typeName(type), source, target, gone ? "one is gone" : "are there"));
    }
    createKind(source, type, target, 4);
  }

  /// Makes lists of their own; returns their spaces for outgoing and for incoming relationships.
  ListSpaces[] createKind(int source, int type, int target, int entryBytes) {
    builder.addKinds(source, type, target, entryBytes);
    ListKind out = Objects.requireNonNull(catalog().kind(source, type, true, target));
    ListKind in = Objects.requireNonNull(catalog().kind(target, type, false, source));
    return new ListSpaces[] {out.spaces(), in.spaces()};
  }

  /// Counts relationships that were written to lists directly.
  ///
  /// @param source arena of the nodes that they leave
  /// @param target arena of those that they enter
  void countRelationships(int source, int type, int target, long more) {
    counters.count(Ids.node(source, 0), type, Ids.node(target, 0), more);
    indexing.createdBare(type);
  }

  void deleteRelationship(long source, int type, long target, long edgeSlot) {
    Kinds own = kinds(source, type, target, edgeSlot);
    if (own != null && own.out.remove(Ids.slot(source), 0, word(target, edgeSlot))) {
      ensureListed(own.in.remove(Ids.slot(target), 0, word(source, edgeSlot)), target, type);
    } else {
      long entry = Ids.entry(type, edgeSlot);
      ListWriter out = writer(false, Ids.arena(source)).lists(true);
      ensureListed(out.remove(Ids.slot(source), entry, target), source, type);
      ListWriter in = writer(false, Ids.arena(target)).lists(false);
      ensureListed(in.remove(Ids.slot(target), entry, source), target, type);
    }
    if (edgeSlot >= 0) {
      deleteRow(edgeArena(type, Ids.region(edgeSlot)), Ids.row(edgeSlot));
    }
    counters.count(source, type, target, -1);
  }

  /// A relationship that one of its ends does not list is damage, in the lists or in the log.
  private void ensureListed(boolean removed, long node, int type) {
    if (!removed) {
      throw new CorruptPageException(
          ErrorCode.STORE_DAMAGED,
          "a relationship :%s is not in the list of node n%d.%d"
              .formatted(catalog().typeName(type), Ids.arena(node), Ids.slot(node)),
          "run `quarry check`");
    }
  }

  /// Deletes a row, with its entries in indexes.
  void deleteRow(int edgeArena, long row) {
    indexing.leaveRow(edgeArena, row);
    ArenaWriter writer = writer(true, edgeArena);
    writer.release(row);
    writer.slots().free(row);
  }

  /// The lists of their own that take a relationship; null if the mixed ones do.
  private @Nullable Kinds kinds(long source, int type, long target, long edgeSlot) {
    if (catalog().kinds().isEmpty()) {
      return null;
    }
    ListKind out = catalog().kind(Ids.arena(source), type, true, Ids.arena(target));
    ListKind in = catalog().kind(Ids.arena(target), type, false, Ids.arena(source));
    boolean fits = Ids.fitWord(Ids.slot(source), Ids.slot(target), edgeSlot);
    if (out == null || in == null || !fits) {
      return null;
    }
    return new Kinds(writer(out), writer(in));
  }

  /// The writer of the lists of a kind.
  ListWriter writer(ListKind kind) {
    ListWriter known = kinds.get(kind);
    if (known == null) {
      known = new ListWriter(pages, kind.spaces()).reuse(); // see OpenCursors
      kinds.put(kind, known);
    }
    return known;
  }

  private static long word(long other, long edgeSlot) {
    return Ids.word(Ids.slot(other), edgeSlot);
  }

  /// The writer of an arena.
  ArenaWriter writer(boolean ofEdges, int arena) {
    ArenaWriter known = (ofEdges ? edges : nodes).get(arena);
    return known != null ? known : makeWriter(ofEdges, arena);
  }

  private ArenaWriter makeWriter(boolean ofEdges, int arena) {
    ArenaWriter made = new ArenaWriter(pages, catalog().arena(ofEdges, arena), scratch);
    if (ofEdges) {
      edges = edges.isEmpty() ? new HashMap<>() : edges;
      edges.put(arena, made);
    } else {
      nodes = nodes.isEmpty() ? new HashMap<>() : nodes;
      nodes.put(arena, made);
    }
    return made;
  }

  /// What is counted.
  Counters counters() {
    return counters;
  }

  /// Makes estimates of what changed noticeably since some were made last.
  ///
  /// @param reading what is there with these changes
  /// @param commit the number of that state
  /// @param known degrees that need not be looked at
  void estimate(RecordReading reading, long commit, KnownDegrees known) {
    int space = catalog().statistics().estimates();
    Estimates before = space < 0 ? Estimates.NONE : EstimatesFormat.read(pages, space);
    Estimates now = new Estimating(reading, before, commit, known).run();
    if (now != before) {
      builder.addEstimates();
      EstimatesFormat.write(pages, catalog().statistics().estimates(), now);
    }
  }

  /// Whether anything changed.
  boolean any() {
    return pages.dirty() || builder.changed();
  }

  /// Completes the transaction, with all that it counted in pages. Call it before the commit.
  void finish() {
    finish(false);
  }

  /// Completes the transaction. Call it before the commit.
  ///
  /// @param countsLater whether pages need not have its counts, since they are written before the
  ///   next checkpoint, see [UnwrittenCounts]
  void finish(boolean countsLater) {
    nodes.forEach((arena, writer) -> writer.finish());
    edges.forEach((arena, writer) -> writer.finish());
    kinds.forEach((kind, lists) -> lists.finish());
    builder.finish(counters.finish(countsLater));
  }

  private static void install(ArenaWriter writer, long slot, int generation) {
    if (!writer.slots().slots().isLive(slot)) {
      writer.slots().install(slot, generation);
    }
    writer.clear(slot);
  }
}
