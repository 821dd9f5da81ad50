package dev.quarry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.QuarryException;
import dev.quarry.graph.Direction;
import dev.quarry.graph.Node;
import dev.quarry.graph.NodeCursor;
import dev.quarry.graph.NodeSet;
import dev.quarry.graph.Relationship;
import dev.quarry.graph.RelationshipBatch;
import dev.quarry.graph.RelationshipCursor;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.simulation.CrashPoint;
import dev.quarry.storage.simulation.FaultPlan;
import dev.quarry.storage.simulation.Selection;
import dev.quarry.storage.simulation.SimDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;

/// Work that shares a transaction is done as in transactions of its own: it sees what was done
/// before, and what throws is taken back alone.
@Timeout(120)
class SharedWriteTest {
  private static final Path PATH = Path.of("/simulated/shared.quarry");
  private static final Duration LEASE = Duration.ofSeconds(60);

  private final StillClock clock = new StillClock();
  private final SimDisk disk = new SimDisk();
  private final GraphStore store =
      GraphStore.open(PATH, StoreOptions.defaults().withDisk(disk).withClock(clock));
  private final Engine engine = new Engine(store);
  private final WriterTurns turns = new WriterTurns(clock, LEASE);
  private final Quarry db =
      new Quarry(store, OpenOptions.defaults().withWriteLease(LEASE)); // reads, and competes
  private SharedWrite shared = newShared();

  private SharedWrite newShared() {
    return new SharedWrite(store, engine, turns);
  }

  @AfterEach
  void checkAndClose() {
    engine.close();
    assertEquals(List.of(), db.admin().check().problems());
    db.close();
    assertEquals(0, store.store().budget().used());
  }

  private <T extends @Nullable Object> Submission<T> run(Work<WriteTransaction, T, ?> work) {
    Submission<T> submission = new Submission<>(work);
    shared.run(submission);
    return submission;
  }

  /// Whether another part may follow.
  private boolean follows(Work<WriteTransaction, ?, ?> work) {
    return shared.run(new Submission<>(work));
  }

  /// Commits what shares a transaction; another one may begin.
  private void commit() {
    SharedWrite whole = shared;
    shared = newShared();
    whole.log();
    whole.awaitDurable();
    Runnable checkpoint = whole.dueCheckpoint();
    if (checkpoint != null) {
      checkpoint.run();
    }
    whole.complete(() -> {});
  }

  private Submission<Node> runNode(long number) {
    return run(tx -> tx.createNode(Set.of("Person"), Map.of("number", number)));
  }

  private static Object fail(String why) throws IOException {
    throw new IOException(why);
  }

  private static List<Object> numbers(Quarry of) {
    Answer answer = of.run("MATCH (p:Person) RETURN p.number AS n ORDER BY n");
    return answer.rows().stream().map(row -> row.get("n")).toList();
  }

  private static List<Object> upTo(long end) {
    return LongStream.range(0, end).mapToObj(i -> (Object) i).toList();
  }

  private long commits() {
    try (ReadTransaction tx = db.beginRead()) {
      return tx.commitNumber();
    }
  }

  private static Throwable failureOf(Submission<?> submission) {
    Throwable error = assertThrows(CompletionException.class, submission.future()::join);
    return Objects.requireNonNull(error.getCause());
  }

  private static void assertCode(ErrorCode code, Submission<?> submission) {
    assertEquals(code, assertInstanceOf(QuarryException.class, failureOf(submission)).code());
  }

  private static void assertOver(Executable use) {
    assertEquals(ErrorCode.TRANSACTION_CLOSED, assertThrows(QuarryException.class, use).code());
  }

  /// What is there after a loss of power now.
  private List<Object> numbersAfterLossOfPower() {
    CrashPoint now = disk.point();
    BitSet all = new BitSet();
    all.set(0, now.size());
    SimDisk image = now.image(new Selection(all, -1), 1);
    try (Quarry after = openOn(image)) {
      assertEquals(List.of(), after.admin().check().problems());
      return numbers(after);
    }
  }

