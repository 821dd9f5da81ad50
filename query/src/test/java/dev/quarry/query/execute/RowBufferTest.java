package dev.quarry.query.execute;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.MemoryBudgetException;
import dev.quarry.error.StoreIoException;
import dev.quarry.graph.CypherDuration;
import dev.quarry.graph.Point;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.query.procedure.Procedures;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Border;
import dev.quarry.query.value.Cell;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rows come back from a buffer as they were, and in their order, wherever they were meanwhile.
class RowBufferTest {
  @TempDir Path folder = Path.of("");
  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private GraphStore graph;
  private GraphSnapshot snapshot;
  private Budget originals;
  private Scratch scratch;

  @BeforeEach
  void open() {
    graph = GraphStore.inMemory(StoreOptions.defaults().withSpillFolder(folder));
    snapshot = graph.beginRead();
    originals = graph.store().budget().child("originals");
    scratch = graph.store().memory().scratch(originals);
  }

  @AfterEach
  void close() throws IOException {
    assertEquals(0, graph.store().spill().usedBytes());
    scratch.close();
    originals.close();
    snapshot.close();
    graph.close();
    assertEquals(0, graph.store().budget().used());
    try (var files = Files.list(folder)) {
      assertEquals(List.of(), files.toList());
    }
  }

  /// Runs something with a buffer for rows of some cells, in an account of its own.
  private void withBuffer(long limit, long inMemory, int cells, Use use) throws IOException {
    Budget account = graph.store().budget().child("query", limit);
    System.setProperty("quarry.spillRows", Long.toString(inMemory));
    try (Execution execution =
        new Execution(
            snapshot,
            null,
            Map.of(),
            graph.store().memory(),
            account,
            graph.store().spill(),
            0,
            Clock.systemUTC(),
            new Procedures(),
            new HelperThreads(1).upTo(1))) {
      int[] slots = new int[cells];
      for (int i = 0; i < cells; i++) {
        slots[i] = i;
      }
      use.with(execution, execution.newRowBuffer(slots));
    } finally {
      System.clearProperty("quarry.spillRows");
    }
    account.close();
  }

  private interface Use {
    void with(Execution execution, RowBuffer buffer) throws IOException;
  }

  @Test
  void rowsOfAnyValuesComeBackEqualAndInOrder() throws IOException {
    for (int round = 0; round < 60; round++) {
      String where = "seed " + seed + " round " + round;
      int cells = random.nextInt(5);
      int count = random.nextInt(300);
      long inMemory = random.nextInt(4) == 0 ? Long.MAX_VALUE : random.nextInt(60);
      long limit = 256L << 10 << random.nextInt(6);
      scratch.reset();
      long rows = scratch.allocate((long) count * cells * Cell.BYTES);
      for (int i = 0; i < count * cells; i++) {
        putRandom(rows + (long) i * Cell.BYTES, 4);
      }
      withBuffer(
          limit,
          inMemory,
          cells,
          (execution, buffer) -> {
            for (int use = 0; use < 2; use++) {
              buffer.clear();
              add(buffer, rows, count, cells);
              assertEquals(count, buffer.size());
              assertSame(buffer, rows, count, cells, where);
              assertSame(buffer, rows, count, cells, where + " again");
            }
            boolean spilled = cells > 0 && count > inMemory;
            assertTrue(!spilled || graph.store().spill().usedBytes() > 0, where);
          });
    }
  }

  private void add(RowBuffer buffer, long rows, int count, int cells) {
    try (Scratch columns = graph.store().memory().scratch(originals)) {
      Batch batch = new Batch(Math.max(1, cells), columns, 1);
      for (int row = 0; row < count; row++) {
        for (int i = 0; i < cells; i++) {
          long cell = rows + (long) (row * cells + i) * Cell.BYTES;
          batch.put(i, 0, Cell.head(cell), Cell.body(cell));
        }
        buffer.add(batch, 0);
      }
    }
  }

  private void assertSame(RowBuffer buffer, long rows, int count, int cells, String where) {
    try (Scratch columns = graph.store().memory().scratch(originals)) {
      Batch batch = new Batch(Math.max(1, cells), columns, 1 + random.nextInt(40));
      buffer.rewind();
      int row = 0;
      while (buffer.read(batch)) {
        for (int r = 0; r < batch.size(); r++, row++) {
          for (int i = 0; i < cells; i++) {
            long expected = rows + (long) (row * cells + i) * Cell.BYTES;
            assertTrue(same(expected, batch, i, r), where + " row " + row + " cell " + i);
          }
        }
      }
      assertEquals(count, row, where);
      assertFalse(buffer.read(batch), where);
    }
  }

