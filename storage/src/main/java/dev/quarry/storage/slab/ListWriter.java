package dev.quarry.storage.slab;

import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.page.LineWrites;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.tree.Tree;
import dev.quarry.storage.tree.TreeWriter;
import org.jspecify.annotations.Nullable;

/// Changes the lists of one kind.
///
/// Growing goes inline → block → larger block → hub. An insert into a block writes behind its
/// length, in place where nothing forbids it ([PageTransaction#writableUnseen]); when the block is
/// full its entries are sorted into a larger one. Removing copies the shortened list to another
/// slot. So who has opened a list in this transaction goes on seeing what it opened, unless
/// [#reuse()] was called. A list of entries of 4 bytes that is to hold one which does not fit
/// becomes one of 8 bytes, and stays so. A list of a run leaves it with its first change. Used by
/// the writer's thread.
public final class ListWriter {
  /// Entries of a block that need not be sorted.
  static final int SHORT = 32;

  // Whoever adds fewer entries for a page would change but some of the lists in each; and to look
  // at all descriptors takes time.
  private static final long INSERTS_A_PAGE = 4;

  private final PageTransaction transaction;
  private final ListSpaces spaces;
  private final int least; // bytes of an entry, where its list is not wider
  private final Lists lists;
  private @Nullable SlabWriter slabs;
  private @Nullable TreeWriter hubs;
  private @Nullable TreeWriter wideHubs;
  private @Nullable ListCursor cursor;
  private final LineWrites entryWrites = new LineWrites(1);
  private @Nullable SortedInserts sortedInserts;
  private boolean reuses;
  private boolean isFirst; // of this transaction: the batch that is being entered
  private boolean more;
  private long nextHi;
  private long nextLo;

  public ListWriter(PageTransaction transaction, ListSpaces spaces) {
    this.transaction = transaction;
    this.spaces = spaces;
    this.least = spaces.entryBytes();
    this.lists = new Lists(transaction, spaces);
  }

  /// Lets blocks that were made in this transaction be taken again in it. The caller promises that
  /// nobody goes on reading a list that was opened before it changed.
  public ListWriter reuse() {
    reuses = true;
    return this;
  }

  /// The lists as they are now.
  public Lists lists() {
    return lists;
  }

  /// Adds an entry. `hi` is 0 unless entries are 16 bytes wide. Equal entries are kept.
  public void insert(long slot, long hi, long lo) {
    long at = writableEntry(slot);
    lists.ensureSound(slot, at);
    int width = lists.width(at);
    if (DirectoryEntry.isInRun(at)) {
      leaveRun(slot, at, 1);
    }
    if (!Entries.fits(width, lo)) {
      widen(slot, at);
      width = 8;
    }
    long length = DirectoryEntry.length(at);
    switch (DirectoryEntry.form(at)) {
      case DirectoryEntry.HUB -> {
        long key = Entries.key(width, lo);
        long root = hubs(at).insert(DirectoryEntry.reference(at), hi, key);
        DirectoryEntry.putHub(at, isWide(width), length + 1, root);
      }
      case DirectoryEntry.BLOCK -> insertInBlock(at, width, length, hi, lo);
      default -> insertInline(at, width, (int) length, hi, lo);
    }
  }

  /// Says that so many entries are about to be added by [#insertSorted]. If they are many, compared
  /// with the pages of the slabs, the emptiest ones are emptied: lists that are changed leave them,
  /// and so do those beside them in the directory.
  public void expect(long inserts) {
    isFirst = slabs == null || !slabs.hasTaken();
    if (inserts >= INSERTS_A_PAGE * lists.slabs().table(false).pageCount()) {
      slabs().lookForSparse();
    }
  }

