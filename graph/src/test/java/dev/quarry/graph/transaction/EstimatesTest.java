package dev.quarry.graph.transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.StoreIoException;
import dev.quarry.graph.LoadPlan;
import dev.quarry.graph.Node;
import dev.quarry.graph.NodeCursor;
import dev.quarry.graph.Progress;
import dev.quarry.graph.check.GraphCheck;
import dev.quarry.graph.load.Loader;
import dev.quarry.graph.statistics.ArenaEstimate;
import dev.quarry.graph.statistics.ColumnEstimate;
import dev.quarry.graph.statistics.DegreeEstimate;
import dev.quarry.graph.statistics.Estimates;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.simulation.FaultPlan;
import dev.quarry.storage.simulation.SimDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// When estimates are made, and what is in them (rule S24).
class EstimatesTest {
  private static final Path PATH = Path.of("/sim/e.quarry");

  @TempDir Path folder = Path.of("");
  private final SimDisk disk = new SimDisk();
  private GraphStore store = open(false);

  private GraphStore open(boolean readOnly) {
    StoreOptions options =
        StoreOptions.defaults()
            .withMemory(16 << 20)
            .withNativeMemory(NativeSource.FOREIGN)
            .withDisk(disk);
    return GraphStore.open(PATH, readOnly ? options.withReadOnly(true) : options);
  }

  @AfterEach
  void checkAndClose() {
    try (GraphSnapshot snapshot = store.beginRead()) {
      assertEquals(List.of(), GraphCheck.run(snapshot, Progress.NONE).problems());
    }
    store.close();
    assertEquals(0, store.store().budget().used());
  }

  private Estimates estimates() {
    try (GraphSnapshot snapshot = store.beginRead()) {
      return store.estimates(snapshot);
    }
  }

  private ArenaEstimate ofArena(int arena) {
    return Objects.requireNonNull(estimates().arena(false, arena));
  }

  private ColumnEstimate column(String key) {
    try (GraphSnapshot snapshot = store.beginRead()) {
      return Objects.requireNonNull(ofArena(0).column(snapshot.catalog().key(key)));
    }
  }

  private void create(int from, int to) {
    try (GraphTransaction tx = store.beginWrite()) {
      for (int i = from; i < to; i++) {
        tx.createNode(Set.of("N"), Map.of("i", i));
      }
      tx.commit();
    }
  }

  private void delete(int count) {
    try (GraphTransaction tx = store.beginWrite()) {
      List<Node> nodes = new ArrayList<>();
      try (NodeCursor cursor = tx.nodes("N")) {
        while (nodes.size() < count && cursor.next()) {
          nodes.add(cursor.node());
        }
      }
      nodes.forEach(tx::delete);
      tx.commit();
    }
  }

  private long commitNumber() {
    return store.store().statistics().commitNumber();
  }

  @Test
  void aCheckpointMakesThemAndIsNoCommit() {
    create(0, 100);
    assertNull(estimates().arena(false, 0));
    long commits = commitNumber();
    store.store().checkpoint();
    assertEquals(commits, commitNumber());
    assertEquals(100, ofArena(0).records());
    assertEquals(commits, ofArena(0).commit());
    ColumnEstimate column = column("i");
    assertEquals(100, column.present());
    assertEquals(100, column.distinct(), 3);
    assertEquals(0L, column.least());
    assertEquals(99L, column.greatest());
  }

  @Test
  void aReaderKeepsThoseOfItsSnapshot() {
    create(0, 10);
    try (GraphSnapshot before = store.beginRead()) {
      store.store().checkpoint();
      assertEquals(Estimates.NONE, store.estimates(before));
      assertEquals(10, ofArena(0).records());
      assertEquals(Estimates.NONE, store.estimates(before));
    }
  }

  @Test
  void aCleanCloseMakesThem() {
    create(0, 10);
    store.close();
    store = open(false);
    assertEquals(10, ofArena(0).records());
  }

  @Test
  void anAutomaticCheckpointMakesThem() {
    long before = store.store().statistics().checkpoints();
    for (int i = 0; store.store().statistics().checkpoints() == before; i += 1_000) {
      assertTrue(i < 1_000_000, "no checkpoint");
      create(i, i + 1_000);
    }
    assertNotNull(estimates().arena(false, 0));
  }

  @Test
  void theyAreMadeAnewOnlyWhereCountsMovedByAQuarter() {
    create(0, 100);
    store.store().checkpoint();
    long stamp = estimates().stamp();
    create(100, 125);
    store.store().checkpoint();
    assertEquals(stamp, estimates().stamp());
    assertEquals(100, ofArena(0).records());
    create(125, 126);
    store.store().checkpoint();
    assertEquals(stamp + 1, estimates().stamp());
    assertEquals(126, ofArena(0).records());
  }

  @Test
  void deletesDoNotUndoThem() {
    create(0, 100);
    store.store().checkpoint();
    delete(20);
    assertEquals(0L, column("i").least());
    assertEquals(100, column("i").present());
    store.store().checkpoint();
    assertEquals(0L, column("i").least(), "a fifth fewer is not noticeable");
    delete(20);
    store.store().checkpoint();
    assertEquals(40L, column("i").least());
    assertEquals(60, column("i").present());
  }

