package dev.quarry.storage.epoch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class PinsTest {
  @Test
  void everyPinIsLookedAtWhereverItsSlotIs() {
    Pins pins = new Pins();
    for (int i = 1; i <= 200; i++) {
      long epoch = i;
      int slot = pins.pin(() -> epoch);
      assertEquals(epoch, pins.epoch(slot));
      assertEquals(i, pins.count());
      assertTrue(pins.anyIn(epoch, epoch + 1));
      assertFalse(pins.anyIn(epoch + 1, epoch + 2));
    }
  }

  @Test
  void aSlotThatWasGivenBackIsTakenAgainAndNoOther() {
    Pins pins = new Pins();
    int first = pins.pin(() -> 1);
    int second = pins.pin(() -> 1);
    pins.unpin(first);
    assertEquals(first, pins.pin(() -> 2));
    assertEquals(1, pins.epoch(second));
    assertEquals(2, pins.count());
  }
}
