package dev.quarry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Which plans look records up in an index, and that they find what a scan finds.
class IndexPlanTest {
  private final Quarry db = Quarry.inMemory();

  @BeforeEach
  void createNodesOfAllKinds() {
    db.run(
        "UNWIND range(1, 200) AS i CREATE (:P:Q {id: i, name: 'n' + i, group: i % 10})"
            + "-[:R {w: i}]->(:X {ref: i})");
    db.run(
        "CREATE (:V {v: 1}), (:V {v: 1.0}), (:V {v: 2.5}), (:V {v: 0.0 / 0.0}), (:V {v: 'abc'}),"
            + " (:V {v: 'abd'}), (:V {v: ''}), (:V {v: true}), (:V {v: date('2024-01-01')}),"
            + " (:V {v: date('2025-01-01')}), (:V {v: [1, 2]}), (:V {v: []}), (:V {v: [1.0]}),"
            + " (:V {v: -0.0}), (:V {v: 9007199254740993}), (:V {v: duration('P1D')}), (:V),"
            + " (:V {v: point({x: 1, y: 2})})");
    db.run("CREATE INDEX FOR (p:P) ON (p.id)");
    db.run("CREATE INDEX FOR (p:P) ON (p.group, p.name)");
    db.run("CREATE INDEX FOR (x:X) ON (x.ref)");
    db.run("CREATE INDEX FOR ()-[r:R]-() ON (r.w)");
    db.run("CREATE INDEX FOR (v:V) ON (v.v)");
  }

  @AfterEach
  void checkAndClose() {
    assertEquals(List.of(), db.admin().check().problems());
    db.close();
  }

  private List<String> rows(String statement, Map<String, ?> parameters) {
    List<String> rows = new ArrayList<>();
    db.run(statement, parameters)
        .forEach(
            row ->
                rows.add(
                    row.asMap().values().stream()
                        .map(String::valueOf)
                        .collect(Collectors.joining(" "))));
    rows.sort(null);
    return rows;
  }

  private List<String> withoutIndexes(String statement, Map<String, ?> parameters) {
    System.setProperty("quarry.useIndexes", "false");
    try {
      assertFalse(plan(statement, parameters).contains("Seek"));
      return rows(statement, parameters);
    } finally {
      System.clearProperty("quarry.useIndexes");
    }
  }

