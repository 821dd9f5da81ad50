package dev.quarry.query.value;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.NativeMemory;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.memory.Scratch;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A vector gives back what was put into it, whatever type it has by then.
class VectorTest {
  private static final long NODE = Cell.head(Cell.NODE, 3);

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private Budget budget;
  private NativeMemory memory;
  private Scratch scratch;
  private Vector vector;

  @BeforeEach
  void open() {
    budget = Budget.root("test", 64L << 20);
    memory = new NativeMemory(budget, NativeSource.FOREIGN);
    scratch = memory.scratch(budget.child("vectors"));
    vector = begun(8);
  }

  @AfterEach
  void close() {
    scratch.close();
    memory.close();
    assertEquals(0, budget.used());
  }

  private Vector begun(int rows) {
    Vector made = new Vector(scratch);
    made.begin(rows);
    return made;
  }

  private static void assertHolds(Vector vector, int row, long head, long body) {
    assertEquals(head, vector.head(row), "head of row " + row);
    assertEquals(body, vector.body(row), "body of row " + row);
    assertEquals(head == Cell.NULL, vector.isNull(row));
  }

  @Test
  void aVectorThatNobodyFilledIsNullEverywhere() {
    assertEquals(Cell.NULL, vector.tag());
    assertTrue(vector.hasNulls());
    assertHolds(vector, 7, Cell.NULL, 0);
  }

  @Test
  void aVectorTakesTheTagOfItsFirstValue() {
    vector.put(0, Cell.INTEGER, 5);
    assertEquals(Cell.INTEGER, vector.tag());
    assertFalse(vector.hasNulls());
    assertHolds(vector, 0, Cell.INTEGER, 5);
  }

  @Test
  void nullsChangeNoTagBeforeOrAfterTheFirstValue() {
    vector.putNull(0);
    vector.put(1, Cell.INTEGER, 5);
    vector.put(2, Cell.NULL, 0);
    assertEquals(Cell.INTEGER, vector.tag());
    assertHolds(vector, 0, Cell.NULL, 0);
    assertHolds(vector, 1, Cell.INTEGER, 5);
    assertHolds(vector, 2, Cell.NULL, 0);
  }

  @Test
  void aValueOverANullAndANullOverAValueAreSeen() {
    vector.put(0, Cell.INTEGER, 5);
    vector.putNull(0);
    assertHolds(vector, 0, Cell.NULL, 0);
    vector.put(0, Cell.INTEGER, 6);
    assertHolds(vector, 0, Cell.INTEGER, 6);
  }

  @Test
  void aValueOfAnotherTagMakesItAnyAndKeepsWhatWasPut() {
    vector.put(0, Cell.INTEGER, 5);
    vector.putNull(1);
    vector.put(2, NODE, 6);
    vector.put(3, Cell.BOOLEAN, 1);
    assertEquals(Vector.ANY, vector.tag());
    assertHolds(vector, 0, Cell.INTEGER, 5);
    assertHolds(vector, 1, Cell.NULL, 0);
    assertHolds(vector, 2, NODE, 6);
    assertHolds(vector, 3, Cell.BOOLEAN, 1);
  }

  @Test
  void nodesKeepTheirGenerations() {
    vector.putNull(0);
    vector.put(1, NODE, 6);
    vector.put(2, Cell.head(Cell.NODE, 4), 6);
    assertEquals(Cell.NODE, vector.tag());
    assertHolds(vector, 0, Cell.NULL, 0);
    assertHolds(vector, 1, NODE, 6);
    assertHolds(vector, 2, Cell.head(Cell.NODE, 4), 6);
  }

  @Test
  void plainValuesTakeEightBytesARowAndOneMoreOnlyOnceThereIsANull() {
    Vector large = begun(1000);
    long before = scratch.usedBytes();
    large.put(0, Cell.FLOAT, 1);
    assertEquals(8000, scratch.usedBytes() - before);
    large.putNull(1);
    assertEquals(9000, scratch.usedBytes() - before);
    large.begin(1000);
    large.put(0, NODE, 1);
    assertEquals(17000, scratch.usedBytes() - before);
    large.begin(1000);
    large.put(0, Cell.INTEGER, 1);
    large.put(1, NODE, 1);
    large.begin(1000);
    large.putNull(1);
    assertEquals(17000, scratch.usedBytes() - before);
  }

  @Test
  void whatBeginsAgainForgets() {
    vector.put(0, NODE, 6);
    vector.putNull(1);
    vector.begin(8);
    assertEquals(Cell.NULL, vector.tag());
    vector.put(2, Cell.INTEGER, 7);
    assertEquals(Cell.INTEGER, vector.tag());
    assertFalse(vector.hasNulls());
  }

  @Test
  void aRowBeyondItsCapacityIsAnErrorOfOurs() {
    assertThrows(AssertionError.class, () -> vector.put(8, Cell.INTEGER, 1));
    assertThrows(AssertionError.class, () -> vector.head(-1));
    assertThrows(AssertionError.class, () -> vector.putNull(8));
  }

  @Test
  void aPlainValueWithMoreInItsHeadIsAnErrorOfOurs() {
    assertThrows(AssertionError.class, () -> vector.put(0, Cell.head(Cell.INTEGER, 1), 1));
    assertThrows(AssertionError.class, () -> vector.put(0, Cell.head(Cell.RELATIONSHIP, 1), 1));
    assertThrows(AssertionError.class, () -> vector.put(0, Cell.head(Cell.NULL, 1), 1));
  }