  /// Moves the list of an entry, if it has a block in a page that is to be emptied.
  void leaveSparse(long slot, long at) {
    long block = DirectoryEntry.reference(at);
    if (DirectoryEntry.form(at) != DirectoryEntry.BLOCK || !slabs().isSparse(block)) {
      return;
    }
    lists.ensureSound(slot, at);
    int bytes = (int) DirectoryEntry.length(at) * lists.width(at);
    long moved = slabs().take(bytes);
    Memory.copy(lists.slabs().address(block, bytes), slabs().writableEnd(moved), bytes);
    leave(block);
    DirectoryEntry.reference(at, moved);
  }

  /// Adds entries to many lists, of entries of 4 bytes where they are not wider, in less time than
  /// one by one. The transaction must not spill meanwhile.
  ///
  /// @param inserts address of words of 8 bytes, ascending by slot: slot << 32 | upper half of the
  ///   entry, whose lower half is zero
  public void insertSorted(long inserts, long count) {
    SortedInserts sorted = sortedInserts;
    if (sorted == null) {
      sorted = new SortedInserts(this);
      sortedInserts = sorted;
    }
    sorted.run(inserts, count);
  }

  /// The address of a block with room for so many bytes, to be written behind its end; 0 if the
  /// list should move: the block has no room, or lies in a page that is to be emptied.
  long roomInBlock(long at, long bytes) {
    long block = DirectoryEntry.reference(at);
    boolean stays = bytes <= lists.slabs().bytes(block) && !slabs().isSparse(block);
    return stays ? slabs().writableEnd(block) : 0;
  }

  /// Notes that entries of 4 bytes were written behind the end of a block.
  void grown(long at, long block, int length, int total) {
    int sorted = DirectoryEntry.sorted(at);
    if (sorted == length) {
      sorted += Entries.ascending(block, length, total, 4);
    }
    DirectoryEntry.putBlock(at, false, total, sorted, DirectoryEntry.reference(at));
  }

  /// Moves entries of 4 bytes, inline or in a block, to a new block, which has room for more;
  /// returns its address. [#sortBlock] completes it.
  long moveToBlock(long at, int length, int total) {
    boolean isBlock = DirectoryEntry.form(at) == DirectoryEntry.BLOCK;
    long old = DirectoryEntry.reference(at);
    int sorted = isBlock ? DirectoryEntry.sorted(at) : 0;
    long block = slabs().take(total * 4);
    long to = slabs().writableEnd(block);
    long from = isBlock ? lists.slabs().address(old) : DirectoryEntry.inlineEntries(at, 4);
    Memory.copy(from, to, length * 4L);
    if (isBlock) {
      leave(old);
    }
    DirectoryEntry.putBlock(at, false, length, sorted, block);
    return to;
  }

  /// Completes a block of entries of 4 bytes, all of which were written by this transaction.
  void sortBlock(long at, long block, int total) {
    long reference = DirectoryEntry.reference(at);
    putSorted(at, block, 4, DirectoryEntry.sorted(at), total, reference);
  }

  /// Copies a list out of its run, to where it can be changed.
  ///
  /// @param more how many entries are to be added
  void leaveRun(long slot, long at, int more) {
    int width = lists.width(at);
    long length = DirectoryEntry.length(at);
    lists.open(slot, cursor());
    if (length <= DirectoryEntry.inlineCapacity(width)) {
      DirectoryEntry.putInline(at, isWide(width), (int) length);
      copyTo(DirectoryEntry.inlineEntries(at, width), width);
    } else if ((length + more) * width <= SizeClasses.LARGEST) {
      long block = slabs().take((int) (length + more) * width);
      copyTo(slabs().writableEnd(block), width);
      DirectoryEntry.putBlock(at, isWide(width), length, (int) length, block);
    } else {
      TreeWriter.Builder hub = hubs(at).builder();
      while (cursor().nextFragment()) {
        hub.add(cursor().address(), cursor().count());
      }
      DirectoryEntry.putHub(at, isWide(width), length, hub.root());
    }
  }

