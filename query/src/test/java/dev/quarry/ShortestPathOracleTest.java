package dev.quarry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quarry.graph.Node;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Shortest paths of random small graphs, with loops and parallels, are those that a plain search
/// from one end finds. The seed is printed when it fails: `-Dseed=N`.
class ShortestPathOracleTest {
  private static final String[] TYPES = {"A", "B", "C"};

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final List<int[]> edges = new ArrayList<>();
  private int nodes;

  /// What is asked for.
  ///
  /// @param arrow which way it points: 0 right, 1 left, 2 both
  /// @param types -1 for all, else the type that is missing
  /// @param most -1 for no bound
  /// @param weight what `w` must not be, -1 for none
  /// @param barrier a node that no path may hold, -1 for none
  private record Search(int arrow, int without, int least, int most, int weight, int barrier) {
    boolean mayUse(int[] edge) {
      return edge[2] != without && (weight < 0 || edge[3] >= 0 && edge[3] % 3 != weight);
    }

    String pattern() {
      String types =
          without < 0 ? "" : ":" + TYPES[(without + 1) % 3] + "|" + TYPES[(without + 2) % 3];
      String inside = "-[r" + types + "*" + least + ".." + (most < 0 ? "" : most) + "]-";
      String middle = arrow == 0 ? inside + ">" : arrow == 1 ? "<" + inside : inside;
      return "((a)" + middle + "(b))";
    }

    String where() {
      String of =
          weight < 0 ? "" : " AND all(x IN relationships(p) WHERE x.w % 3 <> " + weight + ")";
      return "true"
          + of
          + (barrier < 0 ? "" : " AND none(n IN nodes(p) WHERE n.i = " + barrier + ")");
    }
  }

  @Test
  void shortestPathsAreThoseOfAPlainSearch() {
    for (int graph = 0; graph < 30; graph++) {
      try (Quarry db = Quarry.inMemory()) {
        create(db);
        for (int i = 0; i < 8; i++) {
          compareAll(db, search());
        }
        assertEquals(List.of(), db.admin().check().problems(), "seed " + seed);
      }
    }
  }

  private void create(Quarry db) {
    nodes = 1 + random.nextInt(9);
    edges.clear();
    db.update(
        tx -> {
          List<Node> handles = new ArrayList<>();
          for (int i = 0; i < nodes; i++) {
            handles.add(tx.createNode(Set.of(random.nextBoolean() ? "X" : "Y"), Map.of("i", i)));
          }
          int count = random.nextInt(3 * nodes);
          for (int i = 0; i < count; i++) {
            int weight = random.nextInt(3) == 0 ? -1 : i;
            int[] edge = {random.nextInt(nodes), random.nextInt(nodes), random.nextInt(3), weight};
            edges.add(edge);
            Map<String, Object> properties = weight < 0 ? Map.of() : Map.of("w", weight);
            tx.createRelationship(
                handles.get(edge[0]), TYPES[edge[2]], handles.get(edge[1]), properties);
          }
        });
  }

  private Search search() {
    int least = random.nextInt(2);
    int most = random.nextInt(3) == 0 ? least + random.nextInt(4) : -1;
    int weight = random.nextInt(4) == 0 ? random.nextInt(3) : -1;
    int barrier = random.nextInt(4) == 0 ? random.nextInt(nodes) : -1;
    return new Search(random.nextInt(3), random.nextInt(4) - 1, least, most, weight, barrier);
  }

