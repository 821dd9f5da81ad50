package dev.quarry.peers.arcadedb;

import com.arcadedb.database.Database;
import com.arcadedb.database.DatabaseFactory;
import com.arcadedb.database.RID;
import com.arcadedb.engine.WALFile;
import com.arcadedb.graph.Edge;
import com.arcadedb.graph.Vertex;
import com.arcadedb.query.sql.executor.Result;
import com.arcadedb.query.sql.executor.ResultSet;
import dev.quarry.bench.peers.kit.EdgeArrays;
import dev.quarry.bench.peers.kit.PeerStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A database of ArcadeDB at work: the Java API for walks from one node, which its documentation
/// calls the fastest way, SQL for what looks at all of them.
final class ArcadeStore implements PeerStore {
  private static final String TWO_STEPS =
      "MATCH {type: V, as: a}.out('E'){as: b%s}.out('E'){as: c%s} RETURN ";

  private final DatabaseFactory factory;
  private final Database database;

  ArcadeStore(String path) {
    factory = new DatabaseFactory(path);
    database = factory.open();
  }

  @Override
  public long nodes() {
    return database.countType("V", false);
  }

  @Override
  public long relationships() {
    return database.countType("E", false);
  }

  @Override
  public long lookUp(int[] ids) {
    long sum = 0;
    for (int id : ids) {
      sum += vertex(id).getInteger("score");
    }
    return sum;
  }

  @Override
  public long hops(int start, int steps) {
    String text = "SELECT out('E')" + ".out('E')".repeat(steps - 1) + ".asSet().size() AS number";
    try (ResultSet rows =
        database.query("sql", text + " FROM V WHERE id = :id", Map.of("id", start))) {
      return number(rows.next(), "number");
    }
  }

  @Override
  public long within(int start, int steps) {
    String text =
        "SELECT count(*) AS number FROM (MATCH {type: V, as: a, where: (id = :id)}"
            + ".out('E'){as: b, while: ($depth < %d), where: ($depth > 0)} RETURN DISTINCT b)";
    try (ResultSet rows = database.query("sql", text.formatted(steps), Map.of("id", start))) {
      return number(rows.next(), "number");
    }
  }

  @Override
  public long walk(int start, int steps) {
    Set<RID> front = Set.of(vertex(start).getIdentity());
    for (int step = 0; step < steps; step++) {
      front = after(front);
    }
    return front.size();
  }

  private static Set<RID> after(Iterable<RID> front) {
    Set<RID> next = new HashSet<>();
    for (RID node : front) {
      for (Vertex target : node.asVertex().getVertices(Vertex.DIRECTION.OUT, "E")) {
        next.add(target.getIdentity());
      }
    }
    return next;
  }

  @Override
  public long paths(Paths kind, int below) {
    String filter = ", where: (score < " + below + ")";
    return switch (kind) {
      case ALL -> count(TWO_STEPS.formatted("", "") + "count(*) AS number");
      case MIDDLE -> count(TWO_STEPS.formatted(filter, "") + "count(*) AS number");
      case END -> count(TWO_STEPS.formatted("", filter) + "count(*) AS number");
      case DISTINCT ->
          count(
              "SELECT count(*) AS number FROM ("
                  + TWO_STEPS.formatted("", "")
                  + "DISTINCT c AS c)");
    };
  }

  @Override
  public Sum pathsByGroup() {
    return groups(TWO_STEPS.formatted("", "") + "b.grp AS grp, count(*) AS number GROUP BY b.grp");
  }

  @Override
  public long triangles() {
    return count(
        "SELECT count(*) AS number FROM (MATCH {type: V, as: a}.out('E'){as: b}"
            + ".out('E'){as: c, where: ($matched.a IN in('E'))} RETURN a, b, c)");
  }

  @Override
  public Reach breadthFirst(int start) {
    Set<RID> seen = new HashSet<>();
    List<RID> front = List.of(vertex(start).getIdentity());
    seen.addAll(front);
    long distances = 0;
    for (int distance = 1; !front.isEmpty(); distance++) {
      List<RID> next = new ArrayList<>();
      for (RID target : after(front)) {
        if (seen.add(target)) {
          next.add(target);
        }
      }
      distances += (long) distance * next.size();
      front = next;
    }
    return new Reach(seen.size() - 1, distances);
  }

  /// Its SQL searches for paths; of other algorithms it has none.
  @Override
  public Ranks pageRank(int iterations) {
    return edges().pageRank(iterations);
  }

  @Override
  public Sum components(int node) {
    return edges().components(node);
  }

  /// All relationships, read through the Java API.
  private EdgeArrays edges() {
    Map<RID, Integer> ids = new HashMap<>();
    var nodes = database.<Vertex>iterateType("V", false);
    while (nodes.hasNext()) {
      Vertex node = nodes.next().asVertex();
      ids.put(node.getIdentity(), node.getInteger("id"));
    }
    EdgeArrays edges = new EdgeArrays(ids.size());
    var all = database.<Edge>iterateType("E", false);
    while (all.hasNext()) {
      Edge edge = all.next().asEdge();
      edges.add(ids.get(edge.getOut()), ids.get(edge.getIn()));
    }
    return edges;
  }

  @Override
  public Sum filter(int below) {
    try (ResultSet rows =
        database.query(
            "sql",
            "SELECT count(*) AS number, sum(score) AS total FROM V WHERE score < :below",
            Map.of("below", below))) {
      Result row = rows.next();
      return new Sum(number(row, "number"), number(row, "total"));
    }
  }

  @Override
  public Sum sumByGroup() {
    return groups("SELECT grp, sum(score) AS number FROM V GROUP BY grp");
  }

  @Override
  public Sum scan() {
    long count = 0;
    long sum = 0;
    var nodes = database.<Vertex>iterateType("V", false);
    while (nodes.hasNext()) {
      Vertex node = nodes.next().asVertex();
      for (Vertex target : node.getVertices(Vertex.DIRECTION.OUT, "E")) {
        count++;
        sum += target.getInteger("id");
      }
    }
    return new Sum(count, sum);
  }

  @Override
  public void durable(boolean durable) {
    database.setWALFlush(durable ? WALFile.FLUSH_TYPE.YES_FULL : WALFile.FLUSH_TYPE.NO);
  }

  @Override
  public void commit(int source, int target) {
    database.transaction(() -> vertex(source).newEdge("E", vertex(target), true));
  }

  @Override
  public void insert(int[] sources, int[] targets) {
    database.transaction(
        () -> {
          for (int i = 0; i < sources.length; i++) {
            vertex(sources[i]).newEdge("E", vertex(targets[i]), true);
          }
        });
  }

  @Override
  public void close() {
    database.close();
    factory.close();
  }

  private Vertex vertex(int id) {
    return database
        .lookupByKey("V", new String[] {"id"}, new Object[] {id})
        .next()
        .getRecord()
        .asVertex();
  }

  private long count(String text) {
    try (ResultSet rows = database.query("sql", text)) {
      return number(rows.next(), "number");
    }
  }

  private Sum groups(String text) {
    try (ResultSet rows = database.query("sql", text)) {
      long groups = 0;
      long sum = 0;
      while (rows.hasNext()) {
        Result row = rows.next();
        groups++;
        sum += (number(row, "grp") + 1) * number(row, "number");
      }
      return new Sum(groups, sum);
    }
  }

  private static long number(Result row, String column) {
    return row.<Number>getProperty(column).longValue();
  }
}
