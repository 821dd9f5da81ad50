package dev.quarry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.QuarryException;
import dev.quarry.error.SyntaxException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What statements return, on a small graph of people and films.
class StatementTest {
  private Quarry db;

  @BeforeEach
  void createPeopleAndFilms() {
    db = Quarry.inMemory();
    db.run(
        "CREATE (a:Person {name: 'Ada', born: 1815}), (b:Person:Writer {name: 'Bea', born: 1900}),"
            + " (c:Person {name: 'Cy', born: 1900}), (m:Film {title: 'Up'}),"
            + " (a)-[:KNOWS {since: 1}]->(b), (b)-[:KNOWS {since: 2}]->(c), (c)-[:KNOWS]->(a),"
            + " (a)-[:LIKES]->(m), (b)-[:LIKES]->(m), (a)-[:KNOWS]->(a)");
  }

  @AfterEach
  void checkAndClose() {
    assertEquals(List.of(), db.admin().check().problems());
    db.close();
  }

  private String rows(String cypher) {
    return rows(cypher, Map.of());
  }

  private String rows(String cypher, Map<String, ?> parameters) {
    StringBuilder text = new StringBuilder();
    for (Row row : db.run(cypher, parameters)) {
      text.append(text.isEmpty() ? "" : "; ");
      text.append(String.join(",", row.asMap().values().stream().map(String::valueOf).toList()));
    }
    return text.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      value = {
        "RETURN 1 → 1",
        "RETURN 1 + 2 * 3 - 4 AS x → 3",
        "RETURN 7 / 2, 7 % 3, 2 ^ 3, -7 / 2, 1.0 / 0 → 3,1,8.0,-3,Infinity",
        "RETURN 'a' + 'b' + 1 → ab1",
        "RETURN 1 = 1.0, 9007199254740993 = 9007199254740992.0, null = null → true,false,null",
        "RETURN true AND null, false AND null, true OR null, true XOR null, NOT null → null,false,true,null,null",
        "RETURN 1 < 2 < 3, 1 < 'a', [1,2] < [1,3] → true,null,true",
        "RETURN [1,2,3][1], [1,2,3][-1], [1,2,3][5], [1,2,3,4][1..3] → 2,3,null,[2, 3]",
        "RETURN {a: 1, b: 'x'}.b, {a: 1}.c → x,null",
        "RETURN [x IN range(1,5) WHERE x % 2 = 1 | x * x] → [1, 9, 25]",
        "RETURN all(x IN [1,2] WHERE x > 0), any(x IN [] WHERE true), single(x IN [1,2] WHERE x = 1), none(x IN [null] WHERE x = 1) → true,false,true,null",
        "RETURN reduce(s = 0, x IN [1,2,3] | s + x) → 6",
        "RETURN CASE 2 WHEN 1 THEN 'a' WHEN 2 THEN 'b' END, CASE WHEN false THEN 1 ELSE 2 END → b,2",
        "RETURN 3 IN [1,2,3], 3 IN [1,null], null IN [] → true,null,false",
        "RETURN 'abc' STARTS WITH 'ab', 'abc' ENDS WITH 'bc', 'abc' CONTAINS 'd', 'abc' =~ 'a.*' → true,true,false,true",
        "RETURN toUpper('aé'), size('😀a'), reverse('ab'), substring('hello', 1, 3), split('a,b', ',') → AÉ,2,ba,ell,[a, b]",
        "RETURN toInteger('12'), toInteger('x'), toFloat('1.5'), toString(1.0), toBoolean('TRUE') → 12,null,1.5,1.0,true",
        "RETURN coalesce(null, 2), head([]), last([1,2]), tail([1,2,3]), size([1,2]) → 2,null,2,[2, 3],2",
        "RETURN abs(-3), round(2.5), floor(-1.5), sign(-2), sqrt(16) → 3,3.0,-2.0,-1,4.0",
        "UNWIND [3,1,2] AS x RETURN x ORDER BY x DESC → 3; 2; 1",
        "UNWIND [1,null,2] AS x RETURN count(x), count(*), sum(x), avg(x), min(x), max(x), collect(x) → 2,3,3,1.5,1,2,[1, 2]",
        "UNWIND [1,1.0,2,null,null] AS x RETURN DISTINCT x → 1; 2; null",
        "UNWIND [1,2,3,4] AS x WITH x SKIP 1 LIMIT 2 RETURN x → 2; 3",
        "UNWIND [] AS x RETURN count(*) → 0",
        "UNWIND [1,2,2] AS x RETURN x, count(*) AS n ORDER BY n DESC, x → 2,2; 1,1",
        "UNWIND [1,2] AS x RETURN x + count(*) AS y, x ORDER BY x → 2,1; 3,2",
        "RETURN 1 AS x UNION RETURN 2 AS x UNION RETURN 1 AS x → 1; 2",
        "RETURN 1 AS x UNION ALL RETURN 1 AS x → 1; 1",
        "MATCH (n) RETURN count(n) → 4",
        "MATCH (n:Person) RETURN count(*) AS a, count(n) + 1 AS b → 3,4",
        "MATCH (n:Nothing) RETURN count(*) → 0",
        "MATCH ()-[r:KNOWS]->() RETURN count(r), count(*) → 4,4",
        "MATCH ()<-[r:KNOWS|LIKES]-() RETURN count(*) → 6",
        "MATCH ()-[r:KNOWS]-() RETURN count(*) → 7",
        "MATCH (a)-[r]->() RETURN count(DISTINCT a), count(r.since) → 3,2",
        "MATCH (n:Person) RETURN n.name ORDER BY n.name → Ada; Bea; Cy",
        "MATCH (n:Person) WHERE n.born = 1900 RETURN n.name ORDER BY n.name DESC LIMIT 1 → Cy",
        "MATCH (n:Person:Writer) RETURN n.name → Bea",
        "MATCH (n:Writer|Film) RETURN count(*) → 2",
        "MATCH (n:Person&!Writer) RETURN count(*) → 2",
        "MATCH (n {name: 'Ada'}) RETURN labels(n), keys(n) → [Person],[born, name]",
        "MATCH (a)-[r]->(b) RETURN count(*) → 6",
        "MATCH (a)-[r]-(b) RETURN count(*) → 11",
        "MATCH (a)--(a) RETURN count(*) → 1",
        "MATCH (a:Person {name: 'Ada'})-[:KNOWS]->(b) RETURN b.name ORDER BY b.name → Ada; Bea",
        "MATCH (a)-[r:KNOWS {since: 2}]->(b) RETURN a.name, type(r), r.since, b.name → Bea,KNOWS,2,Cy",
        "MATCH (a {name:'Ada'})<-[:KNOWS]-(b) RETURN b.name ORDER BY b.name → Ada; Cy",
        "MATCH (a)-[:KNOWS]->(b)-[:KNOWS]->(c)-[:KNOWS]->(a) WHERE a <> b RETURN count(*) → 3",
        "MATCH (a:Person)-[:LIKES]->(m)<-[:LIKES]-(b) RETURN a.name, b.name ORDER BY a.name → Ada,Bea; Bea,Ada",
        "MATCH (a {name:'Ada'})-[:KNOWS*1..2]->(b) RETURN b.name ORDER BY b.name → Ada; Bea; Bea; Cy",
        "MATCH (a {name:'Ada'})-[:LIKES*0..1]->(b) RETURN count(*) → 2",
        "MATCH p = (a {name:'Bea'})-[:KNOWS*2]->(b) RETURN length(p), size(nodes(p)), b.name → 2,3,Ada",
        "MATCH (a {name:'Ada'})-[r*2]-(b {name: 'Bea'}) RETURN count(*), min(size(r)) → 3,2",
        "MATCH (m:Film) OPTIONAL MATCH (m)-[:KNOWS]->(x) RETURN m.title, x → Up,null",
        "MATCH (a:Person) OPTIONAL MATCH (a)-[:LIKES]->(m) RETURN a.name, m.title ORDER BY a.name → Ada,Up; Bea,Up; Cy,null",
        "OPTIONAL MATCH (n:Nothing) RETURN n → null",
        "MATCH (a:Person) WHERE (a)-[:LIKES]->() RETURN count(*) → 2",
        "MATCH (a:Person) WHERE NOT (a)-[:LIKES]->(:Film {title: 'Up'}) RETURN a.name → Cy",
        "MATCH (a:Person) WHERE EXISTS { (a)-[:KNOWS]->(b) WHERE b.born = 1815 } RETURN a.name ORDER BY a.name → Ada; Cy",
        "MATCH (a:Person) RETURN a.name, COUNT { (a)-[:KNOWS]->() } AS n ORDER BY n DESC, a.name → Ada,2; Bea,1; Cy,1",
        "MATCH (a:Person) RETURN a.name, [(a)-[:LIKES]->(m) | m.title] AS t ORDER BY a.name → Ada,[Up]; Bea,[Up]; Cy,[]",
        "MATCH (a:Person) CALL { WITH a MATCH (a)-[:KNOWS]->(b) RETURN count(b) AS n } RETURN a.name, n ORDER BY a.name → Ada,2; Bea,1; Cy,1",
        "MATCH (a:Person) WITH a ORDER BY a.name LIMIT 2 MATCH (a)-[:LIKES]->(m) RETURN count(*) → 2",
        "MATCH (a:Person) WITH a.born AS born, collect(a.name) AS names WHERE size(names) > 1 RETURN born, size(names) → 1900,2",
        "MATCH (a:Person) RETURN avg(a.born) > 1800, count(DISTINCT a.born) → true,2",
        "MATCH (a:Person), (b:Film) RETURN count(*) → 3",
        "MATCH (n:Person) RETURN n {.name, x: 1} AS m ORDER BY n.name LIMIT 1 → {name=Ada, x=1}",
        "MATCH (a {name: 'Ada'}) MATCH (a)-[r]->(b) WITH r, b WHERE b:Film RETURN startNode(r).name, endNode(r).title → Ada,Up",
        "MATCH (n:Film) RETURN exists(n.title), n.title IS NULL, n.nothing IS NULL → true,false,true",
        "CREATE (n:N) RETURN n LIMIT 0 → ''",
        "WITH 1 AS a RETURN * → 1",
        "RETURN date('2024-02-29'), duration('P1Y2M3DT4H') → 2024-02-29,P1Y2M3DT4H",
      })
  void returns(String statement, String expected) {
    assertEquals(expected, rows(statement));
  }

