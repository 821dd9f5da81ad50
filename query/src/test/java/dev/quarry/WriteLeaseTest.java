package dev.quarry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.QuarryException;
import dev.quarry.error.WriterBusyException;
import dev.quarry.graph.Direction;
import dev.quarry.graph.LoadPlan;
import dev.quarry.graph.Node;
import dev.quarry.graph.NodeCursor;
import dev.quarry.graph.NodeSet;
import dev.quarry.graph.RelationshipCursor;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.storage.StoreOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A write transaction that is idle while others wait for the writer is ended when its lease is
/// over: never before, never inside of a call, and with nothing of it left.
class WriteLeaseTest {
  private static final Duration LEASE = Duration.ofSeconds(60);

  private final StillClock clock = new StillClock();
  private final GraphStore store =
      GraphStore.inMemory(
          StoreOptions.defaults().withClock(clock).withWriterTimeout(Duration.ofMillis(300)));
  private final Quarry db = new Quarry(store, OpenOptions.defaults().withWriteLease(LEASE));

  @AfterEach
  void checkAndClose() {
    assertEquals(List.of(), db.admin().check().problems());
    db.close();
    assertEquals(0, store.store().budget().used());
  }

  private static void inOtherThread(Executable work) throws InterruptedException {
    List<Throwable> errors = new ArrayList<>();
    Thread thread =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    work.execute();
                  } catch (Throwable e) {
                    errors.add(e);
                  }
                });
    thread.join();
    assertEquals(List.of(), errors);
  }

  private long nodes(String label) {
    return (Long) db.run("MATCH (n:" + label + ") RETURN count(n) AS c").rows().getFirst().get("c");
  }

  private static void assertExpired(Executable use) {
    QuarryException error = assertThrows(QuarryException.class, use);
    assertEquals(ErrorCode.WRITE_LEASE_EXPIRED, error.code(), error.getMessage());
    assertTrue(error.retryable());
  }

  @Test
  void anIdleTransactionIsRolledBackForTheNextWriter() throws InterruptedException {
    db.run("CREATE (:Old)-[:T]->(:Old)");
    WriteTransaction tx = db.beginWrite();
    tx.query("CREATE (:Mine)");
    Node kept = tx.createNode(Set.of("Mine"), Map.of());
    Rows rows = tx.query("MATCH (n) RETURN n");
    assertTrue(rows.next());
    NodeCursor nodes = tx.nodes("Old");
    assertTrue(nodes.next());
    RelationshipCursor relationships = tx.relationships(nodes, Direction.BOTH);
    NodeSet set = tx.nodeSet();
    set.add(kept);
    NodeCursor members = set.nodes();
    clock.pass(LEASE);
    inOtherThread(() -> db.run("CREATE (:Theirs)"));
    for (Executable use :
        List.<Executable>of(
            () -> tx.query("RETURN 1"),
            () -> tx.query("this is no statement"),
            () -> tx.createNode(Set.of(), Map.of()),
            () -> tx.delete(kept),
            () -> tx.exists(kept),
            () -> tx.nodes(),
            () -> rows.next(),
            () -> rows.get(0),
            () -> rows.getLong(0),
            () -> rows.getDouble(0),
            () -> rows.isNull(0),
            () -> rows.copy(),
            () -> nodes.next(),
            () -> nodes.node(),
            () -> relationships.next(),
            () -> tx.relationships(nodes, Direction.BOTH),
            () -> tx.degree(nodes, Direction.BOTH),
            () -> tx.nodeSet(),
            () -> set.add(0),
            () -> set.add(kept),
            () -> set.addNeighbours(kept, Direction.BOTH),
            () -> set.addNeighbours(nodes, Direction.BOTH),
            () -> set.addNeighbours(set, Direction.BOTH),
            () -> set.contains(0),
            () -> set.contains(kept),
            () -> set.size(),
            () -> set.clear(),
            () -> set.nodes(),
            () -> members.next(),
            () -> tx.commit())) {
      assertExpired(use);
    }
    nodes.close();
    relationships.close();
    set.close();
    rows.close();
    tx.rollback();
    tx.close();
    assertEquals(0, nodes("Mine"));
    assertEquals(1, nodes("Theirs"));
  }

  @Test
  void aTransactionThatWasUsedWithinItsLeaseKeepsTheWriter() throws InterruptedException {
    try (WriteTransaction tx = db.beginWrite();
        NodeCursor nodes = tx.nodes()) {
      tx.query("CREATE (:Mine)");
      clock.pass(LEASE.minusNanos(1));
      inOtherThread(() -> assertThrows(WriterBusyException.class, db::beginWrite));
      nodes.next();
      clock.pass(LEASE.minusNanos(1));
      inOtherThread(() -> assertThrows(WriterBusyException.class, db::beginWrite));
      tx.commit();
    }
    assertEquals(1, nodes("Mine"));
  }

  @Test
  void aTransactionForWhichNobodyWaitsMayBeIdleForEver() {
    try (WriteTransaction tx = db.beginWrite()) {
      tx.query("CREATE (:Mine)");
      clock.pass(Duration.ofDays(1));
      tx.query("CREATE (:Mine)");
      clock.pass(Duration.ofDays(1));
      tx.commit();
    }
    assertEquals(2, nodes("Mine"));
  }

  @Test
  void aTransactionIsNotEndedInsideOfACall() throws InterruptedException {
    CountDownLatch inside = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    db.register(
        Procedure.of(
            ProcedureSignature.parse("test.wait() :: (x :: INTEGER)"),
            (context, arguments) -> {
              inside.countDown();
              goOn.await();
              return Stream.of(List.of(1L));
            }));
    Thread owner =
        Thread.ofPlatform()
            .start(
                () ->
                    db.update(
                        tx ->
                            tx.query(
                                "CREATE (:Mine) WITH 1 AS i CALL test.wait() YIELD x RETURN x")));
    inside.await();
    clock.pass(LEASE.multipliedBy(10));
    inOtherThread(() -> assertThrows(WriterBusyException.class, db::beginWrite));
    goOn.countDown();
    owner.join();
    assertEquals(1, nodes("Mine"));
  }

  private enum Waiting {
    BEGIN(db -> db.beginWrite().close()),
    CHECKPOINT(db -> db.admin().checkpoint()),
    CLOSE(Quarry::close);

    private final Consumer<Quarry> wait;

    Waiting(Consumer<Quarry> wait) {
      this.wait = wait;
    }
  }

  @ParameterizedTest
  @EnumSource
  void whoeverWaitsForTheWriterEndsAnIdleTransaction(Waiting waiting, @TempDir Path folder)
      throws InterruptedException {
    StoreOptions options =
        StoreOptions.defaults().withClock(clock).withWriterTimeout(Duration.ofSeconds(20));
    Path path = folder.resolve("x.quarry");
    try (Quarry file =
        new Quarry(GraphStore.open(path, options), OpenOptions.defaults().withWriteLease(LEASE))) {
      file.run("CREATE (:Old)");
      WriteTransaction tx = file.beginWrite();
      tx.query("CREATE (:Mine)");
      clock.pass(LEASE);
      inOtherThread(() -> waiting.wait.accept(file));
      assertExpired(tx::commit);
      tx.close();
    }
    try (Quarry file = Quarry.open(path)) {
      assertEquals(1, file.run("MATCH (n) RETURN n").rows().size());
    }
  }

  @Test
  void aLoadEndsAnIdleTransaction(@TempDir Path folder) throws IOException, InterruptedException {
    Path file = Files.writeString(folder.resolve("n.csv"), "name\nAda\n");
    WriteTransaction tx = db.beginWrite();
    tx.query("CREATE (:Mine)");
    clock.pass(LEASE);
    inOtherThread(() -> db.load(new LoadPlan().nodes("Loaded", file)));
    assertExpired(tx::commit);
    tx.close();
    assertEquals(1, nodes("Loaded"));
  }

  @Test
  void aTransactionThatIsEndedAgainAndAgainLosesAllOrNothing() throws InterruptedException {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("WriteLeaseTest -Dseed=" + seed);
    OpenOptions options =
        OpenOptions.defaults().withMemory(64 << 20).withWriteLease(Duration.ofMillis(2));
    try (Quarry hurried = Quarry.inMemory(options)) {
      AtomicLong committed = new AtomicLong();
      AtomicLong expired = new AtomicLong();
      List<Throwable> errors = new ArrayList<>();
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        Random random = new Random(seed + i);
        threads.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      try {
                        for (int round = 0; round < 15; round++) {
                          write(hurried, random, committed, expired);
                        }
                      } catch (Throwable e) {
                        synchronized (errors) {
                          errors.add(e);
                        }
                      }
                    }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertEquals(List.of(), errors, "seed " + seed);
      assertEquals(60, committed.get() + expired.get());
      assertTrue(expired.get() > 0, "nothing was ended, seed " + seed);
      Answer count = hurried.run("MATCH (n) RETURN count(n) AS c");
      assertEquals(3 * committed.get(), count.rows().getFirst().get("c"), "seed " + seed);
      assertEquals(List.of(), hurried.admin().check().problems());
    }
  }

  private static void write(Quarry db, Random random, AtomicLong committed, AtomicLong expired)
      throws InterruptedException {
    try (WriteTransaction tx = db.beginWrite()) {
      Node first = tx.createNode(Set.of("N"), Map.of("text", "x".repeat(random.nextInt(100))));
      Thread.sleep(random.nextInt(30));
      tx.query("CREATE (:N)");
      Thread.sleep(random.nextInt(30));
      tx.createRelationship(first, "T", tx.createNode(Set.of("N"), Map.of()), Map.of());
      tx.commit();
      committed.incrementAndGet();
    } catch (QuarryException e) {
      if (e.code() != ErrorCode.WRITE_LEASE_EXPIRED) {
        throw e;
      }
      expired.incrementAndGet();
    }
  }
}
