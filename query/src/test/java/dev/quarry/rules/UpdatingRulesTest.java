package dev.quarry.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.PreparedQuery;
import dev.quarry.QueryOptions;
import dev.quarry.Row;
import dev.quarry.Rows;
import dev.quarry.Summary;
import dev.quarry.WriteTransaction;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.QuarryException;
import dev.quarry.graph.Direction;
import dev.quarry.graph.Node;
import dev.quarry.graph.NodeCursor;
import dev.quarry.graph.NodeValue;
import dev.quarry.graph.RelationshipCursor;
import dev.quarry.graph.RelationshipValue;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Rules S1 to S9: what statements that change the graph see of themselves.
class UpdatingRulesTest extends RuleFixture {
  /// S1: a statement is a chain of clauses; each sees all effects of those before it and none of
  /// its own.
  @Nested
  class S1 {
    @Test
    void aCreateBehindAScanOfAllNodesEnds() {
      db.run("UNWIND range(1, 3) AS i CREATE (:N)");
      db.run("MATCH (n) CREATE (:X)");
      assertEquals(6, nodes());
      db.run("MATCH (n) CREATE (n)-[:T]->(:X)");
      assertEquals(12, nodes());
      db.run("MATCH (a)-[:T]->(b) CREATE (b)-[:T]->(a)");
      assertEquals(12, relationships());
    }

    @Test
    void aCrossProductIsTakenBeforeTheFirstWrite() {
      db.run("UNWIND range(1, 4) AS i CREATE (:N)");
      db.run("MATCH (a:N), (b:N) CREATE (:N)-[:T]->(:N)");
      assertEquals(4 + 2 * 16, nodes());
      assertEquals(16, relationships());
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "CREATE (n:A)-[r:T]->(), (m {k: EXISTS { (n)-->() }})",
          "CREATE (n:A)-[r:T]->(), (m {k: CASE WHEN EXISTS { (:A) } THEN r.k END})",
          "CREATE (n:A), (m {k: COUNT { MATCH (x) WHERE x.k = n.k RETURN x }})",
          "CREATE (n:A), (m {k: [(n)-->(x) | x.k]})",
          "CREATE p = (n:A), (m {k: size([(x) --> (y) WHERE x = n | y])})"
        })
    void aSubqueryOfACreateDoesNotNameWhatTheClauseMakes(String statement) {
      refuses(ErrorCode.UNDEFINED_VARIABLE, statement);
    }

    @Test
    void aWalkOfAnyLengthDoesNotFollowWhatItsStatementCreates() {
      db.run("CREATE (:A)-[:T]->()-[:T]->()-[:T]->(:B)");
      db.run("MATCH (a)-[:T*]->(b) CREATE (a)-[:T]->(b)");
      assertEquals(3 + 6, relationships());
    }

    @Test
    void aMatchSeesAllRowsOfTheClauseBeforeIt() {
      assertEquals(
          "16", rows("UNWIND range(1, 4) AS i CREATE (:N) WITH i MATCH (n:N) RETURN count(*)"));
      assertEquals(
          "16", rows("MATCH (n:N) SET n:M WITH n MATCH (m:M) RETURN count(*)"), "labels added");
      assertEquals(
          "16",
          rows("MATCH (n:N) SET n.x = 7 WITH n MATCH (m {x: 7}) RETURN count(*)"),
          "properties set");
      assertEquals(
          "0", rows("MATCH (n:N) REMOVE n:M WITH n MATCH (m:M) RETURN count(*)"), "labels removed");
      assertEquals(
          "4,0",
          rows("MATCH (n:N) DELETE n WITH count(*) AS c OPTIONAL MATCH (m:N) RETURN c, count(m)"),
          "nodes deleted");
    }

    @Test
    void rowsThatWereFoundStayWhenTheirReasonIsGone() {
      db.run("UNWIND range(1, 5) AS i CREATE (:N {x: 1})-[:T]->(:M)");
      assertEquals("5", rows("MATCH (n:N {x: 1}) SET n.x = 2 RETURN count(n)"));
      assertEquals("5", rows("MATCH (n:N) REMOVE n:N RETURN count(n)"));
      assertEquals("10", rows("MATCH (a)-[r]-(b) DELETE r, a, b RETURN count(*)"));
      assertEquals(0, nodes());
    }

    @Test
    void aClauseSeesNoneOfItsOwnEffects() {
      db.run("UNWIND range(1, 3) AS i CREATE (:N {others: COUNT { MATCH (m:N) }})");
      assertEquals("[0, 0, 0]", rows("MATCH (n:N) RETURN collect(n.others)"));
      db.run("UNWIND range(1, 3) AS i CREATE (:M {known: EXISTS { (:M) }}), (:M {known: false})");
      assertEquals("0", rows("MATCH (m:M {known: true}) RETURN count(m)"));
    }

    @Test
    void whatAnExpressionAsksBehindAWriteHasAllOfIt() {
      assertEquals(
          "3; 3; 3", rows("UNWIND range(1, 3) AS i CREATE (n:N) RETURN COUNT { MATCH (m:N) }"));
      assertEquals(
          "3; 3; 3",
          rows("MATCH (n:N) CREATE (n)-[:T]->(m:M) RETURN size([()-[:T]->(x:M) | x]) AS s"));
      assertEquals(
          "true; true; true",
          rows("MATCH (n:N)-[r:T]->() DELETE r RETURN NOT EXISTS { ()-[:T]->() } AS gone"));
    }

    @Test
    void functionsThatReadAllOfANodeSeeTheWritesBeforeThem() {
      assertEquals(
          "[k, x],1,[N, O]; [k, x],1,[N, O]",
          rows(
              "UNWIND [1, 2] AS i CREATE (n:N {k: i}) SET n:O SET n.x = 1"
                  + " RETURN keys(n), properties(n).x, labels(n)"));
      assertEquals(
          "2,4",
          rows(
              "MATCH (n:N) CREATE (:P) WITH n MATCH (p:P) WITH n, count(p) AS c"
                  + " MATCH (q) WHERE 'P' IN labels(q) RETURN c, count(q)"));
    }

    @Test
    void aBareMergeIsNotWidenedByALaterOne() {
      db.run("CREATE (:P {name: 'a'}), (:P {name: 'b'}), (:P {name: 'c'})");
      assertEquals(
          "a; b; c", rows("MERGE (e:P) MERGE (x:P {name: 'z'}) RETURN e.name ORDER BY e.name"));
      assertEquals(4, nodes());
    }

    @Test
    void aForEachWithoutElementsChangesNothing() {
      db.run("CREATE (:A)-[:R]->(:B), (:A)-[:R]->(:B)");
      String tail = " UNWIND [1, 2, 3] AS i CREATE (a)-[:R]->(b) RETURN count(*)";
      assertEquals("6", rows("MATCH (a:A)-[r]->(b:B)" + tail));
      db.run("MATCH ()-[r]->() WITH r SKIP 2 DELETE r");
      assertEquals("6", rows("MATCH (a:A)-[r]->(b:B) FOREACH (x IN [] | CREATE (:C))" + tail));
    }

    @Test
    void aMergeBehindADeleteFindsNothingOfIt() {
      db.run("CREATE (:A {num: 1}), (:A {num: 2})");
      assertEquals("null; null", rows("MATCH (a:A) DELETE a MERGE (a2:A) RETURN a2.num"));
      assertEquals(1, nodes());
      db.run("MATCH (a:A) DELETE a MERGE (:A)");
      assertEquals(1, nodes());
    }

    @Test
    void theSecondPartOfAUnionSeesTheWritesOfTheFirst() {
      db.run("CREATE (:P {name: 'a'})");
      assertEquals(
          "b; a; b",
          rows(
              "MATCH (n:P) CREATE (n)-[:K]->(m:P {name: 'b'}) RETURN m.name AS name"
                  + " UNION ALL MATCH (n:P) WITH n.name AS name ORDER BY name RETURN name"));
    }

