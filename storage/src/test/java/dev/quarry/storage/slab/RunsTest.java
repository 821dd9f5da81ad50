package dev.quarry.storage.slab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.storage.Store;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.memory.Scratch;
import dev.quarry.storage.memory.Stretch;
import dev.quarry.storage.page.PageReader;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.page.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunsTest {
  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Store store =
      Store.inMemory(StoreOptions.defaults().withNativeMemory(NativeSource.FOREIGN));

  private final Scratch memory = store.memory().scratch(store.budget().child("stretch"));
  private final Stretch stretch = new Stretch(memory.allocate(Stretch.bytes(3000)), 3000);
  private int stretched;

  @AfterEach
  void theLedgerIsZero() {
    memory.close();
    store.close();
    assertEquals(0, store.budget().used());
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 8})
  void agreeWithAMapOfListsBeforeAndAfterTheyChange(int width) {
    Map<Long, List<Long>> model = lists(width);
    verifyWhole(width, model);
    PageTransaction tx = store.beginWrite();
    ListSpaces spaces = ListSpaces.create(tx, width);
    write(tx, spaces, model);
    verify(tx, spaces, model);
    store.commit(tx);
    List<Long> slots = new ArrayList<>(model.keySet());
    for (int round = 0; round < 8; round++) {
      Snapshot before = store.beginRead();
      Map<Long, List<Long>> modelBefore = ListsModel.copy(model);
      tx = store.beginWrite();
      Map<Long, List<Long>> next = ListsModel.copy(model);
      change(new ListWriter(tx, spaces), slots, next, width);
      verify(tx, spaces, next);
      if (round % 4 == 3) {
        store.rollback(tx);
      } else {
        store.commit(tx);
        model = next;
      }
      if (round % 2 == 1) {
        freeze(spaces, slots, model, width);
      }
      verify(before, spaces, modelBefore);
      before.close();
    }
    assertTrue(stretched > 0, "seed " + seed);
  }

  /// In one run, before anything changes, neighbours lie together however few they are.
  private void verifyWhole(int width, Map<Long, List<Long>> model) {
    PageTransaction tx = store.beginWrite();
    ListSpaces spaces = ListSpaces.create(tx, width);
    write(tx, spaces, model, RunWriter.MOST);
    verify(tx, spaces, model);
    store.rollback(tx);
  }

  /// Lists in pages of all sorts: dense, with hardly any list, where most are short, with a list
  /// that fills several pages.
  private Map<Long, List<Long>> lists(int width) {
    Map<Long, List<Long>> lists = new TreeMap<>();
    long slots = 1 + random.nextInt(3 * RunGroup.SLOTS);
    for (long page = 0; page << 8 < slots; page++) {
      int sort = random.nextInt(40);
      int dense = sort < 3 ? 250 : sort < 5 ? 3 : sort == 5 && page % 8 == 0 ? 1 : 0;
      int longest = sort == 5 ? 40_000 : sort == 2 ? 3 : 60;
      for (int i = 0; i < dense; i++) {
        long slot = (page << 8) + random.nextInt(256);
        if (slot < slots) {
          boolean isShort = sort == 1 && random.nextInt(20) > 0;
          lists.put(slot, list(1 + random.nextInt(isShort ? 12 / width : longest), width));
        }
      }
    }
    lists.put(slots, list(2, width));
    return lists;
  }

  private List<Long> list(int length, int width) {
    List<Long> list = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      list.add(entry(width));
    }
    list.sort(Long::compareUnsigned);
    return list;
  }

  private long entry(int width) {
    long value = random.nextInt(random.nextBoolean() ? 100 : Integer.MAX_VALUE);
    return value << 32 | (width == 8 && random.nextBoolean() ? 1 + random.nextInt(9) : 0);
  }

  private void write(PageTransaction tx, ListSpaces spaces, Map<Long, List<Long>> model) {
    write(tx, spaces, model, random.nextBoolean() ? RunWriter.MOST : random.nextInt(100_000));
  }

  private void write(
      PageTransaction tx, ListSpaces spaces, Map<Long, List<Long>> model, long most) {
    ListsModel.load(store, tx, spaces, most, model);
  }

  private void change(ListWriter writer, List<Long> slots, Map<Long, List<Long>> model, int width) {
    for (int i = 0; i < 300; i++) {
      long slot = slots.get(random.nextInt(slots.size())) + random.nextInt(10) / 9;
      List<Long> list = model.computeIfAbsent(slot, key -> new ArrayList<>());
      switch (random.nextInt(8)) {
        case 0, 1 -> {
          if (!list.isEmpty()) {
            Long old = list.remove(random.nextInt(list.size()));
            assertTrue(writer.remove(slot, 0, old), "seed " + seed);
          }
          assertFalse(writer.remove(slot, 0, -1L << 32));
        }
        case 2 -> {
          long from = 0;
          do {
            writer.retain(slot, 0, from, (hi, lo) -> (lo >>> 33) % 3 != 0, 100);
            from = writer.nextLo();
          } while (writer.hasMore());
          list.removeIf(lo -> (lo >>> 33) % 3 == 0);
        }
        case 3 -> { // all lists of a page of the directory
          if (random.nextInt(10) == 0) {
            for (long one = slot & -256; one < (slot & -256) + 256; one++) {
              if (model.containsKey(one)) {
                writer.clear(one);
                model.get(one).clear();
              }
            }
          }
        }
        case 4 -> {
          long lo = width == 4 && random.nextInt(4) > 0 ? entry(4) : entry(8);
          writer.insert(slot, 0, lo);
          list.add(lo);
        }
        case 5 -> {
          int count = 1 + random.nextInt(40);
          try (Scratch scratch = store.memory().scratch(store.budget().child("test"))) {
            long inserts = scratch.allocate(count * 8L);
            for (int k = 0; k < count; k++) {
              long lo = entry(4);
              Memory.putLong(inserts + k * 8L, slot << 32 | lo >>> 32);
              list.add(lo);
            }
            writer.insertSorted(inserts, count);
          }
        }
        default -> {
          long lo = entry(4);
          writer.insert(slot, 0, lo);
          list.add(lo);
        }
      }
    }
    writer.finish();
  }

  /// Freezes groups in steps, not always to the end, with changes in between.
  private void freeze(ListSpaces spaces, List<Long> slots, Map<Long, List<Long>> model, int width) {
    boolean packs = random.nextBoolean();
    for (long next = 0; next < groups(spaces); next++) {
      PageTransaction tx = store.beginWrite();
      long begun = GroupFreezer.onItsWay(new Lists(tx, spaces));
      long group = begun < 0 ? next : begun;
      boolean worthwhile = new GroupFreezer(tx, spaces, group, packs).isWorthwhile();
      store.rollback(tx);
      if (begun < 0 && !worthwhile) {
        continue;
      }
      int changedAt = random.nextInt(2 * GroupFreezer.PAGES);
      for (int page = 0; page < GroupFreezer.PAGES; page++) {
        tx = store.beginWrite();
        GroupFreezer freezer = new GroupFreezer(tx, spaces, group, packs);
        freezer.page(page);
        freezer.complete();
        store.commit(tx);
        if (page == changedAt) {
          tx = store.beginWrite();
          change(new ListWriter(tx, spaces), slots, model, width);
          verify(tx, spaces, model);
          store.commit(tx);
        }
        if (random.nextInt(300) == 0) { // too early, which it must notice
          tx = store.beginWrite();
          boolean isEarly = new GroupFreezer(tx, spaces, group, packs).finish();
          verify(tx, spaces, model);
          store.commit(tx);
          changedAt = isEarly ? 0 : changedAt;
        }
        if (random.nextInt(2_000) == 0) {
          return;
        }
      }
      tx = store.beginWrite();
      boolean finished = new GroupFreezer(tx, spaces, group, packs).finish();
      boolean again = new GroupFreezer(tx, spaces, group, packs).isWorthwhile();
      store.commit(tx);
      assertTrue(finished || begun >= 0 || changedAt < GroupFreezer.PAGES, "seed " + seed);
      assertFalse(again && begun < 0 && changedAt >= GroupFreezer.PAGES, "seed " + seed);
      next -= finished ? 0 : 1;
    }
    PageTransaction tx = store.beginWrite();
    verify(tx, spaces, model);
    store.rollback(tx);
  }

  private long groups(ListSpaces spaces) {
    try (Snapshot snapshot = store.beginRead()) {
      return GroupFreezer.count(new Lists(snapshot, spaces));
    }
  }

  private void verify(PageReader reader, ListSpaces spaces, Map<Long, List<Long>> model) {
    ListsModel.verify(seed, reader, spaces, model);
    ListsModel.everySlotIsOwnedOnce(seed, reader, spaces);
    Lists lists = new Lists(reader, spaces);
    List<String> problems = new ArrayList<>();
    RunCheck.check(lists, problems::add);
    assertEquals(List.of(), problems, "seed " + seed);
    stretched += ListsModel.verifyStretches(seed, lists, model, stretch);
    SlabCheck check = new SlabCheck(lists);
    ListCursor cursor = new ListCursor();
    long[] slots = new long[Lists.LOCATED];
    int[] lengths = new int[Lists.LOCATED];
    for (long first = 0; first < lists.slotCount(); first += 37) {
      for (int i = 0; i < Lists.LOCATED; i++) {
        slots[i] = first + i * 5L;
      }
      long few = lists.locate(slots, Lists.LOCATED, lengths);
      for (int i = 0; i < Lists.LOCATED; i++) {
        long slot = first + i * 5L;
        lists.open(slot, cursor);
        boolean any = cursor.nextFragment();
        boolean found = slots[i] == -1 || lengths[i] > 0;
        assertEquals(any, found, () -> "seed " + seed + " slot " + slot);
        if ((few >>> i & 1) != 0) {
          assertEquals(Memory.sumInts(slots[i], lengths[i]), Memory.sumFew(slots[i], lengths[i]));
        }
        if (any && slots[i] > 0 && cursor.entryBytes() == spaces.entryBytes()) {
          assertEquals(cursor.address(), slots[i]);
          assertEquals(lists.length(slot), lengths[i]);
        }
      }
      assertEquals(null, check.fault(first));
      if (!model.containsKey(first)) {
        assertEquals(0, lists.length(first), () -> "seed " + seed);
      }
    }
  }

  @Test
  void listsThatEndsCannotSayAreFoundByTheirPlaces() {
    Map<Long, List<Long>> model = new TreeMap<>();
    for (long slot : new long[] {1, 2, 300, 301, 302, 700, 701, RunGroup.SLOTS + 1}) {
      model.put(slot, list(slot == 300 ? 10 : 30_000, 4));
    }
    PageTransaction tx = store.beginWrite();
    ListSpaces spaces = ListSpaces.create(tx, 4);
    write(tx, spaces, model, 60_000);
    verify(tx, spaces, model);
    store.rollback(tx);
  }

  @Test
  void aDescriptorThatLeadsElsewhereIsFound() {
    Map<Long, List<Long>> model = new TreeMap<>();
    for (long slot = 0; slot < 100; slot++) {
      model.put(slot, list(700, 4));
    }
    PageTransaction tx = store.beginWrite();
    ListSpaces spaces = ListSpaces.create(tx, 4);
    write(tx, spaces, model);
    new ListWriter(tx, spaces).insert(3, 0, 1L << 32);
    List<String> problems = new ArrayList<>();
    RunCheck.check(new Lists(tx, spaces), problems::add);
    assertEquals(List.of(), problems);
    long descriptor = tx.writable(spaces.runs().groups(), 0);
    RunGroup.put(descriptor, 1, 250_000, 4, false);
    RunCheck.check(new Lists(tx, spaces), problems::add);
    assertFalse(problems.isEmpty());
    RunGroup.put(descriptor, 0, 280_000, 4, false);
    problems.clear();
    RunCheck.check(new Lists(tx, spaces), problems::add);
    assertEquals(List.of(), problems);
    Memory.putInt(tx.writable(spaces.runs().ends(), 0) + 40, 7);
    RunCheck.check(new Lists(tx, spaces), problems::add);
    assertFalse(problems.isEmpty());
    store.rollback(tx);
  }
}
