package dev.quarry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.CancelledException;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.EvaluationException;
import dev.quarry.error.MemoryBudgetException;
import dev.quarry.error.ProcedureException;
import dev.quarry.error.QuarryException;
import dev.quarry.error.TransactionException;
import dev.quarry.graph.Direction;
import dev.quarry.graph.GraphReader;
import dev.quarry.graph.GraphWriter;
import dev.quarry.graph.Node;
import dev.quarry.graph.PropertyKey;
import dev.quarry.graph.Relationship;
import dev.quarry.graph.RelationshipCursor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Procedures of an application: their rows, their limits, what they may write. Also run with
/// batches of one and of two rows.
class ProcedureTest {
  private final Quarry db = Quarry.inMemory(OpenOptions.defaults().withMemory(64 << 20));
  private final AtomicLong pulled = new AtomicLong();
  private final AtomicInteger closed = new AtomicInteger();

  @AfterEach
  void checkAndClose() {
    assertEquals(List.of(), db.admin().check().problems());
    db.close();
  }

  private void register(String signature, Procedure.Body body) {
    db.register(Procedure.of(ProcedureSignature.parse(signature), body));
  }

  private void registerWriter(String signature, Procedure.Body body) {
    db.register(
        Procedure.of(
            ProcedureSignature.parse(signature).withMode(ProcedureSignature.Mode.WRITE), body));
  }

  /// A procedure that counts from 1, and tells how far it got and how often it was closed.
  private void registerNumbers() {
    register(
        "test.numbers(most :: INTEGER) :: (n :: INTEGER)",
        (context, arguments) ->
            LongStream.rangeClosed(1, (Long) arguments.get(0))
                .peek(n -> pulled.incrementAndGet())
                .mapToObj(List::of)
                .onClose(closed::incrementAndGet));
  }

  /// A procedure that creates a copy of a node.
  private void registerCopy() {
    registerWriter(
        "test.copy(of :: NODE) :: (copy :: NODE)",
        (context, arguments) -> {
          Node of = (Node) arguments.get(0);
          Node copy =
              context
                  .writer()
                  .createNode(context.graph().labels(of), context.graph().copy(of).properties());
          context.writer().createRelationship(of, "COPY", copy, Map.of());
          return Stream.of(List.of(copy));
        });
  }

  private String rows(String cypher) {
    return rows(cypher, Map.of());
  }

  private String rows(String cypher, Map<String, ?> parameters) {
    return text(db.run(cypher, parameters).rows());
  }

  private static String text(List<Row> rows) {
    return String.join(
        "; ",
        rows.stream()
            .map(
                row ->
                    String.join(",", row.asMap().values().stream().map(String::valueOf).toList()))
            .toList());
  }

  private ErrorCode refusal(String cypher) {
    return assertThrows(QuarryException.class, () -> db.run(cypher)).code();
  }

  @Test
  void theExampleOfTheDocumentationRuns() throws IOException {
    db.run(
        "CREATE (a:Person {name: 'Ada'})-[:KNOWS {since: 1}]->(b:Person {name: 'Bea'}),"
            + " (a)-[:KNOWS]->(:Person {name: 'Cy'}), (b)-[:LIKES]->(a)");
    // begin example
    db.register(
        Procedure.of(
            ProcedureSignature.parse(
                "app.friends(of :: NODE) :: (friend :: NODE, since :: INTEGER?)"),
            (context, arguments) -> {
              GraphReader graph = context.graph();
              PropertyKey since = graph.key("since");
              RelationshipCursor knows =
                  graph.relationships((Node) arguments.get(0), Direction.OUTGOING, "KNOWS");
              return Stream.iterate(knows, RelationshipCursor::next, same -> same)
                  .map(found -> Arrays.asList(graph.end(found.relationship()), found.get(since)))
                  .onClose(knows::close);
            }));
    db.run("MATCH (p:Person) CALL app.friends(p) YIELD friend RETURN p.name, friend.name");
    // end example
    assertEquals(
        "Ada,Bea,1; Ada,Cy,null",
        rows(
            "MATCH (p:Person) CALL app.friends(p) YIELD since, friend"
                + " RETURN p.name, friend.name, since ORDER BY friend.name"));
    requireSameExample("Procedure.java", "ProcedureTest.java");
  }

