package dev.quarry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.graph.Node;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Patterns with cycles, whose expansions meet in one step.
class IntersectTest {
  private static final String TRIANGLES =
      "MATCH (a)-[:T]->(b)-[:T]->(c), (a)-[:T]->(c) RETURN count(*)";

  private static final String COUNTS = "RETURN count(*)";

  private final Quarry db = Quarry.inMemory(OpenOptions.defaults().withMemory(64 << 20));

  @AfterEach
  void checkAndClose() {
    assertEquals(List.of(), db.admin().check().problems());
    db.close();
  }

  @Test
  void aTriangleIsOneStepThatSeesToItThatItsRelationshipsDiffer() {
    assertEquals(
        """
        Result count(*)
        Aggregate count(*)
        CountIntersect -[:T]->, <-[:T]- (:V) where relationships differ
        Filter (b:V)
        Expand -[:T]->
        ScanNodes :V
        Start
        """,
        plan("MATCH (a:V)-[:T]->(b:V)-[:T]->(c:V), (c)-[:T]->(a) RETURN count(*)"));
  }

  @Test
  void allThatMeetsInANodeIsOneStep() {
    String plan =
        plan("MATCH (a)-->(b)-->(c)-->(d), (a)-->(c), (a)-->(d), (b)-->(d) RETURN count(*)");
    assertTrue(plan.contains("Intersect -->, -->, --> where"), plan);
    assertFalse(plan.contains("ExpandInto"), plan);
  }

  @Test
  void whatJoinsANodeWithItselfIsAStepOfItsOwn() {
    String plan = plan("MATCH (a)-->(b)-->(c), (a)-->(c)-->(c) RETURN count(*)");
    assertTrue(plan.contains("ExpandInto -->"), plan);
    assertTrue(plan.contains("Intersect -->, -->"), plan);
  }

  @Test
  void aListOfRelationshipsIsComparedByAFilter() {
    db.run("CREATE (a {i: 0}), (b), (c), (a)-[:T]->(b)-[:T]->(c)<-[:T]-(a)");
    String statement =
        "MATCH (a)-[:T*2]->(x), (a)-[:T]->(b)-[:T]->(c), (a)-[:T]->(c) RETURN count(*)";
    assertTrue(plan(statement).contains("Filter relationships differ"), plan(statement));
    assertEquals(0, count(statement));
  }

  @Test
  void oneLoopIsNoTriangleAndThreeAreSix() {
    db.run("CREATE (a)-[:T]->(a)");
    assertEquals(0, count(TRIANGLES));
    db.run("MATCH (a) CREATE (a)-[:T]->(a), (a)-[:T {w: 1}]->(a)");
    assertEquals(6, count(TRIANGLES));
    assertEquals(6, count(TRIANGLES.replace("->", "-")));
  }

  @Test
  void parallelsMultiply() {
    db.run("CREATE (a {i: 0}), (b {i: 1}), (c {i: 2})");
    create(0, 1, 2);
    create(1, 2, 3);
    create(0, 2, 4);
    assertEquals(24, count(TRIANGLES));
    assertEquals(6 * 24, count(TRIANGLES.replace("->", "-")));
    String named = "MATCH (a)-[r:T]->(b)-[s:T]->(c), (a)-[t:T]->(c) ";
    assertEquals(24, count(named + "WITH DISTINCT r, s, t RETURN count(*)"));
    assertEquals(4, count(named + "WHERE r.w = 0 AND s.w = 0 RETURN count(t)"));
  }

  @Test
  void oneRelationshipIsNotTakenForTwoSides() {
    db.run("CREATE (a {i: 0}), (b {i: 1})");
    create(0, 1, 3);
    assertEquals(6, count("MATCH (a {i: 0})-[:T]->(c)<-[:T]-(b), (a)-[:T]->(c) RETURN count(*)"));
    assertEquals(0, count("MATCH (a)-[:T]->(c), (c)-[:T]->(a) RETURN count(*)"));
    create(1, 0, 2);
    create(1, 1, 2);
    assertEquals(12 + 2, count("MATCH (a)-[:T]->(c), (c)-[:T]->(a) RETURN count(*)"));
  }

  /// A table counts up to 255, and is made once many rows have gone on with its node.
  @Test
  void moreParallelsThanATableCountsAreCounted() {
    db.run("CREATE (a {i: 0}), (c {i: 1})");
    create(0, 1, 300);
    db.run("MATCH (a {i: 0}), (c {i: 1}) UNWIND range(1, 300) AS i CREATE (a)-[:T]->()-[:T]->(c)");
    assertEquals(300 * 300, count(TRIANGLES));
  }

  @Test
  void aNodeThatIsNullIsJoinedWithNothing() {
    db.run("CREATE (a)-[:T]->(b)-[:T]->(c), (a)-[:T]->(c)");
    String nobody = "OPTIONAL MATCH (x:Nobody) ";
    assertEquals(0, count(nobody + "MATCH (b)-->(c), (x)-->(c) RETURN count(*)"));
    assertEquals(
        1, count(nobody + "OPTIONAL MATCH (b)-->(c), (x)-->(c) RETURN count(*) - count(c)"));
  }

