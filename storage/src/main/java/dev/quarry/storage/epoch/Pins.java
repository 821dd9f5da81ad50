package dev.quarry.storage.epoch;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.TransactionException;
import dev.quarry.storage.schedule.Point;
import dev.quarry.storage.schedule.Sched;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;

/// The epochs that readers hold, a slot each.
///
/// A reader publishes its number, then looks whether it is still the newest, and repeats until both
/// agree; so a writer that publishes a newer epoch first and looks at the pins afterwards misses
/// none. No reader waits for anyone, and a pin allocates nothing.
///
/// Threads: any. Slots lie 64 bytes apart, so that readers do not share cache lines.
public final class Pins {
  /// The most readers at a time.
  public static final int SLOTS = 4096;

  private static final int STRIDE = 8;
  private static final long FREE = 0;

  private final AtomicLongArray slots = new AtomicLongArray(SLOTS * STRIDE);
  private final AtomicInteger highWater = new AtomicInteger();

  /// Pins the newest epoch and returns the slot, which holds it until [#unpin].
  ///
  /// @param newest the number of the newest published state; positive
  /// @throws TransactionException if all slots are taken
  public int pin(LongSupplier newest) {
    int start = (int) (Sched.threadId() & 63);
    for (int i = 0; i < SLOTS; i++) {
      int slot = (start + i) % SLOTS;
      long epoch = newest.getAsLong();
      Sched.point(Point.PIN);
      if (slots.getPlain(slot * STRIDE) == FREE
          && slots.compareAndSet(slot * STRIDE, FREE, epoch)) {
        if (highWater.get() <= slot) { // all readers share that line, so it is written rarely
          highWater.accumulateAndGet(slot + 1, Math::max);
        }
        Sched.point(Point.PIN);
        while (newest.getAsLong() != epoch) {
          epoch = newest.getAsLong();
          Sched.point(Point.PIN);
          slots.set(slot * STRIDE, epoch);
        }
        return slot;
      }
    }
    throw new TransactionException(
        ErrorCode.LIMIT_EXCEEDED,
        "all " + SLOTS + " slots for readers are taken",
        "close read transactions that are no longer used");
  }

  /// The epoch that a slot holds.
  public long epoch(int slot) {
    return slots.get(slot * STRIDE);
  }

  /// Makes a slot hold another epoch.
  public void move(int slot, long epoch) {
    slots.set(slot * STRIDE, epoch);
  }

  public void unpin(int slot) {
    slots.set(slot * STRIDE, FREE);
  }

  /// Whether some pin lies in `[birth, death)`: the one comparison that decides about reuse.
  public boolean anyIn(long birth, long death) {
    int count = highWater.get();
    for (int slot = 0; slot < count; slot++) {
      long epoch = slots.get(slot * STRIDE);
      if (epoch >= birth && epoch < death && epoch != FREE) {
        return true;
      }
    }
    return false;
  }

  /// How many pins there are.
  public int count() {
    int pins = 0;
    for (int slot = 0; slot < highWater.get(); slot++) {
      pins += slots.get(slot * STRIDE) == FREE ? 0 : 1;
    }
    return pins;
  }
}