  @Test
  void onlyARisingSelectionIsASelection() {
    vector.put(0, Cell.INTEGER, 1);
    vector.put(1, Cell.INTEGER, 2);
    assertThrows(AssertionError.class, () -> vector.select(new int[] {1, 0}, 2));
  }

  /// What a vector should hold: heads and bodies of the rows that were put.
  private static final class Model {
    int capacity;
    int tag;
    boolean[] put = {};
    long[] heads = {};
    long[] bodies = {};

    void begin(int rows) {
      capacity = Math.max(capacity, rows);
      tag = Cell.NULL;
      put = new boolean[capacity];
      heads = new long[capacity];
      bodies = new long[capacity];
    }

    void put(int row, long head, long body) {
      int next = Cell.tag(head);
      tag = next == Cell.NULL || next == tag ? tag : tag == Cell.NULL ? next : Vector.ANY;
      put[row] = true;
      heads[row] = head;
      bodies[row] = body;
    }
  }

  @Test
  void randomUseGivesWhatArraysGive() {
    for (int round = 0; round < 300; round++) {
      Vector[] vectors = {new Vector(scratch), new Vector(scratch)};
      Model[] models = {new Model(), new Model()};
      begin(vectors[0], models[0]);
      begin(vectors[1], models[1]);
      for (int step = 0; step < 100; step++) {
        int one = random.nextInt(2);
        step(vectors[one], models[one], vectors[1 - one], models[1 - one]);
        assertSame(vectors[0], models[0], "seed " + seed + " round " + round + " step " + step);
        assertSame(vectors[1], models[1], "seed " + seed + " round " + round + " step " + step);
      }
      scratch.reset();
    }
  }

  private int[] tags = {Cell.INTEGER};

  private void begin(Vector vector, Model model) {
    int rows = 1 + random.nextInt(20);
    vector.begin(rows);
    model.begin(rows);
    tags = new int[random.nextInt(3) == 0 ? 3 : 1];
    for (int i = 0; i < tags.length; i++) {
      tags[i] = random.nextInt(Cell.PATH + 1);
    }
  }

  private void step(Vector vector, Model model, Vector other, Model otherModel) {
    int row = random.nextInt(model.capacity);
    switch (random.nextInt(13)) {
      case 0 -> begin(vector, model);
      case 1 -> {
        vector.putNull(row);
        model.put(row, Cell.NULL, 0);
      }
      case 2 -> select(vector, model);
      case 3 -> {
        int from = random.nextInt(model.capacity);
        if (model.put[from]) {
          vector.moveRow(from, row);
          model.put(row, model.heads[from], model.bodies[from]);
        }
      }
      case 4 -> {
        int from = random.nextInt(otherModel.capacity);
        if (otherModel.put[from]) {
          vector.copyRow(other, from, row);
          model.put(row, otherModel.heads[from], otherModel.bodies[from]);
        }
      }
      case 5 -> {
        int rows = 1 + random.nextInt(otherModel.capacity);
        vector.copy(other, rows);
        model.begin(rows);
        model.tag = otherModel.tag;
        for (int i = 0; i < rows; i++) {
          model.put[i] = otherModel.put[i];
          model.heads[i] = otherModel.heads[i];
          model.bodies[i] = otherModel.bodies[i];
        }
      }
      case 6 -> gather(vector, model, other, otherModel);
      default -> {
        int tag = tags[random.nextInt(tags.length)];
        long head = Cell.isPlain(tag) ? tag : Cell.head(tag, random.nextInt(100));
        long body = tag == Cell.NULL ? 0 : random.nextLong();
        vector.put(row, head, body);
        model.put(row, head, body);
      }
    }
  }

  private void gather(Vector vector, Model model, Vector other, Model otherModel) {
    int[] rows = new int[1 + random.nextInt(20)];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = random.nextInt(otherModel.capacity);
    }
    vector.gather(other, rows, rows.length);
    model.begin(rows.length);
    model.tag = otherModel.tag;
    for (int i = 0; i < rows.length; i++) {
      model.put[i] = otherModel.put[rows[i]];
      model.heads[i] = otherModel.heads[rows[i]];
      model.bodies[i] = otherModel.bodies[rows[i]];
    }
  }

  private void select(Vector vector, Model model) {
    int[] rows = new int[model.capacity];
    int count = 0;
    for (int row = 0; row < model.capacity; row++) {
      if (random.nextBoolean()) {
        rows[count++] = row;
      }
    }
    vector.select(rows, count);
    for (int i = 0; i < count; i++) {
      model.put[i] = model.put[rows[i]];
      model.heads[i] = model.heads[rows[i]];
      model.bodies[i] = model.bodies[rows[i]];
    }
  }

  private static void assertSame(Vector vector, Model model, String where) {
    assertEquals(model.tag, vector.tag(), where);
    for (int row = 0; row < model.capacity; row++) {
      if (model.put[row] || model.tag == Cell.NULL) {
        assertEquals(model.heads[row], vector.head(row), where + " row " + row);
        assertEquals(model.bodies[row], vector.body(row), where + " row " + row);
        assertTrue(model.heads[row] != Cell.NULL || vector.hasNulls(), where);
      }
    }
  }
}
