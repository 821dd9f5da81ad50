package dev.quarry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.CancelledException;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.QuarryException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// A statement ends with a typed error when it is cancelled, when its thread is interrupted, when
/// its time is over and when its store is closed, whatever it is doing.
class CancelTest {
  private static final long SEED = Long.getLong("seed", System.nanoTime());

  /// `-Dcancel.rounds=N` ends every statement so often in every way, and measures.
  private static final int ROUNDS = Integer.getInteger("cancel.rounds", 0);

  private static final String LONG =
      "UNWIND range(1, 1000000) AS i UNWIND range(1, 1000000) AS j WITH i WHERE i < 0 RETURN i";

  @Test
  void everyOperatorEndsInEveryWay() throws Exception {
    System.out.println("seed " + SEED);
    Random random = new Random(SEED);
    try (Quarry db = Quarry.inMemory(OpenOptions.defaults().withMemory(512 << 20))) {
      CancelStatements.fill(db);
      long nodes = count(db);
      List<CancelStatements.Ended> all =
          ROUNDS > 0 ? CancelStatements.endAll(db, ROUNDS, random) : endEachInOneWay(db, random);
      CancelStatements.print(all);
      List<CancelStatements.Ended> wrong =
          all.stream().filter(ended -> ended.wrong() != null).toList();
      assertEquals(List.of(), wrong, "seed " + SEED);
      assertEquals(nodes, count(db), "what was cancelled left nothing");
      assertEquals(List.of(), db.admin().check().problems());
    }
  }

  private static List<CancelStatements.Ended> endEachInOneWay(Quarry db, Random random)
      throws InterruptedException {
    List<CancelStatements.Ended> all = new ArrayList<>();
    CancelStatements.Way[] ways = CancelStatements.Way.values();
    for (Map.Entry<String, String> one : CancelStatements.statements().entrySet()) {
      CancelStatements.Way way = ways[random.nextInt(ways.length)];
      all.add(CancelStatements.end(db, one.getKey(), one.getValue(), way, random));
    }
    return all;
  }

  private static long count(Quarry db) {
    Object count = db.run("MATCH (n) RETURN count(n) AS n").rows().getFirst().get("n");
    return assertInstanceOf(Long.class, count);
  }

  @Test
  void aStatementThatRunsOutOfTimeDoomsItsTransaction() {
    try (Quarry db = Quarry.inMemory()) {
      try (WriteTransaction tx = db.beginWrite()) {
        PreparedQuery query = db.prepare("UNWIND range(1, 10000000) AS i CREATE (:X {i: i})");
        QueryOptions options = QueryOptions.DEFAULT.withTimeout(Duration.ofMillis(20));
        CancelledException ended =
            assertThrows(CancelledException.class, () -> tx.query(query, Map.of(), options));
        assertEquals(ErrorCode.TIMED_OUT, ended.code());
        QuarryException doomed = assertThrows(QuarryException.class, tx::commit);
        assertEquals(ErrorCode.TRANSACTION_DOOMED, doomed.code());
      }
      assertEquals(0, count(db));
    }
  }

  @Test
  void rowsThatWereMadeAreNotHandedOutAfterACancel() {
    try (Quarry db = Quarry.inMemory();
        ReadTransaction tx = db.beginRead();
        Rows rows = tx.query("UNWIND range(1, 100000) AS i RETURN i", Map.of())) {
      assertTrue(rows.next());
      rows.cancel();
      assertThrows(CancelledException.class, rows::next);
    }
  }

  @Test
  void aDeepStatementEndsOnAnInterruptAndTheFlagIsKept() {
    String sums = "reduce(s = 0, x IN l | s + ".repeat(40) + "1" + ")".repeat(40);
    try (Quarry db = Quarry.inMemory()) {
      Thread.currentThread().interrupt();
      assertThrows(
          CancelledException.class, () -> db.run("WITH range(1, 1000) AS l RETURN " + sums));
      assertTrue(Thread.interrupted());
    }
  }

  @Test
  void aRunningStatementEndsWhenItsStoreIsClosed() throws Exception {
    AtomicReference<@Nullable Throwable> error = new AtomicReference<>();
    CountDownLatch begun = new CountDownLatch(1);
    Quarry db = Quarry.inMemory();
    Thread thread =
        new Thread(
            () -> {
              try (ReadTransaction tx = db.beginRead();
                  Rows rows = tx.query(LONG, Map.of())) {
                begun.countDown();
                rows.next();
              } catch (Throwable e) {
                error.set(e);
              }
            });
    thread.start();
    begun.await();
    db.close();
    thread.join();
    assertEquals(
        ErrorCode.STORE_CLOSED, assertInstanceOf(QuarryException.class, error.get()).code());
  }
}
