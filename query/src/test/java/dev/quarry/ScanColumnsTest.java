package dev.quarry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quarry.error.QuarryException;
import dev.quarry.graph.Progress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Conditions and aggregates that are computed column by column give what rows give, values and
/// errors: the same statement with `WITH n SKIP 0` between its conditions, which keeps the rules
/// for columns away.
///
/// The stores have several blocks of slots. In every second stretch of 3,000 nodes each node has
/// one integer, one float and one of two values of a kind that changes; in the others values lack
/// or are of any kind. Half of the stores are compacted, so that strings are frozen. Labels change
/// after creation, and nodes are deleted.
class ScanColumnsTest {
  private static final int NODES = 10_000;
  private static final int STRETCH = 3_000;
  private static final int STATEMENTS = 60;
  private static final String FAILED = "failed: ";

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);

  @Test
  void columnsGiveWhatRowsGive() {
    System.out.println("seed " + seed);
    try (Quarry db = Quarry.inMemory()) {
      create(db);
      compact(db);
      compare(db, (text, parameters) -> db.run(text, parameters).rows());
      try (ReadTransaction old = db.beginRead()) {
        change(text -> db.run(text));
        compare(db, (text, parameters) -> old.query(text, parameters).toList());
      }
      compact(db);
      compare(db, (text, parameters) -> db.run(text, parameters).rows());
      assertEquals(List.of(), db.admin().check().problems(), "seed " + seed);
    }
  }

  @Test
  void columnsGiveWhatRowsGiveAmongChangesThatAreNotCommitted() {
    System.out.println("seed " + seed);
    try (Quarry db = Quarry.inMemory()) {
      create(db);
      compact(db);
      for (int round = 0; round < STATEMENTS / 3; round++) {
        try (WriteTransaction transaction = db.beginWrite()) {
          change(text -> transaction.query(text).toList());
          compareOne(
              (text, parameters) -> {
                try (Rows rows = transaction.query(text, parameters)) {
                  return rows.toList();
                }
              },
              true);
          transaction.rollback();
        }
      }
      assertEquals(List.of(), db.admin().check().problems(), "seed " + seed);
    }
  }

  @Test
  void columnsOfADroppedRegionAreNotLookedAt() {
    try (Quarry db = Quarry.inMemory()) {
      db.run("UNWIND range(1, 5000) AS i CREATE (:A {a: i})");
      db.update(
          transaction -> {
            transaction.createRegion("r");
            for (int i = 0; i < 5_000; i++) {
              transaction.createNode("r", Set.of("A"), Map.of("a", 1L));
            }
          });
      String text = "MATCH (n:A) WHERE n.a >= 1 RETURN sum(n.a) AS s, count(*) AS c";
      assertEquals("{s=12507500, c=10000}", db.run(text).rows().getFirst().asMap().toString());
      db.update(transaction -> transaction.dropRegion("r"));
      assertEquals("{s=12502500, c=5000}", db.run(text).rows().getFirst().asMap().toString());
      assertEquals(List.of(), db.admin().check().problems());
    }
  }

  private interface Runner extends BiFunction<String, Map<String, ?>, List<Row>> {}

  private void compare(Quarry db, Runner runner) {
    for (int i = 0; i < STATEMENTS; i++) {
      compareOne(runner, false);
    }
  }

  /// @param doomed whether nothing can be asked once a statement has failed
  private void compareOne(Runner runner, boolean doomed) {
    Map<String, @Nullable Object> parameters = new HashMap<>();
    parameters.put("nan", Double.NaN);
    List<String> conditions = conditions(parameters);
    String where = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
    String what = random.nextInt(5) == 0 ? "n.uid AS u" : aggregates();
    String label = random.nextInt(4) == 0 ? "" : random.nextBoolean() ? ":A" : ":B";
    String columns = "MATCH (n" + label + ")" + where + " RETURN " + what;
    StringBuilder rows = new StringBuilder("MATCH (n" + label + ") WITH n SKIP 0");
    conditions.forEach(one -> rows.append(" WITH n SKIP 0 WHERE ").append(one));
    rows.append(" RETURN ").append(what);
    String message = "seed " + seed + "\n" + columns + "\n" + parameters;
    String expected = result(runner, rows.toString(), parameters);
    if (!(doomed && expected.startsWith(FAILED))) {
      assertEquals(expected, result(runner, columns, parameters), message);
    }
  }

  private static String result(Runner runner, String text, Map<String, ?> parameters) {
    try {
      return runner.apply(text, parameters).stream().map(Row::asMap).toList().toString();
    } catch (QuarryException e) {
      return FAILED
          + e.code()
          + e.getMessage().lines().findFirst().orElse("").replaceAll("line .*?: ", " ");
    }
  }

  // Statements.

  private List<String> conditions(Map<String, @Nullable Object> parameters) {
    List<String> conditions = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      conditions.add(condition(parameters));
    }
    return conditions;
  }

  private String condition(Map<String, @Nullable Object> parameters) {
    String property = "n." + one("a", "a", "b", "b", "c", "d", "d", "e", "e", "nobody");
    return switch (random.nextInt(8)) {
      case 0 -> property + one(" IS NULL", " IS NOT NULL");
      case 1 -> property + " IN [" + constant() + ", " + constant() + ", " + constant() + "]";
      case 2 -> {
        parameters.put("list", random.nextInt(8) == 0 ? "no list" : List.of(1L, 2.5, "a", 7L));
        yield property + " IN $list";
      }
      case 3 -> constant() + operator() + property;
      case 4 -> constant() + one(" < ", " <= ") + property + one(" < ", " <= ") + constant();
      case 5 -> {
        parameters.put("p", value());
        yield property + operator() + "$p";
      }
      default -> property + operator() + constant();
    };
  }

  private String operator() {
    return one(" = ", " <> ", " < ", " <= ", " > ", " >= ");
  }

  private String aggregates() {
    List<String> all = new ArrayList<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      String property = "n." + one("a", "a", "b", "b", "c", "d", "e", "big", "nobody");
      String function = one("sum(", "avg(", "min(", "max(", "count(", "min(", "max(", "count(");
      all.add(random.nextInt(5) == 0 ? one("count(*)", "count(n)") : function + property + ")");
    }
    List<String> named = new ArrayList<>();
    all.forEach(one -> named.add(one + " AS c" + named.size()));
    return String.join(", ", named);
  }

  private String constant() {
    return one(
        "0",
        "1",
        "3",
        "-2",
        "7",
        "2.5",
        "3.0",
        "-0.0",
        "0.0",
        "1e300",
        "-1e300",
        "null",
        "'a'",
        "'s3'",
        "'s5'",
        "''",
        "'a text that does not fit, number 4'",
        "'a text that'",
        "true",
        "9223372036854775807",
        "9007199254740993",
        "9007199254740992.0",
        "9.3e18",
        "-9.3e18",
        "[1]",
        "$nan");
  }

  // Stores.

  private void create(Quarry db) {
    List<Map<String, @Nullable Object>> rows = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      rows.add(properties(i));
    }
    db.run("UNWIND $rows AS row CREATE (n:A) SET n = row", Map.of("rows", rows.subList(0, 7_000)));
    db.run(
        "UNWIND $rows AS row CREATE (n:B) SET n = row", Map.of("rows", rows.subList(7_000, NODES)));
    db.run("MATCH (n) WHERE n.uid % 1000 = 7 SET n:B REMOVE n:A");
    if (random.nextBoolean()) {
      db.run("MATCH (n) WHERE n.uid % 11 = 3 DELETE n");
    }
  }

  private void compact(Quarry db) {
    if (random.nextBoolean()) {
      db.admin().compact(CompactOptions.defaults(), () -> false, Progress.NONE);
    }
  }

  private String text() {
    int number = random.nextInt(9);
    String text = "a text that does not fit, number " + number;
    return switch (random.nextInt(40)) {
      case 0 -> "";
      case 1 -> text.repeat(600);
      case 2 -> text + random.nextInt(1_000);
      default -> text;
    };
  }

  /// Some of everything: deletions, values, labels, new nodes.
  private void change(Function<String, Object> run) {
    int rest = random.nextInt(97);
    run.apply("MATCH (n) WHERE n.uid % 97 = " + rest + " DELETE n");
    run.apply(
        "MATCH (n) WHERE n.uid % 89 = " + rest + " SET n.a = " + one("null", "4", "'x'", "4.5"));
    run.apply("MATCH (n) WHERE n.uid % 61 = " + rest + " SET n.d = " + one("null", "'s3'", "'x'"));
    run.apply("MATCH (n) WHERE n.uid % 83 = " + rest + " SET n:B");
    run.apply("UNWIND range(1, 300) AS i CREATE (:A {uid: -i, a: i, b: i / 2.0})");
  }

  private Map<String, @Nullable Object> properties(int i) {
    boolean whole = i / STRETCH % 2 == 0;
    Map<String, @Nullable Object> all = new HashMap<>();
    all.put("uid", (long) i);
    all.put(
        "a", whole || random.nextInt(8) > 0 ? (Object) (long) (random.nextInt(13) - 3) : value());
    all.put("b", whole || random.nextInt(8) > 0 ? (Object) number() : value());
    all.put("c", whole ? (Object) (long) random.nextInt(5) : value());
    all.put("d", whole ? "s" + random.nextInt(9) : value());
    all.put("e", whole || random.nextInt(8) > 0 ? text() : value());
    all.put("big", random.nextInt(2_000) == 0 ? Long.MAX_VALUE : random.nextLong() >> 16);
    all.values().removeIf(value -> value == null);
    return all;
  }

  private double number() {
    return random.nextInt(20) == 0
        ? one(Double.NaN, -0.0, 0.0, Double.POSITIVE_INFINITY, -1e300, 2.5)
        : random.nextInt(40) / 4.0 - 3;
  }

  private @Nullable Object value() {
    return switch (random.nextInt(9)) {
      case 0, 1, 2 -> null;
      case 3, 4 -> (long) random.nextInt(9);
      case 5, 6 -> number();
      case 7 -> "s" + random.nextInt(9);
      default -> random.nextBoolean();
    };
  }

  @SafeVarargs
  private <T> T one(T... all) {
    return all[random.nextInt(all.length)];
  }
}
