package dev.quarry.storage.slab;

import dev.quarry.storage.page.PageTable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Verifies lists and descriptors as such, without knowing what is in them.
///
/// Of a list: its entries are as many as its directory entry says, and ascend where that says so.
/// Of the descriptors of a slab: they count what their bits say, a page with slots in use is there,
/// and the pages with room are those of the chains, each in one chain. Used by one thread.
public final class SlabCheck {
  private final ListCursor cursor = new ListCursor();
  private final Lists lists;

  public SlabCheck(Lists lists) {
    this.lists = lists;
  }

  /// What is wrong with the list of a slot; null if nothing is.
  public @Nullable String fault(long slot) {
    lists.open(slot, cursor);
    int width = cursor.entryBytes();
    long found = 0;
    boolean any = false;
    long hi = 0;
    long lo = 0;
    while (cursor.nextFragment()) {
      if (cursor.sorted() > cursor.count()) {
        return "%d of its %d entries are said to ascend".formatted(cursor.sorted(), cursor.count());
      }
      for (int i = 0; i < cursor.sorted(); i++) {
        long at = cursor.address() + (long) i * width;
        if (any && Entries.compare(at, width, hi, lo) < 0) {
          return "its entries do not ascend at number " + (found + i);
        }
        any = true;
        hi = Entries.hi(at, width);
        lo = Entries.lo(at, width);
      }
      found += cursor.count();
    }
    long length = lists.length(slot);
    return found == length ? null : "it has %d entries, not %d".formatted(found, length);
  }

  /// Verifies the descriptors of a slab.
  public static void descriptors(Slabs slabs, Consumer<String> problems) {
    slabs.descriptors(
        (page, large, at) -> descriptor(slabs.table(large), page, large, at, problems));
    long listed = 0;
    for (int sizeClass = 0; sizeClass < SizeClasses.COUNT; sizeClass++) {
      listed += chain(slabs, sizeClass, problems);
    }
    long flagged = flagged(slabs);
    if (listed >= 0 && listed != flagged) {
      problems.accept(
          "%d slab pages have room, %d are found by their chains".formatted(flagged, listed));
    }
  }

  private static void descriptor(
      PageTable pages, long page, boolean large, long at, Consumer<String> problems) {
    int sizeClass = Descriptors.classPlusOne(at) - 1;
    if (sizeClass < 0) {
      return;
    }
    if (sizeClass >= SizeClasses.COUNT || SizeClasses.isLarge(sizeClass) != large) {
      problems.accept("slab page %d has size class %d".formatted(page, sizeClass));
      return;
    }
    int slots = SizeClasses.slotsPerPage(sizeClass);
    int live = 0;
    for (int slot = 0; slot < 128; slot++) {
      boolean used = Descriptors.inUse(at, slot);
      live += used ? 1 : 0;
      if (used && slot >= slots) {
        problems.accept("slab page %d has no slot %d, but it is in use".formatted(page, slot));
      }
    }
    if (live != Descriptors.live(at)) {
      problems.accept(
          "slab page %d has %d slots in use, its counter says %d"
              .formatted(page, live, Descriptors.live(at)));
    }
    if (live > 0 && pages.isAbsent(page)) {
      problems.accept("slab page %d has slots in use, but does not exist".formatted(page));
    }
    if (live < slots && !Descriptors.listed(at)) {
      problems.accept("slab page %d has room, but is in no chain".formatted(page));
    }
  }

  /// How many pages the chain of a size class has.
  private static long chain(Slabs slabs, int sizeClass, Consumer<String> problems) {
    boolean large = SizeClasses.isLarge(sizeClass);
    long most = slabs.table(large).pageCount();
    long length = 0;
    for (long next = slabs.head(sizeClass); next != 0; ) {
      long page = next - 1;
      if (page < 0 || page >= most || length++ == most) {
        problems.accept("the chain of size class %d leads nowhere".formatted(sizeClass));
        return Long.MIN_VALUE / 64;
      }
      long at = slabs.descriptor(page, large);
      if (Descriptors.classPlusOne(at) != sizeClass + 1 || !Descriptors.listed(at)) {
        problems.accept(
            "slab page %d is in the chain of size class %d, and should not be"
                .formatted(page, sizeClass));
      }
      next = Descriptors.next(at);
    }
    return length;
  }

  private static long flagged(Slabs slabs) {
    long[] flagged = new long[1];
    slabs.descriptors(
        (page, large, at) ->
            flagged[0] += Descriptors.classPlusOne(at) > 0 && Descriptors.listed(at) ? 1 : 0);
    return flagged[0];
  }
}