  /// Whether a batch holds the value of a cell.
  private boolean same(long expected, Batch batch, int slot, int row) {
    long mark = scratch.mark();
    long cell = scratch.allocate(Cell.BYTES);
    batch.getCell(slot, row, cell);
    boolean same = same(expected, cell);
    scratch.release(mark);
    return same;
  }

  /// Whether two cells hold the same value, bit by bit.
  private static boolean same(long a, long b) {
    long head = Cell.head(a);
    int tag = Cell.tag(head);
    if (head != Cell.head(b)) {
      return false;
    }
    if (tag == Cell.LIST || tag == Cell.MAP || tag == Cell.PATH) {
      boolean same = true;
      for (long i = (tag == Cell.MAP ? 2L : 1L) * Cell.size(head) - 1; i >= 0; i--) {
        same &= same(Cell.body(a) + i * Cell.BYTES, Cell.body(b) + i * Cell.BYTES);
      }
      return same;
    }
    if (tag == Cell.STRING || Cell.isEncoded(tag)) {
      return Memory.equal(Cell.body(a), Cell.body(b), Cell.size(head));
    }
    return tag == Cell.RELATIONSHIP
        ? Memory.equal(Cell.body(a), Cell.body(b), Cell.RELATIONSHIP_BYTES)
        : Cell.body(a) == Cell.body(b);
  }

  private void putRandom(long at, int depth) {
    int kinds = depth == 0 ? 8 : 11;
    switch (random.nextInt(kinds)) {
      case 0 -> Cell.put(at, Cell.NULL, 0);
      case 1 -> Cell.put(at, Cell.BOOLEAN, random.nextInt(2));
      case 2 -> Cell.put(at, Cell.INTEGER, random.nextLong());
      case 3 -> Cell.put(at, Cell.FLOAT, random.nextLong());
      case 4 -> Border.put("é".repeat(random.nextInt(20)), at, scratch);
      case 5 -> Border.put("x".repeat(random.nextInt(40) == 0 ? 9000 : 0), at, scratch);
      case 6 -> Border.put(encoded(), at, scratch);
      case 7 -> {
        if (random.nextBoolean()) {
          putNode(at);
        } else {
          putRelationship(at);
        }
      }
      case 8 -> {
        int size = random.nextInt(4);
        long cells = putRandomCells(size, depth);
        Cell.put(at, Cell.listHead(cells, size), cells);
      }
      case 9 -> {
        int size = random.nextInt(4);
        long cells = putRandomCells(2 * size, depth);
        for (int i = 0; i < size; i++) {
          Border.put("key" + i, cells + 2L * i * Cell.BYTES, scratch);
        }
        Cell.put(at, Cell.mapHead(cells, size), cells);
      }
      default -> {
        int size = 1 + 2 * random.nextInt(4);
        long cells = scratch.allocate((long) size * Cell.BYTES);
        for (int i = 0; i < size; i++) {
          if (i % 2 == 0) {
            putNode(cells + (long) i * Cell.BYTES);
          } else {
            putRelationship(cells + (long) i * Cell.BYTES);
          }
        }
        Cell.put(at, Cell.head(Cell.PATH, size), cells);
      }
    }
  }

  private long putRandomCells(int count, int depth) {
    long cells = scratch.allocate((long) count * Cell.BYTES);
    for (int i = 0; i < count; i++) {
      putRandom(cells + (long) i * Cell.BYTES, depth - 1);
    }
    return cells;
  }

  private void putNode(long at) {
    Cell.put(at, Cell.head(Cell.NODE, random.nextInt(1000)), random.nextLong());
  }

  private void putRelationship(long at) {
    long words = scratch.allocate(Cell.RELATIONSHIP_BYTES);
    Cell.putRelationship(
        words, random.nextInt(9), random.nextInt(99), random.nextLong(), random.nextLong(), -1, 7);
    Cell.put(at, Cell.RELATIONSHIP, words);
  }

  private Object encoded() {
    return switch (random.nextInt(5)) {
      case 0 -> LocalDate.ofEpochDay(random.nextInt());
      case 1 -> LocalTime.ofNanoOfDay(random.nextInt(Integer.MAX_VALUE));
      case 2 -> ZonedDateTime.parse("2024-02-29T12:30:00+01:00[Europe/Paris]");
      case 3 -> new CypherDuration(random.nextInt(), random.nextInt(), random.nextInt(), 7);
      default -> new Point(Point.WGS_84, random.nextInt(90), random.nextInt(90));
    };
  }

