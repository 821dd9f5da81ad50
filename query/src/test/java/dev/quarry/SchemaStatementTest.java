package dev.quarry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.QuarryException;
import dev.quarry.error.Span;
import dev.quarry.error.SyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Statements that make, drop and show indexes and constraints.
class SchemaStatementTest {
  private final Quarry db = Quarry.inMemory();

  @AfterEach
  void checkAndClose() {
    assertEquals(List.of(), db.admin().check().problems());
    db.close();
  }

  private String rows(String statement) {
    return db.run(statement).rows().stream()
        .map(
            row ->
                row.asMap().values().stream().map(String::valueOf).collect(Collectors.joining(" ")))
        .collect(Collectors.joining("; "));
  }

  private QuarryException error(String statement) {
    return assertThrows(QuarryException.class, () -> db.run(statement));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      value = {
        "CREATE INDEX FOR (n:L) ON (n.a) → index_1 RANGE NODE [L] [a] null 0",
        "create range index by_a if not exists for (x:L) on (x.a, x.`b c`);"
            + " → by_a RANGE NODE [L] [a, b c] null 0",
        "CREATE INDEX `IF` FOR ()-[r:T]-() ON (r.k) → IF RANGE RELATIONSHIP [T] [k] null 0",
        "CREATE INDEX for FOR ()-[r:T]->() ON (r.k) → for RANGE RELATIONSHIP [T] [k] null 0",
        "CREATE INDEX FOR ()<-[r:T]-() ON (r.k) → index_1 RANGE RELATIONSHIP [T] [k] null 0",
        "CREATE CONSTRAINT c FOR (n:L) REQUIRE n.a IS UNIQUE → c RANGE NODE [L] [a] c 0",
      })
  void createsAnIndex(String statement, String shown) {
    Answer answer = db.run(statement);
    assertEquals(List.of(), answer.columns());
    assertTrue(answer.summary().changed());
    assertEquals(shown, rows("SHOW INDEXES"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      value = {
        "(n:L) REQUIRE n.k IS UNIQUE → NODE_PROPERTY_UNIQUENESS NODE [L] [k] c null",
        "(n:L) REQUIRE (n.k, n.l) IS NODE UNIQUE → NODE_PROPERTY_UNIQUENESS NODE [L] [k, l] c null",
        "(n:L) REQUIRE n.k IS NOT NULL → NODE_PROPERTY_EXISTENCE NODE [L] [k] null null",
        "(n:L) REQUIRE (n.k) IS NODE KEY → NODE_KEY NODE [L] [k] c null",
        "()-[r:T]-() REQUIRE r.k IS RELATIONSHIP KEY → RELATIONSHIP_KEY RELATIONSHIP [T] [k] c null",
        "()-[r:T]-() REQUIRE r.k IS UNIQUE"
            + " → RELATIONSHIP_PROPERTY_UNIQUENESS RELATIONSHIP [T] [k] c null",
        "()-[r:T]->() REQUIRE r.k IS NOT NULL"
            + " → RELATIONSHIP_PROPERTY_EXISTENCE RELATIONSHIP [T] [k] null null",
        "(n:L) REQUIRE n.k IS :: STRING → NODE_PROPERTY_TYPE NODE [L] [k] null STRING",
        "(n:L) REQUIRE n.k IS TYPED BOOL|INT | LIST<STRING NOT NULL>"
            + " → NODE_PROPERTY_TYPE NODE [L] [k] null BOOLEAN | INTEGER | LIST<STRING NOT NULL>",
        "(n:L) REQUIRE n.k IS :: LOCAL DATETIME | ZONED TIME | LIST"
            + " → NODE_PROPERTY_TYPE NODE [L] [k] null LOCAL DATETIME | ZONED TIME | LIST",
      })
  void createsAConstraint(String demand, String shown) {
    Summary summary = db.run("CREATE CONSTRAINT c FOR " + demand).summary();
    assertEquals(1, summary.constraintsAdded());
    assertEquals(0, summary.indexesAdded());
    assertEquals("c " + shown, rows("SHOW CONSTRAINTS"));
    assertEquals(1, db.run("DROP CONSTRAINT c").summary().constraintsRemoved());
    assertEquals("", rows("SHOW ALL CONSTRAINT"));
    assertEquals("", rows("SHOW INDEX"));
  }

  @Test
  void aConstraintWithoutANameGetsOne() {
    db.run("CREATE CONSTRAINT IF NOT EXISTS FOR (n:L) REQUIRE n.k IS UNIQUE");
    assertEquals("constraint_1", rows("SHOW CONSTRAINTS YIELD name"));
  }

  @Test
  void dropsAndCreatesOnlyWhatIsThere() {
    String create = "CREATE INDEX i IF NOT EXISTS FOR (n:L) ON (n.k)";
    assertEquals(1, db.run(create).summary().indexesAdded());
    assertEquals(0, db.run(create).summary().indexesAdded());
    assertFalse(db.run(create).summary().changed());
    assertEquals(ErrorCode.SCHEMA_EXISTS, error("CREATE INDEX FOR (n:L) ON (n.k)").code());
    assertEquals(ErrorCode.SCHEMA_NAME_TAKEN, error("CREATE INDEX i FOR (n:L) ON (n.l)").code());
    assertEquals(1, db.run("DROP INDEX i").summary().indexesRemoved());
    assertEquals(0, db.run("DROP INDEX i IF EXISTS").summary().indexesRemoved());
    assertEquals(0, db.run("DROP CONSTRAINT i IF EXISTS").summary().constraintsRemoved());
    assertEquals(ErrorCode.SCHEMA_NOT_FOUND, error("DROP INDEX i").code());
    db.run("CREATE CONSTRAINT c FOR (n:L) REQUIRE n.k IS UNIQUE");
    assertEquals(ErrorCode.SCHEMA_IN_USE, error("DROP INDEX c").code());
  }

  @Test
  void showFiltersAndReturns() {
    db.run("CREATE INDEX b FOR (n:L) ON (n.x)");
    db.run("CREATE INDEX a FOR (n:M) ON (n.y)");
    db.run("CREATE (:L {x: 1}), (:L {x: 2}), (:L)");
    assertEquals("a; b", rows("SHOW INDEXES YIELD name"));
    assertEquals("b 2", rows("SHOW INDEXES YIELD name, entries WHERE entries > 0"));
    assertEquals(
        "a", rows("SHOW INDEXES YIELD name AS n, properties AS p WHERE 'y' IN p RETURN n"));
    assertEquals("b", rows("SHOW INDEXES YIELD name RETURN name ORDER BY name DESC LIMIT 1"));
    assertEquals("b RANGE NODE [L] [x] null 2", rows("SHOW INDEXES WHERE name = 'b'"));
    assertEquals(7, db.run("SHOW INDEXES YIELD *").columns().size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '"',
      value = {
        "CREATE INDX FOR (n:L) ON (n.k) → 8 → 4 → did you mean `INDEX`?",
        "CREATE RANGE INDX FOR (n:L) ON (n.k) → 14 → 4 → did you mean `INDEX`?",
        "CREATE INDEX i FRO (n:L) ON (n.k) → 16 → 3 → did you mean `FOR`?",
        "CREATE INDEX i FOR (n) ON (n.k) → 22 → 1 → null",
        "CREATE INDEX i FOR (n:A:B) ON (n.k) → 24 → 1 → null",
        "CREATE INDEX i FOR (n:L) ON (m.k) → 30 → 1 → the properties are those of `n`",
        "CREATE INDEX i FOR (n:L) ON (n.k, n.k) → 35 → 3 → name it once",
        "CREATE INDEX i FOR (n:L) ON (n.k) RETURN 1 → 35 → 6 → null",
        "CREATE INDEX ON :L(k) → 14 → 2 → write FOR (n:Label) ON (n.key)",
        "CREATE CONSTRAINT FOR (n:L) REQUIRE n.k IS UNIQE → 44 → 5 → did you mean `UNIQUE`?",
        "CREATE CONSTRAINT FOR (n:L) ASSERT n.k IS UNIQUE → 29 → 6 → say REQUIRE",
        "CREATE CONSTRAINT FOR (n:L) REQUIRE n.k IS :: STRNG → 47 → 5 → did you mean `STRING`?",
        "CREATE CONSTRAINT FOR (n:L) REQUIRE n.k IS RELATIONSHIP KEY → 44 → 12"
            + " → say NODE, or leave the word out",
        "CREATE CONSTRAINT FOR (n:L) REQUIRE (n.k, n.l) IS :: STRING → 37 → 10"
            + " → make a constraint for each",
        "DROP INDX i → 6 → 4 → did you mean `INDEX`?",
        "DROP INDEX ON :L(k) → 12 → 2 → SHOW INDEXES lists the names",
        "DROP INDEX i IF EXIST → 17 → 5 → did you mean `EXISTS`?",
        "SHOW INDEXS → 6 → 6 → did you mean `INDEXES`?",
      })
  void pointsAtWhatIsWrong(String statement, int column, int length, String hint) {
    SyntaxException error = (SyntaxException) error(statement);
    Span span = error.span();
    assertEquals(column + "+" + length, span.column() + "+" + span.length(), error.getMessage());
    assertEquals(hint, String.valueOf(error.hint()));
  }

  @ParameterizedTest
  @CsvSource({"TEXT", "POINT", "FULLTEXT", "VECTOR", "LOOKUP"})
  void otherKindsAreRefusedByName(String kind) {
    SyntaxException error =
        (SyntaxException) error("CREATE " + kind + " INDEX i FOR (n:L) ON (n.k)");
    assertEquals(ErrorCode.NOT_SUPPORTED, error.code());
    assertTrue(error.getMessage().contains("a " + kind + " index"), error.getMessage());
    assertEquals(8, error.span().column());
  }

  @Test
  void aPathMayStillBeCalledIndex() {
    assertEquals("1", rows("CREATE index = (:A)-[:T]->(:B) RETURN length(index)"));
  }

  @Test
  void explainChangesNothing() {
    assertEquals(
        "ChangeSchema CREATE INDEX i FOR (n:L) ON (n.k)",
        rows("EXPLAIN CREATE INDEX i FOR (n:L) ON (n.k)"));
    assertEquals("", rows("SHOW INDEXES"));
    assertTrue(rows("EXPLAIN SHOW INDEXES").contains("CallProcedure db.indexes()"));
  }

  @Test
  void aStatementAboutTheSchemaIsAloneInItsTransaction() {
    String create = "CREATE INDEX FOR (n:L) ON (n.k)";
    db.update(tx -> tx.query(create));
    db.run("DROP INDEX index_1");
    refuses(
        tx -> {
          tx.query("CREATE (:L)");
          tx.query(create);
        });
    refuses(
        tx -> {
          tx.createNode(Set.of("L"), Map.of());
          tx.query(create);
        });
    refuses(
        tx -> {
          tx.query("RETURN 1");
          tx.query(create);
        });
    refuses(
        tx -> {
          tx.query(create);
          tx.query("RETURN 1");
        });
    refuses(
        tx -> {
          tx.query(create);
          tx.createNode(Set.of("L"), Map.of());
        });
    assertEquals("", rows("SHOW INDEXES"));
    assertEquals("0", rows("MATCH (n) RETURN count(n)"));
  }

  private void refuses(Action<WriteTransaction, RuntimeException> action) {
    QuarryException error = assertThrows(QuarryException.class, () -> db.update(action));
    assertEquals(ErrorCode.SCHEMA_NOT_ALONE, error.code());
  }

  @Test
  void readersCanShowButNotChange() {
    try (ReadTransaction tx = db.beginRead()) {
      assertEquals(0, tx.query("SHOW CONSTRAINTS").toList().size());
      QuarryException error =
          assertThrows(
              QuarryException.class, () -> tx.query("CREATE INDEX FOR (n:L) ON (n.k)").close());
      assertEquals(ErrorCode.STORE_READ_ONLY, error.code());
    }
    assertTrue(db.prepare("DROP INDEX i").writes());
    assertFalse(db.prepare("SHOW INDEXES").writes());
    assertFalse(db.prepare("EXPLAIN DROP INDEX i").writes());
  }

  @Test
  void aTransactionThatMakesNothingButAConstraintIsThereAfterOpening(@TempDir Path folder) {
    Path file = folder.resolve("s.quarry");
    try (Quarry store = Quarry.open(file)) {
      store.run("CREATE (:L {k: 1})");
    }
    try (Quarry store = Quarry.open(file)) {
      store.run("CREATE CONSTRAINT c FOR (n:L) REQUIRE n.k IS :: INTEGER");
      store.run("CREATE INDEX i FOR (n:L) ON (n.k)");
    }
    try (Quarry store = Quarry.open(file)) {
      assertEquals("c", store.run("SHOW CONSTRAINTS").rows().getFirst().get("name"));
      assertEquals(1L, store.run("SHOW INDEXES").rows().getFirst().get("entries"));
      assertEquals(1, store.run("DROP CONSTRAINT c").summary().constraintsRemoved());
      assertEquals(List.of(), store.run("SHOW CONSTRAINTS").rows());
      assertEquals(List.of(), store.admin().check().problems());
    }
  }

  @Test
  void aConstraintThatDoesNotHoldIsNotMade() {
    db.run("CREATE (:P {id: 7}), (:P {id: 7.0})");
    QuarryException error = error("CREATE CONSTRAINT FOR (p:P) REQUIRE p.id IS UNIQUE");
    assertEquals(ErrorCode.UNIQUENESS_VIOLATION, error.code());
    assertEquals("", rows("SHOW CONSTRAINTS"));
    assertEquals("", rows("SHOW INDEXES"));
  }

  @Test
  void aStatementThatViolatesAConstraintChangesNothing() {
    db.run("CREATE CONSTRAINT FOR (p:P) REQUIRE p.id IS UNIQUE");
    db.run("CREATE (:P {id: 1}), (:P {id: 2})");
    QuarryException error =
        error("CREATE (:Q) WITH 1 AS x UNWIND [3, 2] AS id CREATE (:P {id: id})");
    assertEquals(ErrorCode.UNIQUENESS_VIOLATION, error.code());
    for (String part : List.of("`P`", "`id`", "2", "constraint_1")) {
      assertTrue(error.getMessage().contains(part), error.getMessage());
    }
    assertEquals("2", rows("MATCH (n) RETURN count(n)"));
  }

  @Test
  void uniqueValuesAreSwappedInOneStatement() {
    db.run("CREATE CONSTRAINT FOR (p:P) REQUIRE p.id IS UNIQUE");
    db.run("CREATE (:P {id: 1, n: 'a'}), (:P {id: 2, n: 'b'})");
    db.run("MATCH (a:P {id: 1}), (b:P {id: 2}) SET a.id = 2, b.id = 1");
    assertEquals("b 1; a 2", rows("MATCH (p:P) RETURN p.n, p.id ORDER BY p.id"));
  }

  @Test
  void aTransactionIsDoomedByAViolation() {
    db.run("CREATE CONSTRAINT FOR (p:P) REQUIRE p.id IS NOT NULL");
    db.run("CREATE CONSTRAINT FOR (p:P) REQUIRE p.id IS :: INTEGER");
    assertEquals(ErrorCode.PROPERTY_EXISTENCE_VIOLATION, error("CREATE (:P)").code());
    assertEquals(ErrorCode.PROPERTY_TYPE_VIOLATION, error("CREATE (:P {id: 'x'})").code());
    QuarryException error =
        assertThrows(
            QuarryException.class,
            () ->
                db.update(
                    tx -> {
                      tx.query("CREATE (:P {id: 1})");
                      assertThrows(QuarryException.class, () -> tx.query("CREATE (:P)"));
                    }));
    assertEquals(ErrorCode.TRANSACTION_DOOMED, error.code());
    assertEquals("0", rows("MATCH (n) RETURN count(n)"));
  }

  @Test
  void makingAnIndexEndsWhenItsTimeIsOver() {
    db.run("UNWIND range(1, 5000) AS i CREATE (:L {k: i})");
    QuarryException error =
        assertThrows(
            QuarryException.class,
            () ->
                db.run(
                    db.prepare("CREATE INDEX FOR (n:L) ON (n.k)"),
                    Map.of(),
                    QueryOptions.DEFAULT.withTimeout(java.time.Duration.ofNanos(1))));
    assertEquals(ErrorCode.TIMED_OUT, error.code());
    assertEquals("", rows("SHOW INDEXES"));
  }
}
