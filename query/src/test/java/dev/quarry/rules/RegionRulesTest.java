package dev.quarry.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.OpenOptions;
import dev.quarry.Quarry;
import dev.quarry.WriteTransaction;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.QuarryException;
import dev.quarry.graph.Node;
import dev.quarry.graph.RegionUsage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Rule S30: regions.
class RegionRulesTest extends RuleFixture {
  private static final List<String> STATEMENTS =
      List.of(
          "MATCH (n) RETURN count(*)",
          "MATCH (n:P) RETURN n.tenant, count(*)",
          "MATCH (n:P {i: 3}) RETURN n.tenant, n.i",
          "MATCH (n:P) WHERE n.i > 4 RETURN n.tenant, n.i",
          "MATCH ()-[r]->() RETURN type(r), count(*)",
          "MATCH ()-[r:OWNS]->() RETURN count(*)",
          "MATCH (a:P)-[r:KNOWS]->(b:P) RETURN a.tenant, a.i, b.tenant, b.i",
          "MATCH (a:P)-[r:OWNS]->(b) WHERE r.w = 2 RETURN a.i, r.w, r{.*}, keys(r)",
          "MATCH ()-[r:OWNS]->() WHERE r.w > 1 RETURN r.w, startNode(r).i, endNode(r).i",
          "MATCH (s:Shared)<-[r]-(a) RETURN s.name, type(r), count(a)",
          "MATCH (s:Shared)-[r]-(a) RETURN s.name, type(r), a.i",
          "MATCH (a:P {i: 0})-[:KNOWS*1..3]->(b) RETURN a.tenant, b.i",
          "MATCH p = shortestPath((a:P {i: 0})-[:KNOWS*]->(b:P {i: 4})) RETURN a.tenant, length(p)",
          "MATCH (a:P) RETURN a.i, COUNT { (a)-->() }, EXISTS { (a)<-[:OWNS]-() }",
          "MATCH (a:P) OPTIONAL MATCH (a)-[r:OWNS]->(:Shared) RETURN a.tenant, a.i, r.w");

  private static final List<String> CHANGES =
      List.of(
          "MATCH (a:P {i: 1}) SET a.j = a.i + 1",
          "MATCH (a:P {i: 2})-[r:KNOWS]->() SET r.w = 7",
          "MATCH (a:P {i: 3}) DETACH DELETE a",
          "MERGE (a:P {i: 4, tenant: 'a'}) ON MATCH SET a.met = true",
          "MERGE (a:P {i: 40, tenant: 'a'}) ON CREATE SET a.made = true",
          "MATCH (a:P {i: 5}) SET a:Extra",
          "MATCH (a:P {i: 6})-[r]->() DELETE r",
          "MATCH (s:Shared) CREATE (s)-[:OWNS {w: 9}]->(:P {i: 99, tenant: 'none'})");

