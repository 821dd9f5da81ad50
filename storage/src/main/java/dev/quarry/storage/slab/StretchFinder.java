package dev.quarry.storage.slab;

import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Stretch;
import org.jspecify.annotations.Nullable;

/// Finds the lists of neighbouring slots at once: as they lie in a run, or else copied together,
/// which takes less than to open each. Used by one thread at a time; nothing is allocated per
/// stretch.
final class StretchFinder {
  // How many lists of a stretch may lie elsewhere than in their directory entries: their cache
  // misses do not overlap.
  private static final int ELSEWHERE = 8;

  private final Lists lists;
  private final @Nullable Runs runs;
  private final PackedReader packed = new PackedReader(); // closed before a search ends

  StretchFinder(Lists lists) {
    this.lists = lists;
    this.runs = lists.runsIfAny();
  }

  /// See [Lists#stretch].
  boolean find(long slot, Stretch into) {
    assert slot % Stretch.SLOTS == 0 : slot;
    long page = lists.directory().addressIfPresent(slot >>> DirectoryEntry.PER_PAGE_SHIFT);
    if (page != 0) {
      return lists.entryBytes() == 4 && inDirectory(page + DirectoryEntry.offset(slot), into);
    }
    return runs != null && inRun(runs, slot, into);
  }

  private boolean inDirectory(long first, Stretch into) {
    into.clear();
    int elsewhere = 0;
    for (int i = 0; i < Stretch.SLOTS; i++) {
      long at = first + i * (long) DirectoryEntry.BYTES;
      long head = Memory.getLong(at);
      int form = (int) head & 0xFF;
      if (into.room() < Stretch.FEW) {
        return false;
      } else if (form == DirectoryEntry.INLINE || form == DirectoryEntry.EMPTY) {
        int length = Lists.inlineLength((int) (head >>> 8) & 0xFF, 4);
        into.addFew(DirectoryEntry.inlineEntries(at, 4), length);
      } else if (++elsewhere > ELSEWHERE || !addOther(form, head, at, into)) {
        return false;
      }
      into.endList(i);
    }
    into.setCopied();
    return true;
  }

  private boolean addOther(int form, long head, long at, Stretch into) {
    long length = head >>> 32;
    long reference = DirectoryEntry.reference(at);
    if (length > into.room()) {
      return false;
    }
    long address = -1;
    if (form == DirectoryEntry.BLOCK) {
      address = lists.slabs().address(reference, Lists.blockLength(head) * 4L);
    } else if (form == DirectoryEntry.RUN) {
      address = lists.runs().locatedByPlace(reference, length, 4);
    }
    if (address == -1) {
      return false; // also a hub, one that is packed, or one wider than others
    }
    into.add(address, (int) length, 4);
    return true;
  }

  private boolean inRun(Runs in, long slot, Stretch into) {
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
      return unpack(in, width, run, begin, ends, into);
    }
    long place = run + begin * width;
    if (width == 4 && isWhole(in, place, units * width)) {
      into.set(ends, begin, (int) units, in.address(place));
      return true;
    }
    if (!copy(in, place, (int) units, width, into)) {
      return false;
    }
    into.setCopied(ends, begin);
    return true;
  }

  /// Whether the pages of a range of places lie one behind the other in memory.
  private static boolean isWhole(Runs in, long place, long bytes) {
    long address = in.address(place);
    for (long next = Runs.leftInPage(place); next < bytes; next += Runs.PAGE) {
      if (in.address(place + next) != address + next) {
        return false;
      }
    }
    return true;
  }

  private static boolean copy(Runs in, long place, int count, int width, Stretch into) {
    into.clear();
    if (count > into.room()) {
      return false;
    }
    long at = place;
    int left = count;
    while (left > 0) {
      int some = (int) Math.min(left, Runs.leftInPage(at) / width);
      into.add(in.address(at), some, width);
      at += (long) some * width;
      left -= some;
    }
    return true;
  }

  /// @param run where it begins
  /// @param ends address of the ends, in bytes of the run
  private boolean unpack(Runs in, int width, long run, long begin, long ends, Stretch into) {
    into.clear();
    try {
      long from = begin;
      for (int i = 0; i < Stretch.SLOTS; i++) {
        long to = Memory.getInt(ends + i * 4L) & 0xFFFFFFFFL;
        if (from != to) {
          packed.open(in, width, run + from, run + to, -1);
          if (packed.left() > into.room()) {
            return false;
          }
          while (packed.next()) {
            into.add(packed.address(), packed.count(), width);
          }
        }
        into.endList(i);
        from = to;
      }
    } finally {
      packed.close();
    }
    into.setCopied();
    return true;
  }
}
