package dev.quarry.graph.transaction;

import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.IndexDefinition;
import dev.quarry.graph.index.EntryRun;
import dev.quarry.graph.index.IndexKey;
import dev.quarry.graph.index.IndexWriter;
import dev.quarry.graph.record.ArenaReader;
import dev.quarry.graph.value.Tag;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import dev.quarry.storage.page.PageTransaction;

/// Makes an index of the records that there are.
///
/// Entries are gathered as far as memory allows, sorted, and the tree is built of them; what is
/// gathered after that is entered one by one. Integers are read column by column. Used once, by the
/// writer's thread.
final class IndexBuild {
  private static final int BATCH = 1024;

  private final Indexing indexing;
  private final PageTransaction pages;
  private final Scratch scratch;
  private final Catalog catalog;
  private final IndexDefinition index;
  private final boolean ofEdges;
  private final int token;
  private final long[] slots = new long[BATCH];
  private final long[] values = new long[BATCH];
  private final byte[] lacking = new byte[BATCH];

  /// @param scratch of the transaction
  IndexBuild(
      Indexing indexing,
      PageTransaction pages,
      Scratch scratch,
      Catalog catalog,
      IndexDefinition index) {
    this.indexing = indexing;
    this.pages = pages;
    this.scratch = scratch;
    this.catalog = catalog;
    this.index = index;
    this.ofEdges = index.ofRelationships();
    this.token = index.token();
  }

  /// Enters all records. Pages may be spilled meanwhile.
  void run(IndexWriter writer) {
    Records records = new Records();
    try (EntryRun run = new EntryRun(scratch)) {
      for (int count = records.fill(slots); count > 0; count = records.fill(slots)) {
        indexing.check().run();
        if (run.room() < count) {
          insert(writer, run);
        }
        gather(run, records.arena(), count);
      }
      insert(writer, run);
    }
  }

  private void insert(IndexWriter writer, EntryRun run) {
    writer.insertAll(run);
    run.clear();
    pages.spillPoint();
  }

  private void gather(EntryRun run, int arena, int count) {
    if (gatherIntegers(run, arena, count)) {
      return;
    }
    for (int i = 0; i < count; i++) {
      IndexKey key = indexing.key(index, arena, slots[i]);
      if (key != null) {
        run.add(key.order(), key.hash(), indexing.record(ofEdges, arena, slots[i]));
      }
    }
  }

  /// Whether the index is on one property, and all values of these records are integers: then they
  /// were gathered.
  private boolean gatherIntegers(EntryRun run, int arena, int count) {
    int key = index.keys().getFirst();
    ArenaReader reader = indexing.reader(ofEdges, arena);
    if (index.keys().size() > 1 || reader.tag(key) != Tag.INTEGER) {
      return false;
    }
    long mark = scratch.mark();
    long words = scratch.allocate(count * 8L);
    long nulls = scratch.allocateZeroed(count);
    Memory.putLongs(slots, 0, words, count);
    int missing = reader.readAll(key, words, nulls, count);
    Memory.getLongs(words, values, 0, count);
    Memory.getBytes(nulls, lacking, 0, count);
    scratch.release(mark);
    long first = indexing.record(ofEdges, arena, 0);
    for (int i = 0; missing >= 0 && i < count; i++) {
      if (lacking[i] == 0) {
        run.add(IndexKey.order(values[i]), IndexKey.hashOfOne(values[i]), first + slots[i]);
      }
    }
    return missing >= 0;
  }

  /// The live records with a label or of a type, many at a time and arena by arena.
  private final class Records {
    private int next;
    private long from;

    /// The arena of the records that were written last.
    int arena() {
      return next;
    }

    /// Writes the slots of the next records, all of one arena.
    ///
    /// @return how many were written, 0 at the end
    int fill(long[] slots) {
      int arenas = (ofEdges ? catalog.edgeArenas() : catalog.arenas()).size();
      while (next < arenas) {
        int found = fillArena(slots);
        int count = wanted(slots, found);
        if (count > 0) {
          return count;
        }
        if (found == 0) {
          next++;
          from = 0;
        }
      }
      return 0;
    }

    private int fillArena(long[] into) {
      if (ofEdges && !catalog.edgeArenas().get(next).hasLabel(token)) {
        return 0;
      }
      var slots = indexing.reader(ofEdges, next).slots();
      int count = slots.fillLive(from, Long.MAX_VALUE, 0, into, into.length);
      from = slots.next();
      return count;
    }

    private int wanted(long[] slots, int count) {
      int kept = 0;
      for (int i = 0; i < count; i++) {
        if (indexing.has(ofEdges, next, slots[i], token)) {
          slots[kept++] = slots[i];
        }
      }
      return kept;
    }
  }
}
