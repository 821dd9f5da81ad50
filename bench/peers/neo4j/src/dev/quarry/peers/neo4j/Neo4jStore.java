package dev.quarry.peers.neo4j;

import dev.quarry.bench.peers.kit.DataSet;
import dev.quarry.bench.peers.kit.EdgeArrays;
import dev.quarry.bench.peers.kit.PeerStore;
import dev.quarry.bench.peers.kit.SocialStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.neo4j.configuration.GraphDatabaseSettings;
import org.neo4j.dbms.api.DatabaseManagementService;
import org.neo4j.dbms.api.DatabaseManagementServiceBuilder;
import org.neo4j.graphdb.Direction;
import org.neo4j.graphdb.GraphDatabaseService;
import org.neo4j.graphdb.Label;
import org.neo4j.graphdb.Node;
import org.neo4j.graphdb.Relationship;
import org.neo4j.graphdb.RelationshipType;
import org.neo4j.graphdb.ResourceIterator;
import org.neo4j.graphdb.Result;
import org.neo4j.graphdb.Transaction;

/// A database of Neo4j at work: Cypher for questions, the core API for single records.
final class Neo4jStore implements PeerStore {
  static final long PAGE_CACHE = 1L << 30;

  private static final Label V = Label.label("V");
  private static final RelationshipType E = RelationshipType.withName("E");
  private static final String TWO_STEPS = "MATCH (a:V)-[:E]->(b:V) MATCH (b)-[:E]->(c:V) ";

  private final DataSet data;
  private final Path home;
  private final DatabaseManagementService service;
  private final GraphDatabaseService database;
  private Neo4jSocial social;

  Neo4jStore(DataSet data, Path home) {
    this.data = data;
    this.home = home;
    service = service(home);
    database = service.database("neo4j");
  }

  static DatabaseManagementService service(Path home) {
    return new DatabaseManagementServiceBuilder(home)
        .setConfig(GraphDatabaseSettings.pagecache_memory, PAGE_CACHE)
        .build();
  }

  @Override
  public long nodes() {
    return row("MATCH (n:V) RETURN count(*)", Map.of())[0];
  }

  @Override
  public long relationships() {
    return row("MATCH ()-[r:E]->() RETURN count(*)", Map.of())[0];
  }

  @Override
  public long lookUp(int[] ids) {
    try (Transaction tx = database.beginTx()) {
      long sum = 0;
      for (int id : ids) {
        sum += ((Number) node(tx, id).getProperty("score")).longValue();
      }
      return sum;
    }
  }

  @Override
  public long hops(int start, int steps) {
    String[] texts = {
      "MATCH (a:V {id: $id})-[:E]->(b:V) RETURN count(DISTINCT b)",
      "MATCH (a:V {id: $id})-[:E]->(b:V) MATCH (b)-[:E]->(c:V) RETURN count(DISTINCT c)",
      "MATCH (a:V {id: $id})-[:E]->(b:V) MATCH (b)-[:E]->(c:V) MATCH (c)-[:E]->(d:V) "
          + "RETURN count(DISTINCT d)"
    };
    return row(texts[steps - 1], Map.of("id", start))[0];
  }

  @Override
  public long walk(int start, int steps) {
    try (Transaction tx = database.beginTx()) {
      List<Node> front = List.of(node(tx, start));
      for (int step = 0; step < steps; step++) {
        front = after(front, new HashSet<>());
      }
      return front.size();
    }
  }

  /// The targets of the relationships of some nodes that are not seen yet.
  private static List<Node> after(List<Node> front, Set<Long> seen) {
    List<Node> next = new ArrayList<>();
    for (Node node : front) {
      for (Relationship relationship : node.getRelationships(Direction.OUTGOING, E)) {
        if (seen.add(relationship.getEndNodeId())) {
          next.add(relationship.getEndNode());
        }
      }
    }
    return next;
  }

  @Override
  public long within(int start, int steps) {
    String text = "MATCH (a:V {id: $id})-[:E*1..%d]->(b:V) RETURN count(DISTINCT b)";
    return row(text.formatted(steps), Map.of("id", start))[0];
  }

