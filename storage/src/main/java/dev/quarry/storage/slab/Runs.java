package dev.quarry.storage.slab;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.storage.memory.Buffers;
import dev.quarry.storage.memory.CellSums;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.page.PageReader;
import dev.quarry.storage.page.PageTable;
import org.jspecify.annotations.Nullable;

/// Reads runs: lists of exact size one behind the other, in the order of their slots, as in a CSR
/// array that is cut into pages.
///
/// ```text
/// ends      one number of 4 bytes for each slot; the first slot of a group begins at 0
///           ┌────┬────┬────┬────┬────┬───
///           │  2 │  2 │  5 │  9 │ 10 │ …        the list of slot 2 has the entries 2, 3 and 4
///           └────┴────┴────┴────┴────┴───       of the run of its group
/// entries   pages of 64 KiB; a list may go on in the next
///           ┌───────┬───────────┬───────────────┬───┬───
///           │ 0   1 │ 2   3   4 │ 5   6   7   8 │ 9 │ …
///           └───────┴───────────┴───────────────┴───┴───
/// ```
///
/// A page of the directory, where there is one, stands above the ends of its slots; so the first
/// change of a list brings back the entries of 256 slots, and copies that list alone. There an
/// entry of form RUN has the place of its list: page << 16 | byte in it.
///
/// The run of a group may be packed, see [Packed]. Then ends count bytes, and the form is PACKED.
///
/// Used by one thread at a time; nothing is allocated per list.
final class Runs {
  static final int PAGE_SHIFT = 16;
  static final int PAGE = 1 << PAGE_SHIFT;
  static final int ENDS_SHIFT = 10;
  static final int ENDS = 1 << ENDS_SHIFT;

  // A file may say that there are any number of groups; these have 2^32 slots.
  private static final int MOST_KEPT = 1 << 16;
  private static final @Nullable Located[] NONE = {};

  private final PageReader reader;
  private final PageTable groups;
  private final PageTable ends;
  private final PageTable entries;
  private @Nullable Located[] located = NONE; // by group, where groups do not change
  private boolean asked; // for a group: who asks for one alone needs no array

  /// What [#locatedByExtent] has to know of a group.
  ///
  /// @param place where its run begins
  /// @param bytes of the run
  /// @param width of an entry; 0 if the lists must be opened one by one
  private record Located(long place, long bytes, int width) {}

  Runs(PageReader reader, RunSpaces spaces) {
    this.reader = reader;
    this.groups = reader.table(spaces.groups());
    this.ends = reader.table(spaces.ends());
    this.entries = reader.table(spaces.entries());
    if (spaces.exist() && entries.pageBytes() != PAGE) {
      throw new CorruptPageException(
          ErrorCode.STORE_DAMAGED,
          "space %d of runs has pages of %d bytes, expected %d"
              .formatted(spaces.entries(), entries.pageBytes(), PAGE),
          "run `quarry check`");
    }
  }

  /// Whether no group has a run.
  boolean isEmpty() {
    return ends.pageCount() == 0;
  }

  /// Slots that the ends have room for.
  long slotCount() {
    return ends.pageCount() << ENDS_SHIFT;
  }

  /// Groups that there are descriptors for.
  long groupCount() {
    return groups.pageCount() * RunGroup.PER_PAGE;
  }

  /// The pages of all runs.
  PageTable pages() {
    return entries;
  }

  /// Buffers for blocks of packed lists.
  Buffers buffers() {
    return reader.buffers();
  }

  /// Whether the ends reach a slot.
  boolean hasEnd(long slot) {
    return !ends.isAbsent(slot >>> ENDS_SHIFT);
  }

  /// Where the list of a slot begins, in entries, or bytes if it is packed, from the beginning of
  /// the run of its group.
  long begin(long slot) {
    return (slot & RunGroup.SLOTS - 1) == 0 ? 0 : end(slot - 1);
  }

  /// Where it ends. Slots that the ends do not reach have empty lists, and no end.
  long end(long slot) {
    long page = ends.addressIfPresent(slot >>> ENDS_SHIFT);
    if (page == 0) {
      throw damaged(slot, "the list before it has no end");
    }
    return Memory.getInt(page + (slot & ENDS - 1) * 4) & 0xFFFFFFFFL;
  }

  /// The number of entries of the list of a slot that has no directory entry.
  long length(long slot) {
    if (!hasEnd(slot)) {
      return 0;
    }
    long length = end(slot) - begin(slot);
    if (length < 0) {
      throw damaged(slot, "it begins at %d and ends at %d".formatted(begin(slot), end(slot)));
    }
    return length > 0 && isPacked(slot) ? packedLength(slot, length) : length;
  }

