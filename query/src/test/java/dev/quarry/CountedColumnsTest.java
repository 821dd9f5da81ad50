package dev.quarry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.QuarryException;
import dev.quarry.graph.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// Aggregates of nodes that count as often as they have relationships, computed block by block,
/// give what rows give: the same statement with `WITH n SKIP 0` before the aggregate, which keeps
/// the pattern from being counted.
///
/// The stores have several blocks of nodes, of two labels. Relationships are parallel, lead to
/// where they begin, or lack for whole stretches of nodes; values are of one kind, lack, or are of
/// several kinds; some integers are so large that sums of them do not fit. Half of the stores are
/// compacted, and then changed here and there; labels change, nodes and relationships are deleted.
/// `-Dseed=N`.
class CountedColumnsTest {
  private static final int NODES = 9_000;
  private static final int STATEMENTS = 40;

  private static final String OVERFLOW = "failed: " + ErrorCode.ARITHMETIC_OVERFLOW;

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private int byColumns;

  @Test
  void blocksGiveWhatRowsGive() {
    for (int store = 0; store < 3 || byColumns <= 100 && store < 30; store++) {
      try (Quarry db = Quarry.inMemory()) {
        create(db);
        compact(db, store);
        compare(db::run);
        change(db::run);
        compare(db::run);
        compact(db, store);
        compare(db::run);
        try (WriteTransaction transaction = db.beginWrite()) {
          Function<String, Answer> run = text -> answer(transaction, text);
          change(run);
          compare(run);
          transaction.rollback();
        }
        assertEquals(List.of(), db.admin().check().problems(), "seed " + seed);
      }
    }
    assertTrue(byColumns > 100, byColumns + ", seed " + seed);
  }

  /// What does not fit is refused as it is where rows are counted one by one.
  @Test
  void sumsAndNumbersThatDoNotFitAreErrors() {
    try (Quarry db = Quarry.inMemory()) {
      db.run("CREATE (:V {x: 9223372036854775807, y: -9223372036854775808})");
      db.run("MATCH (a:V) UNWIND range(1, 600) AS i CREATE (a)-[:E]->(a)");
      db.run("UNWIND range(1, 30) AS i CREATE (:V {x: 1, y: 1})-[:E]->(:V {x: 1, y: 1})");
      String one = "MATCH (:V)-[:E]->(b:V) RETURN %s AS x";
      assertEquals(OVERFLOW, result(db::run, one.formatted("sum(b.x)")));
      assertEquals(OVERFLOW, result(db::run, one.formatted("sum(b.y)")));
      String mean = one.formatted("avg(b.x)");
      String made = mean.replace("RETURN", "WITH b SKIP 0 RETURN");
      assertEquals(result(db::run, made), result(db::run, mean));
      StringBuilder many = new StringBuilder("MATCH (b:V)-[:E]->()");
      for (int i = 1; i < 7; i++) {
        many.append(" MATCH (b)-[:E]->()");
      }
      String plan = db.run("EXPLAIN " + many + " RETURN sum(b.x)").summary().plan();
      assertTrue(plan.contains("AggregateColumns sum(b.x)"), plan);
      assertEquals(OVERFLOW, result(db::run, many + " RETURN count(*)"));
      assertEquals(OVERFLOW, result(db::run, many + " RETURN max(b.x), sum(b.x)"));
      assertEquals("[{m=9223372036854775807}]", result(db::run, many + " RETURN max(b.x) AS m"));
    }
  }

  private void compare(Function<String, Answer> run) {
    for (int i = 0; i < STATEMENTS; i++) {
      String pattern = pattern();
      String what = " RETURN " + aggregates();
      String text = pattern + what;
      String expected = result(run, pattern + " WITH n SKIP 0" + what);
      if (!expected.startsWith("failed")) {
        assertEquals(expected, result(run, text), "seed " + seed + "\n" + text);
        String plan = run.apply("EXPLAIN " + text).summary().plan();
        byColumns += plan.contains("AggregateColumns") && plan.contains("Neighbours") ? 1 : 0;
      }
    }
  }

  private static String result(Function<String, Answer> run, String text) {
    try {
      return run.apply(text).rows().stream().map(Row::asMap).toList().toString();
    } catch (QuarryException e) {
      return "failed: " + e.code();
    }
  }

  private static Answer answer(WriteTransaction transaction, String text) {
    try (Rows rows = transaction.query(text)) {
      List<Row> all = rows.toList();
      return new Answer(rows.columns(), all, rows.summary());
    }
  }

  // Statements.

