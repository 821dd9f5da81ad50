package dev.quarry.graph.index;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.page.PageTable;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.tree.TreeHead;
import dev.quarry.storage.tree.TreeWriter;

/// Changes the entries of one index. Used by the writer's thread.
public final class IndexWriter {
  private final PageTransaction transaction;
  private final int space;
  private final PageTable pages;
  private final TreeWriter tree;
  private final IndexCursor cursor;

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

  /// Enters records, of which none is in the index; into an empty one at once.
  public void insertAll(EntryRun run) {
    if (run.count() == 0) {
      return;
    }
    long entries = run.sorted();
    if (TreeHead.root(pages) == 0) {
      changed(tree.build(entries, run.count()), run.count(), run.distinct());
    } else {
      insertEach(entries, run.count());
    }
  }

  private void insertEach(long entries, long count) {
    long root = TreeHead.root(pages);
    long distinct = 0;
    IndexKey last = null;
    for (long at = entries; at < entries + count * IndexCursor.WIDTH; at += IndexCursor.WIDTH) {
      IndexKey key = new IndexKey(Memory.getLong(at + 16), Memory.getLong(at + 8));
      distinct += key.equals(last) || holds(root, key) ? 0 : 1;
      root = tree.insert(root, key.order(), key.hash(), Memory.getLong(at));
      last = key;
    }
    changed(root, count, distinct);
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