  @Test
  void theyShareACommitAndSeeWhatWasDoneBefore() {
    long before = commits();
    List<Submission<Long>> counts = new ArrayList<>();
    for (long i = 0; i < 16; i++) {
      runNode(i);
      counts.add(
          run(
              tx -> {
                try (Rows rows = tx.query("MATCH (p:Person) RETURN count(p) AS c")) {
                  return (Long) rows.toList().getFirst().get("c");
                }
              }));
    }
    assertEquals(List.of(), numbers(db));
    commit();
    for (int i = 0; i < counts.size(); i++) {
      assertEquals(i + 1L, counts.get(i).future().join());
    }
    assertEquals(before + 1, commits());
    assertEquals(upTo(16), numbers(db));
    assertEquals(upTo(16), numbersAfterLossOfPower());
  }

  @Test
  void workThatThrowsIsTakenBackAloneAndHandlesStayGood() {
    Submission<Node> first = runNode(0);
    Submission<Node> second = runNode(1);
    Submission<Relationship> between =
        run(
            tx ->
                tx.createRelationship(
                    tx.node(elementId(0, tx)).orElseThrow(),
                    "KNOWS",
                    tx.node(elementId(1, tx)).orElseThrow(),
                    Map.of("since", 1815L)));
    assertFalse(
        follows(
            tx -> {
              tx.createNode(Set.of("Person", "New"), Map.of("number", 99, "other", "text"));
              tx.query("MATCH (p:Person {number: 1}) SET p.number = 77, p:Old");
              return fail("it is Tuesday");
            }));
    commit();
    assertEquals(upTo(2), numbers(db));
    assertEquals(upTo(2), numbersAfterLossOfPower());
    db.read(
        tx -> {
          assertEquals(0L, tx.property(first.future().join(), "number"));
          Relationship relationship = between.future().join();
          assertEquals(second.future().join(), tx.end(relationship));
          return assertEqualsTo(1815L, tx.property(relationship, "since"));
        });
    runNode(2);
    commit();
    assertEquals(upTo(3), numbers(db));
  }

  private static boolean assertEqualsTo(Object expected, @Nullable Object actual) {
    assertEquals(expected, actual);
    return true;
  }

  private static String elementId(long number, WriteTransaction tx) {
    try (Rows rows =
        tx.query("MATCH (p:Person {number: $n}) RETURN elementId(p) AS id", Map.of("n", number))) {
      return (String) Objects.requireNonNull(rows.toList().getFirst().get("id"));
    }
  }

  @Test
  void theFirstThatThrowsLeavesNothing() {
    long before = commits();
    Submission<Object> fails =
        run(
            tx -> {
              tx.createNode(Set.of("Person"), Map.of("number", 99));
              return fail("no");
            });
    commit();
    assertEquals("no", failureOf(fails).getMessage());
    assertEquals(before, commits());
    assertEquals(List.of(), numbers(db));
  }

  @Test
  void aConstraintFailsOnlyTheWorkThatViolatesIt() {
    db.run("CREATE CONSTRAINT FOR (p:Person) REQUIRE p.number IS UNIQUE");
    runNode(0);
    Submission<Node> again = runNode(0);
    commit();
    assertCode(ErrorCode.UNIQUENESS_VIOLATION, again);
    runNode(1);
    commit();
    assertEquals(upTo(2), numbers(db));
  }

  @Test
  void aStatementThatFailsTakesItsWorkBackAlsoIfTheWorkGoesOn() {
    runNode(0);
    Submission<Boolean> caught =
        run(
            tx -> {
              tx.createNode(Set.of("Person"), Map.of("number", 99));
              assertThrows(QuarryException.class, () -> tx.query("RETURN 1 / 0"));
              return true;
            });
    commit();
    assertCode(ErrorCode.TRANSACTION_DOOMED, caught);
    assertEquals(upTo(1), numbers(db));
  }

