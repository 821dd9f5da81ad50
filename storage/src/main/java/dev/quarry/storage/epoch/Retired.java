package dev.quarry.storage.epoch;

import dev.quarry.storage.schedule.Point;
import dev.quarry.storage.schedule.Sched;
import java.util.Arrays;

/// What nobody will find any more, but someone may still be looking at: a queue of items, each with
/// the epochs of its birth and death.
///
/// Threads: the caller's lock.
public final class Retired {
  /// Takes an item back into use.
  @FunctionalInterface
  public interface Reclaimer {
    void reclaim(long item, long size);
  }

  private static final int FIELDS = 4;

  private final Pins pins;
  private long[] ring = new long[64 * FIELDS];
  private int head;
  private int count;
  private long bytes;

  public Retired(Pins pins) {
    this.pins = pins;
  }

  /// Adds an item.
  ///
  /// @param birth the first epoch that reaches it
  /// @param death the first later one that does not
  public void retire(long item, long size, long birth, long death) {
    assert birth < death : birth + " to " + death;
    if (count * FIELDS == ring.length) {
      grow();
    }
    int at = (head + count) * FIELDS % ring.length;
    ring[at] = item;
    ring[at + 1] = size;
    ring[at + 2] = birth;
    ring[at + 3] = death;
    count++;
    bytes += size;
  }

  /// Looks at up to `most` items, oldest first, and reclaims those that no pin holds.
  ///
  /// @param newest items whose death is later stay: their end is not published yet
  public void reclaim(int most, long newest, Reclaimer reclaimer) {
    for (int i = Math.min(most, count); i > 0; i--) {
      int at = head * FIELDS;
      long item = ring[at];
      long size = ring[at + 1];
      long birth = ring[at + 2];
      long death = ring[at + 3];
      head = (head + 1) % (ring.length / FIELDS);
      count--;
      bytes -= size;
      Sched.point(Point.REUSE);
      if (death > newest || pins.anyIn(birth, death)) {
        retire(item, size, birth, death);
      } else {
        Sched.point(Point.REUSE);
        reclaimer.reclaim(item, size);
      }
    }
  }

  /// Reclaims all, whatever is pinned: nobody looks at any of it.
  public void reclaimAll(Reclaimer reclaimer) {
    while (count > 0) {
      int at = head * FIELDS;
      head = (head + 1) % (ring.length / FIELDS);
      count--;
      bytes -= ring[at + 1];
      reclaimer.reclaim(ring[at], ring[at + 1]);
    }
  }

  public int count() {
    return count;
  }

  /// The sum of the sizes.
  public long bytes() {
    return bytes;
  }

  private void grow() {
    long[] larger = Arrays.copyOf(ring, ring.length * 2);
    int tail = head * FIELDS;
    System.arraycopy(ring, tail, larger, 0, ring.length - tail);
    System.arraycopy(ring, 0, larger, ring.length - tail, tail);
    ring = larger;
    head = 0;
  }
}
