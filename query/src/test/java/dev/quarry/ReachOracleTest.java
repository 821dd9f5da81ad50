package dev.quarry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quarry.graph.Node;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Where walks lead in graphs of some thousand nodes, against a search over arrays (rule S20). Of
/// the start it is asked for each of its relationships how long the way back is without that one.
///
/// The seed is printed; `-Dseed=N` runs the same again.
class ReachOracleTest {
  private static final int FAR = Integer.MAX_VALUE;

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final List<int[]> edges = new ArrayList<>();
  private final List<List<Integer>> leaving = new ArrayList<>();
  private final List<List<Integer>> entering = new ArrayList<>();

  @Test
  void sparseGraphsWithFewCircles() {
    System.out.println("seed " + seed);
    for (int graph = 0; graph < 4; graph++) {
      int nodes = 50 + random.nextInt(700);
      begin(nodes);
      int count = nodes - nodes / 10 + random.nextInt(nodes / 5);
      for (int i = 0; i < count; i++) {
        join(random.nextInt(nodes), random.nextInt(nodes));
      }
      compare(nodes);
    }
  }

  @Test
  void treesHaveNoWayBack() {
    System.out.println("seed " + seed);
    int nodes = 600;
    begin(nodes);
    for (int i = 1; i < nodes; i++) {
      join(Math.max(0, i - 1 - random.nextInt(8)), i);
    }
    compare(nodes);
  }

  @Test
  void hubsWithMoreNeighboursThanAreReadAtOnce() {
    System.out.println("seed " + seed);
    int nodes = 2_400;
    begin(nodes);
    for (int i = 3; i < nodes; i++) {
      join(i % 3, i);
      join(i, (i + 1) % 3);
    }
    compare(nodes);
  }

  @Test
  void longCircles() {
    System.out.println("seed " + seed);
    int nodes = 400;
    begin(nodes);
    for (int i = 0; i < nodes; i++) {
      join(i, (i + 1) % nodes);
    }
    compare(nodes);
  }

  private void begin(int nodes) {
    edges.clear();
    leaving.clear();
    entering.clear();
    for (int i = 0; i < nodes; i++) {
      leaving.add(new ArrayList<>());
      entering.add(new ArrayList<>());
    }
  }

  private void join(int from, int to) {
    leaving.get(from).add(edges.size());
    entering.get(to).add(edges.size());
    edges.add(new int[] {from, to});
  }

  private void compare(int nodes) {
    try (Quarry db = Quarry.inMemory()) {
      db.update(tx -> create(tx, nodes));
      for (int i = 0; i < 12; i++) {
        boolean both = random.nextBoolean();
        int start = random.nextInt(3) == 0 ? random.nextInt(3) : random.nextInt(nodes);
        int least = random.nextInt(2);
        int most = random.nextBoolean() ? FAR : least + random.nextInt(12);
        String text =
            "MATCH (a:V {i: %d})-[:T*%d..%s]-%s(b) RETURN count(DISTINCT b), sum(DISTINCT b.i)"
                .formatted(start, least, most == FAR ? "" : most, both ? "" : ">");
        List<Integer> expected = reached(start, both, least, most);
        long sum = expected.stream().mapToLong(node -> node).sum();
        Row row = db.run(text).rows().getFirst();
        assertEquals(
            expected.size() + ", " + sum,
            row.get(0) + ", " + row.get(1),
            () -> "seed " + seed + ": " + text);
      }
      assertEquals(List.of(), db.admin().check().problems(), "seed " + seed);
    }
  }

  private void create(WriteTransaction tx, int nodes) {
    List<Node> handles = new ArrayList<>();
    for (int i = 0; i < nodes; i++) {
      Set<String> labels = i % 7 == 6 ? Set.of("V", "W") : Set.of("V");
      handles.add(tx.createNode(labels, Map.of("i", i)));
    }
    for (int[] edge : edges) {
      Map<String, Object> properties = random.nextInt(50) == 0 ? Map.of("w", 1L) : Map.of();
      tx.createRelationship(handles.get(edge[0]), "T", handles.get(edge[1]), properties);
    }
  }

  private List<Integer> reached(int start, boolean both, int least, int most) {
    int[] distances = distances(start, both, -1);
    List<Integer> reached = new ArrayList<>();
    for (int node = 0; node < distances.length; node++) {
      int distance = node != start || least == 0 ? distances[node] : wayBack(start, both);
      if (distance != FAR && distance <= most) {
        reached.add(node);
      }
    }
    return reached;
  }

  /// The length of the shortest trail from a node to itself.
  private int wayBack(int start, boolean both) {
    int shortest = FAR;
    Set<Integer> first = new HashSet<>(leaving.get(start));
    if (both) {
      first.addAll(entering.get(start));
    }
    for (int edge : first) {
      int other = other(edge, start);
      int back = distances(other, both, edge)[start];
      shortest = back == FAR ? shortest : Math.min(shortest, back + 1);
    }
    return shortest;
  }

  private int other(int edge, int node) {
    int[] ends = edges.get(edge);
    return ends[0] == node ? ends[1] : ends[0];
  }

  /// How far all nodes are from one, over relationships but `without`.
  private int[] distances(int start, boolean both, int without) {
    int[] distances = new int[leaving.size()];
    Arrays.fill(distances, FAR);
    distances[start] = 0;
    ArrayDeque<Integer> waiting = new ArrayDeque<>(List.of(start));
    while (!waiting.isEmpty()) {
      int node = waiting.remove();
      List<Integer> found = new ArrayList<>(leaving.get(node));
      if (both) {
        found.addAll(entering.get(node));
      }
      for (int edge : found) {
        int other = other(edge, node);
        if (edge != without && distances[other] == FAR) {
          distances[other] = distances[node] + 1;
          waiting.add(other);
        }
      }
    }
    return distances;
  }
}
