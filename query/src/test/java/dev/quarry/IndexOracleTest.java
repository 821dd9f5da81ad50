package dev.quarry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quarry.error.QuarryException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Random statements that read and write give the same rows, and leave the same graph, with indexes
/// and without. The seed is printed when it fails: `-Dseed=N`.
class IndexOracleTest {
  private static final List<String> INDEXES =
      List.of(
          "(n:A) ON (n.k)",
          "(n:A) ON (n.m)",
          "(n:B) ON (n.k)",
          "(n:A) ON (n.k, n.m)",
          "(n:B) ON (n.m, n.k)",
          "()-[n:R]-() ON (n.w)",
          "()-[n:S]-() ON (n.w)");
  private static final List<@Nullable Object> VALUES =
      Arrays.asList(
          null,
          0,
          1,
          2,
          3,
          1.0,
          2.5,
          Double.NaN,
          "",
          "a",
          "ab",
          "b",
          true,
          false,
          List.of(1, 2),
          List.of(),
          LocalDate.of(2024, 1, 1),
          LocalDate.of(2025, 1, 1));

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Map<String, @Nullable Object> parameters = new HashMap<>();

  @Test
  void answersDoNotDependOnIndexes() {
    for (int graph = 0; graph < 12; graph++) {
      try (Quarry plain = Quarry.inMemory();
          Quarry indexed = Quarry.inMemory()) {
        for (int i = 0; i < 120; i++) {
          if (random.nextInt(12) == 0) {
            changeIndexes(indexed);
          }
          parameters.clear();
          String statement = random.nextInt(3) == 0 ? update() : query();
          assertEquals(
              result(plain, statement),
              result(indexed, statement),
              () -> "seed " + seed + ": " + statement + " " + parameters);
        }
        assertEquals(contents(plain), contents(indexed), () -> "seed " + seed);
        assertEquals(List.of(), indexed.admin().check().problems(), () -> "seed " + seed);
      }
    }
  }

  private void changeIndexes(Quarry db) {
    int index = random.nextInt(INDEXES.size());
    if (random.nextInt(3) > 0) {
      db.run("CREATE INDEX i" + index + " IF NOT EXISTS FOR " + INDEXES.get(index));
    } else {
      db.run("DROP INDEX i" + index + " IF EXISTS");
    }
  }

  private static String contents(Quarry db) {
    String all =
        "MATCH (n) OPTIONAL MATCH (n)-[r]->() RETURN n:A, n:B, n.i, n.k, n.m, type(r), r.w";
    return result(db, all, Map.of());
  }

  private static String text(Map<String, @Nullable Object> row) {
    return row.values().stream().map(String::valueOf).toList().toString();
  }

  /// Rows in some order, and what was changed.
  private static String result(
      Quarry db, String statement, Map<String, @Nullable Object> parameters) {
    try {
      Answer answer = db.run(statement, parameters);
      Summary s = answer.summary();
      List<String> rows = new ArrayList<>();
      answer.forEach(row -> rows.add(text(row.asMap())));
      rows.sort(null);
      return rows
          + " "
          + List.of(
              s.nodesCreated(), s.nodesDeleted(), s.relationshipsDeleted(), s.propertiesSet());
    } catch (QuarryException e) {
      return e.code() + " " + e.getMessage();
    }
  }

  private String result(Quarry db, String statement) {
    return result(db, statement, parameters);
  }

  // Statements.

  private String update() {
    String node = "(n:" + label() + ")";
    return switch (random.nextInt(7)) {
      case 0, 1 ->
          "UNWIND range(1, 4) AS i CREATE (n%s {i: i, k: %s, m: %s})-[:%s {w: %s}]->(:%s {k: i})"
              .formatted(
                  random.nextInt(4) == 0 ? "" : ":" + label(),
                  value(),
                  value(),
                  type(),
                  value(),
                  label());
      case 2 -> "MATCH %s WHERE %s SET n.%s = %s".formatted(node, where("n"), key(), value());
      case 3 -> "MATCH %s WHERE %s DETACH DELETE n".formatted(node, where("n"));
      case 4 ->
          random.nextBoolean()
              ? "MATCH (n) WHERE n.i = 1 SET n:" + label()
              : "MATCH %s WHERE %s REMOVE n:%s".formatted(node, where("n"), label());
      case 5 ->
          "UNWIND range(1, %d) AS x MERGE %s ON MATCH SET n.i = 7"
              .formatted(
                  1 + random.nextInt(8),
                  "(n:%s {k: %s})".formatted(label(), random.nextBoolean() ? "x" : "x % 2"));
      default ->
          "MATCH ()-[n:%s]->() WHERE %s SET n.w = %s"
              .formatted(type(), condition("n", "w"), value());
    };
  }

  private String query() {
    return switch (random.nextInt(6)) {
      case 0, 1 -> "MATCH (n:%s) WHERE %s RETURN n.k, n.m, n.i".formatted(label(), where("n"));
      case 2 ->
          "MATCH (a:%s), (b:%s) WHERE a.%s %s b.%s AND %s RETURN a.k, b.k, a.i"
              .formatted(label(), label(), key(), operator(), key(), where("b"));
      case 3 ->
          "MATCH (a:%s)-[r:%s]-%s(b) WHERE %s AND %s RETURN a.k, b.m, r.w"
              .formatted(
                  label(),
                  type(),
                  random.nextBoolean() ? ">" : "",
                  condition("r", "w"),
                  where("a"));
      case 4 ->
          "UNWIND [0, 1, 2.5, 'a', null] AS x OPTIONAL MATCH (n:%s {%s: x}) WHERE %s RETURN x, n.i"
              .formatted(label(), key(), where("n"));
      default ->
          "MATCH (a:%s) RETURN a.i, COUNT { (b:%s) WHERE b.%s %s a.%s }"
              .formatted(label(), label(), key(), operator(), key());
    };
  }

  private String where(String name) {
    StringBuilder text = new StringBuilder(condition(name, key()));
    while (random.nextInt(3) == 0) {
      text.append(" AND ").append(condition(name, key()));
    }
    return text.toString();
  }

  private String condition(String name, String key) {
    String property = name + "." + key;
    return switch (random.nextInt(8)) {
      case 0, 1 -> property + " = " + value();
      case 2 -> property + " IN [" + value() + ", " + value() + ", " + value() + "]";
      case 3 -> property + " STARTS WITH " + value();
      case 4 -> value() + " < " + property + " <= " + value();
      case 5 -> property + " IS NOT NULL";
      default -> property + " " + operator() + " " + value();
    };
  }

  private String operator() {
    return List.of("=", "<", "<=", ">", ">=", "<>").get(random.nextInt(6));
  }

  private String value() {
    String name = "p" + parameters.size();
    parameters.put(name, VALUES.get(random.nextInt(VALUES.size())));
    return "$" + name;
  }

  private String label() {
    return random.nextBoolean() ? "A" : "B";
  }

  private String type() {
    return random.nextBoolean() ? "R" : "S";
  }

  private String key() {
    return random.nextBoolean() ? "k" : "m";
  }
}