  @Test
  void aNewColumnIsLookedAt() {
    create(0, 4);
    store.store().checkpoint();
    try (GraphTransaction tx = store.beginWrite();
        NodeCursor nodes = tx.nodes("N")) {
      assertTrue(nodes.next());
      tx.setProperty(nodes.node(), "born", LocalDate.of(1815, 12, 10));
      tx.commit();
    }
    store.store().checkpoint();
    assertEquals(1, column("born").present());
    assertEquals(LocalDate.of(1815, 12, 10), column("born").greatest());
  }

  @Test
  void textsOfAnyLengthAreCutInExtremes() {
    try (GraphTransaction tx = store.beginWrite()) {
      tx.createNode(Set.of("N"), Map.of("t", "é".repeat(1_000_000)));
      tx.createNode(Set.of("N"), Map.of("t", "abc"));
      tx.createNode(Set.of("N"), Map.of("t", "x" + "é".repeat(40)));
      tx.commit();
    }
    store.store().checkpoint();
    assertEquals("abc", column("t").least());
    assertEquals("é".repeat(16), column("t").greatest());
    assertEquals(3, column("t").distinct());
  }

  @Test
  void degreesLoopsAndParallelsAreFoundInBothDirections() {
    try (GraphTransaction tx = store.beginWrite()) {
      Node hub = tx.createNode(Set.of("H"), Map.of());
      for (int i = 0; i < 20; i++) {
        tx.createRelationship(hub, "R", tx.createNode(Set.of("N"), Map.of()), Map.of());
      }
      tx.createRelationship(hub, "S", hub, Map.of());
      tx.createRelationship(hub, "S", hub, Map.of("w", 1));
      tx.commit();
    }
    store.store().checkpoint();
    DegreeEstimate out = Objects.requireNonNull(ofArena(0).degree(0, true));
    assertEquals(new DegreeEstimate(0, true, 1, 20, 0, false, List.of(0L, 0L, 0L, 0L, 1L)), out);
    DegreeEstimate in = Objects.requireNonNull(ofArena(1).degree(0, false));
    assertEquals(new DegreeEstimate(0, false, 20, 1, 0, false, List.of(20L)), in);
    DegreeEstimate loops = Objects.requireNonNull(ofArena(0).degree(1, true));
    assertEquals(new DegreeEstimate(1, true, 1, 2, 2, true, List.of(0L, 1L)), loops);
    assertEquals(1, Objects.requireNonNull(estimates().arena(true, 1)).records());
  }

  /// Integers of a page without gaps are read together, others one by one.
  @Test
  void integersAreThoseOfRecordsThatLive() {
    create(0, 1_000);
    store.store().checkpoint();
    assertEquals(0L, column("i").least());
    assertEquals(999L, column("i").greatest());
    assertEquals(1_000, column("i").distinct(), 1_000 * 0.05);
    delete(600);
    store.store().checkpoint();
    assertEquals(400, column("i").present());
    assertEquals(600L, column("i").least());
    assertEquals(999L, column("i").greatest());
    assertEquals(400, column("i").distinct(), 400 * 0.05);
  }

  @Test
  void ofALargeArenaASampleIsScaled() throws IOException {
    int nodes = 4 * Estimating.MOST_RECORDS;
    StringBuilder rows = new StringBuilder("id:int,kind:int,half:int\n");
    for (int i = 0; i < nodes; i++) {
      rows.append(i).append(',').append(i % 7).append(',');
      rows.append(i % 2 == 0 ? "" : "1").append('\n');
    }
    Path file = Files.writeString(folder.resolve("nodes.csv"), rows);
    new Loader(store).load(new LoadPlan().nodes("N", file), Progress.NONE);
    assertEquals(nodes, ofArena(0).records());
    assertEquals(commitNumber(), ofArena(0).commit());
    assertEquals(nodes, column("id").distinct(), nodes * 0.75, "all differ");
    assertEquals(nodes, column("id").present());
    assertEquals(7, column("kind").distinct());
    assertEquals(nodes / 2, column("half").present(), nodes * 0.01);
  }

  @Test
  void aReadOnlyStoreShowsThemAndMakesNone() {
    create(0, 10);
    store.close();
    store = open(true);
    assertEquals(10, ofArena(0).records());
  }

  @Test
  void aCheckpointThatFailsLosesNothingAndTheNextOneKeepsWhatItMade() {
    create(0, 10);
    store.store().checkpoint();
    create(10, 100);
    long commits = commitNumber();
    disk.fail(new FaultPlan(FaultPlan.Fault.DISK_FULL, 0, true));
    assertThrows(StoreIoException.class, () -> store.store().checkpoint());
    disk.fail(null);
    assertEquals(commits, commitNumber());
    store.store().checkpoint();
    store.close();
    store = open(false);
    assertEquals(commits, commitNumber());
    assertEquals(100, ofArena(0).records());
  }
}
