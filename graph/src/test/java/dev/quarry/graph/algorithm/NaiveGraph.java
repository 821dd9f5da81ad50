package dev.quarry.graph.algorithm;

import dev.quarry.graph.Direction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

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
}