  /// The code in the documentation of a type is that of a test.
  static void requireSameExample(String documented, String test) throws IOException {
    String documentation = Files.readString(Path.of("src/main/java/dev/quarry", documented));
    String shown =
        documentation
            .substring(documentation.indexOf("```java\n") + 8, documentation.indexOf("/// ```\n"))
            .replace("///", "");
    String source = Files.readString(Path.of("src/test/java/dev/quarry", test));
    String tested =
        source.substring(source.indexOf("// begin example") + 16, source.indexOf("// end example"));
    assertEquals(shown.replaceAll("\\s+", ""), tested.replaceAll("\\s+", ""));
  }

  // Rows.

  @Test
  void aMillionRowsUnderALimitAreNotMade() {
    registerNumbers();
    assertEquals("10", rows("CALL test.numbers(1000000) YIELD n WITH n LIMIT 10 RETURN count(n)"));
    assertTrue(pulled.get() <= 1000, pulled + " rows were pulled");
    assertEquals(1, closed.get());
  }

  @Test
  void rowsThatNobodyWantsAnyMoreEndTheCall() {
    registerNumbers();
    try (ReadTransaction tx = db.beginRead()) {
      Rows rows = tx.query("CALL test.numbers(1000000)");
      assertTrue(rows.next());
      assertEquals(1, rows.getLong(0));
      assertEquals(0, closed.get());
      rows.close();
      assertEquals(1, closed.get());
    }
    db.run("UNWIND [1, 2, 3] AS i CALL { CALL test.numbers(9) YIELD n RETURN n LIMIT 1 } RETURN n");
    assertEquals(4, closed.get());
    db.update(
        tx -> {
          tx.query("CALL test.numbers(1000000) YIELD n RETURN n LIMIT 1");
          assertEquals(5, closed.get());
        });
  }

  @Test
  void aMillionRowsComeThrough() {
    registerNumbers();
    assertEquals(
        "1000000,500000500000", rows("CALL test.numbers(1000000) YIELD n RETURN count(*), sum(n)"));
    assertEquals(1, closed.get());
  }

  @Test
  void eachRowHasACallOfItsOwnInOrder() {
    registerNumbers();
    assertEquals(
        "0,null; 1,1; 2,1; 2,2; 3,1; 3,2; 3,3",
        rows(
            "UNWIND [0, 1, 2, 3] AS i OPTIONAL MATCH (x) CALL { WITH i CALL test.numbers(i) YIELD n"
                + " RETURN collect(n) AS ns } UNWIND CASE ns WHEN [] THEN [null] ELSE ns END AS n"
                + " RETURN i, n"));
    assertEquals(
        "3,2; 3,3",
        rows("UNWIND [1, 3] AS i CALL test.numbers(i) YIELD n WHERE n > 1 RETURN i, n"));
    assertEquals(
        "1; 2; 1",
        rows(
            "CALL test.numbers(2) YIELD n RETURN n UNION ALL CALL test.numbers(1) YIELD n RETURN n"));
    assertEquals("true", rows("RETURN EXISTS { CALL test.numbers(1) YIELD n RETURN n } AS e"));
    assertEquals(
        "3", rows("CALL test.numbers(3) YIELD n AS m WHERE m = COUNT { (:A) } + 3 RETURN m"));
  }

