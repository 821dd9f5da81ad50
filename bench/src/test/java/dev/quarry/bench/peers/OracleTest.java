package dev.quarry.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.bench.peers.kit.DataSet;
import dev.quarry.bench.peers.kit.EdgeArrays;
import dev.quarry.bench.peers.kit.PeerStore.Paths;
import dev.quarry.bench.peers.kit.PeerStore.Ranks;
import dev.quarry.bench.peers.kit.PeerStore.Reach;
import dev.quarry.bench.peers.kit.PeerStore.Sum;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The oracle against the definitions, written as loops over all pairs and triples.
class OracleTest {
  private static final int NODES = 24;
  private static final int BELOW = DataSet.SCORES / 3;

  private final long seed = Long.getLong("seed", System.nanoTime() >>> 20);
  @TempDir private Path folder;

  private final boolean[][] edge = new boolean[NODES][NODES];
  private final int[] group = new int[NODES];
  private final int[] score = new int[NODES];

  private Oracle oracle(SplittableRandom random) throws Exception {
    List<String> nodes = new ArrayList<>();
    List<String> edges = new ArrayList<>();
    int rarity = 8 << random.nextInt(3);
    for (int a = 0; a < NODES; a++) {
      group[a] = random.nextInt(4);
      score[a] = random.nextInt(DataSet.SCORES);
      nodes.add(a + "," + group[a] + "," + score[a]);
      for (int b = 0; b < NODES; b++) {
        edge[a][b] = a != b && random.nextInt(rarity) == 0;
        if (edge[a][b]) {
          edges.add(a + "," + b);
        }
      }
    }
    Files.write(folder.resolve("nodes.csv"), nodes);
    Files.write(folder.resolve("edges.csv"), edges);
    return new Oracle(DataSet.open(folder));
  }

