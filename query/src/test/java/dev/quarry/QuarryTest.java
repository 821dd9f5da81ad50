package dev.quarry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.CancelledException;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.MemoryBudgetException;
import dev.quarry.error.QuarryException;
import dev.quarry.error.StoreOpenException;
import dev.quarry.error.TransactionException;
import dev.quarry.error.WriterBusyException;
import dev.quarry.graph.CypherDuration;
import dev.quarry.graph.Direction;
import dev.quarry.graph.Node;
import dev.quarry.graph.NodeCursor;
import dev.quarry.graph.NodeSet;
import dev.quarry.graph.NodeValue;
import dev.quarry.graph.PathValue;
import dev.quarry.graph.Point;
import dev.quarry.graph.PropertyKey;
import dev.quarry.graph.RelationshipCursor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The facade: transactions, results, limits, and what the store looks like afterwards.
class QuarryTest {
  @TempDir Path folder;

  private static final PreparedQuery BOMB =
      PreparedQuery.of(
          "UNWIND range(1, 1000) AS a UNWIND range(1, 100000) AS b RETURN collect(a * b)");

  @Test
  void allStorableValuesComeBackThroughParametersAndTheFile() {
    Map<String, Object> values =
        Map.ofEntries(
            Map.entry("truth", true),
            Map.entry("integer", Long.MIN_VALUE),
            Map.entry("number", 0.1),
            Map.entry("text", "a ﬁ 😀 text that is longer than a cell"),
            Map.entry("date", LocalDate.of(-999_999_999, 1, 1)),
            Map.entry("time", LocalTime.of(23, 59, 59, 999_999_999)),
            Map.entry("zonedTime", OffsetTime.parse("12:00+14:00")),
            Map.entry("dateTime", LocalDateTime.parse("2024-02-29T12:30:00.000000001")),
            Map.entry("zoned", ZonedDateTime.parse("2024-02-29T12:30:00+01:00[Europe/Paris]")),
            Map.entry("duration", new CypherDuration(14, 3, -5, 7)),
            Map.entry("point", new Point(Point.WGS_84, 8.5, 47.4)),
            Map.entry("list", List.of("a", "b")),
            Map.entry("empty", List.of()));
    Path path = folder.resolve("values.quarry");
    try (Quarry db = Quarry.open(path)) {
      db.run("CREATE (n:V $all) RETURN n", Map.of("all", values));
    }
    try (Quarry db = Quarry.open(path)) {
      NodeValue node = (NodeValue) db.run("MATCH (n:V) RETURN n").rows().getFirst().get("n");
      assertEquals(values, node.properties());
      assertEquals(
          1L,
          db.run("MATCH (n:V) WHERE n.zoned = $zoned AND n.point = $point RETURN count(*)", values)
              .rows()
              .getFirst()
              .get(0));
      assertTrue(db.admin().check().isSound());
    }
    assertEquals(Set.of("values.quarry"), Set.of(folder.toFile().list()));
  }

  @Test
  void oneTransactionServesQueriesAndCursors() {
    try (Quarry db = Quarry.inMemory()) {
      db.update(
          tx -> {
            Node ada = tx.createNode(Set.of("Person"), Map.of("age", 36));
            tx.query("MATCH (a:Person) CREATE (a)-[:KNOWS]->(:Person {age: 40})");
            assertEquals(1, tx.degree(ada, Direction.OUTGOING, "KNOWS"));
          });
      long sum =
          db.read(
              tx -> {
                PropertyKey age = tx.key("age");
                long total = 0;
                try (NodeCursor people = tx.nodes("Person")) {
                  while (people.next()) {
                    total += people.getLong(age);
                  }
                }
                return total;
              });
      assertEquals(76, sum);
      PathValue path =
          (PathValue) db.run("MATCH p = (:Person)-[:KNOWS]->() RETURN p").rows().getFirst().get(0);
      assertEquals(1, path.length());
    }
  }

  @Test
  void aWalkByCallsMeetsTheSameNodesInEveryTransaction() {
    try (Quarry db = Quarry.inMemory()) {
      db.run(
          "UNWIND range(0, 99) AS i CREATE (:Person {number: i}) WITH max(i) AS most"
              + " MATCH (a:Person) MATCH (b:Person) WHERE b.number = a.number * 2"
              + " CREATE (a)-[:KNOWS]->(b)");
      List<Long> expected = List.of(3L, 6L, 12L, 24L, 48L, 96L);
      db.update(
          tx -> {
            assertEquals(expected, reached(tx, 3, tx));
            assertEquals(6, reachedAtOnce(tx));
            db.read(
                other -> {
                  assertEquals(expected, reached(other, 3, tx));
                  assertEquals(6, reachedAtOnce(other));
                  return other.commitNumber();
                });
          });
    }
  }

