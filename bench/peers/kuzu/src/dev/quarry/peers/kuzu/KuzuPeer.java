package dev.quarry.peers.kuzu;

import com.kuzudb.Connection;
import com.kuzudb.Database;
import com.kuzudb.Version;
import dev.quarry.bench.peers.kit.DataSet;
import dev.quarry.bench.peers.kit.Peer;
import dev.quarry.bench.peers.kit.PeerStore;
import dev.quarry.bench.peers.kit.Session;
import java.nio.file.Path;

/// Kuzu: tables with a primary key, filled with COPY, defaults for buffer pool and checkpoints.
final class KuzuPeer implements Peer {
  private KuzuPeer() {}

  public static void main(String[] arguments) throws Exception {
    Session.serve(new KuzuPeer(), arguments);
  }

  @Override
  public String version() {
    return "Kuzu " + Version.getVersion();
  }

  @Override
  public String configuration() {
    return "-Xmx512m; buffer pool by default (80 %% of memory); %d threads for a query; primary key on id; commits wait for the log; loads with COPY, batches as well"
        .formatted(Runtime.getRuntime().availableProcessors());
  }

  @Override
  public void load(DataSet data, Path store) {
    try (Database database = new Database(file(store));
        Connection connection = new Connection(database)) {
      run(connection, "CREATE NODE TABLE V(id INT64, grp INT64, score INT64, PRIMARY KEY(id))");
      run(connection, "CREATE REL TABLE E(FROM V TO V)");
      run(connection, "COPY V FROM '" + data.nodes() + "'");
      run(connection, "COPY E FROM '" + data.edges() + "'");
      run(connection, "CHECKPOINT");
    }
  }

  @Override
  public PeerStore open(DataSet data, Path store) throws Exception {
    return new KuzuStore(data, file(store), store);
  }

  private static String file(Path folder) {
    return folder.resolve("peers.kuzu").toString();
  }

  static void run(Connection connection, String statement) {
    try (var result = connection.query(statement)) {
      if (!result.isSuccess()) {
        throw new IllegalStateException(statement + ": " + result.getErrorMessage());
      }
    }
  }
}
