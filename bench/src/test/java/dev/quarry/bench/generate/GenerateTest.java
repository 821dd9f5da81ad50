package dev.quarry.bench.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.graph.LoadPlan;
import dev.quarry.graph.Progress;
import dev.quarry.graph.check.GraphCheck;
import dev.quarry.graph.load.Loader;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.storage.StoreOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Generated graphs are those of their seed, and load without a reject.
class GenerateTest {
  @TempDir Path folder = Path.of("");

  private Map<String, Long> write(String name, String kind, long seed) throws IOException {
    Path target = folder.resolve(name);
    Generate.write(kind, 8, target, seed);
    Map<String, Long> sums = new TreeMap<>();
    try (var files = Files.list(target)) {
      for (Path file : files.toList()) {
        long hash = new String(Files.readAllBytes(file)).hashCode();
        sums.put(String.valueOf(file.getFileName()), hash);
      }
    }
    return sums;
  }

  @ParameterizedTest
  @ValueSource(strings = {"kronecker", "uniform", "clustered", "social"})
  void theSameSeedGivesTheSameGraph(String kind) throws IOException {
    assertEquals(write("a", kind, 7), write("b", kind, 7));
    assertNotEquals(write("c", kind, 8), write("d", kind, 9));
  }

  @Test
  void aGridHasItsEdges() throws IOException {
    write("grid", "grid", 1);
    assertEquals(2 * 16 * 15, Files.readAllLines(folder.resolve("grid/edges.txt")).size());
  }

  @Test
  void aSocialNetworkLoadsAsItIs() throws IOException {
    write("social", "social", 1);
    Path files = folder.resolve("social");
    LoadPlan plan = new LoadPlan();
    for (String label : List.of("Person", "Forum", "Message")) {
      plan = plan.nodes(label, files.resolve(label.toLowerCase(Locale.ROOT) + "s.csv"));
    }
    for (String type :
        List.of("KNOWS", "HAS_MEMBER", "CONTAINS", "CREATED_BY", "REPLY_OF", "LIKES")) {
      String name = type.toLowerCase(Locale.ROOT) + ".csv";
      plan = plan.relationships(type, files.resolve(name));
    }
    try (GraphStore store = GraphStore.inMemory(StoreOptions.defaults())) {
      var report = new Loader(store).load(plan, Progress.NONE);
      assertEquals(0, report.rejected());
      assertEquals(256 + 32 + 1024, report.nodes());
      try (GraphSnapshot snapshot = store.beginRead()) {
        assertEquals(List.of(), GraphCheck.run(snapshot, Progress.NONE).problems());
        assertTrue(snapshot.countRelationships("KNOWS") > 1000);
      }
    }
  }

  @Test
  void aKindThatDoesNotExistIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Generate.write("star", 3, folder, 1));
  }
}
