package dev.quarry.query.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.graph.Node;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.graph.transaction.GraphTransaction;
import dev.quarry.graph.transaction.NodeScan;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.plan.Bound;
import dev.quarry.query.plan.Scope;
import dev.quarry.query.procedure.Procedures;
import dev.quarry.query.syntax.Expression;
import dev.quarry.query.syntax.StatementParser;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Border;
import dev.quarry.query.value.Cell;
import dev.quarry.query.value.Pace;
import dev.quarry.query.value.Vector;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.Scratch;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.jspecify.annotations.Nullable;

/// An expression over a whole vector gives what it gives row by row, or declines: always where some
/// row raises an error.
class WholeVectorTest {
  private static final List<Object> NUMBERS =
      List.of(
          0L,
          1L,
          -1L,
          2L,
          7L,
          Long.MAX_VALUE,
          Long.MIN_VALUE,
          1L << 53,
          (1L << 53) + 1,
          0.0,
          -0.0,
          1.0,
          2.5,
          0x1p53,
          0x1p63,
          Double.NaN,
          Double.POSITIVE_INFINITY);

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private GraphStore graph;
  private GraphTransaction writer;
  private Budget account;
  private Scratch constants;
  private Scratch values;
  private Scratch columns;
  private EvaluationContext context;
  private long[] nodes = {};

  @BeforeEach
  void open() {
    graph = GraphStore.inMemory(StoreOptions.defaults());
    writer = graph.beginWrite();
    account = graph.store().budget().child("vectors");
    constants = graph.store().memory().scratch(account);
    values = graph.store().memory().scratch(account);
    columns = graph.store().memory().scratch(account);
    context = context(writer);
  }

  private EvaluationContext context(Reading reading) {
    return new EvaluationContext(
        reading,
        Map.of(),
        constants,
        values,
        new StatementClock(InstantSource.fixed(Instant.EPOCH)),
        new Procedures(),
        new Pace(() -> {}));
  }

  @AfterEach
  void close() {
    constants.close();
    values.close();
    columns.close();
    account.close();
    writer.rollback();
    graph.close();
    assertEquals(0, graph.store().budget().used());
  }

  // Batches of columns a, b, c, d of values and n, m of nodes.

  private static final List<String> NAMES = List.of("a", "b", "c", "d", "n", "m");
  private static final int NODE_COLUMNS = 4;

  private static final Scope SCOPE =
      IntStream.range(0, NAMES.size())
          .boxed()
          .reduce(
              Scope.EMPTY,
              (scope, slot) -> scope.with(NAMES.get(slot), slot, Scope.Kind.VALUE),
              (one, other) -> one);

  private Evaluator compile(String text) {
    Expression expression = Objects.requireNonNull(StatementParser.parseExpression(text), text);
    return new Compiler(context).compile(new Bound(expression, SCOPE));
  }

  /// A batch with one value a row in column `a`.
  private Batch batch(@Nullable Object... ofA) {
    Batch batch = new Batch(NAMES.size(), columns, ofA.length);
    batch.begin(ofA.length);
    batch.size(ofA.length);
    for (int row = 0; row < ofA.length; row++) {
      put(batch, 0, row, ofA[row]);
    }
    return batch;
  }

  private void put(Batch batch, int slot, int row, @Nullable Object value) {
    long cell = columns.allocate(Cell.BYTES);
    Border.put(value, cell, columns);
    batch.putCell(slot, row, cell);
  }

