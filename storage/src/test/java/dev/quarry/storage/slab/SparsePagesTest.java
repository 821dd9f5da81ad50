package dev.quarry.storage.slab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.storage.Store;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.memory.Scratch;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.page.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.LongToIntFunction;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Many sorted inserts empty the emptiest pages: of 64 bytes, which hold the lists of 9 to 16
/// entries of 4 bytes.
class SparsePagesTest {
  private static final int LISTS = 4096;
  private static final int OF_64_BYTES = SizeClasses.of(64);

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Store store =
      Store.inMemory(StoreOptions.defaults().withNativeMemory(NativeSource.FOREIGN));
  private final Map<Long, List<Long>> model = new HashMap<>();
  private ListSpaces spaces;

  @AfterEach
  void listsAreAsTheModelSaysAndTheLedgerIsZero() {
    try (Snapshot reader = store.beginRead()) {
      ListsModel.verify(seed, reader, spaces, model);
      List<String> problems = new ArrayList<>();
      SlabCheck.descriptors(new Slabs(reader, spaces.slabs()), problems::add);
      assertEquals(List.of(), problems);
    }
    store.close();
    assertEquals(0, store.budget().used(), "seed " + seed);
  }

  @Test
  void listsBesideThoseThatChangeLeaveSparsePagesToo() {
    make();
    insert(slot -> slot % 4 == 0 ? 1 : 0, true);
    assertTrue(pages().isAtLeast(80), pages() + ", seed " + seed);
  }

  @Test
  void fewInsertsDoNotLookForSparsePages() {
    make();
    SlabOccupancy before = pages();
    insert(slot -> slot == 0 ? 1 : 0, true);
    assertEquals(before, pages(), "seed " + seed);
  }

  @Test
  void randomInsertsLeaveTheListsAsTheyShouldBe() {
    make();
    for (int round = 0; round < 12; round++) {
      int most = 1 + random.nextInt(8);
      insert(slot -> random.nextInt(3) == 0 ? random.nextInt(most + 1) : 0, random.nextInt(4) > 0);
    }
    assertTrue(pages().live() > 0, "seed " + seed);
  }

  /// Of 8 lists 3 stay in pages of slots of 64 bytes, in all of these.
  private void make() {
    PageTransaction tx = store.beginWrite();
    spaces = ListSpaces.create(tx, 4);
    store.commit(tx);
    LongStream.range(0, LISTS).forEach(slot -> model.put(slot, new ArrayList<>()));
    insert(slot -> 12, false);
    insert(slot -> slot % 8 < 5 ? 8 : 0, false);
    assertEquals(new SlabOccupancy(64, LISTS / 64, LISTS, LISTS * 3 / 8), pages());
  }

  private void insert(LongToIntFunction counts, boolean expected) {
    PageTransaction tx = store.beginWrite();
    ListWriter writer = new ListWriter(tx, spaces);
    try (Scratch scratch = store.memory().scratch(store.budget().child("test"))) {
      long inserts = scratch.allocate(LISTS * 12 * 8L);
      int count = 0;
      for (long slot = 0; slot < LISTS; slot++) {
        for (int left = counts.applyAsInt(slot); left > 0; left--) {
          long upper = random.nextInt(1 << 20);
          Memory.putLong(inserts + count++ * 8L, slot << 32 | upper);
          model.get(slot).add(upper << 32);
        }
      }
      if (expected) {
        writer.expect(count);
      }
      writer.insertSorted(inserts, count);
    }
    writer.finish();
    store.commit(tx);
  }

  private SlabOccupancy pages() {
    try (Snapshot reader = store.beginRead()) {
      return Evacuation.of(new Slabs(reader, spaces.slabs())).occupancy(OF_64_BYTES);
    }
  }
}
