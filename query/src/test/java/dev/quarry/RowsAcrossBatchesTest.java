package dev.quarry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/// What was computed for a row stays as it is while the row fills more than one batch.
class RowsAcrossBatchesTest {
  private static String value(Quarry db, String cypher) {
    return String.valueOf(db.run(cypher).rows().getFirst().get(0));
  }

  @Test
  void listsThatWereComputedAreUnwoundToTheirEnd() {
    try (Quarry db = Quarry.inMemory()) {
      assertEquals(
          "6869800",
          value(
              db,
              "UNWIND range(1, 700) AS i UNWIND [x IN range(1, 7) | toString(i * x)] AS t"
                  + " RETURN sum(toInteger(t))"));
      assertEquals(
          "20010000",
          value(
              db,
              "UNWIND range(1, 4) AS i UNWIND [x IN range(1, 2000) | {n: toString(i * x)}] AS m"
                  + " WITH collect(m) AS all UNWIND all AS m RETURN sum(toInteger(m.n))"));
    }
  }

  @Test
  void elementsStayWhileLaterRowsOfTheirBatchAreMade() {
    try (Quarry db = Quarry.inMemory()) {
      assertEquals(
          "[1, 11, 2, 12, 3, 13]",
          value(
              db,
              "UNWIND [1, 2, 3] AS i UNWIND [toString(i), toString(i + 10)] AS t"
                  + " RETURN collect(t)"));
    }
  }

  @Test
  void wantedPropertiesStayWhileAWalkFillsBatches() {
    try (Quarry db = Quarry.inMemory()) {
      db.run(
          "CREATE (h:Hub) WITH h UNWIND range(1, 3000) AS i CREATE (h)-[:T {k: 'left'}]->(:Leaf)");
      assertEquals(
          "3000",
          value(
              db, "MATCH (h:Hub)-[r*1..1 {k: toLower('LE') + 'ft'}]->() RETURN count(DISTINCT r)"));
    }
  }
}
