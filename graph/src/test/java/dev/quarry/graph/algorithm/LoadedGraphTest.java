package dev.quarry.graph.algorithm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quarry.graph.Direction;
import dev.quarry.graph.LoadPlan;
import dev.quarry.graph.Node;
import dev.quarry.graph.Progress;
import dev.quarry.graph.compact.Compaction;
import dev.quarry.graph.hash.GraphHash;
import dev.quarry.graph.load.Loader;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.graph.transaction.GraphTransaction;
import dev.quarry.storage.StoreOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Algorithms over lists as a load leaves them, some of them changed since, and over the same when
/// they are packed, agree with naive ones.
class LoadedGraphTest {
  private static final int NODES = 3_000;

  @TempDir Path folder = Path.of("");
  private final long seed = Long.getLong("seed", System.nanoTime());

  @AfterEach
  void restore() {
    System.clearProperty("quarry.kernelGrain");
  }

  @Test
  void aLoadedGraphThatChangedAgrees() throws IOException {
    Random random = new Random(seed);
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      int hub = random.nextInt(4) == 0 ? 0 : random.nextInt(NODES);
      lines.add(hub + "\t" + random.nextInt(NODES));
    }
    GraphStore store = loadedAndChanged(lines, random);
    GraphHash.Result before = hash(store);
    Compaction.run(store, true, Runnable::run, () -> false, Progress.NONE);
    assertEquals(before, hash(store), "seed " + seed);
    compare(store);
    close(store);
  }

  private GraphStore loadedAndChanged(List<String> lines, Random random) throws IOException {
    Path file = Files.write(folder.resolve("edges.txt"), lines);
    StoreOptions options = StoreOptions.defaults().withMemory(64 << 20);
    GraphStore store = GraphStore.open(folder.resolve("loaded.quarry"), options);
    new Loader(store).load(new LoadPlan().edges("E", "V", file), Progress.NONE);
    compare(store);
    change(store, random);
    compare(store);
    return store;
  }

  private static void close(GraphStore store) {
    store.close();
    assertEquals(0, store.store().budget().used());
  }

  /// So components are found by hooks, see [dev.quarry.graph.kernel.Components].
  @Test
  void aGraphWhoseHubsHaveTheFirstPositionsAgrees() throws IOException {
    System.setProperty("quarry.kernelGrain", "1"); // so that there is work for several threads
    Random random = new Random(seed);
    List<String> lines = new ArrayList<>(List.of("0\t1"));
    for (int i = 2; i < NODES; i++) {
      int hub = random.nextInt(50) == 0 ? random.nextInt(i) : random.nextInt(2);
      boolean out = random.nextBoolean();
      lines.add(out ? hub + "\t" + i : i + "\t" + hub);
    }
    for (int i = NODES; i < NODES + 200; i++) { // a component whose hub has the last position
      lines.add(i + "\t" + i);
    }
    for (int i = NODES; i < NODES + 200; i++) {
      lines.add(NODES + 200 + "\t" + i);
    }
    close(loadedAndChanged(lines, random));
  }

  private static GraphHash.Result hash(GraphStore store) {
    try (GraphSnapshot snapshot = store.beginRead()) {
      return GraphHash.run(snapshot, store.store(), Progress.NONE);
    }
  }

  /// Relationships to and from each twentieth node, some with properties.
  private static void change(GraphStore store, Random random) {
    try (GraphTransaction tx = store.beginWrite()) {
      List<Node> nodes = new ArrayList<>();
      try (var all = tx.nodes()) {
        while (all.next()) {
          nodes.add(all.node());
        }
      }
      for (int i = 0; i < nodes.size(); i += 20) {
        Node other = nodes.get(random.nextInt(nodes.size()));
        Map<String, Object> properties = random.nextBoolean() ? Map.of() : Map.of("w", 2.5);
        tx.createRelationship(nodes.get(i), "E", other, properties);
      }
      tx.commit();
    }
  }

  private void compare(GraphStore store) {
    try (GraphSnapshot snapshot = store.beginRead()) {
      NaiveGraph naive = naive(snapshot);
      for (Direction direction : Direction.values()) {
        GraphAlgorithms fast =
            GraphAlgorithms.over(snapshot, AlgorithmOptions.defaults().withDirection(direction));
        String about = "seed " + seed + ", " + direction;
        long source = naive.nodes().iterator().next();
        Map<Long, Long> depths = naive.bfs(source, direction);
        try (LongResult found = fast.bfs(snapshot.handle(source));
            DoubleResult ranks = fast.pageRank(0.85, 3, 0)) {
          Map<Long, Double> expected = naive.pageRank(direction, 0.85, 3);
          while (found.next() & ranks.next()) {
            assertEquals(depths.getOrDefault(found.id(), -1L), found.value(), about);
            assertEquals(expected.get(ranks.id()), ranks.value(), 1e-12, about);
          }
        }
        assertEquals(new TreeMap<>(naive.wcc()), longs(fast.wcc()), about);
        assertEquals(new TreeMap<>(naive.cdlp(2)), longs(fast.cdlp(2)), about);
      }
      assertEquals(naive.triangles(), GraphAlgorithms.over(snapshot).triangleCount());
    }
  }

  private static Map<Long, Long> longs(LongResult result) {
    Map<Long, Long> values = new TreeMap<>();
    try (result) {
      while (result.next()) {
        values.put(result.id(), result.value());
      }
    }
    return values;
  }

  /// The graph, by its cursors.
  private static NaiveGraph naive(GraphSnapshot snapshot) {
    NaiveGraph naive = new NaiveGraph();
    List<NaiveGraph.Edge> edges = new ArrayList<>();
    try (var nodes = snapshot.nodes()) {
      while (nodes.next()) {
        naive.addNode(nodes.id());
        try (var out = snapshot.relationships(nodes.node(), Direction.OUTGOING)) {
          while (out.next()) {
            edges.add(new NaiveGraph.Edge(nodes.id(), out.neighbour(), null));
          }
        }
      }
    }
    edges.forEach(naive::addEdge);
    return naive;
  }
}