  @Test
  void workThatRollsBackTakesBackItsOwnAlone() {
    runNode(0);
    Submission<Boolean> rolledBack =
        run(
            tx -> {
              tx.createNode(Set.of("Person"), Map.of("number", 99));
              tx.rollback();
              assertOver(() -> tx.createNode(Set.of("Person"), Map.of()));
              assertOver(tx::commit);
              return true;
            });
    commit();
    assertCode(ErrorCode.TRANSACTION_CLOSED, rolledBack);
    assertEquals(upTo(1), numbers(db));
  }

  @Test
  void workThatCommitsCommitsAllBefore() {
    runNode(0);
    Submission<Object> committed =
        run(
            tx -> {
              tx.createNode(Set.of("Person"), Map.of("number", 1));
              long number = tx.commit();
              assertEquals(number, commits());
              assertEquals(upTo(2), numbersAfterLossOfPower());
              assertOver(tx::commit);
              return true;
            });
    commit();
    assertCode(ErrorCode.TRANSACTION_CLOSED, committed);
    assertEquals(upTo(2), numbers(db));
  }

  @Test
  void workThatCommitsAndViolatesAConstraintIsTakenBackAlone() {
    db.run("CREATE CONSTRAINT FOR (p:Person) REQUIRE p.number IS UNIQUE");
    runNode(0);
    Submission<Long> again =
        run(
            tx -> {
              tx.createNode(Set.of("Person"), Map.of("number", 0));
              return tx.commit();
            });
    commit();
    assertCode(ErrorCode.UNIQUENESS_VIOLATION, again);
    assertEquals(upTo(1), numbers(db));
  }

  @Test
  void whatIsKeptOfATransactionIsOfNoUseForTheNextPart() {
    List<Executable> uses = new ArrayList<>();
    List<AutoCloseable> open = new ArrayList<>();
    Node end = db.write(tx -> tx.createNode(Set.of("Person"), Map.of("number", 0)));
    db.run("MATCH (p:Person) CREATE (p)-[:KNOWS]->(p), (p)-[:KNOWS]->(p)");
    run(
        tx -> {
          Rows rows = tx.query("UNWIND [1, 2] AS x RETURN x");
          NodeCursor nodes = tx.nodes();
          RelationshipCursor relationships = tx.relationships(end, Direction.BOTH);
          NodeSet set = tx.nodeSet();
          RelationshipBatch batch = tx.batch("KNOWS");
          assertTrue(nodes.next() && relationships.next() && set.add(end));
          open.addAll(List.of(rows, nodes, relationships, set, tx));
          uses.addAll(
              List.of(
                  () -> rows.next(),
                  () -> nodes.next(),
                  () -> relationships.next(),
                  () -> set.add(end),
                  () -> set.addNeighbours(end, Direction.BOTH),
                  () -> batch.add(end, end),
                  () -> batch.flush(),
                  () -> tx.createNode(Set.of("Person"), Map.of()),
                  () -> tx.exists(end),
                  () -> tx.query("CREATE (:Person)"),
                  () -> tx.commit()));
          return true;
        });
    Submission<Boolean> next =
        run(
            tx -> {
              tx.createNode(Set.of("Person"), Map.of("number", 1));
              uses.forEach(SharedWriteTest::assertOver);
              for (AutoCloseable each : open) {
                each.close();
              }
              tx.createRelationship(end, "KNOWS", end, Map.of());
              return true;
            });
    runNode(2);
    commit();
    uses.forEach(SharedWriteTest::assertOver);
    assertTrue(next.future().join());
    assertEquals(upTo(3), numbers(db));
    assertEquals(
        3L, db.run("MATCH ()-[r:KNOWS]->() RETURN count(r) AS c").rows().getFirst().get("c"));
  }

