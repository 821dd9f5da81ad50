package dev.quarry.storage.checkpoint;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.storage.epoch.Pins;
import dev.quarry.storage.epoch.Retired;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Which places of the file are in use: a bit per 4 KiB.
///
/// Two bitmaps. *Reachable*: what the state being written reaches; a checkpoint writes it into the
/// file. *Busy*: what must not be written to, which is more: places that the other meta block still
/// reaches, that a reader still looks at, or that an unfinished transaction spilled to. A place
/// that a checkpoint frees is busy until the next checkpoint has ended, when no meta block reaches
/// it, and until no pin lies between its birth and death.
///
/// The death of a place that a checkpoint frees is the handover of that checkpoint: until then
/// nodes of versions that were made meanwhile may refer to the image that lies there.
///
/// Threads: any; one lock. A checkpoint frees and reaches, while a transaction may spill.
final class Places {
  private record Freed(long place, int count, long birth) {}

  private final Retired retired;
  private long[] busy = new long[1];
  private long[] reachable = new long[1];
  private List<Freed> fresh = new ArrayList<>();
  private List<Freed> waiting = new ArrayList<>();
  private long waitingDeath = 1;
  private long epoch;
  private long end;
  // Where to look for a single place, and for several in a row.
  private long hint;
  private long runHint;
  // No run of this many places is free below the end, nor a longer one.
  private int missing = Integer.MAX_VALUE;

  /// @param reserved places at the beginning of the file that are always in use
  Places(Pins pins, int reserved) {
    this.retired = new Retired(pins);
    set(busy, 0, reserved, true);
    set(reachable, 0, reserved, true);
    this.end = reserved;
    this.hint = reserved;
    this.runHint = reserved;
  }

  /// Takes over what the newest meta block and the other one reach.
  synchronized void restore(long[] newest, long[] other) {
    int words = Math.max(Math.max(newest.length, other.length), 1);
    reachable = Arrays.copyOf(newest, words);
    busy = Arrays.copyOf(newest, words);
    for (int word = 0; word < other.length; word++) {
      long only = word < newest.length ? other[word] & ~newest[word] : other[word];
      busy[word] |= only;
      for (long bits = only; bits != 0; bits &= bits - 1) {
        waiting.add(new Freed(word * 64L + Long.numberOfTrailingZeros(bits), 1, 0));
      }
    }
    end = highest(busy) + 1;
  }

  /// One more than the highest place in use.
  synchronized long end() {
    return end;
  }

  /// One more than the highest place that must not be written to.
  synchronized long usedEnd() {
    return highest(busy) + 1;
  }

  /// Places that a state reaches.
  synchronized long reachableCount() {
    return Arrays.stream(reachable).map(Long::bitCount).sum();
  }

  /// The bitmap of reachable places, up to the last of them.
  synchronized long[] reachable() {
    return Arrays.copyOf(reachable, (int) ((highest(reachable) >>> 6) + 1));
  }

  /// A state is about to be written.
  ///
  /// @param newEpoch of the state; nothing that it frees was born later
  synchronized void begin(long newEpoch) {
    epoch = newEpoch;
  }

  /// Takes `count` places in a row. They become reachable by [#reach].
  synchronized long allocate(int count) {
    long place = findFree(count);
    if (place + count > busy.length * 64L) {
      int words = (int) Math.max(busy.length * 2L, (place + count + 63) / 64);
      busy = Arrays.copyOf(busy, words);
      reachable = Arrays.copyOf(reachable, words);
    }
    set(busy, place, count, true);
    end = Math.max(end, place + count);
    if (count == 1) {
      hint = place + 1;
    } else {
      runHint = place + count;
    }
    return place;
  }

  synchronized void reach(long place, int count) {
    set(reachable, place, count, true);
  }

  /// Undoes an allocation that nothing durable refers to.
  synchronized void release(long place, int count) {
    set(busy, place, count, false);
    hint = Math.min(hint, place);
    runHint = Math.min(runHint, place);
    missing = Integer.MAX_VALUE;
  }

