package dev.quarry.storage.slab;

import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.page.LineWrites;

/// Inserts many entries that are sorted by their lists, in less time than one by one.
///
/// ```text
/// insert    63          32 31                        0
///          ┌──────────────┬───────────────────────────┐
///          │ slot         │ upper half of the entry   │    its lower half is zero
///          └──────────────┴───────────────────────────┘
/// ```
///
/// All entries of one list are written at once. Before a group of lists is changed, what has to be
/// read of each is read for all of them, so that their cache misses overlap (as in [Lists#locate]).
/// Used by the writer's thread.
final class SortedInserts {
  private static final int GROUP = 32;
  private static final int INSERT = 8;

  private final ListWriter writer;
  private final Lists lists;
  private final long[] entries = new long[GROUP];
  private final long[] heads = new long[GROUP]; // first words of entries
  private final long[] reads = new long[2 * GROUP];
  private final long[] firsts = new long[GROUP + 1];
  private final LineWrites pages = new LineWrites(GROUP);
  private final int[] pageOf = new int[GROUP];
  private int touched; // so that reads ahead are not left out

  SortedInserts(ListWriter writer) {
    this.writer = writer;
    this.lists = writer.lists();
  }

  /// Inserts; the transaction must not spill meanwhile.
  void run(long inserts, long count) {
    long end = inserts + count * INSERT;
    for (long at = inserts; at < end; ) {
      int group = 0;
      while (group < GROUP && at < end) {
        firsts[group++] = at;
        at = endOfList(at, end);
      }
      firsts[group] = at;
      findEntries(group);
      touchBlocks(group);
      for (int i = 0; i < group; i++) {
        insert(entries[i], firsts[i], (int) (firsts[i + 1] - firsts[i]) / INSERT);
      }
      if (writer.slabs().hasSparse()) {
        leaveSparse(group);
      }
    }
  }

  private static long endOfList(long from, long end) {
    long slot = Memory.getLong(from) >>> 32;
    long at = from + INSERT;
    while (at < end && Memory.getLong(at) >>> 32 == slot) {
      at += INSERT;
    }
    return at;
  }

  /// Makes the entries of a group of lists writable.
  private void findEntries(int group) {
    pages.clear();
    for (int i = 0; i < group; i++) {
      long slot = Memory.getLong(firsts[i]) >>> 32;
      pageOf[i] = pages.add(slot >>> DirectoryEntry.PER_PAGE_SHIFT, DirectoryEntry.line(slot));
    }
    writer.writableEntries(pages);
    for (int i = 0; i < group; i++) {
      long slot = Memory.getLong(firsts[i]) >>> 32;
      entries[i] = pages.frame(pageOf[i]) + DirectoryEntry.offset(slot);
    }
    for (int i = 0; i < group; i++) {
      heads[i] = Memory.getLong(entries[i]);
    }
  }

  /// Reads the ends of blocks, where entries will be written, and how full their pages are if that
  /// will be asked. First all are looked for, then all are read: the shorter the loop that reads,
  /// the more of its cache misses overlap.
  private void touchBlocks(int group) {
    boolean asks = writer.slabs().readsDescriptors();
    int count = 0;
    for (int i = 0; i < group; i++) {
      if ((heads[i] & 0xFF) == DirectoryEntry.BLOCK) {
        long bytes = (heads[i] >>> 32) * 4;
        long reference = DirectoryEntry.reference(entries[i]);
        reads[count++] = lists.slabs().address(reference, bytes) + Math.max(0, bytes - 1);
        if (asks) {
          reads[count++] = lists.slabs().descriptor(reference);
        }
      }
    }
    int read = 0;
    for (int i = 0; i < count; i++) {
      read += Memory.getByte(reads[i]);
    }
    touched += read;
  }

  /// Moves the lists whose entries share a line with those of a group, if they lie in pages that
  /// are to be emptied: a list that is not changed keeps its page from being empty for ever.
  private void leaveSparse(int group) {
    long line = -1;
    for (int i = 0; i < group; i++) {
      long slot = Memory.getLong(firsts[i]) >>> 32;
      if (slot >>> 2 != line) {
        line = slot >>> 2;
        long at = entries[i] - (slot & 3) * DirectoryEntry.BYTES;
        for (int k = 0; k < 4; k++) {
          writer.leaveSparse((line << 2) + k, at + (long) k * DirectoryEntry.BYTES);
        }
      }
    }
  }

  /// Inserts into one list.
  private void insert(long at, long inserts, int count) {
    long length = DirectoryEntry.length(at);
    long first = Memory.getLong(inserts);
    long slot = first >>> 32;
    lists.ensureSound(slot, at);
    if (DirectoryEntry.isInRun(at)) {
      writer.leaveRun(slot, at, count);
    }
    if (lists.width(at) == 4) {
      long total = length + count;
      switch (DirectoryEntry.form(at)) {
        case DirectoryEntry.EMPTY, DirectoryEntry.INLINE -> {
          if (total <= DirectoryEntry.inlineCapacity(4)) {
            long to = DirectoryEntry.inlineEntries(at, 4) + length * 4;
            copy(inserts, count, to);
            DirectoryEntry.putInline(at, false, (int) total);
            return;
          }
        }
        case DirectoryEntry.BLOCK -> {
          long block = writer.roomInBlock(at, total * 4);
          if (block != 0) {
            copy(inserts, count, block + length * 4);
            writer.grown(at, block, (int) length, (int) total);
            return;
          }
        }
        default -> {}
      }
      if (total * 4 <= SizeClasses.LARGEST) {
        long block = writer.moveToBlock(at, (int) length, (int) total);
        copy(inserts, count, block + length * 4);
        writer.sortBlock(at, block, (int) total);
        return;
      }
    }
    for (int i = 0; i < count; i++) {
      writer.insert(slot, 0, Memory.getLong(inserts + (long) i * INSERT) << 32);
    }
  }

  private static void copy(long inserts, int count, long to) {
    for (int i = 0; i < count; i++) {
      Memory.putInt(to + i * 4L, (int) Memory.getLong(inserts + (long) i * INSERT));
    }
  }
}
