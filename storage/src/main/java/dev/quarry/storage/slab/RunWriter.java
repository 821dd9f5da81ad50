package dev.quarry.storage.slab;

import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.page.PageTransaction;
import java.util.Arrays;

/// Writes lists to runs, each once, whole, in the order of their slots; see [Runs]. For lists of a
/// kind that has none in the groups that are written.
///
/// The lists of a page of the directory are collected, and then go to the run together. Where most
/// of them would fit in their directory entries they go there, since that saves a reader a cache
/// miss; those that do not are in the run all the same, and their entries say where. So it is as
/// well where a run has more entries than ends can say.
///
/// A page of a run that is full goes to the file at once, and there the transaction may spill, so
/// the caller must hold no address of a page. Used by the writer's thread.
public final class RunWriter {
  /// Bytes of the buffer that a writer needs.
  public static final int BUFFER = Runs.PAGE;

  /// Entries of a run that ends can say.
  static final long MOST = 0xFFFFFFFFL;

  private final PageTransaction transaction;
  private final ListSpaces spaces;
  private final int width;
  private final long buffer;
  private final long most;

  // The page of the directory that is being collected.
  private final long[] counts = new long[DirectoryEntry.PER_PAGE];
  private long directoryPage = -1;
  private long buffered; // bytes
  private long pagePlace; // where its first list goes
  private boolean flushed; // whether some of its lists are in the run already

  // The group whose run is being written.
  private long group = -1;
  private RunAppender run;
  private EndsWriter ends;
  private long lastEnd; // entries of the run, as long as ends can say it

  /// @param buffer address of [#BUFFER] bytes, which are the writer's until it has finished
  public RunWriter(PageTransaction transaction, ListSpaces spaces, long buffer) {
    this(transaction, spaces, buffer, MOST);
  }

  /// @param most entries of a run that ends may say
  RunWriter(PageTransaction transaction, ListSpaces spaces, long buffer, long most) {
    this.most = most;
    this.transaction = transaction;
    this.spaces = spaces;
    this.width = spaces.entryBytes();
    this.buffer = buffer;
    this.run = new RunAppender(transaction, spaces.runs().entries(), 0, 0);
    this.ends = new EndsWriter(transaction, spaces.runs().ends(), 0);
  }

  /// Fewer bytes of entries of a kind are not worth a run. The property is for tests.
  public static int leastBytes() {
    return Integer.getInteger("quarry.leastFrozenBytes", BUFFER);
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
      pagePlace = run.place();
    }
    counts[(int) slot & DirectoryEntry.PER_PAGE - 1] = count;
    long bytes = count * width;
    if (buffered + bytes > BUFFER) {
      flush();
    }
    if (bytes > BUFFER) {
      flushed = true;
      run.append(entries, bytes, true);
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
    long last = transaction.table(spaces.runs().entries()).pageCount();
    run = new RunAppender(transaction, spaces.runs().entries(), last, 0);
    ends = new EndsWriter(transaction, spaces.runs().ends(), next);
    lastEnd = 0;
  }

  private void endGroup() {
    if (run.bytes() == 0) {
      return;
    }
    ends.finish(lastEnd);
    long at = transaction.writable(spaces.runs().groups(), group / RunGroup.PER_PAGE);
    RunGroup.put(at + RunGroup.offset(group), run.firstPage(), run.bytes(), width, false);
  }

  /// Whether a page of directory entries is better than ends, though larger: most of its lists fit
  /// in their entries.
  ///
  /// @param counts how many entries each list has
  static boolean mostFitInline(long[] counts, int width) {
    int lists = 0;
    int inline = 0;
    for (long count : counts) {
      lists += count > 0 ? 1 : 0;
      inline += count > 0 && count <= DirectoryEntry.inlineCapacity(width) ? 1 : 0;
    }
    return lists >= counts.length / 2 && inline >= lists - lists / 8;
  }

  /// Brings the lists of a page of the directory to where they stay.
  private void endPage() {
    if (directoryPage < 0) {
      return;
    }
    boolean isBeyondEnds = (run.bytes() + buffered) / width > most;
    if (flushed && isBeyondEnds) {
      flush();
      putPlaces();
    } else if (!flushed && (isBeyondEnds || mostFitInline(counts, width))) {
      putDirectoryPage();
    } else {
      putEndsOfPage();
      flush();
    }
    Arrays.fill(counts, 0);
    buffered = 0;
    flushed = false;
  }

  private void putDirectoryPage() {
    long from = buffer;
    for (int i = 0; i < DirectoryEntry.PER_PAGE; i++) {
      if (counts[i] == 0) {
        continue;
      }
      boolean inline = counts[i] <= DirectoryEntry.inlineCapacity(width);
      long place = run.place();
      if (!inline) {
        // What comes before this page ends where the run ends now.
        ends.fill(directoryPage << DirectoryEntry.PER_PAGE_SHIFT, lastEnd);
        run.append(from, counts[i] * width, true);
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
    long end = run.bytes() / width;
    lastEnd = end <= most ? end : lastEnd;
  }

  /// Says of lists that are in the run where they are.
  private void putPlaces() {
    long page = transaction.writable(spaces.directory(), directoryPage);
    long place = pagePlace;
    for (int i = 0; i < DirectoryEntry.PER_PAGE; i++) {
      if (counts[i] > 0) {
        DirectoryEntry.putRun(page + DirectoryEntry.offset(i), false, counts[i], place);
        place += counts[i] * width;
      }
    }
  }

  private void putEndsOfPage() {
    ends.fill(directoryPage << DirectoryEntry.PER_PAGE_SHIFT, lastEnd);
    lastEnd = ends.page(lastEnd, counts);
  }

  private void flush() {
    flushed = true;
    run.append(buffer, buffered, true);
    buffered = 0;
  }
}
