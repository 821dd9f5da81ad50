package dev.quarry.storage.arena;

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
import dev.quarry.storage.page.PageReader;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.page.Snapshot;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A column of strings whose groups are frozen, against a map from slots to texts.
class DictionaryTest {
  private static final int[] LENGTHS = {1, 2, 3, 4, 5, 11, 12, 13, 31, 32, 33, 1000, 16_384};

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Store store =
      Store.inMemory(StoreOptions.defaults().withNativeMemory(NativeSource.FOREIGN));
  private final Scratch scratch = store.memory().scratch(store.budget().child("test"));
  private final Map<Long, String> model = new TreeMap<>();
  private final StringSpaces strings;
  private final int values;
  private final DictionarySpaces spaces;

  DictionaryTest() {
    System.out.println("DictionaryTest -Dseed=" + seed);
    PageTransaction tx = store.beginWrite();
    strings = StringSpaces.create(tx);
    values = Column.createSpace(tx);
    spaces = DictionarySpaces.create(tx);
    store.commit(tx);
  }

  @AfterEach
  void everyStringIsWhatItWasAndTheLedgerIsZero() {
    try (Snapshot snapshot = store.beginRead()) {
      assertEquals(model, read(snapshot), where());
      assertEquals(List.of(), problems(snapshot), where());
    }
    scratch.close();
    store.close();
    assertEquals(0, store.budget().used());
  }

  private String where() {
    return "seed " + seed;
  }

  private static String text(int number, int length) {
    StringBuilder text = new StringBuilder(String.valueOf(number));
    while (text.length() < length) {
      text.append((char) ('a' + (number + text.length()) % 26));
    }
    return text.substring(0, length);
  }

  /// Sets the strings of some slots, as a writer of records does.
  private void put(Map<Long, String> texts) {
    PageTransaction tx = store.beginWrite();
    StringsWriter writer = new StringsWriter(tx, strings);
    texts.forEach((slot, text) -> put(tx, writer, slot, text));
    writer.finish();
    store.commit(tx);
  }

  private void put(PageTransaction tx, StringsWriter writer, long slot, String text) {
    if (new Dictionary(tx, spaces).code(slot) != 0) {
      Memory.putShort(Column.writable(tx, spaces.codes(), 2, slot), (short) 0);
    } else {
      writer.free(new Column(tx, values, 16).address(slot));
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    long copy = scratch.allocate(bytes.length + 8);
    Memory.putBytes(bytes, 0, copy, bytes.length);
    writer.write(Column.writable(tx, values, 16, slot), copy, bytes.length);
    scratch.reset();
    model.put(slot, text);
  }

  /// Freezes a group, in some transactions.
  private long freeze(long group) {
    long moved = 0;
    long first = group * Dictionary.GROUP;
    for (long slot = first; slot < first + Dictionary.GROUP; ) {
      PageTransaction tx = store.beginWrite();
      StringFreezer freezer = new StringFreezer(tx, strings, values, spaces, group);
      if (slot == first) {
        freezer.tidy();
      }
      freezer.begin();
      for (int pages = random.nextInt(200);
          pages >= 0 && slot < first + Dictionary.GROUP;
          pages--) {
        freezer.page(slot);
        slot += 256;
      }
      freezer.finish();
      moved += freezer.moved();
      store.commit(tx);
    }
    return moved;
  }

  private Map<Long, String> read(PageReader reader) {
    Map<Long, String> found = new TreeMap<>();
    Dictionary dictionary = new Dictionary(reader, spaces);
    Column cells = new Column(reader, values, 16);
    Strings all = new Strings(reader, strings);
    for (long slot : model.keySet()) {
      int code = dictionary.code(slot);
      long cell = code == 0 ? cells.address(slot) : dictionary.entry(slot, code);
      byte[] bytes = new byte[Strings.length(cell)];
      Memory.getBytes(all.bytes(cell, scratch), bytes, 0, bytes.length);
      scratch.reset();
      found.put(slot, new String(bytes, StandardCharsets.UTF_8));
    }
    return found;
  }

  private List<String> problems(PageReader reader) {
    List<String> problems = new ArrayList<>();
    Set<Long> owned = new HashSet<>();
    Strings all = new Strings(reader, strings);
    try {
      DictionaryCheck check = new DictionaryCheck(reader, strings, values, spaces, problems::add);
      check.codes(model::containsKey);
      check.entries(
          reference -> {
            if (!owned.add(reference)) {
              problems.add("owned twice");
            }
          });
      Column cells = new Column(reader, values, 16);
      model.keySet().forEach(slot -> all.owned(cells.address(slot), owned::add));
    } catch (CorruptPageException e) {
      problems.add(e.getMessage());
    }
    if (!owned.equals(inUse(reader))) {
      problems.add("what is owned is not what is in use");
    }
    return problems;
  }

  private Set<Long> inUse(PageReader reader) {
    Set<Long> used = new HashSet<>();
    new Strings(reader, strings).slabs().inUse(used::add);
    return used;
  }

  private long present(int space) {
    try (Snapshot snapshot = store.beginRead()) {
      return snapshot.table(space).presentPages();
    }
  }

  /// Strings of a group of which each is there about ten times.
  private void repeated(long group, int count) {
    Map<Long, String> texts = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      int which = random.nextInt(count / 10);
      int length = which % 100 == 0 ? LENGTHS[which / 100 % LENGTHS.length] : 1 + which % 40;
      texts.put(
          group * Dictionary.GROUP + random.nextInt(Dictionary.GROUP),
          text(100_000 + which, length));
    }
    put(texts);
  }

