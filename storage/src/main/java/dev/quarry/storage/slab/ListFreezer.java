package dev.quarry.storage.slab;

import java.util.Arrays;

/// Brings lists to the end of a run, one after the other, and lets their directory entries say
/// where they are. Used by the writer's thread.
final class ListFreezer {
  private final ListWriter writer;
  private final Lists lists;
  private final RunAppender run;
  private final int width;
  private final boolean packs;
  private final PackedWriter packer;
  private final ListCursor cursor = new ListCursor();
  private long[] sorted = new long[0];

  /// @param width bytes of an entry of the run, not below that of a list that is brought
  /// @param packs whether the run is packed
  ListFreezer(ListWriter writer, RunAppender run, int width, boolean packs) {
    this.writer = writer;
    this.lists = writer.lists();
    this.run = run;
    this.width = width;
    this.packs = packs;
    this.packer = new PackedWriter(run, width);
  }

  /// Brings the list of a slot.
  ///
  /// @param at its directory entry, to be written
  void move(long slot, long at) {
    int form = DirectoryEntry.form(at);
    long length = DirectoryEntry.length(at);
    long old = form == DirectoryEntry.INLINE ? 0 : DirectoryEntry.reference(at);
    boolean ascends =
        form != DirectoryEntry.INLINE
            && (form != DirectoryEntry.BLOCK || DirectoryEntry.sorted(at) == length);
    long place = run.place();
    lists.open(slot, cursor);
    if (packs) {
      packer.begin(length);
    }
    if (ascends && cursor.entryBytes() == width) {
      while (cursor.nextFragment()) {
        append(cursor.address(), cursor.count());
      }
    } else {
      appendSorted((int) length);
    }
    if (form == DirectoryEntry.BLOCK) {
      writer.slabs().free(old);
    } else if (form == DirectoryEntry.HUB) {
      writer.hubs(at).drop(old);
    }
    Lists.putInRun(at, writer.isWide(width), packs, length, place);
  }

  private void append(long entries, int count) {
    if (!packs) {
      run.append(entries, (long) count * width, false);
      return;
    }
    for (int i = 0; i < count; i++) {
      packer.add(Entries.lo(entries + (long) i * width, width));
    }
  }

  /// Copies a list that need not ascend, or is narrower than the run.
  private void appendSorted(int length) {
    if (sorted.length < length) {
      sorted = new long[Math.max(256, length * 2)];
    }
    int read = 0;
    while (cursor.nextFragment()) {
      for (int i = 0; i < cursor.count(); i++) {
        long at = cursor.address() + (long) i * cursor.entryBytes();
        sorted[read++] = Entries.lo(at, cursor.entryBytes()) ^ Long.MIN_VALUE;
      }
    }
    Arrays.sort(sorted, 0, read);
    for (int i = 0; i < read; i++) {
      append(sorted[i] ^ Long.MIN_VALUE);
    }
  }

  private void append(long lo) {
    if (packs) {
      packer.add(lo);
    } else {
      run.append(lo, width);
    }
  }
}
