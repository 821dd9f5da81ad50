package dev.quarry.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.FunctionSignature;
import dev.quarry.PreparedQuery;
import dev.quarry.Procedure;
import dev.quarry.ProcedureSignature;
import dev.quarry.QueryOptions;
import dev.quarry.ReadTransaction;
import dev.quarry.Row;
import dev.quarry.Rows;
import dev.quarry.UserFunction;
import dev.quarry.error.CancelledException;
import dev.quarry.error.ErrorCode;
import dev.quarry.graph.NodeValue;
import dev.quarry.graph.PathValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Rules S19 to S22: what patterns match, and what nested queries do for each row.
class PatternRulesTest extends RuleFixture {
  /// S19: relationships differ within one MATCH; across MATCH clauses they need not.
  @Nested
  class S19 {
    /// Two nodes with a parallel pair, one of it with a property, a way back, and a loop at each,
    /// one bare and one with a property.
    private void createLoopsAndParallels() {
      db.run(
          "CREATE (a:A), (b:B), (a)-[:T]->(b), (a)-[:T {p: 1}]->(b), (b)-[:T]->(a),"
              + " (a)-[:T]->(a), (b)-[:T {p: 1}]->(b)");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '→',
        value = {
          "MATCH ()-[r]~()            → 5",
          "MATCH ()-[r]-()            → 8",
          "MATCH (x)-[r]~(x)          → 2",
          "MATCH (x)-[r]-(x)          → 2",
          "MATCH (a:A)-[r]~(b:B), (a)-[s]~(b) → 2",
          "MATCH (a:A)-[r]~(b:B) MATCH (a)-[s]~(b) → 4",
          "MATCH (x)-[r]~(x), (x)-[s]~(x) → 0",
          "MATCH (x)-[r]~(x) MATCH (x)-[s]~(x) → 2",
          "MATCH (a:A)-[r]-(b:B), (a)-[s]-(b) → 6",
          "MATCH ()-[r]~() MATCH ()-[r]~()-[s]~() → 10",
          "MATCH ()-[r]~(), ()-[s]~() → 20",
          "MATCH ()-[r]~() MATCH ()-[s]~() → 25",
          "MATCH ()-[r:T]~()-[s:U]~() → 0",
          "MATCH (a:A)-[r*1..1]~(b:B), (a)-[s]~(b) → 2",
          "MATCH (a:A)-[r]~(b:B) WHERE EXISTS { (a)-[s]~(b) } → 2",
        })
    void loopsAndParallelsAreCounted(String pattern, long expected) {
      createLoopsAndParallels();
      assertEquals(expected, value(pattern.replace("~", "->") + " RETURN count(*)"));
    }

    @Test
    void pathsOfTwoOnAGraphWithLoopsAreThoseOfTheirFormula() {
      long seed = Long.getLong("seed", 19);
      System.out.println("-Dseed=" + seed);
      Random random = new Random(seed);
      int size = 12;
      List<List<Long>> pairs = new ArrayList<>();
      long[] in = new long[size];
      long[] out = new long[size];
      long[] loops = new long[size];
      for (int i = 0; i < 60; i++) {
        int from = skewed(random, size);
        int to = skewed(random, size);
        pairs.add(List.of((long) from, (long) to));
        out[from]++;
        in[to]++;
        loops[from] += from == to ? 1 : 0;
      }
      db.run("UNWIND range(0, $n) AS i CREATE (:V {i: i})", Map.of("n", size - 1));
      db.run(
          "UNWIND $pairs AS p MATCH (a:V {i: p[0]}), (b:V {i: p[1]})" + " CREATE (a)-[:T]->(b)",
          Map.of("pairs", pairs));
      long directed = 0;
      long undirected = 0;
      for (int i = 0; i < size; i++) {
        directed += in[i] * out[i] - loops[i];
        long degree = in[i] + out[i] - loops[i];
        undirected += degree * (degree - 1);
      }
      assertEquals(directed, value("MATCH ()-[:T]->()-[:T]->() RETURN count(*)"));
      assertEquals(undirected, value("MATCH ()-[:T]-()-[:T]-() RETURN count(*)"));
      assertEquals(directed, value("MATCH (x)-[:T*2..2]->(y) RETURN count(*)"));
      assertEquals(undirected, value("MATCH (x)-[:T*2..2]-(y) RETURN count(*)"));
      assertEquals(60L, value("MATCH (x)-[:T]->(y) RETURN count(*)"));
      assertEquals(
          directed, value("MATCH (m:V) RETURN sum(COUNT { ()-[:T]->(m)-[:T]->() }) AS sum"));
    }

