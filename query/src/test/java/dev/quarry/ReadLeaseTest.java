package dev.quarry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.QuarryException;
import dev.quarry.error.SnapshotExpiredException;
import dev.quarry.graph.Direction;
import dev.quarry.graph.GraphReader;
import dev.quarry.graph.Node;
import dev.quarry.graph.NodeCursor;
import dev.quarry.graph.NodeSet;
import dev.quarry.graph.PropertyKey;
import dev.quarry.graph.RecordCursor;
import dev.quarry.graph.Relationship;
import dev.quarry.graph.RelationshipBatch;
import dev.quarry.graph.RelationshipCursor;
import dev.quarry.graph.algorithm.AlgorithmOptions;
import dev.quarry.graph.algorithm.DegreeDistribution;
import dev.quarry.graph.algorithm.DoubleResult;
import dev.quarry.graph.algorithm.GraphAlgorithms;
import dev.quarry.graph.algorithm.LongResult;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.graph.transaction.ReadView;
import dev.quarry.storage.StoreOptions;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A reader with a lease lasts no longer than that, whether it is used, parked or forgotten: never
/// shorter, never cut inside of a call, and with nothing of it left.
class ReadLeaseTest {
  private static final Duration TIME = Duration.ofSeconds(60);
  private static final Lease LEASE = Lease.of(TIME);
  private static final int NODES = 2000;
  private static final long PATIENCE_MILLIS = 60_000;
  private static final long SEVERAL_LOOKS_MILLIS = 100;

  private final StillClock clock = new StillClock();
  private final GraphStore store =
      GraphStore.inMemory(StoreOptions.defaults().withMemory(64 << 20).withClock(clock));
  private final Quarry db = new Quarry(store, OpenOptions.defaults());

  @BeforeEach
  void fill() {
    db.run("UNWIND range(1, " + NODES + ") AS i CREATE (:A {i: i})-[:T {w: i}]->(:B {i: i})");
  }

  @AfterEach
  void checkAndClose() throws InterruptedException {
    if (!closed()) {
      await(() -> readers() == 0);
      assertEquals(List.of(), db.admin().check().problems());
      db.close();
    }
    await(() -> store.store().budget().used() == 0);
  }

  private boolean closed() {
    try {
      store.beginRead().close();
      return false;
    } catch (QuarryException e) {
      return e.code() == ErrorCode.STORE_CLOSED;
    }
  }

