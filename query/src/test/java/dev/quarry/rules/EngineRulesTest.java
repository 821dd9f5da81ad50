package dev.quarry.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.Action;
import dev.quarry.Answer;
import dev.quarry.Procedure;
import dev.quarry.ProcedureSignature;
import dev.quarry.Quarry;
import dev.quarry.SchemaWriter;
import dev.quarry.WriteTransaction;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.QuarryException;
import dev.quarry.graph.Direction;
import dev.quarry.graph.Node;
import dev.quarry.graph.RelationshipCursor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Rules S23 and S25 to S29: plans, depth, regular expressions, procedures, identities.
class EngineRulesTest extends RuleFixture {
  /// S23: plans are kept by text; what a plan was made with is not part of an answer.
  @Nested
  class S23 {
    @Test
    void oneTextBeforeAndAfterALoadUsesTwoPlans() {
      db.run("UNWIND range(1, 50) AS i CREATE (:A {i: i})");
      db.run("MATCH (a:A) WHERE a.i <= 2 CREATE (a)-[:T]->(:B)");
      String text = "MATCH (a:A)-[:T]->(b:B) RETURN count(*)";
      String before = db.run(text).summary().plan();
      assertEquals("2", rows(text));
      db.run("UNWIND range(1, 5000) AS i CREATE (:B)");
      assertNotEquals(before, db.run(text).summary().plan());
      assertEquals("2", rows(text));
    }

    @Test
    void aPlanGoesByTheTypesOfParametersNotByTheirValues() {
      db.run("UNWIND range(1, 100) AS i CREATE (:A {x: i % 2})-[:T]->(:B {y: i % 10})");
      db.admin().checkpoint();
      String text = "MATCH (a:A {x: $x})-[:T]->(b:B {y: 5}) RETURN count(*)";
      String plan = db.run(text, Map.of("x", 1)).summary().plan();
      assertTrue(plan.contains("ScanNodes :B"), plan);
      assertEquals(plan, db.run(text, Map.of("x", 0)).summary().plan());
      assertEquals("10", rows(text, Map.of("x", 1)));
      assertEquals("0", rows(text, Map.of("x", 0)));
      Map<String, @Nullable Object> nothing = new HashMap<>();
      nothing.put("x", null);
      for (Map<String, ?> hopeless : List.of(nothing, Map.of("x", "1"))) {
        String other = db.run(text, hopeless).summary().plan();
        assertTrue(other.contains("ScanNodes :A"), other);
        assertEquals("0", rows(text, hopeless));
      }
      assertEquals("10", rows(text, Map.of("x", 1)));
    }

    @Test
    void theTypeOfAParameterRefusesNoStatement() {
      assertEquals("null", rows("RETURN $x < 1 AS y", Map.of("x", "a")));
      assertEquals("", rows("MATCH (n) WHERE n.x = $x RETURN n", Map.of("x", List.of())));
      refuses(ErrorCode.TYPE_INVALID_ARGUMENT_TYPE, "RETURN $x + 1 - true AS y", Map.of("x", 1));
    }

    @Test
    void oneTextGivesEachParameterItsOwnAnswer() {
      db.run("UNWIND range(1, 9) AS i CREATE (:N {i: i})");
      String text = "MATCH (n:N) WHERE n.i < $x RETURN count(n)";
      assertEquals("6", rows(text, Map.of("x", 7)));
      assertEquals("7", rows(text, Map.of("x", 8)));
      assertEquals("7", rows(text, Map.of("x", 7.5)));
      assertEquals("0", rows(text, Map.of("x", "7")));
      Map<String, @Nullable Object> nothing = new HashMap<>();
      nothing.put("x", null);
      assertEquals("0", rows(text, nothing));
      assertEquals("6", rows(text, Map.of("x", 7)));
    }

    @Test
    void limitsAndListsOfParametersAreReadAnew() {
      String text = "UNWIND $list AS x RETURN x SKIP $skip LIMIT $limit";
      assertEquals("2", rows(text, Map.of("list", List.of(1, 2, 3), "skip", 1, "limit", 1)));
      assertEquals("a; b", rows(text, Map.of("list", List.of("a", "b"), "skip", 0, "limit", 9)));
      assertEquals("", rows(text, Map.of("list", List.of(), "skip", 0, "limit", 9)));
    }

    @Test
    void explainIsAnotherPlanThanRunning() {
      String text = "CREATE (:N) RETURN 1 AS x";
      assertTrue(rows("EXPLAIN " + text).contains("Create"));
      assertEquals("1", rows(text));
      assertTrue(rows("EXPLAIN " + text).contains("Create"));
      assertEquals(1, nodes());
    }
  }