  /// Adds the lengths of lists that have no directory entries to some numbers.
  ///
  /// @param to behind the last slot; all are of one page of the directory, and so of one of ends
  void addLengths(long[] slots, int from, int to, long[] sums) {
    long page = ends.addressIfPresent(slots[from] >>> ENDS_SHIFT);
    if (page == 0 || addNeighbours(page, slots, from, to, sums)) {
      return;
    }
    boolean asked = false;
    boolean packed = false;
    for (int i = from; i < to; i++) {
      int at = (int) slots[i] & ENDS - 1;
      long end = Memory.getInt(page + at * 4L) & 0xFFFFFFFFL;
      long begin = at == 0 ? begin(slots[i]) : Memory.getInt(page + at * 4L - 4) & 0xFFFFFFFFL;
      if (begin > end) {
        throw damaged(slots[i], "it begins at %d and ends at %d".formatted(begin, end));
      }
      if (begin < end && !asked) {
        packed = isPacked(slots[i]);
        asked = true;
      }
      sums[i] += packed && begin < end ? packedLength(slots[i], end - begin) : end - begin;
    }
  }

  /// The same for slots side by side.
  ///
  /// @param first slot
  /// @param from place of its sum
  void addLengths(long first, long[] sums, int from, int to) {
    long page = ends.addressIfPresent(first >>> ENDS_SHIFT);
    if (page == 0 || addNeighbours(page, first, from, to, sums)) {
      return;
    }
    for (int i = from; i < to; i++) {
      sums[i] += length(first + i - from);
    }
  }

  private boolean addNeighbours(long page, long[] slots, int from, int to, long[] sums) {
    long first = slots[from];
    long apart = 0;
    for (int i = from; i < to; i++) {
      apart |= slots[i] - (first - from + i);
    }
    return apart == 0 && addNeighbours(page, first, from, to, sums);
  }

  /// Adds the lengths of lists that lie behind each other; false if they are packed, or damaged.
  private boolean addNeighbours(long page, long first, int from, int to, long[] sums) {
    long begin = begin(first);
    boolean packed = begin != end(first + to - 1 - from) && isPacked(first);
    long at = page + (first & ENDS - 1) * 4;
    return !packed && CellSums.addDifferences(at, begin, to - from, sums, from);
  }

  private long packedLength(long slot, long bytes) {
    long length = Packed.soundCount(this, Packed.place(this, place(slot)));
    if (length > bytes * Packed.MOST_PER_BYTE) {
      throw damaged(slot, "%d entries in %d bytes".formatted(length, bytes));
    }
    return length;
  }

  /// Whether the group of a slot has a packed run.
  boolean isPacked(long slot) {
    return RunGroup.isPacked(descriptor(slot >>> RunGroup.SHIFT));
  }

  /// Bytes that the lists of the slots of a page of the directory take, if it is absent.
  long bytes(long directoryPage) {
    long first = directoryPage << DirectoryEntry.PER_PAGE_SHIFT;
    if (!hasEnd(first)) {
      return 0;
    }
    long units = end(first + DirectoryEntry.PER_PAGE - 1) - begin(first);
    return units * RunGroup.unit(descriptor(first >>> RunGroup.SHIFT));
  }

  /// Opens the list of a slot that has no directory entry.
  ///
  /// @param least bytes of an entry that is not wider
  void open(long slot, int least, ListCursor cursor) {
    boolean any = hasEnd(slot);
    long begin = any ? begin(slot) : 0;
    long end = any ? end(slot) : 0;
    if (begin == end) {
      cursor.openOne(0, 0, 0, least);
      return;
    }
    long at = descriptor(slot >>> RunGroup.SHIFT);
    int width = width(slot, at);
    if (begin > end || width < least) {
      throw damaged(
          slot,
          "from %d to %d, with entries of %d bytes, not %d".formatted(begin, end, width, least));
    }
    int unit = RunGroup.unit(at);
    ensureInside(slot, at, end * unit);
    long first = RunGroup.firstPage(at) << PAGE_SHIFT;
    if (RunGroup.isPacked(at)) {
      cursor.openPacked(this, width, first + begin, first + end, -1);
    } else {
      cursor.openRun(this, first + begin * unit, end - begin, width);
    }
  }

  /// The place of the list of a slot that has no directory entry, and is not empty.
  long place(long slot) {
    long at = descriptor(slot >>> RunGroup.SHIFT);
    long unit = RunGroup.unit(at);
    ensureInside(slot, at, end(slot) * unit);
    return (RunGroup.firstPage(at) << PAGE_SHIFT) + begin(slot) * unit;
  }

  static void ensureInside(long slot, long descriptor, long end) {
    if (end > RunGroup.bytes(descriptor)) {
      throw endsBehind(slot, end, RunGroup.bytes(descriptor));
    }
  }

  private static CorruptPageException endsBehind(long slot, long end, long bytes) {
    return damaged(slot, "it ends at byte %d of %d".formatted(end, bytes));
  }

