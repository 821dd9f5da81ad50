package dev.quarry.storage.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.storage.simulation.SimSched;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/// Time passes while others go first, and not else.
class LookoutTest {
  private static final long SHORT = 1_000;

  private long time = Long.MAX_VALUE - Lookout.REST / 2; // so that it overflows in between
  private long others = SHORT; // how long they take
  private final AtomicInteger looks = new AtomicInteger();
  private final Lookout lookout = new Lookout(() -> time, () -> time += others);

  private BooleanSupplier upTo(int last) {
    return () -> looks.incrementAndGet() < last;
  }

  /// How many looks there are while something is so for ever.
  private int looksForEver() {
    looks.set(0);
    lookout.lookWhile(upTo(Integer.MAX_VALUE));
    return looks.get();
  }

  @Test
  void looksUntilItIsNoLongerSo() {
    lookout.lookWhile(upTo(5));
    assertEquals(5, looks.get());
  }

  @Test
  void looksForATimeAtMost() {
    assertEquals(Lookout.MOST / SHORT + 1, looksForEver());
    assertEquals(Lookout.MOST / SHORT + 1, looksForEver());
  }

  @Test
  void aLateLookIsTheLastOneForATime() {
    others = Lookout.LATE + 1;
    assertEquals(2, looksForEver());
    others = SHORT;
    assertEquals(0, looksForEver());
    time += Lookout.REST - 1;
    assertEquals(0, looksForEver());
    time += 1;
    assertTrue(looksForEver() > 2);
  }

  @Test
  void aLateLookIsALookStill() {
    others = Lookout.LATE + 1;
    lookout.lookWhile(upTo(2));
    assertEquals(2, looks.get());
    assertEquals(0, looksForEver());
  }

  @Test
  void afterARestOneIsAwakeForEver() {
    others = Lookout.LATE + 1;
    looksForEver();
    others = SHORT;
    time += Lookout.REST;
    assertTrue(looksForEver() > 0);
    time += Long.MAX_VALUE; // as long ago as if the rest were still to come
    assertTrue(looksForEver() > 0);
  }

  @Test
  void inASimulationNobodyLooks() {
    SimSched simulation = new SimSched(1);
    simulation.add("one", false, () -> assertEquals(0, looksForEver()));
    simulation.run();
    assertFalse(looksForEver() == 0);
  }

  @Test
  void theSystemsOneGivesUp() {
    Lookout.newLookout().lookWhile(upTo(Integer.MAX_VALUE));
    assertTrue(looks.get() > 0);
  }
}
