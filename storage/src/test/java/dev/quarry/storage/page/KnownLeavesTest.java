package dev.quarry.storage.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.storage.Store;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeSource;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// A transaction that keeps the leaves it found shows what a walk from the root would find.
class KnownLeavesTest {
  private final long seed = Long.getLong("seed", System.nanoTime());

  private static Store store() {
    return Store.inMemory(
        StoreOptions.defaults().withMemory(32 << 20).withNativeMemory(NativeSource.FOREIGN));
  }

  @Test
  void aLeafIsKnownByItsSpaceAndItsPagesUntilItsSpaceIsForgotten() {
    KnownLeaves leaves = new KnownLeaves(2);
    Node one = Node.empty(true, 1);
    Node other = Node.empty(true, 1);
    assertNull(leaves.get(0, 0));
    leaves.put(0, 300, one);
    assertSame(one, leaves.get(0, 256));
    assertNull(leaves.get(0, 255));
    assertNull(leaves.get(1, 300));
    leaves.put(0, 511, other);
    assertSame(other, leaves.get(0, 300));
    leaves.spaces(70);
    leaves.put(69, 0, one);
    assertSame(one, leaves.get(69, 7));
    leaves.forget(0);
    assertNull(leaves.get(0, 300));
    assertSame(one, leaves.get(69, 7));
    leaves.forgetAll();
    assertNull(leaves.get(69, 7));
  }

  @Test
  void aLeafFarBehindIsNotKept() {
    KnownLeaves leaves = new KnownLeaves(1);
    leaves.put(0, 1L << 39, Node.empty(true, 1));
    assertNull(leaves.get(0, 1L << 39));
  }

  @Test
  void aTransactionReadsWhatItWroteToAPageThatItHadReadBefore() {
    try (Store store = store()) {
      PageTransaction tx = store.beginWrite();
      int space = tx.createSpace(12);
      Memory.putLong(tx.writable(space, 1000), 1);
      store.commit(tx);
      tx = store.beginWrite();
      PageTable table = tx.table(space);
      assertEquals(1, Memory.getLong(table.address(1000)));
      Memory.putLong(tx.writable(space, 1000), 2);
      assertEquals(2, Memory.getLong(table.address(1000)));
      try (Snapshot before = store.beginRead()) {
        assertEquals(1, Memory.getLong(before.table(space).address(1000)));
      }
      store.commit(tx);
    }
  }

  @Test
  void aSpaceThatTakesTheNumberOfOneThatWasDroppedIsEmpty() {
    try (Store store = store()) {
      PageTransaction tx = store.beginWrite();
      int space = tx.createSpace(12);
      Memory.putLong(tx.writable(space, 3), 1);
      store.commit(tx);
      tx = store.beginWrite();
      Memory.putLong(tx.writable(space, 3), 2);
      tx.dropSpace(space);
      assertEquals(space, tx.createSpace(12));
      assertTrue(tx.table(space).isAbsent(3));
      Memory.putLong(tx.writable(space, 5), 9);
      assertTrue(tx.table(space).isAbsent(3));
      store.commit(tx);
      try (Snapshot after = store.beginRead()) {
        assertTrue(after.table(space).isAbsent(3));
        assertEquals(9, Memory.getLong(after.table(space).address(5)));
      }
    }
  }

  @Test
  void pagesOfManySpacesAreFoundHoweverTheyGrow() {
    System.out.println("KnownLeavesTest -Dseed=" + seed);
    Random random = new Random(seed);
    try (Store store = store()) {
      int[] spaces = new int[5];
      long[][] expected = new long[spaces.length][1 << 17];
      for (int round = 0; round < 20; round++) {
        PageTransaction tx = store.beginWrite();
        for (int step = 0; step < 200; step++) {
          int which = random.nextInt(spaces.length);
          if (expected[which][0] == 0) {
            spaces[which] = tx.createSpace(12);
            expected[which][0] = 1;
            Memory.putLong(tx.writable(spaces[which], 0), 1);
          }
          int page = random.nextInt(1 << 1 + random.nextInt(17));
          PageTable table = tx.table(spaces[which]);
          assertEquals(expected[which][page], Memory.getLong(table.address(page)), "seed " + seed);
          if (random.nextInt(3) == 0) {
            expected[which][page] = random.nextLong() | 1;
            Memory.putLong(tx.writable(spaces[which], page), expected[which][page]);
          }
        }
        store.commit(tx);
      }
    }
  }
}
