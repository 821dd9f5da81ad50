package dev.quarry.graph.transaction;

import dev.quarry.graph.catalog.Arena;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.ConstraintDefinition;
import dev.quarry.graph.catalog.Flip;
import dev.quarry.graph.catalog.SchemaFormat;
import dev.quarry.graph.value.Tag;
import dev.quarry.graph.value.ValueCodec;
import dev.quarry.storage.Store;
import dev.quarry.storage.page.PageTransaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Changes of a transaction, each with its record in the log: the record first, then the change.
///
/// ```text
/// GraphTransaction ─ what is allowed ─► LoggedChanges ─ record ─► log ─► GraphReplayer ─┐
///                                            └─────────── change ──► Changes ◄──────────┘
/// ```
///
/// Invariant: what a record says and what is changed beside it are the same, so that repeating the
/// log gives the same graph. What a change needs first, as the token of a name or a column, is made
/// here. Used by the writer's thread.
final class LoggedChanges {
  private final Store store;
  private final PageTransaction pages;
  private final Changes changes;
  private final OwnLists ownLists = new OwnLists();
  private Map<Home, Integer> homes = Map.of(); // until there are some
  private boolean adds;
  private @Nullable PartRecords parts; // of a transaction that several share

  private record Home(int region, Set<String> labels) {}

  LoggedChanges(Store store, PageTransaction pages, Changes changes) {
    this.store = store;
    this.pages = pages;
    this.changes = changes;
  }

  /// Whether something was added; a transaction that only removes may use space kept for that.
  boolean adds() {
    return adds;
  }

  private Catalog catalog() {
    return changes.catalog();
  }

  private void log(int kind, LogRecord.Fields fields) {
    adds |= !LogRecord.removes(kind);
    if (store.logs()) {
      log(LogRecord.of(kind, fields));
    }
  }

  private void log(byte[] record) {
    store.log(pages, record, 0, record.length);
    if (parts != null) {
      parts.add(record);
    }
  }

  /// Keeps records from now on, so that they can be repeated.
  void keep(PartRecords records) {
    parts = records;
  }

  /// Does and logs once more what records of a transaction say that was taken back, on the commit
  /// that it began on.
  ///
  /// @param waiting empty, also on return
  void repeat(List<byte[]> records, BareBatches waiting) {
    for (byte[] record : records) {
      adds |= !LogRecord.removes(record[0]);
      log(record);
      if (LogRecord.areBare(record, 0)) {
        LogRecord.addPairs(waiting, catalog(), record, 0, record.length);
        changes.linkAll(waiting, batch -> {}, pages::spillPoint);
      } else {
        LogRecord.replay(changes, record, 0, record.length);
        pages.spillPoint();
      }
    }
  }

  /// Enters batches of relationships without properties.
  ///
  /// @param spillPoint runs where pages may be spilled
  void linkAll(BareBatches batches, Runnable spillPoint) {
    for (BareBatch batch : batches.all()) {
      makeLists(Ids.node(batch.source(), 0), batch.type(), Ids.node(batch.target(), 0));
    }
    adds = true;
    changes.linkAll(batches, this::log, spillPoint);
  }

  private void log(BareBatch batch) {
    batch.bySource();
    for (long from = 0; from < batch.count() && store.logs(); from += LogRecord.MOST_PAIRS) {
      int count = (int) Math.min(LogRecord.MOST_PAIRS, batch.count() - from);
      log(LogRecord.pairs(batch, from, count));
    }
  }

  /// Makes lists of their own for relationships of a kind, if they are due.
  private void makeLists(long source, int type, long target) {
    if (ownLists.areDue(catalog(), source, type, target)) {
      int from = Ids.arena(source);
      int to = Ids.arena(target);
      log(
          LogRecord.LISTS,
          out -> {
            out.writeInt(from);
            out.writeInt(type);
            out.writeInt(to);
          });
      changes.addLists(from, type, to);
    }
  }

  void createNode(long id, int generation) {
    log(
        LogRecord.NODE,
        out -> {
          out.writeLong(id);
          out.writeInt(generation);
        });
    changes.createNode(id, generation);
  }

