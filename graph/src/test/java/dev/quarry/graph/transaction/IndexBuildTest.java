package dev.quarry.graph.transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.graph.LoadPlan;
import dev.quarry.graph.Progress;
import dev.quarry.graph.check.GraphCheck;
import dev.quarry.graph.load.Loader;
import dev.quarry.storage.StoreOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An index is right whether it is built at once or of many runs, as where memory is scarce.
class IndexBuildTest {
  @TempDir Path folder = Path.of("");
  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);

  /// Integers in no order, some of them missing or of another kind; texts that begin alike; values
  /// that repeat.
  private Path file(int rows) throws IOException {
    StringBuilder text = new StringBuilder("id:ID{string},n:int,half:double,name,few:int\n");
    for (int i = 0; i < rows; i++) {
      text.append(i).append(',');
      text.append(random.nextInt(10) == 0 ? "" : random.nextLong()).append(',');
      text.append(random.nextInt(rows) / 2.0).append(',');
      text.append("beginning ").append(random.nextInt(rows)).append(',');
      text.append(random.nextInt(3)).append('\n');
    }
    return Files.writeString(folder.resolve("a.csv"), text);
  }

  private void assertBuilds(long memory, int rows) throws IOException {
    StoreOptions options = StoreOptions.defaults().withMemory(memory);
    Path path = folder.resolve("x" + memory + ".quarry");
    try (GraphStore store = GraphStore.open(path, options)) {
      new Loader(store).load(new LoadPlan().nodes("A", file(rows)), Progress.NONE);
      try (GraphTransaction tx = store.beginWrite()) {
        tx.setProperty(tx.findNode("A", "id", "7").orElseThrow(), "n", 1.5);
        tx.createNode(java.util.Set.of("A", "B"), java.util.Map.of("n", 5L, "few", "x"));
        tx.commit();
      }
      for (String key : List.of("n", "half", "name", "few")) {
        try (GraphTransaction tx = store.beginWrite()) {
          assertTrue(tx.createIndex(key, SchemaTarget.nodes("A", key), false));
          tx.commit();
        }
      }
      try (GraphSnapshot snapshot = store.beginRead()) {
        // Compares every entry with its record, and counts both.
        assertEquals(List.of(), GraphCheck.run(snapshot, Progress.NONE).problems(), "seed " + seed);
        assertEquals("7", snapshot.property(snapshot.findNode("A", "n", 1.5).orElseThrow(), "id"));
        assertTrue(snapshot.findNode("B", "few", "x").isPresent());
      }
      store.close();
      assertEquals(0, store.store().budget().used());
    }
  }

  @Test
  void allEntriesAreBuiltAtOnce() throws IOException {
    assertBuilds(64 << 20, 20_000);
  }

  @Test
  void littleMemoryTakesManyRuns() throws IOException {
    assertBuilds(8 << 20, 60_000);
  }
}
