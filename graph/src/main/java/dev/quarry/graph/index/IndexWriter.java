package dev.quarry.graph.index;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import dev.quarry.storage.page.PageTable;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.tree.TreeHead;
import dev.quarry.storage.tree.TreeWriter;
import java.util.List;

/// Changes the entries of one index. Used by the writer's thread.
public final class IndexWriter {
  private final PageTransaction transaction;
  private final int space;
  private final PageTable pages;
  private final TreeWriter tree;
  private final IndexCursor cursor;

  /// An entry of the tree; the order is that of the tree.
  public record Entry(IndexKey key, long record) implements Comparable<Entry> {
    @Override
    public int compareTo(Entry other) {
      int order = Long.compareUnsigned(key.order(), other.key.order());
      order = order != 0 ? order : Long.compareUnsigned(key.hash(), other.key.hash());
      return order != 0 ? order : Long.compareUnsigned(record, other.record);
    }
  }

  public IndexWriter(PageTransaction transaction, int space) {
    this.transaction = transaction;
    this.space = space;
    this.pages = transaction.table(space);
    this.tree = new TreeWriter(transaction, space, IndexCursor.WIDTH);
    this.cursor = new IndexCursor(transaction, space);
  }

  /// Enters a record that is not in the index.
  public void insert(IndexKey key, long record) {
    boolean known = holds(key);
    long root = tree.insert(TreeHead.root(pages), key.order(), key.hash(), record);
    changed(root, 1, known ? 0 : 1);
  }

  /// Takes a record out.
  public void remove(IndexKey key, long record) {
    long root = tree.remove(TreeHead.root(pages), key.order(), key.hash(), record);
    if (!tree.removed()) {
      throw new CorruptPageException(
          ErrorCode.STORE_DAMAGED,
          "record " + record + " is not in the index in space " + space + ", and should be",
          "run `quarry check`");
    }
    changed(root, -1, 0);
    if (!holds(key)) {
      changed(root, 0, -1);
    }
  }

  /// Replaces the only record of a key.
  public void replace(IndexKey key, long record, long newRecord) {
    long root = TreeHead.root(pages);
    if (!tree.replaceLo(root, key.order(), key.hash(), record, newRecord)) {
      remove(key, record);
      insert(key, newRecord);
    }
  }

  /// Enters sorted records, of which none is in the index; into an empty one at once.
  ///
  /// @param scratch for a copy of the entries, gone when this returns
  public void insertAll(List<Entry> entries, Scratch scratch) {
    if (entries.isEmpty()) {
      return;
    }
    if (TreeHead.root(pages) != 0) {
      insertEach(entries);
      return;
    }
    long mark = scratch.mark();
    long copy = scratch.allocate((long) entries.size() * IndexCursor.WIDTH);
    long distinct = 0;
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      long at = copy + (long) i * IndexCursor.WIDTH;
      Memory.putLong(at, entry.record);
      Memory.putLong(at + 8, entry.key.hash());
      Memory.putLong(at + 16, entry.key.order());
      distinct += i == 0 || !entries.get(i - 1).key.equals(entry.key) ? 1 : 0;
    }
    long root = tree.build(copy, entries.size());
    scratch.release(mark);
    changed(root, entries.size(), distinct);
  }

  private void insertEach(List<Entry> entries) {
    long root = TreeHead.root(pages);
    long distinct = 0;
    IndexKey last = null;
    for (Entry entry : entries) {
      IndexKey key = entry.key;
      distinct += key.equals(last) || holds(root, key) ? 0 : 1;
      root = tree.insert(root, key.order(), key.hash(), entry.record);
      last = key;
    }
    changed(root, entries.size(), distinct);
  }

  private boolean holds(IndexKey key) {
    return holds(TreeHead.root(pages), key);
  }

  private boolean holds(long root, IndexKey key) {
    cursor.open(root, key.order(), key.hash(), 0);
    return cursor.next() && cursor.order() == key.order() && cursor.hash() == key.hash();
  }

  private void changed(long root, long entries, long distinct) {
    TreeHead.put(
        transaction,
        space,
        root,
        TreeHead.entries(pages) + entries,
        TreeHead.distinct(pages) + distinct);
  }
}
