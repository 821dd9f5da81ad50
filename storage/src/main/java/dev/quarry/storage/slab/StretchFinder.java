package dev.quarry.storage.slab;

import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Stretch;
import org.jspecify.annotations.Nullable;

/// Finds the lists of neighbouring slots at once: in their run, in their directory entries, or
/// where those lead. Used by one thread at a time; nothing is allocated per stretch.
final class StretchFinder {
  // So many lists that directory entries lead to are worth a loop that reads their ends ahead.
  private static final int MANY = 8;

  // So many lists are worth a look at all.
  private static final int MANY_WANTED = Stretch.SLOTS / 2;

  private final Lists lists;
  private final @Nullable Runs runs;
  private final PackedReader packed = new PackedReader(); // closed before a search ends

  StretchFinder(Lists lists) {
    this.lists = lists;
    this.runs = lists.runsIfAny();
  }

  /// See [Lists#stretch].
  boolean find(long slot, long wanted, Stretch into) {
    assert slot % Stretch.SLOTS == 0 : slot;
    into.clear();
    long page = lists.directory().addressIfPresent(slot >>> DirectoryEntry.PER_PAGE_SHIFT);
    if (page == 0) {
      return runs != null && inRun(runs, slot, wanted, into);
    }
    if (lists.entryBytes() != 4) {
      return false;
    }
    long first = page + DirectoryEntry.offset(slot);
    boolean many = Long.bitCount(wanted) > MANY_WANTED;
    long others = many ? wanted & ~placeAll(first, into) : placeSome(first, wanted, into);
    if (runs != null && Long.bitCount(others) > MANY_WANTED) {
      others &= ~unchanged(runs, slot, first, into);
    }
    if (others != 0) {
      elsewhere(first, others, into);
    }
    return true;
  }

  /// Finds those of all lists that have few numbers, in their directory entries. Does not branch on
  /// what it reads.
  ///
  /// @return a bit for each of them
  private static long placeAll(long first, Stretch into) {
    long few = 0;
    int total = 0;
    for (int i = 0; i < Stretch.SLOTS; i++) {
      long at = first + i * (long) DirectoryEntry.BYTES;
      long head = Memory.getLong(at);
      int length = (int) (head >>> 8) & 3;
      long isFew = DirectoryEntry.isFew(head) ? 1 : 0;
      into.place(i, DirectoryEntry.inlineEntries(at, 4), length);
      total += length & (int) -isFew;
      few |= isFew << i;
    }
    into.putFew(few, total);
    return few;
  }

  /// The same of some lists.
  ///
  /// @return a bit for each of the others
  private static long placeSome(long first, long wanted, Stretch into) {
    long few = 0;
    int total = 0;
    for (long bits = wanted; bits != 0; bits &= bits - 1) {
      int index = Long.numberOfTrailingZeros(bits);
      long at = first + index * (long) DirectoryEntry.BYTES;
      long head = Memory.getLong(at);
      if (DirectoryEntry.isFew(head)) {
        int length = (int) (head >>> 8) & 3;
        into.place(index, DirectoryEntry.inlineEntries(at, 4), length);
        total += length;
        few |= 1L << index;
      }
    }
    into.putFew(few, total);
    return wanted & ~few;
  }

  /// Finds those lists whose directory entries say of them what the ends of the run below say too.
  ///
  /// @return a bit for each of them
  private static long unchanged(Runs in, long slot, long first, Stretch into) {
    long ends = in.endAddress(slot);
    long group = in.descriptor(slot >>> RunGroup.SHIFT);
    if (ends == 0 || RunGroup.pages(group) == 0 || RunGroup.isPacked(group)) {
      return 0;
    }
    long begin = in.begin(slot);
    long units = in.end(slot + Stretch.SLOTS - 1) - begin;
    long place = (RunGroup.firstPage(group) << Runs.PAGE_SHIFT) + begin * 4;
    if (units <= 0 || units > Stretch.MOST || Runs.width(slot, group) != 4) {
      return 0;
    }
    Runs.ensureInside(slot, group, (begin + units) * 4);
    long same = isWhole(in, place, units * 4) ? agreeing(first, ends, begin, place) : 0;
    if (same != 0) {
      into.putRun(same, ends, begin, (int) units, in.address(place));
    }
    return same;
  }

