package dev.quarry.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.WriteTransaction;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Rule S24: counts are exact and may answer a query; estimates choose plans and answer nothing.
class StatisticsRulesTest extends RuleFixture {
  /// That the counts of the catalog are those of a walk.
  private void assertExact() {
    for (String pattern :
        List.of("(x)", "(x:A)", "(x:B)", "()-[x]->()", "()-[x:T]->()", "()-[x:T|U]->()")) {
      assertEquals(
          rows("MATCH " + pattern + " WITH x AS y RETURN count(*)"),
          rows("MATCH " + pattern + " RETURN count(*)"),
          pattern);
      assertEquals(
          rows("MATCH " + pattern + " WITH x AS y RETURN count(y)"),
          rows("MATCH " + pattern + " RETURN count(x)"),
          pattern);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UNWIND range(1, 5) AS i CREATE (:A:B)-[:T]->(:A)-[:U {p: 1}]->(:C)",
        "MATCH (a:A) WITH a LIMIT 2 SET a:B",
        "MATCH (a:A) WITH a LIMIT 3 REMOVE a:A",
        "MATCH (a:A) WITH a LIMIT 3 DETACH DELETE a",
        "MATCH ()-[r:T]->() WITH r LIMIT 1 DELETE r",
        "MATCH (a:A) CREATE (a)-[:T]->(a), (a)-[:T {p: 1}]->(a)",
        "MATCH (a) DETACH DELETE a",
      })
  void countsAreExactAfterEveryKindOfWrite(String write) {
    db.run("UNWIND range(1, 9) AS i CREATE (:A)-[:T]->(:B), (:A:B)-[:U {p: 1}]->(:A)");
    db.run(write);
    assertExact();
  }

  @Test
  void countsInsideOfATransactionAreThoseOfTheTransaction() {
    db.run("CREATE (:A)-[:T]->(:B)");
    try (WriteTransaction tx = db.beginWrite()) {
      tx.query("UNWIND range(1, 3) AS i CREATE (:A)-[:T]->(:A)");
      assertEquals("7", text(tx.query("MATCH (a:A) RETURN count(*)").toList()));
      assertEquals("4", text(tx.query("MATCH ()-[r:T]->() RETURN count(r)").toList()));
      assertEquals("1", rows("MATCH (a:A) RETURN count(*)"), "not those of a reader");
    }
    assertExact();
    assertEquals("1", rows("MATCH (a:A) RETURN count(*)"));
  }

  @Test
  void countsBehindAWriteOfTheSameStatementAreExact() {
    assertEquals("1", rows("CREATE (:A) WITH 1 AS x MATCH (a:A) RETURN count(*)"));
    assertEquals(
        "0",
        rows("MATCH (a:A) DELETE a WITH DISTINCT 1 AS x OPTIONAL MATCH (b:A) RETURN count(b)"));
  }

  @Test
  void extremesAreReadFromTheGraph() {
    db.run("UNWIND range(1, 100) AS i CREATE (:A {x: i})");
    db.admin().checkpoint();
    assertEquals("1,100,100", rows("MATCH (a:A) RETURN min(a.x), max(a.x), count(DISTINCT a.x)"));
    db.run("MATCH (a:A) WHERE a.x IN [1, 100] DELETE a");
    assertEquals("2,99,98", rows("MATCH (a:A) RETURN min(a.x), max(a.x), count(DISTINCT a.x)"));
    assertEquals("1,100", rows("CALL db.statistics.properties() YIELD minimum, maximum"));
  }

  @Test
  void kindsOfRelationshipsAreCountedExactly() {
    String kinds =
        "CALL db.statistics.kinds() YIELD labels, type, otherLabels, relationships AS n"
            + " RETURN labels, type, otherLabels, n ORDER BY n";
    db.run("UNWIND range(1, 9) AS i CREATE (:A)-[:T]->(:B), (:A:B)<-[:U {p: 1}]-(:A)");
    db.run("MATCH (a:A)-[t:T]->(b) WITH a, b LIMIT 1 CREATE (a)-[:T]->(b), (a)-[:T {p: 1}]->(a)");
    assertEquals("[A],T,[A],1; [A],U,[A, B],9; [A],T,[B],10", rows(kinds));
    db.run("MATCH ()-[u:U]->() WITH u LIMIT 8 DELETE u");
    db.run("MATCH (a)-[t:T]->(a) DELETE t");
    assertEquals("[A],U,[A, B],1; [A],T,[B],10", rows(kinds));
    try (WriteTransaction tx = db.beginWrite()) {
      tx.query("MATCH (b:B) DETACH DELETE b");
      assertEquals("", text(tx.query(kinds).toList()), "of the transaction");
    }
    assertEquals("[A],U,[A, B],1; [A],T,[B],10", rows(kinds));
  }

  /// The plan of a statement before and after estimates were made, and one answer.
  private void turns(String statement, String before, String after) {
    String plan = db.run(statement).summary().plan();
    assertTrue(plan.contains(before), plan);
    String answer = rows(statement);
    db.admin().checkpoint();
    plan = db.run(statement).summary().plan();
    assertTrue(plan.contains(after), plan);
    assertEquals(answer, rows(statement));
  }

  @Test
  void aKeyIsTakenForMoreSelectiveThanAFlag() {
    db.run("UNWIND range(1, 200) AS i CREATE (:A {flag: i % 2})-[:T]->(:B {id: i})");
    db.run("UNWIND range(1, 100) AS i CREATE (:B {id: -i})");
    turns(
        "MATCH (a:A {flag: 1})-[:T]->(b:B {id: 7}) RETURN count(*)",
        "ScanNodes :A",
        "ScanNodes :B");
  }

