package dev.quarry.bench;

import dev.quarry.graph.Node;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.graph.transaction.GraphTransaction;
import dev.quarry.storage.StoreOptions;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/// A lone durable commit of one relationship against a bare loop of write and barrier.
///
/// The rival writes 256 bytes, about what such a commit logs, to a file that was filled with zeros
/// and forced before, and calls `force(false)`: less than this no engine can do. One thread, random
/// ends among 10,000 nodes, after 30,000 such commits in memory.
final class CommitBenchmark {
  private static final int NODES = 10_000;
  private static final int COMMITS = 200;
  private static final int WARM_ROUNDS = 150;
  private static final int RECORD = 256;
  private static final int RAW_BYTES = 16 << 20;

  private CommitBenchmark() {}

  static String run(int rounds) throws Exception {
    Path folder = Files.createTempDirectory("quarry-bench");
    try (GraphStore graph =
            GraphStore.open(folder.resolve("commit.quarry"), StoreOptions.defaults());
        FileChannel raw =
            FileChannel.open(
                folder.resolve("raw"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      warmUp();
      List<Node> nodes = nodes(graph);
      Random random = new Random(1);
      for (int at = 0; at < RAW_BYTES; at += 1 << 16) {
        raw.write(ByteBuffer.allocate(1 << 16), at);
      }
      raw.force(true);
      int[] position = new int[1];
      return Interleaved.compare(
          "lone commit of a relationship / raw write and barrier (µs)",
          () -> commits(graph, nodes, random),
          () -> barriers(raw, position),
          rounds);
    } finally {
      try (var files = Files.walk(folder)) {
        for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /// The same commits without a file, so that the code is compiled: a barrier would make that long.
  private static void warmUp() {
    try (GraphStore graph = GraphStore.inMemory(StoreOptions.defaults())) {
      List<Node> nodes = nodes(graph);
      Random random = new Random(2);
      for (int round = 0; round < WARM_ROUNDS; round++) {
        commits(graph, nodes, random);
      }
    }
  }

  private static List<Node> nodes(GraphStore graph) {
    List<Node> nodes = new ArrayList<>();
    GraphTransaction tx = graph.beginWrite();
    for (int i = 0; i < NODES; i++) {
      nodes.add(tx.createNode(Set.of("Person"), Map.of("number", i)));
    }
    tx.commit();
    return nodes;
  }

  private static double commits(GraphStore graph, List<Node> nodes, Random random) {
    long start = System.nanoTime();
    for (int i = 0; i < COMMITS; i++) {
      GraphTransaction tx = graph.beginWrite();
      tx.createRelationship(
          nodes.get(random.nextInt(NODES)), "KNOWS", nodes.get(random.nextInt(NODES)), Map.of());
      tx.commit();
    }
    return (System.nanoTime() - start) / (double) COMMITS;
  }

  private static double barriers(FileChannel raw, int[] position) throws Exception {
    ByteBuffer record = ByteBuffer.allocateDirect(RECORD);
    long start = System.nanoTime();
    for (int i = 0; i < COMMITS; i++) {
      raw.write(record.clear(), position[0]);
      raw.force(false);
      position[0] = (position[0] + RECORD) % (RAW_BYTES - RECORD);
    }
    return (System.nanoTime() - start) / (double) COMMITS;
  }
}