  /// Three tenants that know each other inside, and share things outside.
  private static void fill(Quarry db, boolean inRegions) {
    db.run("CREATE INDEX p FOR (n:P) ON (n.i)");
    db.run("CREATE INDEX w FOR ()-[r:OWNS]-() ON (r.w)");
    db.update(
        tx -> {
          Node shared = tx.createNode(Set.of("Shared"), Map.of("name", "all"));
          for (String tenant : List.of("a", "b", "c")) {
            if (inRegions) {
              tx.createRegion(tenant);
            }
            List<Node> people = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
              people.add(person(tx, inRegions ? tenant : null, tenant, i));
            }
            for (int i = 0; i < 8; i++) {
              tx.createRelationship(people.get(i), "KNOWS", people.get((i + 1) % 8), Map.of());
              tx.createRelationship(people.get(i), "OWNS", shared, Map.of("w", i % 4));
              tx.createRelationship(shared, "OWNS", people.get(i), Map.of("w", i % 3));
              tx.createRelationship(shared, "SEES", people.get(i), Map.of());
            }
          }
        });
  }

  private static Node person(WriteTransaction tx, @Nullable String region, String tenant, int i) {
    Map<String, Object> properties = Map.of("tenant", tenant, "i", i);
    return region == null
        ? tx.createNode(Set.of("P"), properties)
        : tx.createNode(region, Set.of("P"), properties);
  }

  private static List<String> sorted(Quarry db, String statement) {
    List<String> rows =
        new ArrayList<>(
            db.run(statement, Map.of()).rows().stream().map(r -> r.asMap().toString()).toList());
    Collections.sort(rows);
    return rows;
  }

  /// S30: a region is a part of the graph as far as statements go, and gone as a whole.
  @Nested
  class S30 {
    private final Quarry plain = Quarry.inMemory(OpenOptions.defaults().withMemory(64 << 20));

    @AfterEach
    void close() {
      assertEquals(List.of(), plain.admin().check().problems());
      plain.close();
    }

    private void assertSame() {
      for (String statement : STATEMENTS) {
        assertEquals(sorted(plain, statement), sorted(db, statement), statement);
      }
    }

    @Test
    void statementsAnswerOnRegionsAsWithoutThem() {
      fill(db, true);
      fill(plain, false);
      assertSame();
      for (String change : CHANGES) {
        db.run(change);
        plain.run(change);
        assertSame();
      }
    }

    /// Plans of before the drop are in the cache.
    @Test
    void aDropIsForStatementsADetachDeleteOfAllOfIt() {
      fill(db, true);
      fill(plain, false);
      assertSame();
      for (String tenant : List.of("b", "a", "c")) {
        db.update(tx -> tx.dropRegion(tenant));
        plain.run("MATCH (n:P {tenant: $t}) DETACH DELETE n", Map.of("t", tenant));
        assertSame();
        db.run("MERGE (:P {i: 3, tenant: 'none'})");
        plain.run("MERGE (:P {i: 3, tenant: 'none'})");
        assertSame();
      }
      assertEquals("1", rows("MATCH (n:P) RETURN count(*)"));
    }

    @Test
    void whatIsDroppedInATransactionIsGoneForItsNextStatement() {
      fill(db, true);
      db.update(
          tx -> {
            Node inside = tx.findNode("P", "tenant", "b").orElseThrow();
            tx.dropRegion("b");
            assertEquals("16", text(tx.query("MATCH (n:P) RETURN count(*)", Map.of()).toList()));
            assertEquals(
                ErrorCode.RECORD_GONE,
                assertThrows(QuarryException.class, () -> tx.labels(inside)).code());
          });
      assertEquals("16", rows("MATCH (n:P) RETURN count(n)"));
    }

    @Test
    void createAndMergeMakeNodesInTheDefaultRegion() {
      fill(db, true);
      db.run("MATCH (n:P {i: 0}) CREATE (n)-[:KNOWS {w: 1}]->(:New)");
      db.update(tx -> List.of("a", "b", "c").forEach(tx::dropRegion));
      assertEquals("3", rows("MATCH (n:New) RETURN count(*)"));
      assertEquals("4", rows("MATCH (n) WITH n AS m RETURN count(*)"));
      assertEquals("0", rows("MATCH ()-[r]->() WITH r AS s RETURN count(*)"));
    }

    @Test
    void statsAndAProcedureShowRegionsAndTheirFloor() {
      assertEquals("", rows("CALL quarry.regions()"));
      fill(db, true);
      List<RegionUsage> regions = db.admin().stats().regions();
      assertEquals(List.of("a", "b", "c"), regions.stream().map(RegionUsage::name).toList());
      for (RegionUsage region : regions) {
        assertEquals(8, region.nodes());
        assertTrue(region.floorPages() > 10 && region.floorPages() <= region.pages());
        assertTrue(region.bytes() >= region.floorBytes());
      }
      assertEquals(
          "a,8; b,8; c,8",
          rows("CALL quarry.regions() YIELD name, nodes RETURN name, nodes ORDER BY name"));
    }
  }
}