  @Test
  void aProcedureThatGivesNothingLetsRowsPass() {
    register(
        "test.see(n :: INTEGER) :: ()",
        (context, arguments) -> {
          pulled.addAndGet((Long) arguments.get(0));
          return Stream.empty();
        });
    assertEquals("1; 2; 3", rows("UNWIND [1, 2, 3] AS i CALL test.see(i) RETURN i"));
    assertEquals(6, pulled.get());
    db.run("UNWIND [1, 2, 3] AS i CALL test.see(i)");
    assertEquals(12, pulled.get());
    assertEquals("", rows("CALL test.see($n) YIELD -", Map.of("n", 5)));
    assertEquals("", rows("CALL test.see", Map.of("n", 5)));
    assertEquals(22, pulled.get());
  }

  @Test
  void aStandaloneCallReturnsAllThatTheProcedureGives() {
    register(
        "test.pair(a :: INTEGER, b :: STRING?) :: (x :: INTEGER, y :: STRING?)",
        (context, arguments) -> Stream.of(arguments));
    Answer answer = db.run("CALL test.pair", Map.of("a", 1, "b", "z", "c", 3));
    assertEquals(List.of("x", "y"), answer.columns());
    assertEquals("1,z", text(answer.rows()));
    assertEquals(List.of("y", "k"), db.run("CALL test.pair(1, null) YIELD y, x AS k").columns());
    assertEquals("", rows("CALL test.pair(1, 'a') YIELD x, y WHERE y <> 'a'"));
    assertEquals(
        List.of("Result x, y", "CallProcedure test.pair($a, $b)", "Start"),
        db.run("EXPLAIN CALL TEST.Pair").rows().stream().map(row -> row.get(0)).toList());
  }

  // Values.

  @Test
  void valuesOfAllTypesGoInAndOut() {
    register(
        "test.same(value :: ANY?, list :: LIST? OF FLOAT?) :: (value :: ANY?, list :: LIST? OF FLOAT?)",
        (context, arguments) -> Stream.of(arguments));
    String statement = "CALL test.same($v, $l) YIELD value, list RETURN value, list";
    for (Object value :
        List.of(
            true,
            1L,
            1.5,
            "a ﬁ 😀",
            Duration.class.getName(),
            java.time.LocalDate.of(2024, 2, 29),
            new dev.quarry.graph.CypherDuration(1, 2, 3, 4),
            new dev.quarry.graph.Point(dev.quarry.graph.Point.WGS_84, 8.5, 47.4),
            List.of(1L, List.of("x")),
            Map.of("k", List.of(2L)))) {
      Row row = db.run(statement, Map.of("v", value, "l", List.of(1, 2.5))).rows().getFirst();
      assertEquals(value, row.get(0));
      assertEquals(List.of(1.0, 2.5), row.get(1));
    }
    assertEquals("null,null", rows("CALL test.same(null, null)"));
  }