  @Test
  void rowsGoToTheFileOnceHalfOfTheMemoryIsUsed() throws IOException {
    long limit = 2 << 20;
    int count = 100_000;
    scratch.reset();
    long rows = scratch.allocate((long) count * Cell.BYTES);
    for (int i = 0; i < count; i++) {
      Cell.put(rows + (long) i * Cell.BYTES, Cell.INTEGER, i);
    }
    withBuffer(
        limit,
        Long.MAX_VALUE,
        1,
        (execution, buffer) -> {
          add(buffer, rows, 1000, 1);
          assertEquals(0, graph.store().spill().usedBytes());
          add(buffer, rows + 1000L * Cell.BYTES, count - 1000, 1);
          assertTrue(graph.store().spill().usedBytes() > 1 << 20);
          assertSame(buffer, rows, count, 1, "");
          buffer.clear();
          assertEquals(0, graph.store().spill().usedBytes());
        });
  }

  @Test
  void anAccountThatOthersHaveFilledStillTakesRows() throws IOException {
    withBuffer(
        1 << 20,
        Long.MAX_VALUE,
        1,
        (execution, buffer) -> {
          Scratch hog = execution.newScratch();
          hog.allocate(700 << 10);
          scratch.reset();
          long rows = scratch.allocate(Cell.BYTES);
          Border.put("x".repeat(1000), rows, scratch);
          for (int i = 0; i < 5000; i++) {
            add(buffer, rows, 1, 1);
          }
          buffer.rewind();
          Batch batch = new Batch(1, execution.newScratch(), 10);
          int count = 0;
          while (buffer.read(batch)) {
            for (int i = 0; i < batch.size(); i++, count++) {
              assertTrue(same(rows, batch, 0, i));
            }
          }
          assertEquals(5000, count);
        });
  }

  @Test
  void aRowThatFitsNowhereIsATypedError() throws IOException {
    withBuffer(
        1 << 20,
        Long.MAX_VALUE,
        1,
        (execution, buffer) -> {
          scratch.reset();
          long rows = scratch.allocate(Cell.BYTES);
          Border.put("x".repeat(2 << 20), rows, scratch);
          assertThrows(MemoryBudgetException.class, () -> add(buffer, rows, 1, 1));
        });
  }

  @Test
  void aFileThatSomebodyChangedIsATypedErrorOrOtherValuesButNoAccessOutsideOfTheRow()
      throws IOException {
    int errors = 0;
    for (int round = 0; round < 200; round++) {
      int[] error = {0};
      scratch.reset();
      long rows = putRandomCells(60, 3);
      withBuffer(
          1 << 20,
          0,
          3,
          (execution, buffer) -> {
            add(buffer, rows, 20, 3);
            buffer.rewind();
            damage();
            try {
              readAll(execution, buffer);
            } catch (StoreIoException e) {
              error[0]++;
            }
          });
      errors += error[0];
    }
    assertTrue(errors > 10, "seed " + seed + ": " + errors);
  }

  private void damage() throws IOException {
    Path file;
    try (var files = Files.walk(folder)) {
      file = files.filter(RowBufferTest::isFileOfRows).findFirst().orElseThrow();
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      if (random.nextInt(5) == 0) {
        channel.truncate(random.nextLong(channel.size()));
        return;
      }
      byte[] bytes = new byte[8];
      random.nextBytes(bytes);
      for (int i = 0; i < 20; i++) {
        channel.write(ByteBuffer.wrap(bytes), random.nextLong(channel.size() / 8) * 8);
      }
    }
  }

  private static boolean isFileOfRows(Path path) {
    return String.valueOf(path.getFileName()).startsWith("rows-");
  }

  /// Walks all values, as far as the row goes.
  private static void readAll(Execution execution, RowBuffer buffer) {
    Batch batch = new Batch(3, execution.newScratch(), 10);
    long cell = execution.newScratch().allocate(Cell.BYTES);
    while (buffer.read(batch)) {
      for (int row = 0; row < batch.size(); row++) {
        for (int i = 0; i < 3; i++) {
          batch.getCell(i, row, cell);
          assertTrue(same(cell, cell));
        }
      }
    }
  }
}