  /// Bytes of an entry of a list that has no directory entry, and is not empty.
  int width(long slot) {
    return width(slot, descriptor(slot >>> RunGroup.SHIFT));
  }

  static int width(long slot, long descriptor) {
    int width = RunGroup.width(descriptor);
    if (width != 4 && width != 8 || !RunGroup.isSound(descriptor)) {
      throw damaged(slot, "its group has entries of " + width + " bytes");
    }
    return width;
  }

  /// The *extent* of the list of a slot that has no directory entry, for [#locatedByExtent]: where
  /// it ends in the upper half, and where it begins in the lower one; 0 for one without an end.
  long extent(long slot) {
    return hasEnd(slot) ? end(slot) << 32 | begin(slot) : 0;
  }

  /// The address of the extent of such a slot, for ends lie one behind the other; 0 where it must
  /// be asked for.
  long extentAddress(long slot) {
    long page = ends.addressIfPresent(slot >>> ENDS_SHIFT);
    long at = slot & ENDS - 1;
    return page == 0 || at == 0 ? 0 : page + (at - 1) * 4;
  }

  /// The address of the end of a slot, behind which those of its page lie; 0 if it has none.
  long endAddress(long slot) {
    long page = ends.addressIfPresent(slot >>> ENDS_SHIFT);
    return page == 0 ? 0 : page + (slot & ENDS - 1) * 4;
  }

  /// The number of entries of an extent; of a packed list, of its bytes.
  static int lengthOf(long extent) {
    return (int) (extent >>> 32) - (int) extent;
  }

  /// The address of a list by its extent; -1 if it lies in two pages, is packed, or has another
  /// width.
  long locatedByExtent(long slot, long extent, int width) {
    Located group = located(slot >>> RunGroup.SHIFT);
    long begin = (extent & 0xFFFFFFFFL) * width;
    long end = (extent >>> 32) * width;
    boolean inOnePage = begin < end && begin >>> PAGE_SHIFT == end - 1 >>> PAGE_SHIFT;
    if (!inOnePage || group.width != width) {
      return -1; // also where it ends before it begins: who opens it will say so
    }
    if (end > group.bytes) {
      throw endsBehind(slot, end, group.bytes);
    }
    return address(group.place + begin);
  }

  private Located located(long group) {
    int index = (int) Math.min(group, MOST_KEPT);
    Located known = index < located.length ? located[index] : null;
    if (known != null) {
      return known;
    }
    long at = descriptor(group);
    int width = RunGroup.isPacked(at) ? 0 : RunGroup.width(at);
    if (asked && located.length == 0 && groups.isFixed()) {
      located = new Located[(int) Math.min(groupCount(), MOST_KEPT)];
    }
    asked = true;
    known = new Located(RunGroup.firstPage(at) << PAGE_SHIFT, RunGroup.bytes(at), width);
    if (index < located.length) {
      located[index] = known;
    }
    return known;
  }

  /// The address of a list by the place that its directory entry has; -1 if it lies in two pages.
  long locatedByPlace(long place, long length, int width) {
    ensureSound(place, length, width);
    return length * width > leftInPage(place) ? -1 : address(place);
  }

  /// Makes sure that what a directory entry says can be.
  void ensureSound(long place, long length, int width) {
    long end = place + length * width;
    if (length < 1 || (place & width - 1) != 0 || end - 1 >>> PAGE_SHIFT >= entries.pageCount()) {
      throw new CorruptPageException(
          ErrorCode.STORE_DAMAGED,
          "a list of %d entries of %d bytes is said to lie at byte %d of page %d of a run"
              .formatted(length, width, place & PAGE - 1, place >>> PAGE_SHIFT),
          "run `quarry check`");
    }
  }

  /// The address of a place: what lies behind it in its page lies behind the address.
  long address(long place) {
    long page = place >>> PAGE_SHIFT;
    if (page < 0 || page >= entries.pageCount()) {
      throw new CorruptPageException(
          ErrorCode.STORE_DAMAGED,
          "a list lies in page %d of a run, there are %d".formatted(page, entries.pageCount()),
          "run `quarry check`");
    }
    return entries.address(page) + (place & PAGE - 1);
  }

  /// Bytes of a page from a place on.
  static long leftInPage(long place) {
    return PAGE - (place & PAGE - 1);
  }

  /// The descriptor of a group; zeros if it never had one.
  long descriptor(long group) {
    return groups.address(group / RunGroup.PER_PAGE) + RunGroup.offset(group);
  }

  private static CorruptPageException damaged(long slot, String what) {
    return new CorruptPageException(
        ErrorCode.STORE_DAMAGED,
        "the list of slot " + slot + " in a run is damaged: " + what,
        "run `quarry check`");
  }
}
