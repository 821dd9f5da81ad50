package dev.quarry.storage.slab;

import dev.quarry.storage.page.PageTable;
import dev.quarry.storage.page.PageTransaction;

/// Freezes the lists of a group of slots: brings them to a run, in which they take no more than
/// their entries, and lie in the order of their slots.
///
/// ```text
///  page 0 of the directory ► page 1 ► … ► page 255      their lists go to the next run of the group,
///                                                       and their entries say where
///  finish   the next run is the run; pages of the directory whose lists are all in it, in order,
///           become ends; the old run is free
/// ```
///
/// Each arrow may be a transaction of its own, and others may come in between: a list that was
/// changed after its page is one that has left its run, as ever. A list that is wider than the run
/// stays where it is, and so does a large hub; the pages of the directory that have one stay too.
/// Only one group of a kind may be on its way. Used by the writer's thread.
///
/// A run may be packed ([Packed]); then no list stays inline. A group that is packed stays so until
/// it is frozen again, and is packed or not then.
public final class GroupFreezer {
  /// Pages of the directory in a group.
  public static final int PAGES = RunGroup.SLOTS >>> DirectoryEntry.PER_PAGE_SHIFT;

  private static final int LARGEST_HUB = Runs.PAGE; // bytes
  private static final int MOST_LOOSE_PERCENT = 15;

  private final PageTransaction transaction;
  private final ListSpaces spaces;
  private final ListWriter writer;
  private final Lists lists;
  private final Runs runs;
  private final PageTable directory;
  private final long group;
  private final int least;
  private final boolean packs;
  private final PackedReader measure = new PackedReader();
  private final long[] counts = new long[DirectoryEntry.PER_PAGE];
  private long moved;

  /// @param spaces of lists that can have runs
  /// @param packs whether a run that is begun is to be packed
  public GroupFreezer(PageTransaction transaction, ListSpaces spaces, long group, boolean packs) {
    this.packs = packs;
    this.transaction = transaction;
    this.spaces = spaces;
    this.writer = new ListWriter(transaction, spaces);
    this.lists = writer.lists();
    this.runs = lists.runs();
    this.directory = lists.directory();
    this.group = group;
    this.least = spaces.entryBytes();
  }

  /// The group that is on its way; -1 if there is none.
  public static long onItsWay(Lists lists) {
    Runs runs = lists.runs();
    for (long group = 0; group < runs.groupCount(); group++) {
      if (RunGroup.pages(runs.descriptor(group) + RunGroup.NEXT) > 0) {
        return group;
      }
    }
    return -1;
  }

  /// Groups that lists can be in.
  public static long count(Lists lists) {
    return lists.slotCount() + RunGroup.SLOTS - 1 >>> RunGroup.SHIFT;
  }

  /// Whether freezing makes a difference: of the bytes of its lists, with their pages of the
  /// directory, more than [#MOST_LOOSE_PERCENT] are in lists outside of its run, in parts of the
  /// run that are not in use any more, and in pages of the directory where ends would do. Or it is
  /// to be packed, and is not.
  public boolean isWorthwhile() {
    RunAppender run = nextRun();
    int width = nextWidth();
    boolean isPacking = nextIsPacked();
    long loose = 0;
    long inRun = 0;
    long entries = 0;
    for (long page = firstPage(); page < firstPage() + PAGES; page++) {
      if (directory.isAbsent(page)) {
        inRun += runs.bytes(page);
        continue;
      }
      count(page);
      boolean staysInline = staysInline(isPacking);
      boolean staysAbove = staysInline;
      for (int i = 0; i < DirectoryEntry.PER_PAGE; i++) {
        long at = lists.entry((page << DirectoryEntry.PER_PAGE_SHIFT) + i);
        if (DirectoryEntry.isInRun(at)) {
          inRun += bytesInRun(at);
        } else if (moves(at, staysInline, width, run)) {
          loose += counts[i] * width;
        } else {
          staysAbove |= counts[i] > 0;
        }
      }
      entries += staysAbove ? 0 : DirectoryEntry.PER_PAGE * DirectoryEntry.BYTES;
    }
    long at = runs.descriptor(group);
    long old = RunGroup.pages(at) == 0 ? 0 : RunGroup.bytes(at);
    long all = loose + Math.max(inRun, old) + entries;
    long ends = entries / DirectoryEntry.BYTES * Integer.BYTES;
    long gain = loose + Math.max(0, old - inRun) + entries - ends;
    boolean isMuch = gain * 100 > all * MOST_LOOSE_PERCENT;
    boolean isToBePacked = isPacking && !RunGroup.isPacked(at);
    return (loose + inRun >= leastBytes() || old > 0) && (isMuch || isToBePacked);
  }

