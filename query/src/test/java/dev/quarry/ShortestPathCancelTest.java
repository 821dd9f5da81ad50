package dev.quarry;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.CancelledException;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.graph.transaction.GraphTransaction;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.io.Clock;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// A search that goes on for long, in one row, looks whether somebody wants it to end.
class ShortestPathCancelTest {
  private static final int LEAVES = 70_000;

  /// The steps of a search between two looks.
  private static final int MOST_STEPS = 1 << 16;

  private @Nullable RowsOfRun running;
  private int readings;

  /// Cancels what is running at its first reading.
  private final class CancellingClock implements Clock {
    @Override
    public long nanoTime() {
      return System.nanoTime();
    }

    @Override
    public Instant instant() {
      RowsOfRun rows = running;
      if (rows != null) {
        readings++;
        rows.cancel();
      }
      return Instant.EPOCH;
    }
  }

  @Test
  void aSearchEndsWithinItsStepsAfterACancel() {
    StoreOptions options = StoreOptions.defaults().withClock(new CancellingClock());
    try (GraphStore store = GraphStore.inMemory(options)) {
      Engine engine = new Engine(store);
      try (GraphTransaction tx = store.beginWrite()) {
        String star =
            "CREATE (h:Hub)-[:T]->(:Leaf), (:End)<-[:T]-(:Leaf) WITH h UNWIND range(2, "
                + LEAVES
                + ") AS i CREATE (h)-[:T {i: i}]->(:Leaf)";
        try (RowsOfRun rows =
            engine.run(PreparedQuery.of(star), Map.of(), QueryOptions.DEFAULT, tx, tx)) {
          rows.complete();
        }
        tx.commit();
      }
      try (GraphSnapshot snapshot = store.beginRead()) {
        String search =
            "MATCH (h:Hub), (e:End) MATCH p = shortestPath((h)-[*]-(e))"
                + " WHERE all(n IN nodes(p) WHERE datetime.realtime() IS NOT NULL) RETURN p";
        try (RowsOfRun rows =
            engine.run(PreparedQuery.of(search), Map.of(), QueryOptions.DEFAULT, snapshot, null)) {
          running = rows;
          assertThrows(CancelledException.class, rows::next);
          assertTrue(readings > 2, "the search began: " + readings);
          assertTrue(readings <= MOST_STEPS + 2, "it went on: " + readings);
        }
        running = null;
      }
    }
  }
}