  @Test
  void aPartThatIsIdleForTooLongIsTakenBackAndWhatEndedIsCommitted() {
    runNode(0);
    AtomicReference<@Nullable WriteTransaction> kept = new AtomicReference<>();
    Submission<Object> idle =
        run(
            tx -> {
              kept.set(tx);
              tx.createNode(Set.of("Person"), Map.of("number", 99));
              clock.pass(LEASE);
              Thread other =
                  Thread.ofPlatform()
                      .start(
                          () ->
                              turns.await(
                                  () -> {
                                    try (WriteTransaction mine = db.beginWrite()) {
                                      mine.createNode(Set.of("Person"), Map.of("number", 1));
                                      return mine.commit();
                                    }
                                  }));
              other.join();
              tx.createNode(Set.of("Person"), Map.of("number", 98));
              return true;
            });
    commit();
    assertCode(ErrorCode.WRITE_LEASE_EXPIRED, idle);
    assertEquals(upTo(2), numbers(db));
    assertEquals(upTo(2), numbersAfterLossOfPower());
  }

  @Test
  void atMost64Share() {
    for (long i = 0; i < 63; i++) {
      long number = i;
      assertTrue(follows(tx -> tx.createNode(Set.of("Person"), Map.of("number", number))));
    }
    assertFalse(follows(tx -> tx.createNode(Set.of("Person"), Map.of("number", 63L))));
    commit();
    assertEquals(upTo(64), numbers(db));
  }

  @Test
  void theOthersHaveTheirTurnAfterAMillisecond() {
    assertTrue(follows(tx -> tx.createNode(Set.of("Person"), Map.of("number", 0))));
    clock.pass(Duration.ofMillis(1));
    assertFalse(follows(tx -> tx.createNode(Set.of("Person"), Map.of("number", 1))));
    commit();
    assertEquals(upTo(2), numbers(db));
  }

  @Test
  void nothingFollowsWorkThatIsLarge() {
    runNode(0);
    byte[] bytes = new byte[1_000];
    assertTrue(follows(tx -> tx.createNode(Set.of("Blob"), Map.of("bytes", bytes))));
    assertFalse(
        follows(
            tx -> {
              for (int i = 0; i < 20; i++) {
                tx.createNode(Set.of("Blob"), Map.of("bytes", bytes));
              }
              return true;
            }));
    commit();
    assertEquals(21L, db.run("MATCH (b:Blob) RETURN count(b) AS c").rows().getFirst().get("c"));
  }

  @Test
  void largeWorkThatThrowsIsTakenBackAlone() {
    runNode(0);
    runNode(1);
    Submission<Object> large =
        run(
            tx -> {
              for (int i = 0; i < 200; i++) { // more than fits in the log
                tx.createNode(Set.of("Blob"), Map.of("bytes", new byte[50_000]));
              }
              return fail("too much");
            });
    commit();
    assertEquals("too much", failureOf(large).getMessage());
    assertEquals(upTo(2), numbers(db));
    assertEquals(upTo(2), numbersAfterLossOfPower());
    assertEquals(0L, db.run("MATCH (b:Blob) RETURN count(b) AS c").rows().getFirst().get("c"));
  }

  @Test
  void nothingFollowsWorkThatDeletes() {
    Submission<Node> node = runNode(7);
    commit();
    runNode(0);
    assertFalse(
        follows(
            tx -> {
              tx.delete(node.future().join());
              return true;
            }));
    commit();
    assertEquals(upTo(1), numbers(db));
  }

  /// Which of two equal relationships a handle means is counted anew then.
  @Test
  void nothingFollowsWorkThatTellsEqualRelationshipsApart() {
    db.run("CREATE (p:Person {number: 0}) CREATE (p)-[:KNOWS]->(p), (p)-[:KNOWS]->(p)");
    assertFalse(
        follows(tx -> tx.query("MATCH (:Person)-[r:KNOWS]->() WITH r LIMIT 1 SET r.since = 1")));
    commit();
    assertEquals(
        1, db.run("MATCH ()-[r:KNOWS]->() WHERE r.since = 1 RETURN r.since AS s").rows().size());
  }

