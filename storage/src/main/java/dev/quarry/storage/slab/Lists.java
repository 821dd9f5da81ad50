package dev.quarry.storage.slab;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.page.PageReader;
import dev.quarry.storage.page.PageTable;
import dev.quarry.storage.tree.Tree;
import java.util.function.LongConsumer;

/// Reads the lists of one kind. Used by one thread at a time; nothing is allocated per list.
public final class Lists {
  /// Set in a slab reference; no address has it.
  private static final long BLOCK_MARK = 1L << 62;

  private final int width;
  private final PageTable directory;
  private final Slabs slabs;
  private final Tree hubs;

  /// Takes what [#locate] read ahead, so that the reads are not left out.
  int touched;

  public Lists(PageReader reader, ListSpaces spaces) {
    this.width = spaces.entryBytes();
    this.directory = reader.table(spaces.directory());
    this.slabs = new Slabs(reader, spaces.slabs());
    this.hubs = new Tree(reader, spaces.hubs(), width);
  }

  /// Bytes of an entry.
  public int entryBytes() {
    return width;
  }

  /// Whether no list was ever written.
  public boolean isEmpty() {
    return directory.pageCount() == 0;
  }

  /// How many entries the list of a slot has.
  public long length(long slot) {
    return DirectoryEntry.length(entry(slot));
  }

  /// Opens the list of a slot.
  public void open(long slot, ListCursor cursor) {
    long at = entry(slot);
    switch (DirectoryEntry.form(at)) {
      case DirectoryEntry.EMPTY -> cursor.openOne(0, 0, 0);
      case DirectoryEntry.INLINE ->
          cursor.openOne(
              DirectoryEntry.inlineEntries(at, width), (int) DirectoryEntry.length(at), 0);
      case DirectoryEntry.BLOCK -> openBlock(slot, at, cursor);
      case DirectoryEntry.HUB -> cursor.openHub(hubs, DirectoryEntry.reference(at));
      default -> throw damaged(slot, "form " + DirectoryEntry.form(at));
    }
  }

  /// Finds many lists at once: the reads of one step do not wait for each other, so their cache
  /// misses overlap.
  ///
  /// @param slots which lists; overwritten by the addresses of their entries, 0 for an empty list
  ///   and -1 for a hub, which must be opened by itself
  /// @param lengths where the numbers of entries go
  public void locate(long[] slots, int count, int[] lengths) {
    for (int i = 0; i < count; i++) {
      long at = entry(slots[i]);
      long word = Memory.getLong(at);
      int form = (int) word & 0xFF;
      boolean inline = form == DirectoryEntry.INLINE;
      lengths[i] = inline ? (int) (word >>> 8) & 0xFF : (int) (word >>> 32);
      slots[i] =
          inline
              ? DirectoryEntry.inlineEntries(at, width)
              : form == DirectoryEntry.BLOCK
                  ? Memory.getLong(at + 8) | BLOCK_MARK
                  : form == DirectoryEntry.HUB ? -1 : 0;
    }
    int read = 0;
    for (int i = 0; i < count; i++) {
      long found = slots[i];
      if (found != -1 && (found & BLOCK_MARK) != 0) {
        long first = slabs.address(found & ~BLOCK_MARK);
        slots[i] = first;
        read += Memory.getInt(first) + Memory.getInt(first + (lengths[i] - 1L) * width);
      }
    }
    touched = read;
  }

  /// Whether the list of a slot holds an entry.
  public boolean contains(long slot, long hi, long lo) {
    return find(slot, hi, lo) != 0;
  }

  /// The address of an entry; 0 if the list does not hold it. Of a hub: some address that is not 0.
  long find(long slot, long hi, long lo) {
    long at = entry(slot);
    if (DirectoryEntry.form(at) == DirectoryEntry.HUB) {
      return hubs.contains(DirectoryEntry.reference(at), hi, lo) ? at : 0;
    }
    ListCursor cursor = new ListCursor();
    open(slot, cursor);
    return cursor.nextFragment()
        ? Entries.find(cursor.address(), cursor.count(), width, hi, lo)
        : 0;
  }

  /// Slots that the directory has room for.
  public long slotCount() {
    return directory.pageCount() << DirectoryEntry.PER_PAGE_SHIFT;
  }

  /// The blocks, for the checker.
  public Slabs slabs() {
    return slabs;
  }

  /// The hubs, for the checker.
  public Tree hubs() {
    return hubs;
  }

  /// Tells what the list of a slot owns: its block's slab reference, or the pages of its hub.
  public void owned(long slot, LongConsumer block, LongConsumer hubPage) {
    long at = entry(slot);
    if (DirectoryEntry.form(at) == DirectoryEntry.BLOCK) {
      block.accept(DirectoryEntry.reference(at));
    } else if (DirectoryEntry.form(at) == DirectoryEntry.HUB) {
      hubs.pages(DirectoryEntry.reference(at), hubPage);
    }
  }

  private void openBlock(long slot, long at, ListCursor cursor) {
    long reference = DirectoryEntry.reference(at);
    long length = DirectoryEntry.length(at);
    if (length * width > slabs.bytes(reference)) {
      throw damaged(slot, length + " entries in a block of " + slabs.bytes(reference) + " bytes");
    }
    cursor.openOne(slabs.address(reference), (int) length, DirectoryEntry.sorted(at));
  }

  private long entry(long slot) {
    return directory.address(slot >>> DirectoryEntry.PER_PAGE_SHIFT)
        + ((slot & (1 << DirectoryEntry.PER_PAGE_SHIFT) - 1) << DirectoryEntry.SHIFT);
  }

  private static CorruptPageException damaged(long slot, String what) {
    return new CorruptPageException(
        ErrorCode.STORE_DAMAGED,
        "the list of slot " + slot + " is damaged: " + what,
        "run `quarry check`");
  }
}
