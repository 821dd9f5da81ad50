package dev.quarry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.QuarryException;
import dev.quarry.error.StoreIoException;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.simulation.CrashPoint;
import dev.quarry.storage.simulation.FaultPlan;
import dev.quarry.storage.simulation.Selection;
import dev.quarry.storage.simulation.SimDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Work that is submitted is done in order, each in a transaction of its own, and its future is
/// complete when that is durable.
@Timeout(60)
class SubmitTest {
  private static final Path PATH = Path.of("/simulated/submitted.quarry");
  private static final OpenOptions NARROW = OpenOptions.defaults().withSubmissions(1);

  @TempDir private Path folder;
  private final CountDownLatch goOn = new CountDownLatch(1);
  private GraphStore store;
  private Quarry db;

  @BeforeEach
  void open() {
    open(OpenOptions.defaults());
  }

  private void open(OpenOptions options) {
    store = GraphStore.open(folder.resolve("submitted.quarry"), StoreOptions.defaults());
    db = new Quarry(store, options);
  }

  private static Quarry open(SimDisk disk) {
    return new Quarry(
        GraphStore.open(PATH, StoreOptions.defaults().withDisk(disk)), OpenOptions.defaults());
  }

  @AfterEach
  void checkAndClose() {
    goOn.countDown();
    assertEquals(List.of(), db.admin().check().problems());
    db.close();
    assertEquals(0, store.store().budget().used());
  }

  private void reopen(OpenOptions options) {
    db.close();
    open(options);
  }

  private CompletableFuture<Boolean> submitNode(long number) {
    return submitNode(db, number);
  }

  private static CompletableFuture<Boolean> submitNode(Quarry to, long number) {
    return to.submit(
        tx -> {
          tx.createNode(Set.of("Person"), Map.of("number", number));
          return true;
        });
  }

  private List<Object> numbers() {
    return numbers(db);
  }

  private static List<Object> numbers(Quarry of) {
    Answer answer = of.run("MATCH (p:Person) RETURN p.number AS n ORDER BY n");
    return answer.rows().stream().map(row -> row.get("n")).toList();
  }

  private static List<Object> numbersOf(WriteTransaction tx) {
    try (Rows rows = tx.query("MATCH (p:Person) RETURN p.number AS n ORDER BY n")) {
      return rows.toList().stream().map(row -> row.get("n")).toList();
    }
  }

  private static List<Object> upTo(long end) {
    return LongStream.range(0, end).mapToObj(i -> (Object) i).toList();
  }

  /// Keeps the store's thread busy until [#goOn] opens.
  private CompletableFuture<Boolean> submitWait() throws InterruptedException {
    return submitWait(db, goOn);
  }

