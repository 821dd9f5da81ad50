package dev.quarry.graph.catalog;

import java.util.function.UnaryOperator;
import dev.quarry.storage.arena.DictionarySpaces;
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
import java.util.function.Consumer;
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
    return reader.attachment() instanceof VersionState state
        ? state.catalog()
        : CatalogFormat.read(reader);
  }

  /// Writes the catalog of a state in its newest version, if it has an older one, so that a build
  /// that knows only that one does not open the store any more.
  public static void renew(PageTransaction transaction, Catalog catalog) {
    if (!CatalogFormat.isNewest(transaction)) {
      CatalogFormat.write(transaction, catalog);
    }
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
  ///
  /// @param counts that no page has, attached as well
  public void finish(UnwrittenCounts counts) {
    if (changed) {
      CatalogFormat.write(transaction, catalog);
    }
    if (changed || counts != VersionState.countsOf(transaction)) {
      transaction.attach(new VersionState(catalog, counts));
    }
    changed = false;
  }

  public int addLabel(String name) {
    List<String> labels = named(catalog.labels(), name, "labels");
    change(draft -> draft.labels = labels);
    return labels.size() - 1;
  }

  public int addKey(String name) {
    List<String> keys = named(catalog.keys(), name, "property keys");
    change(draft -> draft.keys = keys);
    return keys.size() - 1;
  }

  /// A relationship type, with its edge arena in the default region.
  public int addType(String name) {
    List<String> types = named(catalog.types(), name, "relationship types");
    int type = types.size() - 1;
    change(draft -> draft.types = types);
    addEdgeArena(type, 0);
    return type;
  }

  /// The arena of relationships of a type whose sources lie in a region.
  public Arena addEdgeArena(int type, int region) {
    List<Arena> edges = new ArrayList<>(catalog.edgeArenas());
    ensureRoom(edges.size(), "types of relationships, each region's for itself");
    Arena arena =
        new Arena(
            edges.size(),
            region,
            List.of(type),
            SlotSpaces.create(transaction),
            StringSpaces.create(transaction),
            List.of(),
            null,
            null,
            Column.createSpace(transaction));
    edges.add(arena);
    change(draft -> draft.edgeArenas = edges);
    return arena;
  }

  /// The arena of nodes with exactly these labels, ascending, in a region.
  public Arena addArena(int region, List<Integer> labels) {
    List<Arena> arenas = new ArrayList<>(catalog.arenas());
    ensureRoom(arenas.size(), "sets of labels, each region's for itself, dropped ones included,");
    Arena arena =
        new Arena(
            arenas.size(),
            region,
            labels,
            SlotSpaces.create(transaction),
            StringSpaces.create(transaction),
            List.of(),
            ListSpaces.create(transaction, LIST_ENTRY),
            ListSpaces.create(transaction, LIST_ENTRY),
            -1);
    arenas.add(arena);
    change(draft -> draft.arenas = arenas);
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
            Column.createSpace(transaction),
            DictionarySpaces.NONE);
    replace(edges, arena, of -> of.with(column));
    return column;
  }

  /// Room for dictionaries of a column that has none.
  public ColumnLayout addDictionary(boolean edges, int arena, ColumnLayout column) {
    assert column.tag().isBytes() && !column.dictionary().exist() : column;
    ColumnLayout grown = column.with(DictionarySpaces.create(transaction));
    replace(edges, arena, of -> of.withInstead(grown));
    return grown;
  }

  /// New mixed lists for the nodes of an arena, in a direction in which all are empty.
  public void renewLists(int arena, boolean out) {
    catalog.arena(arena).lists(out).drop(transaction);
    ListSpaces lists = ListSpaces.create(transaction, 16);
    replace(false, arena, of -> of.withLists(out, lists));
  }

  private void replace(boolean edges, int arena, UnaryOperator<Arena> edit) {
    List<Arena> arenas = new ArrayList<>(edges ? catalog.edgeArenas() : catalog.arenas());
    arenas.set(arena, edit.apply(arenas.get(arena)));
    change(edges ? draft -> draft.edgeArenas = arenas : draft -> draft.arenas = arenas);
  }

  /// Room for nodes of an arena that differ from it in a label.
  public Flip addFlip(int arena, int label) {
    List<Flip> flips = new ArrayList<>(catalog.flips());
    Flip flip = new Flip(arena, label, Column.createSpace(transaction), catalog.nextCounter());
    flips.add(flip);
    change(draft -> draft.flips = flips);
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
    change(draft -> draft.kinds = kinds);
  }

  /// A region without nodes.
  ///
  /// @param number as [Regions#free] gave it
  public void addRegion(int number, String name) {
    Regions regions = catalog.regions().with(number, new Region(name, Region.State.LIVE));
    change(draft -> draft.regions = regions);
  }

  /// Drops all that lies in a region, and its name.
  public void dropRegion(int region) {
    catalog = new RegionDrop(transaction, catalog, region).run();
    changed = true;
  }

  /// A count of the relationships of a type from one region to another.
  public RegionCount addRegionCount(int type, int source, int target) {
    RegionCount count = new RegionCount(type, source, target, catalog.nextCounter());
    Regions regions = catalog.regions().with(count);
    change(draft -> draft.regions = regions);
    return count;
  }

  /// Nothing leads to dropped regions any more.
  public void swept() {
    transaction.dropSpace(catalog.regions().sweep());
    Regions regions = catalog.regions().swept();
    change(draft -> draft.regions = regions);
  }

  /// An index, empty as yet.
  public IndexDefinition addIndex(
      String name, boolean ofRelationships, int token, List<Integer> keys, boolean owned) {
    List<IndexDefinition> indexes = new ArrayList<>(catalog.indexes());
    ensureRoom(indexes.size(), "indexes");
    int space = TreeWriter.createSpace(transaction);
    IndexDefinition index = new IndexDefinition(name, ofRelationships, token, keys, space, owned);
    indexes.add(index);
    change(draft -> draft.indexes = indexes);
    return index;
  }

  /// Takes an index away, with its tree.
  public void removeIndex(IndexDefinition index) {
    List<IndexDefinition> indexes = new ArrayList<>(catalog.indexes());
    indexes.remove(index);
    transaction.dropSpace(index.space());
    change(draft -> draft.indexes = indexes);
  }

  public void addConstraint(ConstraintDefinition constraint) {
    List<ConstraintDefinition> constraints = new ArrayList<>(catalog.constraints());
    ensureRoom(constraints.size(), "constraints");
    constraints.add(constraint);
    change(draft -> draft.constraints = constraints);
  }

  public void removeConstraint(ConstraintDefinition constraint) {
    List<ConstraintDefinition> constraints = new ArrayList<>(catalog.constraints());
    constraints.remove(constraint);
    change(draft -> draft.constraints = constraints);
  }

  /// Makes room for estimates in a catalog of a version that had none.
  public void addEstimates() {
    if (catalog.statistics().estimates() < 0) {
      StatisticsSpaces grown =
          new StatisticsSpaces(catalog.statistics().kinds(), Column.createSpace(transaction));
      change(draft -> draft.statistics = grown);
    }
  }

  private void change(Consumer<CatalogDraft> edit) {
    CatalogDraft draft = new CatalogDraft(catalog);
    edit.accept(draft);
    catalog = draft.catalog();
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