  @Test
  void writesAreSeenByLaterClausesAndNotByTheirOwn() {
    assertEquals("1", rows("CREATE (:New) WITH 1 AS x MATCH (n:New) RETURN count(n)"));
    assertEquals(
        "5,5",
        rows("MATCH (n) CREATE (:Copy) WITH count(*) AS c MATCH (m:Copy) RETURN c, count(m)"));
    assertEquals(
        "9", rows("UNWIND [1,2,3] AS i CREATE (:All) WITH i MATCH (a:All) RETURN count(*)"));
  }

  @Test
  void parametersOfAllKindsComeBack() {
    Map<String, Object> parameters =
        Map.of("list", List.of(1L, "a"), "map", Map.of("k", 2L), "x", 3);
    assertEquals("[1, a],2,3", rows("RETURN $list, $map.k, $x", parameters));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      value = {
        "MTACH (n) RETURN n → SyntaxError.UnexpectedSyntax → MATCH",
        "MATCH (n) RETRUN n → SyntaxError.UnexpectedSyntax → RETURN",
        "MATCH (person) RETURN persn → SyntaxError.UndefinedVariable → person",
        "RETURN toUper('a') → SyntaxError.UnknownFunction → toUpper",
        "RETURN $parm → ParameterMissing.MissingParameter → ''",
        "MATCH (n) WHERE count(n) > 1 RETURN n → SyntaxError.InvalidAggregation → ''",
        "MATCH (n) → SyntaxError.InvalidClauseComposition → ''",
        "MATCH (n)-[n]->() RETURN n → SyntaxError.VariableTypeConflict → ''",
        "RETURN 1 AS a, 2 AS a → SyntaxError.ColumnNameConflict → ''",
        "WITH 1 + 1 RETURN 2 → SyntaxError.NoExpressionAlias → ''",
        "RETURN 1 / 0 → ArithmeticError.DivisionByZero → ''",
        "RETURN 9223372036854775807 + 1 → ArithmeticError.IntegerOverflow → ''",
        "RETURN 9223372036854775808 → SyntaxError.IntegerOverflow → ''",
        "RETURN 'abc → SyntaxError.UnexpectedSyntax → ''",
        "LOAD CSV FROM 'x.csv' AS row RETURN row → SyntaxError.NotSupported → ''",
        "MATCH (a)-[r]->() CREATE (a)-[:X*2]->() → SyntaxError.CreatingVarLength → ''",
        "RETURN 1 + true → SyntaxError.InvalidArgumentType → ''",
        "RETURN 1 LIMIT -1 → SyntaxError.NegativeIntegerArgument → ''",
        "RETURN 1 UNION RETURN 2 AS x → SyntaxError.DifferentColumnsInUnion → ''",
      })
  void isRefused(String statement, String code, String hint) {
    QuarryException error = assertThrows(QuarryException.class, () -> db.run(statement));
    assertEquals(code, error.code().toString());
    if (!hint.isEmpty()) {
      assertTrue(String.valueOf(error.hint()).contains(hint), error.hint());
    }
  }

  @Test
  void anErrorPointsAtItsPlace() {
    SyntaxException error =
        assertThrows(SyntaxException.class, () -> db.run("MATCH (n)\nRETRUN n"));
    assertEquals(2, error.span().line());
    assertEquals(1, error.span().column());
    assertEquals(6, error.span().length());
  }

  @Test
  void aFailedStatementChangesNothingAndDoomsItsTransaction() {
    QuarryException error =
        assertThrows(
            QuarryException.class,
            () ->
                db.update(
                    tx -> {
                      tx.query("CREATE (:Lost)");
                      assertThrows(
                          QuarryException.class, () -> tx.query("CREATE (:X {x: [1, 'a']})"));
                    }));
    assertEquals(ErrorCode.TRANSACTION_DOOMED, error.code());
    assertEquals("0", rows("MATCH (n:Lost) RETURN count(n)"));
  }
}