  private int readers() {
    return store.store().statistics().readers();
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long begun = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertTrue((System.nanoTime() - begun) / 1_000_000 < PATIENCE_MILLIS, "it never comes");
      Thread.sleep(5);
    }
  }

  private void churn(int commits) {
    for (int i = 0; i < commits; i++) {
      db.run("MATCH (n:A) SET n.i = n.i + " + NODES);
    }
  }

  private static void assertCode(ErrorCode expected, Executable use) {
    QuarryException error = assertThrows(QuarryException.class, use);
    assertEquals(expected, error.code(), error.getMessage());
  }

  /// A reader with one of each thing that it can hand out.
  private static final class Reader {
    final ReadTransaction tx;
    final Rows rows;
    final Rows scan;
    final NodeCursor nodes;
    final RelationshipCursor relationships;
    final Node node;
    final Relationship relationship;
    final NodeSet set;
    final NodeCursor members;
    final GraphAlgorithms algorithms;
    final LongResult components;
    final DoubleResult ranks;
    final DegreeDistribution degrees;
    final PropertyKey key;

    Reader(ReadTransaction tx) {
      this.tx = tx;
      rows = tx.query("MATCH (a:A)-->(b) RETURN a.i AS i, b ORDER BY i");
      rows.next();
      scan = tx.query("MATCH (a:A) RETURN a.i");
      scan.next();
      nodes = tx.nodes("A");
      nodes.next();
      node = nodes.node();
      relationships = tx.relationships(nodes, Direction.OUTGOING);
      relationships.next();
      relationship = relationships.relationship();
      set = tx.nodeSet();
      set.add(node);
      set.addNeighbours(nodes, Direction.BOTH);
      members = set.nodes();
      members.next();
      algorithms = GraphAlgorithms.over(tx);
      components = algorithms.wcc();
      components.next();
      ranks = algorithms.pageRank();
      ranks.next();
      degrees = algorithms.degreeDistribution();
      degrees.next();
      key = tx.key("i");
    }

    List<Executable> uses() {
      return List.of(
          () -> tx.query("MATCH (n) RETURN count(n)"),
          () -> tx.query(PreparedQuery.of("RETURN 1"), Map.of(), QueryOptions.DEFAULT),
          () -> tx.node(node.elementId()),
          () -> tx.relationship(relationship.elementId()),
          () -> tx.findNode("A", "i", 1),
          () -> tx.nodes(),
          () -> tx.nodes("A"),
          () -> tx.relationships(node, Direction.BOTH),
          () -> tx.relationships(nodes, Direction.BOTH),
          () -> tx.degree(node, Direction.BOTH),
          () -> tx.degree(nodes, Direction.BOTH),
          () -> tx.nodeSet(),
          () -> tx.exists(node),
          () -> tx.exists(relationship),
          () -> tx.property(node, "i"),
          () -> tx.property(relationship, "w"),
          () -> tx.labels(node),
          () -> tx.type(relationship),
          () -> tx.start(relationship),
          () -> tx.end(relationship),
          () -> tx.copy(node),
          () -> tx.copy(relationship),
          () -> tx.regions(),
          () -> tx.region(node),
          () -> rows.next(),
          () -> rows.get(0),
          () -> rows.get(1),
          () -> rows.getLong(0),
          () -> rows.getDouble(0),
          () -> rows.isNull(0),
          () -> rows.copy(),
          () -> scan.next(),
          () -> scan.stream().count(),
          () -> nodes.next(),
          () -> nodes.id(),
          () -> nodes.node(),
          () -> nodes.getLong(key),
          () -> nodes.get(key),
          () -> relationships.next(),
          () -> relationships.neighbour(),
          () -> relationships.type(),
          () -> relationships.relationship(),
          () -> set.add(0),
          () -> set.add(node),
          () -> set.addNeighbours(node, Direction.BOTH),
          () -> set.addNeighbours(nodes, Direction.BOTH),
          () -> set.addNeighbours(set, Direction.BOTH),
          () -> set.contains(0),
          () -> set.contains(node),
          () -> set.size(),
          () -> set.clear(),
          () -> set.nodes(),
          () -> members.next(),
          () -> algorithms.bfs(node),
          () -> algorithms.triangleCount(),
          () -> algorithms.degreeDistribution(),
          () -> GraphAlgorithms.over(tx).wcc(),
          () -> components.next(),
          () -> components.node(),
          () -> components.id(),
          () -> components.value(),
          () -> components.get(node),
          () -> components.size(),
          () -> components.bytes(),
          () -> ranks.value(),
          () -> ranks.get(node),
          () -> degrees.next(),
          () -> degrees.degree(),
          () -> degrees.nodes());
    }

    List<AutoCloseable> all() {
      return List.of(
          rows, scan, nodes, relationships, members, set, components, ranks, degrees, tx, tx);
    }

    void assertAllFail(ErrorCode code) {
      uses().forEach(use -> assertCode(code, use));
    }

    void closeAll() {
      all()
          .forEach(
              one -> {
                try {
                  one.close();
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
              });
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void everyUseOfAReaderPastItsLeaseRaisesATypedError(boolean endedBefore)
      throws InterruptedException {
    Reader reader = new Reader(db.beginRead(LEASE));
    clock.pass(TIME);
    if (endedBefore) {
      await(() -> readers() == 0);
    }
    reader.assertAllFail(ErrorCode.SNAPSHOT_EXPIRED);
    reader.closeAll();
    reader.assertAllFail(ErrorCode.SNAPSHOT_EXPIRED);
  }

  @Test
  void itsErrorIsOfATypeOfItsOwnAndMayBeTriedAgain() {
    ReadTransaction tx = db.beginRead(LEASE);
    clock.pass(TIME);
    assertTrue(assertThrows(SnapshotExpiredException.class, tx::nodes).retryable());
  }

  @Test
  void theNextUseEndsAReaderPastItsLeaseAtOnce() {
    Reader reader = new Reader(db.beginRead(LEASE));
    clock.pass(TIME);
    assertThrows(SnapshotExpiredException.class, reader.nodes::next);
    assertEquals(0, readers());
  }

  @Test
  void eachUseThatIsTheFirstBehindTheLeaseEndsTheReader() {
    Reader reader = new Reader(db.beginRead(LEASE));
    for (int i = 0; i < reader.uses().size(); i++) {
      Executable use = reader.uses().get(i);
      clock.pass(TIME);
      assertCode(ErrorCode.SNAPSHOT_EXPIRED, use);
      assertEquals(0, readers(), "use " + i);
      reader = new Reader(db.beginRead(LEASE));
    }
    reader.closeAll();
  }

  @Test
  void whatAForgottenReaderHeldComesBack() throws InterruptedException {
    churn(1);
    long usual = store.store().budget().used();
    Reader reader = new Reader(db.beginRead(LEASE));
    churn(20);
    long retired = store.store().statistics().retiredBytes();
    assertTrue(retired > 0);
    assertTrue(store.store().budget().used() > usual);
    clock.pass(TIME);
    await(() -> readers() == 0);
    churn(20);
    assertTrue(store.store().statistics().retiredBytes() < retired);
    long now = store.store().budget().used();
    assertTrue(now <= usual + (1 << 20), now + " bytes in use, usual are " + usual);
    assertThrows(SnapshotExpiredException.class, reader.rows::next);
  }

  @Test
  void aReaderWithinItsLeaseSeesWhatItBeganWith() throws InterruptedException {
    try (ReadTransaction tx = db.beginRead(LEASE)) {
      Reader reader = new Reader(tx);
      clock.pass(TIME.minusNanos(1));
      churn(20);
      Thread.sleep(SEVERAL_LOOKS_MILLIS);
      for (Executable use : reader.uses()) {
        try {
          use.execute();
        } catch (IllegalStateException | QuarryException e) {
          assertFalse(e instanceof SnapshotExpiredException, e.toString());
        } catch (Throwable e) {
          throw new AssertionError(e);
        }
      }
      assertEquals(sum(1), sum(tx));
    }
  }

  private static long sum(long first) {
    return NODES * (2 * first + NODES - 1) / 2;
  }

  private static long sum(ReadTransaction tx) {
    long sum = 0;
    PropertyKey i = tx.key("i");
    try (NodeCursor nodes = tx.nodes("A")) {
      while (nodes.next()) {
        sum += nodes.getLong(i);
      }
    }
    return sum;
  }

  @Test
  void toUseAReaderMakesItsLeaseNoLonger() {
    ReadTransaction tx = db.beginRead(LEASE);
    clock.pass(TIME.minusNanos(1));
    assertEquals(sum(1), sum(tx));
    clock.pass(Duration.ofNanos(1));
    assertThrows(SnapshotExpiredException.class, tx::nodes);
  }

  @Test
  void aReaderIsParkedHandedToAnotherThreadAndResumed() throws InterruptedException {
    try (ReadTransaction tx = db.beginRead(LEASE);
        Rows rows = tx.query("MATCH (a:A) RETURN a.i")) {
      assertTrue(rows.next());
      clock.pass(TIME.dividedBy(2));
      churn(3);
      AtomicLong found = new AtomicLong(1);
      Thread other =
          Thread.ofPlatform()
              .start(
                  () -> {
                    while (rows.next()) {
                      found.incrementAndGet();
                    }
                  });
      other.join();
      assertEquals(NODES, found.get());
    }
    assertEquals(0, readers());
  }

  @Test
  void algorithmsAnswerTheSameUnderALease() {
    try (ReadTransaction leased = db.beginRead(LEASE);
        ReadTransaction free = db.beginRead();
        LongResult one = GraphAlgorithms.over(leased).wcc();
        LongResult other = GraphAlgorithms.over(free).wcc()) {
      while (one.next()) {
        assertTrue(other.next());
        assertEquals(other.id(), one.id());
        assertEquals(other.value(), one.value());
      }
      assertFalse(other.next());
      assertEquals(2 * NODES, one.size());
    }
  }

  /// A call that stands still in the middle.
  private final class Standing {
    final CountDownLatch inside = new CountDownLatch(1);
    final CountDownLatch goOn = new CountDownLatch(1);
    final AtomicBoolean before = new AtomicBoolean();
    volatile Throwable error;
    private Thread thread;

    void stand() {
      inside.countDown();
      try {
        goOn.await();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    void begin(Runnable call) throws InterruptedException {
      thread =
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      call.run();
                    } catch (Throwable e) {
                      error = e;
                    }
                  });
      inside.await();
    }

    void end() throws InterruptedException {
      goOn.countDown();
      thread.join();
    }
  }

  private Standing inStatement(ReadTransaction tx) throws InterruptedException {
    Standing standing = new Standing();
    db.register(
        Procedure.of(
            ProcedureSignature.parse("test.wait() :: (x :: INTEGER)"),
            (context, arguments) -> {
              standing.stand();
              return Stream.of(List.of(1L));
            }));
    Rows rows = tx.query("MATCH (a:A) CALL test.wait() YIELD x RETURN sum(a.i)");
    standing.begin(rows::next);
    return standing;
  }

  private Standing inAlgorithm(ReadTransaction tx) throws InterruptedException {
    Standing standing = new Standing();
    AtomicBoolean stood = new AtomicBoolean();
    Runnable check =
        () -> {
          if (!stood.getAndSet(true)) {
            standing.stand();
          }
        };
    GraphAlgorithms algorithms =
        GraphAlgorithms.over(tx, AlgorithmOptions.defaults().withCheck(check));
    standing.begin(algorithms::pageRank);
    return standing;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aCallThatRunsIsNotCutAndEndsWhereItLooks(boolean algorithm) throws InterruptedException {
    ReadTransaction tx = db.beginRead(LEASE);
    GraphSnapshot behind = (GraphSnapshot) ReadView.behind(tx);
    Standing standing = algorithm ? inAlgorithm(tx) : inStatement(tx);
    clock.pass(TIME.multipliedBy(10));
    await(() -> isOver(behind));
    churn(5);
    Thread.sleep(SEVERAL_LOOKS_MILLIS);
    assertTrue(readers() > 0, "the pin was given back under a call");
    standing.end();
    assertEquals(SnapshotExpiredException.class, standing.error.getClass());
    await(() -> readers() == 0);
    assertThrows(SnapshotExpiredException.class, tx::nodes);
  }

  private static boolean isOver(GraphSnapshot snapshot) {
    try {
      snapshot.ensureOpen();
      return false;
    } catch (SnapshotExpiredException e) {
      return true;
    }
  }

  @Test
  void aCallThatDoesNotLookIsDoneAndTheNextOneFails() throws InterruptedException {
    ReadTransaction tx = db.beginRead(LEASE);
    Standing standing = new Standing();
    db.register(
        UserFunction.of(
            FunctionSignature.parse("test.stand(x :: INTEGER) :: INTEGER"),
            arguments -> {
              if ((Long) arguments.get(0) == 1) {
                standing.stand();
              }
              return arguments.get(0);
            }));
    Rows rows = tx.query("MATCH (a:A) WHERE a.i <= 2 RETURN test.stand(a.i)");
    standing.begin(
        () -> {
          assertTrue(rows.next());
          standing.before.set(true);
          rows.next();
        });
    clock.pass(TIME);
    Thread.sleep(SEVERAL_LOOKS_MILLIS);
    assertEquals(1, readers());
    standing.end();
    assertTrue(standing.before.get());
    assertEquals(SnapshotExpiredException.class, standing.error.getClass());
  }

  @Test
  void whoeverClosesTheStoreEndsParkedReadersAndTheirMemoryComesBack() {
    Reader reader = new Reader(db.beginRead(LEASE));
    db.close();
    assertEquals(0, store.store().budget().used());
    reader.assertAllFail(ErrorCode.STORE_CLOSED);
    clock.pass(TIME);
    reader.assertAllFail(ErrorCode.STORE_CLOSED);
    reader.closeAll();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aCallThatRunsWhileTheStoreIsClosedKeepsItsMemory(boolean algorithm)
      throws InterruptedException {
    ReadTransaction tx = db.beginRead(LEASE);
    Standing standing = algorithm ? inAlgorithm(tx) : inStatement(tx);
    db.close();
    Thread.sleep(SEVERAL_LOOKS_MILLIS);
    assertTrue(store.store().budget().used() > 0);
    standing.end();
    assertCode(
        ErrorCode.STORE_CLOSED,
        () -> {
          throw standing.error;
        });
    await(() -> store.store().budget().used() == 0);
  }

  @Test
  void aReaderThatWasClosedIsClosedAndNotExpired() throws InterruptedException {
    ReadTransaction tx = db.beginRead(LEASE);
    tx.nodes();
    tx.close();
    assertEquals(0, readers());
    clock.pass(TIME);
    Thread.sleep(SEVERAL_LOOKS_MILLIS);
    assertCode(ErrorCode.TRANSACTION_CLOSED, tx::nodes);
    tx.close();
  }

  @Test
  void aReaderWithALeaseLeavesNothingToTheNextOne() {
    ReadTransaction expired = db.beginRead(LEASE);
    expired.nodes("A").close();
    clock.pass(TIME);
    assertThrows(SnapshotExpiredException.class, expired::nodes);
    try (ReadTransaction tx = db.beginRead();
        LongResult components = GraphAlgorithms.over(tx).wcc()) {
      assertEquals(2 * NODES, components.size());
      clock.pass(TIME);
      assertEquals(2 * NODES, components.size());
      assertEquals(sum(1), sum(tx));
    }
  }

  @Test
  void aReaderWithoutALeaseLastsForEver() throws InterruptedException {
    try (ReadTransaction tx = db.beginRead();
        ReadTransaction other = db.beginRead(LEASE)) {
      clock.pass(Duration.ofDays(1));
      await(() -> readers() == 1);
      assertThrows(SnapshotExpiredException.class, other::nodes);
      assertEquals(sum(1), sum(tx));
    }
  }

  @Test
  void whatAProcedureDoesWhenItsRowsAreEndedMayUseTheTransactionAndIsTold() throws Exception {
    ReadTransaction tx = db.beginRead(LEASE);
    List<ErrorCode> told = new ArrayList<>();
    db.register(
        Procedure.of(
            ProcedureSignature.parse("test.rows() :: (x :: INTEGER)"),
            (context, arguments) ->
                Stream.<List<?>>generate(() -> List.of(1L))
                    .onClose(
                        () -> {
                          try {
                            tx.nodes();
                          } catch (QuarryException e) {
                            told.add(e.code());
                          }
                        })));
    Rows rows = tx.query("CALL test.rows() YIELD x RETURN x");
    assertTrue(rows.next());
    clock.pass(TIME);
    await(() -> readers() == 0);
    assertEquals(List.of(ErrorCode.SNAPSHOT_EXPIRED), told);
  }

  @Test
  void aLeaseIsPositiveAndEndsSomeDay() {
    assertEquals(TIME, LEASE.time());
    assertThrows(IllegalArgumentException.class, () -> Lease.of(Duration.ZERO));
    assertThrows(IllegalArgumentException.class, () -> Lease.of(Duration.ofNanos(-1)));
    assertThrows(
        IllegalArgumentException.class, () -> Lease.of(Duration.ofSeconds(Long.MAX_VALUE)));
  }

  @Test
  void everyMethodOfWhatATransactionHandsOutIsACall() {
    List<String> missing = new ArrayList<>();
    missing.addAll(missing(GraphReader.class, LeasedTransaction.class));
    missing.addAll(missing(RecordCursor.class, LeasedCursor.class));
    missing.addAll(missing(NodeCursor.class, LeasedNodes.class));
    missing.addAll(missing(RelationshipCursor.class, LeasedRelationships.class));
    missing.addAll(missing(NodeSet.class, LeasedNodeSet.class));
    missing.addAll(missing(RelationshipBatch.class, LeasedBatch.class));
    assertEquals(List.of(), missing);
  }

  private static List<String> missing(Class<?> face, Class<?> leased) {
    return Arrays.stream(face.getDeclaredMethods())
        .filter(method -> Modifier.isAbstract(method.getModifiers()))
        .filter(method -> !declares(leased, method))
        .map(Method::toString)
        .toList();
  }

  private static boolean declares(Class<?> leased, Method method) {
    try {
      leased.getDeclaredMethod(method.getName(), method.getParameterTypes());
      return true;
    } catch (NoSuchMethodException e) {
      return false;
    }
  }

  /// Sums that move from node to node and never change; readers whose leases end at any moment.
  @Test
  void readersThatAreEndedAgainAndAgainSeeOneStateOrTheError() throws Exception {
    long seed = Long.getLong("seed", System.nanoTime());
    System.out.println("ReadLeaseTest -Dseed=" + seed);
    try (Quarry hurried = Quarry.inMemory(OpenOptions.defaults().withMemory(64 << 20))) {
      hurried.run("UNWIND range(1, 1000) AS i CREATE (:A {i: 1})-[:T]->(:B {i: 1})");
      AtomicBoolean over = new AtomicBoolean();
      AtomicLong expired = new AtomicLong();
      AtomicLong read = new AtomicLong();
      List<Throwable> errors = new ArrayList<>();
      List<Thread> threads = new ArrayList<>();
      for (int t = 0; t < 3; t++) {
        Random random = new Random(seed + t);
        threads.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      try {
                        while (!over.get()) {
                          readOnce(hurried, random, read, expired);
                        }
                      } catch (Throwable e) {
                        synchronized (errors) {
                          errors.add(e);
                        }
                      }
                    }));
      }
      Random random = new Random(seed - 1);
      long end = System.nanoTime() + 3_000_000_000L;
      while (System.nanoTime() - end < 0) {
        int by = random.nextInt(100);
        hurried.run(
            "MATCH (n) WITH n, CASE WHEN n:A THEN %d ELSE -%d END AS d SET n.i = n.i + d"
                .formatted(by, by));
      }
      over.set(true);
      for (Thread thread : threads) {
        thread.join();
      }
      assertEquals(List.of(), errors);
      assertTrue(expired.get() > 0 && read.get() > 0, expired + " expired, " + read + " read");
      await(() -> hurried.admin().stats().readers() == 0);
      assertEquals(List.of(), hurried.admin().check().problems());
    }
  }

  private static void readOnce(Quarry db, Random random, AtomicLong read, AtomicLong expired)
      throws InterruptedException {
    ReadTransaction tx = db.beginRead(Lease.of(Duration.ofMillis(1 + random.nextInt(30))));
    try {
      for (int i = random.nextInt(6); i >= 0; i--) {
        switch (random.nextInt(3)) {
          case 0 -> {
            try (Rows rows = tx.query("MATCH (n) RETURN n.i AS i")) {
              long sum = 0;
              while (rows.next()) {
                sum += rows.getLong(0);
              }
              assertEquals(2000, sum);
            }
          }
          case 1 -> {
            long sum = 0;
            PropertyKey key = tx.key("i");
            try (NodeCursor nodes = tx.nodes()) {
              while (nodes.next()) {
                sum += nodes.getLong(key);
              }
            }
            assertEquals(2000, sum);
          }
          default -> {
            try (LongResult components = GraphAlgorithms.over(tx).wcc()) {
              assertEquals(2000, components.size());
              while (components.next()) {
                assertTrue(components.value() <= components.id());
              }
            }
          }
        }
        read.incrementAndGet();
        if (random.nextInt(3) == 0) {
          Thread.sleep(random.nextInt(20)); // parked
        }
      }
    } catch (SnapshotExpiredException e) {
      expired.incrementAndGet();
    }
    if (random.nextBoolean()) { // else it is forgotten
      tx.close();
    }
  }
}
