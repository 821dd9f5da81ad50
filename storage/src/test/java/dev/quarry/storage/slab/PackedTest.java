package dev.quarry.storage.slab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.CorruptPageException;
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
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.CsvSource;

/// Lists frozen into a packed run, of entries of 4 bytes, of 8, and of 8 where others have 4.
@ParameterizedClass
@CsvSource({"4, 4", "8, 8", "4, 8"})
class PackedTest {
  private static final int[] LENGTHS = {1, 2, 127, 128, 129, 253, 254, 255, 256, 257, 300, 70_000};

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Store store =
      Store.inMemory(StoreOptions.defaults().withNativeMemory(NativeSource.FOREIGN));
  private final Map<Long, List<Long>> model = new TreeMap<>();
  private final int least; // bytes of an entry of a list that is not wide
  private final int width;
  private @Nullable ListSpaces made;

  PackedTest(int least, int width) {
    this.least = least;
    this.width = width;
  }

  @AfterEach
  void everyListIsWhatItWasAndTheLedgerIsZero() {
    if (made != null) {
      try (Snapshot snapshot = store.beginRead()) {
        ListsModel.verify(seed, snapshot, spaces(), model);
        assertEquals(List.of(), problems(snapshot));
      }
    }
    store.close();
    assertEquals(0, store.budget().used());
  }

  private ListSpaces spaces() {
    return Objects.requireNonNull(made);
  }

  /// Adds a list to the model.
  private void list(long slot, int length, LongUnaryOperator entry) {
    List<Long> list = new ArrayList<>();
    for (int i = 0; i < length; i++) {
      list.add((entry.applyAsLong(i) & 0xFFFFFFFFL) << 32);
    }
    list.sort(Long::compareUnsigned);
    if (width == 8) {
      addLowers(list);
    }
    model.put(slot, list);
  }

  /// Edge slots one after the other, as after a load; or anywhere; some of a few; mostly none.
  private void addLowers(List<Long> list) {
    int style = random.nextInt(4);
    int first = random.nextInt() >>> random.nextInt(32);
    for (int i = 0; i < list.size(); i++) {
      int lower =
          switch (style) {
            case 0 -> first + i;
            case 1 -> random.nextInt();
            case 2 -> first + random.nextInt(100);
            default -> random.nextInt(50) == 0 ? first : 0;
          };
      list.set(i, list.get(i) | lower & 0xFFFFFFFFL);
    }
    list.set(0, list.getFirst() | 1); // so none is narrower
    list.sort(Long::compareUnsigned);
  }

  private void freeze(boolean packs) {
    PageTransaction tx = store.beginWrite();
    for (long group = 0; group < GroupFreezer.count(new Lists(tx, spaces())); group++) {
      GroupFreezer freezer = new GroupFreezer(tx, spaces(), group, packs);
      for (int page = 0; page < GroupFreezer.PAGES; page++) {
        freezer.page(page);
      }
      freezer.complete();
      assertTrue(freezer.finish());
    }
    store.commit(tx);
  }

  private List<String> problems(PageReader reader) {
    List<String> problems = new ArrayList<>();
    Lists lists = new Lists(reader, spaces());
    RunCheck.check(lists, problems::add);
    SlabCheck check = new SlabCheck(lists);
    for (long slot : model.keySet()) {
      try {
        String fault = check.fault(slot);
        if (fault != null) {
          problems.add(fault);
        }
      } catch (CorruptPageException e) {
        problems.add(e.getMessage());
      }
    }
    return problems;
  }

  private boolean isPacked() {
    try (Snapshot snapshot = store.beginRead()) {
      Runs runs = new Lists(snapshot, spaces()).runs();
      return RunGroup.isPacked(runs.descriptor(0));
    }
  }

  private void someOfAllLengths() {
    long slot = 3;
    for (int length : LENGTHS) {
      list(slot++, length, i -> i);
      list(slot++, length, i -> 0xFFFFFFFFL);
      list(slot++, length, i -> i % 2 == 0 ? 0 : 0xFFFFFFFFL);
      list(slot++, length, i -> random.nextInt());
      list(slot++, length, i -> random.nextInt(1000));
      slot += random.nextInt(200);
    }
  }

