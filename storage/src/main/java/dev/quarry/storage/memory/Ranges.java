package dev.quarry.storage.memory;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/// The native ranges that are live in this JVM: extents, and map windows of files.
///
/// Gives a range the base of its addresses and, in check mode, knows which 4 KiB units of it are
/// handed out. The number of a range that is gone is used again last of all.
///
/// Threads: any. Registration is rare and takes a lock; [#segment(long)] is a plain array read,
/// which is safe because an address reaches another thread only through a publication after
/// registration.
final class Ranges {
  static final int OFFSET_BITS = 40;
  static final long OFFSET_MASK = (1L << OFFSET_BITS) - 1;
  static final int UNIT_SHIFT = 12;

  /// One range; `live` has a bit per unit that is handed out, or is null where all of it is.
  private record Range(long base, long bytes, @Nullable AtomicLongArray live) {}

  private static final MemorySegment NONE = MemorySegment.ofArray(new byte[0]);
  private static MemorySegment[] segments = filled(new MemorySegment[64], 0);
  private static final ArrayDeque<Integer> free = new ArrayDeque<>();
  private static int next = 1;
  private static final TreeMap<Long, Range> byBase = new TreeMap<>();
  private static volatile Range[] sorted = {};

  private Ranges() {}

  /// Makes a range known and returns the address of its first byte.
  ///
  /// @param inUnits whether its units are handed out one by one, by [#mark]
  static synchronized long register(MemorySegment segment, boolean inUnits) {
    long base = Memory.ABSOLUTE ? segment.address() : number(segment);
    long units = (segment.byteSize() >>> UNIT_SHIFT) + 64;
    boolean tracked = inUnits && Memory.checkMode();
    AtomicLongArray live = tracked ? new AtomicLongArray((int) (units >>> 6) + 1) : null;
    byBase.put(base, new Range(base, segment.byteSize(), live));
    sorted = byBase.values().toArray(Range[]::new);
    return base;
  }

  /// Forgets a range. Its addresses must not be used any more.
  static synchronized void unregister(long base) {
    Range gone = byBase.remove(base);
    assert gone != null : "no range at " + Long.toHexString(base);
    sorted = byBase.values().toArray(Range[]::new);
    if (!Memory.ABSOLUTE) {
      int index = (int) (base >>> OFFSET_BITS);
      segments[index] = NONE;
      free.addLast(index);
    }
  }

  static MemorySegment segment(long address) {
    return segments[(int) (address >>> OFFSET_BITS)];
  }

  /// Notes, in check mode, that a frame was handed out or came back.
  static void mark(long address, long bytes, boolean live) {
    if (!Memory.checkMode()) {
      return;
    }
    Range range = rangeOf(address);
    if (range == null || range.live == null) {
      return;
    }
    long first = (address - range.base) >>> UNIT_SHIFT;
    long last = (address - range.base + bytes - 1) >>> UNIT_SHIFT;
    for (long unit = first; unit <= last; unit++) {
      long bit = 1L << unit;
      int word = (int) (unit >>> 6);
      long before =
          live
              ? range.live.getAndUpdate(word, bits -> bits | bit)
              : range.live.getAndUpdate(word, bits -> bits & ~bit);
      if (((before & bit) != 0) == live) {
        throw wrong(address, bytes, live ? "was handed out twice" : "was freed twice");
      }
    }
  }

  /// Raises a typed error unless the bytes lie in one live range, in units that are handed out.
  static void check(long address, long bytes) {
    if (bytes == 0) {
      return;
    }
    Range range = rangeOf(address);
    if (range == null) {
      throw wrong(address, bytes, "lies in no live range");
    }
    if (bytes < 0 || bytes > range.base + range.bytes - address) {
      throw wrong(address, bytes, "passes the end of its range of " + range.bytes + " bytes");
    }
    if (range.live == null) {
      return;
    }
    long first = (address - range.base) >>> UNIT_SHIFT;
    long last = (address - range.base + bytes - 1) >>> UNIT_SHIFT;
    for (long unit = first; unit <= last; unit++) {
      if ((range.live.get((int) (unit >>> 6)) & 1L << unit) == 0) {
        throw wrong(address, bytes, "lies in a frame that is free");
      }
    }
  }

  private static @Nullable Range rangeOf(long address) {
    Range[] ranges = sorted;
    int low = 0;
    int high = ranges.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      Range range = ranges[middle];
      if (address < range.base) {
        high = middle - 1;
      } else if (address - range.base >= range.bytes) {
        low = middle + 1;
      } else {
        return range;
      }
    }
    return null;
  }

  private static long number(MemorySegment segment) {
    Integer index = free.size() > 64 ? free.pollFirst() : null;
    if (index == null) {
      index = next++;
    }
    if (index >= segments.length) {
      segments = filled(Arrays.copyOf(segments, segments.length * 2), segments.length);
    }
    segments[index] = segment;
    return (long) index << OFFSET_BITS;
  }

  private static MemorySegment[] filled(MemorySegment[] array, int from) {
    Arrays.fill(array, from, array.length, NONE);
    return array;
  }

  /// How many ranges are live, for tests of leaks.
  static synchronized Map<Long, Long> live() {
    Map<Long, Long> bytes = new TreeMap<>();
    byBase.forEach((base, range) -> bytes.put(base, range.bytes));
    return bytes;
  }

  private static CorruptPageException wrong(long address, long bytes, String what) {
    return new CorruptPageException(
        ErrorCode.MEMORY_ACCESS,
        "access to %d bytes at address 0x%x %s".formatted(bytes, address, what));
  }
}