  /// Bytes that transactions hold.
  private long inTransactions() {
    return store.store().budget().children().stream()
        .filter(account -> account.name().equals("transactions"))
        .mapToLong(Budget::used)
        .sum();
  }

  @Test
  void whatAPartLeavesOpenGivesItsMemoryBackWhenItEnds() {
    db.run("UNWIND range(1, 20000) AS i CREATE (:Many)");
    runNode(0);
    long before = inTransactions();
    Submission<Boolean> open =
        run(
            tx -> {
              NodeSet set = tx.nodeSet();
              NodeCursor nodes = tx.nodes("Many");
              while (nodes.next()) {
                set.add(nodes.id());
              }
              assertTrue(inTransactions() - before > 20_000);
              return true;
            });
    assertTrue(inTransactions() - before < 20_000);
    commit();
    assertTrue(open.future().join());
  }

  @Test
  void aStatementAboutTheSchemaIsWorkLikeAnyOther() {
    runNode(0);
    Submission<List<String>> index =
        run(tx -> tx.query("CREATE INDEX numbers FOR (p:Person) ON (p.number)").columns());
    runNode(1);
    Submission<Object> mixed =
        run(
            tx -> {
              tx.createNode(Set.of("Person"), Map.of("number", 99));
              return tx.query("CREATE INDEX FOR (p:Person) ON (p.other)").columns();
            });
    commit();
    assertEquals(List.of(), index.future().join());
    assertCode(ErrorCode.SCHEMA_NOT_ALONE, mixed);
    Answer indexes = db.run("SHOW INDEXES YIELD name RETURN name");
    assertEquals(List.of("numbers"), indexes.rows().stream().map(row -> row.get("name")).toList());
    assertEquals(1, db.run("MATCH (p:Person {number: 1}) RETURN p.number AS n").rows().size());
  }

  @Test
  void cancelledWorkIsNotDone() {
    runNode(0);
    Submission<Boolean> cancelled =
        new Submission<>(
            tx -> {
              tx.createNode(Set.of("Person"), Map.of("number", 99));
              return true;
            });
    cancelled.future().cancel(false);
    shared.run(cancelled);
    runNode(1);
    commit();
    assertEquals(upTo(2), numbers(db));
  }

  private static Quarry openOn(SimDisk on) {
    return new Quarry(
        GraphStore.open(PATH, StoreOptions.defaults().withDisk(on)), OpenOptions.defaults());
  }

  @Test
  void ifTheDiskFailsAllFailThatShareTheTransaction() {
    SimDisk failing = new SimDisk();
    GraphStore other = GraphStore.open(PATH, StoreOptions.defaults().withDisk(failing));
    Engine running = new Engine(other);
    try (Quarry quarry = new Quarry(other, OpenOptions.defaults())) {
      quarry.run("CREATE (:Person {number: 0})");
      shared = new SharedWrite(other, running, turns);
      Submission<Node> ends = runNode(1);
      Submission<Object> fails = run(tx -> fail("mine"));
      failing.fail(new FaultPlan(FaultPlan.Fault.FORCE_FAILS, 0, false));
      commit();
      assertCode(ErrorCode.STORE_POISONED, ends);
      assertEquals("mine", failureOf(fails).getMessage());
      assertEquals(upTo(1), numbers(quarry));
    } finally {
      running.close();
    }
  }

  @Test
  void onAFullDiskAllFailThatShareTheTransactionAndNothingIsLost() {
    runNode(0);
    commit();
    List<Submission<Node>> both = List.of(runNode(1), runNode(2));
    disk.fail(new FaultPlan(FaultPlan.Fault.DISK_FULL, 0, false));
    commit();
    both.forEach(each -> assertCode(ErrorCode.STORE_DISK_FULL, each));
    disk.fail(null);
    assertEquals(upTo(1), numbers(db));
    runNode(1);
    commit();
    assertEquals(upTo(2), numbers(db));
  }