  /// S25: depth counts nesting, not length.
  @Nested
  class S25 {
    @ParameterizedTest
    @CsvSource(
        delimiter = '→',
        value = {
          "false → ' OR false' → false",
          "true → ' AND true' → true",
          "1 → ' + 1' → 50000",
          "size([1 → ', 1' → 50000",
        })
    void fiftyThousandTermsAreOrdinary(String first, String more, String expected) {
      String end = first.startsWith("size") ? "])" : "";
      assertEquals(expected, rows("RETURN " + first + more.repeat(49_999) + end + " AS x"));
    }

    @Test
    void aFilterOfFiveThousandTermsFindsItsRow() {
      db.run("CREATE (:N {x: 4999}), (:N {x: -1})");
      StringBuilder filter = new StringBuilder("n.x = 0");
      for (int i = 1; i < 5000; i++) {
        filter.append(" OR n.x = ").append(i);
      }
      assertEquals("1", rows("MATCH (n:N) WHERE " + filter + " RETURN count(n)"));
    }

    @Test
    void nestingBeyondTheLimitIsATypedError() {
      assertEquals("1", rows("RETURN " + "(".repeat(400) + "1" + ")".repeat(400) + " AS x"));
      refuses(
          ErrorCode.UNEXPECTED_SYNTAX_DEPTH, "RETURN " + "[".repeat(600) + "1" + "]".repeat(600));
    }

    @Test
    void smallStacksAndVirtualThreadsDo() throws InterruptedException {
      String statement =
          "RETURN " + "abs(".repeat(450) + "1" + " + 1".repeat(5000) + ")".repeat(450);
      List<String> answers = Collections.synchronizedList(new ArrayList<>());
      Runnable work = () -> answers.add(rows(statement + " AS x"));
      Thread small = new Thread(null, work, "small", 256 << 10);
      small.start();
      small.join();
      Thread.ofVirtual().start(work).join();
      assertEquals(List.of("5001", "5001"), answers);
    }
  }

  /// S26: regular expressions take linear time.
  @Nested
  class S26 {
    @Test
    void aHostileExpressionIsAnswered() {
      assertEquals(
          "true,false",
          rows("RETURN $a =~ '(a+)+$', $a + 'b' =~ '(a+)+$'", Map.of("a", "a".repeat(100_000))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"(?=a)a", "(?!a)b", "(?<=a)b", "(?<!a)b", "(a)\\\\1"})
    void whatCannotBeLinearIsNamed(String expression) {
      QuarryException error =
          assertThrows(QuarryException.class, () -> db.run("RETURN 'a' =~ '" + expression + "'"));
      assertEquals(ErrorCode.NOT_SUPPORTED, error.code());
      assertTrue(
          error.getMessage().contains("look") || error.getMessage().contains("back"),
          error.getMessage());
    }
  }

  /// S27: procedures stream, block where they write, and belong to one store.
  @Nested
  class S27 {
    private void register(Quarry store, String signature, boolean writes, Procedure.Body body) {
      register(
          store,
          signature,
          writes ? ProcedureSignature.Mode.WRITE : ProcedureSignature.Mode.READ,
          body);
    }

    private void register(
        Quarry store, String signature, ProcedureSignature.Mode mode, Procedure.Body body) {
      store.register(Procedure.of(ProcedureSignature.parse(signature).withMode(mode), body));
    }

    /// A procedure that runs a statement about the schema.
    private void registerSchema() {
      register(
          db,
          "rule.schema(statement :: STRING) :: (changed :: BOOLEAN)",
          ProcedureSignature.Mode.SCHEMA,
          (context, arguments) ->
              Stream.of(List.of(context.schema().run((String) arguments.getFirst()))));
    }

    @Test
    void aProcedureThatWritesTakesAllRowsFirst() {
      register(
          db,
          "rule.create() :: (n :: NODE)",
          true,
          (context, arguments) ->
              Stream.of(List.of(context.writer().createNode(Set.of("N"), Map.of()))));
      db.run("UNWIND range(1, 3) AS i CREATE (:N)");
      assertEquals("3", rows("MATCH (n:N) CALL rule.create() YIELD n AS m RETURN count(m)"));
      assertEquals(6, nodes());
      assertEquals(
          "36",
          rows(
              "MATCH (n:N) CALL rule.create() YIELD n AS m WITH m MATCH (k:N) RETURN count(k) / 2"));
      String limited = "UNWIND [1, 2, 3] AS i CALL rule.create() YIELD n RETURN n LIMIT 1";
      assertEquals(1, db.run(limited).rows().size());
      assertEquals(15, nodes());
    }