  private void copyTo(long to, int width) {
    long end = to;
    while (cursor().nextFragment()) {
      long bytes = (long) cursor().count() * width;
      Memory.copy(cursor().address(), end, bytes);
      end += bytes;
    }
  }

  private ListCursor cursor() {
    ListCursor known = cursor;
    if (known == null) {
      known = new ListCursor();
      cursor = known;
    }
    return known;
  }

  boolean isWide(int width) {
    return width != least;
  }

  TreeWriter hubs(long at) {
    return least == 4 && DirectoryEntry.isWide(at) ? wideHubs() : hubs();
  }

  private TreeWriter hubs() {
    TreeWriter known = hubs;
    if (known == null) {
      known = new TreeWriter(transaction, spaces.hubs(), least);
      hubs = known;
    }
    return known;
  }

  private TreeWriter wideHubs() {
    TreeWriter known = wideHubs;
    if (known == null) {
      known = new TreeWriter(transaction, spaces.hubs(), 8);
      wideHubs = known;
    }
    return known;
  }

  SlabWriter slabs() {
    SlabWriter known = slabs;
    if (known == null) {
      known = new SlabWriter(transaction, spaces.slabs(), lists.slabs());
      slabs = known;
    }
    return known;
  }

  /// Makes the entries of a list 8 bytes wide.
  private void widen(long slot, long at) {
    int form = DirectoryEntry.form(at);
    if (form == DirectoryEntry.EMPTY) {
      return; // it becomes wide with its first entry
    }
    long length = DirectoryEntry.length(at);
    int sorted = form == DirectoryEntry.BLOCK ? DirectoryEntry.sorted(at) : 0;
    long old = DirectoryEntry.reference(at);
    lists.open(slot, cursor());
    if (form == DirectoryEntry.HUB || length * 8 > SizeClasses.LARGEST) {
      long root = 0;
      while (cursor().nextFragment()) {
        for (int i = 0; i < cursor().count(); i++) {
          root = wideHubs().insert(root, 0, Entries.lo(cursor().address() + i * 4L, 4));
        }
      }
      free(form, old);
      DirectoryEntry.putHub(at, true, length, root);
      return;
    }
    cursor().nextFragment();
    long block = slabs().take((int) length * 8);
    long to = slabs().writableEnd(block);
    for (int i = 0; i < length; i++) {
      Entries.put(to + i * 8L, 8, 0, Entries.lo(cursor().address() + i * 4L, 4));
    }
    free(form, old);
    DirectoryEntry.putBlock(at, true, length, sorted, block);
  }

  /// Frees a block that is the list of no slot any more. The first batch of a transaction leaves
  /// only blocks that others made, and need not ask for each.
  private void leave(long block) {
    if (reuses && !isFirst) {
      slabs().giveBack(block);
    } else {
      slabs().free(block);
    }
  }

  private void free(int form, long reference) {
    if (form == DirectoryEntry.BLOCK) {
      leave(reference);
    } else if (form == DirectoryEntry.HUB) {
      hubs().drop(reference);
    }
  }

  /// Removes one entry that equals the given one; false if there is none.
  public boolean remove(long slot, long hi, long lo) {
    long at = writableEntry(slot);
    int width = lists.width(at);
    boolean wide = isWide(width);
    if (!Entries.fits(width, lo)) {
      return false;
    }
    if (DirectoryEntry.isInRun(at)) {
      leaveRun(slot, at, 0);
    }
    if (DirectoryEntry.form(at) == DirectoryEntry.HUB) {
      return removeFromHub(at, width, hi, lo);
    }
    long found = lists.find(slot, hi, lo);
    if (found == 0) {
      return false;
    }
    lists.open(slot, cursor());
    cursor().nextFragment();
    int count = cursor().count();
    long entries = cursor().address();
    int index = (int) ((found - entries) / width);
    boolean inline = DirectoryEntry.form(at) == DirectoryEntry.INLINE;
    int sorted = inline ? count : DirectoryEntry.sorted(at);
    if (count == 1) {
      clear(slot);
    } else if (inline) {
      Memory.copy(found + width, found, (long) (count - index - 1) * width);
      DirectoryEntry.putInline(at, wide, count - 1);
    } else {
      long old = DirectoryEntry.reference(at);
      long target = slabs().take((count - 1) * width);
      long to = slabs().writableEnd(target);
      long from = lists.slabs().address(old);
      Memory.copy(from, to, (long) index * width);
      Memory.copy(
          from + (index + 1L) * width,
          to + (long) index * width,
          (long) (count - index - 1) * width);
      int newSorted = index < sorted ? sorted - 1 : sorted;
      DirectoryEntry.putBlock(at, wide, count - 1, newSorted, target);
      leave(old);
    }
    return true;
  }