  void deleteNode(long id) {
    log(LogRecord.NODE_GONE, out -> out.writeLong(id));
    changes.deleteNode(id);
  }

  /// @param slot the edge slot of its row, -1 if it has none
  void createRelationship(long source, int type, long target, long slot, int generation) {
    makeLists(source, type, target);
    adds = true;
    if (store.logs()) {
      log(LogRecord.relationship(source, type, target, slot, generation));
    }
    changes.createRelationship(source, type, target, slot, generation);
  }

  void deleteRelationship(long source, int type, long target, long slot) {
    log(
        LogRecord.RELATIONSHIP_GONE,
        out -> {
          out.writeLong(source);
          out.writeInt(type);
          out.writeLong(target);
          out.writeLong(slot);
        });
    changes.deleteRelationship(source, type, target, slot);
  }

  /// Takes a row for a relationship of a type that leaves a node; returns its edge slot.
  long takeRow(int type, long source) {
    int region = catalog().region(Ids.arena(source));
    if (changes.edgeArena(type, region) < 0) {
      log(
          LogRecord.EDGE_ARENA,
          out -> {
            out.writeInt(type);
            out.writeInt(region);
          });
      changes.addEdgeArena(type, region);
    }
    long row = changes.writer(true, changes.edgeArena(type, region)).slots().take();
    return Ids.edgeSlot(region, row);
  }

  /// The generation of a row.
  int generationOf(int type, long edgeSlot) {
    int arena = changes.edgeArena(type, Ids.region(edgeSlot));
    return changes.writer(true, arena).slots().slots().generation(Ids.row(edgeSlot));
  }

  /// Gives a bare relationship a row, and returns its edge slot.
  long promote(long source, int type, long target, long ordinal) {
    long slot = takeRow(type, source);
    int generation = generationOf(type, slot);
    log(
        LogRecord.PROMOTED,
        out -> {
          out.writeLong(source);
          out.writeInt(type);
          out.writeLong(target);
          out.writeLong(slot);
          out.writeInt(generation);
          out.writeLong(ordinal);
        });
    changes.promote(source, type, target, slot, generation, ordinal);
    return slot;
  }

  /// Sets a property of a relationship that has a row.
  void putRow(int type, long edgeSlot, String key, @Nullable Object value) {
    int arena = changes.edgeArena(type, Ids.region(edgeSlot));
    put(true, arena, Ids.row(edgeSlot), key, value);
  }

  /// Sets a property of a node, in a column that is made if there is none.
  void putNode(long id, String key, @Nullable Object value) {
    put(false, Ids.arena(id), Ids.slot(id), key, value);
  }

  private void put(boolean ofEdges, int arena, long slot, String name, @Nullable Object value) {
    if (catalog().key(name) < 0 && value == null) {
      return;
    }
    int token = key(name);
    Arena layout = (ofEdges ? catalog().edgeArenas() : catalog().arenas()).get(arena);
    if (layout.column(token) == null) {
      if (value == null) {
        return;
      }
      Tag tag = ValueCodec.tagOf(value);
      log(
          LogRecord.COLUMN,
          out -> {
            out.writeBoolean(ofEdges);
            out.writeInt(arena);
            out.writeInt(token);
            out.writeInt(tag.code());
          });
      changes.addColumn(ofEdges, arena, token, tag);
    }
    log(
        LogRecord.PROPERTY,
        out -> {
          out.writeBoolean(ofEdges);
          out.writeInt(arena);
          out.writeLong(slot);
          out.writeInt(token);
          LogRecord.value(out, value);
        });
    changes.putProperty(ofEdges, arena, slot, token, value);
  }

