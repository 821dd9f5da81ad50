package dev.quarry.storage.page;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.quarry.storage.epoch.Pins;
import org.junit.jupiter.api.Test;

class SpareEntriesTest {
  private final Pins pins = new Pins();
  private final SpareEntries spare = new SpareEntries(pins);

  private static long[] entries() {
    return new long[Node.FANOUT];
  }

  @Test
  void arraysOfNodesThatNobodySeesAreUsedAgainInTurn() {
    long[] first = entries();
    long[] second = entries();
    spare.add(first, 3, 5);
    spare.add(second, 4, 6);
    assertSame(first, spare.take(6));
    assertSame(second, spare.take(6));
    assertNull(spare.take(6));
  }

  @Test
  void anArrayWaitsForTheReadersOfItsNode() {
    long[] seen = entries();
    long[] free = entries();
    int reader = pins.pin(() -> 4);
    spare.add(seen, 3, 5);
    spare.add(free, 5, 6);
    assertNull(spare.take(6), "a reader has version 4, which reaches the first");
    assertSame(free, spare.take(6));
    assertNull(spare.take(6));
    pins.unpin(reader);
    assertSame(seen, spare.take(6));
  }

  @Test
  void anArrayWaitsUntilTheVersionIsVisibleThatHasAnother() {
    long[] entries = entries();
    spare.add(entries, 3, 5);
    assertNull(spare.take(4), "a reader can still begin on version 4");
    assertSame(entries, spare.take(5));
  }

  @Test
  void theOldestIsForgottenWhereThereIsNoRoom() {
    long[] first = entries();
    long[] second = entries();
    spare.add(first, 1, 2);
    spare.add(second, 1, 2);
    for (int i = 1; i < SpareEntries.MOST; i++) {
      spare.add(entries(), 1, 2);
    }
    assertSame(second, spare.take(2));
  }
}