    @Test
    void aNestedQueryThatWritesSeesEachRowBeforeItAndNoRowOfItsInput() {
      db.run("UNWIND range(1, 3) AS i CREATE (:N)");
      assertEquals(
          "[3, 4, 5]",
          rows(
              "MATCH (n:N) CALL { WITH n MATCH (m:N) WITH count(m) AS c CREATE (:N) RETURN c }"
                  + " RETURN collect(c)"));
      assertEquals(6, nodes());
      assertEquals("6", rows("MATCH (n:N) CALL { CREATE (:N) } WITH n MATCH (n) RETURN count(*)"));
      assertEquals(12, nodes());
    }

    @Test
    void aForEachWritesForEachRowThatWasThereBefore() {
      db.run("UNWIND range(1, 3) AS i CREATE (:N)");
      db.run("MATCH (n:N) FOREACH (i IN [1, 2] | CREATE (:N))");
      assertEquals(9, nodes());
      db.run("MATCH (n:N) FOREACH (i IN [1, 2] | MERGE (:M {k: i}) CREATE (:L))");
      assertEquals(9 + 2 + 18, nodes());
    }

    /// The graph as text that does not depend on identities or on the order of creation.
    private String graph() {
      return rows(
              "MATCH (n) OPTIONAL MATCH (n)-[r]->(m)"
                  + " WITH labels(n) AS l, n.x AS x, type(r) AS t, labels(m) AS k, m.x AS y"
                  + " RETURN l, x, t, k, y, count(*) AS c ORDER BY l, x, t, k, y")
          + " / "
          + nodes()
          + " / "
          + relationships();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "UNWIND range(1, 2500) AS i CREATE (:A {x: i % 7})",
          "UNWIND range(1, 50) AS i CREATE (a:A {x: i})-[:T]->(b:B {x: i}) CREATE (b)-[:T]->(a)",
          "UNWIND range(1, 50) AS i CREATE (a:A {x: i}) WITH a MATCH (b:A) CREATE (:C {x: b.x})",
          "UNWIND range(1, 50) AS i CREATE (a:A {x: i}) RETURN COUNT { MATCH (n) } AS n",
          "MATCH (s:S) CREATE (:A {x: s.x})",
          "MATCH (s:S) CREATE (:S {x: s.x})",
          "MATCH (s:S) CREATE (s)-[:T]->(:B {x: size(keys(s))})",
          "MATCH (s:S)-[r:T]->(t) CREATE (t)-[:T]->(s)",
          "MATCH (s:S) CREATE (b:B) WITH s, b MATCH (c:B) CREATE (s)-[:T]->(c)",
          "MATCH (s:S) WHERE NOT (s)-[:U]->() CREATE (s)-[:U]->(:S {x: 9})",
          "UNWIND range(1, 9) AS i MERGE (a:A {x: i % 3}) CREATE (a)-[:T]->(:B {x: i})",
          "UNWIND range(1, 9) AS i CREATE (:A {x: i}) WITH i MERGE (:A {x: i + 3})",
          "UNWIND range(1, 9) AS i CREATE (a:A {x: i}) WITH a LIMIT 2 CREATE (a)-[:T]->(:B)",
          "UNWIND range(1, 9) AS i CALL { WITH i CREATE (a:A {x: i}) RETURN a } CREATE (a)-[:T]->(a)"
        })
    void theGraphIsTheSameWhetherClausesStreamOrNot(String statement) {
      String setUp = "UNWIND range(1, 20) AS i CREATE (:S {x: i % 3})-[:T]->(:S {x: i % 5})";
      db.run(setUp);
      db.run(statement);
      String streamed = graph();
      db.run("MATCH (n) DETACH DELETE n");
      db.run(setUp);
      System.setProperty("quarry.streamUpdates", "false");
      try {
        db.run(statement);
      } finally {
        System.clearProperty("quarry.streamUpdates");
      }
      assertEquals(graph(), streamed);
    }
  }

  /// S2: SET goes row by row, its items from left to right, each seeing the one before.
  @Nested
  class S2 {
    @Test
    void threeRowsThatAddOneAddThree() {
      db.run("CREATE (:C {n: 0})");
      assertEquals("3; 3; 3", rows("UNWIND [1,2,3] AS i MATCH (c:C) SET c.n = c.n + 1 RETURN c.n"));
    }

    @Test
    void anItemSeesTheItemBeforeIt() {
      db.run("CREATE (:C {a: 1, b: 2})");
      assertEquals("2,2", rows("MATCH (c:C) SET c.a = c.b, c.b = c.a RETURN c.a, c.b"));
      assertEquals(
          "10,11,12",
          rows("MATCH (c:C) SET c.a = 10, c.b = c.a + 1, c.d = c.b + 1 RETURN c.a, c.b, c.d"));
      assertEquals(
          "null,0", rows("MATCH (c:C) SET c.a = null, c.b = size(keys(c)) - 2 RETURN c.a, c.b"));
    }

    @Test
    void anItemSeesAKeyAndALabelThatNobodyHadBefore() {
      db.run("CREATE (:C)");
      assertEquals(
          "1,1,true",
          rows(
              "MATCH (c:C) SET c.fresh = 1, c.copy = c.fresh, c:New, c.isNew = c:New"
                  + " RETURN c.fresh, c.copy, c.isNew"));
    }

    @Test
    void anItemSeesTheWholeMapThatWasSetBefore() {
      db.run("CREATE (:C {a: 1, b: 2})");
      assertEquals(
          "{k=5, m=5}",
          rows("MATCH (c:C) SET c = {k: 5}, c += {m: c.k, n: c.a} RETURN properties(c)"));
      assertEquals(
          "{k=5, m=6}", rows("MATCH (c:C) SET c = {k: c.k, m: c.m + 1} RETURN properties(c)"));
    }

    @Test
    void aRowSeesWhatTheRowsBeforeItDidToOtherNodes() {
      db.run("UNWIND range(0, 9) AS i CREATE (:C {i: i, sum: i})");
      db.run(
          "UNWIND range(1, 9) AS i MATCH (c:C {i: i}), (p:C {i: i - 1})"
              + " WITH c, p ORDER BY c.i SET c.sum = c.sum + p.sum");
      assertEquals(
          "[0, 1, 3, 6, 10, 15, 21, 28, 36, 45]",
          rows("MATCH (c:C) WITH c ORDER BY c.i RETURN collect(c.sum)"));
    }

    @Test
    void oneNodeUnderTwoNamesIsOneNode() {
      db.run("CREATE (:C {n: 1})");
      assertEquals(
          "4", rows("MATCH (a:C) MATCH (b:C) SET a.n = b.n + 1, b.n = a.n * 2 RETURN a.n"));
    }

    @Test
    void aRelationshipWithoutPropertiesCountsToo() {
      db.run("CREATE (:A)-[:T]->(:B)");
      assertEquals(
          "3; 3; 3",
          rows(
              "UNWIND [1, 2, 3] AS i MATCH ()-[r:T]->() SET r.n = coalesce(r.n, 0) + 1"
                  + " RETURN r.n"));
      assertEquals(1, relationships());
    }

    @Test
    void aRowSeesWhatTheRowBeforeItRemoved() {
      db.run("CREATE (:C {n: 1})");
      assertEquals(
          "1,2",
          rows(
              "UNWIND [1, 2] AS i MATCH (c:C) SET c.seen = coalesce(c.seen, 0)"
                  + " + CASE WHEN c.n IS NULL THEN 0 ELSE 1 END, c.rows = coalesce(c.rows, 0) + 1,"
                  + " c.n = null RETURN DISTINCT c.seen, c.rows"));
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '→',
        value = {
          "SET c.done = true, c.x = COUNT { MATCH (d:C) WHERE d.done } → [1, 2, 3]",
          "SET c.x = COUNT { MATCH (d:C) WHERE d.done }, c.done = true → [0, 1, 2]",
          "SET c.x = COUNT { MATCH (d:C) WHERE d.x IS NOT NULL } → [0, 1, 2]",
          "SET c:Done, c.x = COUNT { MATCH (d:Done) } → [1, 2, 3]",
          "SET c:Done SET c.x = COUNT { MATCH (d:Done) } → [3, 3, 3]",
          "SET c.n = 7, c.x = COUNT { MATCH (d:C {n: 7}) } → [1, 2, 3]",
          "SET c.n = 7, c.x = CASE WHEN EXISTS { MATCH (d:C {n: 2}) } THEN 1 ELSE 0 END → [1, 0, 0]",
          "SET c.w = c.n, c.x = size([(h:Hub)-->(d) WHERE d.w > 0 | d.w]) + c.n → [2, 4, 6]",
          "SET c.w = 1, c.x = size(COLLECT { MATCH (d:C {w: 1}) RETURN d.n }) → [1, 2, 3]",
          "SET c += {w: 1, x: COUNT { MATCH (d:C {w: 1}) }} → [0, 1, 2]",
          "SET c = {n: c.n, x: COUNT { MATCH (d:C) WHERE d.x IS NOT NULL }} → [0, 1, 2]",
          "SET c.w = 1, c.x = size([d IN [1, 2] WHERE COUNT { MATCH (e:C {w: 1}) } >= d]) → [1, 2, 2]",
          "FOREACH (i IN [1] | SET c.w = i, c.x = COUNT { MATCH (d:C {w: 1}) }) → [1, 2, 3]",
        })
    void aSubqueryOfAnItemSeesWhatItemsAndRowsBeforeItSet(String clause, String expected) {
      db.run("CREATE (h:Hub) WITH h UNWIND [1, 2, 3] AS n CREATE (h)-[:T]->(:C {n: n})");
      String after = "MATCH (c:C) WITH c ORDER BY id(c) RETURN collect(c.x)";
      db.run("MATCH (c:C) WITH c ORDER BY c.n " + clause);
      assertEquals(expected, rows(after));
      db.run("MATCH (n) DETACH DELETE n");
      db.run("CREATE INDEX FOR (c:C) ON (c.n)");
      db.run("CREATE INDEX FOR (c:C) ON (c.w)");
      db.run("CREATE (h:Hub) WITH h UNWIND [1, 2, 3] AS n CREATE (h)-[:T]->(:C {n: n})");
      db.run("MATCH (c:C) WITH c ORDER BY c.n " + clause);
      assertEquals(expected, rows(after), "with indexes");
    }

    @Test
    void aSubqueryOfARelationshipsItemSeesTheOnesBefore() {
      db.run("CREATE (a:A) WITH a UNWIND [1, 2, 3] AS i CREATE (a)-[:T]->(:B {i: i})");
      assertEquals(
          "0; 1; 2",
          rows(
              "MATCH (a)-[r:T]->(b) WITH a, r ORDER BY b.i"
                  + " SET r.x = COUNT { (a)-[q:T]->() WHERE q.x IS NOT NULL } RETURN r.x"));
    }

    @Test
    void copyingANodeOntoAnotherTakesWhatItIsNow() {
      db.run("CREATE (:A {x: 1}), (:B {y: 2})");
      assertEquals("{x=5}", rows("MATCH (a:A), (b:B) SET a.x = 5, b = a RETURN properties(b)"));
      assertEquals("{x=5}", rows("MATCH (a:A) SET a = a RETURN properties(a)"));
    }
  }

  /// S3: MERGE takes rows in order: match, else create.
  @Nested
  class S3 {
    /// So many rows that the clause looks up in a table, or so few that it does not.
    private static final String FEW = "UNWIND [1, 2, 1] AS i ";

    private static final String MANY = "UNWIND [1, 2, 1, 2, 1, 2, 1, 2, 1, 1] AS i ";

    @ParameterizedTest
    @CsvSource(
        delimiter = '→',
        value = {
          "MERGE (n:N {k: k}) ON CREATE SET n.x = COUNT { MATCH (m:N) } → [1, 2, 3]",
          "MERGE (n:N {k: k}) ON CREATE SET n.x = COUNT { MATCH (m:N) WHERE m.x IS NOT NULL } → [0, 1, 2]",
          "MERGE (n:N {k: k % 2}) ON CREATE SET n.x = 10 ON MATCH SET n.x = COUNT { (:N) } + n.x → [12, 10]",
          "MERGE (n:N {k: 1}) ON MATCH SET n.x = COUNT { (n)--() } ON CREATE SET n.x = 9 → [0]",
          "MERGE (n:N {k: k})-[:T]->(m:M) ON CREATE SET n.x = size([(n)-->(o) | o]) → [1, 1, 1]",
          "MERGE (n:N {k: k}) ON CREATE SET n:New, n.x = COUNT { MATCH (m:New) } → [1, 2, 3]",
          "FOREACH (i IN [k] | MERGE (n:N {k: i}) ON CREATE SET n.x = COUNT { (:N) }) → [1, 2, 3]",
        })
    void aSubqueryOfWhatAMergeSetsSeesTheRowsBefore(String merge, String expected) {
      db.run("UNWIND [1, 2, 3] AS k " + merge);
      String after = "MATCH (n:N) WITH n ORDER BY id(n) RETURN collect(n.x)";
      assertEquals(expected, rows(after));
      db.run("MATCH (n) DETACH DELETE n");
      db.run("UNWIND [1, 2, 3] AS k UNWIND [k, k, k, k] AS l WITH DISTINCT k " + merge);
      assertEquals(expected, rows(after));
    }

    @Test
    void aSubqueryOfAMergeThatUsesATableSeesTheRowsBefore() {
      db.run(
          "UNWIND range(1, 20) AS k MERGE (n:N {k: k % 10})"
              + " ON CREATE SET n.x = COUNT { MATCH (m:N) }"
              + " ON MATCH SET n.y = COUNT { MATCH (m:N) WHERE m.y IS NOT NULL }");
      assertEquals("55,45", rows("MATCH (n:N) RETURN sum(n.x), sum(n.y)"));
    }

    @ParameterizedTest
    @ValueSource(strings = {FEW, MANY})
    void aRowSeesWhatTheRowsBeforeItCreated(String unwind) {
      db.run(unwind + "MERGE (:N {k: i})");
      assertEquals("1; 2", rows("MATCH (n:N) RETURN n.k ORDER BY n.k"));
      db.run(unwind + "MERGE (:N {k: i})");
      assertEquals(2, nodes());
    }

    @ParameterizedTest
    @ValueSource(strings = {FEW, MANY})
    void countingWithOnCreateAndOnMatchCountsAllRows(String unwind) {
      db.run(unwind + "MERGE (n:N {k: i}) ON CREATE SET n.c = 1 ON MATCH SET n.c = n.c + 1");
      long rows = unwind.equals(FEW) ? 3 : 10;
      assertEquals(rows, value("MATCH (n:N) RETURN sum(n.c)"));
    }

    @ParameterizedTest
    @ValueSource(strings = {FEW, MANY})
    void allThatMatchIsHandedOn(String unwind) {
      db.run("CREATE (:N {k: 1, id: 1}), (:N {k: 1, id: 2}), (:N:M {k: 1, id: 3}), (:O {k: 1})");
      assertEquals(
          unwind.equals(FEW) ? 7L : 6 * 3L + 4,
          value(unwind + "MERGE (n:N {k: i}) RETURN count(n)"));
      assertEquals(
          unwind.equals(FEW) ? 3L : 10L, value(unwind + "MERGE (n:M:N {k: i}) RETURN count(n)"));
    }

    @Test
    void aMergeThatCreatesWithAnotherKeyThanItLooksForNeverFindsIt() {
      db.run("UNWIND [1, 1, 1, 1, 1, 1] AS i MERGE (n:N {k: i}) ON CREATE SET n.k = 2");
      assertEquals("2,6", rows("MATCH (n:N) RETURN n.k, count(*)"));
      db.run("UNWIND [3, 3, 3, 3, 3, 3] AS i MERGE (n:N {k: i}) ON CREATE SET n += {k: 4}");
      assertEquals("2,6; 4,6", rows("MATCH (n:N) RETURN n.k, count(*) ORDER BY n.k"));
      db.run("UNWIND [5, 5, 5, 5, 5, 5] AS i MERGE (n:N {k: i}) ON CREATE SET n = {x: 1}");
      assertEquals("6", rows("MATCH (n:N {x: 1}) RETURN count(*)"));
    }

    @Test
    void aMergeThatMovesWhatItFindsFindsItElsewhere() {
      db.run("UNWIND [1, 1, 2, 2, 3] AS i MERGE (n:N {k: i}) ON MATCH SET n.k = n.k + 1");
      assertEquals("2; 4", rows("MATCH (n:N) RETURN n.k ORDER BY n.k"));
    }

    @Test
    void aMergeThatMovesAnotherNodeFindsThatToo() {
      db.run("CREATE (:N {k: 0, other: true})");
      db.run(
          "MATCH (o:N {other: true}) UNWIND [1, 2, 1, 2, 1, 3] AS i"
              + " MERGE (n:N {k: i}) ON CREATE SET o.k = i + 10");
      assertEquals("1; 2; 3; 13", rows("MATCH (n:N) RETURN n.k ORDER BY n.k"));
      db.run(
          "MATCH (o:N {other: true}) UNWIND [21, 22, 11, 23, 24, 25] AS i"
              + " MERGE (n:N {k: i}) ON CREATE SET o.k = 11");
      assertEquals("9", rows("MATCH (n:N) RETURN count(*)"), "11 was found where o had gone");
    }

    @Test
    void theMatchesOfARowAreFoundBeforeOneOfThemIsChanged() {
      db.run("CREATE (:N {k: 1, id: 1}), (:N {k: 0, id: 2}), (:N {k: 0, id: 3})");
      assertEquals(
          "1",
          rows(
              "MATCH (o:N {k: 0}) WITH collect(o) AS all"
                  + " MERGE (n:N {k: 1}) ON MATCH SET (all[0]).k = 1, (all[1]).k = 1 RETURN count(n)"));
      assertEquals("3", rows("MATCH (n:N {k: 1}) RETURN count(n)"));
      db.run("MATCH (n) DETACH DELETE n");
      db.run("CREATE (:P {k: 1})-[:T]->(:P {k: 1})-[:T]->(:P {k: 1})");
      assertEquals(
          "2",
          rows(
              "MERGE (a:P {k: 1})-[:T]->(b:P {k: 1}) ON MATCH SET b.k = 2, a.k = 2"
                  + " RETURN count(*)"));
    }

    @Test
    void aMergeWhoseOnMatchCreatesMatchesForItselfEnds() {
      db.run("UNWIND range(1, 4) AS i CREATE (:N {k: i})");
      assertEquals(
          "4",
          rows("MATCH (n:N) MERGE (m:N {k: n.k + 100}) ON CREATE SET m.k = 1 RETURN count(*)"));
      assertEquals(8, nodes());
    }

    @Test
    void numbersThatAreEqualAreOneKey() {
      db.run("UNWIND [1, 1.0, 2.0, 2, 0.0, -0.0, 0] AS i MERGE (:N {k: i})");
      assertEquals(3, nodes());
      db.run("MERGE (:M {k: 9007199254740993})");
      db.run("MERGE (:M {k: 9007199254740992.0})");
      assertEquals(5, nodes());
      db.run(
          "UNWIND [9007199254740993, 9007199254740992.0, 9007199254740992, 5, 6] AS i"
              + " MERGE (:O {k: i})");
      assertEquals("4", rows("MATCH (n:O) RETURN count(n)"));
    }

    @Test
    void nanIsNeverFoundAgain() {
      db.run("UNWIND [1, 2, 3, 4, 5, 6] AS i MERGE (:N {k: 0.0 / 0.0})");
      assertEquals(6, nodes());
      db.run("MERGE (:N {k: 0.0 / 0.0})");
      assertEquals(7, nodes());
    }

    @Test
    void listsTemporalValuesAndStringsAreKeys() {
      db.run("UNWIND [1, 2, 3, 1, 2, 3] AS i MERGE (:L {k: [i, 7], d: date('2024-01-0' + i)})");
      assertEquals(3, nodes());
      db.run("UNWIND ['e\u0301', 'é', 'é', 'ab', 'ab', 'ab'] AS s MERGE (:S {k: s})");
      assertEquals("3", rows("MATCH (s:S) RETURN count(s)"));
    }

    @Test
    void aNullKeyIsATypedError() {
      refuses(ErrorCode.MERGE_READ_OWN_WRITES, "MERGE (:N {k: null})");
      refuses(ErrorCode.MERGE_READ_OWN_WRITES, "UNWIND [1, null] AS i MERGE (:N {k: i})");
      refuses(
          ErrorCode.MERGE_READ_OWN_WRITES, "UNWIND [1, 2, 3, 4, 5, null] AS i MERGE (:N {k: i})");
      refuses(
          ErrorCode.MERGE_READ_OWN_WRITES,
          "CREATE (a:A), (b:B) MERGE (a)-[:T {k: a.nothing}]->(b)");
    }

    @Test
    void aValueThatCannotBeStoredIsRefusedAlsoWhereNothingIsCreated() {
      refuses(ErrorCode.INVALID_PROPERTY_TYPE, "MERGE (:N {k: {a: 1}})");
      refuses(ErrorCode.INVALID_PROPERTY_TYPE, "MERGE (:N {k: [1, 'a']})");
    }

    @Test
    void aRelationshipIsMergedOncePerPairAndDirection() {
      db.run("CREATE (:A), (:B)");
      db.run("UNWIND [1, 2, 3] AS i MATCH (a:A), (b:B) MERGE (a)-[:T]->(b)");
      assertEquals(1, relationships());
      db.run("MATCH (a:A), (b:B) MERGE (a)-[:T]-(b) MERGE (b)-[:T]-(a)");
      assertEquals(1, relationships(), "undirected finds both ways");
      db.run("UNWIND [1, 2] AS i MATCH (a:A), (b:B) MERGE (b)-[:T]->(a)");
      assertEquals(2, relationships());
      db.run("UNWIND [1, 1.0, 2] AS i MATCH (a:A), (b:B) MERGE (a)-[:T {k: i}]->(b)");
      assertEquals(4, relationships());
      db.run("UNWIND [1, 2, 3] AS i MATCH (a:A) MERGE (a)-[:T]->(a)");
      assertEquals(5, relationships());
    }

    @Test
    void theWholePatternIsFoundOrTheWholePatternIsCreated() {
      db.run("CREATE (:A {k: 1}), (:B {k: 1})");
      db.run("UNWIND [1, 2, 3] AS i MERGE (:A {k: 1})-[:T]->(:B {k: 1})");
      assertEquals(4, nodes());
      assertEquals(1, relationships());
      db.run("MATCH (a:A) MERGE (a)-[:U]->(:C)");
      assertEquals(6, nodes());
    }

    @Test
    void aChainOfMergesBuildsOneTree() {
      db.run(
          "UNWIND ['a/b', 'a/c', 'b/b', 'a/b'] AS p WITH split(p, '/') AS p"
              + " MERGE (d:D {name: p[0]}) MERGE (d)-[:HAS]->(f:F {name: p[1]})");
      assertEquals(
          "a,[b, c]; b,[b]",
          rows(
              "MATCH (d:D)-[:HAS]->(f) WITH d, f ORDER BY f.name"
                  + " RETURN d.name, collect(f.name) ORDER BY d.name"));
    }

    @Test
    void aLaterClauseThatTakesTheKeyAwayDoesNotChangeWhatWasFound() {
      assertEquals(
          "1; 2", rows("UNWIND [1, 2] AS x MERGE (n:A:B {id: 1, k: 'v'}) SET n.k = null RETURN x"));
      assertEquals(1, nodes());
    }

    @Test
    void manyRowsWithoutAnIndexAreMerged() {
      db.run("UNWIND range(1, 20000) AS i MERGE (:N {k: i % 5000})");
      assertEquals("5000", rows("MATCH (n:N) RETURN count(DISTINCT n.k)"));
      assertEquals(5000, nodes());
    }
  }

  /// S4: ids are not reused inside of a transaction.
  @Nested
  class S4 {
    @Test
    void whatAMergeCreatesIsNotWhatTheClauseBeforeItDeleted() {
      db.run("CREATE (:T {k: 1}), (:T {k: 2})");
      assertEquals(
          "false,false; false,false",
          rows(
              "MATCH (t:T) DELETE t MERGE (n:T {k: 1})"
                  + " RETURN t = n, elementId(t) = elementId(n)"));
      assertEquals(1, nodes());
    }

    @Test
    void aNodeThatTheTransactionMadeItselfGivesNothingBackEither() {
      db.update(
          tx -> {
            List<Row> first =
                tx.query("UNWIND range(1, 50) AS i CREATE (n:T) RETURN elementId(n) AS id")
                    .toList();
            tx.query("MATCH (n:T) DELETE n");
            List<Row> second =
                tx.query("UNWIND range(1, 50) AS i CREATE (n:T) RETURN elementId(n) AS id")
                    .toList();
            Set<Object> ids = new HashSet<>();
            first.forEach(row -> ids.add(row.get("id")));
            second.forEach(row -> ids.add(row.get("id")));
            assertEquals(100, ids.size());
          });
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{k: 1}"})
    void aRelationshipThatReplacesOneIsAnother(String properties) {
      db.run("CREATE (:A)-[:T " + properties + "]->(:B)");
      assertEquals(
          "false",
          rows(
              "MATCH (a)-[r:T]->(b) DELETE r CREATE (a)-[s:T "
                  + properties
                  + "]->(b) RETURN r = s"));
      assertEquals(1, relationships());
    }

    @Test
    void listsAndTextsThatWereFreedDoNotShowUpInRowsTakenBefore() {
      db.run("UNWIND range(1, 20) AS i CREATE (:T {text: 'long text number ' + i + ' of many'})");
      assertEquals(
          "20",
          rows(
              "MATCH (t:T) WITH t, t.text AS old DELETE t"
                  + " CREATE (n:T {text: 'another text that is just as long'})"
                  + " WITH old, n WHERE old STARTS WITH 'long text' AND n.text STARTS WITH 'another'"
                  + " RETURN count(DISTINCT old)"));
    }
  }

  /// S5: lists stay readable while their transaction writes.
  @Nested
  class S5 {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 300, 3000})
    void eachRelationshipOfANodeIsDeletedWhileTheyAreWalked(int degree) {
      db.run("CREATE (h:Hub) WITH h UNWIND range(1, " + degree + ") AS i CREATE (h)-[:T]->(:Leaf)");
      db.update(
          tx -> {
            Node hub = hub(tx);
            int deleted = 0;
            try (RelationshipCursor cursor = tx.relationships(hub, Direction.BOTH)) {
              while (cursor.next()) {
                tx.delete(cursor.relationship());
                deleted++;
              }
            }
            assertEquals(degree, deleted);
            assertEquals(0, tx.degree(hub, Direction.BOTH));
          });
      assertEquals(0, relationships());
    }

    private Node hub(WriteTransaction tx) {
      try (NodeCursor nodes = tx.nodes("Hub")) {
        assertTrue(nodes.next());
        return nodes.node();
      }
    }

    @Test
    void aWalkDoesNotMeetWhatWasAddedSinceItBegan() {
      db.run("CREATE (h:Hub) WITH h UNWIND range(1, 50) AS i CREATE (h)-[:T]->(:Leaf)");
      db.update(
          tx -> {
            Node hub = hub(tx);
            int seen = 0;
            try (RelationshipCursor cursor = tx.relationships(hub, Direction.OUTGOING, "T")) {
              while (cursor.next()) {
                tx.createRelationship(hub, "T", tx.createNode(Set.of("Leaf"), Map.of()), Map.of());
                seen++;
              }
            }
            assertEquals(50, seen);
            assertEquals(100, tx.degree(hub, Direction.OUTGOING));
          });
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 300, 3000})
    void aWalkPassesOverWhatDiedSinceItBegan(int degree) {
      db.run("CREATE (h:Hub) WITH h UNWIND range(1, " + degree + ") AS i CREATE (h)-[:T]->(:Leaf)");
      db.update(
          tx -> {
            Node hub = hub(tx);
            try (RelationshipCursor first = tx.relationships(hub, Direction.OUTGOING);
                RelationshipCursor second = tx.relationships(hub, Direction.OUTGOING)) {
              assertTrue(second.next());
              while (first.next()) {
                tx.detachDelete(first.neighbourNode());
              }
              assertFalse(second.next());
            }
          });
      assertEquals(1, nodes());
    }

    @Test
    void aScanDoesNotMeetNodesThatWereCreatedSinceWhereOthersWereDeletedBefore() {
      db.run("UNWIND range(1, 3000) AS i CREATE (:N {i: i})");
      db.run("MATCH (n:N) WHERE n.i % 2 = 0 DELETE n");
      db.update(
          tx -> {
            int seen = 0;
            try (NodeCursor cursor = tx.nodes("N")) {
              while (cursor.next()) {
                tx.createNode(Set.of("N"), Map.of());
                seen++;
              }
            }
            assertEquals(1500, seen);
          });
      assertEquals(3000, nodes());
    }

    @Test
    void nodesAreDeletedWhileTheyAreScanned() {
      db.run("UNWIND range(1, 3000) AS i CREATE (:N)");
      db.update(
          tx -> {
            int deleted = 0;
            try (NodeCursor cursor = tx.nodes("N")) {
              while (cursor.next()) {
                tx.delete(cursor.node());
                tx.createNode(Set.of("M"), Map.of());
                deleted++;
              }
            }
            assertEquals(3000, deleted);
          });
      assertEquals("3000", rows("MATCH (m) RETURN count(m)"));
    }

    @Test
    void aStatementDeletesAllRelationshipsOfAHub() {
      db.run("CREATE (h:Hub) WITH h UNWIND range(1, 3000) AS i CREATE (h)-[:T]->(:Leaf {i: i})");
      assertEquals(
          "1500", rows("MATCH (:Hub)-[r]->(l) WHERE l.i % 2 = 0 DELETE r RETURN count(*)"));
      assertEquals("1500", rows("MATCH (h:Hub)-[r]-(l) WHERE l.i % 2 = 1 RETURN count(r)"));
    }
  }

  /// S6: a deleted entity keeps its identity, not its contents.
  @Nested
  class S6 {
    @Test
    void aNodeThatWaitsForItsRelationshipsToGoCanStillBeDetached() {
      db.run("CREATE (c:A) CREATE (c)-[:T]->(c) CREATE (c)-[:T]->(:B)");
      Summary summary = db.run("MATCH (a:A) DELETE a DETACH DELETE a").summary();
      assertEquals(1, summary.nodesDeleted());
      assertEquals(2, summary.relationshipsDeleted());
      assertEquals("1", rows("MATCH (n) RETURN count(n)"));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "n.x",
          "n['x']",
          "n.nothing",
          "labels(n)",
          "keys(n)",
          "properties(n)",
          "n:N",
          "n {.x}",
          "n {.*}",
          "exists(n.x)",
          "n.x IS NULL",
          "coalesce(n.x, 1)",
          "[m IN [n] | m.x]",
          "all(m IN [n] WHERE m.x = 1)",
          "{a: n}.a.x",
          "CASE WHEN n.x = 1 THEN 1 END",
          "max(n.x)",
          "collect(n.x)"
        })
    void theContentsOfADeletedNodeAreGone(String expression) {
      db.run("CREATE (:N {x: 1})");
      refuses(ErrorCode.DELETED_ENTITY_ACCESS, "MATCH (n:N) DELETE n RETURN " + expression);
      assertEquals("1", rows("MATCH (n:N) RETURN n.x"), "all was taken back");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"r.x", "r['x']", "keys(r)", "properties(r)", "r {.*}", "r.nothing", "max(r.x)"})
    void theContentsOfADeletedRelationshipAreGone(String expression) {
      db.run("CREATE (:A)-[:T {x: 1}]->(:B), (:A)-[:BARE]->(:B)");
      refuses(ErrorCode.DELETED_ENTITY_ACCESS, "MATCH ()-[r:T]->() DELETE r RETURN " + expression);
      refuses(
          ErrorCode.DELETED_ENTITY_ACCESS, "MATCH ()-[r:BARE]->() DELETE r RETURN " + expression);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "WITH n ORDER BY n.x RETURN 1",
          "WITH n WHERE n.x = 1 RETURN 1",
          "SET n.x = 2",
          "SET n.x = null",
          "SET n += {y: 1}",
          "SET n += {}",
          "SET n = {}",
          "SET n:M",
          "SET n:N",
          "REMOVE n.x",
          "REMOVE n:N",
          "CREATE (n)-[:T]->(:B)",
          "CREATE (:B)-[:T]->(n)",
          "CREATE (n)-[:T]->(n)",
          "MERGE (n)-[:T]->(:B)",
          "CREATE (:C {x: n.x})",
          "FOREACH (i IN [1] | SET n.x = i)",
          "WITH n MATCH (m:M) SET m = n",
          "CALL { WITH n SET n.x = 1 }",
          "WITH collect(n) AS all UNWIND all AS m SET m.x = 1",
          "WITH collect(n) AS all RETURN [m IN all | m.x]",
          "WITH n UNWIND [1, 2] AS i RETURN n.x + i"
        })
    void nothingIsDoneWithADeletedNode(String clause) {
      db.run("CREATE (:N {x: 1}), (:M)");
      refuses(ErrorCode.DELETED_ENTITY_ACCESS, "MATCH (n:N) DELETE n " + clause);
      assertEquals("1", rows("MATCH (n:N) RETURN n.x"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"SET r.x = 2", "SET r = {}", "SET r += {}", "REMOVE r.x", "SET a = r"})
    void nothingIsDoneWithADeletedRelationship(String clause) {
      db.run("CREATE (:A)-[:T {x: 1}]->(:B)");
      refuses(ErrorCode.DELETED_ENTITY_ACCESS, "MATCH (a)-[r:T]->() DELETE r " + clause);
      assertEquals("1", rows("MATCH ()-[r]->() RETURN r.x"));
    }

    @Test
    void theIdentityOfADeletedNodeIsStillThere() {
      db.run("CREATE (:N {x: 1}), (:N {x: 2}), (:M)");
      assertEquals(
          "2,2,2",
          rows("MATCH (n:N) DELETE n RETURN count(n), size(collect(n)), count(DISTINCT n)"));
      db.run("CREATE (:N {x: 1}), (:N {x: 2})");
      assertEquals(
          "true,false,true,false",
          rows(
              "MATCH (n:N) WITH collect(n) AS all WITH all[0] AS a, all[1] AS b, all DELETE a"
                  + " RETURN a = all[0], a = b, a IN all, a IS NULL"));
      Object id = value("MATCH (n:N) RETURN elementId(n)");
      assertEquals(id, value("MATCH (n:N) DELETE n RETURN elementId(n)"));
    }

    @Test
    void theIdentityOfADeletedRelationshipIsStillThere() {
      db.run("CREATE (:A)-[:T {x: 1}]->(:B), (:A)-[:U]->(:B)");
      assertEquals(
          "T,1; U,1", rows("MATCH ()-[r]->() DELETE r RETURN type(r), count(r) ORDER BY type(r)"));
      assertEquals(0, relationships());
    }

    @Test
    void rowsAreSortedGroupedAndMadeDistinctByDeletedEntities() {
      db.run("CREATE (a:N), (b:N) CREATE (a)-[:T]->(b), (a)-[:T]->(b)");
      assertEquals(
          "2,2",
          rows(
              "MATCH (n:N)-[r]-() DETACH DELETE n WITH n, count(*) AS c ORDER BY n"
                  + " RETURN count(n), max(c)"));
      db.run("CREATE (a:N), (b:N) CREATE (a)-[:T]->(b), (a)-[:T]->(b)");
      assertEquals("2", rows("MATCH ()-[r]-() DELETE r WITH DISTINCT r RETURN count(*)"));
    }

    @Test
    void aDeletedEntityThatIsReturnedIsItsIdentityAlone() {
      db.run("CREATE (:N {x: 1})-[:T {y: 1}]->(:M)");
      Row row =
          db.run("MATCH (n:N)-[r]->(m) DETACH DELETE n RETURN n, r, [n] AS l, {k: n} AS map, m")
              .rows()
              .getFirst();
      NodeValue node = (NodeValue) row.get("n");
      assertTrue(node.deleted());
      assertEquals(Set.of(), node.labels());
      assertEquals(Map.of(), node.properties());
      RelationshipValue relationship = (RelationshipValue) row.get("r");
      assertTrue(relationship.deleted());
      assertEquals(Map.of(), relationship.properties());
      assertEquals(List.of(node), row.get("l"));
      assertEquals(Map.of("k", node), row.get("map"));
      assertFalse(((NodeValue) row.get("m")).deleted());
    }

    @Test
    void aDeletedNodeHasNoRelationshipsAndIsNotFoundAgain() {
      db.run("CREATE (:N)-[:T]->(:M), (:N)-[:T]->(:M)");
      assertEquals(
          "0,0,0",
          rows(
              "MATCH (n:N) DETACH DELETE n WITH collect(n) AS all MATCH (m:M)"
                  + " OPTIONAL MATCH (x:N) OPTIONAL MATCH (m)--(y)"
                  + " RETURN count(x), count(y), sum(COUNT { (m)<-[:T]-() })"));
    }

    @Test
    void deletingTwiceIsDeletingOnce() {
      db.run("CREATE (:N)-[:T]->(:N), (:N)");
      Summary twice = db.run("MATCH (n:N) UNWIND [1, 2, 3] AS i DETACH DELETE n, n").summary();
      assertEquals(3, twice.nodesDeleted());
      assertEquals(1, twice.relationshipsDeleted());
      db.run("CREATE (:N)-[:T {x: 1}]->(:N), (:N)-[:U]->(:N)");
      Summary later =
          db.run("MATCH (a)-[r]->(b) DELETE r DELETE r DELETE a, r, a DELETE b").summary();
      assertEquals(4, later.nodesDeleted());
      assertEquals(2, later.relationshipsDeleted());
      db.run("CREATE (:N)");
      db.run("MATCH (n:N) FOREACH (i IN [1, 2] | DELETE n)");
      db.run("CREATE (:N)");
      db.run("MATCH (n:N) UNWIND [1, 2] AS i CALL { WITH n DELETE n }");
      assertEquals(0, nodes());
    }

    @Test
    void deletingNullIsDeletingNothing() {
      assertEquals(
          0, db.run("OPTIONAL MATCH (n:None)-[r]->() DELETE n, r, null").summary().nodesDeleted());
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "DELETE a, r, b",
          "DELETE r, a, b",
          "DELETE a, b, r",
          "DELETE a DELETE b DELETE r",
          "DELETE a WITH r, b DELETE r, b",
          "DELETE a, b WITH r DELETE r",
          "FOREACH (x IN [a, b] | DELETE x) DELETE r",
          "DELETE p",
          "DELETE nodes(p)[0], nodes(p)[1], relationships(p)[0]",
          "DELETE {a: a}.a, [r][0], b"
        })
    void nodesGoInAnyOrderWithTheirRelationships(String delete) {
      db.run("CREATE (:A)-[:T]->(:B), (:A)-[:T {x: 1}]->(:B), (c:A)-[:T]->(c)");
      db.run("MATCH p = (a)-[r]->(b) " + delete);
      assertEquals(0, nodes());
    }

    @Test
    void aNodeThatIsStillConnectedIsRefusedWhenTheStatementEnds() {
      db.run("CREATE (:A)-[:T]->(:B)");
      refuses(ErrorCode.DELETE_CONNECTED_NODE, "MATCH (a:A) DELETE a");
      refuses(ErrorCode.DELETE_CONNECTED_NODE, "MATCH (b:B) DELETE b RETURN 1");
      refuses(ErrorCode.DELETE_CONNECTED_NODE, "MATCH (a:A), (b:B) DELETE a CREATE (b)-[:T]->(b)");
      db.run("MATCH (a:A)-[r]->() DELETE a WITH r DELETE r");
      assertEquals(1, nodes());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{x: 1}"})
    void aNodeIsDetachedFromOneThatIsDeletedAlready(String properties) {
      db.run("CREATE (:A)-[:T " + properties + "]->(:B)<-[:T " + properties + "]-(:A)");
      db.run("MATCH (a:A)-->(b) DELETE b DETACH DELETE a");
      assertEquals(0, nodes());
    }

    @Test
    void whatWasDeletedByAStatementBeforeIsGone() {
      db.run("CREATE (:N {x: 1})");
      db.update(
          tx -> {
            Object node = tx.query("MATCH (n:N) RETURN n").toList().getFirst().get(0);
            assertTrue(node instanceof NodeValue);
            tx.query("MATCH (n:N) DELETE n");
            assertEquals("0", text(tx.query("MATCH (n) RETURN count(n)").toList()));
            assertEquals(
                List.of(),
                tx.query("MATCH (n {x: 1}) RETURN n UNION MATCH (n:N) RETURN n").toList());
          });
      assertEquals(0, nodes());
    }
  }

  /// S7: LIMIT and SKIP never stop the writes before them.
  @Nested
  class S7 {
    @ParameterizedTest
    @CsvSource(
        delimiter = '→',
        value = {
          "CREATE (n:N) RETURN n LIMIT 0 → 0 → 1",
          "CREATE (n:N) RETURN n SKIP 1 → 0 → 1",
          "UNWIND range(1, 5) AS i CREATE (n:N) RETURN n LIMIT 0 → 0 → 5",
          "UNWIND range(1, 5) AS i CREATE (n:N) RETURN n LIMIT 2 → 2 → 5",
          "UNWIND range(1, 5) AS i CREATE (n:N) RETURN n SKIP 2 LIMIT 2 → 2 → 5",
          "UNWIND range(1, 5) AS i CREATE (n:N {i: i}) RETURN n ORDER BY n.i LIMIT 1 → 1 → 5",
          "UNWIND range(1, 5) AS i CREATE (n:N) RETURN DISTINCT 1 AS x LIMIT 1 → 1 → 5",
          "UNWIND range(1, 5) AS i CREATE (n:N) RETURN count(*) AS c LIMIT 0 → 0 → 5",
          "UNWIND range(1, 5) AS i MERGE (n:N {i: i}) RETURN n LIMIT 1 → 1 → 5",
          "UNWIND range(1, 5) AS i MERGE (n:N {i: i}) ON CREATE SET n.x = 1 RETURN n LIMIT 0 → 0 → 5",
          "UNWIND range(1, 5) AS i CREATE (n:N) WITH n LIMIT 2 CREATE (m:N) RETURN m → 2 → 7",
          "UNWIND range(1, 5) AS i CREATE (n:N) WITH n LIMIT 0 CREATE (m:N) RETURN m → 0 → 5",
          "UNWIND range(1, 5) AS i CREATE (n:N) WITH n SKIP 4 CREATE (m:N) RETURN m LIMIT 0 → 0 → 6",
          "UNWIND range(1, 5) AS i WITH i LIMIT 2 CREATE (n:N) RETURN n → 2 → 2",
          "UNWIND range(1, 5) AS i WITH i SKIP 2 LIMIT 2 CREATE (n:N) RETURN n LIMIT 1 → 1 → 2",
          "UNWIND range(1, 5) AS i FOREACH (j IN [1, 2] | CREATE (:N)) RETURN i LIMIT 1 → 1 → 10",
          "UNWIND range(1, 5) AS i CALL { WITH i CREATE (n:N) RETURN n } RETURN n LIMIT 1 → 1 → 5",
          "UNWIND range(1, 5) AS i CALL { WITH i CREATE (:N) } RETURN i LIMIT 1 → 1 → 5",
          "UNWIND range(1, 5) AS i CALL { WITH i CREATE (:N) } RETURN i LIMIT 0 → 0 → 5",
          "UNWIND [1, 2, 3] AS i CALL { WITH i UNWIND [1, 2] AS j CREATE (n:N) RETURN n LIMIT 1 } RETURN n → 3 → 6",
          "UNWIND [1, 2, 3] AS i CALL { WITH i UNWIND [1, 2] AS j CREATE (n:N) RETURN n LIMIT 0 } RETURN n → 0 → 6",
          "UNWIND [1, 2, 3] AS i CALL { WITH i UNWIND [1, 2] AS j CREATE (n:N) RETURN n SKIP 1 } RETURN n LIMIT 1 → 1 → 6",
          "UNWIND [1, 2] AS i CALL { WITH i CALL { WITH i UNWIND [1, 2, 3] AS j CREATE (n:N) RETURN j } RETURN j LIMIT 1 } RETURN j → 2 → 6",
          "UNWIND [1, 2] AS i CALL { WITH i UNWIND [1, 2, 3] AS j CALL { WITH j CREATE (:N) } RETURN j LIMIT 1 } RETURN j → 2 → 6",
          "CALL { CREATE (:N) RETURN 1 AS x UNION ALL CREATE (:N) RETURN 2 AS x } RETURN x LIMIT 1 → 1 → 2",
          "CREATE (:N) RETURN 1 AS x LIMIT 0 UNION ALL CREATE (:N) RETURN 2 AS x LIMIT 0 → 0 → 2",
          "UNWIND [1, 2] AS i CALL { WITH i CREATE (:N) RETURN i AS x LIMIT 0 UNION WITH i CREATE (:N) RETURN i AS x } RETURN x LIMIT 1 → 1 → 4",
          "UNWIND range(1, 5) AS i WITH i LIMIT 3 CALL { WITH i CREATE (n:N) RETURN n LIMIT 0 } RETURN i → 0 → 3",
        })
    void allIsWrittenAndAFewRowsAreReturned(String statement, int rows, long nodes) {
      assertEquals(rows, db.run(statement).rows().size());
      assertEquals(nodes, nodes());
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "MATCH (n:N) DELETE n RETURN 1 LIMIT 0",
          "MATCH (n:N) DELETE n RETURN n SKIP 99",
          "MATCH (n:N) DELETE n WITH n LIMIT 1 RETURN count(n)",
          "MATCH (n:N) CALL { WITH n DELETE n } RETURN 1 AS x LIMIT 1",
          "MATCH (n:N) CALL { WITH n DELETE n RETURN 1 AS x LIMIT 0 } RETURN x",
          "MATCH (n:N) SET n:Gone REMOVE n:N WITH n LIMIT 0 RETURN n",
        })
    void deletingAndChangingIsNotStoppedEither(String statement) {
      db.run("UNWIND range(1, 5) AS i CREATE (:N)");
      db.run(statement);
      assertEquals("0", rows("MATCH (n:N) RETURN count(n)"));
    }

    @Test
    void rowsThatNobodyTakesAreWrittenToo() {
      db.update(
          tx -> {
            Rows rows = tx.query("UNWIND range(1, 5) AS i CREATE (n:N) RETURN n");
            assertTrue(rows.next());
            rows.close();
          });
      assertEquals(5, nodes());
    }
  }

  /// S8: a failed statement dooms its transaction.
  @Nested
  class S8 {
    private static final String DIVIDES = "UNWIND [2, 1, 0] AS i CREATE (:N {i: 1 / i})";

    @Test
    void aStatementThatFailsHalfwayChangesNothing() {
      refuses(ErrorCode.DIVISION_BY_ZERO, DIVIDES);
      refuses(ErrorCode.DIVISION_BY_ZERO, "CREATE (:N) WITH 1 AS x RETURN 1 / 0");
      refuses(
          ErrorCode.DIVISION_BY_ZERO, "UNWIND [1, 0] AS i CALL { WITH i CREATE (:N {i: 1 / i}) }");
      db.run("CREATE (:M {x: 1})");
      refuses(
          ErrorCode.DIVISION_BY_ZERO, "MATCH (m:M) UNWIND [1, 0] AS i SET m.x = 7 / i, m.y = 1");
      refuses(ErrorCode.DIVISION_BY_ZERO, "MATCH (m:M) DELETE m RETURN 1 / 0");
      assertEquals("1,null", rows("MATCH (m:M) RETURN m.x, m.y"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"RETURN 1 / 0", "RETRUN 1", "RETURN nobody", "RETURN $missing"})
    void aStatementThatOnlyReadsDoomsItsTransactionToo(String statement) {
      try (WriteTransaction tx = db.beginWrite()) {
        tx.query("CREATE (:Before)");
        assertThrows(QuarryException.class, () -> tx.query(statement));
        assertDoomed(() -> tx.query("CREATE (:After)"));
        assertDoomed(tx::commit);
      }
      assertEquals("0", rows("MATCH (n) RETURN count(n)"));
    }

    @Test
    void onlyRollbackIsLeft() {
      db.run("CREATE (:M {x: 1})");
      try (WriteTransaction tx = db.beginWrite()) {
        tx.query("CREATE (:Before)");
        assertEquals(
            ErrorCode.DIVISION_BY_ZERO,
            assertThrows(QuarryException.class, () -> tx.query(DIVIDES)).code());
        assertDoomed(() -> tx.query("CREATE (:After)"));
        assertDoomed(() -> tx.query("MATCH (n) RETURN n"));
        assertDoomed(() -> tx.createNode(Set.of("After"), Map.of()));
        assertDoomed(tx::commit);
        tx.rollback();
      }
      assertEquals("1", rows("MATCH (n) RETURN count(n)"));
      db.run("CREATE (:M)");
      assertEquals("2", rows("MATCH (n) RETURN count(n)"), "the next transaction is not touched");
    }

    private static void assertDoomed(org.junit.jupiter.api.function.Executable use) {
      assertEquals(ErrorCode.TRANSACTION_DOOMED, assertThrows(QuarryException.class, use).code());
    }

    @Test
    void aTransactionThatCatchesTheErrorCannotCommitAroundIt() {
      QuarryException error =
          assertThrows(
              QuarryException.class,
              () ->
                  db.update(
                      tx -> {
                        tx.query("CREATE (:Lost)");
                        assertThrows(QuarryException.class, () -> tx.query(DIVIDES));
                      }));
      assertEquals(ErrorCode.TRANSACTION_DOOMED, error.code());
      assertEquals(0, nodes());
    }

    @Test
    void aNodeThatIsStillConnectedDoomsToo() {
      db.run("CREATE (:A)-[:T]->(:B)");
      try (WriteTransaction tx = db.beginWrite()) {
        assertThrows(QuarryException.class, () -> tx.query("MATCH (a:A) DELETE a"));
        assertDoomed(tx::commit);
      }
      assertEquals(2, nodes());
    }

    @Test
    void theRowsOfAFailedStatementAreNotHandedOut() {
      try (WriteTransaction tx = db.beginWrite()) {
        Rows before = tx.query("UNWIND [1, 2] AS x RETURN x");
        assertThrows(QuarryException.class, () -> tx.query(DIVIDES));
        assertFalse(before.next(), "those of statements before it are closed");
      }
    }

    @Test
    void callInTransactionsIsATypedErrorInsideOfATransaction() {
      try (WriteTransaction tx = db.beginWrite()) {
        assertThrows(
            QuarryException.class,
            () -> tx.query("UNWIND [1] AS i CALL { WITH i CREATE (:N) } IN TRANSACTIONS"));
        assertThrows(QuarryException.class, () -> tx.query("CREATE INDEX some FOR (n:N) ON (n.x)"));
      }
      assertEquals(0, nodes());
    }
  }

  /// S9: names resolve when a clause opens.
  @Nested
  class S9 {
    @Test
    void aLabelThatTheStatementCreatesIsFoundByTheNextClause() {
      String text = "CREATE (:New) WITH 1 AS x MATCH (n:New) RETURN n";
      PreparedQuery prepared = db.prepare(text);
      assertEquals(1, db.run(text).rows().size());
      assertEquals(2, db.run(text).rows().size(), "from the plan cache too");
      assertEquals(3, db.run(prepared, Map.of(), QueryOptions.DEFAULT).rows().size());
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "CREATE ()-[:FRESH]->() WITH 1 AS x MATCH ()-[r:FRESH]->() RETURN count(r)",
          "CREATE ()-[:FRESH]->() WITH 1 AS x MATCH ()-[r:FRESH*1..2]->() RETURN count(r)",
          "CREATE ()-[:FRESH]->() WITH 1 AS x RETURN COUNT { ()-[:FRESH]->() }",
          "CREATE ({fresh: 1}) WITH 1 AS x MATCH (n {fresh: 1}) RETURN count(n)",
          "CREATE (n) SET n.fresh = 1 RETURN n.fresh",
          "CREATE (n) SET n += {fresh: 1} RETURN n.fresh",
          "CREATE (n) SET n:Fresh RETURN size([l IN labels(n) WHERE l = 'Fresh'])",
          "CREATE (n) SET n:Fresh WITH n WHERE n:Fresh RETURN count(n)",
          "CREATE (n:Fresh) WITH n WHERE n:Fresh RETURN count(n)",
          "MERGE (n:Fresh {k: 1}) MERGE (m:Fresh {k: 1}) RETURN count(n)",
          "CREATE (n:Fresh) WITH 1 AS x MATCH (m:Fresh|Other) RETURN count(m)",
          "CREATE (n:Fresh) WITH 1 AS x MATCH (m:!Other) RETURN count(m)",
          "CREATE (n) SET n.fresh = 1, n.copy = n.fresh RETURN n.copy",
          "CREATE (a)-[r:T]->(b) SET r.fresh = 1, r.copy = r.fresh RETURN r.copy",
          "CREATE (n:Fresh) WITH 1 AS x CALL { MATCH (m:Fresh) RETURN count(m) AS c } RETURN c",
          "CREATE (n:Fresh {k: 1}) WITH 1 AS x RETURN size([(m:Fresh)-->() | m]) + 1 AS c",
          "FOREACH (i IN [1, 2] | MERGE (:Fresh {k: 1})) WITH 1 AS x MATCH (m:Fresh) RETURN count(m)",
          "UNWIND [1, 1] AS i MERGE (m:Fresh {k: i}) ON MATCH SET m.x = 1 RETURN DISTINCT m.x",
          "CREATE (n:Fresh) WITH 1 AS x OPTIONAL MATCH (m:Fresh) RETURN count(m)",
        })
    void aNameThatNobodyHadUsedIsKnownToTheNextClause(String statement) {
      assertEquals("1", rows(statement));
    }

    @Test
    void aNameThatIsCreatedLaterMatchesNothingBefore() {
      assertEquals(
          "null", rows("OPTIONAL MATCH (n:New) CREATE (:New) RETURN n"), "when the clause opened");
      assertEquals("1", rows("OPTIONAL MATCH (n:New) CREATE (:Newer) RETURN count(n)"));
    }

    @Test
    void aNestedQueryLooksNamesUpForEachRow() {
      assertEquals(
          "[0, 1, 2]",
          rows(
              "UNWIND [1, 2, 3] AS i CALL { WITH i OPTIONAL MATCH (m:New)"
                  + " WITH count(m) AS c CREATE (:New) RETURN c } RETURN collect(c)"));
      assertEquals(
          "[0, 1, 2]",
          rows(
              "UNWIND [1, 2, 3] AS i CALL { WITH i OPTIONAL MATCH ()-[r:NEWT]->()"
                  + " WITH count(r) AS c CREATE ()-[:NEWT]->() RETURN c } RETURN collect(c)"));
      assertEquals(
          "[0, 1, 2]",
          rows(
              "CREATE (n:Counter) WITH n UNWIND [1, 2, 3] AS i CALL { WITH n"
                  + " WITH n, coalesce(n.fresh, 0) AS c SET n.fresh = c + 1 RETURN c }"
                  + " RETURN collect(c)"));
    }

    @Test
    void aTextThatRanBeforeItsNamesWereThereFindsThemLater() {
      String text = "MATCH (n:Later {key: 1})-[:LATER]->(m) RETURN count(m)";
      assertEquals("0", rows(text));
      db.run("CREATE (:Later {key: 1})-[:LATER]->(:Later)");
      assertEquals("1", rows(text));
      db.update(
          tx -> {
            String inside = "MATCH (n:Inside) RETURN count(n)";
            assertEquals("0", text(tx.query(inside).toList()));
            tx.query("CREATE (:Inside)");
            assertEquals("1", text(tx.query(inside).toList()));
          });
    }

    @Test
    void aNameOfATransactionThatWasTakenBackIsForgotten() {
      try (WriteTransaction tx = db.beginWrite()) {
        tx.query("CREATE (:Lost {lost: 1})-[:LOST]->()");
        assertEquals("1", text(tx.query("MATCH (n:Lost {lost: 1}) RETURN count(n)").toList()));
      }
      db.run("CREATE (:Other {other: 1})-[:OTHER]->()");
      assertEquals("0", rows("MATCH (n:Lost) RETURN count(n)"));
      assertEquals("0", rows("MATCH (n {lost: 1}) RETURN count(n)"));
      assertEquals("0", rows("MATCH ()-[r:LOST]->() RETURN count(r)"));
    }
  }
}
