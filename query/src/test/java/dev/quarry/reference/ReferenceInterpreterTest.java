package dev.quarry.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.QueryException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the reference gives, rule by rule, against results that were worked out by hand.
class ReferenceInterpreterTest {
  private ReferenceGraph graph = new ReferenceGraph();

  /// Runs a statement and keeps its graph; gives its rows, the cells of a row joined by commas.
  private String run(String statement) {
    ReferenceInterpreter.Outcome outcome =
        ReferenceInterpreter.run(graph, statement, Map.of("two", 2L));
    graph = outcome.graph();
    CanonicalText text = new CanonicalText(true, true);
    List<String> rows = new ArrayList<>();
    for (var row : outcome.rows()) {
      rows.add(
          String.join(
              ",",
              outcome.columns().stream()
                  .map(column -> text.of(BorderValues.of(row.get(column))))
                  .toList()));
    }
    return String.join("; ", rows);
  }

  private ErrorCode error(String statement) {
    return assertThrows(QueryException.class, () -> run(statement)).code();
  }

  // S1

  @Test
  void aClauseSeesTheClausesBeforeItAndNotItself() {
    run("CREATE (:X), (:X)");
    assertEquals(
        "2,4", run("MATCH (n) CREATE (m:X) WITH count(*) AS c MATCH (x:X) RETURN c, count(x)"));
    assertEquals(
        "4,4,4,4",
        run(
            "MATCH (n) CREATE (m {k: COUNT { (:X) }}) WITH collect(m.k) AS k RETURN k[0], k[1], k[2], k[3]"));
  }

  // S2

  @Test
  void setGoesRowByRowAndItemByItem() {
    run("CREATE (:C {n: 0})");
    assertEquals("3; 3; 3", run("UNWIND [1, 2, 3] AS i MATCH (c:C) SET c.n = c.n + 1 RETURN c.n"));
    assertEquals("1,2", run("MATCH (c:C) SET c.a = 1, c.b = c.a + 1 RETURN c.a, c.b"));
  }

  // S3

  @Test
  void mergeSeesWhatEarlierRowsCreated() {
    assertEquals(
        "1,1; 2,0; 1,1",
        run(
            "UNWIND [1, 2, 1] AS i MERGE (n:M {k: i}) ON CREATE SET n.hits = 0"
                + " ON MATCH SET n.hits = n.hits + 1 RETURN i, n.hits"));
    assertEquals(ErrorCode.MERGE_READ_OWN_WRITES, error("MERGE (:M {k: null})"));
    assertEquals("2", run("MATCH (n) RETURN count(n)"));
  }

  @Test
  void mergeOfAPatternMatchesAllOfItOrCreatesAllOfIt() {
    run("CREATE (:A)-[:T]->(:B), (:A)");
    run("MATCH (a:A) MERGE (a)-[:T]->(:B)");
    assertEquals(
        "2,2,2",
        run(
            "MATCH (a:A) WITH count(a) AS a MATCH (b:B) WITH a, count(b) AS b MATCH ()-[r:T]->() RETURN a, b, count(r)"));
  }

  // S4

  @Test
  void anIdIsNotUsedAgain() {
    run("CREATE (:A {k: 1})");
    assertEquals("false", run("MATCH (a:A) DELETE a MERGE (b:A {k: 2}) RETURN id(a) = id(b)"));
  }

  // S5

  @Test
  void whatAWalkFoundStaysWhileItIsDeleted() {
    run("CREATE (a:A)-[:T]->(), (a)-[:T]->(), (a)-[:T]->(a)");
    assertEquals("3", run("MATCH (:A)-[r]->() DELETE r RETURN count(r)"));
    assertEquals("0", run("MATCH ()-[r]->() RETURN count(r)"));
  }

  // S6

  @Test
  void aDeletedEntityKeepsItsIdentityOnly() {
    run("CREATE (:A {k: 1})-[:T]->(:B)");
    assertEquals(
        "'T',1,true", run("MATCH (a:A)-[r]->(b) DELETE b, r, a RETURN type(r), count(a), a = a"));
    run("CREATE (:A {k: 1})-[:T]->(:B)");
    assertEquals(ErrorCode.DELETED_ENTITY_ACCESS, error("MATCH (a:A) DETACH DELETE a RETURN a.k"));
    assertEquals(ErrorCode.DELETED_ENTITY_ACCESS, error("MATCH (a:A) DETACH DELETE a SET a.k = 2"));
    assertEquals(
        ErrorCode.DELETED_ENTITY_ACCESS, error("MATCH (a:A) DETACH DELETE a RETURN labels(a)"));
    assertEquals(ErrorCode.DELETE_CONNECTED_NODE, error("MATCH (a:A) DELETE a"));
    assertEquals(
        "(deleted),'T'", run("MATCH (a:A)-[r]->() DETACH DELETE a DELETE a RETURN a, type(r)"));
    assertEquals("1", run("MATCH (n) RETURN count(n)"));
  }

  // S7

