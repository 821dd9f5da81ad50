package dev.quarry.bench.peers;

import dev.quarry.OpenOptions;
import dev.quarry.PreparedQuery;
import dev.quarry.Quarry;
import dev.quarry.QueryOptions;
import dev.quarry.ReadTransaction;
import dev.quarry.Rows;
import dev.quarry.bench.peers.kit.DataSet;
import dev.quarry.bench.peers.kit.PeerStore;
import dev.quarry.bench.peers.kit.SocialStore;
import dev.quarry.graph.Direction;
import dev.quarry.graph.GraphReader;
import dev.quarry.graph.Node;
import dev.quarry.graph.NodeSet;
import dev.quarry.graph.RelationshipBatch;
import dev.quarry.graph.algorithm.AlgorithmOptions;
import dev.quarry.graph.algorithm.DoubleResult;
import dev.quarry.graph.algorithm.GraphAlgorithms;
import dev.quarry.graph.algorithm.LongResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A store of Quarry at work: statements for questions, calls for single records.
final class QuarryStore implements PeerStore {
  private static final String MIDDLE_OR_END =
      "MATCH (a:V)-[:E]->(b:V) MATCH (b)-[:E]->(c:V) WHERE %s.score < $below RETURN count(*)";

  private final DataSet data;
  private final Path file;
  private final Map<String, PreparedQuery> prepared = new HashMap<>();
  private Quarry quarry;
  private @Nullable QuarrySocial social;
  private boolean durable = true;

  QuarryStore(DataSet data, Path file) {
    this.data = data;
    this.file = file;
    quarry = Quarry.open(file);
  }

  @Override
  public long nodes() {
    return number("MATCH (n:V) RETURN count(*)", Map.of());
  }

  @Override
  public long relationships() {
    return number("MATCH ()-[r:E]->() RETURN count(*)", Map.of());
  }

  @Override
  public long lookUp(int[] ids) {
    try (ReadTransaction tx = quarry.beginRead()) {
      long sum = 0;
      for (int id : ids) {
        sum += (Long) tx.property(node(tx, id), "score");
      }
      return sum;
    }
  }

  @Override
  public long hops(int start, int steps) {
    String[] texts = {
      "MATCH (a:V {id: $id})-[:E]->(b:V) RETURN count(DISTINCT b)",
      "MATCH (a:V {id: $id})-[:E]->(b:V) MATCH (b)-[:E]->(c:V) RETURN count(DISTINCT c)",
      "MATCH (a:V {id: $id})-[:E]->(b:V) MATCH (b)-[:E]->(c:V) MATCH (c)-[:E]->(d:V) RETURN count(DISTINCT d)"
    };
    return number(texts[steps - 1], Map.of("id", start));
  }

  @Override
  public long walk(int start, int steps) {
    try (ReadTransaction tx = quarry.beginRead()) {
      NodeSet front = tx.nodeSet(); // which ends with its transaction
      front.addNeighbours(node(tx, start), Direction.OUTGOING, "E");
      for (int step = 1; step < steps; step++) {
        front = after(tx, front);
      }
      return front.size();
    }
  }

  /// The targets of the relationships of some nodes, which are not needed any more.
  private static NodeSet after(ReadTransaction tx, NodeSet front) {
    NodeSet next = tx.nodeSet();
    try (front) {
      next.addNeighbours(front, Direction.OUTGOING, "E");
    }
    return next;
  }

  @Override
  public long within(int start, int steps) {
    String text = "MATCH (a:V {id: $id})-[:E*1..%d]->(b:V) RETURN count(DISTINCT b)";
    return number(text.formatted(steps), Map.of("id", start));
  }

  @Override
  public long paths(Paths kind, int below) {
    return switch (kind) {
      case ALL -> number("MATCH (a:V)-[:E]->(b:V) MATCH (b)-[:E]->(c:V) RETURN count(*)", Map.of());
      case MIDDLE -> number(MIDDLE_OR_END.formatted("b"), Map.of("below", below));
      case END -> number(MIDDLE_OR_END.formatted("c"), Map.of("below", below));
      case DISTINCT ->
          number(
              "MATCH (a:V)-[:E]->(b:V) MATCH (b)-[:E]->(c:V) RETURN count(DISTINCT c)", Map.of());
    };
  }

  @Override
  public Sum pathsByGroup() {
    return groups(
        "MATCH (a:V)-[:E]->(b:V) MATCH (b)-[:E]->(c:V) RETURN b.grp AS grp, count(*) AS number");
  }