  @Test
  void aNodeWithoutALabelIsEstimatedOverAllArenas() {
    db.run("UNWIND range(1, 100) AS i CREATE (:A {x: i})-[:T {w: i}]->(:B {x: -i})");
    db.admin().checkpoint();
    assertEquals("51", rows("MATCH (n)-[]->(m) WHERE n.x >= 50 RETURN count(*)"));
    assertEquals("1", rows("MATCH (n)-[t]->() WHERE t.w = 7 RETURN count(*)"));
  }

  @Test
  void rangesGoByTheExtremes() {
    db.run("UNWIND range(1, 100) AS i CREATE (:A {x: i})-[:T]->(:B {y: i})");
    db.run("CREATE (:A {x: 100})");
    turns(
        "MATCH (a:A)-[:T]->(b:B) WHERE 50 < a.x <= 55 AND b.y > 10 RETURN count(*)",
        "ScanNodes :B",
        "ScanNodes :A");
  }

  @Test
  void aPropertyThatFewHaveIsSelective() {
    db.run(
        "UNWIND range(1, 100) AS i CREATE (a:A)-[:T]->(:B) SET a.rare = CASE i WHEN 1 THEN 1 END");
    db.run("CREATE (:A)");
    turns(
        "MATCH (a:A)-[:T]->(b:B) WHERE a.rare IS NOT NULL RETURN count(*)",
        "ScanNodes :B",
        "ScanNodes :A");
  }

  /// Of all nodes few have an X, of those with label A all have ten: counted exactly, by kind.
  @Test
  void theFanOutOfAStepIsThatOfItsKind() {
    db.run(
        "UNWIND range(1, 10) AS i CREATE (a:A) WITH a UNWIND range(1, 10) AS j CREATE (a)-[:X]->(:P)");
    db.run("MATCH (a:A) CREATE (a)-[:Y]->(:Q)");
    db.run("UNWIND range(1, 300) AS i CREATE (:C)-[:Y]->(:Q)");
    String plan = db.run("MATCH (p:P)<-[:X]-(a:A)-[:Y]->(q:Q) RETURN count(*)").summary().plan();
    assertTrue(plan.indexOf("-[:X]->") < plan.indexOf("-[:Y]->"), plan);
    assertEquals("100", rows("MATCH (p:P)<-[:X]-(a:A)-[:Y]->(q:Q) RETURN count(*)"));
  }

  /// Nearly all E go to one hub, which is met by whoever follows an E to its end.
  @Test
  void aNodeThatWasReachedHasMoreNeighboursThanOthers() {
    db.run("UNWIND range(1, 300) AS i CREATE (:H {i: i})");
    db.run("MATCH (h:H {i: 1}) UNWIND range(1, 200) AS i CREATE (:S)-[:E]->(h)");
    db.run("MATCH (h:H) CREATE (h)-[:F]->(:G), (h)-[:F]->(:G)");
    db.run("UNWIND range(1, 9) AS i CREATE (:G)");
    turns(
        "MATCH (s:S)-[:E]->(h:H)<-[:E]-(t:S), (h)-[:F]->(g:G) WHERE s.i IS NULL RETURN size(collect(0))",
        "Expand -[:F]->\nFilter relationships differ",
        "Expand -[:F]->\nFilter (h:H)");
  }

  @Test
  void explainSaysWhenEstimatesAreOld() {
    db.run("UNWIND range(1, 50) AS i CREATE (:A {x: i})-[:T]->(:B)");
    String text = "EXPLAIN MATCH (a:A {x: 1})-[:T]->(b:B) RETURN b";
    assertFalse(rows(text).contains("Estimates"), "there are none");
    db.admin().checkpoint();
    assertFalse(rows(text).contains("Estimates"), "they are of this commit");
    db.run("CREATE (:C)");
    assertTrue(
        rows(text).endsWith("Estimates of :A are of commit 1, this is commit 2"), rows(text));
    db.run("UNWIND range(1, 5) AS i CREATE (:A {x: i})");
    String old = "Estimates of :A are of commit 1, this is commit 3; 50 nodes then, 55 now";
    assertTrue(rows(text).endsWith(old), rows(text));
    assertFalse(rows("EXPLAIN MATCH (a:A) RETURN count(*)").contains("Estimates"), "none is used");
    db.run("UNWIND range(1, 50) AS i CREATE (:A {x: i})");
    db.admin().checkpoint();
    assertFalse(rows(text).contains("Estimates"), "made anew");
  }

  @Test
  void estimatesAreShown() {
    db.run("UNWIND range(1, 10) AS i CREATE (:A {x: i, y: 'y'})-[:T {w: 1.5}]->(:B)");
    db.run("MATCH (a:A {x: 1}) CREATE (a)-[:T]->(a)");
    db.admin().checkpoint();
    assertEquals(
        "NODE,[A],x,10,10,10,1,10,2; NODE,[A],y,10,10,1,y,y,2;"
            + " RELATIONSHIP,[T],w,10,10,1,1.5,1.5,2",
        rows("CALL db.statistics.properties()"));
    assertEquals(
        "[A],T,OUTGOING,10,10,2,[9, 1],1,false,2; [A],T,INCOMING,10,1,1,[1],1,false,2;"
            + " [B],T,INCOMING,10,10,1,[10],0,false,2",
        rows("CALL db.statistics.degrees()"));
  }
}
