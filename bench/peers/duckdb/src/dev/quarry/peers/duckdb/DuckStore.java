package dev.quarry.peers.duckdb;

import dev.quarry.bench.peers.kit.DataSet;
import dev.quarry.bench.peers.kit.PeerStore;
import dev.quarry.bench.peers.kit.SocialStore;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;

/// A database of DuckDB at work: prepared statements; a connection for reads and one for writes.
final class DuckStore implements PeerStore {
  private static final String TWO_STEPS = " FROM e AS ab JOIN e AS bc ON ab.target = bc.source ";

  private final DataSet data;
  private final Path folder;
  private final DuckDBConnection reads;
  private final DuckDBConnection writes;
  private final Map<String, PreparedStatement> prepared = new HashMap<>();

  private DuckSocial social;

  DuckStore(DataSet data, String url, Path folder) throws SQLException {
    this.data = data;
    this.folder = folder;
    reads = (DuckDBConnection) DriverManager.getConnection(url);
    writes = (DuckDBConnection) DriverManager.getConnection(url);
    writes.setAutoCommit(false);
  }

  @Override
  public long nodes() throws SQLException {
    return row("SELECT count(*) FROM v")[0];
  }

  @Override
  public long relationships() throws SQLException {
    return row("SELECT count(*) FROM e")[0];
  }

  @Override
  public long lookUp(int[] ids) throws SQLException {
    long sum = 0;
    for (int id : ids) {
      sum += row("SELECT score FROM v WHERE id = ?", id)[0];
    }
    return sum;
  }

  @Override
  public long hops(int start, int steps) throws SQLException {
    String[] texts = {
      "SELECT count(DISTINCT target) FROM e WHERE source = ?",
      "SELECT count(DISTINCT bc.target)" + TWO_STEPS + "WHERE ab.source = ?",
      "SELECT count(DISTINCT cd.target)"
          + TWO_STEPS
          + "JOIN e AS cd ON bc.target = cd.source WHERE ab.source = ?"
    };
    return row(texts[steps - 1], start)[0];
  }

  @Override
  public long within(int start, int steps) throws SQLException {
    String text =
        "WITH RECURSIVE r(id, depth) AS (SELECT CAST(? AS INTEGER), 0 UNION "
            + "SELECT e.target, depth + 1 FROM r JOIN e ON e.source = r.id WHERE depth < %d) "
            + "SELECT count(DISTINCT id) FROM r WHERE depth > 0";
    return row(text.formatted(steps), start)[0];
  }

  @Override
  public long paths(Paths kind, int below) throws SQLException {
    return switch (kind) {
      case ALL -> row("SELECT count(*)" + TWO_STEPS)[0];
      case MIDDLE ->
          row(
              "SELECT count(*)" + TWO_STEPS + "JOIN v ON v.id = bc.source WHERE v.score < ?",
              below)[0];
      case END ->
          row(
              "SELECT count(*)" + TWO_STEPS + "JOIN v ON v.id = bc.target WHERE v.score < ?",
              below)[0];
      case DISTINCT -> row("SELECT count(DISTINCT bc.target)" + TWO_STEPS)[0];
    };
  }

  @Override
  public Sum pathsByGroup() throws SQLException {
    return groups(
        "SELECT v.grp, count(*)" + TWO_STEPS + "JOIN v ON v.id = bc.source GROUP BY v.grp");
  }

  @Override
  public long triangles() throws SQLException {
    return row(
        "SELECT count(*)"
            + TWO_STEPS
            + "JOIN e AS ac ON ac.source = ab.source AND ac.target = bc.target")[0];
  }

  @Override
  public Reach breadthFirst(int start) throws SQLException {
    long[] row =
        row(
            "WITH RECURSIVE r(id, depth) USING KEY (id) AS (SELECT CAST(? AS INTEGER), 0 UNION "
                + "SELECT e.target, min(r.depth) + 1 FROM r JOIN e ON e.source = r.id "
                + "LEFT JOIN recurring.r AS seen ON seen.id = e.target WHERE seen.id IS NULL "
                + "GROUP BY e.target) SELECT count(*) - 1, CAST(sum(depth) AS BIGINT) FROM r",
            start);
    return new Reach(row[0], row[1]);
  }

