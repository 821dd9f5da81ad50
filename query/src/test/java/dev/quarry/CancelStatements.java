package dev.quarry;

import dev.quarry.error.CancelledException;
import dev.quarry.error.ErrorCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Statements that would run for long, one or more for each operator, what ends them at a random
/// moment, and how long it takes until the thread that runs them has its error.
final class CancelStatements {
  /// What ends a statement.
  enum Way {
    CANCEL,
    INTERRUPT,
    TIMEOUT
  }

  /// How a statement ended.
  ///
  /// @param nanoseconds from the wish to the error; for a timeout from its end
  /// @param wrong what is wrong with the error; null if nothing is
  record Ended(String name, Way way, long nanoseconds, @Nullable String wrong) {}

  private static final int NODES = 3_000;
  private static final int LIST = 300_000;
  private static final long LONGEST_DELAY_MILLIS = 200;
  private static final long GIVE_UP_SECONDS = 60;

  private static final Map<String, Object> PARAMETERS =
      Map.of("text", "ab".repeat(400_000), "pattern", "a".repeat(200_000) + "b");

  private CancelStatements() {}

  /// Ends every statement in every way, so often.
  static List<Ended> endAll(Quarry db, int rounds, Random random) throws InterruptedException {
    List<Ended> all = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      for (Map.Entry<String, String> one : statements().entrySet()) {
        for (Way way : Way.values()) {
          all.add(end(db, one.getKey(), one.getValue(), way, random));
        }
      }
    }
    return all;
  }

  /// Prints how long it took from the wish to the end, by way, and the slowest.
  static void print(List<Ended> all) {
    for (Way way : Way.values()) {
      List<Ended> of =
          all.stream()
              .filter(ended -> ended.way() == way)
              .sorted((a, b) -> Long.compare(a.nanoseconds(), b.nanoseconds()))
              .toList();
      System.out.printf(
          "%-10s %5d, ms: p50 %6.1f  p90 %6.1f  p99 %6.1f  most %6.1f (%s)%n",
          way, of.size(), at(of, 0.5), at(of, 0.9), at(of, 0.99), at(of, 1), of.getLast().name());
    }
    all.stream()
        .sorted((a, b) -> Long.compare(b.nanoseconds(), a.nanoseconds()))
        .limit(8)
        .forEach(
            ended ->
                System.out.printf(
                    "  %6.1f ms %s, %s%n", ended.nanoseconds() / 1e6, ended.name(), ended.way()));
  }

  private static double at(List<Ended> sorted, double share) {
    return sorted.get((int) Math.max(0, Math.ceil(share * sorted.size()) - 1)).nanoseconds() / 1e6;
  }

  /// The graph that the statements run on: a dense part, a hub with many leaves, a long chain.
  static void fill(Quarry db) {
    db.run("UNWIND range(1, " + NODES + ") AS i CREATE (:N {i: i, t: 'text ' + i})");
    db.run("MATCH (a:N), (b:N) WHERE a.i <= 60 AND b.i <= 60 CREATE (a)-[:T]->(b)");
    db.run("CREATE (h:Hub) WITH h UNWIND range(1, 50000) AS i CREATE (h)-[:LEAF {i: i}]->(:Leaf)");
    db.run("UNWIND range(0, 20000) AS i CREATE (:C {i: i})");
    db.run(
        "MATCH (c:C) WITH c ORDER BY c.i WITH collect(c) AS l UNWIND range(0, 19999) AS i "
            + "WITH l[i] AS a, l[i + 1] AS b CREATE (a)-[:NEXT]->(b)");
  }

  /// Runs a statement, ends it after a while, and waits for the error.
  static Ended end(Quarry db, String name, String statement, Way way, Random random)
      throws InterruptedException {
    long delay = random.nextLong(LONGEST_DELAY_MILLIS * 1_000_000);
    AtomicReference<@Nullable Rows> rows = new AtomicReference<>();
    AtomicReference<@Nullable Throwable> error = new AtomicReference<>();
    long[] ended = new long[1];
    boolean[] flag = new boolean[1];
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch done = new CountDownLatch(1);
    Thread thread =
        new Thread(
            () -> {
              try {
                run(db, statement, way, delay, rows, begun);
              } catch (Throwable e) {
                error.set(e);
              }
              ended[0] = System.nanoTime();
              flag[0] = Thread.interrupted();
              done.countDown();
            });
    thread.start();
    begun.await();
    long wish = System.nanoTime() + delay;
    done.await(delay, TimeUnit.NANOSECONDS);
    Rows running = rows.get();
    boolean cancels = way == Way.CANCEL && running != null;
    if (cancels) {
      wish = System.nanoTime();
      running.cancel();
    } else if (way != Way.TIMEOUT) {
      wish = System.nanoTime();
      thread.interrupt();
    }
    if (!done.await(GIVE_UP_SECONDS, TimeUnit.SECONDS)) {
      StringBuilder where = new StringBuilder("still runs at");
      for (StackTraceElement frame : thread.getStackTrace()) {
        where.append(' ').append(frame);
      }
      return new Ended(name, way, GIVE_UP_SECONDS * 1_000_000_000, where.toString());
    }
    boolean interrupted = !cancels && way != Way.TIMEOUT;
    String wrong = wrong(error.get(), way == Way.TIMEOUT, interrupted != flag[0]);
    return new Ended(name, way, Math.max(0, ended[0] - wish), wrong);
  }

  private static @Nullable String wrong(@Nullable Throwable error, boolean timeout, boolean flag) {
    ErrorCode expected = timeout ? ErrorCode.TIMED_OUT : ErrorCode.CANCELLED;
    if (!(error instanceof CancelledException cancelled) || cancelled.code() != expected) {
      return "ended with " + error;
    }
    return flag ? "the interrupt flag is wrong" : null;
  }

  /// Reads in a transaction where rows are at hand while they are made; a statement that writes
  /// runs in a transaction of its own, which is taken back.
  private static void run(
      Quarry db,
      String statement,
      Way way,
      long delay,
      AtomicReference<@Nullable Rows> rows,
      CountDownLatch begun) {
    QueryOptions options =
        way == Way.TIMEOUT
            ? QueryOptions.DEFAULT.withTimeout(Duration.ofNanos(delay))
            : QueryOptions.DEFAULT;
    PreparedQuery query = db.prepare(statement);
    begun.countDown();
    if (query.writes()) {
      db.run(query, PARAMETERS, options);
      return;
    }
    try (ReadTransaction transaction = db.beginRead()) {
      try (Rows reading = transaction.query(query, PARAMETERS, options)) {
        rows.set(reading);
        while (reading.next()) {
          // goes on
        }
      }
    }
  }

  /// Statements by the operator, or the part of one, that they keep busy.
  static Map<String, String> statements() {
    String many = "UNWIND range(1, 100000) AS i UNWIND range(1, 100000) AS j ";
    String list = "WITH range(1, " + LIST + ") AS l ";
    Map<String, String> all = new LinkedHashMap<>();
    all.put("ScanNodes", "MATCH (a:N), (b:N), (c:N) RETURN count(a.i + b.i + c.i) AS n");
    all.put("ScanNodes all", "MATCH (a), (b), (c) WHERE a.i = b.i + c.i + 1 RETURN a");
    all.put("ScanColumns", many + "MATCH (n:N) WHERE n.i < 0 AND n.i IS NOT NULL RETURN n");
    all.put("Expand", "MATCH (a:N)-->()-->()-->()-->()-->(b) WHERE b.i < 0 RETURN b");
    all.put(
        "ExpandInto",
        "MATCH (a:N), (b:N), (c:N) WHERE (a)-->(b) AND (b)-->(c) AND (c)-->(a)"
            + " AND a.i + b.i + c.i < 0 RETURN a");
    all.put("ExpandInto of a hub", many + "MATCH (h:Hub), (n:N {i: 5}) MATCH (h)-->(n) RETURN n");
    all.put(
        "Intersect",
        "MATCH (a:N)-->(b)-->(c)-->(d), (a)-->(c), (a)-->(d), (b)-->(d) WHERE d.i < 0 RETURN d");
    all.put("ExpandVariable", "MATCH (a:N {i: 1})-[*]->(b) WHERE b.i < 0 RETURN b");
    all.put("ExpandVariable of a chain", "MATCH (a:C)-[*]->(b:C) RETURN sum(a.i + b.i) AS n");
    all.put("ExpandVariable with lists", "MATCH p = (a:C)-[*]->(b) WHERE length(p) < 0 RETURN p");
    all.put(
        "RelationshipEnds",
        "MATCH ()-[r:T]->() WITH collect(r) AS l UNWIND l AS r "
            + "UNWIND l AS s UNWIND l AS t MATCH (a)-[t]-(b) WHERE a.i < 0 RETURN a");
    all.put(
        "ShortestPath",
        "MATCH (a:C), (b:C) MATCH p = shortestPath((a)-[*]-(b)) " + "WHERE length(p) < 0 RETURN p");
    all.put(
        "ShortestPath all",
        "MATCH (a:N), (b:N) MATCH p = allShortestPaths((a)-[*]-(b)) "
            + "MATCH q = allShortestPaths((a)-[*]-(b)) WHERE length(p) < 0 RETURN p");
    all.put(
        "ShortestPath with conditions",
        "MATCH (a:C), (b:C) MATCH p = shortestPath((a)-[*]-(b)) WHERE all(n IN nodes(p) WHERE n.i >= 0) AND a.i < -b.i RETURN p");
    all.put("Unwind", many + "WITH i WHERE i < 0 RETURN i");
    all.put("Filter", "UNWIND range(1, 100000) AS i MATCH (n:N) WHERE n.t =~ '.*x.*x' RETURN n");
    all.put("Project", many + "WITH i * 2 + j AS k, toString(i) AS t WHERE k < 0 RETURN k");
    all.put("range", many + "WITH size(range(1, 2000)) AS n WHERE n < 0 RETURN n");
    all.put(
        "reduce",
        list + "RETURN reduce(s = 0, x IN l | s + reduce(t = 0, y IN l | t + y % 7)) AS s");
    all.put(
        "list comprehension", list + "RETURN size([x IN l WHERE any(y IN l WHERE y < 0)]) AS n");
    all.put("quantifier", list + "RETURN all(x IN l WHERE none(y IN l WHERE y = -x)) AS b");
    all.put("IN", list + "UNWIND l AS x RETURN sum(CASE WHEN -x IN l THEN 1 ELSE 0 END) AS n");
    all.put("Unwind a range", "UNWIND range(1, 500000000) AS i WITH i WHERE i < 0 RETURN i");
    all.put("reduce a range", "RETURN reduce(s = 0, x IN range(1, 500000000) | s + x % 7) AS s");
    all.put("quantifier of a range", "RETURN none(x IN range(1, 500000000) WHERE x < 0) AS b");
    all.put("comprehension of a range", "RETURN [x IN range(1, 500000000) WHERE x < 0] AS l");
    all.put("IN a range", many + "WITH i WHERE -i IN range(1, 500000000) RETURN i");
    all.put(
        "list compared",
        "WITH range(1, 1500) AS l UNWIND l AS i UNWIND l AS x WITH l, x, l + [x] AS a, l + [-x] AS b "
            + "WHERE a = b RETURN x");
    all.put(
        "shared lists hashed",
        "UNWIND range(1, 1000) AS i WITH reduce(l = [i], x IN range(1, 22)"
            + " | [l, l]) AS l WITH DISTINCT size(l) AS s, l = l AS e RETURN count(*) AS n");
    all.put(
        "regular expression", "UNWIND range(1, 1000) AS i RETURN $text =~ '(a|ab|b|ba)*c' AS b");
    all.put(
        "regular expression with states",
        "UNWIND range(1, 1000) AS i RETURN $text =~ '(a?b?){500}c' AS b");
    all.put("contains", "UNWIND range(1, 1000) AS i RETURN ($text + i) CONTAINS $pattern AS b");
    all.put("split", "UNWIND range(1, 1000) AS i RETURN size(split($text, 'b')) AS n");
    all.put("replace", "UNWIND range(1, 1000) AS i RETURN size(replace($text, 'ab', 'b')) AS n");
    all.put(
        "replace that fails",
        "UNWIND range(1, 1000) AS i WITH reduce(t = 'a', j IN range(1, 20) "
            + "| t + t) AS t RETURN size(replace(t, $pattern, '')) AS n");
    all.put("size of a text", "UNWIND range(1, 100000) AS i RETURN size($text) AS n");
    all.put("upper", "UNWIND range(1, 100000) AS i RETURN size(toUpper($text)) AS n");
    all.put(
        "text growing",
        "UNWIND range(1, 1000) AS i RETURN size(reduce(t = '', x IN "
            + "range(1, 20000) | right(t + 'abc', 4000))) AS n");
    all.put("Aggregate", many + "RETURN i % 10 AS k, count(*) AS n, sum(j) AS s");
    all.put("Aggregate with groups", many + "RETURN (i * j) % 100000 AS k, count(*) AS n");
    all.put("Aggregate distinct", many + "RETURN count(DISTINCT (i * j) % 100000) AS n");
    all.put(
        "collect",
        "UNWIND range(1, 100000) AS i CALL { UNWIND range(1, 100000) AS j RETURN "
            + "collect(j) AS l } WITH size(l) AS s WHERE s < 0 RETURN s");
    all.put(
        "percentile",
        "UNWIND range(1, 100000) AS i CALL { UNWIND range(1, 500000) AS j RETURN "
            + "percentileCont((j * 7919) % 500009, 0.5) AS p } WITH p WHERE p < 0 RETURN p");
    all.put("Distinct", many + "WITH DISTINCT (i * j) % 100000 AS k WHERE k < 0 RETURN k");
    all.put(
        "Sort",
        "UNWIND range(1, 1000000) AS i WITH i ORDER BY (i * 7919) % 1000003 "
            + "UNWIND range(1, 100000) AS j WITH i WHERE i < 0 RETURN i");
    all.put(
        "Sort, its sorting",
        "UNWIND range(1, 1000) AS k CALL { UNWIND range(1, 400000) AS i "
            + "WITH i ORDER BY toString((i * 7919) % 1000003) RETURN sum(i) AS s } RETURN sum(s) AS t");
    all.put("Sort with a limit", many + "WITH i, j ORDER BY (i * j) % 100003 LIMIT 10 RETURN i");
    all.put("Window", many + "RETURN i SKIP 100000000000");
    all.put(
        "Union",
        "CALL { "
            + many
            + "RETURN i UNION ALL "
            + many
            + "RETURN i } WITH i WHERE i < 0 "
            + "RETURN i");
    all.put(
        "Union distinct", many + "RETURN (i * j) % 1000 AS k UNION " + many + "RETURN i % 3 AS k");
    all.put(
        "Apply that joins",
        "MATCH (a:N), (b:N) CALL { WITH a MATCH (n:N) RETURN count(n) AS c } "
            + "WITH c WHERE c < 0 RETURN c");
    all.put(
        "Apply that is optional",
        "MATCH (a:N), (b:N) OPTIONAL MATCH (a)-->(b)-->(c) WITH c " + "WHERE c.i < 0 RETURN c");
    all.put(
        "Apply that exists",
        "MATCH (a:N), (b:N) WHERE EXISTS { MATCH (n:N) WHERE n.i = -b.i } " + "RETURN a");
    all.put(
        "Apply that counts",
        "MATCH (a:N), (b:N) WHERE COUNT { MATCH (n:N) RETURN n } < 0 RETURN a");
    all.put(
        "Apply that collects",
        "MATCH (a:N), (b:N) WHERE size(COLLECT { MATCH (n:N) RETURN n.i }) " + "< 0 RETURN a");
    all.put("BindPath", "MATCH p = (a:N)-->()-->()-->()-->()-->(b) WHERE length(p) < 0 RETURN p");
    all.put(
        "CallProcedure",
        "MATCH (a:N), (b:N) CALL db.labels() YIELD label WITH label WHERE "
            + "label = 'none' RETURN label");
    all.put("Create", many + "CREATE (:X {i: i, j: j})");
    all.put("Create relationships", "MATCH (a:N), (b:N) CREATE (a)-[:X {i: 1}]->(b)");
    all.put(
        "Merge with a table",
        "UNWIND range(1, 1000) AS i UNWIND range(1, 1000) AS j MERGE (:X {i: i * 1000 + j})");
    all.put(
        "Merge without a table", many + "MATCH (a:N {i: 1}) MERGE (a)-[:X {j: j}]->(:Y {i: i})");
    all.put("SetProperties", "MATCH (a:N), (b:N) SET a.x = b.i, b.y = a.i");
    all.put(
        "SetProperties of one", "MATCH (a:N {i: 1}) UNWIND range(1, 1000000) AS i SET a += {x: i}");
    all.put("Delete", "MATCH (a:N), (b:N), (l:Leaf) DELETE l CREATE (:X)");
    all.put(
        "DetachDelete", "MATCH (h:Hub) UNWIND range(1, 5000000) AS i DETACH DELETE h CREATE (:X)");
    all.put("ForEach", "FOREACH (i IN range(1, 4000000) | CREATE (:X {i: i}))");
    all.put(
        "ForEach in itself",
        "FOREACH (i IN range(1, 100000) | FOREACH (j IN range(1, 100000) | CREATE (:X)))");
    all.put("Eager", many + "WITH i, j WHERE i % 5000 = 0 MATCH (n:N {i: 1}) CREATE (:N {i: i})");
    all.put(
        "nested deeply",
        "WITH range(1, 1000) AS l RETURN "
            + "reduce(s = 0, x IN l | s + ".repeat(40)
            + "1"
            + ")".repeat(40)
            + " AS n");
    return Collections.unmodifiableMap(all);
  }
}
