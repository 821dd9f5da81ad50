package dev.quarry.storage.slab;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.page.PageTransaction;

/// Moves the lists of one kind to where they take less room, in one transaction.
///
/// A block moves if it lies in a page that is to be emptied ([Evacuation]), or if its entries take
/// less than half of it; a hub that has become short becomes a block, and a block with as few
/// entries as fit inline goes into its directory entry. What a list holds stays; its tail is sorted
/// on the way. Used by the writer's thread.
public final class ListMover implements CellWalk.Mover {
  /// A list that takes less than this of its slot gets a smaller one.
  private static final int LEAST_PERCENT = 45;

  private final ListWriter writer;
  private final Lists lists;
  private final Evacuation evacuation;
  private final ListCursor cursor = new ListCursor();

  public ListMover(PageTransaction transaction, ListSpaces spaces, Evacuation evacuation) {
    this.writer = new ListWriter(transaction, spaces);
    this.lists = writer.lists();
    this.evacuation = evacuation;
  }

  @Override
  public int move(long slot) {
    long at = lists.entry(slot);
    int form = DirectoryEntry.form(at);
    if (form != DirectoryEntry.BLOCK && form != DirectoryEntry.HUB) {
      return 0;
    }
    lists.ensureSound(slot, at);
    long bytes = DirectoryEntry.length(at) * lists.width(at);
    if (form == DirectoryEntry.HUB ? !isSparse(SizeClasses.LARGEST, bytes) : !moves(at, bytes)) {
      return 0;
    }
    if (!fitsInline(at) && !writer.slabs().turn((int) bytes, evacuation)) {
      return LATER;
    }
    place(slot, (int) bytes);
    return (int) bytes;
  }

  private boolean moves(long at, long bytes) {
    long block = DirectoryEntry.reference(at);
    return fitsInline(at)
        || isSparse(lists.slabs().bytes(block), bytes)
        || writer.slabs().isEvacuated(block, evacuation);
  }

  /// A slot of the smallest size is as full as it can be.
  private static boolean isSparse(int room, long bytes) {
    return bytes * 100 < (long) room * LEAST_PERCENT && room > SizeClasses.bytes(0);
  }

  private boolean fitsInline(long at) {
    return DirectoryEntry.length(at) <= DirectoryEntry.inlineCapacity(lists.width(at));
  }

  private void place(long slot, int bytes) {
    long at = writer.writableEntry(slot);
    int width = lists.width(at);
    int length = (int) DirectoryEntry.length(at);
    boolean isHub = DirectoryEntry.form(at) == DirectoryEntry.HUB;
    int sorted = isHub ? length : DirectoryEntry.sorted(at);
    boolean isInline = fitsInline(at);
    long old = DirectoryEntry.reference(at);
    lists.open(slot, cursor);
    if (isInline) {
      DirectoryEntry.putEmpty(at); // the entries of a hub or a block do not lie in it
      copy(slot, DirectoryEntry.inlineEntries(at, width), bytes);
    }
    long block = isInline ? 0 : writer.slabs().take(bytes);
    if (!isInline) {
      long to = writer.slabs().writableEnd(block);
      copy(slot, to, bytes);
      Entries.sort(to, sorted, length, width);
    }
    if (isHub) {
      writer.hubs(at).drop(old);
    } else {
      writer.slabs().free(old);
    }
    boolean isWide = writer.isWide(width);
    if (isInline) {
      DirectoryEntry.putInline(at, isWide, length);
    } else {
      DirectoryEntry.putBlock(at, isWide, length, length, block);
    }
  }

  private void copy(long slot, long to, int bytes) {
    long done = 0;
    while (cursor.nextFragment()) {
      long fragment = (long) cursor.count() * cursor.entryBytes();
      if (done + fragment > bytes) {
        throw damaged(slot);
      }
      Memory.copy(cursor.address(), to + done, fragment);
      done += fragment;
    }
    if (done != bytes) {
      throw damaged(slot);
    }
  }

  private static CorruptPageException damaged(long slot) {
    return new CorruptPageException(
        ErrorCode.STORE_DAMAGED,
        "the list of slot " + slot + " does not have as many entries as its directory says",
        "run `quarry check`");
  }

  /// A page that is absent says that the lists of its slots are those of runs.
  @Override
  public boolean isNothing(long firstSlot) {
    Runs runs = lists.runsIfAny();
    return runs == null || !runs.hasEnd(firstSlot);
  }

  @Override
  public void finish() {
    writer.finish();
  }
}