  private static CompletableFuture<Boolean> submitWait(Quarry to, CountDownLatch goOn)
      throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CompletableFuture<Boolean> waits =
        to.submit(
            tx -> {
              begun.countDown();
              goOn.await();
              return true;
            });
    begun.await();
    return waits;
  }

  /// How many commits 20 submissions are that wait at the same time.
  private static long commitsOf20(Quarry of) throws InterruptedException {
    long before = commits(of);
    CountDownLatch opens = new CountDownLatch(1);
    CompletableFuture<Boolean> waits = submitWait(of, opens);
    List<CompletableFuture<Boolean>> all =
        LongStream.range(0, 20).mapToObj(i -> submitNode(of, 1000 + i)).toList();
    opens.countDown();
    waits.join();
    all.forEach(CompletableFuture::join);
    return commits(of) - before;
  }

  private static long commits(Quarry of) {
    try (ReadTransaction tx = of.beginRead()) {
      return tx.commitNumber();
    }
  }

  private static Throwable failureOf(CompletableFuture<?> future) {
    return assertThrows(CompletionException.class, future::join).getCause();
  }

  @Test
  void workIsDoneInTheOrderOfSubmitting() {
    List<CompletableFuture<Long>> counts = new ArrayList<>();
    for (long i = 0; i < 300; i++) {
      long number = i;
      counts.add(
          db.submit(
              tx -> {
                tx.createNode(Set.of("Person"), Map.of("number", number));
                try (Rows rows = tx.query("MATCH (p:Person) RETURN count(p) AS c")) {
                  return (Long) rows.toList().getFirst().get("c");
                }
              }));
    }
    for (int i = 0; i < counts.size(); i++) {
      assertEquals(i + 1L, counts.get(i).join());
    }
    assertEquals(upTo(300), numbers());
  }

  @Test
  void whatIsCompleteSurvivesALossOfPower() {
    SimDisk disk = new SimDisk();
    try (Quarry simulated = open(disk)) {
      for (long i = 0; i < 50; i++) {
        assertTrue(submitNode(simulated, i).join());
        CrashPoint now = disk.point();
        BitSet all = new BitSet();
        all.set(0, now.size());
        try (Quarry after = open(now.image(new Selection(all, -1), 1))) {
          assertEquals(upTo(i + 1), numbers(after));
        }
      }
    }
  }

  @Test
  void workThatThrowsIsTakenBackAlone() {
    CompletableFuture<Boolean> before = submitNode(0);
    CompletableFuture<Boolean> fails =
        db.submit(
            tx -> {
              tx.createNode(Set.of("Person"), Map.of("number", 99));
              throw new IOException("it is Tuesday");
            });
    CompletableFuture<Boolean> after = submitNode(1);
    assertTrue(before.join());
    assertTrue(after.join());
    assertEquals(
        "it is Tuesday", assertInstanceOf(IOException.class, failureOf(fails)).getMessage());
    assertEquals(upTo(2), numbers());
  }

  @Test
  void manyCallersShareBarriersWithThoseThatWriteThemselves() throws InterruptedException {
    List<Thread> callers =
        IntStream.range(0, 24)
            .mapToObj(
                caller ->
                    (caller % 2 == 0 ? Thread.ofVirtual() : Thread.ofPlatform())
                        .start(
                            () -> {
                              for (int i = 0; i < 20; i++) {
                                long number = caller * 20L + i;
                                if (caller % 3 == 0) {
                                  db.update(
                                      tx ->
                                          tx.createNode(
                                              Set.of("Person"), Map.of("number", number)));
                                } else {
                                  submitNode(number).join();
                                }
                              }
                            }))
            .toList();
    for (Thread caller : callers) {
      caller.join();
    }
    assertEquals(upTo(480), numbers());
  }

  @Test
  void cancelledWorkDoesNotBegin() throws InterruptedException {
    CompletableFuture<Boolean> waits = submitWait();
    CompletableFuture<Boolean> cancelled = submitNode(7);
    CompletableFuture<Boolean> stays = submitNode(0);
    assertTrue(cancelled.cancel(false));
    goOn.countDown();
    assertTrue(waits.join());
    assertTrue(stays.join());
    assertEquals(upTo(1), numbers());
  }

  @Test
  void aFailedBarrierFailsAllThatWaitForIt() {
    SimDisk disk = new SimDisk();
    try (Quarry simulated = open(disk)) {
      assertTrue(submitNode(simulated, 0).join());
      disk.fail(new FaultPlan(FaultPlan.Fault.FORCE_FAILS, 0, false));
      List<CompletableFuture<Boolean>> both =
          List.of(submitNode(simulated, 1), submitNode(simulated, 2));
      for (CompletableFuture<Boolean> future : both) {
        StoreIoException error = assertInstanceOf(StoreIoException.class, failureOf(future));
        assertEquals(ErrorCode.STORE_POISONED, error.code());
      }
      assertEquals(upTo(1), numbers(simulated));
    }
  }

  @Test
  void whatWaitsSharesCommitsUnlessTheDiskHasFailedLately() throws InterruptedException {
    SimDisk disk = new SimDisk();
    try (Quarry simulated = open(disk)) {
      assertTrue(submitNode(simulated, 0).join());
      assertTrue(commitsOf20(simulated) < 20);
      disk.fail(new FaultPlan(FaultPlan.Fault.DISK_FULL, 0, false));
      StoreIoException error =
          assertInstanceOf(StoreIoException.class, failureOf(submitNode(simulated, 1)));
      assertEquals(ErrorCode.STORE_DISK_FULL, error.code());
      disk.fail(null);
      assertEquals(20, commitsOf20(simulated));
    }
  }

  @Test
  void workThatOnlyReadsHearsOfNothingThatIsNotDurable() {
    SimDisk disk = new SimDisk();
    try (Quarry simulated = open(disk)) {
      assertTrue(submitNode(simulated, 0).join());
      disk.fail(new FaultPlan(FaultPlan.Fault.FORCE_FAILS, 0, false));
      submitNode(simulated, 1);
      CompletableFuture<List<Object>> reads = simulated.submit(SubmitTest::numbersOf);
      assertInstanceOf(StoreIoException.class, failureOf(reads));
    }
  }

  @Test
  void whoSubmitsWaitsWhileThereIsNoRoom() throws InterruptedException {
    reopen(NARROW);
    CompletableFuture<Boolean> waits = submitWait();
    AtomicBoolean entered = new AtomicBoolean();
    Thread other =
        Thread.ofPlatform()
            .start(
                () -> {
                  CompletableFuture<Boolean> node = submitNode(0);
                  entered.set(true);
                  node.join();
                });
    while (other.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
    assertFalse(entered.get());
    goOn.countDown();
    other.join();
    assertTrue(waits.join());
    assertEquals(upTo(1), numbers());
  }

  @Test
  void submittedWorkAndWhatDependsOnItSubmitWithoutWaitingForRoom() {
    reopen(NARROW);
    CompletableFuture<Boolean> inner = new CompletableFuture<>();
    CompletableFuture<Boolean> chain =
        db.submit(
                tx -> {
                  submitNode(0).thenAccept(inner::complete);
                  return true;
                })
            .thenCompose(done -> submitNode(1));
    assertTrue(chain.join());
    assertTrue(inner.join());
    assertEquals(upTo(2), numbers());
  }

  @Test
  void closingWaitsForWhatWasSubmitted() throws InterruptedException {
    CompletableFuture<Boolean> waits = submitWait();
    List<CompletableFuture<Boolean>> all =
        LongStream.range(0, 40).mapToObj(this::submitNode).toList();
    Thread closing = Thread.currentThread();
    Thread.ofPlatform()
        .start(
            () -> {
              while (closing.getState() != Thread.State.WAITING) {
                Thread.onSpinWait();
              }
              goOn.countDown();
            });
    reopen(OpenOptions.defaults());
    assertTrue(waits.isDone());
    assertTrue(all.stream().allMatch(CompletableFuture::isDone));
    assertEquals(upTo(40), numbers());
  }

  @Test
  void whatIsSubmittedToAClosedStoreFails() {
    Quarry closed = db;
    reopen(OpenOptions.defaults());
    QuarryException error =
        assertInstanceOf(QuarryException.class, failureOf(closed.submit(tx -> true)));
    assertEquals(ErrorCode.STORE_CLOSED, error.code());
  }

  @Test
  void anInterruptInOneWorkDoesNotReachTheNext() {
    db.submit(
        tx -> {
          Thread.currentThread().interrupt();
          return true;
        });
    assertFalse(db.submit(tx -> Thread.currentThread().isInterrupted()).join());
  }

  @Test
  void checkpointsThatSubmittedWorkMakesDueAreWritten() {
    OpenOptions small = OpenOptions.defaults().withMemory(OpenOptions.LEAST_MEMORY);
    try (Quarry file = Quarry.open(folder.resolve("small.quarry"), small)) {
      Random random = new Random(1);
      List<CompletableFuture<Boolean>> all = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        byte[] bytes = new byte[20_000];
        random.nextBytes(bytes);
        all.add(
            file.submit(
                tx -> {
                  tx.createNode(Set.of("Blob"), Map.of("bytes", bytes));
                  return true;
                }));
      }
      all.forEach(CompletableFuture::join);
      assertTrue(file.admin().stats().logBytes() < 4 << 20);
      assertEquals(List.of(), file.admin().check().problems());
      assertEquals(
          400L, file.run("MATCH (b:Blob) RETURN count(b) AS c").rows().getFirst().get("c"));
    }
  }

  @Test
  void thereMustBeRoomForSomething() {
    OpenOptions options = OpenOptions.defaults();
    assertThrows(IllegalArgumentException.class, () -> options.withSubmissions(0));
  }
}