  /// By each call that adds neighbours: of a handle, of what a cursor stands on, of a set.
  private static long reachedAtOnce(ReadTransaction tx) {
    try (NodeSet met = tx.nodeSet();
        NodeSet next = tx.nodeSet()) {
      Node start = tx.findNode("Person", "number", 3).orElseThrow();
      met.add(start);
      assertEquals(1, met.addNeighbours(start, Direction.OUTGOING, "KNOWS"));
      assertEquals(2, next.addNeighbours(met, Direction.OUTGOING, "KNOWS"));
      assertEquals(1, met.addNeighbours(met, Direction.OUTGOING));
      try (NodeCursor from = met.nodes()) {
        while (from.next()) {
          met.addNeighbours(from, Direction.OUTGOING, "KNOWS");
        }
      }
      return met.size();
    }
  }

  /// @param handles gives the cursor from which the walk starts
  private static List<Long> reached(ReadTransaction tx, long number, ReadTransaction handles) {
    List<Long> reached = new ArrayList<>();
    PropertyKey key = tx.key("number");
    try (NodeSet met = tx.nodeSet();
        NodeCursor people = handles.nodes("Person")) {
      while (people.next()) {
        long own = people.getLong(key);
        assertEquals(own < 50 ? 1 : 0, tx.degree(people, Direction.OUTGOING));
        if (own == number) {
          assertTrue(met.add(people.node()));
        }
      }
      try (NodeCursor from = met.nodes()) {
        while (from.next()) {
          reached.add(from.getLong(key));
          try (RelationshipCursor out = tx.relationships(from, Direction.OUTGOING, "KNOWS")) {
            while (out.next()) {
              assertTrue(met.add(out.neighbour()));
              assertTrue(met.contains(out.neighbourNode()));
            }
          }
        }
      }
      assertEquals(reached.size(), met.size());
    }
    return reached;
  }

  @Test
  void handlesGoInAndOutOfQueries() {
    try (Quarry db = Quarry.inMemory()) {
      db.update(
          tx -> {
            Node a = tx.createNode(Set.of("A"), Map.of("x", 1));
            Rows rows =
                tx.query("WITH $a AS a RETURN a.x AS x, elementId(a) AS id", Map.of("a", a));
            assertTrue(rows.next());
            assertEquals(1, rows.getLong(0));
            assertEquals(a.elementId(), rows.getString("id"));
          });
    }
  }

  @Test
  void anApplicationThatCollectsTooMuchGetsATypedErrorAndGoesOn() {
    try (Quarry db = Quarry.inMemory(OpenOptions.defaults().withMemory(64 << 20))) {
      assertThrows(MemoryBudgetException.class, () -> db.run(BOMB, Map.of(), QueryOptions.DEFAULT));
      assertEquals(2L, db.run("RETURN 1 + 1").rows().getFirst().get(0));
      assertThrows(
          MemoryBudgetException.class,
          () ->
              db.run(
                  PreparedQuery.of("UNWIND range(1, 10000000) AS x RETURN x ORDER BY -x"),
                  Map.of(),
                  QueryOptions.DEFAULT.withMemory(1 << 20)));
    }
  }

  @Test
  void limitsOfTimeAndRowsEndAQuery() {
    try (Quarry db = Quarry.inMemory();
        ReadTransaction tx = db.beginRead()) {
      QueryOptions hurry = QueryOptions.DEFAULT.withTimeout(Duration.ofMillis(50));
      PreparedQuery slow =
          PreparedQuery.of(
              "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b RETURN count(*)");
      QuarryException late =
          assertThrows(CancelledException.class, () -> tx.query(slow, Map.of(), hurry).next());
      assertEquals(ErrorCode.TIMED_OUT, late.code());
      QueryOptions few = QueryOptions.DEFAULT.withMaximumRows(2);
      Rows rows = tx.query(PreparedQuery.of("UNWIND [1,2,3] AS x RETURN x"), Map.of(), few);
      assertTrue(rows.next());
      assertTrue(rows.next());
      assertEquals(
          ErrorCode.LIMIT_EXCEEDED, assertThrows(QuarryException.class, rows::next).code());
    }
  }

