package dev.quarry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.AbstractList;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Updates of many rows run in one transaction, in memory that does not grow with them.
class LargeUpdateTest {
  private static final int ROWS = 1_000_000;

  @TempDir private Path folder;

  /// Rows that are made when they are asked for.
  private static final class MadeRows extends AbstractList<Map<String, Object>>
      implements RandomAccess {
    private final int size;

    MadeRows(int size) {
      this.size = size;
    }

    @Override
    public Map<String, Object> get(int index) {
      return Map.of("id", (long) index, "name", "row " + index);
    }

    @Override
    public int size() {
      return size;
    }
  }

  @Test
  void aMillionRowsAreCreatedInOneTransactionWithinAFixedBudget() {
    OpenOptions options = OpenOptions.defaults().withMemory(64 << 20);
    Path store = folder.resolve("rows.quarry");
    try (Quarry db = Quarry.open(store, options)) {
      Answer answer =
          db.run(
              "UNWIND $rows AS row CREATE (:Row {id: row.id, name: row.name})",
              Map.of("rows", new MadeRows(ROWS)));
      assertEquals(ROWS, answer.summary().nodesCreated());
      assertTrue(answer.summary().peakBytes() < 4 << 20, () -> "" + answer.summary().peakBytes());
      assertEquals(List.of(), db.admin().check().problems());
    }
    try (Quarry db = Quarry.open(store, options)) {
      Row row = db.run("MATCH (r:Row) RETURN count(*) AS n, sum(r.id) AS sum").rows().getFirst();
      assertEquals((long) ROWS, row.get("n"));
      assertEquals((long) ROWS * (ROWS - 1) / 2, row.get("sum"));
    }
  }

  /// What it logs would take half of the budget, and twice that while its buffer grows.
  @Test
  void threeHundredThousandRecordsAreRemovedInOneTransactionWithinTheLeastBudget() {
    Path store = folder.resolve("rows.quarry");
    try (Quarry db = Quarry.open(store)) {
      db.run("UNWIND range(1, 100000) AS id CREATE (:Row {id: id})-[:TO]->(:Row {id: -id})");
    }
    OpenOptions least = OpenOptions.defaults().withMemory(8 << 20);
    try (Quarry db = Quarry.open(store, least)) {
      assertEquals(200_000, db.run("MATCH (r:Row) DETACH DELETE r").summary().nodesDeleted());
      assertEquals(List.of(), db.admin().check().problems());
    }
    try (Quarry db = Quarry.open(store, least)) {
      assertEquals(0L, db.run("MATCH (n) RETURN count(*) AS n").rows().getFirst().get("n"));
    }
  }

  @Test
  void mergeOfManyRowsFindsWhatIsThereAndCreatesTheRest() {
    int rows = 100_000;
    try (Quarry db = Quarry.inMemory()) {
      db.run("UNWIND range(0, $n - 1, 2) AS id CREATE (:Row {id: id})", Map.of("n", rows));
      Answer answer =
          db.run(
              "UNWIND $rows AS row MERGE (r:Row {id: row.id}) SET r.name = row.name",
              Map.of("rows", new MadeRows(rows)));
      assertEquals(rows / 2, answer.summary().nodesCreated());
      assertEquals(
          (long) rows,
          db.run("MATCH (r:Row) RETURN count(DISTINCT r.name) AS n").rows().getFirst().get("n"));
      assertEquals(List.of(), db.admin().check().problems());
    }
  }
}
