package dev.quarry.storage.slab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.storage.Store;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.memory.Scratch;
import dev.quarry.storage.page.PageReader;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.page.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ListsTest {
  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Store store =
      Store.inMemory(StoreOptions.defaults().withNativeMemory(NativeSource.FOREIGN));

  @AfterEach
  void theLedgerIsZero() {
    store.close();
    assertEquals(0, store.budget().used());
  }

  @ParameterizedTest
  @CsvSource({"4, false", "4, true", "8, true", "16, true"})
  void agreesWithAMapOfListsThroughAllForms(int width, boolean lowerHalves) {
    Random random = new Random(seed);
    boolean wide = width == 4 && lowerHalves;
    PageTransaction tx = store.beginWrite();
    ListSpaces spaces = ListSpaces.create(tx, width);
    store.commit(tx);
    Map<Long, List<Long>> model = new HashMap<>();
    for (int round = 0; round < 20; round++) {
      Snapshot before = store.beginRead();
      Map<Long, List<Long>> modelBefore = ListsModel.copy(model);
      tx = store.beginWrite();
      ListWriter writer = writer(tx, spaces, random.nextBoolean());
      Map<Long, List<Long>> next = ListsModel.copy(model);
      for (int i = 0; i < 1_500; i++) {
        long slot = random.nextInt(4) == 0 ? random.nextInt(2_000) : random.nextInt(3);
        List<Long> list = next.computeIfAbsent(slot, key -> new ArrayList<>());
        if (random.nextInt(round % 5 == 4 ? 2 : 8) == 0 && !list.isEmpty()) {
          Long old = list.remove(random.nextInt(list.size()));
          assertTrue(writer.remove(slot, ListsModel.hi(old, width), old), "seed " + seed);
        } else {
          long value = random.nextInt(random.nextBoolean() ? 100 : Integer.MAX_VALUE);
          if (width == 4) {
            boolean lowerHalf = wide && slot % 3 != 0 && random.nextInt(50) == 0;
            value = value << 32 | (lowerHalf ? 1 + random.nextInt(9) : 0);
          }
          list.add(value);
          writer.insert(slot, ListsModel.hi(value, width), value);
        }
      }
      assertFalse(writer.remove(1, 0, 0xFFFFFFF0L));
      assertFalse(writer.remove(1, 0, 0xFFFFFFF0L << 32));
      if (random.nextInt(100) == 0) {
        writer.clear(0);
        next.remove(0L);
      }
      if (round % 3 == 2) {
        retain(writer, next, random);
      }
      writer.finish();
      verify(tx, spaces, next);
      everySlotIsOwnedOnce(tx, spaces);
      if (round % 4 == 3) {
        store.rollback(tx);
      } else {
        store.commit(tx);
        model = next;
      }
      verify(before, spaces, modelBefore);
      before.close();
    }
  }

  private static ListWriter writer(PageTransaction tx, ListSpaces spaces, boolean reuses) {
    return reuses ? new ListWriter(tx, spaces).reuse() : new ListWriter(tx, spaces);
  }

  /// Removes about a third of all entries, some at a time.
  private static void retain(ListWriter writer, Map<Long, List<Long>> model, Random random) {
    int third = random.nextInt(3);
    model.forEach(
        (slot, list) -> {
          int most = 1 + random.nextInt(300);
          long hi = 0;
          long lo = 0;
          do {
            int looked = writer.retain(slot, hi, lo, (h, value) -> value % 3 != third, most);
            assertTrue(looked <= Math.max(most, SizeClasses.LARGEST / 4), "looked at " + looked);
            hi = writer.nextHi();
            lo = writer.nextLo();
          } while (writer.hasMore());
          list.removeIf(value -> value % 3 == third);
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 4, 100, 4096, 4097, 100_000})
  void writesWholeListsInTheirFinalForm(int count) {
    PageTransaction tx = store.beginWrite();
    ListSpaces spaces = ListSpaces.create(tx, 4);
    try (Scratch scratch = store.memory().scratch(store.budget().child("test"))) {
      long entries = scratch.allocate(count * 4L + 4);
      List<Long> model = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        Entries.put(entries + i * 4L, 4, 0, i * 3L << 32);
        model.add(i * 3L << 32);
      }
      ListWriter writer = new ListWriter(tx, spaces);
      writer.write(5, entries, count);
      writer.finish();
      verify(tx, spaces, Map.of(5L, model, 4L, List.of(), 6L, List.of()));
      everySlotIsOwnedOnce(tx, spaces);
    }
    store.commit(tx);
  }

  @Test
  void aListThatGetsAnEntryWithALowerHalfIsWideAndItsNeighboursAreNot() {
    PageTransaction tx = store.beginWrite();
    ListSpaces spaces = ListSpaces.create(tx, 4);
    ListWriter writer = new ListWriter(tx, spaces);
    for (int size : new int[] {0, 1, 3, 100, 3000, 10_000}) {
      for (long i = 0; i < size; i++) {
        writer.insert(2 * size, 0, i << 32);
        writer.insert(2 * size + 1, 0, i << 32);
      }
      assertFalse(writer.remove(2 * size, 0, 7));
      writer.insert(2 * size, 0, 7);
      ListCursor cursor = new ListCursor();
      writer.lists().open(2 * size, cursor);
      assertEquals(8, cursor.entryBytes());
      writer.lists().open(2 * size + 1, cursor);
      assertEquals(4, cursor.entryBytes());
      SlabCheck check = new SlabCheck(writer.lists());
      assertNull(check.fault(2 * size));
      assertNull(check.fault(2 * size + 1));
      assertTrue(writer.remove(2 * size, 0, 7));
      assertEquals(size, writer.lists().length(2 * size));
    }
    writer.finish();
    everySlotIsOwnedOnce(tx, spaces);
    store.rollback(tx);
  }

  @Test
  void anOpenListStaysReadableWhileItsTransactionChangesIt() {
    PageTransaction tx = store.beginWrite();
    ListSpaces spaces = ListSpaces.create(tx, 4);
    ListWriter writer = new ListWriter(tx, spaces);
    for (int i = 0; i < 100; i++) {
      writer.insert(0, 0, (long) i << 32);
    }
    ListCursor cursor = new ListCursor();
    writer.lists().open(0, cursor);
    assertTrue(cursor.nextFragment());
    for (int i = 0; i < 100; i += 2) {
      assertTrue(writer.remove(0, 0, (long) i << 32));
    }
    for (int i = 1_000; i < 3_000; i++) {
      writer.insert(0, 0, (long) i << 32);
      writer.insert(1, 0, (long) i << 32);
    }
    assertEquals(100, cursor.count());
    for (int i = 0; i < 100; i++) {
      assertEquals((long) i << 32, Entries.lo(cursor.address() + i * 4L, 4));
    }
    store.rollback(tx);
  }

  @Test
  void listsThatGrowInOneTransactionLeaveNoFreeSlotsWhereTheyReuseThem() {
    PageTransaction tx = store.beginWrite();
    ListSpaces spaces = ListSpaces.create(tx, 4);
    ListSpaces without = ListSpaces.create(tx, 4);
    ListWriter writer = writer(tx, spaces, true);
    ListWriter other = writer(tx, without, false);
    Map<Long, List<Long>> model = new HashMap<>();
    for (long slot = 0; slot < 1_000; slot++) {
      for (int i = 0; i < 60; i++) {
        long entry = (slot * 7 + i) % 1_000 << 32;
        writer.insert(slot, 0, entry);
        other.insert(slot, 0, entry);
        model.computeIfAbsent(slot, key -> new ArrayList<>()).add(entry);
      }
    }
    writer.finish();
    other.finish();
    verify(tx, spaces, model);
    verify(tx, without, model);
    everySlotIsOwnedOnce(tx, spaces);
    long pages = tx.table(spaces.slabs().small()).pageCount();
    long pagesWithout = tx.table(without.slabs().small()).pageCount();
    assertTrue(pages * 3 < pagesWithout, pages + " pages, " + pagesWithout + " without");
    store.rollback(tx);
  }

  private void verify(PageReader reader, ListSpaces spaces, Map<Long, List<Long>> model) {
    ListsModel.verify(seed, reader, spaces, model);
  }

  private void everySlotIsOwnedOnce(PageReader reader, ListSpaces spaces) {
    ListsModel.everySlotIsOwnedOnce(seed, reader, spaces);
  }
}
