package dev.quarry.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.page.LineWrites;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.page.Snapshot;
import dev.quarry.storage.simulation.SimDisk;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A page of which a few lines change in each of many commits has two frames in turn.
class TwinFramesTest {
  private static final int PAGES = 300;
  private static final int LINES = 64;

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final SimDisk disk = new SimDisk();
  private final Store store = Store.open(Path.of("/x.quarry"), options(), (tx, b, at, n) -> {});
  private long[][] model = new long[PAGES][LINES];

  private record Reader(Snapshot snapshot, long[][] shows) {}

  private final Deque<Reader> readers = new ArrayDeque<>();

  private StoreOptions options() {
    return StoreOptions.defaults()
        .withMemory(32 << 20)
        .withNativeMemory(NativeSource.FOREIGN)
        .withDisk(disk);
  }

  @AfterEach
  void close() {
    readers.forEach(reader -> reader.snapshot.close());
    List<String> problems = new ArrayList<>();
    store.verifyLedger(problems::add);
    assertEquals(List.of(), problems, where());
    store.close();
    assertEquals(0, store.budget().used(), where());
  }

  private String where() {
    return "seed " + seed;
  }

  private PageTransaction begin() {
    PageTransaction tx = store.beginWrite();
    store.log(tx, new byte[8], 0, 8);
    return tx;
  }

  private static long line(PageTransaction tx, int page, int line, long value) {
    LineWrites writes = new LineWrites(1);
    writes.add(page, 1L << line);
    tx.writableLines(0, writes);
    Memory.putLong(writes.frame(0) + line * 64L, value);
    return writes.frame(0);
  }

  private long commitLine(int page, int line, long value) {
    PageTransaction tx = begin();
    long frame = line(tx, page, line, value);
    store.commit(tx);
    model[page][line] = value;
    return frame;
  }

  private void commitWhole(int page, long value) {
    PageTransaction tx = begin();
    whole(tx, page, value);
    store.commit(tx);
    model[page] = filled(value);
  }

  private static void whole(PageTransaction tx, int page, long value) {
    long frame = tx.writable(0, page);
    for (int line = 0; line < LINES; line++) {
      Memory.putLong(frame + line * 64L, value);
    }
  }

  private static long[] filled(long value) {
    long[] lines = new long[LINES];
    java.util.Arrays.fill(lines, value);
    return lines;
  }

  private void verify(Snapshot snapshot, long[][] expected) {
    for (int page = 0; page < PAGES; page++) {
      long address = snapshot.table(0).address(page);
      for (int line = 0; line < LINES; line++) {
        assertEquals(expected[page][line], Memory.getLong(address + line * 64L), where());
      }
    }
  }

  private void verifyNewest() {
    try (Snapshot snapshot = store.beginRead()) {
      verify(snapshot, model);
    }
  }

  @Test
  void whatAPageLiesInAlternatesBetweenTwoFrames() {
    commitWhole(3, 7);
    long first = commitLine(3, 1, 10);
    long second = commitLine(3, 2, 20);
    assertNotEquals(first, second);
    long used = store.budget().used();
    assertEquals(first, commitLine(3, 3, 30));
    assertEquals(second, commitLine(3, 1, 40));
    assertEquals(first, commitLine(3, 1, 50));
    assertEquals(used, store.budget().used());
    verifyNewest();
  }

  @Test
  void aFrameThatAReaderSeesIsLeftAlone() {
    commitWhole(3, 7);
    commitLine(3, 1, 10);
    Snapshot old = store.beginRead();
    long[][] shows = copy();
    long seen = old.table(0).address(3);
    commitLine(3, 2, 20);
    for (int i = 0; i < 4; i++) {
      assertNotEquals(seen, commitLine(3, 2 + i, 30 + i));
    }
    verify(old, shows);
    old.close();
    verifyNewest();
  }

  @Test
  void rollingBackLeavesThePageAsItWas() {
    commitWhole(3, 7);
    commitLine(3, 1, 10);
    commitLine(3, 2, 20);
    PageTransaction tx = begin();
    line(tx, 3, 5, 99);
    store.rollback(tx);
    verifyNewest();
    commitLine(3, 6, 60);
    verifyNewest();
    commitLine(3, 7, 70);
    verifyNewest();
  }

  @Test
  void aChangeOfTheWholePageEndsTheKnowledgeOfLines() {
    commitWhole(3, 7);
    commitLine(3, 1, 10);
    PageTransaction tx = begin();
    line(tx, 3, 2, 20);
    whole(tx, 3, 8);
    store.commit(tx);
    model[3] = filled(8);
    commitLine(3, 4, 40);
    commitLine(3, 5, 50);
    verifyNewest();
  }

  @Test
  void aChangeOfOtherLinesThanWereNamedIsFoundInCheckMode() {
    commitWhole(3, 7);
    PageTransaction tx = begin();
    long frame = line(tx, 3, 1, 10);
    Memory.putLong(frame + 9 * 64, 90); // not named
    store.commit(tx);
    tx = begin();
    PageTransaction next = tx;
    assertThrows(AssertionError.class, () -> line(next, 3, 2, 20));
    store.rollback(tx);
    commitWhole(3, 1);
  }

  @Test
  void anyMixtureOfChangesReadersRollbacksAndCheckpointsShowsWhatWasCommitted() {
    System.out.println("TwinFramesTest -Dseed=" + seed);
    int pages = 1 + random.nextInt(PAGES);
    for (int round = 0; round < 300; round++) {
      PageTransaction tx = begin();
      long[][] next = copy();
      for (int change = random.nextInt(30); change >= 0; change--) {
        change(tx, next, random.nextInt(pages));
      }
      if (random.nextInt(6) == 0) {
        store.rollback(tx);
      } else {
        store.commit(tx);
        model = next;
      }
      readAndCheckpoint();
    }
  }

  private void change(PageTransaction tx, long[][] next, int page) {
    long value = random.nextLong();
    switch (random.nextInt(20)) {
      case 0 -> {
        whole(tx, page, value);
        next[page] = filled(value);
      }
      case 1 -> {
        tx.free(0, page);
        next[page] = new long[LINES];
      }
      default -> {
        int line = random.nextInt(LINES);
        line(tx, page, line, value);
        next[page][line] = value;
      }
    }
  }

  private void readAndCheckpoint() {
    if (random.nextInt(10) == 0) {
      store.checkpoint();
    }
    if (random.nextInt(4) == 0) {
      readers.add(new Reader(store.beginRead(), copy()));
    }
    if (readers.size() > random.nextInt(4)) {
      Reader reader = readers.removeFirst();
      verify(reader.snapshot, reader.shows);
      reader.snapshot.close();
    }
    if (random.nextInt(10) == 0) {
      verifyNewest();
    }
  }

  private long[][] copy() {
    long[][] copy = new long[PAGES][];
    for (int page = 0; page < PAGES; page++) {
      copy[page] = model[page].clone();
    }
    return copy;
  }
}
