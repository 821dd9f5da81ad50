package dev.quarry.graph.check;

import dev.quarry.error.GraphException;
import dev.quarry.graph.catalog.Arena;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.ConstraintDefinition;
import dev.quarry.graph.catalog.IndexDefinition;
import dev.quarry.graph.index.IndexCursor;
import dev.quarry.graph.index.IndexKey;
import dev.quarry.graph.record.ArenaReader;
import dev.quarry.graph.transaction.ConstraintCheck;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.Ids;
import dev.quarry.storage.page.PageTable;
import dev.quarry.storage.tree.Tree;
import dev.quarry.storage.tree.TreeHead;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/// Verifies the indexes and constraints of one snapshot.
final class IndexCheck {
  private static final int WIDTH = 24;

  private final GraphSnapshot snapshot;
  private final Catalog catalog;
  private final Consumer<String> problems;

  IndexCheck(GraphSnapshot snapshot, Consumer<String> problems) {
    this.snapshot = snapshot;
    this.catalog = snapshot.catalog();
    this.problems = problems;
  }

  void run() {
    for (IndexDefinition index : catalog.indexes()) {
      if (!snapshot.pages().hasSpace(index.space())) {
        problem(index, "its space " + index.space() + " does not exist");
        continue;
      }
      pages(index);
      Roaring64Bitmap entered = entries(index);
      records(index, entered);
    }
    for (ConstraintDefinition constraint : catalog.constraints()) {
      constraint(constraint);
    }
  }

  private void constraint(ConstraintDefinition constraint) {
    IndexDefinition index = catalog.index(constraint.name());
    if (constraint.kind().isUnique() && (index == null || !index.owned())) {
      problems.accept("constraint `" + constraint.name() + "` has no index");
      return;
    }
    try {
      new ConstraintCheck(snapshot).whole(constraint);
    } catch (GraphException e) {
      problems.accept("constraint `" + constraint.name() + "`: " + e.getMessage());
    }
  }

  private void problem(IndexDefinition index, String what) {
    problems.accept("index `" + index.name() + "`: " + what);
  }

  /// Every page belongs to the tree or is free, and none twice.
  private void pages(IndexDefinition index) {
    Roaring64Bitmap owned = new Roaring64Bitmap();
    Tree tree = new Tree(snapshot.pages(), index.space(), WIDTH);
    PageTable pages = snapshot.pages().table(index.space());
    tree.pages(TreeHead.root(pages), page -> own(index, owned, page));
    tree.freePages(page -> own(index, owned, page));
    long all = Math.max(0, pages.pageCount() - 1);
    if (owned.getLongCardinality() != all) {
      problem(index, owned.getLongCardinality() + " pages are owned, there are " + all);
    }
  }

  private void own(IndexDefinition index, Roaring64Bitmap owned, long page) {
    if (owned.contains(page)) {
      problem(index, "page " + page + " is owned twice");
    }
    owned.addLong(page);
  }

  /// Every entry is that of a record as it is now; entries ascend.
  private Roaring64Bitmap entries(IndexDefinition index) {
    Roaring64Bitmap entered = new Roaring64Bitmap();
    IndexCursor cursor = new IndexCursor(snapshot.pages(), index.space());
    cursor.open(0, 0);
    long count = 0;
    long distinct = 0;
    IndexKey last = null;
    while (cursor.next()) {
      count++;
      IndexKey key = new IndexKey(cursor.order(), cursor.hash());
      if (last != null && isGreater(last, key)) {
        problem(index, "its entries do not ascend");
      }
      distinct += key.equals(last) ? 0 : 1;
      last = key;
      long record = cursor.record();
      if (!snapshot.isDropped(index, record) && !key.equals(key(index, record))) {
        problem(index, "a stale entry of " + name(index, record));
      }
      if (entered.contains(record)) {
        problem(index, "two entries of " + name(index, record));
      }
      entered.addLong(record);
    }
    if (count != cursor.entries() || distinct != cursor.distinct()) {
      problem(
          index,
          "%d entries of %d keys, its head says %d of %d"
              .formatted(count, distinct, cursor.entries(), cursor.distinct()));
    }
    return entered;
  }

  private static boolean isGreater(IndexKey a, IndexKey b) {
    int order = Long.compareUnsigned(a.order(), b.order());
    return order > 0 || order == 0 && Long.compareUnsigned(a.hash(), b.hash()) > 0;
  }

  /// Every record that belongs into the index has an entry.
  private void records(IndexDefinition index, Roaring64Bitmap entered) {
    if (index.ofRelationships()) {
      for (Arena arena : catalog.edgeArenas()) {
        if (arena.hasLabel(index.token()) && !arena.isDropped()) {
          records(index, entered, snapshot.edgeReader(arena), Ids.edgeSlot(arena.region(), 0));
        }
      }
      return;
    }
    for (Arena arena : catalog.arenas()) {
      records(index, entered, snapshot.nodeReader(arena.id()), Ids.node(arena.id(), 0));
    }
  }

  private void records(
      IndexDefinition index, Roaring64Bitmap entered, ArenaReader reader, long or) {
    long end = reader.slots().highWater();
    for (long slot = 0; slot < end; slot++) {
      if (key(index, slot | or) != null && !entered.contains(slot | or)) {
        problem(index, "no entry of " + name(index, slot | or));
      }
    }
  }

  /// What the index has to say of a record; null if it does not belong there.
  private @Nullable IndexKey key(IndexDefinition index, long record) {
    if (!belongs(index, record)) {
      return null;
    }
    ArenaReader reader =
        index.ofRelationships()
            ? snapshot.edgeReader(index.token(), record)
            : snapshot.nodeReader(Ids.arena(record));
    List<Object> values = new ArrayList<>();
    for (int key : index.keys()) {
      Object value =
          reader.property(index.ofRelationships() ? Ids.row(record) : Ids.slot(record), key);
      if (value == null) {
        return null;
      }
      values.add(value);
    }
    return IndexKey.of(values);
  }

  private boolean belongs(IndexDefinition index, long record) {
    if (index.ofRelationships()) {
      return catalog.edgeArena(index.token(), Ids.region(record)) != null
          && snapshot.edgeReader(index.token(), record).slots().isLive(Ids.row(record));
    }
    int arena = Ids.arena(record);
    return arena < catalog.arenas().size()
        && snapshot.nodeReader(arena).slots().isLive(Ids.slot(record))
        && snapshot.hasLabel(record, index.token());
  }

  private static String name(IndexDefinition index, long record) {
    return index.ofRelationships()
        ? "row " + Ids.row(record)
        : "node n%d.%d".formatted(Ids.arena(record), Ids.slot(record));
  }
}