  @Override
  public long triangles() {
    return number("MATCH (a:V)-[:E]->(b:V)-[:E]->(c:V), (a)-[:E]->(c) RETURN count(*)", Map.of());
  }

  @Override
  public Reach breadthFirst(int start) {
    try (ReadTransaction tx = quarry.beginRead();
        LongResult depths = algorithms(tx).bfs(node(tx, start))) {
      long reached = 0;
      long distances = 0;
      while (depths.next()) {
        if (depths.value() > 0) {
          reached++;
          distances += depths.value();
        }
      }
      return new Reach(reached, distances);
    }
  }

  @Override
  public Ranks pageRank(int iterations) {
    try (ReadTransaction tx = quarry.beginRead();
        DoubleResult ranks = algorithms(tx).pageRank(0.85, iterations, 0)) {
      double total = 0;
      double squares = 0;
      while (ranks.next()) {
        total += ranks.value();
        squares += ranks.value() * ranks.value();
      }
      double known = 0;
      for (int id = 0; id < KNOWN; id++) {
        known += (id + 1) * ranks.get(node(tx, id));
      }
      return new Ranks(total, squares, known);
    }
  }

  @Override
  public Sum components(int node) {
    try (ReadTransaction tx = quarry.beginRead();
        LongResult components = algorithms(tx).wcc()) {
      long own = components.get(node(tx, node));
      long count = 0;
      long nodes = 0;
      while (components.next()) {
        count += components.value() == components.id() ? 1 : 0;
        nodes += components.value() == own ? 1 : 0;
      }
      return new Sum(count, nodes);
    }
  }

  private static GraphAlgorithms algorithms(ReadTransaction tx) {
    return GraphAlgorithms.over(tx, AlgorithmOptions.defaults().withLabels("V").withTypes("E"));
  }

  @Override
  public Sum filter(int below) {
    return pair(
        "MATCH (n:V) WHERE n.score < $below RETURN count(*), sum(n.score)", Map.of("below", below));
  }

  @Override
  public Sum sumByGroup() {
    return groups("MATCH (n:V) RETURN n.grp AS grp, sum(n.score) AS number");
  }

  @Override
  public Sum scan() {
    return pair("MATCH (:V)-[:E]->(b:V) RETURN count(*), sum(b.id)", Map.of());
  }

  @Override
  public SocialStore social() throws IOException {
    if (social == null) {
      social = new QuarrySocial(file.resolveSibling("social.quarry"), data.social());
    }
    return social;
  }

  @Override
  public void commit(int source, int target) {
    quarry.update(tx -> tx.createRelationship(node(tx, source), "E", node(tx, target), Map.of()));
  }

  @Override
  public void insert(int[] sources, int[] targets) {
    quarry.update(
        tx -> {
          RelationshipBatch batch = tx.batch("E");
          for (int i = 0; i < sources.length; i++) {
            batch.add(node(tx, sources[i]), node(tx, targets[i]));
          }
        });
  }

  @Override
  public void durable(boolean wanted) {
    if (wanted != durable) {
      quarry.close();
      quarry = Quarry.open(file, OpenOptions.defaults().withSyncCommits(wanted));
      durable = wanted;
    }
  }

  @Override
  public void close() {
    if (social != null) {
      social.close();
    }
    quarry.close();
  }

  private static Node node(GraphReader reader, int id) {
    return reader.findNode("V", "id", id).orElseThrow();
  }

  private long number(String text, Map<String, Object> parameters) {
    try (ReadTransaction tx = quarry.beginRead();
        Rows rows = tx.query(statement(text), parameters, QueryOptions.DEFAULT)) {
      rows.next();
      return rows.getLong(0);
    }
  }

  private Sum pair(String text, Map<String, Object> parameters) {
    try (ReadTransaction tx = quarry.beginRead();
        Rows rows = tx.query(statement(text), parameters, QueryOptions.DEFAULT)) {
      rows.next();
      return new Sum(rows.getLong(0), rows.getLong(1));
    }
  }

  private Sum groups(String text) {
    try (ReadTransaction tx = quarry.beginRead();
        Rows rows = tx.query(statement(text), Map.of(), QueryOptions.DEFAULT)) {
      long groups = 0;
      long sum = 0;
      while (rows.next()) {
        groups++;
        sum += (rows.getLong(0) + 1) * rows.getLong(1);
      }
      return new Sum(groups, sum);
    }
  }

  private PreparedQuery statement(String text) {
    return prepared.computeIfAbsent(text, PreparedQuery::of);
  }
}
