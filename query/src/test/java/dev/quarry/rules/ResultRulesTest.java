package dev.quarry.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.OpenOptions;
import dev.quarry.PreparedQuery;
import dev.quarry.Quarry;
import dev.quarry.QueryOptions;
import dev.quarry.ReadTransaction;
import dev.quarry.Rows;
import dev.quarry.WriteTransaction;
import dev.quarry.error.CancelledException;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.MemoryBudgetException;
import dev.quarry.error.QuarryException;
import dev.quarry.error.WriterBusyException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Rules S10 to S12: when rows are handed out, and to whom.
class ResultRulesTest extends RuleFixture {
  private static final String ENDLESS =
      "UNWIND range(0, 9999) AS x UNWIND range(0, 9999) AS y UNWIND range(0, 9999) AS z"
          + " RETURN x * 100000000 + y * 10000 + z AS number";

  /// S10: reads stream, writes complete.
  @Nested
  class S10 {
    @Test
    void aReadHandsOutItsFirstRowsWithoutMakingTheOthers() {
      try (ReadTransaction tx = db.beginRead();
          Rows rows =
              tx.query(
                  PreparedQuery.of(ENDLESS), Map.of(), QueryOptions.DEFAULT.withMemory(4 << 20))) {
        for (long i = 0; i < 25_000; i++) {
          assertTrue(rows.next());
          assertEquals(i, rows.getLong(0));
        }
      }
    }

    @Test
    void rowsPinTheSnapshotTheyBeganOn() {
      db.run("UNWIND range(1, 3000) AS i CREATE (:N {x: 1})-[:T]->(:M)");
      try (ReadTransaction tx = db.beginRead();
          Rows rows = tx.query("MATCH (n:N)-[:T]->(m) RETURN n.x AS x")) {
        assertTrue(rows.next());
        db.run("MATCH (n:N) SET n.x = 2");
        db.run("MATCH (n) DETACH DELETE n");
        long seen = 1;
        while (rows.next()) {
          assertEquals(1, rows.getLong(0));
          seen++;
        }
        assertEquals(3000, seen);
      }
    }

    @Test
    void aStatementThatWritesIsDoneWhenItsRowsAreHandedOut() {
      db.update(
          tx -> {
            Rows rows = tx.query("UNWIND range(1, 2500) AS i CREATE (n:N {i: i}) RETURN n.i AS i");
            assertEquals("2500", text(tx.query("MATCH (n:N) RETURN count(*)").toList()));
            assertEquals(2500, rows.summary().nodesCreated());
            assertTrue(rows.next());
            assertEquals(1, rows.getLong(0));
            assertEquals(2499, rows.toList().size());
          });
    }

    @Test
    void whatAWriterReadIsNotWhatItWritesLater() {
      db.run("UNWIND range(1, 2500) AS i CREATE (:N {x: 1})");
      db.update(
          tx -> {
            Rows rows = tx.query("MATCH (n:N) RETURN n.x AS x");
            tx.query("MATCH (n:N) SET n.x = 2");
            tx.query("MATCH (n:N) DELETE n");
            long sum = 0;
            while (rows.next()) {
              sum += rows.getLong(0);
            }
            assertEquals(2500, sum);
          });
    }

    /// What a writer keeps until it commits goes to disk at a tenth of the budget, as a sort does.
    @ParameterizedTest
    @ValueSource(strings = {"", " ORDER BY product DESC"})
    void theRowsThatAStatementKeepsLeaveMemoryAndCountAgainstTheSpillFiles(
        String order, @TempDir Path folder) {
      QueryOptions little = QueryOptions.DEFAULT.withMemory(4 << 20);
      PreparedQuery many =
          PreparedQuery.of(
              "UNWIND range(1, 1000) AS x UNWIND range(1, 300) AS y RETURN x * y AS product"
                  + order);
      try (WriteTransaction tx = db.beginWrite();
          Rows rows = tx.query(many, Map.of(), little)) {
        long sum = 0;
        while (rows.next()) {
          sum += rows.getLong(0);
        }
        assertEquals(500_500L * 45_150L, sum);
      }
      OpenOptions narrow = OpenOptions.defaults().withSpillBytes(1 << 20);
      try (Quarry store = Quarry.open(folder.resolve("narrow.quarry"), narrow)) {
        try (WriteTransaction tx = store.beginWrite()) {
          assertThrows(MemoryBudgetException.class, () -> tx.query(many, Map.of(), little));
        }
        assertEquals(1, store.run("RETURN 1 + 1").rows().size());
      }
    }

    @Test
    void aRowThatWasHandedOutIsThereAfterAKill(@TempDir Path folder) throws IOException {
      Path killed = Files.createDirectory(folder.resolve("killed"));
      try (Quarry store = Quarry.open(folder.resolve("x.quarry"))) {
        for (long i = 1; i <= 3; i++) {
          assertEquals(
              i,
              store
                  .run("CREATE (n:N {i: $i}) RETURN n.i AS i", Map.of("i", i))
                  .rows()
                  .getFirst()
                  .get("i"));
        }
        copyFiles(folder, killed);
      }
      Files.deleteIfExists(killed.resolve("x.quarry-lock"));
      try (Quarry store = Quarry.open(killed.resolve("x.quarry"))) {
        assertEquals(
            "[1, 2, 3]",
            text(store.run("MATCH (n:N) WITH n.i AS i ORDER BY i RETURN collect(i)").rows()));
        assertEquals(List.of(), store.admin().check().problems());
      }
    }