  /// Whether a page of the directory stays as it is, since most of its lists fit into it.
  private boolean staysInline(boolean isPacking) {
    return !isPacking && RunWriter.mostFitInline(counts, least);
  }

  private long bytesInRun(long at) {
    long place = DirectoryEntry.reference(at);
    return DirectoryEntry.form(at) == DirectoryEntry.PACKED
        ? measure.end(runs, lists.width(at), place) - place
        : DirectoryEntry.length(at) * lists.width(at);
  }

  /// A group with less stays as it is, since a run has a page of its own. The property is for
  /// tests.
  private static int leastBytes() {
    return Integer.getInteger("quarry.leastFrozenBytes", Runs.PAGE / 2);
  }

  private long firstPage() {
    return group << RunGroup.SHIFT - DirectoryEntry.PER_PAGE_SHIFT;
  }

  private void count(long page) {
    for (int i = 0; i < DirectoryEntry.PER_PAGE; i++) {
      counts[i] = lists.length((page << DirectoryEntry.PER_PAGE_SHIFT) + i);
    }
  }

  /// Brings the lists of a page of the directory to the next run. [#complete()] before the commit.
  ///
  /// @param index of the page in the group
  /// @return bytes that were copied
  public long page(int index) {
    long page = firstPage() + index;
    count(page);
    int width = nextWidth();
    boolean isPacking = nextIsPacked();
    boolean staysInline = staysInline(isPacking);
    RunAppender run = nextRun();
    if (isDone(page, staysInline, width, run)) {
      return 0;
    }
    ListFreezer freezer = new ListFreezer(writer, run, width, isPacking);
    long before = run.bytes();
    for (int i = 0; i < DirectoryEntry.PER_PAGE; i++) {
      long slot = (page << DirectoryEntry.PER_PAGE_SHIFT) + i;
      long at = writer.writableEntry(slot);
      lists.ensureSound(slot, at);
      if (moves(at, staysInline, width, run)) {
        freezer.move(slot, at);
        moved++;
      } else if (leadsElsewhere(at, run)) {
        writer.leaveRun(slot, at, 0);
      }
    }
    if (run.bytes() > 0) {
      RunGroup.put(descriptor() + RunGroup.NEXT, run.firstPage(), run.bytes(), width, isPacking);
    }
    return run.bytes() - before;
  }

  private boolean isDone(long page, boolean staysInline, int width, RunAppender run) {
    boolean isAbsent = directory.isAbsent(page);
    for (int i = 0; i < DirectoryEntry.PER_PAGE; i++) {
      long at = lists.entry((page << DirectoryEntry.PER_PAGE_SHIFT) + i);
      boolean isThere =
          counts[i] == 0
              || !isAbsent && !moves(at, staysInline, width, run) && !leadsElsewhere(at, run);
      if (!isThere) {
        return false;
      }
    }
    return true;
  }

  /// Lists that [#page] has brought to the run.
  public long moved() {
    return moved;
  }

  /// Completes the transaction's part.
  public void complete() {
    writer.finish();
  }

  /// Bytes of an entry of the next run: as narrow as most lists, but once wide, always wide.
  private int nextWidth() {
    long at = runs.descriptor(group);
    if (RunGroup.pages(at + RunGroup.NEXT) > 0) {
      return RunGroup.width(at + RunGroup.NEXT);
    }
    boolean isWide = RunGroup.pages(at) > 0 ? RunGroup.width(at) == 8 : mostAreWide();
    return isWide ? 8 : least;
  }

