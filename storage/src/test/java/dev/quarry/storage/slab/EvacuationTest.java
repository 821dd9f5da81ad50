package dev.quarry.storage.slab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.storage.Store;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.page.PageReader;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.page.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvacuationTest {
  private static final int LISTS = 2_000;

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Store store =
      Store.inMemory(StoreOptions.defaults().withNativeMemory(NativeSource.FOREIGN));
  private final List<List<Long>> model = new ArrayList<>();
  private ListSpaces spaces;
  private long longestStep;

  @AfterEach
  void listsAreAsTheModelSaysAndTheLedgerIsZero() {
    verify();
    store.close();
    assertEquals(0, store.budget().used(), where());
  }

  private String where() {
    return "seed " + seed;
  }

  private void make(int width) {
    commit(tx -> spaces = ListSpaces.create(tx, width));
    for (int i = 0; i < LISTS; i++) {
      model.add(new ArrayList<>());
    }
  }

  private void commit(Consumer<PageTransaction> work) {
    PageTransaction tx = store.beginWrite();
    work.accept(tx);
    store.commit(tx);
  }

  /// Gives a list another length, one entry after the other.
  private void resize(ListWriter writer, int slot, int length) {
    List<Long> list = model.get(slot);
    while (list.size() < length) {
      long value = (long) random.nextInt(1 << 20) << 32;
      writer.insert(slot, 0, value);
      list.add(value);
    }
    while (list.size() > length) {
      long value = list.remove(random.nextInt(list.size()));
      assertTrue(writer.remove(slot, 0, value), where());
    }
  }

  /// Short ones and long ones, about as many in each form.
  private int someLength() {
    return random.nextInt(1 << 1 + random.nextInt(random.nextInt(20) == 0 ? 12 : 8));
  }

  private void resizeSome(int count) {
    for (int done = 0; done < count; done += 50) {
      int most = Math.min(50, count - done);
      commit(tx -> replaceSome(tx, most));
    }
  }

  /// Replaces some lists by others.
  private void replaceSome(PageTransaction tx, int count) {
    ListWriter writer = new ListWriter(tx, spaces);
    for (int i = 0; i < count; i++) {
      int slot = random.nextInt(LISTS);
      writer.clear(slot);
      model.get(slot).clear();
      resize(writer, slot, someLength());
    }
    writer.finish();
  }

  private Evacuation plan() {
    try (Snapshot snapshot = store.beginRead()) {
      return Evacuation.of(new Slabs(snapshot, spaces.slabs()));
    }
  }

  /// Walks over all lists; returns how many moved.
  private long walk(Evacuation plan) {
    long[] moves = new long[1];
    long[] next = new long[1];
    while (next[0] != CellWalk.END) {
      store.rearrange(
          tx -> {
            CellWalk walk = new CellWalk(tx, spaces.directory(), new ListMover(tx, spaces, plan));
            next[0] = walk.run(next[0]);
            moves[0] += walk.moves();
            longestStep = Math.max(longestStep, tx.privateBytes());
          });
    }
    return moves[0];
  }

  private void verify() {
    try (Snapshot snapshot = store.beginRead()) {
      verify(snapshot);
    }
  }

  private void verify(PageReader reader) {
    Lists lists = new Lists(reader, spaces);
    SlabCheck check = new SlabCheck(lists);
    ListCursor cursor = new ListCursor();
    for (int slot = 0; slot < LISTS; slot++) {
      List<Long> found = new ArrayList<>();
      lists.open(slot, cursor);
      while (cursor.nextFragment()) {
        for (int i = 0; i < cursor.count(); i++) {
          int width = cursor.entryBytes();
          found.add(Entries.lo(cursor.address() + (long) i * width, width));
        }
      }
      assertEquals(
          model.get(slot).stream().sorted().toList(), found.stream().sorted().toList(), where());
      assertNull(check.fault(slot), where());
    }
    List<String> problems = new ArrayList<>();
    SlabCheck.descriptors(lists.slabs(), problems::add);
    assertEquals(List.of(), problems, where());
    List<Long> owned = new ArrayList<>();
    List<Long> used = new ArrayList<>();
    for (int slot = 0; slot < LISTS; slot++) {
      lists.owned(slot, owned::add, page -> {});
    }
    lists.slabs().inUse(used::add);
    assertEquals(used.stream().sorted().toList(), owned.stream().sorted().toList(), where());
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 8, 16})
  void afterRandomResizesAWalkOrTwoFillThePagesOfEachSize(int width) {
    make(width);
    for (int round = 0; round < 8; round++) {
      resizeSome(LISTS);
    }
    int walks = 0;
    while (!plan().isIdle()) {
      assertTrue(walks++ < 4, where());
      walk(plan());
    }
    Evacuation after = plan();
    for (int sizeClass = 0; sizeClass < Evacuation.classes(); sizeClass++) {
      assertTrue(
          after.occupancy(sizeClass).isAtLeast(Evacuation.GOAL),
          where() + " " + after.occupancy(sizeClass));
    }
    assertTrue(longestStep < 512 << 10, where() + " " + longestStep);
  }

  @Test
  void listsGoOnChangingBetweenTwoSteps() {
    make(4);
    for (int round = 0; round < 6; round++) {
      resizeSome(LISTS);
      Evacuation plan = plan();
      long[] next = new long[1];
      while (next[0] != CellWalk.END) {
        store.rearrange(
            tx -> {
              CellWalk walk = new CellWalk(tx, spaces.directory(), new ListMover(tx, spaces, plan));
              next[0] = walk.run(next[0]);
            });
        resizeSome(random.nextInt(20));
      }
      verify();
    }
  }

  @Test
  void anOlderStateStaysAsItWas() {
    make(4);
    resizeSome(3 * LISTS);
    try (Snapshot before = store.beginRead()) {
      List<List<Long>> then = new ArrayList<>();
      model.forEach(list -> then.add(new ArrayList<>(list)));
      walk(plan());
      resizeSome(LISTS);
      List<List<Long>> now = List.copyOf(model);
      model.clear();
      model.addAll(then);
      verify(before);
      model.clear();
      model.addAll(now);
    }
  }

  @Test
  void whatHasBecomeShortTakesTheFormOfAShortList() {
    make(4);
    int[] lengths = {20_000, 2_000, 100, 0};
    int[] later = {100, 2, 3, 0};
    commit(tx -> resizeAll(tx, lengths));
    commit(tx -> resizeAll(tx, later));
    assertEquals(3, walk(plan()));
    try (Snapshot snapshot = store.beginRead()) {
      Lists lists = new Lists(snapshot, spaces);
      assertEquals(DirectoryEntry.BLOCK, DirectoryEntry.form(lists.entry(0)));
      assertEquals(DirectoryEntry.INLINE, DirectoryEntry.form(lists.entry(1)));
      assertEquals(DirectoryEntry.INLINE, DirectoryEntry.form(lists.entry(2)));
      long[] slots = new long[1];
      lists.slabs().inUse(reference -> slots[0]++);
      assertEquals(1, slots[0]);
      assertEquals(0, Evacuation.of(lists.slabs()).occupancy(0).pages());
    }
    assertEquals(0, walk(plan()));
  }

  private void resizeAll(PageTransaction tx, int[] lengths) {
    ListWriter writer = new ListWriter(tx, spaces);
    for (int slot = 0; slot < lengths.length; slot++) {
      resize(writer, slot, lengths[slot]);
    }
    writer.finish();
  }

  @Test
  void aDirectoryOfEmptyListsTakesNoPage() {
    make(4);
    commit(tx -> resizeAll(tx, new int[] {5, 10, 50}));
    commit(tx -> resizeAll(tx, new int[] {0, 0, 0}));
    walk(plan());
    try (Snapshot snapshot = store.beginRead()) {
      assertEquals(0, snapshot.table(spaces.directory()).presentPages());
      assertEquals(0, snapshot.table(spaces.slabs().small()).presentPages());
    }
  }

  @Test
  void aStepThatFailsChangesNothing() {
    make(4);
    resizeSome(LISTS);
    Evacuation plan = plan();
    try {
      store.rearrange(
          tx -> {
            new CellWalk(tx, spaces.directory(), new ListMover(tx, spaces, plan)).run(0);
            throw new IllegalStateException("planned");
          });
    } catch (IllegalStateException e) {
      assertEquals("planned", e.getMessage());
    }
    verify();
    walk(plan);
  }
}
