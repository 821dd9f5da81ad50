package dev.quarry.graph.transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.graph.Direction;
import dev.quarry.graph.Node;
import dev.quarry.graph.NodeCursor;
import dev.quarry.graph.PropertyKey;
import dev.quarry.storage.StoreOptions;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A process that is killed while it commits loses no commit that it acknowledged.
///
/// The child commits numbered nodes, each with a relationship to itself, and prints the number once
/// the commit has returned. How many rounds: `-Dkills=N`, 100 by default, shared by two stores at
/// the same time.
class KilledTest {
  private static final int STORES = 2;

  @TempDir Path folder = Path.of("");
  private final long seed = Long.getLong("seed", System.nanoTime());

  @Test
  void noAcknowledgedCommitIsLost() throws Exception {
    int rounds = Integer.getInteger("kills", 100) / STORES;
    List<Callable<Void>> work = new ArrayList<>();
    for (int store = 0; store < STORES; store++) {
      Path path = folder.resolve("killed-" + store + ".quarry");
      Random random = new Random(seed + store);
      work.add(() -> killAgainAndAgain(path, random, rounds));
    }
    try (ExecutorService threads = Executors.newFixedThreadPool(STORES)) {
      for (Future<Void> one : threads.invokeAll(work)) {
        one.get();
      }
    }
  }

  private @Nullable Void killAgainAndAgain(Path path, Random random, int rounds) throws Exception {
    long acknowledged = 0;
    for (int round = 0; round < rounds; round++) {
      acknowledged = Math.max(acknowledged, kill(path, random));
      try (GraphStore graph = GraphStore.open(path, StoreOptions.defaults())) {
        long found = verify(graph);
        String where = "seed " + seed + ", " + path.getFileName() + ", round " + round;
        assertTrue(found >= acknowledged, where + ": " + found + " of " + acknowledged);
      }
    }
    assertTrue(acknowledged > rounds, "only " + acknowledged + " commits, seed " + seed);
    return null;
  }

  private static long kill(Path path, Random random) throws Exception {
    Process child =
        Children.java(
                List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"),
                Committer.class,
                path.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    long last = 0;
    int most = 1 + random.nextInt(30);
    try (BufferedReader acks =
        new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
      for (int i = 0; i < most; i++) {
        String line = acks.readLine();
        if (line == null) {
          break;
        }
        last = Long.parseLong(line);
      }
      long until = System.nanoTime() + random.nextInt(3_000_000);
      while (System.nanoTime() < until) {
        Thread.onSpinWait();
      }
      child.toHandle().destroyForcibly(); // not the process: that would close its output
      child.waitFor();
      for (String line = acks.readLine(); line != null && !line.isEmpty(); line = acks.readLine()) {
        last = Math.max(last, Long.parseLong(line));
      }
    }
    return last;
  }

  /// All numbers from 1 on are there, each once; returns the highest.
  private static long verify(GraphStore graph) {
    long count = 0;
    long highest = 0;
    try (GraphSnapshot snapshot = graph.beginRead();
        NodeCursor nodes = snapshot.nodes("N")) {
      PropertyKey number = snapshot.key("number");
      while (nodes.next()) {
        count++;
        highest = Math.max(highest, nodes.getLong(number));
        assertEquals(1, snapshot.degree(nodes.node(), Direction.BOTH));
      }
      assertEquals(count, highest);
      assertEquals(count, snapshot.countRelationships("SELF"));
      assertEquals(
          List.of(),
          dev.quarry.graph.check.GraphCheck.run(snapshot, dev.quarry.graph.Progress.NONE)
              .problems());
    }
    return highest;
  }

  /// Commits one numbered node after another.
  static final class Committer {
    public static void main(String[] args) {
      GraphStore graph = GraphStore.open(Path.of(args[0]), StoreOptions.defaults());
      long number = verify(graph);
      while (true) {
        number++;
        GraphTransaction tx = graph.beginWrite();
        Node node = tx.createNode(Set.of("N"), Map.of("number", number));
        tx.createRelationship(node, "SELF", node, Map.of());
        tx.commit();
        System.out.println(number);
        if (number % 37 == 0) {
          graph.store().checkpoint();
        }
      }
    }
  }
}