  private String pattern() {
    String n = "(n" + one("", ":A", ":A", ":B") + ")";
    String where =
        one("", "", " WHERE n.x >= 2", " WHERE n.m <> 1", " WHERE n.uid < 40", " WHERE n.f > 0");
    return switch (random.nextInt(6)) {
      case 0 ->
          "MATCH ()-" + type() + "->" + n + where + " MATCH (n)-" + type() + "->(" + label() + ")";
      case 1 -> "MATCH (" + label() + ")-" + type() + "->" + n + "-" + type() + "->()" + where;
      case 2 -> "MATCH " + n + "-" + type() + "-(" + label() + ")" + where;
      case 3 -> "MATCH " + n + "-" + type() + "->(" + label() + ")" + where;
      default -> "MATCH (" + label() + ")-" + type() + "->" + n + where;
    };
  }

  private String label() {
    return one("", "", ":A", ":B");
  }

  private String type() {
    return one("[:R]", "[:R]", "[:S]", "[:R|S]", "");
  }

  private String aggregates() {
    List<String> all = new ArrayList<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      String property = one("n.x", "n.x", "n.f", "n.m", "n.big", "n.nobody");
      String function = one("sum(", "avg(", "min(", "max(", "count(");
      String aggregate =
          random.nextInt(4) == 0 ? one("count(*)", "count(n)") : function + property + ")";
      all.add(aggregate + " AS c" + all.size());
    }
    return String.join(", ", all);
  }

  // Stores.

  private void create(Quarry db) {
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      rows.add(properties(i));
    }
    db.run("UNWIND $rows AS row CREATE (n:A) SET n = row", Map.of("rows", rows.subList(0, 6_000)));
    db.run(
        "UNWIND $rows AS row CREATE (n:B) SET n = row", Map.of("rows", rows.subList(6_000, NODES)));
    db.run("CREATE INDEX a FOR (n:A) ON (n.uid)");
    db.run("CREATE INDEX b FOR (n:B) ON (n.uid)");
    List<List<Long>> pairs = new ArrayList<>();
    for (int i = 0; i < 12_000; i++) {
      long from = random.nextInt(NODES) / 3 * 2;
      long to = random.nextInt(6) == 0 ? from : random.nextInt(NODES) % 5_000;
      for (int copies = random.nextInt(5) == 0 ? 3 : 1; copies > 0; copies--) {
        pairs.add(List.of(from % NODES, to));
      }
    }
    for (String labels :
        List.of(
            "(a:A {uid: p[0]}), (b:A {uid: p[1]}) CREATE (a)-[:R]->(b)",
            "(a:B {uid: p[0]}), (b:A {uid: p[1]}) CREATE (a)-[:R]->(b), (b)-[:S]->(a)")) {
      db.run("UNWIND $pairs AS p MATCH " + labels, Map.of("pairs", pairs));
    }
    if (random.nextBoolean()) {
      db.run("MATCH (n) WHERE n.uid % 1000 = 7 SET n:B REMOVE n:A");
    }
    if (random.nextBoolean()) {
      db.run("MATCH (n) WHERE n.uid % 11 = 3 DETACH DELETE n");
    }
  }

  private void compact(Quarry db, int store) {
    if (store > 0) {
      CompactOptions options = CompactOptions.defaults();
      db.admin().compact(options, () -> false, Progress.NONE);
    }
  }

  private void change(Function<String, Answer> run) {
    int rest = random.nextInt(97);
    run.apply("MATCH (n:A) WHERE n.uid = " + rest + " DETACH DELETE n");
    run.apply(
        "MATCH (n:A) WHERE n.uid % 89 = " + rest % 89 + " SET n.x = " + one("null", "4", "'x'"));
    run.apply("MATCH (n:A)-[r]->() WHERE n.uid % 97 = " + rest + " DELETE r");
    run.apply(
        "MATCH (n:A {uid: "
            + 2 * rest
            + "}), (m:A {uid: 5}) CREATE (n)-[:R]->(m), (m)-[:R]->(m), (n)-[:S]->(m)");
    run.apply(
        "UNWIND range(1, 100) AS i CREATE (:A {uid: -i, x: i, f: i / 2.0})-[:R]->(:A {x: i})");
    if (random.nextInt(3) == 0) {
      run.apply("MATCH (n:A) WHERE n.uid % 83 = " + rest % 83 + " SET n:B");
    }
  }

  private Map<String, Object> properties(int i) {
    Map<String, Object> all = new java.util.HashMap<>();
    all.put("uid", (long) i);
    all.put("f", random.nextInt(300) == 0 ? Double.NaN : random.nextInt(40) / 4.0 - 3);
    if (i / 2_500 % 2 == 0 || random.nextInt(8) > 0) {
      all.put("x", (long) random.nextInt(9) - 3);
    }
    if (random.nextInt(4) > 0) {
      all.put("m", random.nextInt(30) == 0 ? (Object) 1.5 : (Object) (long) random.nextInt(9));
    }
    all.put("big", random.nextLong() >> 12);
    return all;
  }

  @SafeVarargs
  private <T> T one(T... all) {
    return all[random.nextInt(all.length)];
  }
}
