package dev.quarry.graph.transaction;

import dev.quarry.graph.catalog.Arena;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.CatalogBuilder;
import dev.quarry.graph.catalog.ConstraintDefinition;
import dev.quarry.graph.catalog.Flip;
import dev.quarry.graph.catalog.IndexDefinition;
import dev.quarry.graph.index.IndexKey;
import dev.quarry.graph.index.IndexWriter;
import dev.quarry.graph.record.ArenaReader;
import dev.quarry.storage.arena.Column;
import dev.quarry.storage.memory.Scratch;
import dev.quarry.storage.page.PageTransaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Keeps the indexes of a transaction right, and notes what constraints have to be looked at.
///
/// A record stands in an index while it has the label or the type and all properties of the index.
/// Before a change it leaves the indexes that the change is about, after it it enters them again.
/// Used by the writer's thread.
final class Indexing {
  private final PageTransaction pages;
  private final Scratch scratch;
  private final CatalogBuilder builder;
  private final Touched touched = new Touched();
  private Map<Integer, IndexWriter> writers = Map.of(); // these, until there are some
  private Map<Integer, ArenaReader> nodes = Map.of();
  private Map<Integer, ArenaReader> edges = Map.of();
  private Map<Integer, Set<IndexSeek>> seeks = Map.of();
  private Runnable check = () -> {};

  Indexing(PageTransaction pages, Scratch scratch, CatalogBuilder builder) {
    this.pages = pages;
    this.scratch = scratch;
    this.builder = builder;
  }

  private Catalog catalog() {
    return builder.catalog();
  }

  /// Gives what long work calls now and then; it ends the work by throwing.
  void checkBy(Runnable newCheck) {
    check = newCheck;
  }

  Runnable check() {
    return check;
  }

  /// Whether there is anything that changes have to be told to.
  boolean isNeeded() {
    return !catalog().indexes().isEmpty() || !catalog().constraints().isEmpty();
  }

  Touched touched() {
    return touched;
  }

  /// A property is about to change.
  ///
  /// @param arena of nodes, or of relationships if `ofEdges`
  void leave(boolean ofEdges, int arena, long slot, int key) {
    List<IndexDefinition> indexes = catalog().indexes();
    for (int i = 0; i < indexes.size(); i++) {
      IndexDefinition index = indexes.get(i);
      if (index.keys().contains(key) && concerns(index, ofEdges, arena, slot)) {
        remove(index, arena, slot);
      }
    }
  }

  /// A property has changed.
  void enter(boolean ofEdges, int arena, long slot, int key) {
    List<IndexDefinition> indexes = catalog().indexes();
    for (int i = 0; i < indexes.size(); i++) {
      IndexDefinition index = indexes.get(i);
      if (index.keys().contains(key) && concerns(index, ofEdges, arena, slot)) {
        insert(index, arena, slot);
      }
    }
    List<ConstraintDefinition> constraints = catalog().constraints();
    for (int i = 0; i < constraints.size(); i++) {
      ConstraintDefinition constraint = constraints.get(i);
      boolean concerned =
          constraint.ofRelationships() == ofEdges
              && constraint.keys().contains(key)
              && has(ofEdges, arena, slot, constraint.token());
      if (concerned) {
        touched.note(constraint, record(ofEdges, arena, slot));
      }
    }
  }

  /// A node is about to lose a label, or to be deleted (`label` is -1).
  void leave(long node, int label) {
    for (IndexDefinition index : catalog().indexes()) {
      boolean concerned =
          label < 0
              ? concerns(index, false, Ids.arena(node), Ids.slot(node))
              : !index.ofRelationships() && index.token() == label;
      if (concerned) {
        remove(index, Ids.arena(node), Ids.slot(node));
      }
    }
  }

  /// A node has got a label.
  void enter(long node, int label) {
    for (IndexDefinition index : catalog().indexes()) {
      if (!index.ofRelationships() && index.token() == label) {
        insert(index, Ids.arena(node), Ids.slot(node));
      }
    }
    for (ConstraintDefinition constraint : catalog().constraints()) {
      if (!constraint.ofRelationships() && constraint.token() == label) {
        touched.note(constraint, node);
      }
    }
  }

  /// A row of relationships is about to be deleted.
  void leaveRow(int arena, long slot) {
    for (IndexDefinition index : catalog().indexes()) {
      if (concerns(index, true, arena, slot)) {
        remove(index, arena, slot);
      }
    }
  }

  /// Takes an entry out whose record is gone already.
  void remove(IndexDefinition index, IndexKey key, long record) {
    keepSeeks(index);
    writer(index).remove(key, record);
  }