  private long longest() {
    return model.keySet().stream()
        .max(Comparator.comparingInt(slot -> model.getOrDefault(slot, List.of()).size()))
        .orElseThrow();
  }

  private void load() {
    PageTransaction tx = store.beginWrite();
    ListSpaces spaces = ListSpaces.create(tx, least);
    made = spaces;
    if (least == width) {
      ListsModel.load(store, tx, spaces, RunWriter.MOST, model);
    } else {
      ListWriter writer = new ListWriter(tx, spaces);
      model.forEach((slot, list) -> list.forEach(lo -> writer.insert(slot, 0, lo)));
      writer.finish();
    }
    store.commit(tx);
  }

  @Test
  void listsOfAllLengthsAndDifferencesAreReadAsTheyWere() {
    someOfAllLengths();
    load();
    freeze(true);
    assertTrue(isPacked());
    try (Snapshot snapshot = store.beginRead()) {
      ListsModel.verify(seed, snapshot, spaces(), model);
    }
    freeze(false);
    assertFalse(isPacked());
    try (Snapshot snapshot = store.beginRead()) {
      ListsModel.verify(seed, snapshot, spaces(), model);
    }
    freeze(true);
  }

  @Test
  void listsOfNeighboursAreUnpackedAtOnceUnlessTheyAreTooLong() {
    someOfAllLengths();
    long kept = longest();
    model.keySet().removeIf(slot -> slot > kept); // or their word may be too long altogether
    load();
    freeze(true);
    int room = 10_000;
    try (Snapshot snapshot = store.beginRead();
        Scratch memory = store.memory().scratch(store.budget().child("stretch"))) {
      Stretch stretch = new Stretch(memory.allocate(Stretch.bytes(room)), room);
      Lists lists = new Lists(snapshot, spaces());
      assertTrue(ListsModel.verifyStretches(seed, lists, model, stretch) > 1, "seed " + seed);
      assertTrue(lists.stretch(longest() & -Stretch.SLOTS, -1L, stretch));
      assertTrue((stretch.apart() >>> longest() & 1) != 0, "seed " + seed);
    }
  }

  @Test
  void everyEntryIsFoundAndNoOther() {
    list(5, 1000, i -> i / 3 * 7);
    list(6, 1000, i -> 0xFFFFFF00L + i / 4);
    list(7, 500, i -> 9);
    load();
    freeze(true);
    try (Snapshot snapshot = store.beginRead()) {
      Lists lists = new Lists(snapshot, spaces());
      for (long slot = 5; slot <= 7; slot++) {
        List<Long> list = model.get(slot);
        for (long value = 0; value < 3000; value++) {
          long lo = (slot == 6 ? value + 0xFFFFFF00L - 100 : value) << 32;
          ensureCounted(lists, slot, lo);
          ensureCounted(lists, slot, lo | 1);
        }
        for (long lo : list) {
          ensureCounted(lists, slot, lo);
        }
      }
    }
  }

  private void ensureCounted(Lists lists, long slot, long lo) {
    long equal = model.getOrDefault(slot, List.of()).stream().filter(one -> one == lo).count();
    assertEquals(equal, lists.count(slot, 0, lo), () -> "seed " + seed);
    assertEquals(equal > 0, lists.contains(slot, 0, lo), () -> "seed " + seed);
  }

  /// The count, and for 128 entries: bits and first entry, differences of 4 bits, bits and base.
  @Test
  void slotsThatRiseByOneTakeNoBitsEach() {
    List<Long> list = new ArrayList<>();
    for (long i = 0; i < 128; i++) {
      list.add(i * 8 << 32 | (width == 8 ? 1_000_000 + i : 0));
    }
    model.put(0L, list);
    load();
    freeze(true);
    try (Snapshot snapshot = store.beginRead()) {
      Runs runs = new Lists(snapshot, spaces()).runs();
      assertEquals(1 + 2 + 64 + (width == 8 ? 4 : 0), RunGroup.bytes(runs.descriptor(0)));
    }
  }

