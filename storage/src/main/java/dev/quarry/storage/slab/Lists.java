package dev.quarry.storage.slab;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Stretch;
import dev.quarry.storage.page.PageReader;
import dev.quarry.storage.page.PageTable;
import dev.quarry.storage.tree.Tree;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Reads the lists of one kind. Used by one thread at a time; nothing is allocated per list.
/// Blocks, hubs and runs are looked up when the first of them is met: many transactions open few
/// lists.
public final class Lists {
  /// The most lists that [#locate] takes at once.
  public static final int LOCATED = 64;

  private static final int FEW_LOCATED = 4;

  private final PageReader reader;
  private final ListSpaces spaces;
  private final int width;
  private final PageTable directory;
  private final boolean mayHaveRuns;
  private @Nullable Runs runs;
  private @Nullable StretchFinder stretches;
  private @Nullable Slabs slabs;
  private @Nullable Tree hubs;
  private @Nullable Tree wideHubs;
  private @Nullable ListSearch search;

  /// Takes what [#locate] read ahead, so that the reads are not left out.
  int touched;

  private @Nullable Located located; // made when lists are first located

  /// What is said of several lists, while they are located.
  private static final class Located {
    final long[] at; // directory entries, and extents of lists that have none
    final long[] heads; // first words of entries; extents

    Located(int room) {
      at = new long[room];
      heads = new long[room];
    }

    /// @param frozen a bit for each list that has no entry
    void read(int count, long frozen) {
      for (int i = 0; i < count; i++) {
        if ((frozen >>> i & 1) == 0 || at[i] != 0) {
          heads[i] = Memory.getLong(at[i]);
        }
      }
    }
  }

  public Lists(PageReader reader, ListSpaces spaces) {
    this.reader = reader;
    this.spaces = spaces;
    this.width = spaces.entryBytes();
    this.directory = reader.table(spaces.directory());
    this.mayHaveRuns = spaces.runs().exist();
  }

  /// Bytes of an entry of the list at an address of the directory.
  int width(long at) {
    return width == 4 && DirectoryEntry.isWide(at) ? 8 : width;
  }

  Tree hubs(long at) {
    return width == 4 && DirectoryEntry.isWide(at) ? wideHubs() : hubs();
  }

  private Tree wideHubs() {
    Tree known = wideHubs;
    if (known == null) {
      known = new Tree(reader, spaces.hubs(), 8);
      wideHubs = known;
    }
    return known;
  }

  /// Whether no list was ever written.
  public boolean isEmpty() {
    return directory.pageCount() == 0 && (!mayHaveRuns || runs().isEmpty());
  }

  /// How many entries the list of a slot has.
  public long length(long slot) {
    long at = entry(slot);
    int form = DirectoryEntry.form(at);
    return form == DirectoryEntry.EMPTY && isFrozen(slot)
        ? runs().length(slot)
        : DirectoryEntry.length(at);
  }

  /// Adds the lengths of many lists to as many numbers; slots in ascending order cost least.
  public void addLengths(long[] slots, int count, long[] sums) {
    for (int from = 0; from < count; ) {
      long page = slots[from] >>> DirectoryEntry.PER_PAGE_SHIFT;
      int to = from + 1;
      while (to < count && slots[to] >>> DirectoryEntry.PER_PAGE_SHIFT == page) {
        to++;
      }
      if (isFrozen(slots[from])) {
        runs().addLengths(slots, from, to, sums);
      } else {
        addLengthsOfEntries(slots, from, to, sums);
      }
      from = to;
    }
  }

  /// The same of the lists of slots side by side.
  ///
  /// @param first slot, a multiple of 256
  public void addLengths(long first, int count, long[] sums) {
    for (int from = 0; from < count; from += DirectoryEntry.PER_PAGE) {
      long slot = first + from;
      int to = Math.min(from + DirectoryEntry.PER_PAGE, count);
      long page = directory.addressIfPresent(slot >>> DirectoryEntry.PER_PAGE_SHIFT);
      if (page == 0 && mayHaveRuns) {
        runs().addLengths(slot, sums, from, to);
      }
      for (int i = from; i < to && page != 0; i++) {
        sums[i] += DirectoryEntry.length(page + DirectoryEntry.offset(first + i));
      }
    }
  }

  /// @param to behind the last slot; all are of one page of the directory
  private void addLengthsOfEntries(long[] slots, int from, int to, long[] sums) {
    long page = directory.address(slots[from] >>> DirectoryEntry.PER_PAGE_SHIFT);
    for (int i = from; i < to; i++) {
      sums[i] += DirectoryEntry.length(page + DirectoryEntry.offset(slots[i]));
    }
  }