    /// Low numbers far more often than high ones, as in an RMAT graph.
    private static int skewed(Random random, int size) {
      return Math.min(random.nextInt(size), random.nextInt(size));
    }

    @Test
    void parallelsAreDeletedOneByOne() {
      db.run("CREATE (a:A), (b:B) WITH a, b UNWIND range(1, 5) AS i CREATE (a)-[:T]->(b)");
      for (long left = 4; left >= 0; left--) {
        db.run("MATCH (:A)-[r:T]->(:B) WITH r LIMIT 1 DELETE r");
        assertEquals(left, value("MATCH (:A)-[r]->(:B) RETURN count(DISTINCT r)"));
        assertEquals(left, value("MATCH (:B)<-[r]-(:A) RETURN count(*)"));
      }
    }
  }

  /// S20: variable length is depth-first per source, or breadth-first where only ends count.
  @Nested
  class S20 {
    @ParameterizedTest
    @CsvSource(
        delimiter = '→',
        value = {
          "MATCH (a:A)-[*2..2]-(b) RETURN collect(b.i) → [3]",
          "MATCH (a:A)-[*2]-(a) RETURN count(*) → 0",
          "MATCH (a:A)-[*0]-(b) RETURN collect(b.i) → [1]",
          "MATCH (a:A)-[*0..1]-(b) WITH b.i AS i ORDER BY i RETURN collect(i) → [1, 2]",
          "MATCH (a:A)-[*]~(b) WITH b.i AS i ORDER BY i RETURN collect(i) → [2, 3, 4]",
          "MATCH (a:A)-[*..2]~(b) WITH b.i AS i ORDER BY i RETURN collect(i) → [2, 3]",
          "MATCH (a:A)-[*3..2]~(b) RETURN count(*) → 0",
          "MATCH (a:A)-[*0..0]~(b) RETURN count(*) → 1",
          "MATCH (a:A)-[*9..]~(b) RETURN count(*) → 0",
          "MATCH (a:A)-[*2..]~(b) RETURN count(DISTINCT b) → 2",
          "MATCH (a:A)-[r*]-(b) RETURN max(size(r)) → 3",
        })
    void aChainIsWalked(String statement, String expected) {
      db.run("CREATE (:A {i: 1})-[:T]->({i: 2})-[:T]->({i: 3})-[:T]->({i: 4})");
      assertEquals(expected, rows(statement.replace("~", "->")));
    }

    @Test
    void aClosedWalkNeedsARealTrail() {
      db.run("CREATE (a:A)-[:T]->(b)");
      assertEquals("0", rows("MATCH (a:A)-[*]-(a) RETURN count(*)"), "one edge is not a circle");
      assertEquals("1", rows("MATCH (a:A)-[*]-(b) RETURN count(DISTINCT b)"));
      db.run("MATCH (a:A)-->(b) CREATE (b)-[:T]->(a)");
      assertEquals("2", rows("MATCH (a:A)-[*]-(a) RETURN count(*)"), "either way round");
      assertEquals("2", rows("MATCH (a:A)-[*]-(b) RETURN count(DISTINCT b)"));
      db.run("MATCH (a:A) CREATE (a)-[:T]->(a)");
      assertEquals("1", rows("MATCH (a:A)-[*1..1]-(a) RETURN count(*)"), "a loop once");
    }