  @Test
  void theFirstChangeUnpacksOneListAlone() {
    someOfAllLengths();
    load();
    freeze(true);
    long slot =
        model.keySet().stream().filter(one -> model.get(one).size() == 300).findFirst().get();
    PageTransaction tx = store.beginWrite();
    ListWriter writer = new ListWriter(tx, spaces());
    writer.insert(slot, 0, 5L << 32);
    model.get(slot).add(5L << 32);
    writer.finish();
    Lists lists = writer.lists();
    assertFalse(lists.isInRun(slot));
    assertTrue(lists.isInRun(slot + 1));
    assertFalse(lists.isFrozen(slot + 1));
    assertEquals(List.of(), problems(tx));
    ListsModel.verify(seed, tx, spaces(), model);
    store.commit(tx);
  }

  @Test
  void aLongListLeavesAsAHubAndComesBack() {
    list(1, 5000, i -> random.nextInt());
    list(2, 5000, i -> i);
    load();
    freeze(true);
    PageTransaction tx = store.beginWrite();
    ListWriter writer = new ListWriter(tx, spaces());
    long gone = model.get(1L).remove(random.nextInt(5000));
    assertTrue(writer.remove(1, 0, gone));
    writer.insert(2, 0, 7L << 32);
    model.get(2L).add(7L << 32);
    writer.finish();
    assertEquals(DirectoryEntry.HUB, DirectoryEntry.form(writer.lists().entry(1)));
    ListsModel.verify(seed, tx, spaces(), model);
    store.commit(tx);
    freeze(true);
    try (Snapshot snapshot = store.beginRead()) {
      assertTrue(new Lists(snapshot, spaces()).isInRun(1));
    }
  }

  @Test
  void twoCursorsThatStandInPackedListsReadEachItsOwn() {
    list(1, 1000, i -> i);
    list(2, 1000, i -> 100_000 + i);
    load();
    freeze(true);
    try (Snapshot snapshot = store.beginRead()) {
      Lists lists = new Lists(snapshot, spaces());
      ListCursor one = new ListCursor();
      ListCursor other = new ListCursor();
      lists.open(1, one);
      lists.open(2, other);
      for (int at = 0; one.nextFragment(); at += one.count()) {
        assertTrue(other.nextFragment());
        assertTrue(lists.contains(2, 0, model.get(2L).get(at)));
        for (int i = 0; i < one.count(); i++) {
          assertEquals(at + i, upper(one, i));
          assertEquals(100_000 + at + i, upper(other, i));
        }
      }
      assertFalse(other.nextFragment());
    }
  }

  private long upper(ListCursor cursor, int i) {
    assertEquals(width, cursor.entryBytes());
    return Entries.lo(cursor.address() + (long) i * width, width) >>> 32;
  }

  @Test
  void cursorsThatAreLeftNeedNoMoreMemory() {
    list(1, 1000, i -> i);
    load();
    freeze(true);
    try (Snapshot snapshot = store.beginRead()) {
      Lists lists = new Lists(snapshot, spaces());
      long used = 0;
      for (int i = 0; i < 1_000; i++) {
        ListCursor cursor = new ListCursor();
        lists.open(1, cursor);
        assertTrue(cursor.nextFragment());
        cursor.openNothing();
        assertTrue(used == 0 || used == store.budget().used());
        used = store.budget().used();
      }
    }
  }

  /// What a run says, and its check finds, with one bit of it changed.
  private void ensureNoticed(PageTransaction tx, long address, int bit, List<List<Long>> before) {
    Memory.putByte(address, (byte) (Memory.getByte(address) ^ 1 << bit));
    List<String> found = problems(tx);
    boolean isNoticed = !found.isEmpty();
    List<List<Long>> after = new ArrayList<>();
    for (long slot : model.keySet()) {
      try {
        after.add(ListsModel.read(new Lists(tx, spaces()), slot));
      } catch (CorruptPageException e) {
        assertTrue(isNoticed, () -> "seed " + seed + " " + e.getMessage());
      }
    }
    assertTrue(isNoticed || !after.equals(before), "seed " + seed);
    Memory.putByte(address, (byte) (Memory.getByte(address) ^ 1 << bit));
  }