  /// Makes the list of a slot these entries, which must ascend; the list must be empty before.
  ///
  /// @param entries of the least width of the kind
  public void write(long slot, long entries, int count) {
    int width = least;
    long at = writableEntry(slot);
    assert DirectoryEntry.form(at) == DirectoryEntry.EMPTY : DirectoryEntry.form(at);
    if (count == 0) {
      return;
    }
    if (count <= DirectoryEntry.inlineCapacity(width)) {
      Memory.copy(entries, DirectoryEntry.inlineEntries(at, width), (long) count * width);
      DirectoryEntry.putInline(at, false, count);
    } else if ((long) count * width <= SizeClasses.LARGEST) {
      long block = slabs().take(count * width);
      Memory.copy(entries, slabs().writableEnd(block), (long) count * width);
      DirectoryEntry.putBlock(at, false, count, count, block);
    } else {
      long root = hubs().build(entries, count);
      DirectoryEntry.putHub(at, false, count, root);
    }
  }

  /// Empties the list of a slot.
  public void clear(long slot) {
    long at = writableEntry(slot);
    if (DirectoryEntry.form(at) == DirectoryEntry.BLOCK) {
      leave(DirectoryEntry.reference(at));
    } else if (DirectoryEntry.form(at) == DirectoryEntry.HUB) {
      hubs(at).drop(DirectoryEntry.reference(at));
    }
    DirectoryEntry.putEmpty(at);
  }

  /// Says which entries of a list stay.
  public interface Filter {
    boolean keeps(long hi, long lo);
  }

  /// Removes the entries of a list that a filter does not keep. It must decide alike on entries
  /// that are equal. Of a hub only some entries are looked at, in order; [#hasMore()] tells, and
  /// [#nextHi()] and [#nextLo()] where to go on.
  ///
  /// @param hi of the entry at which it begins, 0 for the first
  /// @param lo likewise
  /// @param mostOfHub entries to look at, at least 1
  /// @return how many were looked at
  public int retain(long slot, long hi, long lo, Filter filter, int mostOfHub) {
    more = false;
    if (lists.isInRun(slot)) {
      int length = (int) Math.min(lists.length(slot), Integer.MAX_VALUE);
      if (keepsAll(slot, filter)) {
        return length;
      }
      leaveRun(slot, writableEntry(slot), 0);
    }
    return switch (DirectoryEntry.form(lists.entry(slot))) {
      case DirectoryEntry.EMPTY -> 0;
      case DirectoryEntry.HUB -> retainInHub(slot, hi, lo, filter, mostOfHub);
      default -> retainInPlace(slot, filter);
    };
  }

  private boolean keepsAll(long slot, Filter filter) {
    lists.open(slot, cursor());
    while (cursor().nextFragment()) {
      int width = cursor().entryBytes();
      for (int i = 0; i < cursor().count(); i++) {
        if (!keeps(filter, cursor().address() + (long) i * width, width)) {
          return false;
        }
      }
    }
    return true;
  }

  /// Whether [#retain] has not come to the end of its list.
  public boolean hasMore() {
    return more;
  }