  /// Whether the list of a slot, if it has one, is found by the ends of runs alone.
  boolean isFrozen(long slot) {
    return mayHaveRuns && directory.isAbsent(slot >>> DirectoryEntry.PER_PAGE_SHIFT);
  }

  /// Whether the list of a slot lies in a run.
  boolean isInRun(long slot) {
    return isFrozen(slot) ? runs().length(slot) > 0 : DirectoryEntry.isInRun(entry(slot));
  }

  /// Writes the entries of a page of the directory that was not there: where its lists lie.
  ///
  /// @param at address of the page, all zeros
  void thaw(long page, long at) {
    long first = page << DirectoryEntry.PER_PAGE_SHIFT;
    for (long slot = first; slot < first + DirectoryEntry.PER_PAGE; slot++) {
      long length = runs().length(slot);
      if (length > 0) {
        boolean wide = runs().width(slot) != width;
        boolean packed = runs().isPacked(slot);
        long place = runs().place(slot);
        putInRun(at + DirectoryEntry.offset(slot), wide, packed, length, place);
      }
    }
  }

  static void putInRun(long at, boolean wide, boolean packed, long length, long place) {
    if (packed) {
      DirectoryEntry.putPacked(at, wide, length, place);
    } else {
      DirectoryEntry.putRun(at, wide, length, place);
    }
  }

  @Nullable Runs runsIfAny() {
    return mayHaveRuns ? runs() : null;
  }

  PageTable directory() {
    return directory;
  }

  /// Bytes of an entry of a list that is not wider.
  int entryBytes() {
    return width;
  }

  Runs runs() {
    Runs known = runs;
    if (known == null) {
      known = makeRuns();
      runs = known;
    }
    return known;
  }

  private Runs makeRuns() {
    if (!mayHaveRuns) {
      throw new CorruptPageException(
          ErrorCode.STORE_DAMAGED,
          "a list is said to lie in a run, where there are none",
          "run `quarry check`");
    }
    return new Runs(reader, spaces.runs());
  }

  /// Opens the list of a slot.
  public void open(long slot, ListCursor cursor) {
    long at = entry(slot);
    int bytes = width(at);
    switch (DirectoryEntry.form(at)) {
      case DirectoryEntry.EMPTY -> openFrozen(slot, bytes, cursor);
      case DirectoryEntry.INLINE -> {
        int length = inlineLength(DirectoryEntry.length(at), bytes);
        cursor.openOne(DirectoryEntry.inlineEntries(at, bytes), length, 0, bytes);
      }
      case DirectoryEntry.BLOCK -> openBlock(slot, at, bytes, cursor);
      case DirectoryEntry.HUB -> cursor.openHub(hubs(at), DirectoryEntry.reference(at), bytes);
      case DirectoryEntry.RUN -> {
        ensureSound(slot, at);
        cursor.openRun(runs(), DirectoryEntry.reference(at), DirectoryEntry.length(at), bytes);
      }
      case DirectoryEntry.PACKED -> {
        ensureSound(slot, at);
        long length = DirectoryEntry.length(at);
        cursor.openPacked(runs(), bytes, DirectoryEntry.reference(at), -1, length);
      }
      default -> throw damaged(slot, "form " + DirectoryEntry.form(at));
    }
  }

  private void openFrozen(long slot, int bytes, ListCursor cursor) {
    if (isFrozen(slot)) {
      runs().open(slot, bytes, cursor);
    } else {
      cursor.openOne(0, 0, 0, bytes);
    }
  }