  @Test
  void eachStringIsKeptOnceAndReadAsItWas() {
    repeated(0, 8_000);
    repeated(2, 3_000);
    assertEquals(model.size(), freeze(0) + freeze(2), where());
    assertEquals(0, present(values), "all cells are zeros");
    try (Snapshot snapshot = store.beginRead()) {
      assertEquals(model, read(snapshot), where());
      assertTrue(inUse(snapshot).size() < 1_100, where());
    }
    assertEquals(0, freeze(0) + freeze(1) + freeze(2), "they are frozen already");
  }

  @Test
  void stringsOfAllLengthsAreFrozenButThoseThatNoSlotCanHold() {
    Map<Long, String> texts = new TreeMap<>();
    long slot = 0;
    for (int length : LENGTHS) {
      texts.put(slot++, text(7, length));
      texts.put(slot++, text(7, length));
    }
    texts.put(slot++, "");
    texts.put(slot++, "é".repeat(8_193));
    put(texts);
    assertEquals(2 * LENGTHS.length, freeze(0));
    assertEquals(1, present(values), "of the cell of the longest one");
  }

  @Test
  void aSlotLeavesItsDictionaryByItself() {
    repeated(0, 4_000);
    freeze(0);
    List<Long> slots = new ArrayList<>(model.keySet());
    for (int round = 0; round < 20; round++) {
      Map<Long, String> texts = new TreeMap<>();
      for (int i = 0; i < 50; i++) {
        texts.put(slots.get(random.nextInt(slots.size())), text(random.nextInt(60), 30));
      }
      try (Snapshot before = store.beginRead()) {
        Map<Long, String> shown = new TreeMap<>(model);
        put(texts);
        assertEquals(shown, read(before), "an older state stays as it is, " + where());
      }
      try (Snapshot snapshot = store.beginRead()) {
        assertEquals(model, read(snapshot), where());
        assertEquals(List.of(), problems(snapshot), where());
      }
      if (random.nextInt(4) == 0) {
        freeze(0);
      }
    }
  }

  @Test
  void entriesThatNoSlotUsesGoAndTheirPlacesAreTakenAgain() {
    Map<Long, String> texts = new TreeMap<>();
    for (long slot = 0; slot < 60_000; slot++) {
      texts.put(slot, text(1_000_000 + (int) slot / 4, 20));
    }
    put(texts);
    freeze(0);
    assertEquals(59, present(spaces.entries()));
    for (long slot = 0; slot < 30_000; slot++) {
      texts.put(slot, "the same for all of them");
    }
    put(texts);
    freeze(0);
    try (Snapshot snapshot = store.beginRead()) {
      assertEquals(7_501, inUse(snapshot).size());
      Dictionary dictionary = new Dictionary(snapshot, spaces);
      assertEquals(1, dictionary.code(0), "the first place that is free");
    }
    texts.replaceAll((slot, text) -> slot % 2 == 0 ? "even" : "odd");
    put(texts);
    freeze(0);
    assertEquals(1, present(spaces.entries()));
    assertEquals(0, present(strings.slabs().small()));
  }

  @Test
  void aDictionaryTakesNoMoreStringsThanThereAreCodes() {
    Map<Long, String> texts = new TreeMap<>();
    for (long slot = 0; slot < Dictionary.GROUP; slot++) {
      texts.put(slot, text(1_000_000 + (int) slot, 7));
    }
    put(texts);
    assertEquals(Dictionary.GROUP - 1, freeze(0));
    assertEquals(1, present(values));
  }