  private boolean mostAreWide() {
    int listed = 0;
    int wide = 0;
    for (long page = firstPage(); page < firstPage() + PAGES; page++) {
      for (int i = 0; i < DirectoryEntry.PER_PAGE && !directory.isAbsent(page); i++) {
        long at = lists.entry((page << DirectoryEntry.PER_PAGE_SHIFT) + i);
        listed += DirectoryEntry.length(at) > 0 ? 1 : 0;
        wide += lists.width(at) == 8 ? 1 : 0;
      }
    }
    return wide * 2 > listed;
  }

  private boolean nextIsPacked() {
    long next = runs.descriptor(group) + RunGroup.NEXT;
    return RunGroup.pages(next) > 0 ? RunGroup.isPacked(next) : packs;
  }

  private RunAppender nextRun() {
    long next = runs.descriptor(group) + RunGroup.NEXT;
    boolean begun = RunGroup.pages(next) > 0;
    long first = begun ? RunGroup.firstPage(next) : runs.pages().pageCount();
    assert !begun || first + RunGroup.pages(next) == runs.pages().pageCount() : "not the last run";
    return new RunAppender(
        transaction, spaces.runs().entries(), first, begun ? RunGroup.bytes(next) : 0);
  }

  private long descriptor() {
    return transaction.writable(spaces.runs().groups(), group / RunGroup.PER_PAGE)
        + RunGroup.offset(group);
  }

  private boolean moves(long at, boolean staysInline, int width, RunAppender run) {
    int form = DirectoryEntry.form(at);
    if (lists.width(at) > width) {
      return false;
    }
    return switch (form) {
      case DirectoryEntry.EMPTY -> false;
      case DirectoryEntry.INLINE -> !staysInline;
      case DirectoryEntry.HUB -> DirectoryEntry.length(at) * lists.width(at) <= LARGEST_HUB;
      case DirectoryEntry.RUN, DirectoryEntry.PACKED -> leadsElsewhere(at, run);
      default -> true;
    };
  }

  private static boolean leadsElsewhere(long at, RunAppender run) {
    return DirectoryEntry.isInRun(at) && !run.contains(DirectoryEntry.reference(at));
  }

  /// Makes the next run the run of the group.
  ///
  /// @return false if a list is still in the old one, since its page was not brought, or was
  ///   changed since: then all pages have to be looked at again
  public boolean finish() {
    long at = runs.descriptor(group);
    long next = at + RunGroup.NEXT;
    RunAppender run = nextRun();
    for (long page = firstPage(); page < firstPage() + PAGES; page++) {
      if (hasOldList(page, run)) {
        return false;
      }
    }
    long oldFirst = RunGroup.firstPage(at);
    long oldPages = RunGroup.pages(at);
    int width = RunGroup.width(next);
    boolean isPacked = RunGroup.isPacked(next);
    new DirectoryThinner(transaction, spaces, lists, group).thin(run, width, isPacked);
    for (long page = oldFirst; page < oldFirst + oldPages; page++) {
      transaction.free(spaces.runs().entries(), page);
    }
    long descriptor = descriptor();
    RunGroup.clear(descriptor);
    if (run.bytes() > 0) {
      RunGroup.put(descriptor, run.firstPage(), run.bytes(), width, isPacked);
    }
    RunGroup.clear(descriptor + RunGroup.NEXT);
    return true;
  }

  private boolean hasOldList(long page, RunAppender run) {
    long first = page << DirectoryEntry.PER_PAGE_SHIFT;
    if (directory.isAbsent(page)) {
      return runs.bytes(page) > 0;
    }
    for (long slot = first; slot < first + DirectoryEntry.PER_PAGE; slot++) {
      if (leadsElsewhere(lists.entry(slot), run)) {
        return true;
      }
    }
    return false;
  }
}