  /// A relationship of a type was created that has no row.
  void createdBare(int type) {
    for (ConstraintDefinition constraint : catalog().constraints()) {
      if (constraint.kind().isExistence()
          && constraint.ofRelationships()
          && constraint.token() == type) {
        touched.note(constraint, Touched.BARE);
      }
    }
  }

  /// A record was created, without properties as yet.
  void created(boolean ofEdges, int arena, long slot) {
    for (ConstraintDefinition constraint : catalog().constraints()) {
      boolean concerned =
          constraint.kind().isExistence()
              && constraint.ofRelationships() == ofEdges
              && arena(ofEdges, arena).hasLabel(constraint.token());
      if (concerned) {
        touched.note(constraint, record(ofEdges, arena, slot));
      }
    }
  }

  /// Makes an index of what there is. Pages may be spilled meanwhile.
  void build(IndexDefinition index) {
    new IndexBuild(this, pages, scratch, catalog(), index).run(writer(index));
  }

  /// Forgets an index that is about to be dropped.
  void dropped(IndexDefinition index) {
    keepSeeks(index);
    if (!writers.isEmpty()) {
      writers.remove(index.space());
    }
  }

  /// A look-up has begun: it has to be told before the index changes.
  void opened(IndexSeek seek, IndexDefinition index) {
    if (seeks.isEmpty()) {
      seeks = new HashMap<>();
    }
    seeks.computeIfAbsent(index.space(), space -> new LinkedHashSet<>()).add(seek);
  }

  void ended(IndexSeek seek, IndexDefinition index) {
    Set<IndexSeek> open = seeks.get(index.space());
    if (open != null) {
      open.remove(seek);
    }
  }

  private void keepSeeks(IndexDefinition index) {
    Set<IndexSeek> open = seeks.isEmpty() ? null : seeks.remove(index.space());
    if (open != null) {
      open.forEach(seek -> seek.keep(scratch));
    }
  }

  private void remove(IndexDefinition index, int arena, long slot) {
    IndexKey key = key(index, arena, slot);
    if (key != null) {
      keepSeeks(index);
      writer(index).remove(key, record(index.ofRelationships(), arena, slot));
    }
  }

  private void insert(IndexDefinition index, int arena, long slot) {
    IndexKey key = key(index, arena, slot);
    if (key != null) {
      keepSeeks(index);
      writer(index).insert(key, record(index.ofRelationships(), arena, slot));
    }
  }

  /// The key of a record as it is now; null if it lacks a property.
  @Nullable IndexKey key(IndexDefinition index, int arena, long slot) {
    ArenaReader reader = reader(index.ofRelationships(), arena);
    List<Object> values = new ArrayList<>(index.keys().size());
    for (int key : index.keys()) {
      Object value = reader.property(slot, key);
      if (value == null) {
        return null;
      }
      values.add(value);
    }
    return IndexKey.of(values);
  }

  private boolean concerns(IndexDefinition index, boolean ofEdges, int arena, long slot) {
    return index.ofRelationships() == ofEdges && has(ofEdges, arena, slot, index.token());
  }

  boolean has(boolean ofEdges, int arena, long slot, int token) {
    if (ofEdges) {
      return arena(true, arena).hasLabel(token);
    }
    Flip flip = catalog().flip(arena, token);
    boolean born = catalog().arenas().get(arena).hasLabel(token);
    return born != (flip != null && new Column(pages, flip.space(), 0).bit(slot));
  }

  /// What stands for a record in an index: a node, or an edge slot.
  long record(boolean ofEdges, int arena, long slot) {
    return ofEdges ? Ids.edgeSlot(arena(true, arena).region(), slot) : Ids.node(arena, slot);
  }

  private Arena arena(boolean ofEdges, int arena) {
    return (ofEdges ? catalog().edgeArenas() : catalog().arenas()).get(arena);
  }

  private IndexWriter writer(IndexDefinition index) {
    if (writers.isEmpty()) {
      writers = new HashMap<>();
    }
    return writers.computeIfAbsent(index.space(), space -> new IndexWriter(pages, space));
  }

  /// The records of an arena as they are now.
  ArenaReader reader(boolean ofEdges, int arena) {
    Arena layout = arena(ofEdges, arena);
    Map<Integer, ArenaReader> readers = ofEdges ? edges : nodes;
    ArenaReader reader = readers.get(arena);
    if (reader == null || reader.arena() != layout) {
      reader = new ArenaReader(pages, layout, scratch);
      readers(ofEdges).put(arena, reader);
    }
    return reader;
  }

  private Map<Integer, ArenaReader> readers(boolean ofEdges) {
    if (ofEdges && edges.isEmpty()) {
      edges = new HashMap<>();
    } else if (!ofEdges && nodes.isEmpty()) {
      nodes = new HashMap<>();
    }
    return ofEdges ? edges : nodes;
  }
}
