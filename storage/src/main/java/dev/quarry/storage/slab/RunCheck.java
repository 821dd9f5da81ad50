package dev.quarry.storage.slab;

import dev.quarry.storage.page.PageTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Verifies the runs of one kind of lists: the ends of a group ascend and stay inside its run, each
/// page of a run belongs to one group and is there, and directory entries that lead into a run lead
/// into that of their group; packed lists are read to their ends ([PackedCheck]). Used by one
/// thread.
public final class RunCheck {
  private final Lists lists;
  private final Runs runs;
  private final PackedCheck packed;
  private final PageTable directory;
  private final int least;
  private final Consumer<String> problems;
  private final List<Stretch> stretches = new ArrayList<>(); // one or two for each group with runs

  private record Stretch(long group, long first, long pages) {
    long end() {
      return first + pages;
    }
  }

  private RunCheck(Lists lists, Runs runs, Consumer<String> problems) {
    this.lists = lists;
    this.runs = runs;
    this.packed = new PackedCheck(runs);
    this.directory = lists.directory();
    this.least = lists.entryBytes();
    this.problems = problems;
  }

  /// Verifies the runs of some lists.
  public static void check(Lists lists, Consumer<String> problems) {
    Runs runs = lists.runsIfAny();
    if (runs != null) {
      new RunCheck(lists, runs, problems).run();
    }
  }

  private void run() {
    long groups = runs.groupCount();
    for (long group = 0; group < groups; group++) {
      long at = runs.descriptor(group);
      stretch(group, at);
      stretch(group, at + RunGroup.NEXT);
    }
    for (long group = 0; group << RunGroup.SHIFT < runs.slotCount(); group++) {
      ends(group);
    }
    pages();
    entries();
  }

  private void stretch(long group, long at) {
    if (RunGroup.pages(at) == 0) {
      return;
    }
    int width = RunGroup.width(at);
    if (width != 4 && width != 8 || width < least || !RunGroup.isSound(at)) {
      problems.accept(
          "group %d has entries of %d bytes, packed %b"
              .formatted(group, width, RunGroup.isPacked(at)));
    }
    stretches.add(new Stretch(group, RunGroup.firstPage(at), RunGroup.pages(at)));
  }

  /// The ends of a group ascend, and pages of them are there up to the last.
  private void ends(long group) {
    long at = runs.descriptor(group);
    long most = RunGroup.bytes(at) / Math.max(1, RunGroup.unit(at));
    boolean isPacked = RunGroup.isPacked(at);
    long first = group << RunGroup.SHIFT;
    long before = 0;
    boolean gap = false;
    for (long slot = first; slot < first + RunGroup.SLOTS; slot += Runs.ENDS) {
      if (!runs.hasEnd(slot)) {
        gap = true;
        continue;
      }
      if (gap) {
        problems.accept("slots before %d have no ends".formatted(slot));
        return;
      }
      for (long one = slot; one < slot + Runs.ENDS; one++) {
        long end = runs.end(one);
        if (end < before || end > most) {
          problems.accept(
              "the list of slot %d ends at %d, between %d and %d was expected"
                  .formatted(one, end, before, most));
          return;
        }
        if (isPacked && end > before && lists.isFrozen(one)) {
          long from = RunGroup.firstPage(at) << Runs.PAGE_SHIFT;
          tell(one, packed.fault(RunGroup.width(at), from + before, from + end, -1, from + most));
        }
        before = end;
      }
    }
  }

  /// Every page of a stretch is there, and in no other; no other page is there.
  private void pages() {
    stretches.sort(Comparator.comparingLong(Stretch::first));
    PageTable pages = runs.pages();
    long next = 0;
    for (Stretch stretch : stretches) {
      if (stretch.first() < next || stretch.end() > pages.pageCount()) {
        problems.accept(
            "group %d has the pages from %d to %d, it may begin at %d, and there are %d"
                .formatted(
                    stretch.group(), stretch.first(), stretch.end(), next, pages.pageCount()));
        return;
      }
      absent(next, stretch.first());
      for (long page = stretch.first(); page < stretch.end(); page++) {
        if (pages.isAbsent(page)) {
          problems.accept("page %d of group %d is not there".formatted(page, stretch.group()));
        }
      }
      next = stretch.end();
    }
    absent(next, pages.pageCount());
  }

  private void absent(long from, long to) {
    long present = runs.pages().firstPresent(from);
    if (present >= 0 && present < to) {
      problems.accept("page %d belongs to no group".formatted(present));
    }
  }

  private void entries() {
    for (long page = directory.firstPresent(0); page >= 0; ) {
      long first = page << DirectoryEntry.PER_PAGE_SHIFT;
      for (long slot = first; slot < first + DirectoryEntry.PER_PAGE; slot++) {
        long at = directory.address(page) + DirectoryEntry.offset(slot);
        if (DirectoryEntry.form(at) == DirectoryEntry.RUN) {
          entry(slot, at);
        } else if (DirectoryEntry.form(at) == DirectoryEntry.PACKED) {
          packedEntry(slot, at);
        }
      }
      page = directory.firstPresent(page + 1);
    }
  }

  private void entry(long slot, long at) {
    int width = DirectoryEntry.isWide(at) ? 8 : least;
    long place = DirectoryEntry.reference(at);
    long first = place >>> Runs.PAGE_SHIFT;
    long last = place + DirectoryEntry.length(at) * width - 1 >>> Runs.PAGE_SHIFT;
    long descriptor = runs.descriptor(slot >>> RunGroup.SHIFT);
    if (!isInside(descriptor, first, last) && !isInside(descriptor + RunGroup.NEXT, first, last)) {
      problems.accept("the list of slot %d lies outside of the run of its group".formatted(slot));
    }
  }

  private void packedEntry(long slot, long at) {
    long place = DirectoryEntry.reference(at);
    long descriptor = runs.descriptor(slot >>> RunGroup.SHIFT);
    boolean isNext = isInside(descriptor + RunGroup.NEXT, place);
    long of = isNext ? descriptor + RunGroup.NEXT : descriptor;
    int width = lists.width(at);
    if (!RunGroup.isPacked(of) || RunGroup.width(of) != width || !isInside(of, place)) {
      problems.accept(
          "the list of slot %d lies outside of the packed run of its group".formatted(slot));
      return;
    }
    long limit = (RunGroup.firstPage(of) << Runs.PAGE_SHIFT) + RunGroup.bytes(of);
    tell(slot, packed.fault(width, place, -1, DirectoryEntry.length(at), limit));
  }

  private void tell(long slot, @Nullable String fault) {
    if (fault != null) {
      problems.accept("the packed list of slot %d: %s".formatted(slot, fault));
    }
  }

  private static boolean isInside(long descriptor, long place) {
    long page = place >>> Runs.PAGE_SHIFT;
    return isInside(descriptor, page, page);
  }

  private static boolean isInside(long descriptor, long first, long last) {
    long from = RunGroup.firstPage(descriptor);
    return first >= from && last >= first && last < from + RunGroup.pages(descriptor);
  }
}
