package dev.quarry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.CancelledException;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.EvaluationException;
import dev.quarry.error.MemoryBudgetException;
import dev.quarry.error.QuarryException;
import dev.quarry.graph.Node;
import dev.quarry.query.execute.HelperThreads;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.simulation.SimSched;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Aggregates that several threads gather give what one thread gives: the same rows in the same
/// order, to the last digit, or the same error. Pieces of the scan are small here, so that tiny
/// graphs have many, and a schedule decides who takes which. The seed is printed when it fails:
/// `-Dseed=N`.
class SharedScanTest {
  private static final int GRAPHS = 12;
  private static final int STATEMENTS = 60;
  private static final int NODES = 60;

  /// Takes minutes, whatever is counted instead of made.
  private static final String LONG =
      "MATCH (a:V), (b:V), (c:V), (d:V) WHERE a.i + b.i + c.i + d.i < 0 RETURN count(a.i + d.i)";

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);

  @BeforeEach
  void shareTinyScans() {
    System.setProperty("quarry.sharedRows", "0");
    System.setProperty("quarry.morselSlots", "3");
  }

  @AfterEach
  void shareLargeScansOnly() {
    System.clearProperty("quarry.sharedRows");
    System.clearProperty("quarry.morselSlots");
    long end = System.nanoTime() + 10_000_000_000L;
    while (!helping().isEmpty() && System.nanoTime() < end) {
      Thread.onSpinWait(); // one that has said that it is done is about to end
    }
    assertEquals(List.of(), helping(), "threads that still help");
  }

  private static List<String> helping() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("quarry-statement"))
        .toList();
  }

  @Test
  void answersDoNotDependOnTheNumberOfThreads() {
    long shared = 0;
    long repeated = 0;
    for (int graph = 0; graph < GRAPHS; graph++) {
      try (Quarry db = Quarry.inMemory()) {
        create(db);
        Map<String, Long> used = used(db);
        for (int i = 0; i < STATEMENTS; i++) {
          String text = statement();
          assertEquals(answer(db, text, 1), shared(db, text), "seed " + seed + "\n" + text);
        }
        shared += db.helpers().shared();
        repeated += db.helpers().repeated();
        sound(db, used);
      }
    }
    String seen = "seed %d: shared %d, repeated %d".formatted(seed, shared, repeated);
    System.out.println(seen);
    assertTrue(shared > GRAPHS * STATEMENTS / 3 && repeated > 0 && repeated < shared / 2, seen);
  }

  @Test
  void groupsComeInTheOrderInWhichOneThreadMeetsThem() {
    with(
        100,
        db -> {
          String text = "MATCH (n:V) RETURN n.i * 7 % 50 AS x, count(*) AS c";
          for (int i = 0; i < 20; i++) {
            assertEquals(answer(db, text, 1), shared(db, text));
          }
          assertEquals(20, db.helpers().shared());
          assertEquals(0, db.helpers().repeated());
        });
  }

  @Test
  void aStoreThatGivesOneThreadToACallSharesOnlyStatementsThatAskForMore() {
    try (Quarry db = filled(100, OpenOptions.defaults().withThreads(1))) {
      String text = "MATCH (n:V) RETURN n.i * 7 % 50 AS x, count(*) AS c";
      String alone = answer(db, text, QueryOptions.DEFAULT);
      assertEquals(0, db.helpers().shared());
      assertEquals(alone, answer(db, text, 3));
      assertEquals(1, db.helpers().shared());
    }
  }

  /// Of an error nobody can tell how many threads there were.
  @Test
  void anErrorIsThatOfTheFirstRowThatHasOne() {
    with(
        100,
        db -> {
          for (String text :
              List.of(
                  "MATCH (n:V) RETURN sum(10 / (n.i % 50 - 40))",
                  "MATCH (n:V) RETURN sum(CASE n.i % 40 WHEN 39 THEN 1 / 0 WHEN 20 THEN 'x' END)",
                  "MATCH (n:V) RETURN sum(9223372036854775807 - n.i)",
                  "MATCH (n:V) WHERE n.i > 90 AND n.i / (n.i - 95) > 0 RETURN n.i, count(*)")) {
            assertThrows(EvaluationException.class, () -> run(db, text, 1), text);
            for (int i = 0; i < 10; i++) {
              assertEquals(answer(db, text, 1), shared(db, text));
            }
          }
          assertEquals(
              30, db.helpers().repeated(), "all but the sum, which is right, but too large");
        });
  }

  /// Sums that overflow somewhere on the way are right if all of it fits.
  @Test
  void sumsOfPartsMayBeLargerThanTheSum() {
    with(
        100,
        db -> {
          String text =
              "MATCH (n:V) RETURN sum(CASE WHEN n.i < 50 THEN 1 ELSE -1 END * 4611686018427387904),"
                  + " avg(CASE WHEN n.i < 50 THEN 1 ELSE -1 END * 4611686018427387904) AS a";
          assertEquals(answer(db, text, 1), answer(db, text, 3));
          assertEquals(0, db.helpers().repeated());
        });
  }

  @Test
  void whatDependsOnTheOrderOfRowsIsDoneByOneThread() {
    with(
        200,
        db -> {
          for (String text :
              List.of(
                  "MATCH (n:V) RETURN sum(n.i / 7.0), avg(n.i / 3.0) AS a",
                  "MATCH (n:V) RETURN n.i % 3 AS k, sum(sqrt(n.i)) AS s",
                  "MATCH (n:V) RETURN max(CASE n.i % 2 WHEN 0 THEN 1 ELSE 1.0 END)")) {
            long repeated = db.helpers().repeated();
            String alone = answer(db, text, 1);
            for (int i = 0; i < 20; i++) {
              assertEquals(alone, shared(db, text), text);
            }
            assertTrue(db.helpers().repeated() > repeated, text);
          }
        });
  }

  @Test
  void aTransactionThatWritesGathersAlone() {
    with(
        50,
        db -> {
          try (WriteTransaction tx = db.beginWrite()) {
            tx.query("UNWIND range(50, 99) AS i CREATE (:V {i: i})");
            QueryOptions options = QueryOptions.DEFAULT.withThreads(3);
            PreparedQuery query = db.prepare("MATCH (n:V) RETURN count(n.i + 1) AS c");
            assertEquals(100L, tx.query(query, Map.of(), options).toList().getFirst().get("c"));
            tx.rollback();
          }
          assertEquals(0, db.helpers().shared());
        });
  }

  /// All threads read the commit of the transaction, whatever is committed beside it.
  @Test
  void allThreadsReadTheSameCommit() throws Exception {
    try (Quarry db = filled(300)) {
      AtomicReference<@Nullable Throwable> error = new AtomicReference<>();
      Thread writer =
          new Thread(
              () -> {
                try {
                  for (int i = 0; i < 200; i++) {
                    db.run("MATCH (n:V) WHERE n.i < 150 SET n.i = 1000 - n.i, n.x = '" + i + "'");
                    db.run("MATCH (n:V) WHERE n.i > 850 SET n.i = 1000 - n.i");
                  }
                } catch (Throwable e) {
                  error.set(e);
                }
              });
      writer.start();
      do {
        try (ReadTransaction tx = db.beginRead()) {
          String text = "MATCH (n:V) RETURN n.i < 500 AS k, count(n.x) AS c, sum(n.i) AS s";
          assertEquals(answer(tx, text, 1), answer(tx, text, 3));
        }
      } while (writer.isAlive());
      writer.join();
      assertEquals(null, error.get());
      assertTrue(db.helpers().shared() > 0);
    }
  }

  @Test
  void aSharedStatementEndsInEveryWay() throws Exception {
    try (Quarry db = filled(2_000)) {
      Map<String, Long> used = used(db);
      Duration time = Duration.ofMillis(50);
      while (db.helpers().shared() == 0
          && time.toSeconds() < 10) { // or it ends before it is shared
        QueryOptions soon = QueryOptions.DEFAULT.withThreads(3).withTimeout(time);
        assertEquals(ErrorCode.TIMED_OUT, ended(db, soon, (rows, thread) -> {}));
        time = time.multipliedBy(2);
      }
      QueryOptions options = QueryOptions.DEFAULT.withThreads(3);
      assertEquals(ErrorCode.CANCELLED, ended(db, options, (rows, thread) -> rows.cancel()));
      assertEquals(ErrorCode.CANCELLED, ended(db, options, (rows, thread) -> thread.interrupt()));
      assertEquals(3, db.helpers().shared());
      assertEquals(0, db.helpers().repeated());
      sound(db, used);
      assertEquals(ErrorCode.STORE_CLOSED, ended(db, options, (rows, thread) -> db.close()));
    }
  }

  private interface Ending {
    void of(Rows rows, Thread thread);
  }

  /// How a long statement ends, once several threads run it.
  private static ErrorCode ended(Quarry db, QueryOptions options, Ending ending) throws Exception {
    AtomicReference<@Nullable Throwable> error = new AtomicReference<>();
    AtomicReference<@Nullable Rows> running = new AtomicReference<>();
    Thread thread =
        new Thread(
            () -> {
              try (ReadTransaction tx = db.beginRead();
                  Rows rows = tx.query(db.prepare(LONG), Map.of(), options)) {
                running.set(rows);
                rows.next();
              } catch (Throwable e) {
                error.set(e);
              }
            });
    thread.start();
    while ((running.get() == null || db.helpers().busy() == 0) && thread.isAlive()) {
      Thread.onSpinWait();
    }
    Rows rows = running.get();
    long start = System.nanoTime();
    if (rows != null) { // else it ended, in whatever way, before it began
      ending.of(rows, thread);
    }
    thread.join(Duration.ofSeconds(20));
    assertFalse(thread.isAlive(), "runs on after " + (System.nanoTime() - start) + " ns");
    return assertInstanceOf(QuarryException.class, error.get()).code();
  }

  /// Every reservation fails once, of those that a shared statement makes: it gives the same answer
  /// by one thread, or ends for want of memory as one thread would.
  @Test
  void wantOfMemoryIsAnsweredByOneThread() {
    AtomicLong left = new AtomicLong(Long.MAX_VALUE);
    String text = "MATCH (n:V)-->(m) RETURN m.i AS x, count(*) AS c, max(n.i + m.i + '') AS t";
    ScopedValue.where(Budget.REHEARSAL, bytes -> left.decrementAndGet() != 0)
        .run(
            () -> {
              try (Quarry db = filled(2_000)) {
                String alone = answer(db, text, 1);
                assertEquals(alone, answer(db, text, 3));
                Map<String, Long> used = used(db);
                int failed = 0;
                for (int refused = 1; left.get() <= 0 || refused == 1; refused++) {
                  left.set(refused);
                  try {
                    assertEquals(alone, answerOrThrow(db, text, 3));
                  } catch (MemoryBudgetException e) {
                    failed++;
                  }
                  if (left.get() > 0) {
                    System.out.println("reservations " + refused + ", failed " + failed);
                    break;
                  }
                }
                left.set(Long.MAX_VALUE);
                assertTrue(db.helpers().repeated() > 3, "" + db.helpers().repeated());
                sound(db, used);
              }
            });
  }

  /// Two threads have no memory for what one can do: then one does it.
  @Test
  void whatFitsForOneThreadNeverFails() {
    with(
        3_000,
        db -> {
          String text = "MATCH (n:V) RETURN n.i AS k, count(*) AS c";
          long most = 1 << 20;
          int repeated = 0;
          for (long bytes = 64 << 10; bytes < most; bytes += 40 << 10) {
            String alone = answer(db, text, QueryOptions.DEFAULT.withThreads(1).withMemory(bytes));
            QueryOptions three = QueryOptions.DEFAULT.withThreads(3).withMemory(bytes);
            long before = db.helpers().repeated();
            assertEquals(alone, answer(db, text, three), "bytes " + bytes);
            boolean answered = !alone.contains("MemoryBudget");
            repeated += answered && db.helpers().repeated() > before ? 1 : 0;
          }
          assertTrue(repeated > 0);
        });
  }

  /// Threads that others have are not waited for.
  @Test
  void statementsTakeWhatThreadsAreFree() throws Exception {
    try (Quarry db = filled(200)) {
      List<Thread> threads = new ArrayList<>();
      AtomicReference<@Nullable Throwable> error = new AtomicReference<>();
      String text = "MATCH (n:V) RETURN n.i % 7 AS k, count(*) AS c";
      String alone = answer(db, text, 1);
      for (int i = 0; i < 4; i++) {
        Thread thread =
            new Thread(
                () -> {
                  try {
                    for (int round = 0; round < 100; round++) {
                      assertEquals(alone, answer(db, text, round % 3 == 0 ? 2 : 0));
                    }
                  } catch (Throwable e) {
                    error.set(e);
                  }
                });
        threads.add(thread);
        thread.start();
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertEquals(null, error.get());
      HelperThreads helpers = db.helpers();
      assertTrue(helpers.shared() > 0);
      assertEquals(0, helpers.busy());
    }
  }

  @Test
  void smallStatementsStayOnOneThread() {
    System.clearProperty("quarry.sharedRows");
    with(
        100,
        db -> {
          String text = "EXPLAIN MATCH (n:V) RETURN n.i %s AS k, count(*) AS c";
          assertFalse(run(db, text.formatted("% 2"), 0).toString().contains("Gather"));
          System.setProperty("quarry.sharedRows", "100");
          assertTrue(run(db, text.formatted("% 3"), 0).toString().contains("Gather"));
        });
  }

  @Test
  void whatEachThreadWouldComputeAnewIsNotShared() {
    with(
        100,
        db -> {
          for (String text :
              List.of(
                  "MATCH (n:V) WHERE rand() >= 0 RETURN n.i % 2 AS k, count(*) AS c",
                  "MATCH (n:V) RETURN collect(n.i) AS c",
                  "MATCH (n:V) RETURN n.i % 2 AS k, count(DISTINCT n.i % 5) AS c",
                  "MATCH (n:V) WITH n LIMIT 10 RETURN count(n.i) AS c")) {
            assertFalse(run(db, "EXPLAIN " + text, 0).toString().contains("Gather"), text);
          }
          assertEquals(0, db.helpers().shared());
        });
  }

  private static void with(int nodes, Consumer<Quarry> work) {
    try (Quarry db = filled(nodes)) {
      Map<String, Long> used = used(db);
      work.accept(db);
      sound(db, used);
    }
  }

  private static Quarry filled(int nodes) {
    return filled(nodes, OpenOptions.defaults());
  }

  private static Quarry filled(int nodes, OpenOptions options) {
    Quarry db = Quarry.inMemory(options.withMemory(256 << 20));
    db.run(
        "UNWIND range(0, $n - 1) AS i CREATE (:V {i: i})-[:E]->(:V {i: $n + i})",
        Map.of("n", nodes / 2));
    return db;
  }

  /// What each account holds.
  private static Map<String, Long> used(Quarry db) {
    Map<String, Long> used = new TreeMap<>();
    db.budget()
        .children()
        .forEach(account -> used.merge(account.name(), account.used(), Long::sum));
    used.keySet().removeAll(Set.of("plans", "extents")); // those of new statements, and free ones
    return used;
  }

  private static void sound(Quarry db, Map<String, Long> used) {
    assertEquals(used, used(db), "what was not given back");
    assertEquals(0, db.admin().stats().readers());
    assertEquals(List.of(), db.admin().check().problems());
  }

  private static String answer(Quarry db, String text, int threads) {
    return answer(db, text, QueryOptions.DEFAULT.withThreads(threads));
  }

  private static String answer(Quarry db, String text, QueryOptions options) {
    try {
      return run(db, text, options).toString();
    } catch (CancelledException e) {
      throw e;
    } catch (MemoryBudgetException e) {
      return e.code().toString();
    } catch (QuarryException e) {
      return e.toString();
    }
  }

  /// The answer of three threads, in a schedule that the seed decides.
  private String shared(Quarry db, String text) {
    AtomicReference<String> answer = new AtomicReference<>("none");
    SimSched schedule = new SimSched(random.nextLong());
    schedule.add("statement", false, () -> answer.set(answer(db, text, 3)));
    schedule.run();
    return answer.get();
  }

  private static String answerOrThrow(Quarry db, String text, int threads) {
    return run(db, text, threads).toString();
  }

  private static String answer(ReadTransaction tx, String text, int threads) {
    QueryOptions options = QueryOptions.DEFAULT.withThreads(threads);
    try (Rows rows = tx.query(PreparedQuery.of(text), Map.of(), options)) {
      return rows.toList().toString();
    }
  }

  private static List<Row> run(Quarry db, String text, int threads) {
    return run(db, text, QueryOptions.DEFAULT.withThreads(threads));
  }

  private static List<Row> run(Quarry db, String text, QueryOptions options) {
    return db.run(db.prepare(text), Map.of(), options).rows();
  }

  private void create(Quarry db) {
    db.update(
        tx -> {
          tx.createRegion("r");
          List<Node> nodes = new ArrayList<>();
          for (int i = 0; i < NODES; i++) {
            Set<String> labels = one(Set.of("X"), Set.of("Y"), Set.of("X", "Y"), Set.of("Z"));
            Map<String, Object> properties =
                Map.of("i", i, "v", value(), "k", random.nextInt(4), "s", one("", "a", "ab"));
            nodes.add(
                i % 7 == 6
                    ? tx.createNode("r", labels, properties)
                    : tx.createNode(labels, properties));
          }
          for (int i = random.nextInt(250); i >= 0; i--) {
            Node from = nodes.get(random.nextInt(NODES));
            Node to = random.nextInt(8) == 0 ? from : nodes.get(random.nextInt(NODES / 2));
            tx.createRelationship(from, one("A", "B"), to, Map.of());
          }
        });
    if (random.nextBoolean()) {
      db.update(tx -> tx.dropRegion("r"));
    }
    db.run("MATCH (n:Y) WHERE n.k = 1 SET n:X");
    db.run("MATCH (n:X) WHERE n.k = 2 REMOVE n:X");
    db.run("MATCH (n:X) WHERE n.i % 11 = 5 DETACH DELETE n");
  }

  private Object value() {
    return switch (random.nextInt(12)) {
      case 0 -> 1.0;
      case 1 -> "text";
      default -> random.nextInt(9) - 3;
    };
  }

  private String statement() {
    StringBuilder text = new StringBuilder("MATCH (n0");
    text.append(one("", ":X", ":Y", ":Z")).append(')');
    int steps = random.nextInt(4);
    for (int i = 1; i <= steps; i++) {
      text.append(one("", "", "", " MATCH (n" + (i - 1) + ")"));
      text.append(one("-->", "<--", "--", "-[:A]->", "-[:B]-", "-[:A*1..2]->", "-[*0..1]-"));
      text.append("(n").append(i).append(one("", "", ":X")).append(')');
    }
    if (steps > 1 && random.nextInt(3) == 0) {
      text.append(", (n0)").append(one("-->", "<--", "--", "-[:A]->")).append("(n" + steps + ")");
    }
    String a = "n" + random.nextInt(steps + 1);
    String b = "n" + random.nextInt(steps + 1);
    text.append(
        one(
            "",
            "",
            " WHERE " + a + ".k < 3",
            " WHERE n0.k IN [0, 2]",
            " WHERE " + a + ".k <= " + b + ".k",
            " WHERE EXISTS { MATCH (" + a + ")-->(e) WHERE e.k > 1 }",
            " WHERE COUNT { (" + a + ")-->() } > 1",
            " OPTIONAL MATCH (" + a + ")-[:B]->(o:Y)",
            " UNWIND [1, " + a + ".k] AS u",
            " MATCH (other:Z)",
            " WITH *, " + a + ".i + " + b + ".k AS w"));
    return text + " RETURN " + aggregates(steps + 1);
  }

  private String aggregates(int nodes) {
    List<String> items = new ArrayList<>();
    if (random.nextInt(2) == 0) {
      String key = "n" + random.nextInt(nodes);
      items.add(key + one(".k", ".i", ".v", ".s", "") + " AS key");
    }
    for (int i = random.nextInt(3); i >= 0; i--) {
      String a = "n" + random.nextInt(nodes);
      items.add(
          one(
                  "count(*)",
                  "count(" + a + ")",
                  "count(DISTINCT " + a + ")",
                  "count(DISTINCT " + a + ".v)",
                  "sum(" + a + ".i)",
                  "sum(" + a + ".v)",
                  "avg(" + a + ".k)",
                  "min(" + a + ".v)",
                  "max(" + a + ".s)",
                  "max([" + a + ".k, " + a + ".s])",
                  "sum(" + a + ".k / (" + a + ".i - 3))",
                  "sum(duration({days: " + a + ".k, nanoseconds: 700000000}))")
              + " AS x"
              + i);
    }
    return String.join(", ", items);
  }

  @SafeVarargs
  private <T> T one(T... all) {
    return all[random.nextInt(all.length)];
  }
}