  @Test
  void limitDoesNotStopTheWritesBeforeIt() {
    assertEquals("", run("UNWIND [1, 2] AS i CREATE (n:N) RETURN n LIMIT 0"));
    assertEquals("2", run("MATCH (n:N) RETURN count(n)"));
    assertEquals("", run("MATCH (n:N) SET n.k = 1 RETURN n SKIP 5"));
    assertEquals("2", run("MATCH (n:N {k: 1}) RETURN count(n)"));
  }

  // S8

  @Test
  void aFailedStatementChangesNothing() {
    assertEquals(ErrorCode.INVALID_PROPERTY_TYPE, error("CREATE (:X), (:Y {k: [1, 'a']})"));
    assertEquals(ErrorCode.DIVISION_BY_ZERO, error("CREATE (:X) RETURN 1 / 0"));
    assertEquals("0", run("MATCH (n) RETURN count(n)"));
  }

  // S14, S15, S18 and expressions

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      quoteCharacter = '`',
      value = {
        "RETURN 1 = 1.0, 9007199254740993 = 9007199254740992.0, null = null, 0.0 = -0.0 → true,false,null,true",
        "RETURN 0.0 / 0 = 0.0 / 0, 1 < 0.0 / 0, 1 < 'a', 1 < null, true < 1 → false,false,null,null,null",
        "UNWIND [1, 1.0, 0.0 / 0, 0.0 / 0, null, null] AS x RETURN count(*), count(DISTINCT x) → 6,2",
        "UNWIND [1, 1.0, null, null, 0.0 / 0, 0.0 / 0] AS x WITH DISTINCT x RETURN count(*) → 3",
        "UNWIND [null, 0.0 / 0, 2, 1.5, true, 'a', [1], {a: 1}] AS x RETURN x ORDER BY x → {a=1}; [1]; 'a'; true; 1.5; 2; NaN; null",
        "RETURN [1, null] = [1, null], [1, null] = [2, null], [1] = [1, 2], {a: 1} = {a: 1.0} → null,false,false,true",
        "RETURN [1, 2] < [1, 3], [1] < [1, 0], [1, null] < [2], [null] < [1] → true,true,true,null",
        "RETURN 'ﬁ' < '😀', size('😀a'), reverse('😀a') → true,2,'a😀'",
        "RETURN 7 / 2, -7 / 2, 7 % 3, 2 ^ 3, 1.0 / 0 → 3,-3,1,8.0,Infinity",
        "RETURN true AND null, false AND null, true OR null, null XOR true, NOT null → null,false,true,null,null",
        "RETURN 1 IN [1, null], 2 IN [1, null], null IN [], 1 IN null → true,null,false,null",
        "RETURN 1 < 2 < 3, 1 < 3 < 2, 'ab' STARTS WITH 'a', 1 STARTS WITH 'a' → true,false,true,null",
        "RETURN all(x IN [1, null] WHERE x = 1), any(x IN [1, null] WHERE x = 1), single(x IN [1, 1] WHERE x = 1), none(x IN [] WHERE x) → null,true,false,true",
        "RETURN [1, 2, 3][-1], [1, 2, 3][1..], [1, 2, 3][..-1], [1][3], {a: 1}['a'] → 3,[2, 3],[1, 2],null,1",
        "RETURN reduce(s = 0, x IN [1, 2, 3] | s + x), [x IN [1, 2, 3] WHERE x > 1 | x * $two] → 6,[4, 6]",
        "RETURN CASE 2 WHEN 1 THEN 'a' WHEN 2.0 THEN 'b' END, CASE WHEN null THEN 1 ELSE 2 END → 'b',2",
        "RETURN 'a' + 1, [1] + 2, 1 + [2], null + 1 → 'a1',[1, 2],[1, 2],null",
        "RETURN toInteger('1.9'), toInteger('x'), toFloat('2'), toString(1.0), toBoolean('TRUE') → 1,null,2.0,'1.0',true",
        "UNWIND [3, null, 1] AS x RETURN count(x), sum(x), avg(x), min(x), max(x), collect(x) → 2,4,2.0,1,3,[3, 1]",
        "UNWIND [] AS x RETURN count(*), sum(x), avg(x), min(x), collect(x) → 0,0,null,null,[]",
        "UNWIND [1, 2, 2] AS x RETURN x, count(*) AS n ORDER BY n DESC → 2,2; 1,1",
        "UNWIND [1, 2] AS x WITH x AS y WHERE x > 1 RETURN y → 2",
        "RETURN 1 AS x UNION RETURN 1.0 AS x UNION RETURN 2 AS x → 1; 2",
        "RETURN 1 AS x UNION ALL RETURN 1 AS x → 1; 1",
      })
  void values(String statement, String expected) {
    assertEquals(expected, run(statement));
  }

  // S19

  @Test
  void relationshipsDifferInOneMatchAndNotAcrossTwo() {
    run("CREATE (a:A)-[:T]->(a), (a)-[:T]->(:B)");
    assertEquals("1", run("MATCH (x)-->(y)-->(z) RETURN count(*)"));
    assertEquals("2", run("MATCH (x)-->(y), (z)-->(w) RETURN count(*)"));
    assertEquals("4", run("MATCH (x)-->(y) MATCH (z)-->(w) RETURN count(*)"));
    // a self-loop is one relationship, whichever way it is walked
    assertEquals("3", run("MATCH (x)--(y) RETURN count(*)"));
    assertEquals("2", run("MATCH (x)--(y)--(z) RETURN count(*)"));
  }

  // S20

  @Test
  void variableLengthWalksTrails() {
    run("CREATE (a:A)-[:T]->(b:B)");
    assertEquals("0", run("MATCH (:A)-[*2..2]-(x) RETURN count(*)"));
    run("MATCH (a:A), (b:B) CREATE (a)-[:T]->(b)");
    assertEquals("2", run("MATCH (:A)-[*2..2]-(:A) RETURN count(*)"));
    assertEquals("5", run("MATCH (:A)-[*0..]-(x) RETURN count(*)"));
    assertEquals("0", run("MATCH (:A)-[r*3]-(x) RETURN count(*)"));
  }

  @Test
  void aBoundListIsWalkedAsItIs() {
    run("CREATE (:A)-[:T {k: 1}]->()-[:T {k: 2}]->(:B)");
    assertEquals("1", run("MATCH (:A)-[r*]->(:B) WITH r MATCH (x)-[r*]->(y) RETURN count(*)"));
    assertEquals(
        "0", run("MATCH (:A)-[r*]->(:B) WITH reverse(r) AS r MATCH (x)-[r*]->(y) RETURN count(*)"));
    assertEquals("2", run("MATCH ()-[r]->() MATCH (x)-[r]-(y:B) RETURN count(*) + 1"));
  }

  // S21

  @Test
  void aPathHasItsNodesAndRelationshipsInOrder() {
    run("CREATE (:A {k: 1})<-[:T {k: 2}]-(:B {k: 3})");
    assertEquals(
        "0; 1; 0", run("MATCH p = (a)-[*0..1]->(b) RETURN length(p) ORDER BY a.k, length(p) DESC"));
    assertEquals(
        "[1, 3],[2],<(A{k=1})<-[T{k=2}]-(B{k=3})>",
        run(
            "MATCH p = (:A)--() RETURN [n IN nodes(p) | n.k] AS n,"
                + " [r IN relationships(p) | r.k] AS r, p"));
  }

  // S22

  @Test
  void nestedQueriesRunForEachRow() {
    run("CREATE (a:A {k: 1})-[:T]->({k: 2}), (a)-[:T]->({k: 3}), (:A {k: 4})");
    assertEquals(
        "1,3",
        run(
            "MATCH (n:A) CALL { WITH n MATCH (n)-->(m) RETURN m.k AS k ORDER BY k DESC LIMIT 1 }"
                + " RETURN n.k, k"));
    assertEquals(
        "1,2,true,[2, 3]; 4,0,false,[]",
        run(
            "MATCH (n:A) RETURN n.k, COUNT { (n)-->() } AS c, EXISTS { (n)-->() } AS e,"
                + " COLLECT { MATCH (n)-->(m) RETURN m.k ORDER BY m.k } AS l ORDER BY n.k"));
    assertEquals(
        "1,2; 1,3; 4,null",
        run("MATCH (n:A) OPTIONAL MATCH (n)-->(m) RETURN n.k, m.k ORDER BY n.k, m.k"));
    assertEquals("[null]", run("RETURN COLLECT { RETURN null AS x } AS l"));
    assertEquals("", run("OPTIONAL MATCH (x:Nobody) MATCH (x) RETURN x"));
    assertEquals("4,false; 1,true", run("MATCH (n:A) RETURN n.k, (n)-->({k: 3}) AS w ORDER BY w"));
    assertEquals("2", run("MATCH (n:A) CALL { WITH n CREATE (:N {k: n.k}) } RETURN count(*)"));
    assertEquals("1; 4", run("MATCH (n:N) RETURN n.k ORDER BY n.k"));
  }

  // Updating without a rule of its own

  @Test
  void forEachRunsItsClausesForEachElement() {
    run("FOREACH (i IN [1, 2] | CREATE (n:N {k: i}) SET n.v = i * 10)");
    assertEquals("1,10; 2,20", run("MATCH (n:N) RETURN n.k, n.v ORDER BY n.k"));
  }

  @Test
  void setOfAllReplacesAndSetOfSomeAdds() {
    run("CREATE (:N {a: 1, b: 2})");
    assertEquals("(N{a=1, c=3})", run("MATCH (n) SET n += {b: null, c: 3} RETURN n"));
    assertEquals("(M:N{d=4})", run("MATCH (n) SET n = {d: 4, e: null}, n:M RETURN n"));
    assertEquals("(N{})", run("MATCH (n) REMOVE n.d, n:M RETURN n"));
    assertEquals("null", run("OPTIONAL MATCH (x:Nobody) SET x.k = 1 REMOVE x:A DELETE x RETURN x"));
  }
}