  /// Gives a node a label, or takes it away; it must be the other way round before.
  void putLabel(long id, int label, boolean wanted) {
    int arena = Ids.arena(id);
    if (catalog().flip(arena, label) == null) {
      log(
          LogRecord.FLIP,
          out -> {
            out.writeInt(arena);
            out.writeInt(label);
          });
      changes.addFlip(arena, label);
    }
    Flip flip = Objects.requireNonNull(catalog().flip(arena, label));
    boolean bit = wanted != catalog().arenas().get(arena).hasLabel(label);
    log(
        LogRecord.LABELLED,
        out -> {
          out.writeInt(catalog().flips().indexOf(flip));
          out.writeLong(Ids.slot(id));
          out.writeBoolean(bit);
        });
    changes.putFlip(flip, Ids.slot(id), bit);
  }

  void addRegion(int number, String name) {
    log(
        LogRecord.REGION,
        out -> {
          out.writeInt(number);
          out.writeUTF(name);
        });
    changes.addRegion(number, name);
  }

  void dropRegion(int region) {
    log(LogRecord.REGION_GONE, out -> out.writeInt(region));
    changes.dropRegion(region);
  }

  void createIndex(String name, boolean ofRelationships, int token, List<Integer> keys) {
    log(LogRecord.INDEX, out -> SchemaFormat.head(out, name, ofRelationships, token, keys));
    changes.createIndex(name, ofRelationships, token, keys, false);
  }

  void dropIndex(String name) {
    log(LogRecord.INDEX_GONE, out -> out.writeUTF(name));
    changes.dropIndex(name);
  }

  void createConstraint(ConstraintDefinition constraint) {
    log(LogRecord.CONSTRAINT, out -> SchemaFormat.write(out, constraint));
    changes.createConstraint(constraint);
  }

  void dropConstraint(String name) {
    log(LogRecord.CONSTRAINT_GONE, out -> out.writeUTF(name));
    changes.dropConstraint(name);
  }

  /// Goes on with what dropped regions left.
  void sweep() {
    if (catalog().regions().hasUnswept()) {
      int steps = Sweep.steps();
      log(LogRecord.SWEEP, out -> out.writeInt(steps));
      changes.sweep(steps);
    }
  }

  /// Ends the records of the transaction: without this one, repeating the log leaves them out.
  void end() {
    if (store.logs()) {
      log(LogRecord.ENDED);
    }
  }

  /// The arena of nodes with exactly these labels in a region, made if there is none.
  int home(int region, Set<String> labels) {
    Integer known = homes.get(new Home(region, labels));
    if (known == null) {
      known = findHome(region, labels);
      if (homes.isEmpty()) {
        homes = new HashMap<>();
      }
      homes.put(new Home(region, Set.copyOf(labels)), known);
    }
    return known;
  }

  private int findHome(int region, Set<String> labels) {
    TreeSet<Integer> tokens = new TreeSet<>();
    for (String label : labels) {
      tokens.add(label(label));
    }
    List<Integer> exact = new ArrayList<>(tokens);
    Arena home = catalog().home(region, exact);
    if (home != null) {
      return home.id();
    }
    log(
        region == 0 ? LogRecord.ARENA : LogRecord.REGION_ARENA,
        out -> {
          if (region != 0) {
            out.writeInt(region);
          }
          out.writeInt(exact.size());
          for (int label : exact) {
            out.writeInt(label);
          }
        });
    changes.addArena(region, exact);
    return catalog().arenas().size() - 1;
  }

  /// The token of a label, made if there is none.
  int label(String name) {
    int token = catalog().label(name);
    if (token < 0) {
      log(LogRecord.LABEL, out -> out.writeUTF(name));
      changes.addLabel(name);
      token = catalog().label(name);
    }
    return token;
  }

  /// The token of a property key, made if there is none.
  int key(String name) {
    int token = catalog().key(name);
    if (token < 0) {
      log(LogRecord.KEY, out -> out.writeUTF(name));
      changes.addKey(name);
      token = catalog().key(name);
    }
    return token;
  }

  /// The token of a type, made if there is none.
  int type(String name) {
    int token = catalog().type(name);
    if (token < 0) {
      log(LogRecord.TYPE, out -> out.writeUTF(name));
      changes.addType(name);
      token = catalog().type(name);
    }
    return token;
  }
}