  private String plan(String statement, Map<String, ?> parameters) {
    return db.run("EXPLAIN " + statement, parameters).rows().stream()
        .map(row -> String.valueOf(row.get(0)).strip())
        .collect(Collectors.joining("\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      value = {
        "MATCH (p:P {id: 7}) RETURN p.name → SeekNodes :P(id) = 7",
        "MATCH (p:P) WHERE 7 = p.id RETURN p.name → SeekNodes :P(id) = 7",
        "MATCH (p) WHERE p:P AND p.id = 7 RETURN p.name → SeekNodes :P(id) = 7",
        "MATCH (p:P&Q) WHERE p.id = 3 + 4 RETURN p.name → SeekNodes :P(id) = 3 + 4",
        "MATCH (p:P) WHERE p.id IN [1, 1.0, null, 300, 'a', 2] RETURN p.name"
            + " → SeekNodes :P(id) IN [1, 1.0, null, 300, 'a', 2]",
        "MATCH (p:P) WHERE p.id > 190 AND p.id <= 195 RETURN p.name"
            + " → SeekNodes :P(id) > 190 AND <= 195",
        "MATCH (p:P) WHERE 190 < p.id <= 195 RETURN p.name → SeekNodes :P(id) > 190 AND <= 195",
        "MATCH (p:P) WHERE p.id >= 199 RETURN p.name → SeekNodes :P(id) >= 199",
        "MATCH (p:P) WHERE p.group = 3 AND p.name STARTS WITH 'n1' RETURN p.id"
            + " → SeekNodes :P(group, name) = 3, STARTS WITH 'n1'",
        "MATCH (p:P {group: 3, name: 'n13'}) RETURN p.id → SeekNodes :P(group, name) = 3, = 'n13'",
        "MATCH (p:P) WHERE p.group IN [3, 4] AND p.name < 'n14' RETURN p.id"
            + " → SeekNodes :P(group, name) IN [3, 4], < 'n14'",
        "MATCH (p:P) WHERE p.group > 8 AND p.name IS NOT NULL RETURN p.id"
            + " → SeekNodes :P(group, name) > 8",
        "UNWIND [1, 2, 2, null] AS i MATCH (p:P {id: i}) RETURN p.id → SeekNodes :P(id) = i",
        "MATCH (a:P {id: 5})-->(x:X) MATCH (b:P) WHERE b.id = x.ref + 1 RETURN b.name"
            + " → SeekNodes :P(id) = x.ref + 1",
        "MATCH (b:P), (x:X {ref: 9}) WHERE b.id = x.ref RETURN b.name → SeekNodes :P(id) = x.ref",
        "OPTIONAL MATCH (p:P {id: 0}) RETURN p.id → SeekNodes :P(id) = 0",
        "MATCH (a)-[r:R {w: 12}]->(b) RETURN a.id, b.ref → SeekRelationships :R(w) = 12",
        "MATCH (a)<-[r:R]-(b) WHERE r.w IN [1, 2] RETURN a.ref → SeekRelationships :R(w) IN [1, 2]",
        "MATCH (a)-[r:R]-(b) WHERE r.w > 198 RETURN a.id, b.ref → SeekRelationships :R(w) > 198",
        "MATCH (p:P) WHERE EXISTS { (x:X {ref: p.id}) WHERE x.ref > 195 } RETURN p.id"
            + " → SeekNodes :X(ref) = p.id",
      })
  void looksUp(String statement, String step) {
    String plan = plan(statement, Map.of());
    assertTrue(plan.lines().anyMatch(step::equals), plan);
    assertEquals(withoutIndexes(statement, Map.of()), rows(statement, Map.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '→',
      value = {
        "MATCH (p:P) WHERE p.id <> 7 RETURN count(p)",
        "MATCH (p:P) WHERE p.group = 3 RETURN count(p)",
        "MATCH (p:P) WHERE p.name STARTS WITH 'n1' RETURN count(p)",
        "MATCH (p:P) WHERE p.id = p.group RETURN count(p)",
        "MATCH (p:P) WHERE p.id = 1 OR p.id = 2 RETURN count(p)",
        "MATCH (p:P) WHERE NOT p.id = 1 RETURN count(p)",
        "MATCH (p:Q) WHERE p.id = 1 RETURN count(p)",
        "MATCH (p:P|X) WHERE p.id = 1 RETURN count(p)",
        "MATCH (p:P) WHERE p.id = toInteger(rand()) RETURN count(p)",
        "MATCH (p:P) WHERE p.id = COUNT { (x:X) } RETURN count(p)",
        "MATCH ()-[r:R|S {w: 1}]->() RETURN count(r)",
        "MATCH ()-[r:R*1..1 {w: 1}]->() RETURN count(r)",
      })
  void doesNotLookUp(String statement) {
    String plan = plan(statement, Map.of());
    assertFalse(plan.contains("Seek"), plan);
  }

  @Test
  void beginsAPatternWhereTheIndexGivesFewest() {
    String plan = plan("MATCH (x:X)<-[:R]-(p:P {id: 5}) RETURN x", Map.of());
    assertTrue(plan.contains("SeekNodes :P(id) = 5"), plan);
    assertFalse(plan.contains("ScanNodes"), plan);
    plan = plan("MATCH (p:P) WHERE p.id = 5 AND p.id > 0 RETURN p", Map.of());
    assertTrue(plan.contains("Filter p.id > 0\n"), plan);
  }

  /// Every form against values of all kinds, that are compared as without an index (rule S14).
  @Test
  void findsWhatAScanFindsWhateverTheValue() {
    List<@Nullable Object> values =
        Arrays.asList(
            null,
            1,
            1.0,
            0,
            -0.0,
            2.5,
            3,
            Double.NaN,
            9007199254740992.0,
            9007199254740993L,
            "",
            "ab",
            "abc",
            "x",
            true,
            false,
            List.of(),
            List.of(1),
            List.of(1, 2),
            List.of(1.0, 2),
            Arrays.asList(1, null),
            List.of("a"),
            List.of(List.of(1)),
            List.of(Double.NaN),
            Map.of("a", 1),
            java.time.LocalDate.of(2024, 6, 1),
            java.time.LocalTime.NOON,
            java.time.LocalDate.of(2024, 1, 1),
            List.of(Map.of()));
    values = new ArrayList<>(values);
    for (String text : List.of("duration('PT24H')", "duration('P1D')", "point({x: 1, y: 2})")) {
      values.add(db.run("RETURN " + text).rows().getFirst().get(0));
    }
    for (Object value : values) {
      Map<String, @Nullable Object> parameters = new HashMap<>();
      parameters.put("x", value);
      parameters.put("y", 2);
      for (String condition :
          List.of(
              "v.v = $x",
              "v.v < $x",
              "v.v <= $x",
              "v.v > $x",
              "v.v >= $x",
              "$x < v.v",
              "v.v STARTS WITH $x",
              "v.v IN [$x, 1, $x]",
              "v.v > 0 AND v.v < $x",
              "$x <= v.v < $y",
              "v.v IN [[1, 2], $x]")) {
        String statement = "MATCH (v:V) WHERE " + condition + " RETURN v.v";
        assertTrue(plan(statement, parameters).contains("SeekNodes :V(v)"), statement);
        assertEquals(
            withoutIndexes(statement, parameters),
            rows(statement, parameters),
            () -> statement + " with " + value);
      }
    }
  }

  @Test
  void aListThatIsNoListIsAnErrorOnlyIfThereIsANode() {
    String statement = "MATCH (v:V) WHERE v.v IN $x RETURN count(*)";
    assertEquals(errorOf(statement, false), errorOf(statement, true));
    statement = "MATCH (v:V) WHERE v.v = 1 / ($x - $x) RETURN count(*)";
    assertEquals(errorOf(statement, false), errorOf(statement, true));
    db.run("MATCH (v:V) DELETE v");
    assertEquals(List.of("0"), rows(statement, Map.of("x", 1)));
    assertEquals(List.of("0"), withoutIndexes(statement, Map.of("x", 1)));
  }

  private String errorOf(String statement, boolean indexes) {
    System.setProperty("quarry.useIndexes", Boolean.toString(indexes));
    try {
      db.run(statement, Map.of("x", 1));
      return "";
    } catch (dev.quarry.error.QuarryException e) {
      return e.code() + " " + e.getMessage();
    } finally {
      System.clearProperty("quarry.useIndexes");
    }
  }

  @Test
  void plansAreMadeAgainWhenAnIndexComesOrGoes() {
    String statement = "MATCH (p:P) WHERE p.id = 7 RETURN p.name";
    assertEquals(List.of("n7"), rows(statement, Map.of()));
    assertTrue(plan(statement, Map.of()).contains("SeekNodes"));
    db.run("DROP INDEX index_1");
    assertFalse(plan(statement, Map.of()).contains("SeekNodes"));
    assertEquals(List.of("n7"), rows(statement, Map.of()));
    db.run("CREATE INDEX FOR (p:P) ON (p.id)");
    assertTrue(plan(statement, Map.of()).contains("SeekNodes"));
    db.run("DROP INDEX index_1");
    db.run("CREATE CONSTRAINT FOR (p:P) REQUIRE p.id IS UNIQUE");
    assertTrue(plan(statement, Map.of()).contains("SeekNodes"));
    assertEquals(List.of("n7"), rows(statement, Map.of()));
  }

  @Test
  void anOldSnapshotUsesTheIndexesThatItHas() {
    try (ReadTransaction old = db.beginRead()) {
      db.run("MATCH (p:P) SET p.id = -p.id");
      db.run("DROP INDEX index_1");
      String statement = "MATCH (p:P) WHERE p.id = 7 RETURN p.name";
      assertEquals(1, old.query(statement).toList().size());
      assertEquals(List.of(), rows(statement, Map.of()));
      assertEquals("n7", old.query(statement).toList().getFirst().get(0));
    }
  }

  @Test
  void labelsThatWereRemovedAreNotFound() {
    db.run("MATCH (p:P {id: 7}) REMOVE p:P");
    db.run("MATCH (p:Q {id: 8}) REMOVE p:P SET p:P");
    assertEquals(List.of(), rows("MATCH (p:P {id: 7}) RETURN p.name", Map.of()));
    assertEquals(List.of("n8"), rows("MATCH (p:P {id: 8}) RETURN p.name", Map.of()));
  }

  /// A clause sees what was there when it began, and the next one all that it did (rules S1, S5).
  @Test
  void aStatementMayChangeWhatItLooksUp() {
    assertEquals(
        List.of("200"),
        rows("MATCH (p:P) WHERE p.id > 0 SET p.id = p.id + 1000 RETURN count(p)", Map.of()));
    assertEquals(
        List.of("3"),
        rows(
            "MATCH (p:P) WHERE p.id >= 1198 CREATE (:P {id: p.id + 10}) WITH count(*) AS c"
                + " MATCH (n:P) WHERE n.id > 1200 RETURN count(n)",
            Map.of()));
    db.update(
        tx -> {
          tx.query("MATCH (p:P {id: 1001}) SET p.id = 1");
          assertEquals(0, tx.query("MATCH (p:P {id: 1001}) RETURN p").toList().size());
          assertEquals(1, tx.query("MATCH (p:P {id: 1}) RETURN p").toList().size());
          tx.query("MATCH (p:P {id: 1}) DETACH DELETE p");
          assertEquals(0, tx.query("MATCH (p:P {id: 1}) RETURN p").toList().size());
          Rows rows = tx.query("MATCH (p:P) WHERE p.id > 1100 RETURN p.id LIMIT 1");
          tx.query("MATCH (p:P) WHERE p.id > 1150 SET p.id = p.id - 150");
          assertTrue(rows.next());
        });
    assertEquals(
        List.of("0"),
        rows("MATCH (p:P) WHERE p.id > 1150 AND p.id < 1200 RETURN count(p)", Map.of()));
  }

  @Test
  void deletesWhatItLooksUpAndSeesItsOwnCreations() {
    assertEquals(
        List.of("3"),
        rows("MATCH (p:P) WHERE p.id IN [1, 2, 3] DETACH DELETE p RETURN count(p)", Map.of()));
    assertEquals(
        List.of("4"),
        rows("UNWIND [1, 2, 3, 4] AS i MERGE (p:P {id: i}) RETURN count(p)", Map.of()));
    assertEquals(List.of("4"), rows("MATCH (p:P) WHERE p.id <= 4 RETURN count(p)", Map.of()));
  }

  @Test
  void aRelationshipThatGotItsPropertyLaterIsFound() {
    db.run("CREATE (:A {n: 1})-[:R]->(:A {n: 2})");
    db.run("MATCH (:A)-[r:R]->(:A) SET r.w = 1000");
    String statement = "MATCH (a)-[r:R {w: 1000}]->(b) RETURN a.n, b.n, r.w";
    assertEquals(List.of("1 2 1000"), rows(statement, Map.of()));
    assertEquals(
        List.of("true"),
        rows(
            "MATCH (:A)-[r:R]->(:A) MATCH ()-[s:R {w: 1000}]->() RETURN r = s AND id(r) = id(s)",
            Map.of()));
    db.run("CREATE (a:L)-[:R {w: 2000}]->(a)");
    String loop = "MATCH (a)-[r:R {w: 2000}]-(b) RETURN a = b";
    assertEquals(List.of("true"), rows(loop, Map.of()));
    assertEquals(withoutIndexes(loop, Map.of()), rows(loop, Map.of()));
  }

  @Test
  void longListsAreTakenElementByElement() {
    List<Object> ids = new ArrayList<>();
    for (int i = -20_000; i < 20_000; i++) {
      ids.add(i % 3 == 0 ? (Object) (double) i : (Object) i);
      ids.add(i);
    }
    assertEquals(
        List.of("200"), rows("MATCH (p:P) WHERE p.id IN $ids RETURN count(p)", Map.of("ids", ids)));
  }
}