  @Test
  void nodesAndRelationshipsComeAsHandlesAlsoInsideOfListsAndMaps() {
    db.run("CREATE (:A {x: 1})-[:R {x: 2}]->(:B {x: 3})");
    register(
        "test.sum(n :: NODE, r :: RELATIONSHIP, all :: ANY) :: (n :: NODE, r :: RELATIONSHIP, x :: INTEGER)",
        (context, arguments) -> {
          List<?> list = (List<?>) ((Map<?, ?>) arguments.get(2)).get("all");
          GraphReader graph = context.graph();
          long sum =
              (Long) graph.property((Node) list.get(0), "x")
                  + (Long) graph.property((Relationship) list.get(1), "x");
          return Stream.of(List.of(arguments.get(0), arguments.get(1), sum));
        });
    assertEquals(
        "1,2,5",
        rows(
            "MATCH (a:A)-[r]->(b) CALL test.sum(a, r, {all: [b, r]}) YIELD n, r AS s, x"
                + " MATCH (n)-->() RETURN n.x, s.x, x"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      value = {
        "CALL test.typed(1, 'a', []) → TypeError.InvalidArgumentType → ''",
        "CALL test.typed() → SyntaxError.InvalidNumberOfArguments → i :: INTEGER",
        "CALL test.typed('a', 's', [1]) → SyntaxError.InvalidArgumentType → i :: INTEGER",
        "CALL test.typed(null, 's', [1]) → SyntaxError.InvalidArgumentType → ''",
        "CALL test.typed(-1.5, 's', [1]) → SyntaxError.InvalidArgumentType → ''",
        "CALL test.typed(1, {a: 1}, [1]) → SyntaxError.InvalidArgumentType → ''",
        "CALL test.typed(1, 's', [1, 'a']) → SyntaxError.InvalidArgumentType → ''",
        "CALL test.typed(1, 's', 1) → SyntaxError.InvalidArgumentType → ''",
        "UNWIND [1, 'a'] AS x CALL test.typed(x, 's', [1]) YIELD o RETURN o → TypeError.InvalidArgumentType → ''",
        "UNWIND [1, null] AS x CALL test.typed(x, 's', [1]) YIELD o RETURN o → TypeError.InvalidArgumentType → ''",
        "UNWIND [[1, 'a']] AS x CALL test.typed(1, 's', x) YIELD o RETURN o → TypeError.InvalidArgumentType → ''",
        "CALL test.typd(1) → ProcedureError.ProcedureNotFound → test.typed",
        "CALL nothing.like.it(1) → ProcedureError.ProcedureNotFound → registered",
        "CALL test.typed(1, 's', [1]) YIELD oo → SyntaxError.UndefinedVariable → `o`",
        "CALL test.typed(1, 's', [1]) RETURN 1 → SyntaxError.UndefinedVariable → YIELD o",
        "CALL test.typed(1, 's', [1]) YIELD * RETURN o → SyntaxError.UnexpectedSyntax → YIELD o",
        "MATCH (n) CALL test.typed(1, 's', [1]) YIELD o → SyntaxError.InvalidClauseComposition → ''",
        "WITH 1 AS o CALL test.typed(1, 's', [1]) YIELD o RETURN o → SyntaxError.VariableAlreadyBound → AS",
        "CALL test.typed(1, 's', [x]) YIELD o RETURN o → SyntaxError.UndefinedVariable → ''",
        "CALL test.typed(1, 's', [1]) YIELD o WHERE p RETURN o → SyntaxError.UndefinedVariable → ''",
        "CALL test.typed → ParameterMissing.MissingParameter → ''",
      })
  void isRefused(String statement, String code, String hint) {
    register(
        "test.typed(i :: INTEGER, s :: STRING?, l :: LIST OF INTEGER) :: (o :: INTEGER)",
        (context, arguments) -> {
          assertFalse(((List<?>) arguments.get(2)).isEmpty() && arguments.get(1) != null);
          return Stream.of(List.of(1L));
        });
    if (code.equals("TypeError.InvalidArgumentType") && statement.startsWith("CALL")) {
      assertEquals(
          "ProcedureError.ProcedureFailed",
          assertThrows(QuarryException.class, () -> db.run(statement)).code().text());
      return;
    }
    QuarryException error = assertThrows(QuarryException.class, () -> db.run(statement));
    assertEquals(code, error.code().text(), error.getMessage());
    assertTrue(String.valueOf(error.hint()).contains(hint), error.hint());
  }

  @Test
  void resultsThatTheSignatureDoesNotSayAreTypedErrors() {
    List<List<?>> wrong =
        Arrays.asList(
            List.of("a"),
            Collections.singletonList(null),
            List.of(),
            List.of(1L, 2L),
            List.of(new Object()),
            List.of(1.5),
            null);
    register(
        "test.wrong(i :: INTEGER) :: (n :: INTEGER)",
        (context, arguments) ->
            Collections.singletonList(wrong.get(((Long) arguments.get(0)).intValue())).stream());
    for (int i = 0; i < wrong.size(); i++) {
      Map<String, Object> which = Map.of("i", i);
      QuarryException error =
          assertThrows(ProcedureException.class, () -> rows("CALL test.wrong", which));
      assertEquals(ErrorCode.PROCEDURE_FAILED, error.code());
      assertTrue(error.getMessage().contains("`test.wrong`"), error.getMessage());
    }
  }

  // Errors.

  @Test
  void whatAProcedureThrowsNamesItAndAnErrorOfQuarryPasses() {
    IOException cause = new IOException("no disk");
    register(
        "test.fail(where :: STRING) :: (n :: INTEGER)",
        (context, arguments) -> {
          String where = (String) arguments.get(0);
          if (where.equals("call")) {
            throw cause;
          }
          if (where.equals("known")) {
            throw new EvaluationException(ErrorCode.ARGUMENT_INVALID, "known");
          }
          return Stream.of(1L, 2L)
              .map(
                  n -> {
                    if (where.equals("row") && n == 2) {
                      throw new IllegalStateException("second row");
                    }
                    return List.of(n);
                  })
              .onClose(
                  () -> {
                    if (where.equals("close")) {
                      throw new IllegalStateException("close");
                    }
                  });
        });
    ProcedureException error =
        assertThrows(
            ProcedureException.class,
            () -> db.run("RETURN 1 AS x UNION CALL test.fail('call') YIELD n RETURN n AS x"));
    assertSame(cause, error.getCause());
    assertTrue(error.getMessage().contains("`test.fail`"), error.getMessage());
    assertEquals(21, error.span().column());
    assertEquals(ErrorCode.ARGUMENT_INVALID, refusal("CALL test.fail('known')"));
    assertEquals(ErrorCode.PROCEDURE_FAILED, refusal("CALL test.fail('row')"));
    assertEquals(ErrorCode.PROCEDURE_FAILED, refusal("CALL test.fail('close')"));
    assertEquals("1; 2", rows("CALL test.fail('not')"));
  }

  @Test
  void aCancelledQueryEndsItsProcedure() throws Exception {
    CountDownLatch[] started = new CountDownLatch[1];
    register(
        "test.endless(gives :: BOOLEAN) :: (n :: INTEGER)",
        (context, arguments) ->
            Stream.generate(
                    () -> {
                      started[0].countDown();
                      while (arguments.get(0).equals(false)) {
                        context.check();
                      }
                      return List.of(1L);
                    })
                .onClose(closed::incrementAndGet));
    for (boolean gives : List.of(true, false)) {
      started[0] = new CountDownLatch(1);
      try (ReadTransaction tx = db.beginRead()) {
        Rows rows =
            tx.query("CALL test.endless($gives) YIELD n RETURN count(n)", Map.of("gives", gives));
        Thread other =
            Thread.ofPlatform()
                .start(
                    () -> {
                      try {
                        started[0].await();
                      } catch (InterruptedException e) {
                        throw new AssertionError(e);
                      }
                      rows.cancel();
                    });
        assertThrows(CancelledException.class, rows::next);
        other.join();
      }
    }
    assertEquals(2, closed.get());
    started[0] = new CountDownLatch(1);
    PreparedQuery endless = db.prepare("CALL test.endless(false)");
    Duration time = Duration.ofMillis(20);
    while (started[0].getCount() > 0 && time.toSeconds() < 10) { // or it ends before it is called
      QueryOptions hurry = QueryOptions.DEFAULT.withTimeout(time);
      assertEquals(
          ErrorCode.TIMED_OUT,
          assertThrows(CancelledException.class, () -> db.run(endless, Map.of(), hurry)).code());
      time = time.multipliedBy(2);
    }
    assertEquals(0, started[0].getCount());
    assertEquals(3, closed.get());
  }

  // Memory.

  @Test
  void aProcedureIsChargedToTheBudgetOfItsQuery() {
    register(
        "test.reserve(bytes :: INTEGER) :: (n :: INTEGER)",
        (context, arguments) -> {
          long bytes = (Long) arguments.get(0);
          context.reserve(bytes);
          context.reserve(bytes);
          context.release(bytes);
          return Stream.of(List.of(bytes)).onClose(() -> context.release(bytes / 2));
        });
    QueryOptions small = QueryOptions.DEFAULT.withMemory(4 << 20);
    PreparedQuery call =
        db.prepare("UNWIND range(1, 100) AS i CALL test.reserve($n) YIELD n RETURN n");
    Answer answer = db.run(call, Map.of("n", 1 << 20), small);
    assertEquals(100, answer.rows().size());
    assertTrue(answer.summary().peakBytes() >= 2 << 20, answer.summary().toString());
    long before = db.admin().stats().memoryUsedBytes();
    assertThrows(MemoryBudgetException.class, () -> db.run(call, Map.of("n", 3 << 20), small));
    assertEquals(before, db.admin().stats().memoryUsedBytes());
    assertEquals(100, db.run(call, Map.of("n", 1 << 20), small).rows().size());
    registerNumbers();
    assertThrows(
        MemoryBudgetException.class,
        () ->
            db.run(
                db.prepare("CALL test.numbers(1000000) YIELD n RETURN collect(n)"),
                Map.of(),
                small));
  }

  @Test
  void aContextIsOfNoUseWhenItsCallHasEnded() {
    ProcedureContext[] kept = new ProcedureContext[1];
    registerWriter(
        "test.keep() :: ()",
        (context, arguments) -> {
          kept[0] = context;
          context.writer().createNode(Set.of("A"), Map.of());
          return Stream.empty();
        });
    db.run("CALL test.keep()");
    assertThrows(IllegalStateException.class, () -> kept[0].reserve(1));
    assertThrows(IllegalStateException.class, () -> kept[0].writer());
    assertThrows(IllegalArgumentException.class, () -> kept[0].release(1));
  }

  // Writing.

  @Test
  void aProcedureThatWritesTakesAllRowsBeforeItWritesTheFirst() {
    registerCopy();
    db.run("UNWIND range(1, 5) AS i CREATE (:A {i: i})");
    assertEquals(
        "5,10,15",
        rows(
            "MATCH (n) CALL test.copy(n) YIELD copy WITH count(copy) AS copies MATCH (m:A)"
                + " RETURN copies, count(m), sum(DISTINCT m.i)"));
    Answer again = db.run("MATCH (n:A) CALL test.copy(n) YIELD copy");
    assertEquals(10, again.summary().nodesCreated());
    assertEquals(10, again.summary().relationshipsCreated());
    assertEquals(10, again.summary().propertiesSet());
    assertEquals(10, again.summary().labelsAdded());
    assertEquals("20", rows("MATCH (n) RETURN count(n)"));
    assertEquals("", rows("MATCH (n) CALL test.copy(n) YIELD copy RETURN copy LIMIT 0"));
    assertEquals("40", rows("MATCH (n) RETURN count(n)"));
    assertEquals(
        "1,2",
        rows(
            "MATCH (n) WITH n LIMIT 1 CALL { WITH n CALL test.copy(n) YIELD copy RETURN copy }"
                + " MATCH (copy)<-[:COPY]-(o) RETURN count(*), count(DISTINCT n) + count(DISTINCT o)"));
    assertEquals("41", rows("MATCH (n) RETURN count(n)"));
    assertEquals(
        "41,82",
        rows(
            "MATCH (n) WITH n, COUNT { (:A) } AS before CALL test.copy(n) YIELD copy"
                + " RETURN DISTINCT before, COUNT { (:A) } AS after"));
  }

  @Test
  void inASubqueryEachRowSeesWhatWasWrittenForThoseBeforeIt() {
    registerCopy();
    db.run("CREATE (:A)");
    assertEquals(
        "7",
        rows(
            "UNWIND [1, 2, 3] AS i CALL { WITH i MATCH (a:A) CALL test.copy(a) YIELD copy"
                + " RETURN copy } RETURN count(copy)"));
  }

  @Test
  void everyWriteOfAProcedureCounts() {
    registerWriter(
        "test.change() :: ()",
        (context, arguments) -> {
          GraphWriter graph = context.writer();
          Node a = graph.createNode(Set.of("A"), Map.of());
          Node b = graph.createNode(Set.of("B"), Map.of());
          Relationship r = graph.createRelationship(a, "R", b, Map.of("x", 1));
          graph.createRelationship(b, "R", a, Map.of());
          graph.setProperty(a, "x", 1);
          graph.setProperty(a, "y", null);
          graph.setProperty(r, "x", null);
          graph.addLabel(a, "C");
          graph.addLabel(a, "C");
          graph.removeLabel(a, "A");
          graph.removeLabel(a, "A");
          graph.delete(r);
          graph.delete(r);
          graph.detachDelete(b);
          graph.delete(b);
          return Stream.empty();
        });
    Summary summary = db.run("CALL test.change()").summary();
    assertEquals(
        List.of(2L, 1L, 2L, 2L, 3L, 3L, 1L),
        List.of(
            summary.nodesCreated(),
            summary.nodesDeleted(),
            summary.relationshipsCreated(),
            summary.relationshipsDeleted(),
            summary.propertiesSet(),
            summary.labelsAdded(),
            summary.labelsRemoved()));
    assertEquals("[C],1", rows("MATCH (n) RETURN labels(n), n.x"));
  }

  @Test
  void aProcedureSeesWhatItsTransactionWroteAndNothingOfAClauseThatIsNotDone() {
    register(
        "test.count() :: (n :: INTEGER)",
        (context, arguments) -> {
          long count = 0;
          try (var nodes = context.graph().nodes()) {
            while (nodes.next()) {
              count++;
            }
          }
          return Stream.of(List.of(count));
        });
    assertEquals(
        "3; 3; 3",
        rows("UNWIND [1, 2, 3] AS i CREATE (:A) WITH i CALL test.count() YIELD n RETURN n"));
    assertEquals(
        "3,6",
        rows(
            "UNWIND [1, 2, 3] AS i CALL test.count() YIELD n CREATE (:B)"
                + " WITH max(n) AS m CALL test.count() YIELD n RETURN m, n"));
  }

  @Test
  void aReadTransactionRefusesAProcedureThatWrites() {
    registerCopy();
    db.run("CREATE (:A)");
    try (ReadTransaction tx = db.beginRead()) {
      for (String statement :
          List.of(
              "MATCH (n) CALL test.copy(n) YIELD copy RETURN copy",
              "MATCH (n) CALL { WITH n CALL Test.Copy(n) YIELD copy RETURN copy } RETURN copy")) {
        TransactionException error =
            assertThrows(TransactionException.class, () -> tx.query(statement));
        assertEquals(ErrorCode.STORE_READ_ONLY, error.code());
        assertEquals( // nothing that only Java has: statements also come from a shell
            "run it in a transaction that writes, or by itself; the store must be open for writing",
            error.hint());
      }
      assertEquals(3, tx.query("EXPLAIN MATCH (n) CALL test.copy(n) YIELD copy").toList().size());
    }
    assertEquals(
        ErrorCode.INVALID_CLAUSE_COMPOSITION,
        refusal(
            "MATCH (n) CREATE (:B) RETURN EXISTS { CALL test.copy(n) YIELD copy RETURN copy }"));
    assertEquals("1", rows("MATCH (n) RETURN count(n)"));
  }

  @Test
  void aProcedureThatReadsCannotWrite() {
    register(
        "test.sly() :: ()",
        (context, arguments) -> {
          assertFalse(context.graph() instanceof GraphWriter);
          context.writer().createNode(Set.of(), Map.of());
          return Stream.empty();
        });
    assertEquals(ErrorCode.PROCEDURE_FAILED, refusal("CALL test.sly()"));
    try (WriteTransaction tx = db.beginWrite()) {
      assertInstanceOf(
          IllegalStateException.class,
          assertThrows(ProcedureException.class, () -> tx.query("CALL test.sly()")).getCause());
    }
  }

  @Test
  void aProcedureThatWritesAndFailsDoomsItsTransaction() {
    registerWriter(
        "test.half() :: ()",
        (context, arguments) -> {
          context.writer().createNode(Set.of("Half"), Map.of());
          throw new IOException("half");
        });
    QuarryException error =
        assertThrows(
            QuarryException.class,
            () ->
                db.update(
                    tx ->
                        assertThrows(
                            ProcedureException.class, () -> tx.query("CALL test.half()"))));
    assertEquals(ErrorCode.TRANSACTION_DOOMED, error.code());
    assertEquals(ErrorCode.PROCEDURE_FAILED, refusal("CALL test.half()"));
    assertEquals("0", rows("MATCH (n) RETURN count(n)"));
  }

  @Test
  void aStatementOfTheStoreKnowsWhetherItsProceduresWrite() {
    String statement = "MATCH (n) CALL test.copy(n) YIELD copy RETURN copy";
    PreparedQuery prepared = db.prepare(statement);
    assertFalse(prepared.writes());
    assertThrows(ProcedureException.class, () -> db.run(prepared, Map.of(), QueryOptions.DEFAULT));
    registerCopy();
    assertTrue(prepared.writes());
    assertFalse(PreparedQuery.of(statement).writes());
    db.run("CREATE (:A)");
    assertEquals(1, db.run(prepared, Map.of(), QueryOptions.DEFAULT).rows().size());
    assertEquals(
        2, db.run(PreparedQuery.of(statement), Map.of(), QueryOptions.DEFAULT).rows().size());
    try (Quarry other = Quarry.inMemory()) {
      assertThrows(
          ProcedureException.class, () -> other.run(prepared, Map.of(), QueryOptions.DEFAULT));
    }
  }

  // Names.

  @Test
  void aNameIsTakenOnceInAnyCase() throws Exception {
    registerNumbers();
    for (String name : List.of("test.numbers", "TEST.Numbers", "db.labels")) {
      ProcedureException error =
          assertThrows(
              ProcedureException.class,
              () -> register(name + "() :: ()", (context, arguments) -> Stream.empty()));
      assertEquals(ErrorCode.PROCEDURE_EXISTS, error.code());
    }
    AtomicInteger registered = new AtomicInteger();
    List<Thread> threads =
        Stream.generate(
                () ->
                    Thread.ofPlatform()
                        .start(
                            () -> {
                              try {
                                register("test.race() :: ()", (c, a) -> Stream.empty());
                                registered.incrementAndGet();
                              } catch (ProcedureException taken) {
                                pulled.incrementAndGet();
                              }
                            }))
            .limit(8)
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(1, registered.get());
    assertEquals(7, pulled.get());
  }

  @Test
  void everyStoreHasProceduresOfItsOwnNames() throws IOException {
    db.run("CREATE (:B {y: 1})-[:R {z: 1}]->(:A {x: 1}), (g:Gone)-[:GONE]->(:A)");
    db.run("MATCH (g:Gone) DETACH DELETE g");
    assertEquals("A; B", rows("CALL db.labels()"));
    assertEquals("R", rows("CALL db.relationshipTypes"));
    assertEquals("x; y; z", rows("CALL db.propertyKeys() YIELD propertyKey AS k RETURN k"));
    String pom = Files.readString(Path.of("..", "pom.xml"));
    String version = pom.replaceFirst("(?s).*?<version>([^<]*)</version>.*", "$1");
    assertEquals("Quarry,[" + version + "],embedded", rows("CALL dbms.components()"));
    assertEquals(
        "A,2; B,1",
        rows(
            "CALL db.labels() YIELD label MATCH (n) WHERE label IN labels(n) RETURN label, count(n) ORDER BY label"));
  }
}
