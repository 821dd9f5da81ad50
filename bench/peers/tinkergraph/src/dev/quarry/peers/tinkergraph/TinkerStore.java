package dev.quarry.peers.tinkergraph;

import static org.apache.tinkerpop.gremlin.process.traversal.dsl.graph.__.in;
import static org.apache.tinkerpop.gremlin.process.traversal.dsl.graph.__.out;
import static org.apache.tinkerpop.gremlin.process.traversal.dsl.graph.__.unfold;
import static org.apache.tinkerpop.gremlin.process.traversal.dsl.graph.__.values;

import dev.quarry.bench.peers.kit.NotOffered;
import dev.quarry.bench.peers.kit.PeerStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.tinkerpop.gremlin.process.computer.traversal.step.map.ConnectedComponent;
import org.apache.tinkerpop.gremlin.process.computer.ComputerResult;
import org.apache.tinkerpop.gremlin.process.computer.ranking.pagerank.PageRankVertexProgram;
import org.apache.tinkerpop.gremlin.process.traversal.P;
import org.apache.tinkerpop.gremlin.process.traversal.dsl.graph.GraphTraversalSource;
import org.apache.tinkerpop.gremlin.structure.Direction;
import org.apache.tinkerpop.gremlin.structure.Vertex;
import org.apache.tinkerpop.gremlin.tinkergraph.structure.TinkerGraph;

/// A TinkerGraph at work: Gremlin for questions, the structure API for single records.
final class TinkerStore implements PeerStore {
  private final TinkerGraph graph;
  private final GraphTraversalSource g;

  TinkerStore(TinkerGraph graph) {
    this.graph = graph;
    g = graph.traversal();
  }

  @Override
  public long nodes() {
    return g.V().count().next();
  }

  @Override
  public long relationships() {
    return g.E().count().next();
  }

  @Override
  public long lookUp(int[] ids) {
    long sum = 0;
    for (int id : ids) {
      sum += vertex(id).<Integer>value("score");
    }
    return sum;
  }

  @Override
  public long hops(int start, int steps) {
    return g.V(start).repeat(out("E")).times(steps).dedup().count().next();
  }

  @Override
  public long walk(int start, int steps) {
    List<Vertex> front = List.of(vertex(start));
    for (int step = 0; step < steps; step++) {
      front = after(front, new HashSet<>());
    }
    return front.size();
  }

  /// The targets of the edges of some vertices that are not seen yet.
  private static List<Vertex> after(List<Vertex> front, Set<Vertex> seen) {
    List<Vertex> next = new ArrayList<>();
    for (Vertex vertex : front) {
      Iterator<Vertex> targets = vertex.vertices(Direction.OUT, "E");
      while (targets.hasNext()) {
        Vertex target = targets.next();
        if (seen.add(target)) {
          next.add(target);
        }
      }
    }
    return next;
  }

  @Override
  public long within(int start, int steps) {
    return g.V(start).repeat(out("E")).emit().times(steps).dedup().count().next();
  }

  @Override
  public long paths(Paths kind, int below) {
    return switch (kind) {
      case ALL -> g.V().out("E").out("E").count().next();
      case MIDDLE -> g.V().out("E").has("score", P.lt(below)).out("E").count().next();
      case END -> g.V().out("E").out("E").has("score", P.lt(below)).count().next();
      case DISTINCT -> g.V().out("E").out("E").dedup().count().next();
    };
  }

  @Override
  public Sum pathsByGroup() {
    return groups(g.V().out("E").group().by("grp").by(out("E").count()).next(), true);
  }

  @Override
  public long triangles() {
    return g.V().as("a").out("E").out("E").where(in("E").as("a")).count().next();
  }

  @Override
  public Reach breadthFirst(int start) {
    Vertex first = vertex(start);
    Set<Vertex> seen = new HashSet<>();
    seen.add(first);
    List<Vertex> front = List.of(first);
    long distances = 0;
    for (int distance = 1; !front.isEmpty(); distance++) {
      List<Vertex> next = after(front, seen);
      distances += (long) distance * next.size();
      front = next;
    }
    return new Reach(seen.size() - 1, distances);
  }

  /// By its graph computer, as a program, since the step of Gremlin ends early once ranks change
  /// little.
  @Override
  public Ranks pageRank(int iterations) throws Exception {
    ComputerResult result =
        graph
            .compute()
            .program(
                PageRankVertexProgram.build()
                    .iterations(iterations + 1) // the first one gives all the same rank
                    .epsilon(0)
                    .property("rank")
                    .create(graph))
            .submit()
            .get();
    double total = 0;
    double squares = 0;
    double known = 0;
    Iterator<Vertex> nodes = result.graph().vertices();
    while (nodes.hasNext()) {
      Vertex node = nodes.next();
      double rank = node.value("rank");
      int id = node.value("id");
      total += rank;
      squares += rank * rank;
      known += id < KNOWN ? (id + 1) * rank : 0;
    }
    return new Ranks(total, squares, known);
  }

  /// By its graph computer.
  @Override
  public Sum components(int node) {
    Iterator<Map<Object, Object>> names =
        g.withComputer()
            .V()
            .connectedComponent()
            .with(ConnectedComponent.propertyName, "name")
            .valueMap("id", "name")
            .by(unfold());
    Map<Object, Long> sizes = new HashMap<>();
    Object own = null;
    while (names.hasNext()) {
      Map<Object, Object> row = names.next();
      sizes.merge(row.get("name"), 1L, Long::sum);
      own = row.get("id").equals(node) ? row.get("name") : own;
    }
    return new Sum(sizes.size(), sizes.get(own));
  }

  @Override
  public Sum filter(int below) {
    long count = 0;
    long sum = 0;
    Iterator<Integer> scores = g.V().has("score", P.lt(below)).<Integer>values("score");
    for (; scores.hasNext(); count++) {
      sum += scores.next();
    }
    return new Sum(count, sum);
  }

  @Override
  public Sum sumByGroup() {
    return groups(g.V().group().by("grp").by(values("score").sum()).next(), false);
  }

  @Override
  public Sum scan() {
    long count = 0;
    long sum = 0;
    Iterator<Integer> ids = g.E().inV().<Integer>values("id");
    for (; ids.hasNext(); count++) {
      sum += ids.next();
    }
    return new Sum(count, sum);
  }

  @Override
  public void durable(boolean durable) throws NotOffered {
    if (durable) {
      throw new NotOffered("nothing is durable");
    }
  }

  @Override
  public void commit(int source, int target) {
    vertex(source).addEdge("E", vertex(target));
  }

  @Override
  public void insert(int[] sources, int[] targets) {
    for (int i = 0; i < sources.length; i++) {
      commit(sources[i], targets[i]);
    }
  }

  @Override
  public void close() {
    graph.close();
  }

  private Vertex vertex(int id) {
    return graph.vertices(id).next();
  }

  /// @param presentOnly whether groups without anything do not count
  private static Sum groups(Map<Object, Object> groups, boolean presentOnly) {
    long count = 0;
    long sum = 0;
    for (Map.Entry<Object, Object> group : groups.entrySet()) {
      long number = ((Number) group.getValue()).longValue();
      count += presentOnly && number == 0 ? 0 : 1;
      sum += (((Number) group.getKey()).longValue() + 1) * number;
    }
    return new Sum(count, sum);
  }
}