  @Override
  public long paths(Paths kind, int below) {
    String rest =
        switch (kind) {
          case ALL -> "RETURN count(*)";
          case MIDDLE -> "WHERE b.score < $below RETURN count(*)";
          case END -> "WHERE c.score < $below RETURN count(*)";
          case DISTINCT -> "RETURN count(DISTINCT c)";
        };
    return row(TWO_STEPS + rest, Map.of("below", below))[0];
  }

  @Override
  public Sum pathsByGroup() {
    return groups(TWO_STEPS + "RETURN b.grp AS grp, count(*) AS number");
  }

  @Override
  public long triangles() {
    return row("MATCH (a:V)-[:E]->(b:V)-[:E]->(c:V), (a)-[:E]->(c) RETURN count(*)", Map.of())[0];
  }

  /// By the core API: the traversal framework keeps paths, which takes longer.
  @Override
  public Reach breadthFirst(int start) {
    try (Transaction tx = database.beginTx()) {
      Node first = node(tx, start);
      Set<Long> seen = new HashSet<>();
      seen.add(first.getId());
      List<Node> front = List.of(first);
      long distances = 0;
      for (int distance = 1; !front.isEmpty(); distance++) {
        List<Node> next = after(front, seen);
        distances += (long) distance * next.size();
        front = next;
      }
      return new Reach(seen.size() - 1, distances);
    }
  }

  /// The embedded database has no algorithms: its library of them is a plugin for a server.
  @Override
  public Ranks pageRank(int iterations) {
    return edges().pageRank(iterations);
  }

  @Override
  public Sum components(int node) {
    return edges().components(node);
  }

  /// All relationships, read through the core API.
  private EdgeArrays edges() {
    try (Transaction tx = database.beginTx()) {
      Map<Long, Integer> ids = new HashMap<>();
      try (ResourceIterator<Node> nodes = tx.findNodes(V)) {
        nodes.forEachRemaining(
            node -> ids.put(node.getId(), ((Number) node.getProperty("id")).intValue()));
      }
      EdgeArrays edges = new EdgeArrays(ids.size());
      try (ResourceIterator<Relationship> all = tx.findRelationships(E)) {
        all.forEachRemaining(
            one -> edges.add(ids.get(one.getStartNodeId()), ids.get(one.getEndNodeId())));
      }
      return edges;
    }
  }

  @Override
  public Sum filter(int below) {
    long[] row =
        row(
            "MATCH (n:V) WHERE n.score < $below RETURN count(*), sum(n.score)",
            Map.of("below", below));
    return new Sum(row[0], row[1]);
  }

  @Override
  public Sum sumByGroup() {
    return groups("MATCH (n:V) RETURN n.grp AS grp, sum(n.score) AS number");
  }

  @Override
  public Sum scan() {
    long[] row = row("MATCH (:V)-[:E]->(b:V) RETURN count(*), sum(b.id)", Map.of());
    return new Sum(row[0], row[1]);
  }

  @Override
  public SocialStore social() throws Exception {
    if (social == null) {
      social = new Neo4jSocial(home.resolve("social"), data.social());
    }
    return social;
  }

  @Override
  public void commit(int source, int target) {
    insert(new int[] {source}, new int[] {target});
  }

  @Override
  public void insert(int[] sources, int[] targets) {
    try (Transaction tx = database.beginTx()) {
      for (int i = 0; i < sources.length; i++) {
        node(tx, sources[i]).createRelationshipTo(node(tx, targets[i]), E);
      }
      tx.commit();
    }
  }

  @Override
  public void close() {
    if (social != null) {
      social.close();
    }
    service.shutdown();
  }

  private static Node node(Transaction tx, int id) {
    return tx.findNode(V, "id", id);
  }

  private Sum groups(String text) {
    try (Transaction tx = database.beginTx();
        Result rows = tx.execute(text)) {
      long groups = 0;
      long sum = 0;
      while (rows.hasNext()) {
        Map<String, Object> row = rows.next();
        groups++;
        sum += (number(row, "grp") + 1) * number(row, "number");
      }
      return new Sum(groups, sum);
    }
  }

  private long[] row(String text, Map<String, Object> parameters) {
    try (Transaction tx = database.beginTx();
        Result rows = tx.execute(text, parameters)) {
      Map<String, Object> row = rows.next();
      return rows.columns().stream().mapToLong(column -> number(row, column)).toArray();
    }
  }

  private static long number(Map<String, Object> row, String column) {
    return ((Number) row.get(column)).longValue();
  }
}