    /// What a killed process leaves: the files as they are right now.
    private static void copyFiles(Path from, Path to) throws IOException {
      try (Stream<Path> files = Files.list(from)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Files.copy(file, to.resolve(file.getFileName()));
        }
      }
    }
  }

  /// S11: asking twice for the writer is an error, not a deadlock.
  @Nested
  class S11 {
    @Test
    void aWriteInsideOfAWriteIsRefusedAtOnce() {
      db.update(
          tx -> {
            tx.query("CREATE (:N)");
            QuarryException error =
                assertThrows(WriterBusyException.class, () -> db.run("CREATE (:M)"));
            assertTrue(String.valueOf(error.hint()).contains("transaction"), error.hint());
            assertThrows(WriterBusyException.class, db::beginWrite);
            assertThrows(WriterBusyException.class, () -> db.update(inner -> {}));
            tx.query("CREATE (:N)");
          });
      assertEquals("2", rows("MATCH (n:N) RETURN count(n)"));
    }

    @Test
    void readingInsideOfAWriteSeesTheCommitBeforeIt() {
      db.update(
          tx -> {
            tx.query("CREATE (:N)");
            assertEquals("0", rows("MATCH (n:N) RETURN count(n)"));
          });
      assertEquals("1", rows("MATCH (n:N) RETURN count(n)"));
    }

    @Test
    void anotherThreadGivesUpAfterItsTimeout() throws InterruptedException {
      OpenOptions hurry = OpenOptions.defaults().withWriterTimeout(Duration.ofMillis(1));
      try (Quarry store = Quarry.inMemory(hurry)) {
        List<Throwable> errors = Collections.synchronizedList(new ArrayList<>());
        try (WriteTransaction tx = store.beginWrite()) {
          Thread other =
              Thread.ofPlatform()
                  .start(() -> errors.add(assertThrows(RuntimeException.class, store::beginWrite)));
          other.join();
        }
        assertEquals(1, errors.size());
        assertEquals(ErrorCode.WRITER_BUSY, ((WriterBusyException) errors.getFirst()).code());
        store.run("CREATE (:N)");
      }
    }

    @Test
    void writersGetTheirTurnInTheOrderInWhichTheyAsked() throws InterruptedException {
      List<Integer> order = Collections.synchronizedList(new ArrayList<>());
      List<Thread> threads = new ArrayList<>();
      try (WriteTransaction tx = db.beginWrite()) {
        for (int i = 0; i < 5; i++) {
          int number = i;
          Thread thread = Thread.ofPlatform().start(() -> db.update(inner -> order.add(number)));
          threads.add(thread);
          while (thread.getState() != Thread.State.TIMED_WAITING
              && thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
          }
        }
        tx.query("CREATE (:N)");
        assertEquals(List.of(), order);
        tx.commit();
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertEquals(List.of(0, 1, 2, 3, 4), order);
    }
  }

  /// S12: one thread at a time, any thread.
  @Nested
  class S12 {
    @Test
    void aTransactionAndItsRowsGoFromThreadToThread() throws InterruptedException {
      WriteTransaction tx = db.beginWrite();
      Rows rows = tx.query("UNWIND range(1, 4) AS i CREATE (n:N) RETURN i");
      List<Long> seen = Collections.synchronizedList(new ArrayList<>());
      for (int i = 0; i < 4; i++) {
        Thread.ofVirtual()
            .start(
                () -> {
                  assertTrue(rows.next());
                  seen.add(rows.getLong(0));
                  tx.query("CREATE (:M)");
                })
            .join();
      }
      Thread.ofPlatform().start(tx::commit).join();
      assertEquals(List.of(1L, 2L, 3L, 4L), seen);
      assertEquals(8, nodes());
    }

    @Test
    void cancelComesFromAnyThread() throws InterruptedException {
      try (ReadTransaction tx = db.beginRead()) {
        Rows rows = tx.query(ENDLESS);
        assertTrue(rows.next());
        Thread.ofVirtual().start(rows::cancel).join();
        CancelledException error = assertThrows(CancelledException.class, () -> takeAll(rows));
        assertEquals(ErrorCode.CANCELLED, error.code());
        assertEquals("1", text(tx.query("RETURN 1").toList()), "its transaction goes on");
      }
    }

    private static void takeAll(Rows rows) {
      while (rows.next()) {
        rows.getLong(0);
      }
    }

    @Test
    void anInterruptEndsAQueryAndKeepsItsFlag() {
      try (ReadTransaction tx = db.beginRead()) {
        Rows rows = tx.query(ENDLESS);
        Thread.currentThread().interrupt();
        try {
          CancelledException error = assertThrows(CancelledException.class, () -> takeAll(rows));
          assertEquals(ErrorCode.CANCELLED, error.code());
          assertTrue(Thread.currentThread().isInterrupted());
        } finally {
          assertTrue(Thread.interrupted());
        }
        assertEquals("1", text(tx.query("RETURN 1").toList()));
      }
    }

    @Test
    void anInterruptOfAWriterTakesItsChangesBack() {
      Thread.currentThread().interrupt();
      try {
        assertThrows(
            QuarryException.class, () -> db.run("UNWIND range(1, 100000) AS i CREATE (:N)"));
      } finally {
        assertTrue(Thread.interrupted());
      }
      assertEquals(0, nodes());
    }

    @Test
    void closingTheStoreEndsAQueryWithATypedError() throws InterruptedException {
      Quarry store = Quarry.inMemory(OpenOptions.defaults().withMemory(64 << 20));
      ReadTransaction tx = store.beginRead();
      Rows rows = tx.query(ENDLESS);
      assertTrue(rows.next());
      Thread.ofPlatform().start(store::close).join();
      QuarryException error = assertThrows(QuarryException.class, () -> takeAll(rows));
      assertEquals(ErrorCode.STORE_CLOSED, error.code());
      tx.close();
      assertFalse(rows.next());
    }
  }
}