  /// Notes that the state being written does not reach these places any more.
  ///
  /// @throws CorruptPageException if it did not reach them, or they were born later than it
  synchronized void free(long place, int count, long birth) {
    for (long i = place; i < place + count; i++) {
      if (!isSet(reachable, i) || birth > epoch) {
        throw new CorruptPageException(
            ErrorCode.STORE_DAMAGED,
            "place %d, born at %d, is no longer used at %d, but %s"
                .formatted(
                    i,
                    birth,
                    epoch,
                    birth > epoch
                        ? "that is before its birth"
                        : "the bitmap of used places did not mark it"),
            "run `quarry check`");
      }
    }
    set(reachable, place, count, false);
    fresh.add(new Freed(place, count, birth));
  }

  /// Takes back all [#free] and [#reach] since the last checkpoint ended: this one failed.
  synchronized void undoFrees() {
    for (Freed freed : fresh) {
      set(reachable, freed.place, freed.count, true);
    }
    fresh.clear();
  }

  synchronized void unreach(long place, int count) {
    set(reachable, place, count, false);
  }

  /// A meta block became durable, and was handed over. What the one before it freed is reached by
  /// none now.
  ///
  /// @param death of what it freed
  /// @param newestEpoch the number of the newest published version
  synchronized void checkpointEnded(long death, long newestEpoch) {
    for (Freed freed : waiting) {
      retired.retire(freed.place, freed.count, freed.birth, waitingDeath);
    }
    waiting = fresh;
    waitingDeath = death;
    fresh = new ArrayList<>();
    retired.reclaim(retired.count(), newestEpoch, (place, count) -> release(place, (int) count));
  }

  /// Places are taken from the beginning of the file from now on, as long as there are free ones.
  synchronized void takeFirst() {
    hint = 0;
    runHint = 0;
  }

  /// The bitmap of busy places.
  synchronized long[] busy() {
    return busy.clone();
  }

  /// Cuts free places off the end, and returns the new end.
  synchronized long shrink() {
    end = highest(busy) + 1;
    return end;
  }

  private long findFree(int count) {
    long place = nextFree(count == 1 ? hint : runHint, count);
    if (place < 0 && count < missing) {
      place = nextFree(0, count);
      missing = place < 0 ? count : missing;
    }
    return place < 0 ? aligned(end, count) : place;
  }

  /// The first run of free places below the end, from `from` on; -1 if there is none.
  private long nextFree(long from, int count) {
    long run = 0;
    for (long place = from; place < end; place++) {
      if ((place & 63) == 0 && run == 0) {
        while (place + 64 <= end && busy[(int) (place >>> 6)] == -1L) {
          place += 64;
        }
        if (place >= end) {
          return -1;
        }
      }
      boolean begins = run > 0 || aligned(place, count) == place;
      run = isSet(busy, place) || !begins ? 0 : run + 1;
      if (run == count) {
        return place - count + 1;
      }
    }
    return -1;
  }

  /// Pages begin at multiples of their size; longer runs anywhere.
  private static long aligned(long place, int count) {
    return count <= 16 && Integer.bitCount(count) == 1 ? (place + count - 1) & -count : place;
  }

  static boolean isSet(long[] bits, long i) {
    return (i >>> 6) < bits.length && (bits[(int) (i >>> 6)] & 1L << i) != 0;
  }

  private static void set(long[] bits, long from, int count, boolean value) {
    for (long i = from; i < from + count; i++) {
      long bit = 1L << i;
      int word = (int) (i >>> 6);
      assert ((bits[word] & bit) != 0) != value : "place " + i + " was " + value + " already";
      bits[word] = value ? bits[word] | bit : bits[word] & ~bit;
    }
  }

  static long highest(long[] bits) {
    for (int word = bits.length - 1; word >= 0; word--) {
      if (bits[word] != 0) {
        return word * 64L + 63 - Long.numberOfLeadingZeros(bits[word]);
      }
    }
    return -1;
  }
}
