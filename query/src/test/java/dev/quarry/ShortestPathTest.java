package dev.quarry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.SyntaxException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What `shortestPath` and `allShortestPaths` return, on a small graph.
///
/// ```text
/// a ─R1→ b ─R2→ d ─R5→ e      S: a → e with w = 9
/// a ─R3→ c ─R4→ d             x stands alone; loop b ─R6→ b
/// ```
class ShortestPathTest {
  private Quarry db;

  @BeforeEach
  void createGraph() {
    db = Quarry.inMemory();
    db.run(
        "CREATE (a:P {n: 'a'}), (b:P:Q {n: 'b'}), (c:P {n: 'c'}), (d:P {n: 'd'}), (e:P {n: 'e'}),"
            + " (x:P {n: 'x'}), (a)-[:R {w: 1}]->(b), (b)-[:R {w: 2}]->(d), (a)-[:R {w: 3}]->(c),"
            + " (c)-[:R {w: 4}]->(d), (d)-[:R {w: 5}]->(e), (b)-[:R {w: 6}]->(b),"
            + " (a)-[:S {w: 9}]->(e)");
  }

  @AfterEach
  void checkAndClose() {
    assertEquals(List.of(), db.admin().check().problems());
    db.close();
  }

  private String rows(String cypher) {
    StringBuilder text = new StringBuilder();
    for (Row row : db.run(cypher)) {
      text.append(text.isEmpty() ? "" : "; ");
      text.append(String.join(",", row.asMap().values().stream().map(String::valueOf).toList()));
    }
    return text.toString();
  }