  /// A join for each iteration: a recursive one cannot add up what all nodes without targets have.
  @Override
  public Ranks pageRank(int iterations) throws SQLException {
    try (Statement statement = reads.createStatement()) {
      statement.execute(
          "CREATE OR REPLACE TEMP TABLE degrees AS SELECT v.id, count(e.source) AS degree "
              + "FROM v LEFT JOIN e ON e.source = v.id GROUP BY v.id");
      statement.execute(
          "CREATE OR REPLACE TEMP TABLE ranks AS SELECT id, degree, "
              + "1.0::DOUBLE / (SELECT count(*) FROM v) AS score FROM degrees");
      for (int i = 0; i < iterations; i++) {
        statement.execute(
            "CREATE OR REPLACE TEMP TABLE ranks AS "
                + "WITH sums AS (SELECT e.target AS id, sum(r.score / r.degree) AS score "
                + "FROM ranks AS r JOIN e ON e.source = r.id GROUP BY e.target), "
                + "every AS (SELECT (0.15 + 0.85 * coalesce(sum(score) FILTER (degree = 0), 0)) "
                + "/ count(*) AS score FROM ranks) "
                + "SELECT d.id, d.degree, (SELECT score FROM every) "
                + "+ 0.85 * coalesce(sums.score, 0) AS score "
                + "FROM degrees AS d LEFT JOIN sums ON sums.id = d.id");
      }
    }
    try (ResultSet rows =
        prepared(
                reads,
                "SELECT sum(score), sum(score * score), sum((id + 1) * score) FILTER (id < "
                    + KNOWN
                    + ") FROM ranks")
            .executeQuery()) {
      rows.next();
      return new Ranks(rows.getDouble(1), rows.getDouble(2), rows.getDouble(3));
    }
  }

  /// As its documentation of USING KEY does it.
  @Override
  public Sum components(int node) throws SQLException {
    long[] row =
        row(
            "WITH RECURSIVE "
                + "pairs(one, other) AS (SELECT source, target FROM e "
                + "UNION ALL SELECT target, source FROM e), "
                + "r(id, name) USING KEY (id) AS (SELECT id, id FROM v UNION "
                + "SELECT known.id, min(r.name) FROM r JOIN pairs ON pairs.one = r.id "
                + "JOIN recurring.r AS known ON known.id = pairs.other "
                + "WHERE r.name < known.name GROUP BY known.id) "
                + "SELECT count(DISTINCT name), count(*) FILTER (name = "
                + "(SELECT name FROM r WHERE id = ?)) FROM r",
            node);
    return new Sum(row[0], row[1]);
  }

  @Override
  public Sum filter(int below) throws SQLException {
    long[] row = row("SELECT count(*), CAST(sum(score) AS BIGINT) FROM v WHERE score < ?", below);
    return new Sum(row[0], row[1]);
  }

  @Override
  public Sum sumByGroup() throws SQLException {
    return groups("SELECT grp, CAST(sum(score) AS BIGINT) FROM v GROUP BY grp");
  }

  @Override
  public Sum scan() throws SQLException {
    long[] row = row("SELECT count(*), CAST(sum(target) AS BIGINT) FROM e");
    return new Sum(row[0], row[1]);
  }

  @Override
  public SocialStore social() throws Exception {
    if (social == null) {
      social = new DuckSocial(folder.resolve("social.duckdb"), data.social());
    }
    return social;
  }

  @Override
  public void commit(int source, int target) throws SQLException {
    PreparedStatement statement = prepared(writes, "INSERT INTO e VALUES (?, ?)");
    statement.setInt(1, source);
    statement.setInt(2, target);
    statement.execute();
    writes.commit();
  }

  @Override
  public void insert(int[] sources, int[] targets) throws SQLException {
    try (DuckDBAppender appender = writes.createAppender("main", "e")) {
      for (int i = 0; i < sources.length; i++) {
        appender.beginRow();
        appender.append(sources[i]);
        appender.append(targets[i]);
        appender.endRow();
      }
    }
    writes.commit();
  }

  @Override
  public void close() throws SQLException {
    if (social != null) {
      social.close();
    }
    for (PreparedStatement statement : prepared.values()) {
      statement.close();
    }
    writes.close();
    reads.close();
  }

  private Sum groups(String text) throws SQLException {
    try (ResultSet rows = prepared(reads, text).executeQuery()) {
      long groups = 0;
      long sum = 0;
      while (rows.next()) {
        groups++;
        sum += (rows.getLong(1) + 1) * rows.getLong(2);
      }
      return new Sum(groups, sum);
    }
  }

  private long[] row(String text, int... parameters) throws SQLException {
    PreparedStatement statement = prepared(reads, text);
    for (int i = 0; i < parameters.length; i++) {
      statement.setInt(i + 1, parameters[i]);
    }
    try (ResultSet rows = statement.executeQuery()) {
      rows.next();
      long[] row = new long[rows.getMetaData().getColumnCount()];
      for (int column = 0; column < row.length; column++) {
        row[column] = rows.getLong(column + 1);
      }
      return row;
    }
  }

  private synchronized PreparedStatement prepared(Connection connection, String text)
      throws SQLException {
    PreparedStatement statement = prepared.get(text);
    if (statement == null) {
      statement = connection.prepareStatement(text);
      prepared.put(text, statement);
    }
    return statement;
  }
}
