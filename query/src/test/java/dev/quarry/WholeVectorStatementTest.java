package dev.quarry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.EvaluationException;
import dev.quarry.error.QuarryException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Filters, projections, aggregates and sorts give over whole vectors what they give row by row,
/// and the same error where there is one: each expression is also run inside of a CASE, which has
/// no form for whole vectors.
class WholeVectorStatementTest {
  private static final List<String> ENDS =
      List.of(
          "WHERE P RETURN count(*), count(X), sum(X), avg(Y), min(X), max(Y), max(X), min(Y)",
          "RETURN count(X), sum(X), sum(Y), avg(X), min(X), max(X), stDev(Y)",
          "RETURN sum(X), sum(DISTINCT Y), collect(X)[..5], percentileDisc(Y, 0.5)",
          "WHERE P RETURN X AS x, Y AS y",
          "WHERE P WITH a, X AS b, Y AS c WHERE b > c OR c IS NULL RETURN a, b, c",
          "RETURN X AS k, count(*), sum(Y), min(Y), max(X)",
          "RETURN a, X AS x ORDER BY Y, X, a LIMIT 7",
          "WITH DISTINCT X AS x, P AS p RETURN x, p");

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);

  @Test
  void statementsGiveTheSameOverVectorsAndRowByRow() {
    Map<String, Integer> counts = new TreeMap<>();
    for (int group = 0; group < 12 || !areMany(counts) && group < 120; group++) {
      List<List<@Nullable Object>> rows = randomRows();
      try (Quarry db = Quarry.inMemory()) {
        db.run(
            "UNWIND $rows AS r CREATE (n:P {at: r[3]}) SET n.x = r[0], n.y = r[1], n.z = r[2]",
            Map.of("rows", rows));
        for (int i = 0; i < 30; i++) {
          counts.merge(compare(db, rows, "seed " + seed), 1, Integer::sum);
        }
        assertEquals(List.of(), db.admin().check().problems());
      }
    }
    System.out.println("seed " + seed + ": " + counts);
    assertTrue(areMany(counts), "seed " + seed + ": " + counts);
  }

  /// Whether enough statements gave rows, and enough an error, for the comparison to mean
  /// something.
  private static boolean areMany(Map<String, Integer> counts) {
    return counts.getOrDefault("rows", 0) > 60 && counts.getOrDefault("error", 0) > 20;
  }

  private String compare(Quarry db, List<?> rows, String where) {
    boolean ofNodes = random.nextBoolean();
    String begin =
        ofNodes
            ? "MATCH (n:P) WITH n, n.at AS a ORDER BY a "
            : "UNWIND $rows AS r WITH r[0] AS a, r[1] AS b, r[2] AS c ";
    String end = ENDS.get(random.nextInt(ENDS.size()));
    String predicate = condition(ofNodes, 2);
    String x = value(ofNodes, random.nextInt(3));
    String y = value(ofNodes, random.nextInt(3));
    String whole = begin + fill(end, predicate, x, y);
    String each = begin + fill(end, inCase(predicate), inCase(x), inCase(y));
    String expected = result(db, each, rows);
    assertEquals(expected, result(db, whole, rows), where + ": " + whole);
    return expected.startsWith("[") ? "rows" : expected.startsWith("refused") ? "refused" : "error";
  }

  private static String fill(String end, String predicate, String x, String y) {
    return end.replace("P ", predicate + " ").replace("X", x).replace("Y", y);
  }

  private static String inCase(String expression) {
    return "CASE WHEN $yes THEN " + expression + " END";
  }

  private static String result(Quarry db, String statement, List<?> rows) {
    try {
      List<String> all = new ArrayList<>();
      for (Row row : db.run(statement, Map.of("rows", rows, "yes", true)).rows()) {
        all.add(new TreeMap<>(values(row)).toString());
      }
      return all.toString();
    } catch (EvaluationException e) {
      return e.code() + ": " + e.getMessage();
    } catch (QuarryException e) {
      return "refused: " + e.code();
    }
  }

  private static Map<Integer, Object> values(Row row) {
    Map<Integer, Object> values = new HashMap<>();
    for (int i = 0; i < row.columns().size(); i++) {
      values.put(i, String.valueOf(row.get(i)));
    }
    return values;
  }

  /// Columns of one kind of value each, or of several, and the number of the row.
  private List<List<@Nullable Object>> randomRows() {
    int count = random.nextInt(5) == 0 ? 1000 + random.nextInt(500) : random.nextInt(60);
    int[] kinds = {random.nextInt(6), random.nextInt(6), random.nextInt(8)};
    boolean nulls = random.nextBoolean();
    List<List<@Nullable Object>> rows = new ArrayList<>();
    for (long i = 0; i < count; i++) {
      @Nullable Object[] row = new Object[4];
      for (int column = 0; column < 3; column++) {
        row[column] = nulls && random.nextInt(5) == 0 ? null : randomValue(kinds[column]);
      }
      row[3] = i;
      rows.add(Arrays.asList(row));
    }
    return rows;
  }

  private Object randomValue(int kind) {
    return switch (kind) {
      case 0, 1, 2 -> (long) random.nextInt(7) - 3;
      case 3 -> random.nextInt(500) == 0 ? Long.MAX_VALUE : (long) random.nextInt(1000);
      case 4 -> random.nextInt(7) / 2.0 - 1;
      case 5 -> random.nextInt(20) == 0 ? (Object) Double.NaN : random.nextInt(3) * 1.5;
      case 6 -> random.nextBoolean();
      default -> List.of(1L, 2.5, true, "x").get(random.nextInt(4));
    };
  }

  private String value(boolean ofNodes, int depth) {
    if (depth == 0) {
      return random.nextInt(5) == 0
          ? List.of("1", "2.5", "-3", "0", "null").get(random.nextInt(5))
          : (ofNodes ? List.of("n.x", "n.y", "n.z") : List.of("a", "b", "c"))
              .get(random.nextInt(3));
    }
    String operator = List.of("+", "-", "*", "+", "-", "/", "%").get(random.nextInt(7));
    return "("
        + value(ofNodes, depth - 1)
        + " "
        + operator
        + " "
        + value(ofNodes, random.nextInt(depth))
        + ")";
  }

  private String condition(boolean ofNodes, int depth) {
    if (depth == 0 || random.nextInt(3) == 0) {
      String operator = List.of("=", "<>", "<", "<=", ">", ">=").get(random.nextInt(6));
      return random.nextInt(6) == 0
          ? "(" + value(ofNodes, 0) + " IS NOT NULL)"
          : "(" + value(ofNodes, 1) + " " + operator + " " + value(ofNodes, 0) + ")";
    }
    return switch (random.nextInt(4)) {
      case 0 -> "(NOT " + condition(ofNodes, depth - 1) + ")";
      case 1 -> "(" + condition(ofNodes, depth - 1) + " OR " + condition(ofNodes, depth - 1) + ")";
      default ->
          "(" + condition(ofNodes, depth - 1) + " AND " + condition(ofNodes, depth - 1) + ")";
    };
  }
}