  /// Nodes of three arenas, whose columns of `x` differ: integers with some floats and gaps among
  /// them, floats, texts.
  private void createNodes(int count) {
    List<Node> created = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Object x =
          switch (i % 8) {
            case 5 -> 1.5;
            case 6 -> "text";
            default -> (long) random.nextInt(10);
          };
      boolean allIntegers = i % 16 < 8;
      Map<String, Object> properties =
          switch (random.nextInt(4)) {
            case 0 -> Map.of();
            case 1 -> Map.of("y", random.nextInt(4) / 2.0, "z", random.nextBoolean());
            case 2 -> Map.of("x", allIntegers ? (Object) (long) i : x, "z", true);
            default -> Map.of("x", (long) i, "y", 0.5);
          };
      Set<String> labels =
          switch (random.nextInt(3)) {
            case 0 -> Set.of();
            case 1 -> Set.of("A");
            default -> Set.of("A", "B");
          };
      created.add(writer.createNode(labels, properties));
    }
    nodes = new long[created.size()];
    NodeScan scan = writer.scanAll();
    int found = 0;
    while (found < nodes.length) {
      long[] some = new long[nodes.length];
      int more = scan.fill(some, nodes.length - found);
      System.arraycopy(some, 0, nodes, found, more);
      found += more;
    }
  }

  private Batch randomBatch() {
    int rows = 1 + random.nextInt(40);
    Batch batch = new Batch(NAMES.size(), columns, rows);
    batch.begin(rows);
    batch.size(rows);
    for (int slot = 0; slot < NAMES.size(); slot++) {
      int kind = random.nextInt(8);
      int nulls = random.nextInt(3);
      int from = random.nextInt(nodes.length);
      for (int row = 0; row < rows; row++) {
        if (nulls > 0 && random.nextInt(4) < nulls) {
          batch.put(slot, row, Cell.NULL, 0);
        } else if (slot >= NODE_COLUMNS) {
          int at = kind < 4 ? (from + row) % nodes.length : random.nextInt(nodes.length);
          long head = Cell.head(Cell.NODE, writer.generation(nodes[at]));
          batch.put(slot, row, head, nodes[at]);
        } else {
          put(batch, slot, row, randomValue(kind));
        }
      }
    }
    return batch;
  }

  private Object randomValue(int kind) {
    return switch (kind) {
      case 0, 1 -> (long) random.nextInt(5);
      case 2 -> number(Long.class);
      case 3 -> number(Double.class);
      case 4 -> random.nextInt(4) / 2.0;
      case 5 -> random.nextBoolean();
      case 6 -> NUMBERS.get(random.nextInt(NUMBERS.size()));
      default -> List.of(1L, "x", true, List.of(1L), 2.5).get(random.nextInt(5));
    };
  }

  private Object number(Class<?> type) {
    List<Object> all = NUMBERS.stream().filter(type::isInstance).toList();
    return all.get(random.nextInt(all.size()));
  }

  private String randomExpression(int depth) {
    if (depth == 0 || random.nextInt(6) == 0) {
      return switch (random.nextInt(8)) {
        case 0 -> "n.x";
        case 1 -> "n.y";
        case 2 -> "m." + "xyz".charAt(random.nextInt(3));
        case 3 -> List.of("0", "1", "2.5", "null", "true", "false", "'x'").get(random.nextInt(7));
        default -> NAMES.get(random.nextInt(NODE_COLUMNS));
      };
    }
    String one = "(" + randomExpression(depth - 1) + ")";
    String two = "(" + randomExpression(depth - 1) + ")";
    return switch (random.nextInt(12)) {
      case 0 -> one + " AND " + two;
      case 1 -> one + " OR " + two;
      case 2 -> "NOT " + one;
      case 3 -> one + (random.nextBoolean() ? " IS NULL" : " IS NOT NULL");
      case 4 -> "(n = m OR n:A) AND " + one;
      case 5, 6, 7 ->
          one + " " + List.of("+", "-", "*", "/", "%", "^").get(random.nextInt(6)) + " " + two;
      default ->
          one + " " + List.of("=", "<>", "<", "<=", ">", ">=").get(random.nextInt(6)) + " " + two;
    };
  }

  @Test
  void randomExpressionsGiveTheSameOverVectorsAndRowByRow() {
    createNodes(100);
    Map<String, Integer> counts = new TreeMap<>();
    for (int round = 0; round < 20_000; round++) {
      constants.reset();
      values.reset();
      columns.reset();
      Batch batch = randomBatch();
      String text = randomExpression(1 + random.nextInt(3));
      String where = "seed " + seed + " round " + round + ": " + text;
      Evaluator evaluator = compile(text);
      Vector all = evaluator.evaluateAll(batch);
      String error = assertSame(evaluator, batch, all, where);
      counts.merge(all != null ? "vector" : error != null ? "failed" : "declined", 1, Integer::sum);
    }
    System.out.println("seed " + seed + ": " + counts);
    assertTrue(counts.getOrDefault("vector", 0) > 4_000, counts.toString());
    assertTrue(counts.getOrDefault("failed", 0) > 1_000, counts.toString());
  }

  /// Compares with row by row; returns the error of the first row that has one.
  private static @Nullable String assertSame(
      Evaluator evaluator, Batch batch, @Nullable Vector all, String where) {
    for (int row = 0; row < batch.size(); row++) {
      try {
        evaluator.evaluate(batch, row);
      } catch (RuntimeException error) {
        assertNull(all, where + " row " + row + " raises " + error);
        return error.toString();
      }
      if (all != null) {
        assertEquals(evaluator.head(), all.head(row), where + " row " + row);
        boolean number = Cell.tag(evaluator.head()) == Cell.FLOAT;
        Object expected = number ? Double.longBitsToDouble(evaluator.body()) : evaluator.body();
        Object found = number ? Double.longBitsToDouble(all.body(row)) : all.body(row);
        assertEquals(expected, found, where + " row " + row);
      }
    }
    return null;
  }

  private void assertVector(String text, Batch batch) {
    Evaluator evaluator = compile(text);
    Vector all = evaluator.evaluateAll(batch);
    assertNotNull(all, text);
    assertNull(assertSame(evaluator, batch, all, text));
  }

  private void assertDeclines(String text, Batch batch) {
    assertNull(compile(text).evaluateAll(batch), text);
  }

  @Test
  void numbersAreComparedAndComputedOverVectors() {
    Batch batch = batch(1L, null, 3L, -5L);
    for (String text : List.of("a > 1", "a = 1", "a <> null", "a * 2 + 1", "a / 2.0", "a ^ 2")) {
      assertVector(text, batch);
    }
  }

  @Test
  void whatMightRaiseAnErrorDeclines() {
    Batch batch = batch(1L, 0L, Long.MAX_VALUE);
    assertDeclines("1 / a = 1", batch);
    assertDeclines("a + 1", batch);
    assertDeclines("a <> 0 AND 1 / a = 1", batch);
    assertDeclines("a AND true", batch);
    assertDeclines("a.x", batch);
    assertDeclines("size('x' + a)", batch);
  }

  @Test
  void anExpressionOfManyPartsGoesRowByRow() {
    assertVector("a" + " + 1".repeat(50), batch(1L));
    assertDeclines("a" + " + 1".repeat(100), batch(1L));
  }

  @Test
  void propertiesOfOnePlainTypeAreReadAtOnce() {
    for (int i = 0; i < 20; i++) {
      Map<String, Object> gap = Map.of("y", 0.5, "z", i % 4 == 0);
      writer.createNode(Set.of("A"), i % 5 == 0 ? gap : Map.of("x", (long) i, "y", 1.5, "z", true));
    }
    assertVector("n.x + 1 > 7 AND n.z", ofAllNodes(20));
    assertVector("n.y", ofAllNodes(20));
    assertVector("n.nothing IS NULL", ofAllNodes(20));
  }

  @Test
  void propertiesOfOtherKindsAndOfDeletedNodesAreReadRowByRow() {
    Node first = writer.createNode(Set.of("A"), Map.of("x", 1L, "t", "text"));
    writer.createNode(Set.of("A"), Map.of("x", 2L, "t", "text"));
    Batch both = ofAllNodes(2);
    assertDeclines("n.t", both);
    assertVector("n.x", both);
    writer.setProperty(first, "x", "text now");
    assertDeclines("n.x", both);
    writer.setProperty(first, "x", 3L);
    assertVector("n.x", both);
    writer.delete(writer.createNode(Set.of(), Map.of()));
    assertDeclines("n.x", both);
  }

  private Batch ofAllNodes(int count) {
    long[] ids = new long[count];
    assertEquals(count, writer.scanAll().fill(ids, count));
    Batch batch = new Batch(NAMES.size(), columns, count);
    batch.begin(count);
    batch.size(count);
    for (int row = 0; row < count; row++) {
      long head = Cell.head(Cell.NODE, writer.generation(ids[row]));
      batch.put(NODE_COLUMNS, row, head, ids[row]);
    }
    return batch;
  }
}
