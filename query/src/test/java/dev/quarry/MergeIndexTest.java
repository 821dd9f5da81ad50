package dev.quarry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.QuarryException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// MERGE of a node looks it up in an index where there is one (rule S3).
class MergeIndexTest {
  private final Quarry db = Quarry.inMemory();

  @AfterEach
  void checkAndClose() {
    assertEquals(List.of(), db.admin().check().problems());
    db.close();
  }

  private long number(String statement) {
    return (Long) java.util.Objects.requireNonNull(db.run(statement).rows().getFirst().get(0));
  }

  private String plan(String statement) {
    return db.run("EXPLAIN " + statement).rows().toString();
  }

  @Test
  void mergesManyRowsEachOnce() {
    db.run("CREATE CONSTRAINT FOR (p:P) REQUIRE p.id IS UNIQUE");
    String merge =
        "UNWIND range(0, 9999) AS i MERGE (p:P {id: i % 5000}) ON CREATE SET p.made = 1"
            + " ON MATCH SET p.met = coalesce(p.met, 0) + 1";
    assertTrue(plan(merge).contains("SeekNodes :P(id) = i % 5000"), plan(merge));
    Summary summary = db.run(merge).summary();
    assertEquals(5000, summary.nodesCreated());
    assertEquals(5000, number("MATCH (p:P) WHERE p.made = 1 AND p.met = 1 RETURN count(p)"));
  }

  @Test
  void oneRowAndManyRowsAgree() {
    db.run("CREATE INDEX FOR (p:P) ON (p.id)");
    db.run("CREATE (:P {id: 1}), (:P {id: 1.0}), (:Q {id: 1})");
    assertEquals(2, number("MERGE (p:P {id: 1}) RETURN count(p)"));
    assertEquals(16, number("UNWIND range(1, 8) AS i MERGE (p:P {id: 1.0}) RETURN count(p)"));
    assertEquals(1, number("MERGE (p:P {id: 0.0 / 0.0}) RETURN count(p)"));
    assertEquals(1, number("MERGE (p:P {id: 0.0 / 0.0}) RETURN count(p)"));
    assertEquals(4, number("MATCH (p:P) RETURN count(p)"));
  }

  @Test
  void morePropertiesThanTheIndexHasAreTested() {
    db.run("CREATE INDEX FOR (p:P) ON (p.id)");
    db.run("CREATE (:P {id: 1, x: 1}), (:P {id: 1})");
    assertEquals(6, number("UNWIND range(1, 6) AS i MERGE (p:P {id: 1, x: 1}) RETURN count(p)"));
    assertEquals(6, number("UNWIND range(1, 6) AS i MERGE (p:P:Q {id: 1, x: 1}) RETURN count(p)"));
    assertEquals(3, number("MATCH (p:P) RETURN count(p)"));
  }

  @Test
  void aClauseThatChangesItsOwnKeySeesTheChange() {
    db.run("CREATE INDEX FOR (p:P) ON (p.id)");
    db.run("UNWIND [1, 2, 1] AS i MERGE (p:P {id: i}) ON CREATE SET p.id = i + 10");
    assertEquals(
        List.of(11L, 11L, 12L),
        db.run("MATCH (p:P) RETURN p.id ORDER BY p.id").rows().stream()
            .map(row -> row.get(0))
            .toList());
  }

  @Test
  void mergesARelationshipBetweenNodesThatAreLookedUp() {
    db.run("CREATE INDEX FOR (p:P) ON (p.id)");
    db.run("UNWIND range(1, 100) AS i CREATE (:P {id: i})");
    String merge =
        "UNWIND range(1, 99) AS i MATCH (a:P {id: i}), (b:P {id: i + 1}) MERGE (a)-[r:T]->(b)";
    assertEquals(99, db.run(merge).summary().relationshipsCreated());
    assertEquals(0, db.run(merge).summary().relationshipsCreated());
  }

  @Test
  void nullIsStillRefused() {
    db.run("CREATE INDEX FOR (p:P) ON (p.id)");
    QuarryException error =
        assertThrows(QuarryException.class, () -> db.run("UNWIND [null] AS x MERGE (:P {id: x})"));
    assertEquals(ErrorCode.MERGE_READ_OWN_WRITES, error.code());
  }

  @Test
  void anIndexThatGivesManyNodesIsNoBetterThanATable() {
    db.run("CREATE INDEX FOR (p:P) ON (p.kind)");
    db.run("UNWIND range(1, 3000) AS i CREATE (:P {kind: i % 2, id: i})");
    Answer answer =
        db.run(
            "UNWIND range(1, 6000) AS i MERGE (p:P {kind: i % 2, id: i}) RETURN count(p)",
            Map.of());
    assertEquals(3000, answer.summary().nodesCreated());
    assertEquals(6000, number("MATCH (p:P) RETURN count(p)"));
  }
}
