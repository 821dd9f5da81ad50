package dev.quarry.graph.catalog;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.GraphException;
import dev.quarry.graph.value.Tag;
import dev.quarry.graph.value.ValueCodec;
import dev.quarry.storage.arena.Column;
import dev.quarry.storage.arena.SlotSpaces;
import dev.quarry.storage.arena.StringSpaces;
import dev.quarry.storage.page.PageReader;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.slab.ListSpaces;
import dev.quarry.storage.tree.TreeWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The writer's catalog: grows by what a transaction needs, and is written with it.
///
/// Every change takes spaces in a fixed order, so that a log that repeats the changes finds the
/// same spaces. Used by the writer's thread.
public final class CatalogBuilder {
  /// Labels, types and arenas there may be, each.
  public static final int MOST = 65_535;

  private static final int LIST_ENTRY = 16;
  private static final int LONGEST_NAME = 16_000;

  private final PageTransaction transaction;
  private Catalog catalog;
  private boolean changed;

  public CatalogBuilder(PageTransaction transaction) {
    this.transaction = transaction;
    Catalog found = of(transaction);
    if (found == null) {
      int counts = Column.createSpace(transaction);
      found = Catalog.empty(counts, StatisticsSpaces.create(transaction));
      changed = true;
    }
    this.catalog = found;
  }

  /// The catalog of a state: attached, else read from its pages; null if there is none yet.
  public static @Nullable Catalog of(PageReader reader) {
    return reader.attachment() instanceof Catalog attached ? attached : CatalogFormat.read(reader);
  }

  /// The catalog as it is now.
  public Catalog catalog() {
    return catalog;
  }

  /// Whether the catalog changed, which may be all that a transaction does.
  public boolean changed() {
    return changed;
  }

  /// Writes the catalog, if it changed, and attaches it. Call it before the commit.
  public void finish() {
    if (changed) {
      CatalogFormat.write(transaction, catalog);
      transaction.attach(catalog);
      changed = false;
    }
  }

  public int addLabel(String name) {
    List<String> labels = named(catalog.labels(), name, "labels");
    update(labels, catalog.types(), catalog.keys(), catalog.arenas(), catalog.edgeArenas());
    return labels.size() - 1;
  }

  public int addKey(String name) {
    List<String> keys = named(catalog.keys(), name, "property keys");
    update(catalog.labels(), catalog.types(), keys, catalog.arenas(), catalog.edgeArenas());
    return keys.size() - 1;
  }

  /// A relationship type, with its edge arena.
  public int addType(String name) {
    List<String> types = named(catalog.types(), name, "relationship types");
    List<Arena> edges = new ArrayList<>(catalog.edgeArenas());
    int type = types.size() - 1;
    edges.add(
        new Arena(
            type,
            List.of(type),
            SlotSpaces.create(transaction),
            StringSpaces.create(transaction),
            List.of(),
            null,
            null,
            Column.createSpace(transaction)));
    update(catalog.labels(), types, catalog.keys(), catalog.arenas(), edges);
    return type;
  }

  /// The arena of nodes with exactly these labels, ascending.
  public Arena addArena(List<Integer> labels) {
    List<Arena> arenas = new ArrayList<>(catalog.arenas());
    ensureRoom(arenas.size(), "sets of labels");
    Arena arena =
        new Arena(
            arenas.size(),
            labels,
            SlotSpaces.create(transaction),
            StringSpaces.create(transaction),
            List.of(),
            ListSpaces.create(transaction, LIST_ENTRY),
            ListSpaces.create(transaction, LIST_ENTRY),
            -1);
    arenas.add(arena);
    update(catalog.labels(), catalog.types(), catalog.keys(), arenas, catalog.edgeArenas());
    return arena;
  }

  /// A column of an arena.
  public ColumnLayout addColumn(boolean edges, int arena, int key, Tag tag) {
    ColumnLayout column =
        new ColumnLayout(
            key,
            tag,
            Column.createSpace(transaction),
            Column.createSpace(transaction),
            Column.createSpace(transaction));
    List<Arena> arenas = new ArrayList<>(edges ? catalog.edgeArenas() : catalog.arenas());
    arenas.set(arena, arenas.get(arena).with(column));
    update(
        catalog.labels(),
        catalog.types(),
        catalog.keys(),
        edges ? catalog.arenas() : arenas,
        edges ? arenas : catalog.edgeArenas());
    return column;
  }

  /// Room for nodes of an arena that differ from it in a label.
  public Flip addFlip(int arena, int label) {
    List<Flip> flips = new ArrayList<>(catalog.flips());
    Flip flip = new Flip(arena, label, Column.createSpace(transaction), flips.size() * 2 + 1);
    flips.add(flip);
    lists(flips, catalog.kinds());
    return flip;
  }