    @Test
    void aProcedureThatReadsStreams() {
      AtomicLong pulled = new AtomicLong();
      register(
          db,
          "rule.count() :: (n :: INTEGER)",
          false,
          (context, arguments) ->
              LongStream.rangeClosed(1, 1_000_000)
                  .peek(n -> pulled.incrementAndGet())
                  .mapToObj(List::of));
      assertEquals("3", rows("CALL rule.count() YIELD n WITH n LIMIT 3 RETURN count(n)"));
      assertTrue(pulled.get() <= 1000, pulled + " rows were made");
    }

    @Test
    void aProcedureOfModeSchemaMakesAndDropsIndexesAndConstraints() {
      registerSchema();
      db.run("CREATE (:N {x: 1})");
      Answer made = db.run("CALL rule.schema('CREATE INDEX i FOR (n:N) ON (n.x)')");
      assertEquals("true", text(made.rows()));
      assertEquals(1, made.summary().indexesAdded());
      assertEquals("i,1", rows("SHOW INDEXES YIELD name, entries RETURN name, entries"));
      assertEquals(
          "false", rows("CALL rule.schema('CREATE INDEX i IF NOT EXISTS FOR (n:N) ON (n.x)')"));
      assertEquals("true", rows("CALL rule.schema('DROP INDEX i')"));
      assertEquals(
          "true", rows("CALL rule.schema('CREATE CONSTRAINT c FOR (n:N) REQUIRE n.x IS UNIQUE')"));
      assertThrows(QuarryException.class, () -> db.run("CREATE (:N {x: 1})"));
      assertEquals(
          1, db.run("CALL rule.schema('DROP CONSTRAINT c')").summary().constraintsRemoved());
      assertEquals("", rows("SHOW CONSTRAINTS"));
    }

    @Test
    void aProcedureOfModeSchemaTakesAllRowsFirst() {
      registerSchema();
      db.run("UNWIND ['A', 'B'] AS l CREATE (:L {name: l})");
      assertEquals(
          "2",
          rows(
              "MATCH (l:L) WITH l.name AS l"
                  + " CALL rule.schema('CREATE INDEX FOR (n:' + l + ') ON (n.x)') YIELD changed"
                  + " RETURN count(*)"));
      assertEquals("2", rows("SHOW INDEXES YIELD name RETURN count(name)"));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "CREATE (:N) WITH 1 AS x CALL rule.schema('CREATE INDEX i FOR (n:N) ON (n.x)')"
              + " YIELD changed RETURN changed",
          "CALL rule.schema('CREATE INDEX i FOR (n:N) ON (n.x)') YIELD changed CREATE (:N)",
          "CALL { CALL rule.schema('CREATE INDEX i FOR (n:N) ON (n.x)') YIELD changed"
              + " CREATE (:N) RETURN changed } RETURN changed"
        })
    void aStatementWithAProcedureOfModeSchemaChangesNothingElse(String statement) {
      registerSchema();
      refuses(ErrorCode.SCHEMA_NOT_ALONE, statement);
      assertEquals("", rows("SHOW INDEXES"));
    }

    @Test
    void aProcedureOfModeSchemaIsAloneInItsTransaction() {
      registerSchema();
      String call = "CALL rule.schema('CREATE INDEX i FOR (n:N) ON (n.x)')";
      for (String before : List.of("CREATE (:N)", "MATCH (n) RETURN n")) {
        assertEquals(
            ErrorCode.SCHEMA_NOT_ALONE,
            failure(
                tx -> {
                  tx.query(before);
                  tx.query(call);
                }));
        assertEquals(
            ErrorCode.SCHEMA_NOT_ALONE,
            failure(
                tx -> {
                  tx.query(call);
                  tx.query(before);
                }));
      }
      assertEquals(
          ErrorCode.SCHEMA_NOT_ALONE,
          failure(
              tx -> {
                tx.createNode(Set.of("N"), Map.of());
                tx.query(call);
              }));
      assertEquals(
          ErrorCode.STORE_READ_ONLY,
          assertThrows(QuarryException.class, () -> db.read(tx -> tx.query(call))).code());
      assertEquals("", rows("SHOW INDEXES"));
      db.update(tx -> tx.query(call));
      assertEquals("i", rows("SHOW INDEXES YIELD name RETURN name"));
    }

    private ErrorCode failure(Action<WriteTransaction, RuntimeException> action) {
      return assertThrows(QuarryException.class, () -> db.update(action)).code();
    }