  /// Finds many lists at once: the reads of one pass do not wait for each other, so their cache
  /// misses overlap. The first pass finds out where it is said where the lists are, the second one
  /// reads that, the third one understands it, and the last reads both ends of each list. The
  /// second and the last do nothing else, and do not branch on what they read: a processor looks
  /// only some hundred instructions ahead, and a branch that was guessed wrongly waits for its
  /// miss.
  ///
  /// @param slots which lists; overwritten by the addresses of their entries, anything for an empty
  ///   list, and -1 for one that must be opened by itself: a hub, one that lies in two pages, a
  ///   packed one, or one wider than others
  /// @param count at most [#LOCATED]
  /// @param lengths where the numbers of entries go; of a list that must be opened, anything
  /// @return a bit for each list of up to 3 entries of 4 bytes that lies in its directory entry,
  ///   for [Memory#sumFew]
  public long locate(long[] slots, int count, int[] lengths) {
    Located into = located;
    if (into == null || into.at.length < count) {
      into = new Located(room(count));
      located = into;
    }
    long frozen = look(slots, count, into);
    into.read(count, frozen);
    long few = width == 4 ? placeFew(slots, count, frozen, into, lengths) : 0;
    long all = count == LOCATED ? -1L : (1L << count) - 1;
    long others = all & ~few;
    for (long bits = others; bits != 0; bits &= bits - 1) {
      int i = Long.numberOfTrailingZeros(bits);
      if ((frozen >>> i & 1) != 0) {
        placeFrozen(slots, i, into.heads[i], lengths);
      } else {
        place(slots, i, into, lengths);
      }
    }
    touched = Memory.touch(slots, lengths, width, others);
    return few;
  }

  /// How many lists to make room for where so many are located: a short statement locates one.
  public static int room(int count) {
    return count <= FEW_LOCATED ? FEW_LOCATED : LOCATED;
  }

  /// Finds the lists that lie in their directory entries; nothing is read for them again.
  private static long placeFew(long[] slots, int count, long frozen, Located from, int[] lengths) {
    long few = 0;
    for (int i = 0; i < count; i++) {
      long head = from.heads[i];
      if (DirectoryEntry.isFew(head) && (frozen >>> i & 1) == 0) {
        lengths[i] = (int) (head >>> 8) & 3;
        slots[i] = DirectoryEntry.inlineEntries(from.at[i], 4);
        few |= 1L << i;
      }
    }
    return few;
  }

  /// Finds the directory entries of lists, and the ends of those that have none.
  ///
  /// @return a bit for each of the latter
  private long look(long[] slots, int count, Located into) {
    long frozen = 0;
    for (int i = 0; i < count; i++) {
      long slot = slots[i];
      long page = directory.addressIfPresent(slot >>> DirectoryEntry.PER_PAGE_SHIFT);
      if (page != 0) {
        into.at[i] = page + DirectoryEntry.offset(slot);
      } else {
        frozen |= 1L << i;
        into.at[i] = mayHaveRuns ? runs().extentAddress(slot) : 0;
        if (into.at[i] == 0) {
          into.heads[i] = mayHaveRuns ? runs().extent(slot) : 0;
        }
      }
    }
    return frozen;
  }

  private void placeFrozen(long[] slots, int i, long extent, int[] lengths) {
    int length = Runs.lengthOf(extent);
    lengths[i] = length;
    slots[i] = length == 0 ? 0 : runs().locatedByExtent(slots[i], extent, width);
  }

  /// Turns a directory entry into the address and the length of its list.
  private void place(long[] slots, int i, Located from, int[] lengths) {
    long head = from.heads[i];
    int form = (int) head & 0xFF;
    if (form == DirectoryEntry.INLINE) {
      lengths[i] = inlineLength((int) (head >>> 8) & 0xFF, width);
      slots[i] = DirectoryEntry.inlineEntries(from.at[i], width);
    } else if (form == DirectoryEntry.BLOCK) {
      lengths[i] = blockLength(head);
      slots[i] = slabs().address(DirectoryEntry.reference(from.at[i]), (long) lengths[i] * width);
    } else if (form == DirectoryEntry.RUN) {
      lengths[i] = (int) (head >>> 32);
      slots[i] = runs().locatedByPlace(DirectoryEntry.reference(from.at[i]), head >>> 32, width);
    } else {
      lengths[i] = 0;
      slots[i] = form == DirectoryEntry.EMPTY ? 0 : -1;
    }
  }

  /// Finds the lists of neighbouring slots at once, but for those that are said to be apart.
  ///
  /// @param slot the first, a multiple of [Stretch#SLOTS]
  /// @param wanted a bit for each of them; what is said of others means nothing
  /// @return whether any were found; if not, each must be opened by itself
  public boolean stretch(long slot, long wanted, Stretch into) {
    StretchFinder known = stretches;
    if (known == null) {
      known = new StretchFinder(this);
      stretches = known;
    }
    return known.find(slot, wanted, into);
  }

  static int blockLength(long head) {
    int length = (int) (head >>> 32);
    if (length <= 0) {
      throw new CorruptPageException(
          ErrorCode.STORE_DAMAGED,
          "a directory entry has " + length + " entries in a block",
          "run `quarry check`");
    }
    return length;
  }

