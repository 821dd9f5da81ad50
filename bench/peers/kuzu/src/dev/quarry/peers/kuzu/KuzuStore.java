package dev.quarry.peers.kuzu;

import com.kuzudb.Connection;
import com.kuzudb.Database;
import com.kuzudb.FlatTuple;
import com.kuzudb.PreparedStatement;
import com.kuzudb.QueryResult;
import com.kuzudb.Value;
import dev.quarry.bench.peers.kit.DataSet;
import dev.quarry.bench.peers.kit.NotOffered;
import dev.quarry.bench.peers.kit.PeerStore;
import dev.quarry.bench.peers.kit.SocialStore;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// A database of Kuzu at work: prepared statements; a connection for reads and one for writes,
/// since a connection belongs to one thread at a time.
final class KuzuStore implements PeerStore {
  private static final String TWO_STEPS = "MATCH (a:V)-[:E]->(b:V) MATCH (b)-[:E]->(c:V) ";

  private final Database database;
  private final Connection reads;
  private final Connection writes;
  private final DataSet data;
  private final Path folder;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();

  private KuzuSocial social;

  KuzuStore(DataSet data, String file, Path folder) {
    this.data = data;
    this.folder = folder;
    database = new Database(file);
    reads = new Connection(database);
    writes = new Connection(database);
  }

  @Override
  public long nodes() {
    return row("MATCH (n:V) RETURN count(*)")[0];
  }

  @Override
  public long relationships() {
    return row("MATCH (:V)-[r:E]->(:V) RETURN count(*)")[0];
  }

  @Override
  public long lookUp(int[] ids) {
    long sum = 0;
    for (int id : ids) {
      sum += row("MATCH (n:V) WHERE n.id = $id RETURN n.score", "id", id)[0];
    }
    return sum;
  }

  @Override
  public long hops(int start, int steps) {
    String[] texts = {
      "MATCH (a:V)-[:E]->(b:V) WHERE a.id = $id RETURN count(DISTINCT b.id)",
      TWO_STEPS + "WHERE a.id = $id RETURN count(DISTINCT c.id)",
      TWO_STEPS + "MATCH (c)-[:E]->(d:V) WHERE a.id = $id RETURN count(DISTINCT d.id)"
    };
    return row(texts[steps - 1], "id", start)[0];
  }

  @Override
  public long within(int start, int steps) {
    String text = "MATCH (a:V)-[:E*1..%d]->(b:V) WHERE a.id = $id RETURN count(DISTINCT b.id)";
    return row(text.formatted(steps), "id", start)[0];
  }

  @Override
  public long paths(Paths kind, int below) {
    return switch (kind) {
      case ALL -> row(TWO_STEPS + "RETURN count(*)")[0];
      case MIDDLE -> row(TWO_STEPS + "WHERE b.score < $below RETURN count(*)", "below", below)[0];
      case END -> row(TWO_STEPS + "WHERE c.score < $below RETURN count(*)", "below", below)[0];
      case DISTINCT -> row(TWO_STEPS + "RETURN count(DISTINCT c.id)")[0];
    };
  }

  @Override
  public Sum pathsByGroup() {
    return groups(TWO_STEPS + "RETURN b.grp, count(*)");
  }

  @Override
  public long triangles() {
    return row("MATCH (a:V)-[:E]->(b:V)-[:E]->(c:V), (a)-[:E]->(c) RETURN count(*)")[0];
  }

  @Override
  public Reach breadthFirst(int start) {
    long[] row =
        row(
            "MATCH (a:V)-[p:E* SHORTEST 1..30]->(b:V) WHERE a.id = $id AND b.id <> $id "
                + "RETURN count(*), CAST(sum(length(p)) AS INT64)",
            "id",
            start);
    return new Reach(row[0], row[1]);
  }

  @Override
  public Ranks pageRank(int iterations) throws NotOffered {
    throw new NotOffered("its algorithms are an extension to download");
  }

  @Override
  public Sum components(int node) throws NotOffered {
    throw new NotOffered("its algorithms are an extension to download");
  }

  @Override
  public Sum filter(int below) {
    long[] row =
        row(
            "MATCH (n:V) WHERE n.score < $below RETURN count(*), CAST(sum(n.score) AS INT64)",
            "below",
            below);
    return new Sum(row[0], row[1]);
  }

  @Override
  public Sum sumByGroup() {
    return groups("MATCH (n:V) RETURN n.grp, CAST(sum(n.score) AS INT64)");
  }

  @Override
  public Sum scan() {
    long[] row = row("MATCH (:V)-[:E]->(b:V) RETURN count(*), CAST(sum(b.id) AS INT64)");
    return new Sum(row[0], row[1]);
  }

  @Override
  public SocialStore social() throws Exception {
    if (social == null) {
      social = new KuzuSocial(folder.resolve("social.kuzu"), data.social());
    }
    return social;
  }

  @Override
  public void commit(int source, int target) {
    String text = "MATCH (a:V), (b:V) WHERE a.id = $source AND b.id = $target CREATE (a)-[:E]->(b)";
    try (Value from = new Value((long) source);
        Value to = new Value((long) target)) {
      execute(writes, text, Map.of("source", from, "target", to)).close();
    }
  }

  @Override
  public void insert(int[] sources, int[] targets) throws Exception {
    Path file = Files.createTempFile(folder.getParent(), "batch", ".csv");
    try {
      try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(file))) {
        for (int i = 0; i < sources.length; i++) {
          out.println(sources[i] + "," + targets[i]);
        }
      }
      KuzuPeer.run(writes, "COPY E FROM '" + file + "'");
    } finally {
      Files.delete(file);
    }
  }

  @Override
  public void close() {
    if (social != null) {
      social.close();
    }
    prepared.values().forEach(PreparedStatement::close);
    reads.close();
    writes.close();
    database.close();
  }

  private Sum groups(String text) {
    try (QueryResult result = execute(reads, text, Map.of())) {
      long groups = 0;
      long sum = 0;
      while (result.hasNext()) {
        try (FlatTuple tuple = result.getNext()) {
          groups++;
          sum += (number(tuple, 0) + 1) * number(tuple, 1);
        }
      }
      return new Sum(groups, sum);
    }
  }

  private long[] row(String text, String parameter, int value) {
    try (Value given = new Value((long) value)) {
      return row(text, Map.of(parameter, given));
    }
  }

  private long[] row(String text) {
    return row(text, Map.of());
  }

  private long[] row(String text, Map<String, Value> parameters) {
    try (QueryResult result = execute(reads, text, parameters);
        FlatTuple tuple = result.getNext()) {
      long[] row = new long[(int) result.getNumColumns()];
      for (int column = 0; column < row.length; column++) {
        row[column] = number(tuple, column);
      }
      return row;
    }
  }

  private static long number(FlatTuple tuple, int column) {
    try (Value value = tuple.getValue(column)) {
      return value.<Number>getValue().longValue();
    }
  }

  private QueryResult execute(Connection connection, String text, Map<String, Value> parameters) {
    PreparedStatement statement;
    synchronized (prepared) {
      statement = prepared.computeIfAbsent(text, connection::prepare);
    }
    QueryResult result = connection.execute(statement, parameters);
    if (!result.isSuccess()) {
      throw new IllegalStateException(text + ": " + result.getErrorMessage());
    }
    return result;
  }
}