    @Test
    void aProcedureChangesNoMoreThanItsModeSays() {
      registerSchema();
      Procedure.Body schema =
          (context, arguments) ->
              Stream.of(List.of(context.schema().run("CREATE INDEX i FOR (n:N) ON (n.x)")));
      Procedure.Body node =
          (context, arguments) ->
              Stream.of(List.of(context.writer().createNode(Set.of("N"), Map.of()) != null));
      String gives = "() :: (done :: BOOLEAN)";
      register(db, "rule.readSchema" + gives, ProcedureSignature.Mode.READ, schema);
      register(db, "rule.writeSchema" + gives, ProcedureSignature.Mode.WRITE, schema);
      register(db, "rule.readNode" + gives, ProcedureSignature.Mode.READ, node);
      register(db, "rule.schemaNode" + gives, ProcedureSignature.Mode.SCHEMA, node);
      for (String name : List.of("readSchema", "writeSchema", "readNode", "schemaNode")) {
        refuses(ErrorCode.PROCEDURE_FAILED, "CALL rule." + name + "()");
      }
      for (String wrong : List.of("CREATE (:N)", "CREATE INDEX", "SHOW INDEXES", "")) {
        refuses(ErrorCode.PROCEDURE_FAILED, "CALL rule.schema('" + wrong + "')");
      }
      refuses(ErrorCode.SCHEMA_NOT_FOUND, "CALL rule.schema('DROP INDEX none')");
      assertEquals("", rows("SHOW INDEXES"));
    }

    @Test
    void aNameThatIsQuotedIsOneNameWhateverItHolds() {
      registerSchema();
      String label = "a`b) ON (n.y";
      String index = "CREATE INDEX i FOR (n:" + SchemaWriter.quoted(label) + ") ON (n.x)";
      db.run("CALL rule.schema($index)", Map.of("index", index));
      assertEquals(
          label, value("SHOW INDEXES YIELD labelsOrTypes RETURN labelsOrTypes[0] AS label"));
    }

    @Test
    void aCursorOfAProcedureGoesOnWhileAnIndexIsBuilt() {
      register(
          db,
          "rule.walk() :: (seen :: INTEGER)",
          ProcedureSignature.Mode.SCHEMA,
          (context, arguments) -> {
            long seen = 0;
            Node hub = context.graph().findNode("Hub", "k", 1L).orElseThrow();
            try (RelationshipCursor walk = context.graph().relationships(hub, Direction.OUTGOING)) {
              while (walk.next()) {
                if (seen++ == 1) {
                  context.schema().run("CREATE INDEX i FOR (n:Leaf) ON (n.x)");
                }
              }
            }
            return Stream.of(List.of(seen));
          });
      db.run(
          "CREATE (h:Hub {k: 1}) WITH h UNWIND range(1, 2000) AS x CREATE (h)-[:T]->(:Leaf {x: x})");
      assertEquals("2000", rows("CALL rule.walk()"));
      assertEquals("2000", rows("SHOW INDEXES YIELD entries RETURN entries"));
    }

    @Test
    void aProcedureBelongsToItsStore() {
      register(db, "rule.one() :: (n :: INTEGER)", false, (c, a) -> Stream.of(List.of(1L)));
      assertEquals("1", rows("CALL rule.one()"));
      try (Quarry other = Quarry.inMemory()) {
        assertEquals(
            ErrorCode.PROCEDURE_NOT_FOUND,
            assertThrows(QuarryException.class, () -> other.run("CALL rule.one()")).code());
      }
    }
  }

  /// S29: an elementId is stable for the entity's life, and never another entity.
  @Nested
  class S29 {
    private String id(String cypher) {
      return String.valueOf(value(cypher));
    }

    @Test
    void theFormIsFixed() {
      db.run("CREATE (:A)-[:T]->(:B)-[:U {p: 1}]->(:C)");
      assertTrue(id("MATCH (a:A) RETURN elementId(a)").matches("n\\d+\\.\\d+\\.\\d+"));
      assertTrue(id("MATCH ()-[r:U]->() RETURN elementId(r)").matches("r\\d+\\.\\d+\\.\\d+"));
      assertTrue(
          id("MATCH ()-[r:T]->() RETURN elementId(r)")
              .matches("e\\d+\\.\\d+\\.\\d+\\.\\d+\\.\\d+\\.\\d+\\.\\d+\\.\\d+"));
    }