  /// @param place where the first list begins
  private static long agreeing(long first, long ends, long begin, long place) {
    long same = 0;
    long from = begin;
    for (int i = 0; i < Stretch.SLOTS; i++) {
      long at = first + i * (long) DirectoryEntry.BYTES;
      long end = Memory.getInt(ends + i * 4L) & 0xFFFFFFFFL;
      long head = Memory.getLong(at) ^ (end - from << 32 | DirectoryEntry.RUN);
      long reference = DirectoryEntry.reference(at) ^ place + (from - begin) * 4;
      same |= ((head | reference) == 0 && end != from ? 1L : 0L) << i;
      from = end;
    }
    return same;
  }

  private void elsewhere(long first, long others, Stretch into) {
    for (long bits = others; bits != 0; bits &= bits - 1) {
      int index = Long.numberOfTrailingZeros(bits);
      long at = first + index * (long) DirectoryEntry.BYTES;
      putOther(Memory.getLong(at), at, index, into);
    }
    if (Long.bitCount(others) > MANY) {
      lists.touched = into.touch(others & ~into.apart());
    }
  }

  private void putOther(long head, long at, int index, Stretch into) {
    int form = (int) head & 0xFF;
    long reference = DirectoryEntry.reference(at);
    int length = (int) (head >>> 32);
    long address = -1;
    if (form == DirectoryEntry.INLINE || form == DirectoryEntry.EMPTY) {
      length = Lists.inlineLength((int) (head >>> 8) & 0xFF, 4); // more than there can be
    } else if (form == DirectoryEntry.BLOCK) {
      address = lists.slabs().address(reference, Lists.blockLength(head) * 4L);
    } else if (form == DirectoryEntry.RUN) {
      address = lists.runs().locatedByPlace(reference, head >>> 32, 4);
    }
    if (address != -1) {
      into.put(index, address, length);
    } else {
      into.putApart(index); // also a hub, one that is packed, or one wider than others
    }
  }

  private boolean inRun(Runs in, long slot, long wanted, Stretch into) {
    long ends = in.endAddress(slot);
    if (ends == 0) {
      return false;
    }
    long begin = in.begin(slot);
    long units = in.end(slot + Stretch.SLOTS - 1) - begin;
    if (units <= 0 || units > Stretch.MOST) {
      return false; // also where it ends before it begins: who opens a list will say so
    }
    long group = in.descriptor(slot >>> RunGroup.SHIFT);
    int width = Runs.width(slot, group);
    int unit = RunGroup.unit(group);
    Runs.ensureInside(slot, group, (begin + units) * unit);
    long run = RunGroup.firstPage(group) << Runs.PAGE_SHIFT;
    if (RunGroup.isPacked(group)) {
      unpack(in, width, run, begin, ends, wanted, into);
      return true;
    }
    long place = run + begin * width;
    if (width == 4 && isWhole(in, place, units * width)) {
      into.putRun(-1L, ends, begin, (int) units, in.address(place));
      return true;
    }
    if (units > into.room()) {
      return false;
    }
    long numbers = into.copyEnd();
    copy(in, place, (int) units, width, into);
    into.putRun(-1L, ends, begin, (int) units, numbers);
    return true;
  }

  /// Whether the pages of a range of places lie one behind the other in memory.
  private static boolean isWhole(Runs in, long place, long bytes) {
    if (bytes <= Runs.leftInPage(place)) {
      return true;
    }
    long address = in.address(place);
    for (long next = Runs.leftInPage(place); next < bytes; next += Runs.PAGE) {
      if (in.address(place + next) != address + next) {
        return false;
      }
    }
    return true;
  }

  private static void copy(Runs in, long place, int count, int width, Stretch into) {
    long at = place;
    int left = count;
    while (left > 0) {
      int some = (int) Math.min(left, Runs.leftInPage(at) / width);
      into.copy(in.address(at), some, width);
      at += (long) some * width;
      left -= some;
    }
  }

  /// @param run where it begins
  /// @param ends address of the ends, in bytes of the run
  private void unpack(
      Runs in, int width, long run, long begin, long ends, long wanted, Stretch into) {
    try {
      for (long bits = wanted; bits != 0; bits &= bits - 1) {
        int index = Long.numberOfTrailingZeros(bits);
        long from = index == 0 ? begin : Memory.getInt(ends + index * 4L - 4) & 0xFFFFFFFFL;
        long to = Memory.getInt(ends + index * 4L) & 0xFFFFFFFFL;
        if (from == to) {
          into.put(index, 0, 0);
          continue;
        }
        packed.open(in, width, run + from, run + to, -1);
        if (packed.left() > into.room()) {
          into.putApart(index);
          continue;
        }
        int length = (int) packed.left();
        into.put(index, into.copyEnd(), length);
        while (packed.next()) {
          into.copy(packed.address(), packed.count(), width);
        }
      }
    } finally {
      packed.close();
    }
  }
}