  /// Asks for all pairs of nodes in one statement.
  private void compareAll(Quarry db, Search search) {
    List<String> expected = new ArrayList<>();
    List<String> lengths = new ArrayList<>();
    for (int a = 0; a < nodes; a++) {
      for (int b = 0; b < nodes; b++) {
        List<String> paths = paths(search, a, b);
        expected.addAll(paths);
        if (!paths.isEmpty()) {
          lengths.add(a + " " + b + " " + paths.getFirst().split(" ").length / 2);
        }
      }
    }
    expected.sort(null);
    lengths.sort(null);
    String match =
        "MATCH (a), (b) MATCH p = SEARCH" + search.pattern() + " WHERE " + search.where();
    String all = match.replace("SEARCH", "allShortestPaths") + " RETURN p, r";
    assertEquals(expected, found(db, all), () -> "seed " + seed + ": " + all + " " + text());
    String one = match.replace("SEARCH", "shortestPath") + " RETURN p, r";
    List<String> single = new ArrayList<>();
    for (String path : found(db, one)) {
      assertEquals(true, expected.contains(path), () -> "seed " + seed + ": " + one + " " + path);
      String[] names = path.split(" ");
      single.add(names[0] + " " + names[names.length - 1] + " " + names.length / 2);
    }
    single.sort(null);
    assertEquals(lengths, single, () -> "seed " + seed + ": " + one + " " + text());
  }

  private String text() {
    return edges.stream().map(Arrays::toString).toList().toString();
  }

  /// The paths that a statement returns, as texts, sorted: `node relationship node …`, where a
  /// relationship is named by ends, type and `w`.
  private static List<String> found(Quarry db, String statement) {
    List<String> paths = new ArrayList<>();
    String names =
        " WITH [n IN nodes(p) | n.i] AS n, [x IN relationships(p) | toString(startNode(x).i) + '-'"
            + " + type(x) + '-' + toString(endNode(x).i) + '-' + coalesce(toString(x.w), '')] AS x,"
            + " r, p WHERE r = relationships(p) RETURN n, x";
    for (Row row : db.run(statement.replace(" RETURN p, r", names))) {
      List<?> nodes = (List<?>) row.get(0);
      List<?> relationships = (List<?>) row.get(1);
      StringBuilder text = new StringBuilder(nodes.getFirst().toString());
      for (int i = 0; i < relationships.size(); i++) {
        text.append(' ').append(relationships.get(i)).append(' ').append(nodes.get(i + 1));
      }
      paths.add(text.toString());
    }
    paths.sort(null);
    return paths;
  }

  /// All shortest paths, by distances from the target and then every step that comes closer.
  private List<String> paths(Search search, int a, int b) {
    List<String> paths = new ArrayList<>();
    if (a == search.barrier() || b == search.barrier() || a == b && search.least() == 1) {
      return paths;
    }
    int[] distance = new int[nodes];
    Arrays.fill(distance, -1);
    distance[b] = 0;
    for (int round = 0; round < nodes; round++) {
      for (int node = 0; node < nodes; node++) {
        for (int[] edge : edges) {
          int other = step(search, edge, node, false);
          boolean closer = other >= 0 && distance[other] == round && distance[node] < 0;
          distance[node] = closer ? round + 1 : distance[node];
          int way = step(search, edge, node, true);
          boolean nearer = way >= 0 && distance[way] == round && distance[node] < 0;
          distance[node] = nearer ? round + 1 : distance[node];
        }
      }
    }
    if (distance[a] >= 0 && (search.most() < 0 || distance[a] <= search.most())) {
      walk(search, a, distance, "" + a, paths);
    }
    return paths;
  }

  private void walk(Search search, int node, int[] distance, String before, List<String> paths) {
    if (distance[node] == 0) {
      paths.add(before);
      return;
    }
    for (int[] edge : edges) {
      for (boolean against : new boolean[] {false, true}) {
        int other = step(search, edge, node, against);
        if (other >= 0 && distance[other] == distance[node] - 1) {
          String name = edge[0] + "-" + TYPES[edge[2]] + "-" + edge[1];
          name += "-" + (edge[3] < 0 ? "" : edge[3]);
          walk(search, other, distance, before + " " + name + " " + other, paths);
        }
      }
    }
  }

  /// Where a relationship leads from a node, walked in its direction or against it; -1 if it does
  /// not or must not.
  private static int step(Search search, int[] edge, int node, boolean against) {
    boolean allowed = search.arrow() == 2 || against == (search.arrow() == 1);
    int from = against ? edge[1] : edge[0];
    int to = against ? edge[0] : edge[1];
    return allowed && from == node && to != search.barrier() && search.mayUse(edge) ? to : -1;
  }
}