  @Test
  void aRelationshipThatIsBoundIsNotMetAgain() {
    db.run("CREATE (a {i: 0}), (b {i: 1}), (c {i: 2})");
    create(0, 1, 3);
    create(1, 2, 1);
    create(0, 2, 1);
    String bound = "MATCH (a {i: 0})-[r {w: 0}]->(b {i: 1}) ";
    assertEquals(1, count(bound + "MATCH (a)-[r]->(b), (b)-->(c), (a)-->(c) RETURN count(*)"));
    assertEquals(2, count(bound + "MATCH (a)-[r]->(b), (a)-->(c)<--(a) RETURN count(*)"));
    assertEquals(6, count(bound + "MATCH (a)-->(c)<--(a) RETURN count(*)"));
  }

  @Test
  void nodesOfADroppedRegionAreNotFound() {
    db.update(
        tx -> {
          Node a = tx.createNode(Set.of("A"), Map.of());
          Node b = tx.createNode(Set.of("B"), Map.of());
          tx.createRelationship(a, "T", b, Map.of());
          tx.createRegion("gone");
          for (int i = 0; i < 40; i++) {
            Node c =
                i % 2 == 0
                    ? tx.createNode("gone", Set.of("C"), Map.of())
                    : tx.createNode(Set.of("C"), Map.of());
            tx.createRelationship(a, "T", c, Map.of());
            tx.createRelationship(b, "T", c, i % 4 < 2 ? Map.of() : Map.of("w", 1));
          }
        });
    assertEquals(40, count(TRIANGLES));
    db.update(tx -> tx.dropRegion("gone"));
    assertEquals(20, count(TRIANGLES));
    assertEquals(120, count(TRIANGLES.replace("->", "-")));
  }

  /// Lists of all forms: in blocks with tails, of hubs, in runs, packed; small ones beside large.
  @Test
  void trianglesOfHubsAreThoseOfTheirSets() {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("-Dseed=" + seed);
    Random random = new Random(seed);
    int nodes = 9_000;
    List<Set<Integer>> out = new ArrayList<>();
    db.run("CREATE INDEX FOR (n:V) ON (n.i)");
    db.update(
        tx -> {
          List<Node> all = new ArrayList<>();
          for (int i = 0; i < nodes; i++) {
            all.add(tx.createNode(Set.of("V"), Map.of("i", i)));
            out.add(new HashSet<>());
          }
          for (int i = 0; i < 45_000; i++) {
            int from = random.nextInt(random.nextBoolean() ? 4 : nodes);
            int to = random.nextInt(random.nextInt(4) == 0 ? 6 : nodes);
            if (out.get(from).add(to)) {
              tx.createRelationship(all.get(from), "T", all.get(to), Map.of());
            }
          }
        });
    long expected = triangles(out);
    assertEquals(expected, count(TRIANGLES), "seed " + seed);
    db.admin().compact(CompactOptions.defaults());
    assertEquals(expected, count(TRIANGLES), "seed " + seed);
    db.admin().compact(CompactOptions.defaults().withPack(true));
    assertEquals(expected, count(TRIANGLES), "seed " + seed);
  }

  /// Loops and pairs back and forth are no harm: three relationships of different ends differ.
  private static long triangles(List<Set<Integer>> out) {
    long triangles = 0;
    for (int a = 0; a < out.size(); a++) {
      for (int b : out.get(a)) {
        for (int c : out.get(b)) {
          boolean differ = (a != b || b != c) && b != c && a != b;
          triangles += differ && out.get(a).contains(c) ? 1 : 0;
        }
      }
    }
    return triangles;
  }

  /// Creates relationships, every second of them with a property.
  private void create(int from, int to, int count) {
    db.run(
        "MATCH (a {i: $from}), (b {i: $to}) UNWIND range(0, $count - 1) AS k "
            + "CREATE (a)-[r:T]->(b) FOREACH (x IN CASE k % 2 WHEN 0 THEN [0] ELSE [] END | "
            + "SET r.w = k)",
        Map.of("from", from, "to", to, "count", count));
  }

  private String plan(String statement) {
    StringBuilder lines = new StringBuilder();
    db.run("EXPLAIN " + statement).rows().forEach(row -> lines.append(row.get(0)).append('\n'));
    return lines.toString();
  }

  /// The number that a statement gives; one that counts rows must give it also if they are made.
  private long count(String statement) {
    long count = number(statement);
    if (statement.endsWith(COUNTS)) {
      String made = statement.replace(COUNTS, "WITH 1 AS one SKIP 0 " + COUNTS);
      assertEquals(count, number(made), made);
    }
    return count;
  }

  private long number(String statement) {
    return (Long) db.run(statement).rows().getFirst().get(0);
  }
}