  private static final String ENDS = "MATCH (a:P {n: 'a'}), (e:P {n: 'e'})";
  private static final String NAMES = " RETURN [n IN nodes(p) | n.n] AS names ORDER BY names";

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      value = {
        "p = shortestPath((a)-[*]-(e)) → [a, e]",
        "p = shortestPath((a)-[:R|S*]->(e)) → [a, e]",
        "p = allShortestPaths((a)-[:R*]->(e)) → [a, b, d, e]; [a, c, d, e]",
        "p = allShortestPaths((e)<-[:R*]-(a)) → [e, d, b, a]; [e, d, c, a]",
        "p = allShortestPaths((a)-[:R*]-(e)) → [a, b, d, e]; [a, c, d, e]",
        "p = shortestPath((e)-[*]->(a)) → ''",
        "p = shortestPath((a)-[:R*..2]-(e)) → ''",
        "p = allShortestPaths((a)-[:R*..3]-(e)) → [a, b, d, e]; [a, c, d, e]",
        "p = shortestPath((a)-[:NONE*]-(e)) → ''",
        "p = shortestPath((a)-->(e)) → [a, e]",
        "p = shortestPath((a)-[:R]->(e)) → ''",
        "p = shortestPath((a)-[*0..]-(a)) → [a]",
        "p = shortestPath((a)-[*0..0]-(a)) → [a]",
        "p = shortestPath((a)-[*0..0]-(e)) → ''",
        "p = shortestPath((a)-[*]-(a)) → ''",
        "p = shortestPath((a)-[:R*]->(e:Q)) → ''",
        "p = shortestPath((a)-[:R*]->(q:Q)) → [a, b]",
        "p = shortestPath((:Q)-[:R*]->(e)) → [b, d, e]",
      })
  void pathsOfAMatch(String pattern, String expected) {
    assertEquals(expected, rows(ENDS + " MATCH " + pattern + NAMES), pattern);
    assertEquals(expected, rows(ENDS + ", " + pattern + NAMES), pattern);
  }

  @Test
  void conditionsOfAllElementsArePartOfTheSearch() {
    String match = ENDS + " MATCH p = shortestPath((a)-[r*]-(e)) WHERE ";
    assertEquals(
        "[a, c, d, e]",
        rows(
            match
                + "none(n IN nodes(p) WHERE n:Q) AND"
                + " all(r IN relationships(p) WHERE r.w < 9)"
                + NAMES));
    assertEquals("[a, c, d, e]", rows(match + "all(x IN r WHERE x.w IN [3, 4, 5])" + NAMES));
    assertEquals("", rows(match + "all(n IN nodes(p) WHERE n.n <> 'a')" + NAMES));
    assertEquals("", rows(match + "all(n IN nodes(p) WHERE n.n <> 'e')" + NAMES));
    assertEquals("", rows(match + "none(x IN r WHERE x.w > 4)" + NAMES));
    assertEquals("", rows(match + "all(x IN r WHERE x.missing = 1)" + NAMES));
    assertEquals(
        "[a, b, d, e]; [a, c, d, e]",
        rows(
            ENDS
                + ", (x {n: 'x'}) MATCH p = allShortestPaths((a)-[*]->(e))"
                + " WHERE all(r IN relationships(p) WHERE r.w < 9 AND x.n = 'x')"
                + NAMES));
  }

  @Test
  void otherConditionsChooseAmongTheShortestPaths() {
    String match = ENDS + " MATCH p = allShortestPaths((a)-[r:R*]->(e)) WHERE ";
    assertEquals("[a, b, d, e]", rows(match + "any(n IN nodes(p) WHERE n:Q)" + NAMES));
    assertEquals("", rows(match + "length(p) > 3" + NAMES));
    assertEquals("[a, c, d, e]", rows(match + "r[0].w = 3" + NAMES));
    assertEquals(
        "[a, b, d, e]; [a, c, d, e]",
        rows(match + "all(x IN r WHERE x.w <= 2 * length(p))" + NAMES));
  }

  @Test
  void aPropertyMapIsPartOfTheSearch() {
    db.run("MATCH (a {n: 'a'}), (e {n: 'e'}) CREATE (a)-[:R {w: 9}]->(e)");
    String match = "MATCH (a {n: 'a'}), (e {n: 'e'}) MATCH ";
    assertEquals("2", rows(match + "p = allShortestPaths((a)-[* {w: 9}]-(e)) RETURN count(p)"));
    assertEquals("1", rows(match + "allShortestPaths((a)-[:S* {w: 9}]-(e)) RETURN count(*)"));
    assertEquals("0", rows(match + "allShortestPaths((a)-[* {w: 8}]-(e)) RETURN count(*)"));
    assertEquals("0", rows(match + "allShortestPaths((a)-[* {w: null}]-(e)) RETURN count(*)"));
    assertEquals(
        "[9]", rows(match + "shortestPath((a)-[r:S* {w: 3 * 3}]-(e)) RETURN [x IN r | x.w]"));
  }

  @Test
  void pathsAreValuesOfExpressions() {
    assertEquals(
        "a,null,0; b,1,1; c,1,1; d,2,3; e,1,1; x,null,0",
        rows(
            "MATCH (a:P {n: 'a'}), (b:P) RETURN b.n AS n, length(shortestPath((b)-[*]-(a))) AS l,"
                + " size(allShortestPaths((b)-[*]-(a))) AS s ORDER BY n"));
    assertEquals(
        "b; c; d; e",
        rows(
            "MATCH (a:P {n: 'a'}), (b:P) WHERE shortestPath((a)-[*]->(b)) IS NOT NULL"
                + " RETURN b.n ORDER BY b.n"));
    assertEquals(
        "2", rows(ENDS + " WITH allShortestPaths((a)-[:R*]->(e)) AS all RETURN size(all)"));
    assertEquals("null", rows(ENDS + " RETURN shortestPath((e)-[*]->(a)) AS p"));
    assertEquals("[]", rows(ENDS + " RETURN allShortestPaths((e)-[*]->(a)) AS p"));
    assertEquals(
        "1,3",
        rows(
            ENDS
                + " RETURN min(length(shortestPath((a)-[*]-(e)))) AS least,"
                + " max(length(shortestPath((a)-[:R*]-(e)))) AS most"));
  }

  @Test
  void optionalMatchGivesNullWhereThereIsNone() {
    assertEquals(
        "a,null; b,1; c,1; d,2; e,1; x,null",
        rows(
            "MATCH (a:P {n: 'a'}), (b:P) OPTIONAL MATCH p = shortestPath((a)-[*]-(b))"
                + " RETURN b.n, length(p) ORDER BY b.n"));
    assertEquals(
        "null",
        rows(
            "MATCH (a:P {n: 'a'}) OPTIONAL MATCH (a)-[:NONE]->(b)"
                + " OPTIONAL MATCH p = shortestPath((a)-[*]-(b)) RETURN p"));
  }

  @Test
  void relationshipsOfOtherPartsMayBeUsedAgain() {
    assertEquals(
        "1",
        rows(
            "MATCH (a {n: 'a'})-[s:S]->(e), p = shortestPath((a)-[*]->(e))" + " RETURN length(p)"));
  }

  @Test
  void parallelRelationshipsAreDifferentPaths() {
    db.run("MATCH (a {n: 'a'}), (b {n: 'b'}) CREATE (a)-[:R]->(b), (a)-[:R]->(b), (b)-[:R]->(a)");
    String all = "MATCH (a {n: 'a'}), (d {n: 'd'}) MATCH p = allShortestPaths(";
    assertEquals("4", rows(all + "(a)-[:R*]->(d)) RETURN count(DISTINCT p)"));
    assertEquals("5", rows(all + "(a)-[:R*]-(d)) RETURN count(DISTINCT relationships(p))"));
  }

  @Test
  void typesAreLookedUpWhenTheSearchBegins() {
    assertEquals(
        "2",
        rows(
            "MATCH (a {n: 'a'}), (x {n: 'x'}) CREATE (a)-[:NEW]->()-[:NEW]->(x) WITH a, x"
                + " MATCH p = shortestPath((a)-[:NEW*]->(x)) RETURN length(p)"));
  }

  @Test
  void theBestOfManyPathsNeedsNotAllOfThem() {
    db.run("CREATE (s:L {i: 0}) WITH s UNWIND range(1, 60) AS i CREATE (:L {i: i})");
    db.run("MATCH (a:L), (b:L) WHERE b.i = a.i + 1 UNWIND [1, 2, 3] AS x CREATE (a)-[:T]->(b)");
    String match = "MATCH (a:L {i: 0}), (b:L {i: 60}) MATCH p = allShortestPaths((a)-[:T*]->(b))";
    assertEquals("60; 60; 60", rows(match + " RETURN length(p) LIMIT 3"));
    assertEquals(
        "2000", rows(match + " WITH p LIMIT 2000 RETURN count(DISTINCT relationships(p))"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      value = {
        "MATCH p = shortestPath((a)-[*2..3]-(b)) RETURN p → SyntaxError.NotSupported",
        "MATCH p = shortestPath((a)-[r]-(b)) RETURN p → SyntaxError.NotSupported",
        "MATCH p = shortestPath((a)) RETURN p → SyntaxError.InvalidRelationshipPattern",
        "MATCH p = shortestPath((a)--(b)--(c)) RETURN p → SyntaxError.InvalidRelationshipPattern",
        "MATCH p = shortestPath((a)-[* $p]-(b)) RETURN p → SyntaxError.InvalidParameterUse",
        "MATCH (a) RETURN shortestPath((a)-[*]-(b)) → SyntaxError.UndefinedVariable",
        "MATCH (a) RETURN shortestPath((a)-[*]-()) → SyntaxError.InvalidRelationshipPattern",
        "MATCH (a), p = shortestPath((a)-[a*]-(b)) RETURN p → SyntaxError.VariableTypeConflict",
        "MATCH (p), p = shortestPath((a)-[*]-(b)) RETURN p → SyntaxError.VariableAlreadyBound",
        "CREATE p = shortestPath((a)-[:T]->(b)) → SyntaxError.UnexpectedSyntax",
      })
  void patternsWithoutAMeaningAreRefused(String statement, String code) {
    SyntaxException error = assertThrows(SyntaxException.class, () -> db.run(statement));
    assertEquals(code, error.code().text(), error.getMessage());
  }

  @Test
  void thePlanNamesTheSearchAndItsConditions() {
    String plan =
        rows(
            "EXPLAIN MATCH (a:P), (b:P), p = allShortestPaths((a)-[:R*..4 {w: 1}]->(b))"
                + " WHERE none(n IN nodes(p) WHERE n:Q) RETURN p");
    assertTrue(
        plan.contains("AllShortestPaths -[:R*1..4]-> over relationships 1 over nodes n:Q"), plan);
  }
}