  /// The first word of the entry at which [#retain] goes on.
  public long nextHi() {
    return nextHi;
  }

  /// The second word of that entry.
  public long nextLo() {
    return nextLo;
  }

  private int retainInHub(long slot, long hi, long lo, Filter filter, int most) {
    long list = lists.entry(slot);
    int width = lists.width(list);
    Tree hub = lists.hubs(list);
    long key = Entries.key(width, lo);
    long leaf = hub.leafOf(DirectoryEntry.reference(list), hi, 0, key);
    int at = leaf == 0 ? 0 : hub.position(leaf, hi, 0, key);
    long[] gone = new long[2 * most];
    int removed = 0;
    int looked = 0;
    long passed = 0;
    while (leaf != 0 && looked < most) {
      if (at == hub.count(leaf)) {
        leaf = hub.nextLeaf(leaf, ++passed);
        at = 0;
        continue;
      }
      long entry = hub.entries(leaf) + (long) at++ * width;
      looked++;
      nextHi = Entries.hi(entry, width);
      nextLo = Entries.lo(entry, width);
      if (filter.keeps(nextHi, nextLo)) {
        nextLo += width == 4 ? 1L << 32 : 1; // its equals stay as well
      } else {
        gone[2 * removed] = nextHi;
        gone[2 * removed++ + 1] = nextLo;
      }
    }
    more = leaf != 0;
    for (int i = 0; i < removed; i++) {
      remove(slot, gone[2 * i], gone[2 * i + 1]);
    }
    return looked;
  }

  /// What stays keeps its order.
  private int retainInPlace(long slot, Filter filter) {
    lists.open(slot, cursor());
    cursor().nextFragment();
    int width = cursor().entryBytes();
    int count = cursor().count();
    int kept = 0;
    for (int i = 0; i < count; i++) {
      kept += keeps(filter, cursor().address() + (long) i * width, width) ? 1 : 0;
    }
    if (kept == 0) {
      clear(slot);
    } else if (kept < count) {
      copyKept(slot, filter, kept);
    }
    return count;
  }

  private void copyKept(long slot, Filter filter, int kept) {
    long at = writableEntry(slot);
    int width = lists.width(at);
    boolean inline = DirectoryEntry.form(at) == DirectoryEntry.INLINE;
    int sorted = inline ? 0 : DirectoryEntry.sorted(at);
    long old = inline ? 0 : DirectoryEntry.reference(at);
    long block = inline ? 0 : slabs().take(kept * width);
    long to = inline ? DirectoryEntry.inlineEntries(at, width) : slabs().writableEnd(block);
    lists.open(slot, cursor());
    cursor().nextFragment();
    int count = cursor().count();
    int copied = 0;
    int keptSorted = 0;
    for (int i = 0; i < count; i++) {
      long entry = cursor().address() + (long) i * width;
      if (keeps(filter, entry, width)) {
        Memory.copy(entry, to + (long) copied++ * width, width);
        keptSorted += i < sorted ? 1 : 0;
      }
    }
    if (inline) {
      DirectoryEntry.putInline(at, isWide(width), kept);
    } else {
      DirectoryEntry.putBlock(at, isWide(width), kept, keptSorted, block);
      leave(old);
    }
  }

  private static boolean keeps(Filter filter, long entry, int width) {
    return filter.keeps(Entries.hi(entry, width), Entries.lo(entry, width));
  }

  /// Makes freed slots free for the next transaction. Call it before the commit.
  public void finish() {
    if (slabs != null) {
      slabs.finish();
    }
  }

  private void insertInline(long at, int width, int length, long hi, long lo) {
    if (length < DirectoryEntry.inlineCapacity(width)) {
      long entries = DirectoryEntry.inlineEntries(at, width);
      Entries.put(entries + (long) length * width, width, hi, lo);
      DirectoryEntry.putInline(at, isWide(width), length + 1);
      return;
    }
    long block = slabs().take((length + 1) * width);
    long to = slabs().writableEnd(block);
    Memory.copy(DirectoryEntry.inlineEntries(at, width), to, (long) length * width);
    Entries.put(to + (long) length * width, width, hi, lo);
    putSorted(at, to, width, 0, length + 1, block);
  }

