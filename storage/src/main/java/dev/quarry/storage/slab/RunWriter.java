package dev.quarry.storage.slab;

import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.page.PageTransaction;

/// Writes lists to runs, each once, whole, in the order of their slots; see [Runs]. For lists of a
/// kind that has none in the groups that are written.
///
/// The lists of a page of the directory are collected, and then go to the run together. Where most
/// of them would fit in their directory entries they go there, since that saves a reader a cache
/// miss; those that do not are in the run all the same, and their entries say where.
///
/// Spills where a page is full, so the caller must hold no address of a page. Used by the writer's
/// thread.
public final class RunWriter {
  /// Bytes of the buffer that a writer needs.
  public static final int BUFFER = 1 << Runs.PAGE_SHIFT;

  private static final int SLOTS = 1 << DirectoryEntry.PER_PAGE_SHIFT;
  private static final long MOST = 0xFFFFFFFFL; // entries of a group that have ends

  private final PageTransaction transaction;
  private final ListSpaces spaces;
  private final int width;
  private final long buffer;

  // The page of the directory that is being collected.
  private final long[] counts = new long[SLOTS];
  private long directoryPage = -1;
  private long buffered; // bytes
  private boolean flushed; // whether some of its lists are in the run already

  // The group whose run is being written.
  private long group = -1;
  private long firstPage;
  private long position; // entries that are in the run
  private long endsUpTo; // the first slot without an end
  private long lastEnd; // the same, as long as ends can say it

  /// @param buffer address of [#BUFFER] bytes, which are the writer's until it has finished
  public RunWriter(PageTransaction transaction, ListSpaces spaces, long buffer) {
    this.transaction = transaction;
    this.spaces = spaces;
    this.width = spaces.entryBytes();
    this.buffer = buffer;
  }

  /// Writes the list of a slot.
  ///
  /// @param slot higher than that of the list before
  /// @param entries address of its entries, which ascend, of the least width of the kind
  /// @param count at least 1
  public void list(long slot, long entries, long count) {
    long page = slot >>> DirectoryEntry.PER_PAGE_SHIFT;
    if (page != directoryPage) {
      assert page > directoryPage : page + " after " + directoryPage;
      endPage();
      directoryPage = page;
      beginGroup(slot >>> RunGroup.SHIFT);
    }
    counts[(int) slot & SLOTS - 1] = count;
    long bytes = count * width;
    if (buffered + bytes > BUFFER) {
      flush();
    }
    if (bytes > BUFFER) {
      flushed = true;
      append(entries, count);
    } else {
      Memory.copy(entries, buffer + buffered, bytes);
      buffered += bytes;
    }
  }

  /// Writes what is left.
  public void finish() {
    endPage();
    endGroup();
    group = -1;
    directoryPage = -1;
  }

  private void beginGroup(long next) {
    if (next == group) {
      return;
    }
    endGroup();
    group = next;
    firstPage = transaction.table(spaces.runs().entries()).pageCount();
    position = 0;
    lastEnd = 0;
    endsUpTo = next << RunGroup.SHIFT;
  }

  private void endGroup() {
    if (position == 0) {
      return;
    }
    if (endsUpTo > group << RunGroup.SHIFT) {
      putEnds((endsUpTo + Runs.ENDS - 1) & -Runs.ENDS, lastEnd);
    }
    long pages = position * width + BUFFER - 1 >>> Runs.PAGE_SHIFT;
    long at = transaction.writable(spaces.runs().groups(), group / RunGroup.PER_PAGE);
    RunGroup.put(at + RunGroup.offset(group), firstPage, pages, width);
  }

  /// Brings the lists of a page of the directory to where they stay.
  private void endPage() {
    if (directoryPage < 0) {
      return;
    }
    long entries = 0;
    for (long count : counts) {
      entries += count;
    }
    if (!flushed && (mostAreInline() || position + entries > MOST)) {
      putDirectoryPage();
    } else {
      putEndsOfPage();
      flush();
    }
    java.util.Arrays.fill(counts, 0);
    buffered = 0;
    flushed = false;
  }

  /// Whether a page of directory entries is better than ends: it is larger.
  private boolean mostAreInline() {
    int lists = 0;
    int inline = 0;
    for (long count : counts) {
      lists += count > 0 ? 1 : 0;
      inline += count > 0 && count <= DirectoryEntry.inlineCapacity(width) ? 1 : 0;
    }
    return lists >= SLOTS / 2 && inline >= lists - lists / 8;
  }

  private void putDirectoryPage() {
    long from = buffer;
    for (int i = 0; i < SLOTS; i++) {
      if (counts[i] == 0) {
        continue;
      }
      boolean inline = counts[i] <= DirectoryEntry.inlineCapacity(width);
      long place = (firstPage << Runs.PAGE_SHIFT) + position * width;
      if (!inline) {
        // What comes before this page ends where the run ends now.
        putEnds(directoryPage << DirectoryEntry.PER_PAGE_SHIFT, lastEnd);
        append(from, counts[i]);
      }
      // Only now, since appending may spill.
      long page = transaction.writable(spaces.directory(), directoryPage);
      long at = page + DirectoryEntry.offset(i);
      if (inline) {
        Memory.copy(from, DirectoryEntry.inlineEntries(at, width), counts[i] * width);
        DirectoryEntry.putInline(at, false, (int) counts[i]);
      } else {
        DirectoryEntry.putRun(at, false, counts[i], place);
      }
      from += counts[i] * width;
    }
    lastEnd = position <= MOST ? position : lastEnd;
  }

  /// Writes the ends of the slots before this page, and of its own.
  private void putEndsOfPage() {
    long first = directoryPage << DirectoryEntry.PER_PAGE_SHIFT;
    putEnds(first, lastEnd);
    long at =
        transaction.writable(spaces.runs().ends(), first >>> Runs.ENDS_SHIFT)
            + (first & Runs.ENDS - 1) * 4;
    long end = lastEnd;
    for (int i = 0; i < SLOTS; i++) {
      end += counts[i];
      Memory.putInt(at + i * 4L, (int) end);
    }
    lastEnd = end;
    endsUpTo = first + SLOTS;
  }

  /// Gives all slots below one, that have none yet, the same end.
  private void putEnds(long slot, long end) {
    while (endsUpTo < slot) {
      long in = endsUpTo & Runs.ENDS - 1;
      long n = Math.min(slot - endsUpTo, Runs.ENDS - in);
      long at = transaction.writable(spaces.runs().ends(), endsUpTo >>> Runs.ENDS_SHIFT) + in * 4;
      for (long i = 0; i < n; i++) {
        Memory.putInt(at + i * 4, (int) end);
      }
      endsUpTo += n;
    }
  }

  private void flush() {
    flushed = true;
    append(buffer, buffered / width);
    buffered = 0;
  }

  /// Copies entries to the end of the run.
  private void append(long entries, long count) {
    long from = entries;
    long left = count * width;
    while (left > 0) {
      long place = (firstPage << Runs.PAGE_SHIFT) + position * width;
      long n = Math.min(left, Runs.leftInPage(place));
      long page = transaction.writable(spaces.runs().entries(), place >>> Runs.PAGE_SHIFT);
      Memory.copy(from, page + (place & BUFFER - 1), n);
      from += n;
      left -= n;
      position += n / width;
      if (n == Runs.leftInPage(place)) {
        transaction.spillPoint();
      }
    }
  }
}
