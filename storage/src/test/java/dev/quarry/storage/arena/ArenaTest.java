package dev.quarry.storage.arena;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.storage.Store;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.memory.Scratch;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.page.Snapshot;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ArenaTest {
  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Store store =
      Store.inMemory(StoreOptions.defaults().withNativeMemory(NativeSource.FOREIGN));

  @AfterEach
  void theLedgerIsZero() {
    store.close();
    assertEquals(0, store.budget().used());
  }

  @Test
  void slotsAgreeWithAMapAndNeverComeBackInTheSameGeneration() {
    Random random = new Random(seed);
    PageTransaction tx = store.beginWrite();
    SlotSpaces spaces = SlotSpaces.create(tx);
    store.commit(tx);
    Map<Long, Integer> model = new TreeMap<>();
    Set<String> used = new HashSet<>();
    for (int round = 0; round < 60; round++) {
      tx = store.beginWrite();
      SlotsWriter writer = new SlotsWriter(tx, spaces);
      Set<Long> freed = new HashSet<>();
      for (int i = 0; i < 200; i++) {
        if (random.nextInt(3) == 0 && !model.isEmpty()) {
          Long slot = model.keySet().stream().skip(random.nextInt(model.size())).findFirst().get();
          writer.free(slot);
          model.remove(slot);
          freed.add(slot);
        } else {
          long slot = writer.take();
          assertFalse(freed.contains(slot), "seed " + seed + ": reused in its transaction");
          int generation = writer.slots().generation(slot);
          assertTrue(used.add(slot + "." + generation), "seed " + seed);
          model.put(slot, generation);
        }
      }
      writer.finish();
      store.commit(tx);
      try (Snapshot snapshot = store.beginRead()) {
        Slots slots = new Slots(snapshot, spaces);
        assertEquals(model.size(), slots.liveCount(), "seed " + seed);
        long[] found = new long[7];
        Set<Long> all = new HashSet<>();
        long from = 0;
        for (int n; (n = slots.fillLive(from, Long.MAX_VALUE, 1L << 50, found, 7)) > 0; ) {
          for (int i = 0; i < n; i++) {
            assertTrue(all.add(found[i] ^ 1L << 50));
          }
          from = slots.next();
        }
        assertEquals(model.keySet(), all, "seed " + seed);
        assertTrue(slots.highWater() <= 60 * 140, "slots are reused: " + slots.highWater());
      }
    }
  }

  @Test
  void stringsOfAllLengthsComeBack() {
    PageTransaction tx = store.beginWrite();
    StringSpaces spaces = StringSpaces.create(tx);
    int column = Column.createSpace(tx);
    int[] lengths = {0, 1, 4, 12, 13, 32, 100, 4096, 16384, 16385, 50_000, 16376 * 2};
    try (Scratch scratch = store.memory().scratch(store.budget().child("test"))) {
      StringsWriter writer = new StringsWriter(tx, spaces);
      ColumnWriter cells = new ColumnWriter(tx, column, 16);
      for (int i = 0; i < lengths.length; i++) {
        writer.write(cells.writable(i), text(scratch, lengths[i], i), lengths[i]);
      }
      Strings strings = new Strings(tx, spaces);
      Column read = new Column(tx, column, 16);
      for (int i = 0; i < lengths.length; i++) {
        long expected = text(scratch, lengths[i], i);
        assertEquals(lengths[i], Strings.length(read.address(i)));
        assertTrue(strings.equal(read.address(i), expected, lengths[i], scratch), "string " + i);
      }
      for (int i = 0; i < lengths.length; i++) {
        writer.free(read.address(i));
      }
      writer.finish();
      strings.slabs().inUse(slot -> assertNotEquals(slot, slot, "a slot is left"));
    }
    store.commit(tx);
  }

  private static long text(Scratch scratch, int length, int seed) {
    long bytes = scratch.allocate(length);
    for (int i = 0; i < length; i++) {
      Memory.putByte(bytes + i, (byte) (i * 31 + seed));
    }
    return bytes;
  }

  @Test
  void bitsAreSetInRangesAcrossPages() {
    PageTransaction tx = store.beginWrite();
    int space = Column.createSpace(tx);
    ColumnWriter writer = new ColumnWriter(tx, space, 0);
    writer.putBits(30_001, 70_003, true);
    writer.putBits(40_000, 40_010, false);
    Column column = new Column(tx, space, 0);
    for (long slot = 0; slot < 100_000; slot++) {
      boolean expected = slot >= 30_001 && slot < 70_003 && (slot < 40_000 || slot >= 40_010);
      assertEquals(expected, column.bit(slot), "slot " + slot);
    }
    store.commit(tx);
  }
}
