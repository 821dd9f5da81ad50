package dev.quarry.peers.duckdb;

import dev.quarry.bench.peers.kit.DataSet;
import dev.quarry.bench.peers.kit.Peer;
import dev.quarry.bench.peers.kit.PeerStore;
import dev.quarry.bench.peers.kit.Session;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/// DuckDB: two tables, the questions as joins, all defaults.
final class DuckPeer implements Peer {
  private DuckPeer() {}

  public static void main(String[] arguments) throws Exception {
    Session.serve(new DuckPeer(), arguments);
  }

  @Override
  public String version() {
    try {
      return "DuckDB " + engineVersion();
    } catch (SQLException e) {
      return "DuckDB";
    }
  }

  private static String engineVersion() throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:duckdb:")) {
      return connection.getMetaData().getDatabaseProductVersion();
    }
  }

  @Override
  public String configuration() {
    return "-Xmx512m; memory by default (80 %%); %d threads; primary key on id, none on relationships; commits wait for the log; loads with read_csv, batches with the appender"
        .formatted(Runtime.getRuntime().availableProcessors());
  }

  @Override
  public void load(DataSet data, Path store) throws SQLException {
    try (Connection connection = DriverManager.getConnection(url(store));
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE TABLE v(id INTEGER PRIMARY KEY, grp INTEGER, score INTEGER)");
      statement.execute("CREATE TABLE e(source INTEGER, target INTEGER)");
      statement.execute(
          "INSERT INTO v SELECT * FROM read_csv('" + data.nodes() + "', header = false)");
      statement.execute(
          "INSERT INTO e SELECT * FROM read_csv('" + data.edges() + "', header = false)");
      statement.execute("CHECKPOINT");
    }
  }

  @Override
  public PeerStore open(DataSet data, Path store) throws SQLException {
    return new DuckStore(data, url(store), store);
  }

  private static String url(Path folder) {
    return "jdbc:duckdb:" + folder.resolve("peers.duckdb");
  }
}