  /// Makes a block the list, all of which this transaction has written. A short one is left as it
  /// is: who looks for an entry compares all.
  private void putSorted(long at, long entries, int width, int sorted, int length, long block) {
    int ascending = sorted + Entries.ascending(entries, sorted, length, width);
    if (ascending < length && length > SHORT) {
      Entries.sort(entries, ascending, length, width);
      ascending = length;
    }
    DirectoryEntry.putBlock(at, isWide(width), length, ascending, block);
  }

  private void insertInBlock(long at, int width, long length, long hi, long lo) {
    long block = DirectoryEntry.reference(at);
    boolean wide = isWide(width);
    int sorted = DirectoryEntry.sorted(at);
    int bytes = (int) length * width;
    if (bytes + width <= lists.slabs().bytes(block)) {
      long entries = slabs().writableEnd(block);
      long end = entries + bytes;
      Entries.put(end, width, hi, lo);
      boolean ascends = sorted == length && Entries.compare(end - width, end, width) <= 0;
      DirectoryEntry.putBlock(at, wide, length + 1, ascends ? sorted + 1 : sorted, block);
    } else if (bytes + width <= SizeClasses.LARGEST) {
      long larger = slabs().take(bytes + width);
      long to = slabs().writableEnd(larger);
      Memory.copy(lists.slabs().address(block), to, bytes);
      Entries.put(to + bytes, width, hi, lo);
      putSorted(at, to, width, sorted, (int) length + 1, larger);
      leave(block);
    } else {
      becomeHub(at, width, block, (int) length, sorted, hi, lo);
    }
  }

  private void becomeHub(long at, int width, long block, int length, int sorted, long hi, long lo) {
    TreeWriter tree = hubs(at);
    long root = tree.build(lists.slabs().address(block), sorted);
    for (int i = sorted; i < length; i++) {
      long entry = lists.slabs().address(block) + (long) i * width;
      long key = Entries.key(width, Entries.lo(entry, width));
      root = tree.insert(root, Entries.hi(entry, width), key);
    }
    root = tree.insert(root, hi, Entries.key(width, lo));
    DirectoryEntry.putHub(at, isWide(width), length + 1, root);
    leave(block);
  }

  private boolean removeFromHub(long at, int width, long hi, long lo) {
    long length = DirectoryEntry.length(at);
    TreeWriter tree = hubs(at);
    long root = tree.remove(DirectoryEntry.reference(at), hi, Entries.key(width, lo));
    if (!tree.removed()) {
      return false;
    }
    if (root == 0) {
      DirectoryEntry.putEmpty(at);
    } else {
      DirectoryEntry.putHub(at, isWide(width), length - 1, root);
    }
    return true;
  }

  /// The entry of a slot, to be written until the transaction may spill.
  long writableEntry(long slot) {
    isFirst = false;
    entryWrites.clear();
    entryWrites.add(slot >>> DirectoryEntry.PER_PAGE_SHIFT, DirectoryEntry.line(slot));
    writableEntries(entryWrites);
    return entryWrites.frame(0) + DirectoryEntry.offset(slot);
  }

  /// Makes pages of the directory writable. One whose lists are in a run and that is not there yet
  /// gets their places first.
  void writableEntries(LineWrites writes) {
    for (int i = 0; i < writes.count(); i++) {
      if (lists.isFrozen(writes.page(i) << DirectoryEntry.PER_PAGE_SHIFT)) {
        lists.thaw(writes.page(i), transaction.writable(spaces.directory(), writes.page(i)));
      }
    }
    transaction.writableLines(spaces.directory(), writes);
  }
}
