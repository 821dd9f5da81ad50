package dev.quarry.graph.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.quarry.graph.LoadPlan;
import dev.quarry.graph.Progress;
import dev.quarry.graph.check.GraphCheck;
import dev.quarry.graph.statistics.ArenaEstimate;
import dev.quarry.graph.statistics.DegreeEstimate;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.simulation.SimDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The degrees that a load estimates, of lists that it wrote and of others, are those of the graph:
/// ids below [#PEOPLE] are of nodes with the label P, the others have Q.
class LoadedDegreesTest {
  private static final int PEOPLE = 1_500;
  private static final int NODES = 2_000;

  @TempDir Path folder = Path.of("");
  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final GraphStore store =
      GraphStore.open(
          Path.of("/x.quarry"),
          StoreOptions.defaults()
              .withMemory(64 << 20)
              .withNativeMemory(NativeSource.FOREIGN)
              .withDisk(new SimDisk()));

  private final List<Pair> pairs = new ArrayList<>();

  private record Pair(String type, int from, int to) {
    int end(boolean outgoing) {
      return outgoing ? from : to;
    }
  }

  @AfterEach
  void checkAndClose() {
    try (GraphSnapshot snapshot = store.beginRead()) {
      assertEquals(List.of(), GraphCheck.run(snapshot, Progress.NONE).problems(), "seed " + seed);
    }
    store.close();
    assertEquals(0, store.store().budget().used(), "seed " + seed);
  }

  @Test
  void areThoseOfAllListsThatWereWritten() throws IOException {
    System.out.println("LoadedDegreesTest -Dseed=" + seed);
    load();
    for (String type : List.of("LISTS", "ROWS", "ONCE", "BOTH", "MIXED")) {
      for (boolean outgoing : new boolean[] {true, false}) {
        agrees("P", type, outgoing);
        agrees("Q", type, outgoing);
      }
    }
  }

  private void load() throws IOException {
    StringBuilder people = new StringBuilder("id:ID(N)\n");
    StringBuilder others = new StringBuilder("id:ID(N)\n");
    for (int i = 0; i < NODES; i++) {
      (i < PEOPLE ? people : others).append(i).append('\n');
    }
    StringBuilder bare = new StringBuilder(":START_ID(N),:END_ID(N),:TYPE\n");
    add(bare, "LISTS", 20_000, PEOPLE, PEOPLE, false);
    add(bare, "ONCE", 9_000, PEOPLE, PEOPLE, true);
    add(bare, "BOTH", 20_000, PEOPLE, NODES, false); // two kinds
    add(bare, "MIXED", 200, PEOPLE, PEOPLE, false); // too few for lists of their own
    StringBuilder rows = new StringBuilder(":START_ID(N),:END_ID(N),:TYPE,w:int\n");
    add(rows, "ROWS", 20_000, PEOPLE, PEOPLE, false);
    new Loader(store)
        .load(
            new LoadPlan()
                .nodes("P", Files.writeString(folder.resolve("p.csv"), people))
                .nodes("Q", Files.writeString(folder.resolve("q.csv"), others))
                .relationships("", Files.writeString(folder.resolve("bare.csv"), bare))
                .relationships("", Files.writeString(folder.resolve("rows.csv"), rows)),
            Progress.NONE);
  }

  /// @param once whether no two join the same nodes, and none is a loop
  private void add(StringBuilder file, String type, int count, int starts, int ends, boolean once) {
    Set<Pair> seen = new HashSet<>();
    for (int i = 0; i < count; i++) {
      int from = random.nextInt(4) == 0 ? random.nextInt(3) : random.nextInt(starts);
      Pair pair = new Pair(type, from, random.nextInt(ends));
      if (once && (!seen.add(pair) || pair.from() == pair.to())) {
        continue;
      }
      pairs.add(pair);
      file.append(from).append(',').append(pair.to()).append(',').append(type);
      file.append(type.equals("ROWS") ? "," + i : "").append('\n');
    }
  }

  private void agrees(String label, String type, boolean outgoing) {
    boolean ofPeople = label.equals("P");
    TreeMap<Integer, Integer> degrees = new TreeMap<>();
    Set<Pair> distinct = new HashSet<>();
    long loops = 0;
    long all = 0;
    for (Pair pair : pairs) {
      if (pair.type().equals(type) && pair.end(outgoing) < PEOPLE == ofPeople) {
        degrees.merge(pair.end(outgoing), 1, Integer::sum);
        loops += pair.from() == pair.to() ? 1 : 0;
        distinct.add(pair);
        all++;
      }
    }
    String where = label + " " + type + " " + outgoing + ", seed " + seed;
    DegreeEstimate found = estimate(label, type, outgoing);
    if (degrees.isEmpty()) {
      assertNull(found, where);
      return;
    }
    assertNotNull(found, where);
    long[] histogram = new long[found.histogram().size()];
    degrees.values().forEach(d -> histogram[31 - Integer.numberOfLeadingZeros(d)]++);
    assertEquals(degrees.size(), found.sources(), where);
    assertEquals(
        degrees.values().stream().max(Integer::compare).orElseThrow(),
        (int) found.maximum(),
        where);
    assertEquals(loops, found.loops(), where);
    assertEquals(distinct.size() < all, found.mayHaveParallels(), where);
    assertEquals(java.util.Arrays.stream(histogram).boxed().toList(), found.histogram(), where);
  }

  private @org.jspecify.annotations.Nullable DegreeEstimate estimate(
      String label, String type, boolean outgoing) {
    try (GraphSnapshot snapshot = store.beginRead()) {
      int token = snapshot.catalog().label(label);
      int arena =
          snapshot.catalog().arenas().stream()
              .filter(one -> one.labels().contains(token))
              .findFirst()
              .orElseThrow()
              .id();
      ArenaEstimate estimate = store.estimates(snapshot).arena(false, arena);
      return Objects.requireNonNull(estimate).degree(snapshot.catalog().type(type), outgoing);
    }
  }
}