    @Test
    void nothingThatChangesAnEntityChangesItsIdentity() {
      db.run("CREATE (:A {x: 1})-[:T]->(:B)");
      String node = id("MATCH (n:A) RETURN elementId(n)");
      for (String change :
          List.of(
              "SET n:C",
              "SET n.y = 'a text that is longer than a cell'",
              "SET n = {}",
              "REMOVE n:C",
              "CREATE (n)-[:T]->(:D)",
              "SET n:E REMOVE n:A SET n:A")) {
        db.run("MATCH (n) WHERE elementId(n) = $id " + change, Map.of("id", node));
        assertEquals(node, id("MATCH (n:A) RETURN elementId(n)"), change);
      }
    }

    @Test
    void aRelationshipKeepsItsIdentityWhenItGetsItsFirstProperty() {
      db.run("CREATE (:A)-[:T]->(:B)");
      String before = id("MATCH ()-[r:T]->() RETURN elementId(r)");
      assertEquals(
          "true,true",
          rows(
              "MATCH (a)-[r:T]->(b) WITH a, r, elementId(r) AS before SET r.x = 1 WITH a, r, before"
                  + " MATCH (a)-[s]->() RETURN r = s, elementId(s) = before"));
      assertEquals(before, id("MATCH ()-[r:T]->() RETURN elementId(r)"));
      db.run("MATCH ()-[r:T]->() SET r.x = null");
      assertEquals(before, id("MATCH ()-[r:T]->() RETURN elementId(r)"));
      assertEquals(
          "1",
          rows("MATCH ()-[r]->() WHERE elementId(r) = $id RETURN count(r)", Map.of("id", before)));
      assertTrue(db.<Boolean, RuntimeException>read(tx -> tx.relationship(before).isPresent()));
    }

    @Test
    void parallelsWithFirstPropertiesStayApart() {
      db.run("CREATE (a:A), (b:B) WITH a, b UNWIND range(1, 4) AS i CREATE (a)-[:T]->(b)");
      assertEquals("4", rows("MATCH ()-[r:T]->() RETURN count(DISTINCT elementId(r))"));
      db.run("MATCH ()-[r:T]->() WITH collect(r) AS all SET (all[1]).x = 1, (all[2]).x = 2");
      assertEquals(
          "4,2", rows("MATCH ()-[r:T]->() RETURN count(DISTINCT elementId(r)), count(r.x)"));
      db.run("MATCH ()-[r:T {x: 1}]->() DELETE r");
      assertEquals("3,1", rows("MATCH ()-[r:T]->() RETURN count(DISTINCT r), count(r.x)"));
    }

    @Test
    void anIdentityThatIsGoneIsNeverAnotherNode() {
      db.run("CREATE (:A)");
      String gone = id("MATCH (n:A) RETURN elementId(n)");
      for (int i = 0; i < 5; i++) {
        db.run("MATCH (n:A) DELETE n");
        db.run("CREATE (:A)");
        assertNotEquals(gone, id("MATCH (n:A) RETURN elementId(n)"));
        assertEquals(Optional.empty(), db.<Object, RuntimeException>read(tx -> tx.node(gone)));
        assertEquals(
            "0", rows("MATCH (n) WHERE elementId(n) = $id RETURN count(n)", Map.of("id", gone)));
      }
    }

    @Test
    void anIdentityOutlivesItsStoreBeingClosed(@TempDir Path folder) {
      Path path = folder.resolve("x.quarry");
      String kept;
      String deleted;
      String relationship;
      try (Quarry store = Quarry.open(path)) {
        store.run("CREATE (:A {x: 1})-[:T]->(:B), (:D)");
        kept = first(store, "MATCH (n:A) RETURN elementId(n)");
        deleted = first(store, "MATCH (n:D) RETURN elementId(n)");
        relationship = first(store, "MATCH ()-[r]->() RETURN elementId(r)");
        store.run("MATCH (n:D) DELETE n");
      }
      try (Quarry store = Quarry.open(path)) {
        store.run("UNWIND range(1, 5) AS i CREATE (:D)");
        assertEquals(kept, first(store, "MATCH (n:A) RETURN elementId(n)"));
        assertEquals(relationship, first(store, "MATCH ()-[r]->() RETURN elementId(r)"));
        assertEquals(
            "1",
            text(
                store
                    .run(
                        "MATCH (n) WHERE elementId(n) IN $ids RETURN count(n)",
                        Map.of("ids", List.of(kept, deleted)))
                    .rows()));
        assertEquals(List.of(), store.admin().check().problems());
      }
    }

    private static String first(Quarry store, String cypher) {
      return String.valueOf(store.run(cypher).rows().getFirst().get(0));
    }
  }
}