    @Test
    void aTriangleIsWalkedAllWays() {
      db.run("CREATE (a:A)-[:T]->(b)-[:T]->(c)-[:T]->(a)");
      assertEquals("3,1", rows("MATCH (a:A)-[r*]->(b) RETURN count(*), count(DISTINCT r[0])"));
      assertEquals("2", rows("MATCH (a:A)-[*3..3]-(a) RETURN count(*)"));
      assertEquals("6", rows("MATCH (a:A)-[*]-(b) RETURN count(*)"));
      assertEquals("3", rows("MATCH (a:A)-[*]-(b) RETURN count(DISTINCT b)"));
    }

    @Test
    void aLongChainIsWalkedInMemoryForItsDepthOnly() {
      db.run("UNWIND range(0, 3000) AS i CREATE (:V {i: i})");
      db.run(
          "MATCH (a:V) WITH a ORDER BY a.i WITH collect(a) AS all UNWIND range(1, 3000) AS i"
              + " WITH all[i - 1] AS a, all[i] AS b CREATE (a)-[:T]->(b)");
      assertEquals("3000", rows("MATCH (a:V {i: 0})-[*]->(b) RETURN count(*)"));
      long peak = db.run("MATCH (a:V {i: 0})-[*]->(b) RETURN max(b.i)").summary().peakBytes();
      assertTrue(peak < 4 << 20, peak + " bytes");
    }

    @Test
    void moreWaysThanAnyoneCanWalkStreamAndEndWhenAsked() {
      db.run("UNWIND range(1, 12) AS i CREATE (:V)");
      db.run("MATCH (a:V), (b:V) WHERE a <> b CREATE (a)-[:T]->(b)");
      assertEquals("100", rows("MATCH (a:V)-[*]->(b) WITH b LIMIT 100 RETURN count(*)"));
      QueryOptions hurry = QueryOptions.DEFAULT.withTimeout(Duration.ofMillis(20));
      try (ReadTransaction tx = db.beginRead()) {
        PreparedQuery all = PreparedQuery.of("MATCH (a:V)-[*]->(b) RETURN count(*)");
        CancelledException error =
            assertThrows(CancelledException.class, () -> takeOne(tx.query(all, Map.of(), hurry)));
        assertEquals(ErrorCode.TIMED_OUT, error.code());
      }
    }

    private static void takeOne(Rows rows) {
      rows.next();
    }