  @Test
  void cancelEndsAQueryFromAnotherThread() throws Exception {
    try (Quarry db = Quarry.inMemory();
        ReadTransaction tx = db.beginRead()) {
      Rows rows =
          tx.query("UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b RETURN count(*)");
      Thread other = Thread.ofPlatform().start(rows::cancel);
      assertThrows(CancelledException.class, rows::next);
      other.join();
    }
  }

  @Test
  void askingTwiceForTheWriterIsAnErrorAtOnce() {
    try (Quarry db = Quarry.inMemory()) {
      db.update(
          tx -> assertThrows(WriterBusyException.class, () -> db.run("CREATE (:X)", Map.of())));
    }
  }

  @Test
  void aReadTransactionRefusesToWrite() {
    try (Quarry db = Quarry.inMemory();
        ReadTransaction tx = db.beginRead()) {
      assertEquals(
          ErrorCode.STORE_READ_ONLY,
          assertThrows(TransactionException.class, () -> tx.query("CREATE (:X)")).code());
    }
  }

  @Test
  void aReaderSeesItsSnapshotWhileOthersWrite() {
    try (Quarry db = Quarry.inMemory();
        ReadTransaction before = db.beginRead()) {
      db.run("CREATE (:X)");
      assertEquals(0L, before.query("MATCH (n) RETURN count(n)").toList().getFirst().get(0));
      assertEquals(1L, db.run("MATCH (n) RETURN count(n)").rows().getFirst().get(0));
    }
  }

  @Test
  void rowsAreBorrowedAndCopiesAreOwned() {
    try (Quarry db = Quarry.inMemory()) {
      Row kept;
      try (ReadTransaction tx = db.beginRead();
          Rows rows = tx.query("UNWIND [1.5, null] AS x RETURN x")) {
        assertTrue(rows.next());
        assertEquals(1.5, rows.getDouble(0));
        kept = rows.copy();
        assertTrue(rows.next());
        assertTrue(rows.isNull(0));
        assertFalse(rows.next());
      }
      assertEquals(1.5, kept.get("x"));
      try (ReadTransaction tx = db.beginRead()) {
        assertEquals(3, tx.query("UNWIND [1, 2, 3] AS x RETURN x").stream().count());
      }
    }
  }

  @Test
  void explainShowsThePlanAndRunsNothing() {
    try (Quarry db = Quarry.inMemory()) {
      db.run("CREATE (:A)-[:R]->(:B)");
      Answer plan = db.run("EXPLAIN MATCH (a:A)-[:R]->(b:B) WHERE b.x = 1 RETURN a, count(*)");
      String text = String.join("\n", plan.rows().stream().map(r -> (String) r.get(0)).toList());
      assertTrue(text.contains("Aggregate count(*) by a"), text);
      assertTrue(text.contains("ScanNodes :"), text);
      db.run("EXPLAIN CREATE (:C)");
      assertEquals(2L, db.run("MATCH (n) RETURN count(n)").rows().getFirst().get(0));
    }
  }

  @Test
  void statisticsCountWhatIsThere() {
    try (Quarry db = Quarry.inMemory()) {
      db.run("CREATE (:A)-[:R]->(:A:B), (:C)");
      StoreStats stats = db.admin().stats();
      assertEquals(3, stats.nodes());
      assertEquals(Map.of("A", 2L, "B", 1L, "C", 1L), stats.labels());
      assertEquals(Map.of("R", 1L), stats.types());
    }
  }

  @Test
  void aSecondOpeningAndAFileThatIsNoStoreAreTypedErrors() throws Exception {
    Path path = folder.resolve("x.quarry");
    try (Quarry db = Quarry.open(path)) {
      assertThrows(StoreOpenException.class, () -> Quarry.open(path));
      assertEquals(1L, db.run("RETURN 1").rows().getFirst().get(0));
    }
    Path text =
        Files.writeString(folder.resolve("notes.quarry"), "these are only notes".repeat(999));
    assertEquals(
        ErrorCode.STORE_NOT_A_STORE,
        assertThrows(StoreOpenException.class, () -> Quarry.open(text)).code());
    assertThrows(
        StoreOpenException.class, () -> Quarry.open(folder.resolve("no/such/folder/x.quarry")));
  }
}