  /// Both stores do the same, one of them in transactions of several parts.
  @Test
  void randomWorkLeavesTheGraphThatTransactionsOfItsOwnLeave() {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    try (Quarry single = openOn(new SimDisk())) {
      for (Quarry each : List.of(single, db)) {
        each.run("CREATE CONSTRAINT FOR (n:Unique) REQUIRE n.key IS UNIQUE");
        each.run("CREATE INDEX FOR (n:Person) ON (n.number)");
      }
      int several = 0;
      int takenBack = 0;
      for (int i = 0; i < 150; i++) {
        boolean follows = true;
        int parts = 0;
        for (int left = 1 + random.nextInt(8); left > 0 && follows; left--) {
          long of = random.nextLong();
          boolean fails = random.nextInt(10) == 0;
          Submission<Boolean> submission = new Submission<>(tx -> change(tx, of, fails));
          follows = shared.run(submission);
          parts++;
          takenBack += fails && parts > 1 ? 1 : 0;
          try {
            single.write(tx -> change(tx, of, fails));
          } catch (QuarryException | IllegalStateException e) {
            assertFalse(follows, () -> "seed " + seed + ": only one failed, with " + e);
          }
        }
        several += parts > 1 ? 1 : 0;
        commit();
        assertEquals(single.admin().hash().graph(), db.admin().hash().graph(), "seed " + seed);
      }
      assertEquals(List.of(), db.admin().check().problems(), "seed " + seed);
      assertTrue(several > 20 && takenBack > 5, several + " " + takenBack + ", seed " + seed);
      CrashPoint now = disk.point();
      try (Quarry after = openOn(now.image(new Selection(new BitSet(), -1), 1))) {
        assertEquals(single.admin().hash().graph(), after.admin().hash().graph(), "seed " + seed);
      }
    }
  }

  private static boolean change(WriteTransaction tx, long seed, boolean fails) {
    Random random = new Random(seed);
    for (int left = 1 + random.nextInt(4); left > 0; left--) {
      Map<String, Object> values =
          Map.of("a", random.nextInt(20), "b", random.nextInt(20), "v", random.nextInt(1000));
      try (Rows rows = tx.query(STATEMENTS.get(random.nextInt(STATEMENTS.size())), values)) {
        rows.toList();
      }
    }
    if (fails) {
      throw new IllegalStateException("on purpose");
    }
    return true;
  }

  private static final List<String> STATEMENTS =
      List.of(
          "CREATE (:Person {number: $a})",
          "CREATE (:Person {number: $a})",
          "MERGE (p:Person {number: $a}) SET p.v = $v",
          "MERGE (p:Person {number: $a}) MERGE (q:Person {number: $b}) CREATE (p)-[:KNOWS]->(q)",
          "MATCH (p:Person {number: $a}), (q:Person {number: $b}) CREATE (p)-[:KNOWS]->(q)",
          "MATCH (p:Person {number: $a}), (q:Person {number: $b}) CREATE (p)-[:LIKES {v: $v}]->(q)",
          "MATCH (p:Person {number: $a})-[r:KNOWS]->() SET r.v = $v",
          "MATCH (p:Person {number: $a}) SET p:Old REMOVE p.v",
          "MATCH (p:Old {number: $a}) REMOVE p:Old SET p.text = 'text ' + $v",
          "MATCH (p:Person {number: $a})-[r]-() DELETE r",
          "MATCH (p:Person {number: $a}) DETACH DELETE p",
          "CREATE (:Unique {key: $v % 50})",
          "UNWIND range(1, $b) AS i CREATE (:Many {i: i, v: $v})");
}
