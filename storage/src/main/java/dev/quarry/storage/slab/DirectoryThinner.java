package dev.quarry.storage.slab;

import dev.quarry.storage.page.PageTable;
import dev.quarry.storage.page.PageTransaction;
import java.util.Arrays;

/// Replaces the directory entries of a group by ends, where the ends say as much: for pages all of
/// whose lists lie in the run of the group one behind the other, and pages one behind the other.
///
/// ```text
///  page      0        1        2            3        4
///  run     ┌────────┬────────┬────────────┬────────┬───
///          │ lists  │ lists  │ some left  │ lists  │ …      page 2 stays, and hides its ends:
///          └────────┴────────┴────────────┴────────┴───     they all lie where page 3 begins
/// ```
///
/// Used by the writer's thread.
final class DirectoryThinner {
  private static final long NO_LISTS = -2;

  private final PageTransaction transaction;
  private final ListSpaces spaces;
  private final Lists lists;
  private final PageTable directory;
  private final long group;
  private final long firstPage;
  private final PackedReader measure = new PackedReader();
  private final long[] sizes = new long[DirectoryEntry.PER_PAGE];

  DirectoryThinner(PageTransaction transaction, ListSpaces spaces, Lists lists, long group) {
    this.transaction = transaction;
    this.spaces = spaces;
    this.lists = lists;
    this.directory = lists.directory();
    this.group = group;
    this.firstPage = group << RunGroup.SHIFT - DirectoryEntry.PER_PAGE_SHIFT;
  }

  /// Writes ends for the pages of the directory that have all their lists in the run, in order, and
  /// frees those pages.
  void thin(RunAppender run, int width, boolean packed) {
    EndsWriter ends = new EndsWriter(transaction, spaces.runs().ends(), group);
    long end = 0;
    long firstStaying = -1; // of the pages since the last one that was freed
    for (long page = firstPage; page < firstPage + GroupFreezer.PAGES; page++) {
      if (directory.isAbsent(page)) {
        continue; // only empty lists
      }
      long begin = begin(page, run, width, packed);
      if (begin == NO_LISTS) {
        transaction.free(spaces.directory(), page);
        continue;
      }
      boolean fits = begin == end || begin > end && firstStaying >= 0;
      if (!fits || begin + Arrays.stream(sizes).sum() > RunWriter.MOST) {
        firstStaying = firstStaying < 0 ? page : firstStaying;
        continue;
      }
      if (begin > end) {
        ends.fill(firstStaying << DirectoryEntry.PER_PAGE_SHIFT, end);
      }
      ends.fill(page << DirectoryEntry.PER_PAGE_SHIFT, begin);
      end = ends.page(begin, sizes);
      firstStaying = -1;
      transaction.free(spaces.directory(), page);
    }
    ends.finish(end);
    long last = group + 1 << RunGroup.SHIFT - Runs.ENDS_SHIFT;
    for (long page = ends.next() >>> Runs.ENDS_SHIFT; page < last; page++) {
      transaction.free(spaces.runs().ends(), page);
    }
  }

  /// Where the lists of a page begin in the run, as ends count, if they lie there one behind the
  /// other; else -1, or [#NO_LISTS]. Notes what each takes, as ends count.
  private long begin(long page, RunAppender run, int width, boolean packed) {
    int form = packed ? DirectoryEntry.PACKED : DirectoryEntry.RUN;
    int unit = packed ? 1 : width;
    long begin = NO_LISTS;
    long expected = -1;
    for (int i = 0; i < DirectoryEntry.PER_PAGE; i++) {
      long at = lists.entry((page << DirectoryEntry.PER_PAGE_SHIFT) + i);
      sizes[i] = 0;
      if (DirectoryEntry.length(at) == 0) {
        continue;
      }
      long place = DirectoryEntry.reference(at);
      boolean follows = expected < 0 || place == expected;
      if (DirectoryEntry.form(at) != form || lists.width(at) != width || !follows) {
        return -1;
      }
      begin = begin < 0 ? (place - run.firstPlace()) / unit : begin;
      expected =
          packed
              ? measure.end(lists.runs(), width, place)
              : place + DirectoryEntry.length(at) * width;
      sizes[i] = (expected - place) / unit;
    }
    return begin;
  }
}