  @Test
  void everyBitMeansSomethingToReadersOrToTheCheck() {
    for (long slot = 0; slot < 900; slot++) {
      int bits = 1 + random.nextInt(32);
      list(slot, 1 + random.nextInt(300), i -> random.nextInt() >>> 32 - bits);
    }
    load();
    freeze(true);
    PageTransaction tx = store.beginWrite();
    if (random.nextBoolean()) { // by directory entries, not by ends
      new ListWriter(tx, spaces()).writableEntry(0);
    }
    List<List<Long>> before = new ArrayList<>();
    for (long slot : model.keySet()) {
      before.add(ListsModel.read(new Lists(tx, spaces()), slot));
    }
    Lists lists = new Lists(tx, spaces());
    long first = RunGroup.firstPage(lists.runs().descriptor(0));
    assertTrue(RunGroup.pages(lists.runs().descriptor(0)) > 1);
    long page = tx.writable(spaces().runs().entries(), first);
    for (int i = 0; i < 60; i++) {
      ensureNoticed(tx, page + random.nextInt(Packed.END), random.nextInt(8), before);
      ensureNoticed(tx, page + Packed.END - 1 - random.nextInt(600), random.nextInt(8), before);
    }
    store.rollback(tx);
  }

  @Test
  void soDoesEachBitOfSomeShortLists() {
    for (long slot = 0; slot < 12; slot++) {
      int bits = 1 + random.nextInt(32);
      list(slot, 1 + random.nextInt(20), i -> random.nextInt() >>> 32 - bits);
    }
    load();
    freeze(true);
    PageTransaction tx = store.beginWrite();
    List<List<Long>> before = new ArrayList<>();
    for (long slot : model.keySet()) {
      before.add(ListsModel.read(new Lists(tx, spaces()), slot));
    }
    long group = new Lists(tx, spaces()).runs().descriptor(0);
    long page = tx.writable(spaces().runs().entries(), RunGroup.firstPage(group));
    for (long bit = 0; bit < RunGroup.bytes(group) * 8; bit++) {
      ensureNoticed(tx, page + bit / 8, (int) bit % 8, before);
    }
    store.rollback(tx);
  }

  private void ensureRefused(PageTransaction tx, long slot) {
    assertFalse(problems(tx).isEmpty());
    Lists lists = new Lists(tx, spaces());
    assertThrows(CorruptPageException.class, () -> ListsModel.read(lists, slot));
  }

  @Test
  void whatLeadsToAPackedListIsValidatedAsWell() {
    for (long slot = 0; slot < 300; slot++) {
      list(slot, 40, i -> random.nextInt());
    }
    load();
    freeze(true);
    PageTransaction tx = store.beginWrite();
    long descriptor = tx.writable(spaces().runs().groups(), 0);
    Memory.putByte(descriptor + 13, (byte) 2);
    ensureRefused(tx, 7);
    Memory.putByte(descriptor + 13, (byte) 1);
    Memory.putByte(descriptor + 12, (byte) (12 - width));
    ensureRefused(tx, 7);
    Memory.putByte(descriptor + 12, (byte) width);
    long end = tx.writable(spaces().runs().ends(), 0) + 7 * 4;
    for (int by : new int[] {-1, 1, -1000, 1 << 30}) {
      Memory.putInt(end, Memory.getInt(end) + by);
      ensureRefused(tx, 7);
      Memory.putInt(end, Memory.getInt(end) - by);
    }
    assertEquals(List.of(), problems(tx));
    long at = new ListWriter(tx, spaces()).writableEntry(7);
    long place = DirectoryEntry.reference(at);
    boolean wide = width > least;
    assertEquals(DirectoryEntry.PACKED, DirectoryEntry.form(at));
    assertEquals(wide, DirectoryEntry.isWide(at));
    DirectoryEntry.putPacked(at, wide, 41, place);
    ensureRefused(tx, 7);
    for (long elsewhere : new long[] {-1, 1L << 40, place | Runs.PAGE - 1}) {
      DirectoryEntry.putPacked(at, wide, 40, elsewhere);
      ensureRefused(tx, 7);
    }
    DirectoryEntry.putPacked(at, wide, 40, place);
    Memory.putByte(at, (byte) (Memory.getByte(at) ^ DirectoryEntry.WIDE));
    assertFalse(problems(tx).isEmpty());
    DirectoryEntry.putPacked(at, wide, 40, place);
    assertEquals(List.of(), problems(tx));
    store.rollback(tx);
  }
}
