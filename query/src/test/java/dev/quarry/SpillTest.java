package dev.quarry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.CancelledException;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.EvaluationException;
import dev.quarry.error.MemoryBudgetException;
import dev.quarry.error.QuarryException;
import dev.quarry.error.StoreIoException;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.simulation.FaultPlan;
import dev.quarry.storage.simulation.SimDisk;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Rows that a statement keeps in order are limited by the disk, not by memory (rules S1, S10 and
/// S28), and nothing is left of them.
class SpillTest {
  private static final long ROWS = 1_000_000;
  private static final long MEMORY = 32 << 20;

  /// Keeps 20,000 rows of some 100 bytes: what it drains, and what it returns.
  private static final String KEEPS_ROWS =
      "MATCH (n:N) WITH n, toString(n.i) + 'a text that makes rows longer' AS text"
          + " CREATE (m:M {i: n.i}) RETURN n, m, text";

  private static final QueryOptions SMALL = QueryOptions.DEFAULT.withMemory(1 << 20);

  @TempDir Path folder = Path.of("");

  @AfterEach
  void batchesAreAsUsual() {
    System.clearProperty("quarry.batchRows");
  }

  private Path path() {
    return folder.resolve("spilling.quarry");
  }

  private static OpenOptions options() {
    return OpenOptions.defaults().withMemory(MEMORY);
  }

  private static Object single(Quarry db, String cypher) {
    return db.run(cypher).rows().getFirst().get(0);
  }

  private static Quarry withNodes(Quarry db, long count) {
    db.run(
        "UNWIND range(0, $count - 1, 1000) AS a UNWIND range(1, 1000) AS b CREATE (:N {i: a + b})",
        Map.of("count", count));
    return db;
  }

  private List<String> files() throws IOException {
    Path spilled = folder.resolve("spilling.quarry-tmp");
    if (!Files.exists(spilled)) {
      return List.of();
    }
    try (var files = Files.list(spilled)) {
      return files.map(file -> String.valueOf(file.getFileName())).toList();
    }
  }

  @Test
  void aMillionRowsAreDrainedWithinASmallBudget() {
    try (Quarry db = Quarry.open(path(), options())) {
      withNodes(db, ROWS);
      assertEquals(0, db.spill().writtenBytes(), "UNWIND and CREATE go on batch by batch");
      spills(db, "MATCH (n:N) SET n.k = n.i + 1");
      assertEquals(ROWS * (ROWS + 3) / 2, single(db, "MATCH (n:N) RETURN sum(n.k)"));
      spills(db, "MATCH (n:N) WHERE n.i <= 200000 CREATE (n)-[:T]->(:M {i: n.i})");
      assertEquals(200_000L, single(db, "MATCH (n:N)-[:T]->(m:M {i: n.i}) RETURN count(*)"));
      assertEquals(List.of(), db.admin().check().problems());
      spills(db, "MATCH (n) DETACH DELETE n");
      assertEquals(0L, single(db, "MATCH (n) RETURN count(*)"));
      assertEquals(0L, db.admin().stats().relationships());
      assertEquals(List.of(), db.admin().check().problems());
    }
  }

  private static void spills(Quarry db, String cypher) {
    long before = db.spill().writtenBytes();
    Answer answer = db.run(cypher);
    assertTrue(answer.summary().peakBytes() <= MEMORY / 4, () -> cypher + answer.summary());
    assertTrue(db.spill().writtenBytes() > before, cypher);
    assertEquals(0, db.spill().usedBytes(), cypher);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 1000})
  void clausesThatFollowEachOtherKeepTheirRowsInOrder(int batchRows) {
    System.setProperty("quarry.batchRows", Integer.toString(batchRows));
    int count = 20_000;
    try (Quarry db = Quarry.inMemory(options().withSpillFolder(folder))) {
      withNodes(db, count);
      PreparedQuery query =
          PreparedQuery.of(
              "MATCH (n:N) WITH n ORDER BY n.i"
                  + " SET n.name = 'node ' + n.i"
                  + " CREATE (m:M {i: n.i})-[r:OF]->(n)"
                  + " FOREACH (k IN range(1, n.i % 3) | CREATE (:K {k: k}))"
                  + " MERGE (g:G {g: n.i % 10}) ON CREATE SET g.first = n.i"
                  + " WITH n, m, r, g, {list: [n.i, n.name], at: date('2024-02-29')} AS map"
                  + " DELETE r"
                  + " RETURN n.i AS i, m.i AS m, g.first AS first, map, type(r) AS type");
      db.update(
          tx -> {
            try (Rows rows = tx.query(query, Map.of(), QueryOptions.DEFAULT.withMemory(8 << 20))) {
              assertTrue(db.spill().usedBytes() > 0);
              for (long i = 1; i <= count; i++) {
                assertTrue(rows.next());
                assertEquals(i, rows.getLong(0));
                assertEquals(i, rows.getLong(1));
                assertEquals((i - 1) % 10 + 1, rows.getLong(2));
                Map<?, ?> map = (Map<?, ?>) rows.get(3);
                assertEquals(List.of(i, "node " + i), map.get("list"));
                assertEquals(java.time.LocalDate.of(2024, 2, 29), map.get("at"));
                assertEquals("OF", rows.get(4));
              }
              assertFalse(rows.next());
            }
          });
      assertEquals(0, db.spill().usedBytes());
      assertEquals(20_001L, single(db, "MATCH (k:K) RETURN count(*)"));
      assertEquals(0L, single(db, "MATCH ()-[r]->() RETURN count(*)"));
      assertEquals(10L, single(db, "MATCH (g:G) RETURN count(*)"));
      assertEquals(List.of(), db.admin().check().problems());
    }
  }

  @Test
  void filesLastAsLongAsTheRowsThatAreInThem() throws IOException {
    try (Quarry db = withNodes(Quarry.open(path(), options()), 20_000)) {
      try (WriteTransaction tx = db.beginWrite()) {
        Rows rows = tx.query(PreparedQuery.of(KEEPS_ROWS), Map.of(), SMALL);
        assertEquals(1, files().size());
        rows.close();
        assertEquals(List.of(), files());
        tx.query(PreparedQuery.of(KEEPS_ROWS), Map.of(), SMALL);
        tx.query(PreparedQuery.of(KEEPS_ROWS), Map.of(), SMALL);
        assertEquals(2, files().size());
        tx.commit();
        assertEquals(List.of(), files());
      }
      assertEquals(0, db.spill().usedBytes());
      assertEquals(60_000L, single(db, "MATCH (m:M) RETURN count(*)"));
    }
    assertEquals(List.of("spilling.quarry"), List.of(folder.toFile().list()));
  }

  @Test
  void aQueryThatFailsOrIsCancelledLeavesNoFile() throws IOException {
    try (Quarry db = withNodes(Quarry.open(path(), options()), 20_000)) {
      boolean[] seen = {false};
      db.register(
          UserFunction.of(
              FunctionSignature.parse("app.late(i :: INTEGER, fails :: BOOLEAN) :: INTEGER"),
              arguments -> {
                if (!arguments.get(0).equals(19_000L)) {
                  return 1;
                }
                seen[0] |= !files().isEmpty();
                if (arguments.get(1).equals(false)) {
                  Thread.currentThread().interrupt();
                  return 1;
                }
                return 1;
              }));
      PreparedQuery query =
          db.prepare(
              "MATCH (n:N) WITH n, toString(n.i) + 'a text that makes rows longer' AS text"
                  + " CREATE (:M {i: 1 / (app.late(n.i, $fails) - CASE WHEN $fails AND n.i > 19000"
                  + " THEN 1 ELSE 0 END), text: text})");
      assertThrows(EvaluationException.class, () -> db.run(query, Map.of("fails", true), SMALL));
      assertTrue(seen[0]);
      assertEquals(List.of(), files());
      seen[0] = false;
      assertThrows(CancelledException.class, () -> db.run(query, Map.of("fails", false), SMALL));
      assertTrue(Thread.interrupted());
      assertTrue(seen[0]);
      assertEquals(List.of(), files());
      assertEquals(0, db.spill().usedBytes());
      assertEquals(0L, single(db, "MATCH (m:M) RETURN count(*)"));
    }
  }

  @Test
  void aStoreThatIsClosedTakesItsFilesAway() throws Exception {
    Quarry db = withNodes(Quarry.open(path(), options()), 20_000);
    WriteTransaction tx = db.beginWrite();
    tx.query(PreparedQuery.of(KEEPS_ROWS), Map.of(), SMALL);
    assertEquals(1, files().size());
    tx.rollback();
    assertEquals(List.of(), files());
    db.close();
    assertEquals(List.of("spilling.quarry"), List.of(folder.toFile().list()));
  }

  @Test
  void aStoreWithAFolderOfItsChoiceSpillsThere() throws IOException {
    Path chosen = folder.resolve("chosen");
    try (Quarry db = withNodes(Quarry.open(path(), options().withSpillFolder(chosen)), 20_000)) {
      db.update(
          tx -> {
            tx.query(PreparedQuery.of(KEEPS_ROWS), Map.of(), SMALL);
            assertEquals(List.of(), files());
            assertEquals(2, chosen.toFile().list().length, "a folder and its lock");
          });
    }
    assertEquals(0, chosen.toFile().list().length);
  }

  /// Keys with many equals, so that the order of equal rows is seen.
  private static final String SORTS =
      "UNWIND range(1, 5000) AS i WITH i, i * 7919 % 61 AS key, 'text ' + (i * 31 % 977) AS text"
          + " RETURN key, text, i, [i, text] AS list ORDER BY key DESC";

  @ParameterizedTest
  @ValueSource(strings = {"", " LIMIT 7", " SKIP 1000 LIMIT 2500", " LIMIT 0", " SKIP 4999"})
  void rowsAreSortedTheSameInFilesAsInMemory(String window) {
    try (Quarry db = Quarry.inMemory(options().withSpillFolder(folder))) {
      PreparedQuery query = db.prepare(SORTS + window);
      List<Row> expected = db.run(query, Map.of(), QueryOptions.DEFAULT).rows();
      assertEquals(0, db.spill().writtenBytes());
      for (String rows : List.of("0", "3", "200", "4999")) {
        System.setProperty("quarry.spillRows", rows);
        try {
          List<Row> sorted = db.run(query, Map.of(), QueryOptions.DEFAULT).rows();
          assertEquals(text(expected), text(sorted), rows);
        } finally {
          System.clearProperty("quarry.spillRows");
        }
        assertEquals(0, db.spill().usedBytes());
      }
      assertEquals(window.equals(" LIMIT 0"), db.spill().writtenBytes() == 0);
    }
  }

  private static List<String> text(List<Row> rows) {
    return rows.stream().map(row -> String.valueOf(row.asMap())).toList();
  }

  @Test
  void aSortIsLimitedByTheDiskAlsoInAStoreThatIsReadOnly() throws IOException {
    int count = 300_000;
    withNodes(Quarry.open(path(), options()), count).close();
    Path chosen = folder.resolve("chosen");
    OpenOptions reading = options().withReadOnly(true).withSpillFolder(chosen);
    PreparedQuery query =
        PreparedQuery.of(
            "MATCH (n:N) RETURN n.i * 7919 % 300007 AS key, 'text ' + n.i AS text ORDER BY key");
    Quarry db = Quarry.open(path(), reading);
    ReadTransaction tx = db.beginRead();
    Rows rows = tx.query(query, Map.of(), QueryOptions.DEFAULT.withMemory(4 << 20));
    long last = -1;
    for (int i = 0; i < count; i++) {
      assertTrue(rows.next());
      assertTrue(rows.getLong(0) > last);
      last = rows.getLong(0);
    }
    assertFalse(rows.next());
    assertTrue(rows.summary().peakBytes() <= 4 << 20);
    rows.close();
    assertEquals(0, db.spill().usedBytes());
    rows = tx.query(query, Map.of(), QueryOptions.DEFAULT.withMemory(4 << 20));
    assertTrue(rows.next());
    assertTrue(db.spill().usedBytes() > 0);
    db.close();
    assertEquals(0, chosen.toFile().list().length);
    Rows open = rows;
    assertThrows(
        QuarryException.class,
        () -> {
          while (open.next()) {
            // rows of the blocks that are in memory
          }
        });
    tx.close();
    assertEquals(0, db.spill().usedBytes());
  }

  @Test
  void aFullDiskEndsTheQueryAndTheStoreGoesOn() {
    SimDisk disk = new SimDisk();
    Path path = Path.of("/simulated/full.quarry");
    try (Quarry db =
        new Quarry(
            GraphStore.open(path, StoreOptions.defaults().withDisk(disk)),
            OpenOptions.defaults())) {
      withNodes(db, 20_000);
      for (int later = 0; later < 40; later += 3) {
        disk.fail(new FaultPlan(FaultPlan.Fault.DISK_FULL, later, true));
        StoreIoException error =
            assertThrows(
                StoreIoException.class,
                () -> db.run(PreparedQuery.of(KEEPS_ROWS), Map.of(), SMALL));
        assertEquals(ErrorCode.STORE_DISK_FULL, error.code());
        disk.fail(null);
        assertEquals(0, db.spill().usedBytes());
        assertEquals(0L, single(db, "MATCH (m:M) RETURN count(*)"));
        db.run("CREATE (:Later)");
      }
      db.run(PreparedQuery.of(KEEPS_ROWS), Map.of(), SMALL);
      assertEquals(20_000L, single(db, "MATCH (m:M) RETURN count(*)"));
      assertEquals(14L, single(db, "MATCH (l:Later) RETURN count(*)"));
      assertEquals(List.of(), db.admin().check().problems());
    }
  }

  @Test
  void theRoomForSpillFilesIsALimitOfTheStore() {
    try (Quarry db = withNodes(Quarry.open(path(), options().withSpillBytes(1 << 20)), 20_000)) {
      MemoryBudgetException error =
          assertThrows(
              MemoryBudgetException.class,
              () -> db.run(PreparedQuery.of(KEEPS_ROWS), Map.of(), SMALL));
      assertEquals(ErrorCode.MEMORY_BUDGET, error.code());
      assertTrue(error.getMessage().contains("spill files"), error.getMessage());
      assertNotEquals(0, db.spill().writtenBytes());
      assertEquals(0, db.spill().usedBytes());
      assertEquals(0L, single(db, "MATCH (m:M) RETURN count(*)"));
      db.run("MATCH (n:N) WHERE n.i < 100 CREATE (:M)");
      assertEquals(99L, single(db, "MATCH (m:M) RETURN count(*)"));
    }
  }

  @Test
  void whatAKilledProcessLeftIsRemovedAtTheNextOpening() throws Exception {
    kill(path().toString());
    assertEquals(1, files().size());
    try (Quarry db = Quarry.open(path(), options())) {
      assertEquals(List.of(), files());
      assertEquals(0L, single(db, "MATCH (m:M) RETURN count(*)"));
      assertEquals(List.of(), db.admin().check().problems());
    }
    assertEquals(List.of("spilling.quarry"), List.of(folder.toFile().list()));
  }

  @Test
  void whatAKilledProcessLeftInATemporaryFolderIsRemovedByTheNextThatSpillsThere()
      throws Exception {
    try (Quarry other = withNodes(Quarry.inMemory(options().withSpillFolder(folder)), 20_000);
        WriteTransaction tx = other.beginWrite()) {
      tx.query(PreparedQuery.of(KEEPS_ROWS), Map.of(), SMALL);
      kill("memory", folder.toString());
      assertEquals(4, folder.toFile().list().length, "two folders and their locks");
      try (Quarry db = withNodes(Quarry.inMemory(options().withSpillFolder(folder)), 20_000)) {
        db.run(PreparedQuery.of(KEEPS_ROWS), Map.of(), SMALL);
      }
      assertEquals(2, folder.toFile().list().length, "what is in use stays");
    }
    assertEquals(0, folder.toFile().list().length);
  }

  /// Starts a process that has spilled rows, and kills it.
  private static void kill(String... arguments) throws Exception {
    String java =
        System.getProperty("java.home") + File.separator + "bin" + File.separator + "java";
    List<String> command =
        new java.util.ArrayList<>(
            List.of(
                java,
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Spilling.class.getName()));
    command.addAll(List.of(arguments));
    Process child =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      assertEquals("spilled", lines.readLine());
      child.toHandle().destroyForcibly();
      child.waitFor();
    }
  }

  /// Spills rows and waits for its end.
  static final class Spilling {
    public static void main(String[] args) throws Exception {
      Quarry db =
          args[0].equals("memory")
              ? Quarry.inMemory(options().withSpillFolder(Path.of(args[1])))
              : Quarry.open(Path.of(args[0]), options());
      withNodes(db, 20_000);
      db.beginWrite().query(PreparedQuery.of(KEEPS_ROWS), Map.of(), SMALL);
      System.out.println("spilled");
      System.in.read();
    }
  }
}