    /// Twelve nodes, each joined with each other one both ways: nobody can walk all ways.
    private void createClique() {
      db.run("UNWIND range(1, 12) AS i CREATE (:V {i: i})");
      db.run("MATCH (a:V), (b:V) WHERE a <> b CREATE (a)-[:T]->(b)");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '→',
        value = {
          "MATCH (a:V {i: 1})-[*]~(b) RETURN count(DISTINCT b) → 12",
          "MATCH (a:V {i: 1})-[:T*0..]-(b) RETURN count(DISTINCT b) → 12",
          "MATCH (a:V {i: 1})-[*]~(b) RETURN max(b.i) → 12",
          "MATCH (a:V)-[*]~(b:V) WHERE b.i < 3 WITH DISTINCT a, b RETURN count(*) → 24",
          "MATCH (a:V) WHERE EXISTS { (a)-[*]~(:V {i: 7}) } RETURN count(*) → 12",
          "MATCH (a:V), (b:V) WHERE NOT EXISTS { (a)-[*]-(b) } RETURN count(*) → 0",
          "MATCH (a:V {i: 1}) OPTIONAL MATCH (a)-[*]~(b:W) RETURN count(DISTINCT b) → 0",
        })
    void whereWalksLeadIsAnsweredWithoutWalkingAllOfThem(String statement, String expected) {
      createClique();
      assertEquals(expected, rows(statement.replace("~", "->")));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "MATCH (a)-[*1..3]->(b) RETURN count(DISTINCT b)",
          "MATCH (a)-[*0..3]->(b:B {i: 1}) RETURN DISTINCT b.i",
          "MATCH (a)-[*]-(b) RETURN a.i, count(DISTINCT b.i), min(b.i)",
          "MATCH (a)-[:T* {w: 1}]->(a) WITH DISTINCT a RETURN count(*)",
          "MATCH (a) WHERE EXISTS { (a)-[*]->(:B) } RETURN count(*)",
          "MATCH (a) OPTIONAL MATCH (a)-[r*]->(b) RETURN DISTINCT a, b",
          "MATCH (a)-[*]->(b) WHERE NOT (a)-->(b) RETURN DISTINCT a, b",
        })
    void nodesAreVisitedOnceWhereOnlyTheEndsOfWalksCount(String statement) {
      String plan = rows("EXPLAIN " + statement);
      assertTrue(plan.contains("Reach "), plan);
      assertFalse(plan.contains("ExpandVariable"), plan);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "MATCH (a)-[*2..3]->(b) RETURN count(DISTINCT b)",
          "MATCH (a)-[*2..2]-(b) RETURN DISTINCT b",
          "MATCH (a)-[*1..3]->(b) RETURN count(b)",
          "MATCH (a)-[*1..3]->(b) RETURN b",
          "MATCH (a)-[*1..3]->(b) RETURN count(DISTINCT b), sum(b.i)",
          "MATCH (a)-[r*1..3]->(b) RETURN DISTINCT b, r",
          "MATCH (a)-[r*1..3]->(b) WHERE size(r) < 3 RETURN DISTINCT b",
          "MATCH p = (a)-[*1..3]->(b) RETURN DISTINCT length(p)",
          "MATCH (a)-[*1..3]->(b)-->(c) RETURN DISTINCT c",
          "MATCH (a)-[*1..3]->(b) WITH b LIMIT 3 RETURN DISTINCT b",
          "MATCH (a)-[*1..3]->(b) WHERE rand() < 0.5 RETURN DISTINCT b",
          "MATCH (a)-[*1..3]->(b) RETURN DISTINCT rand()",
          "MATCH (a) RETURN COUNT { (a)-[*1..3]->() }",
        })
    void walksAreWalkedWhereTheyCount(String statement) {
      String plan = rows("EXPLAIN " + statement);
      assertTrue(plan.contains("ExpandVariable"), plan);
      assertFalse(plan.contains("Reach "), plan);
    }

    @Test
    void theStartIsReachedByARealTrailOnlyAndWithinItsBounds() {
      db.run("CREATE (a:A {i: 1})-[:T]->(b {i: 2})-[:T]->(c {i: 3}), (c)-[:T]->(d {i: 4})");
      String reached =
          "MATCH (a:A)-[*1..%d]-(b) WITH DISTINCT b.i AS i ORDER BY i RETURN collect(i)";
      assertEquals("[2, 3, 4]", rows(reached.formatted(9)), "a tree");
      db.run("MATCH (a:A), (d {i: 4}) CREATE (a)-[:T]->(d)");
      assertEquals("[2, 3, 4]", rows(reached.formatted(3)), "a circle of four is longer");
      assertEquals("[1, 2, 3, 4]", rows(reached.formatted(4)));
      db.run("MATCH (a:A), (d {i: 4}) CREATE (d)-[:T]->(a)");
      assertEquals("[2, 4]", rows(reached.formatted(1)));
      assertEquals("[1, 2, 3, 4]", rows(reached.formatted(2)), "there and back by another");
      db.run("MATCH (a:A) CREATE (a)-[:T]->(a)");
      assertEquals("[1, 2, 4]", rows(reached.formatted(1)), "a loop");
    }

    @Test
    void aSearchTakesMemoryForTheNodesItReaches() {
      db.run("UNWIND range(0, 20000) AS i CREATE (:V {i: i})");
      db.run(
          "MATCH (a:V) WITH a ORDER BY a.i WITH collect(a) AS all UNWIND range(1, 20000) AS i"
              + " WITH all[i / 2] AS a, all[i] AS b CREATE (a)-[:T]->(b)");
      String text = "MATCH (a:V {i: 0})-[*0..]-(b) RETURN max(b.i)";
      assertEquals("20000", rows(text));
      long peak = db.run(text).summary().peakBytes();
      assertTrue(peak < 1 << 20, peak + " bytes");
    }

    @Test
    void aSearchEndsWhenAsked() {
      db.run("UNWIND range(1, 3000) AS i CREATE (:V {i: i})");
      db.run("MATCH (a:V), (b:V) WHERE b.i IN [a.i % 2999 + 1, a.i % 7 + 1] CREATE (a)-[:T]->(b)");
      QueryOptions hurry = QueryOptions.DEFAULT.withTimeout(Duration.ofMillis(5));
      try (ReadTransaction tx = db.beginRead()) {
        PreparedQuery all = PreparedQuery.of("MATCH (a:V)-[*]->(b) RETURN max(b.i)");
        CancelledException error =
            assertThrows(CancelledException.class, () -> takeOne(tx.query(all, Map.of(), hurry)));
        assertEquals(ErrorCode.TIMED_OUT, error.code());
      }
    }
  }

  /// S21: a path is (start, list of relationships, directions).
  @Nested
  class S21 {
    @Test
    void aPathOfLengthZeroIsThereForEveryNode() {
      db.run("CREATE (a {i: 1})-[:T]->({i: 2}), ({i: 3})");
      assertEquals(
          "0,3; 1,1",
          rows("MATCH p = (a)-[*0..1]->(b) RETURN length(p), count(*) ORDER BY length(p)"));
      assertEquals(
          "3,[],1",
          rows(
              "MATCH p = (a {i: 3})-[*0..]->(b)"
                  + " RETURN nodes(p)[0].i, relationships(p), size(nodes(p))"));
      PathValue path = (PathValue) value("MATCH p = (a {i: 3}) RETURN p");
      assertEquals(0, path.length());
    }

    @Test
    void aPathKeepsTheDirectionInWhichItWasWalked() {
      db.run("CREATE ({i: 1})-[:T]->({i: 2})<-[:T]-({i: 3})");
      assertEquals(
          "[1, 2, 3],[1, 3]",
          rows(
              "MATCH p = ({i: 1})--()--() RETURN [n IN nodes(p) | n.i],"
                  + " [r IN relationships(p) | startNode(r).i]"));
      assertEquals("[3, 2, 1]", rows("MATCH p = ({i: 3})-[*2]-() RETURN [n IN nodes(p) | n.i]"));
      assertEquals(
          "true", rows("MATCH p = ({i: 1})-->() MATCH q = ({i: 1})-[*1]->() RETURN p = q"));
      assertEquals("2", rows("MATCH p = ()-[]-({i: 2}) RETURN count(DISTINCT p)"));
      assertEquals(
          "false", rows("MATCH p = ({i: 1})--({i: 2}) MATCH q = ({i: 2})--({i: 1}) RETURN p = q"));
    }

    @Test
    void pathsOutliveTheirBatch() {
      db.run("CREATE (h:H) WITH h UNWIND range(1, 1200) AS i CREATE (h)-[:T]->({i: i})-[:T]->()");
      assertEquals(
          "1200,2400",
          rows(
              "MATCH p = (:H)-[*2]->() WITH collect(p) AS all"
                  + " RETURN size(all), reduce(s = 0, p IN all | s + length(p))"));
      assertEquals(
          "1200",
          rows(
              "MATCH p = (:H)-[*2]->() WITH p ORDER BY nodes(p)[1].i DESC"
                  + " WITH collect(nodes(p)[1].i) AS all RETURN all[0]"));
      Row row = db.run("MATCH p = (:H)-[*2]->() RETURN p ORDER BY nodes(p)[1].i").rows().get(1199);
      assertEquals(1200L, ((PathValue) row.get("p")).nodes().get(1).properties().get("i"));
    }

    @Test
    void thePartsOfAPathThatWasDeletedKeepTheirIdentity() {
      db.run("CREATE ({i: 1})-[:T]->({i: 2})");
      Row row =
          db.run(
                  "MATCH p = ({i: 1})-[*]->() WITH p, nodes(p) AS before DETACH DELETE p"
                      + " RETURN p, nodes(p) AS n, length(p) AS l, nodes(p) = before AS same,"
                      + " [r IN relationships(p) | type(r)] AS t")
              .rows()
              .getFirst();
      assertEquals(1L, row.get("l"));
      assertEquals(true, row.get("same"));
      assertEquals(List.of("T"), row.get("t"));
      assertTrue(((PathValue) row.get("p")).nodes().stream().allMatch(NodeValue::deleted));
      assertEquals(((PathValue) row.get("p")).nodes(), row.get("n"));
      db.run("CREATE ({i: 1})-[:T]->({i: 2})");
      refuses(
          ErrorCode.DELETED_ENTITY_ACCESS,
          "MATCH p = ({i: 1})-->() DETACH DELETE p RETURN [n IN nodes(p) | n.i]");
    }
  }

  /// S22: one operator carries every nested form; what gathers rows inside does so for each row.
  @Nested
  class S22 {
    private void createGroups() {
      db.run(
          "UNWIND range(1, 7) AS g CREATE (n:G {g: g}) WITH n, g UNWIND range(1, g) AS i"
              + " CREATE (n)-[:HAS]->(:M {i: i})");
      db.run("CREATE (:G {g: 0})");
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '→',
        value = {
          "CALL { WITH n MATCH (n)~(m) RETURN m.i AS x LIMIT 1 } WITH n, count(x) AS x → [1, 1, 1, 1, 1, 1, 1]",
          "CALL { WITH n MATCH (n)~(m) RETURN m.i AS x ORDER BY m.i DESC LIMIT 1 } → [1, 2, 3, 4, 5, 6, 7]",
          "CALL { WITH n MATCH (n)~(m) RETURN m.i AS x ORDER BY m.i SKIP 5 } → [6, 6, 7]",
          "CALL { WITH n MATCH (n)~(m) RETURN m.i AS x ORDER BY m.i SKIP 1 LIMIT 1 } → [2, 2, 2, 2, 2, 2]",
          "CALL { WITH n MATCH (n)~(m) RETURN count(m) AS x } → [0, 1, 2, 3, 4, 5, 6, 7]",
          "CALL { WITH n MATCH (n)~(m) RETURN DISTINCT m.i % 2 AS x } WITH n, count(x) AS x → [1, 2, 2, 2, 2, 2, 2]",
          "CALL { WITH n OPTIONAL MATCH (n)~(m) WITH m ORDER BY m.i LIMIT 2 RETURN sum(m.i) AS x } → [0, 1, 3, 3, 3, 3, 3, 3]",
          "CALL { WITH n MATCH (n)~(m) WITH m.i % 3 AS k, count(*) AS c RETURN max(c) AS x } → [null, 1, 1, 1, 2, 2, 2, 3]",
          "CALL { WITH n MATCH (n)~(m) RETURN m.i AS x LIMIT 1 UNION ALL WITH n RETURN -n.g AS x } WITH n, count(x) AS x → [1, 2, 2, 2, 2, 2, 2, 2]",
          "CALL { WITH n CALL { WITH n MATCH (n)~(m) RETURN m LIMIT 3 } RETURN count(m) AS x } → [0, 1, 2, 3, 3, 3, 3, 3]",
          "WITH n, COUNT { MATCH (n)~(m) RETURN m LIMIT 2 } AS x → [0, 1, 2, 2, 2, 2, 2, 2]",
          "WITH n, COUNT { MATCH (n)~(m) RETURN DISTINCT m.i % 3 AS k } AS x → [0, 1, 2, 3, 3, 3, 3, 3]",
          "WITH n, COUNT { MATCH (n)~(m) WHERE m.i > 3 } AS x → [0, 0, 0, 0, 1, 2, 3, 4]",
          "WITH n, EXISTS { MATCH (n)~(m) RETURN m SKIP 5 } AS x → [false, false, false, false, false, false, true, true]",
          "WITH n, EXISTS { MATCH (n)~(m) WITH count(m) AS c WHERE c = 2 RETURN c } AS x → [false, false, true, false, false, false, false, false]",
          "WITH n, COLLECT { MATCH (n)~(m) RETURN m.i ORDER BY m.i DESC LIMIT 2 } AS x → [[], [1], [2, 1], [3, 2], [4, 3], [5, 4], [6, 5], [7, 6]]",
          "WITH n, [(n)~(m) WHERE m.i > 5 | m.i] AS l WITH n, size(l) AS x → [0, 0, 0, 0, 0, 0, 1, 2]",
          "OPTIONAL MATCH (n)~(m {i: 6}) WITH n, m.i AS x → [null, null, null, null, null, null, 6, 6]",
          "OPTIONAL MATCH (n)~(m) WHERE m.i >= 6 WITH n, m.i AS x ORDER BY x WITH n, x → [null, null, null, null, null, null, 6, 6, 7]",
        })
    void aNestedQueryGathersForEachRow(String nested, String expected) {
      createGroups();
      assertEquals(
          expected,
          rows(
              "MATCH (n:G) "
                  + nested.replace("~", "-[:HAS]->")
                  + " WITH n, x ORDER BY n.g, x"
                  + " RETURN [e IN collect({x: x}) | e.x] AS all"));
    }

    @Test
    void moreRowsThanABatchHasOneNestedQueryEach() {
      db.run("UNWIND range(1, 2500) AS i CREATE (:N {i: i})-[:T]->(:M), (:N)");
      assertEquals(
          "2500",
          rows("MATCH (n:N) CALL { WITH n MATCH (n)-->(m) RETURN m LIMIT 1 } RETURN count(*)"));
      assertEquals(
          "5000,2500", rows("MATCH (n:N) OPTIONAL MATCH (n)-->(m) RETURN count(*), count(m)"));
      assertEquals(
          "5000,2500",
          rows(
              "MATCH (n:N) CALL { WITH n MATCH (n)-->(m) RETURN count(m) AS c }"
                  + " RETURN count(*), sum(c)"));
    }

    /// How often `test.see`, which is true, was asked by a statement on 3 hubs of 5,000 leaves.
    private long looks(String exists) {
      AtomicLong looks = new AtomicLong();
      db.register(
          UserFunction.of(
              FunctionSignature.parse("test.see(x :: ANY?) :: BOOLEAN").withDeterministic(false),
              arguments -> {
                looks.incrementAndGet();
                return true;
              }));
      db.run(
          "UNWIND range(1, 3) AS h CREATE (n:Hub) WITH n UNWIND range(1, 5000) AS i"
              + " CREATE (n)-[:T]->(:Leaf {i: i})");
      db.run("CREATE (:Hub)");
      assertEquals("3", rows("MATCH (h:Hub) WHERE " + exists + " RETURN count(*)"), exists);
      assertTrue(looks.get() > 0, exists);
      return looks.get();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "EXISTS { MATCH (h)-[:T]->(l) WHERE test.see(l.i) }",
          "EXISTS { MATCH (h)-[:T*1..2]->(l) WHERE test.see(l.i) }",
          "EXISTS { MATCH (h)-[:T]->(l), (h)-[:T]->(k) WHERE test.see(l.i) AND k.i <> l.i }",
          "EXISTS { MATCH (h)-[:T]->() UNWIND range(1, 5000) AS i WITH i WHERE test.see(i) RETURN i }",
          "EXISTS { MATCH (h)-[:T]->(l) CALL { WITH l RETURN test.see(l.i) AS s } RETURN s }",
        })
    void anExistsLooksNoFurtherThanTheBatchOfItsFirstMatch(String exists) {
      long batch = Integer.getInteger("quarry.batchRows", 1000);
      long looks = looks(exists);
      assertTrue(looks <= 2 * 3 * batch, looks + " looks");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "EXISTS { MATCH (h)-[:T]->(l) RETURN test.see(l.i) AS s }",
          "EXISTS { MATCH p = (h)-[:T*1..2]->(l) RETURN test.see(p) AS s }",
          "EXISTS { MATCH (h)-[:T]->(l) WITH l, test.see(l.i) AS s RETURN s }",
        })
    void anExistsTakesOneRowWhereNoConditionFollows(String exists) {
      assertEquals(3, looks(exists));
    }

    @Test
    void anExistsThatGathersStopsAtItsFirstRow() {
      long batch = Integer.getInteger("quarry.batchRows", 1000);
      long looks = looks("EXISTS { MATCH (h)-[:T]->(l) WHERE test.see(l.i) RETURN l SKIP 2 }");
      // The third row decides, and a condition is tested for whole batches.
      assertTrue(looks <= 3 * batch * Math.ceilDiv(3, batch), looks + " looks");
    }

    @Test
    void aProcedureInsideOfAnExistsMakesOneRow() {
      AtomicLong pulled = new AtomicLong();
      db.register(
          Procedure.of(
              ProcedureSignature.parse("test.count() :: (n :: INTEGER)"),
              (context, arguments) ->
                  LongStream.rangeClosed(1, 1_000_000)
                      .peek(n -> pulled.incrementAndGet())
                      .mapToObj(List::of)));
      assertEquals(
          "5",
          rows(
              "UNWIND range(1, 5) AS i WITH i WHERE EXISTS { CALL test.count() YIELD n RETURN n }"
                  + " RETURN count(*)"));
      assertEquals(5, pulled.get());
    }

    @Test
    void anExistsFindsAMatchOfEveryRowWhereverItStands() {
      db.run(
          "UNWIND range(0, 2999) AS h CREATE (n:H {h: h}) WITH n, h UNWIND range(1, h % 7) AS i"
              + " CREATE (n)-[:T]->(:L {i: i})");
      for (int least = 1; least <= 7; least++) {
        String where = "WHERE l.i >= " + least;
        assertEquals(
            rows("MATCH (n:H)-[:T]->(l) " + where + " RETURN count(DISTINCT n)"),
            rows("MATCH (n:H) WHERE EXISTS { (n)-[:T]->(l) " + where + " } RETURN count(n)"));
      }
      assertEquals(
          rows("MATCH (n:H)-[:T]->() RETURN count(DISTINCT n)"),
          rows("MATCH (n:H) WHERE (n)-[:T]->() RETURN count(n)"));
      assertEquals(
          rows("MATCH (n:H) WHERE n.h % 7 > 2 RETURN count(n)"),
          rows(
              "MATCH (n:H) WHERE EXISTS { (n)-[:T]->(l) WHERE EXISTS { (n)-[:T]->(k)"
                  + " WHERE k.i = l.i + 2 } } RETURN count(n)"));
    }

    @Test
    void aNestedQueryThatFindsNothingTakesItsRowAway() {
      createGroups();
      assertEquals(
          "7",
          rows("MATCH (n:G) CALL { WITH n MATCH (n)-->(m) RETURN m LIMIT 1 } RETURN count(*)"));
      assertEquals(
          "0",
          rows("MATCH (n:G) CALL { WITH n MATCH (n)-->(m) RETURN m LIMIT 0 } RETURN count(*)"));
      assertEquals(
          "8",
          rows("MATCH (n:G) CALL { WITH n MATCH (n)-->(m) RETURN count(m) AS c } RETURN count(*)"));
    }

    @Test
    void mergeMatchesForEachRowAlone() {
      createGroups();
      db.run("MATCH (n:G) MERGE (n)-[:HAS]->(m:M {i: 3})");
      assertEquals("8", rows("MATCH (m:M {i: 3}) RETURN count(m)"));
    }
  }
}