  private StringCensus census() {
    try (Snapshot snapshot = store.beginRead()) {
      StringCensus census = new StringCensus();
      census.begin(snapshot, strings, spaces, 0);
      for (long slot = 0; slot < Dictionary.GROUP && !census.isHopeless(); slot += 256) {
        census.page(snapshot, strings, values, spaces, slot);
      }
      return census;
    }
  }

  @Test
  void freezingIsWorthwhileWhereStringsRepeat() {
    assertFalse(census().isWorthwhile(), "nothing is there");
    Map<Long, String> texts = new TreeMap<>();
    for (long slot = 0; slot < 20_000; slot++) {
      texts.put(slot, text(1_000_000 + (int) slot, 7));
    }
    put(texts);
    assertTrue(census().isHopeless());
    assertFalse(census().isWorthwhile(), "all are different");
    texts.replaceAll((slot, text) -> text(1_000_000 + slot.intValue() % 4_000, 7));
    put(texts);
    assertTrue(census().isWorthwhile());
    freeze(0);
    assertFalse(census().isWorthwhile(), "there is nothing left");
    put(Map.of(5L, text(1_000_000, 7), 600L, text(1_000_001, 7)));
    assertFalse(census().isWorthwhile(), "too little");
    put(Map.of(1_000L, text(1_000_002, 7), 1_500L, text(1_000_003, 7)));
    assertTrue(census().isWorthwhile(), "the dictionary has them, each takes a page of cells");
  }

  @Test
  void aFewSlotsAreNotWorthPagesOfCodes() {
    Map<Long, String> texts = new TreeMap<>();
    for (long slot = 0; slot < 1_000; slot++) {
      texts.put(slot, "Oslo");
    }
    put(texts);
    assertFalse(census().isWorthwhile());
    texts.replaceAll((slot, text) -> "a text that does not fit into its cell");
    put(texts);
    assertTrue(census().isWorthwhile(), "but for what they refer to");
  }

  /// What the column says, and its check finds, with one bit of it changed.
  private void ensureNoticed(PageTransaction tx, long address, int bit) {
    Memory.putByte(address, (byte) (Memory.getByte(address) ^ 1 << bit));
    boolean isNoticed = !problems(tx).isEmpty();
    try {
      isNoticed |= !read(tx).equals(model);
    } catch (CorruptPageException e) {
      assertTrue(isNoticed, () -> where() + " " + e.getMessage());
    }
    assertTrue(isNoticed, () -> where() + ", bit " + bit + " of " + (address & 4095));
    Memory.putByte(address, (byte) (Memory.getByte(address) ^ 1 << bit));
  }

  @Test
  void everyBitMeansSomethingToReadersOrToTheCheck() {
    Map<Long, String> texts = new TreeMap<>();
    for (long slot = 0; slot < 600; slot++) {
      texts.put(slot, text(random.nextInt(40), LENGTHS[random.nextInt(11)]));
    }
    put(texts);
    freeze(0);
    PageTransaction tx = store.beginWrite();
    long codes = tx.writable(spaces.codes(), 0);
    long entries = tx.writable(spaces.entries(), 0);
    long cells = tx.writable(values, 0);
    for (int i = 0; i < 300; i++) {
      ensureNoticed(tx, codes + random.nextInt(4096), random.nextInt(8));
      ensureNoticed(tx, codes + random.nextInt(1200), random.nextInt(8));
      ensureNoticed(tx, entries + random.nextInt(4096), random.nextInt(8));
      ensureNoticed(tx, entries + random.nextInt(16 * 100), random.nextInt(8));
      ensureNoticed(tx, cells + random.nextInt(4096), random.nextInt(8));
    }
    store.rollback(tx);
  }

  @Test
  void twoEntriesAreNeverTheSameString() {
    repeated(0, 2_000);
    freeze(0);
    PageTransaction tx = store.beginWrite();
    long entries = tx.writable(spaces.entries(), 0);
    Memory.copy(entries + 16, entries + 32, 16);
    assertTrue(
        problems(tx).stream().anyMatch(one -> one.contains("is the same string as entry 1")));
    store.rollback(tx);
  }

  @Test
  void aCodeWithoutAnEntryIsRefused() {
    put(Map.of(3L, "three", 4L, "three"));
    freeze(0);
    PageTransaction tx = store.beginWrite();
    Memory.putShort(tx.writable(spaces.codes(), 0) + 6, (short) 9);
    assertThrows(CorruptPageException.class, () -> read(tx));
    assertEquals(
        List.of("slot 3 has code 9, which no entry has"), problems(tx).subList(0, 1), where());
    store.rollback(tx);
  }
}