  /// Lists of their own for a type between two arenas, both directions.
  ///
  /// @param entryBytes 4, or 8 with edge slots
  public void addKinds(int source, int type, int target, int entryBytes) {
    List<ListKind> kinds = new ArrayList<>(catalog.kinds());
    kinds.add(new ListKind(source, type, true, target, ListSpaces.create(transaction, entryBytes)));
    kinds.add(
        new ListKind(target, type, false, source, ListSpaces.create(transaction, entryBytes)));
    lists(catalog.flips(), kinds);
  }

  /// An index, empty as yet.
  public IndexDefinition addIndex(
      String name, boolean ofRelationships, int token, List<Integer> keys, boolean owned) {
    List<IndexDefinition> indexes = new ArrayList<>(catalog.indexes());
    ensureRoom(indexes.size(), "indexes");
    int space = TreeWriter.createSpace(transaction);
    IndexDefinition index = new IndexDefinition(name, ofRelationships, token, keys, space, owned);
    indexes.add(index);
    schema(indexes, catalog.constraints());
    return index;
  }

  /// Takes an index away, with its tree.
  public void removeIndex(IndexDefinition index) {
    List<IndexDefinition> indexes = new ArrayList<>(catalog.indexes());
    indexes.remove(index);
    transaction.dropSpace(index.space());
    schema(indexes, catalog.constraints());
  }

  public void addConstraint(ConstraintDefinition constraint) {
    List<ConstraintDefinition> constraints = new ArrayList<>(catalog.constraints());
    ensureRoom(constraints.size(), "constraints");
    constraints.add(constraint);
    schema(catalog.indexes(), constraints);
  }

  public void removeConstraint(ConstraintDefinition constraint) {
    List<ConstraintDefinition> constraints = new ArrayList<>(catalog.constraints());
    constraints.remove(constraint);
    schema(catalog.indexes(), constraints);
  }

  /// Makes room for estimates in a catalog of a version that had none.
  public void addEstimates() {
    if (catalog.statistics().estimates() < 0) {
      StatisticsSpaces grown =
          new StatisticsSpaces(catalog.statistics().kinds(), Column.createSpace(transaction));
      catalog =
          new Catalog(
              catalog.labels(),
              catalog.types(),
              catalog.keys(),
              catalog.arenas(),
              catalog.edgeArenas(),
              catalog.flips(),
              catalog.kinds(),
              catalog.indexes(),
              catalog.constraints(),
              catalog.counts(),
              grown);
      changed = true;
    }
  }

  private void lists(List<Flip> flips, List<ListKind> kinds) {
    catalog =
        new Catalog(
            catalog.labels(),
            catalog.types(),
            catalog.keys(),
            catalog.arenas(),
            catalog.edgeArenas(),
            flips,
            kinds,
            catalog.indexes(),
            catalog.constraints(),
            catalog.counts(),
            catalog.statistics());
    changed = true;
  }

  private void schema(List<IndexDefinition> indexes, List<ConstraintDefinition> constraints) {
    catalog =
        new Catalog(
            catalog.labels(),
            catalog.types(),
            catalog.keys(),
            catalog.arenas(),
            catalog.edgeArenas(),
            catalog.flips(),
            catalog.kinds(),
            indexes,
            constraints,
            catalog.counts(),
            catalog.statistics());
    changed = true;
  }

  private void update(
      List<String> labels,
      List<String> types,
      List<String> keys,
      List<Arena> arenas,
      List<Arena> edgeArenas) {
    catalog =
        new Catalog(
            labels,
            types,
            keys,
            arenas,
            edgeArenas,
            catalog.flips(),
            catalog.kinds(),
            catalog.indexes(),
            catalog.constraints(),
            catalog.counts(),
            catalog.statistics());
    changed = true;
  }

  private static List<String> named(List<String> names, String name, String what) {
    ensureRoom(names.size(), what);
    ensureName(name, what);
    List<String> more = new ArrayList<>(names);
    more.add(name);
    return more;
  }

  /// Refuses a name that cannot be stored.
  public static void ensureName(String name, String what) {
    if (name.isEmpty() || name.length() > LONGEST_NAME) {
      throw new GraphException(
          ErrorCode.INVALID_VALUE,
          "a name of " + name.length() + " characters cannot be used among " + what,
          "use 1 to " + LONGEST_NAME + " characters");
    }
    ValueCodec.utf8(name);
  }

  private static void ensureRoom(int count, String what) {
    if (count >= MOST) {
      throw new GraphException(
          ErrorCode.STORE_LAYOUT,
          "a graph can have " + MOST + " different " + what + ", and has them all",
          "put what varies into a property");
    }
  }
}