  /// Whether the list of a slot holds an entry.
  public boolean contains(long slot, long hi, long lo) {
    return find(slot, hi, lo) != 0;
  }

  /// How many entries of a list equal the given one.
  public long count(long slot, long hi, long lo) {
    return search().count(slot, hi, lo);
  }

  /// The address of an entry; 0 if the list does not hold it. Of a hub, or a packed list: some
  /// number that is not 0.
  long find(long slot, long hi, long lo) {
    return search().find(slot, hi, lo);
  }

  private ListSearch search() {
    ListSearch known = search;
    if (known == null) {
      known = new ListSearch(this);
      search = known;
    }
    return known;
  }

  /// Slots that have lists lie below this.
  public long slotCount() {
    long entries = directory.pageCount() << DirectoryEntry.PER_PAGE_SHIFT;
    return mayHaveRuns ? Math.max(entries, runs().slotCount()) : entries;
  }

  /// The blocks, for the checker.
  public Slabs slabs() {
    Slabs known = slabs;
    if (known == null) {
      known = new Slabs(reader, spaces.slabs());
      slabs = known;
    }
    return known;
  }

  /// The hubs, for the checker.
  public Tree hubs() {
    Tree known = hubs;
    if (known == null) {
      known = new Tree(reader, spaces.hubs(), width);
      hubs = known;
    }
    return known;
  }

  /// Tells what the list of a slot owns: its block's slab reference, or the pages of its hub.
  public void owned(long slot, LongConsumer block, LongConsumer hubPage) {
    long at = entry(slot);
    if (DirectoryEntry.form(at) == DirectoryEntry.BLOCK) {
      block.accept(DirectoryEntry.reference(at));
    } else if (DirectoryEntry.form(at) == DirectoryEntry.HUB) {
      hubs(at).pages(DirectoryEntry.reference(at), hubPage);
    }
  }

  private void openBlock(long slot, long at, int bytes, ListCursor cursor) {
    ensureSound(slot, at);
    cursor.openOne(
        slabs().address(DirectoryEntry.reference(at)),
        (int) DirectoryEntry.length(at),
        DirectoryEntry.sorted(at),
        bytes);
  }

  /// Makes sure that what an entry says of its list can be.
  void ensureSound(long slot, long at) {
    long length = DirectoryEntry.length(at);
    int bytes = width(at);
    if (DirectoryEntry.isWide(at)
        && (width != 4 || DirectoryEntry.form(at) == DirectoryEntry.EMPTY)) {
      throw damaged(slot, "entries of 8 bytes, where there are none");
    }
    switch (DirectoryEntry.form(at)) {
      case DirectoryEntry.EMPTY -> {
        if (length != 0) {
          throw damaged(slot, length + " entries in an empty list");
        }
      }
      case DirectoryEntry.HUB -> {}
      case DirectoryEntry.INLINE -> inlineLength(length, bytes);
      case DirectoryEntry.RUN -> runs().ensureSound(DirectoryEntry.reference(at), length, bytes);
      case DirectoryEntry.PACKED -> {
        if (bytes == 16) {
          throw damaged(slot, "packed entries of " + bytes + " bytes");
        }
      }
      case DirectoryEntry.BLOCK -> {
        int room = slabs().bytes(DirectoryEntry.reference(at));
        if (length < 1 || length * bytes > room) {
          throw damaged(slot, length + " entries in a block of " + room + " bytes");
        }
        if (DirectoryEntry.sorted(at) > length) {
          throw damaged(slot, DirectoryEntry.sorted(at) + " of " + length + " entries are sorted");
        }
      }
      default -> throw damaged(slot, "form " + DirectoryEntry.form(at));
    }
  }

  static int inlineLength(long length, int width) {
    if (length < 0 || length > DirectoryEntry.inlineCapacity(width)) {
      throw new CorruptPageException(
          ErrorCode.STORE_DAMAGED,
          "a directory entry has %d entries of %d bytes, it has room for %d"
              .formatted(length, width, DirectoryEntry.inlineCapacity(width)),
          "run `quarry check`");
    }
    return (int) length;
  }

  long entry(long slot) {
    return directory.address(slot >>> DirectoryEntry.PER_PAGE_SHIFT) + DirectoryEntry.offset(slot);
  }

  private static CorruptPageException damaged(long slot, String what) {
    return new CorruptPageException(
        ErrorCode.STORE_DAMAGED,
        "the list of slot " + slot + " is damaged: " + what,
        "run `quarry check`");
  }
}