  @Test
  void countsAreThoseOfTheDefinitions() throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    for (int graph = 0; graph < 20; graph++) {
      Oracle oracle = oracle(random);
      String where = "-Dseed=" + seed + ", graph " + graph;
      long all = 0;
      long middle = 0;
      long end = 0;
      long triangles = 0;
      Set<Integer> ends = new HashSet<>();
      TreeMap<Integer, Long> groups = new TreeMap<>();
      for (int a = 0; a < NODES; a++) {
        for (int b = 0; b < NODES; b++) {
          for (int c = 0; c < NODES; c++) {
            if (edge[a][b] && edge[b][c]) {
              all++;
              middle += score[b] < BELOW ? 1 : 0;
              end += score[c] < BELOW ? 1 : 0;
              triangles += edge[a][c] ? 1 : 0;
              ends.add(c);
              groups.merge(group[b], 1L, Long::sum);
            }
          }
        }
      }
      assertEquals(all, oracle.paths(Paths.ALL, BELOW), where);
      assertEquals(middle, oracle.paths(Paths.MIDDLE, BELOW), where);
      assertEquals(end, oracle.paths(Paths.END, BELOW), where);
      assertEquals(ends.size(), oracle.paths(Paths.DISTINCT, BELOW), where);
      assertEquals(triangles, oracle.triangles(), where);
      long weighted =
          groups.entrySet().stream().mapToLong(e -> (e.getKey() + 1) * e.getValue()).sum();
      assertEquals(new Sum(groups.size(), weighted), oracle.pathsByGroup(), where);
      assertWalks(oracle, where);
      assertSums(oracle, where);
      assertRanks(oracle, where);
      assertComponents(oracle, where);
    }
  }

  /// By the matrix of the definition, as rows of what each node hands to each other.
  private void assertRanks(Oracle oracle, String where) {
    double[] ranks = new double[NODES];
    Arrays.fill(ranks, 1.0 / NODES);
    for (int i = 0; i < 10; i++) {
      double[] next = new double[NODES];
      for (int b = 0; b < NODES; b++) {
        next[b] = 0.15 / NODES;
        for (int a = 0; a < NODES; a++) {
          long degree = IntStream.range(0, NODES).filter(neighbours(a)).count();
          double part = degree == 0 ? 1.0 / NODES : edge[a][b] ? 1.0 / degree : 0;
          next[b] += 0.85 * ranks[a] * part;
        }
      }
      ranks = next;
    }
    double squares = 0;
    double known = 0;
    for (int id = 0; id < NODES; id++) {
      squares += ranks[id] * ranks[id];
      known += (id + 1) * ranks[id];
    }
    Ranks found = oracle.pageRank(10);
    assertEquals(1, found.total(), 1e-12, where);
    assertEquals(squares, found.squares(), 1e-12, where);
    assertEquals(known, found.known(), 1e-12, where);
    Ranks onArrays = edgeArrays().pageRank(10);
    assertEquals(1, onArrays.total(), 1e-12, where);
    assertEquals(squares, onArrays.squares(), 1e-12, where);
    assertEquals(known, onArrays.known(), 1e-12, where);
  }

  private IntPredicate neighbours(int node) {
    return other -> edge[node][other];
  }

  private void assertComponents(Oracle oracle, String where) {
    boolean[][] joined = new boolean[NODES][NODES];
    for (int a = 0; a < NODES; a++) {
      for (int b = 0; b < NODES; b++) {
        joined[a][b] = a == b || edge[a][b] || edge[b][a];
      }
    }
    for (int k = 0; k < NODES; k++) {
      for (int a = 0; a < NODES; a++) {
        for (int b = 0; b < NODES; b++) {
          joined[a][b] |= joined[a][k] && joined[k][b];
        }
      }
    }
    long components = Arrays.stream(joined).map(Arrays::toString).distinct().count();
    for (int node = 0; node < NODES; node++) {
      boolean[] with = joined[node];
      long size = IntStream.range(0, NODES).filter(other -> with[other]).count();
      assertEquals(new Sum(components, size), oracle.components(node), where);
      assertEquals(new Sum(components, size), edgeArrays().components(node), where);
    }
  }

  private EdgeArrays edgeArrays() {
    EdgeArrays edges = new EdgeArrays(NODES);
    for (int a = 0; a < NODES; a++) {
      for (int b = 0; b < NODES; b++) {
        if (edge[a][b]) {
          edges.add(a, b);
        }
      }
    }
    return edges;
  }

  private void assertWalks(Oracle oracle, String where) {
    for (int start = 0; start < NODES; start++) {
      Set<Integer> front = Set.of(start);
      Set<Integer> within = new HashSet<>();
      Set<Integer> seen = new HashSet<>(front);
      long distances = 0;
      for (int steps = 1; steps <= NODES; steps++) {
        Set<Integer> next = new HashSet<>();
        for (int a : front) {
          for (int b = 0; b < NODES; b++) {
            if (edge[a][b]) {
              next.add(b);
              distances += seen.add(b) ? steps : 0;
            }
          }
        }
        within.addAll(next);
        front = next;
        if (steps <= 3) {
          assertEquals(front.size(), oracle.hops(start, steps), where);
          assertEquals(within.size(), oracle.within(start, steps), where);
        }
      }
      assertEquals(new Reach(seen.size() - 1, distances), oracle.breadthFirst(start), where);
    }
  }

  private void assertSums(Oracle oracle, String where) {
    long relationships = 0;
    long targets = 0;
    long below = 0;
    long belowSum = 0;
    long weighted = 0;
    long everyOther = 0;
    Set<Integer> groups = new HashSet<>();
    for (int a = 0; a < NODES; a++) {
      for (int b = 0; b < NODES; b++) {
        relationships += edge[a][b] ? 1 : 0;
        targets += edge[a][b] ? b : 0;
      }
      below += score[a] < BELOW ? 1 : 0;
      belowSum += score[a] < BELOW ? score[a] : 0;
      weighted += (group[a] + 1L) * score[a];
      everyOther += a % 2 == 0 ? score[a] : 0;
      groups.add(group[a]);
    }
    assertEquals(new Sum(relationships, targets), oracle.scan(), where);
    assertEquals(relationships, oracle.relationships(), where);
    assertEquals(new Sum(below, belowSum), oracle.filter(BELOW), where);
    assertEquals(new Sum(groups.size(), weighted), oracle.sumByGroup(), where);
    int[] even = IntStream.range(0, NODES / 2).map(i -> 2 * i).toArray();
    assertEquals(everyOther, oracle.lookUp(even), where);
  }

  @Test
  void theDataSetIsSimpleAndItsStartsHaveRelationships() throws Exception {
    DataSet data = Generator.write(9, seed, folder);
    Set<List<Integer>> pairs = new HashSet<>();
    Set<Integer> sources = new HashSet<>();
    int[] lines = {0};
    DataSet.read(
        data.edges(),
        fields -> {
          lines[0]++;
          pairs.add(List.of(fields[0], fields[1]));
          sources.add(fields[0]);
          assertTrue(fields[0] != fields[1], "loop, -Dseed=" + seed);
        });
    assertEquals(lines[0], pairs.size(), "-Dseed=" + seed);
    assertEquals(512, data.nodeCount());
    assertEquals(data, DataSet.open(folder));
    int[] starts = data.starts(100);
    assertEquals(100, starts.length);
    for (int start : starts) {
      assertTrue(sources.contains(start), "start " + start + ", -Dseed=" + seed);
    }
  }
}
