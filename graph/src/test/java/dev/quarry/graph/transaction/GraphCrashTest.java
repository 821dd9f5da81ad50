package dev.quarry.graph.transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.QuarryException;
import dev.quarry.graph.LoadPlan;
import dev.quarry.graph.Node;
import dev.quarry.graph.NodeCursor;
import dev.quarry.graph.Progress;
import dev.quarry.graph.catalog.ConstraintKind;
import dev.quarry.graph.check.GraphCheck;
import dev.quarry.graph.load.Loader;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.simulation.CrashPoint;
import dev.quarry.storage.simulation.CrashStates;
import dev.quarry.storage.simulation.Selection;
import dev.quarry.storage.simulation.SimDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every crash state of creation, commits, a load, a checkpoint and close recovers to a sound graph
/// that holds every acknowledged commit.
class GraphCrashTest {
  private static final Path PATH = Path.of("/sim/g.quarry");

  @TempDir Path folder = Path.of("");
  private final SimDisk disk = new SimDisk().recording();
  private final List<int[]> acknowledged = new ArrayList<>();
  private int commits;
  private int constrained = Integer.MAX_VALUE;
  private int dropping = Integer.MAX_VALUE;
  private int dropped = Integer.MAX_VALUE;
  private int regionMade = Integer.MAX_VALUE;
  private int regionDropping = Integer.MAX_VALUE;
  private int regionDropped = Integer.MAX_VALUE;

  private static StoreOptions options(SimDisk on) {
    return StoreOptions.defaults()
        .withMemory(16 << 20)
        .withNativeMemory(NativeSource.FOREIGN)
        .withDisk(on);
  }

  @Test
  void commitsLoadsCheckpointsAndCloseSurviveEveryCrash() throws IOException {
    StringBuilder edges = new StringBuilder();
    for (int i = 0; i < 400; i++) {
      edges.append(i % 50).append(' ').append(i % 37).append('\n');
    }
    Path file = Files.writeString(folder.resolve("edges.txt"), edges);
    GraphStore store = GraphStore.open(PATH, options(disk));
    commit(store);
    constrain(store);
    commit(store);
    makeARegion(store);
    new Loader(store).load(new LoadPlan().edges("E", "V", file).append(), Progress.NONE);
    acknowledge();
    commit(store);
    store.store().checkpoint();
    dropTheRegion(store);
    commit(store);
    drop(store);
    store.close();
    crashEverywhere();
  }

  /// The number of the next crash point.
  private int now() {
    return disk.point().number();
  }

  /// A unique constraint over what there is, and an index that is dropped by [#drop].
  private void constrain(GraphStore store) {
    try (GraphTransaction tx = store.beginWrite()) {
      SchemaTarget text = SchemaTarget.nodes("N", "text");
      tx.createConstraint("unique", text, ConstraintKind.UNIQUE, List.of(), false);
      tx.createIndex("dropped", SchemaTarget.relationships("AFTER", "w"), false);
      tx.commit();
    }
    constrained = now();
  }

  /// Three nodes in a region, each with a relationship to and from one outside.
  private void makeARegion(GraphStore store) {
    try (GraphTransaction tx = store.beginWrite()) {
      tx.createRegion("region");
      Node outside = tx.createNode(Set.of("Out"), Map.of());
      for (int i = 0; i < 3; i++) {
        Node inside = tx.createNode("region", Set.of("In", "N"), Map.of("text", "inside " + i));
        tx.createRelationship(outside, "INTO", inside, Map.of("w", i));
        tx.createRelationship(inside, "OUT", outside, Map.of());
      }
      tx.commit();
    }
    regionMade = now();
  }

  private void dropTheRegion(GraphStore store) {
    regionDropping = now();
    try (GraphTransaction tx = store.beginWrite()) {
      tx.dropRegion("region");
      tx.commit();
    }
    regionDropped = now();
  }

  /// A region is there with all it holds, or not at all.
  private void verifyRegion(GraphSnapshot snapshot, int count, String where) {
    boolean there = snapshot.regions().contains("region");
    assertTrue(!there || count < regionDropped, where);
    assertTrue(there || count < regionMade || count >= regionDropping, where);
    assertEquals(there ? 3 : 0, count(snapshot, "In"), where);
    assertEquals(there ? 3 : 0, snapshot.countRelationships("INTO"), where);
    assertEquals(there ? 3 : 0, snapshot.countRelationships("OUT"), where);
  }

  private void drop(GraphStore store) {
    dropping = now();
    try (GraphTransaction tx = store.beginWrite()) {
      tx.dropIndex("dropped", false);
      tx.commit();
    }
    dropped = now();
  }

  /// One node and its relationship to every node before it.
  private void commit(GraphStore store) {
    try (GraphTransaction tx = store.beginWrite()) {
      List<Node> before = new ArrayList<>();
      try (NodeCursor nodes = tx.nodes("N")) {
        while (nodes.next()) {
          if (tx.region(nodes.node()).isEmpty()) {
            before.add(nodes.node());
          }
        }
      }
      Node node =
          tx.createNode(
              Set.of("N"), Map.of("text", "a text that is too long for a cell " + commits));
      for (Node other : before) {
        tx.createRelationship(node, "AFTER", other, before.size() > 1 ? Map.of("w", 1) : Map.of());
      }
      tx.commit();
    }
    acknowledge();
  }

  private void acknowledge() {
    commits++;
    acknowledged.add(new int[] {now(), commits});
  }

  private void crashEverywhere() {
    int[] images = new int[1];
    for (CrashPoint point : disk.points()) {
      CrashStates.of(
          point,
          point.number(),
          120,
          5,
          selection -> {
            recover(point, selection);
            return ++images[0] > 0;
          });
    }
    assertTrue(images[0] > 500, "only " + images[0] + " crash states");
  }

  private void recover(CrashPoint point, Selection selection) {
    SimDisk crashed = point.image(selection, 1);
    int count = point.number();
    String where = "at point " + count + ", " + selection.describe(point);
    int least = 0;
    for (int[] one : acknowledged) {
      least = one[0] <= count ? one[1] : least;
    }
    if (!crashed.exists(PATH)) {
      assertEquals(0, least, where);
      return;
    }
    try (GraphStore store = GraphStore.open(PATH, options(crashed));
        GraphSnapshot snapshot = store.beginRead()) {
      verifyRegion(snapshot, count, where);
      long nodes = count(snapshot, "N") - count(snapshot, "In");
      long loaded = snapshot.countRelationships("E");
      assertTrue(loaded == 0 || loaded == 400, where + ": " + loaded + " edges");
      long found = nodes + (loaded > 0 ? 1 : 0);
      assertTrue(nodes <= 2 || loaded > 0, where + ": a later commit without the load");
      assertTrue(found >= least, where + ": " + found + " commits of " + least);
      boolean unique = snapshot.catalog().constraint("unique") != null;
      boolean index = snapshot.catalog().index("dropped") != null;
      assertTrue(unique || count < constrained && nodes < 2, where);
      assertTrue(!index || unique && count < dropped, where);
      assertTrue(index || count < constrained || count >= dropping, where);
      assertEquals(nodes * (nodes - 1) / 2, snapshot.countRelationships("AFTER"), where);
      assertEquals(List.of(), GraphCheck.run(snapshot, Progress.NONE).problems(), where);
    } catch (QuarryException e) {
      throw new AssertionError(where, e);
    }
  }

  private static long count(GraphSnapshot snapshot, String label) {
    int token = snapshot.catalog().label(label);
    return token < 0 ? 0 : snapshot.counts().nodes(token);
  }
}
