package dev.quarry.graph.algorithm;

import dev.quarry.graph.Direction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// A part of a graph as plain maps, and the algorithms as their definitions say them: slow, and
/// plain to see. Nodes are numbers; their order decides ties.
final class NaiveGraph {
  /// A relationship; its weight is null where it has none.
  record Edge(long from, long to, Double weight) {}

  private final SortedMap<Long, List<Edge>> out = new TreeMap<>();
  private final SortedMap<Long, List<Edge>> in = new TreeMap<>();

  void addNode(long node) {
    out.put(node, new ArrayList<>());
    in.put(node, new ArrayList<>());
  }

  void addEdge(Edge edge) {
    out.get(edge.from()).add(edge);
    in.get(edge.to()).add(new Edge(edge.to(), edge.from(), edge.weight()));
  }

  Iterable<Long> nodes() {
    return out.keySet();
  }

  int size() {
    return out.size();
  }

  /// The relationships to go along from a node, each as leading away from it.
  List<Edge> along(long node, Direction direction) {
    List<Edge> edges = new ArrayList<>();
    if (direction != Direction.INCOMING) {
      edges.addAll(out.get(node));
    }
    if (direction != Direction.OUTGOING) {
      for (Edge edge : in.get(node)) {
        if (direction == Direction.INCOMING || edge.to() != node) {
          edges.add(edge);
        }
      }
    }
    return edges;
  }

  /// Depths; nodes that are not reached are missing.
  Map<Long, Long> bfs(long source, Direction direction) {
    Map<Long, Long> depths = new HashMap<>();
    Deque<Long> queue = new ArrayDeque<>(List.of(source));
    depths.put(source, 0L);
    while (!queue.isEmpty()) {
      long node = queue.remove();
      for (Edge edge : along(node, direction)) {
        if (depths.putIfAbsent(edge.to(), depths.get(node) + 1) == null) {
          queue.add(edge.to());
        }
      }
    }
    return depths;
  }

  /// The least node of each component.
  Map<Long, Long> wcc() {
    Map<Long, Long> components = new HashMap<>();
    for (long node : nodes()) {
      if (!components.containsKey(node)) {
        bfs(node, Direction.BOTH).keySet().forEach(one -> components.put(one, node));
      }
    }
    return components;
  }

  Map<Long, Double> pageRank(Direction direction, double damping, int iterations) {
    Map<Long, Double> ranks = new HashMap<>();
    nodes().forEach(node -> ranks.put(node, 1.0 / size()));
    for (int i = 0; i < iterations; i++) {
      Map<Long, Double> sums = new HashMap<>();
      double kept = 0;
      for (long node : nodes()) {
        List<Edge> edges = along(node, direction);
        kept += edges.isEmpty() ? ranks.get(node) : 0;
        for (Edge edge : edges) {
          sums.merge(edge.to(), ranks.get(node) / edges.size(), Double::sum);
        }
      }
      for (long node : nodes()) {
        double sum = sums.getOrDefault(node, 0.0) + kept / size();
        ranks.put(node, (1 - damping) / size() + damping * sum);
      }
    }
    return ranks;
  }

  /// Distances; nodes that are not reached are missing.
  Map<Long, Double> sssp(long source, Direction direction, double otherwise) {
    Map<Long, Double> distances = new HashMap<>();
    distances.put(source, 0.0);
    boolean changed = true;
    while (changed) { // Bellman and Ford
      changed = false;
      for (long node : List.copyOf(distances.keySet())) {
        for (Edge edge : along(node, direction)) {
          double weight = edge.weight() == null ? otherwise : edge.weight();
          double distance = distances.get(node) + weight;
          if (distance < distances.getOrDefault(edge.to(), Double.POSITIVE_INFINITY)) {
            distances.put(edge.to(), distance);
            changed = true;
          }
        }
      }
    }
    return distances;
  }

  Map<Long, Long> cdlp(int iterations) {
    Map<Long, Long> labels = new TreeMap<>();
    nodes().forEach(node -> labels.put(node, node));
    for (int i = 0; i < iterations; i++) {
      Map<Long, Long> next = new TreeMap<>();
      for (long node : nodes()) {
        TreeMap<Long, Integer> votes = new TreeMap<>();
        along(node, Direction.BOTH)
            .forEach(edge -> votes.merge(labels.get(edge.to()), 1, Integer::sum));
        int most = votes.values().stream().mapToInt(v -> v).max().orElse(0);
        next.put(node, labels.get(node));
        votes.entrySet().stream()
            .filter(vote -> vote.getValue() == most)
            .findFirst()
            .ifPresent(vote -> next.put(node, vote.getKey()));
      }
      labels.putAll(next);
    }
    return labels;
  }

  /// Other nodes with a relationship to or from a node.
  Set<Long> neighbours(long node) {
    Set<Long> neighbours = new TreeSet<>();
    along(node, Direction.BOTH).forEach(edge -> neighbours.add(edge.to()));
    neighbours.remove(node);
    return neighbours;
  }

  Map<Long, Double> lcc(boolean directed) {
    Map<Long, Double> coefficients = new HashMap<>();
    for (long node : nodes()) {
      Set<Long> around = neighbours(node);
      double closed = 0;
      for (long one : around) {
        Set<Long> others =
            directed
                ? along(one, Direction.OUTGOING).stream().map(Edge::to).collect(Collectors.toSet())
                : neighbours(one);
        closed += around.stream().filter(other -> other != one && others.contains(other)).count();
      }
      double pairs = around.size() * (around.size() - 1.0);
      coefficients.put(node, pairs == 0 ? 0 : closed / pairs);
    }
    return coefficients;
  }

  long triangles() {
    Map<Long, Set<Long>> neighbours = new HashMap<>();
    nodes().forEach(node -> neighbours.put(node, neighbours(node)));
    long triangles = 0;
    for (long a : nodes()) {
      Set<Long> around = neighbours.get(a);
      for (long b : around) {
        for (long c : neighbours.get(b)) {
          triangles += a < b && b < c && around.contains(c) ? 1 : 0;
        }
      }
    }
    return triangles;
  }

  Map<Long, Long> cores() {
    Map<Long, Set<Long>> left = new TreeMap<>();
    nodes().forEach(node -> left.put(node, neighbours(node)));
    Map<Long, Long> cores = new TreeMap<>();
    for (long k = 0; !left.isEmpty(); k++) {
      long core = k;
      while (left.values().stream().anyMatch(around -> around.size() <= core)) {
        for (long node : List.copyOf(left.keySet())) {
          if (left.get(node).size() <= core) {
            left.remove(node).forEach(other -> left.get(other).remove(node));
            cores.put(node, core);
          }
        }
      }
    }
    return cores;
  }
}
