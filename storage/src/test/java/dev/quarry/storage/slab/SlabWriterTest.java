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
import dev.quarry.storage.page.PageReader;
import dev.quarry.storage.page.PageTable;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.page.Snapshot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SlabWriterTest {
  private static final StoreOptions OPTIONS =
      StoreOptions.defaults().withNativeMemory(NativeSource.FOREIGN).withMemory(8L << 20);

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  @TempDir private Path folder;

  /// What a slot was asked for, and what its owner wrote.
  private record Owned(int bytes, byte content) {}

  private String where() {
    return "seed " + seed;
  }

  @Test
  void slotsHoldWhatTheirOwnersWroteAndThoseThatAreReadAreNotGivenOutBeforeTheCommit() {
    try (Store store = Store.inMemory(OPTIONS)) {
      SlabSpaces spaces = create(store);
      Map<Long, Owned> committed = new HashMap<>();
      for (int round = 0; round < 60; round++) {
        Map<Long, Owned> before = committed;
        try (Snapshot reader = store.beginRead()) {
          committed = oneTransaction(store, spaces, committed, false);
          verify(reader, spaces, before);
        }
        try (Snapshot reader = store.beginRead()) {
          verify(reader, spaces, committed);
        }
      }
      store.close();
      assertEquals(0, store.budget().used(), where());
    }
  }

  @Test
  void slotsHoldWhatTheirOwnersWroteWhereTransactionsSpill() {
    Map<Long, Owned> committed = new HashMap<>();
    SlabSpaces spaces;
    try (Store store = open()) {
      spaces = create(store);
      for (int round = 0; round < 12; round++) {
        committed = oneTransaction(store, spaces, committed, true);
      }
    }
    try (Store store = open();
        Snapshot reader = store.beginRead()) {
      verify(reader, spaces, committed);
      verifyUnusedIsZeros(reader, spaces, committed);
    }
  }

  @Test
  void slotsThatATransactionHasTakenAndGivenBackAreTakenAgain() {
    try (Store store = Store.inMemory(OPTIONS)) {
      SlabSpaces spaces = create(store);
      for (int bytes : new int[] {1, 64, 500, 4096, 16384}) {
        Map<Long, Owned> owned = new HashMap<>();
        Set<Long> met = new HashSet<>();
        PageTransaction tx = store.beginWrite();
        SlabWriter writer = new SlabWriter(tx, spaces);
        for (int i = 0; i < 300; i++) { // more than fit in a page
          met.add(take(writer, owned, bytes));
        }
        for (int round = 0; round < 5; round++) {
          giveBack(writer, owned, 1 + random.nextInt(300));
          while (owned.size() < 300) {
            assertFalse(met.add(take(writer, owned, bytes)), where());
          }
        }
        giveBack(writer, owned, 300);
        writer.finish();
        store.commit(tx);
        try (Snapshot reader = store.beginRead()) {
          verify(reader, spaces, Map.of());
          assertEquals(0, reader.table(spaces.small()).presentPages(), where());
          assertEquals(0, reader.table(spaces.large()).presentPages(), where());
        }
      }
    }
  }

  @Test
  void aSlotThatIsTakenAgainIsZerosBehindWhatItsOwnerWrites() {
    try (Store store = Store.inMemory(OPTIONS)) {
      SlabSpaces spaces = create(store);
      PageTransaction tx = store.beginWrite();
      SlabWriter writer = new SlabWriter(tx, spaces);
      Map<Long, Owned> owned = new HashMap<>();
      for (int i = 0; i < 1000; i++) {
        giveBack(writer, owned, random.nextInt(3));
        take(writer, owned, 385 + random.nextInt(128));
      }
      writer.finish();
      store.commit(tx);
      try (Snapshot reader = store.beginRead()) {
        verify(reader, spaces, owned);
      }
    }
  }

  @Test
  void aSlotThatWasTakenBeforeASpillIsNotTakenAgain() {
    try (Store store = open()) {
      SlabSpaces spaces = create(store);
      Map<Long, Owned> owned = new HashMap<>();
      PageTransaction tx = store.beginWrite();
      SlabWriter writer = new SlabWriter(tx, spaces);
      long before = take(writer, owned, 100);
      long freedBefore = take(writer, owned, 100);
      writer.giveBack(freedBefore);
      owned.remove(freedBefore);
      while (tx.spills() == 0) {
        take(writer, owned, 16384);
        tx.spillPoint();
      }
      long after = take(writer, owned, 100);
      for (long reference : List.of(before, after)) {
        writer.giveBack(reference);
        owned.remove(reference);
      }
      assertEquals(after, take(writer, owned, 100));
      for (int i = 0; i < 100; i++) {
        long other = take(writer, owned, 100);
        assertTrue(other != before && other != freedBefore);
      }
      writer.finish();
      store.commit(tx);
      try (Snapshot reader = store.beginRead()) {
        verify(reader, spaces, owned);
      }
    }
  }

  @Test
  void aSlotThatIsGivenBackBeforeASpillIsFreedOnce() {
    try (Store store = open()) {
      SlabSpaces spaces = create(store);
      Map<Long, Owned> owned = new HashMap<>();
      PageTransaction tx = store.beginWrite();
      SlabWriter writer = new SlabWriter(tx, spaces);
      take(writer, owned, 100);
      long reference = take(writer, owned, 100);
      int spills = tx.spills();
      while (tx.spills() == spills) {
        take(writer, owned, 16384);
        if (owned.containsKey(reference) && tx.large()) {
          writer.giveBack(reference);
          owned.remove(reference);
        }
        tx.spillPoint();
      }
      writer.finish();
      store.commit(tx);
      try (Snapshot reader = store.beginRead()) {
        verify(reader, spaces, owned);
      }
    }
  }

  @Test
  void aSlotThatIsGivenBackTwiceIsAnError() {
    try (Store store = Store.inMemory(OPTIONS)) {
      SlabSpaces spaces = create(store);
      PageTransaction tx = store.beginWrite();
      SlabWriter writer = new SlabWriter(tx, spaces);
      long reference = take(writer, new HashMap<>(), 100);
      writer.giveBack(reference);
      writer.giveBack(reference);
      assertThrows(CorruptPageException.class, writer::finish);
      store.rollback(tx);
    }
  }

  @Test
  void whatElseWasInMemoryDoesNotComeToThePages() {
    try (Store store = Store.inMemory(OPTIONS)) {
      SlabSpaces spaces = create(store);
      PageTransaction thrownAway = store.beginWrite();
      SlabWriter before = new SlabWriter(thrownAway, spaces);
      for (int i = 0; i < 100; i++) {
        take(before, new HashMap<>(), 16384);
      }
      store.rollback(thrownAway); // whose frames hold anything then
      PageTransaction tx = store.beginWrite();
      SlabWriter writer = new SlabWriter(tx, spaces);
      Map<Long, Owned> owned = new HashMap<>();
      for (int i = 0; i < 300; i++) {
        take(writer, owned, 1 + random.nextInt(i % 9 == 0 ? 16384 : 500));
      }
      writer.finish();
      store.commit(tx);
      try (Snapshot reader = store.beginRead()) {
        verifyUnusedIsZeros(reader, spaces, owned);
      }
    }
  }

  @Test
  void aPageWhoseLastSlotIsFreedIsAbsentAndComesBackWithOneSlot() {
    try (Store store = Store.inMemory(OPTIONS)) {
      SlabSpaces spaces = create(store);
      Map<Long, Owned> owned = new HashMap<>();
      for (int round = 0; round < 3; round++) {
        PageTransaction tx = store.beginWrite();
        SlabWriter writer = new SlabWriter(tx, spaces);
        long reference = take(writer, owned, 5000);
        assertFalse(tx.table(spaces.large()).isAbsent(0));
        writer.free(reference);
        owned.clear();
        writer.finish();
        store.commit(tx);
        try (Snapshot reader = store.beginRead()) {
          assertEquals(0, reader.table(spaces.large()).presentPages());
          assertEquals(1, reader.table(spaces.large()).pageCount());
        }
      }
    }
  }

  /// With a budget so small that transactions spill; nothing is logged.
  private Store open() {
    return Store.open(folder.resolve("slots.quarry"), OPTIONS, (tx, record, offset, length) -> {});
  }

  private static SlabSpaces create(Store store) {
    PageTransaction tx = store.beginWrite();
    SlabSpaces spaces = SlabSpaces.create(tx);
    store.commit(tx);
    return spaces;
  }

  /// Takes and frees slots; what is left is as it was if the transaction is abandoned.
  private Map<Long, Owned> oneTransaction(
      Store store, SlabSpaces spaces, Map<Long, Owned> committed, boolean spills) {
    Map<Long, Owned> owned = new HashMap<>(committed);
    Set<Long> freed = new HashSet<>();
    PageTransaction tx = store.beginWrite();
    SlabWriter writer = new SlabWriter(tx, spaces);
    int operations = spills ? 9000 : 1 + random.nextInt(400);
    int takes = spills ? 80 : random.nextInt(20, 80); // of a hundred
    for (int i = 0; i < operations; i++) {
      if (owned.isEmpty() || random.nextInt(100) < takes) {
        long reference = take(writer, owned, someBytes());
        assertFalse(freed.contains(reference) || committed.containsKey(reference), where());
      } else {
        List<Long> all = i % 50 == 0 ? new ArrayList<>(owned.keySet()) : null;
        long reference =
            all == null ? owned.keySet().iterator().next() : all.get(random.nextInt(all.size()));
        boolean isRead = random.nextBoolean();
        if (isRead) {
          writer.free(reference);
          freed.add(reference);
        } else {
          writer.giveBack(reference);
        }
        owned.remove(reference);
      }
      if (i % 100 == 99) {
        tx.spillPoint();
      }
    }
    assertTrue(!spills || tx.spills() > 0, where());
    if (!spills && random.nextInt(4) == 0) {
      store.rollback(tx);
      return committed;
    }
    writer.finish();
    store.commit(tx);
    return owned;
  }

  /// Gives some slots back, as far as there are so many.
  private void giveBack(SlabWriter writer, Map<Long, Owned> owned, int count) {
    List<Long> all = new ArrayList<>(owned.keySet());
    Collections.shuffle(all, random);
    for (long reference : all.subList(0, Math.min(count, all.size()))) {
      writer.giveBack(reference);
      owned.remove(reference);
    }
  }

  private int someBytes() {
    return 1 + random.nextInt(1 << 4 + random.nextInt(random.nextInt(4) == 0 ? 11 : 6));
  }

  private long take(SlabWriter writer, Map<Long, Owned> owned, int bytes) {
    long reference = writer.take(bytes);
    byte content = (byte) random.nextInt(1, 128);
    Memory.fill(writer.writableEnd(reference), bytes, content);
    assertEquals(null, owned.put(reference, new Owned(bytes, content)), where());
    return reference;
  }

  private void verify(PageReader reader, SlabSpaces spaces, Map<Long, Owned> owned) {
    Slabs slabs = new Slabs(reader, spaces);
    owned.forEach(
        (reference, slot) -> {
          long at = slabs.address(reference, slot.bytes);
          for (int i = 0; i < slabs.bytes(reference); i++) {
            byte expected = i < slot.bytes ? slot.content : 0;
            assertEquals(expected, Memory.getByte(at + i), where());
          }
        });
    Set<Long> inUse = new HashSet<>();
    slabs.inUse(inUse::add);
    assertEquals(owned.keySet(), inUse, where());
    List<String> problems = new ArrayList<>();
    SlabCheck.descriptors(slabs, problems::add);
    assertEquals(List.of(), problems, where());
  }

  /// Whether free slots hold zeros, or what an owner wrote.
  private void verifyUnusedIsZeros(PageReader reader, SlabSpaces spaces, Map<Long, Owned> owned) {
    for (int space : new int[] {spaces.small(), spaces.large()}) {
      PageTable pages = reader.table(space);
      for (long page = pages.firstPresent(0); page >= 0; page = pages.firstPresent(page + 1)) {
        for (int i = 0; i < pages.pageBytes(); i++) {
          assertTrue(Memory.getByte(pages.address(page) + i) >= 0, where());
        }
      }
    }
    verify(reader, spaces, owned);
  }
}
