package dev.quarry.peers.neo4j;

import dev.quarry.bench.peers.kit.DataSet;
import dev.quarry.bench.peers.kit.Peer;
import dev.quarry.bench.peers.kit.PeerStore;
import dev.quarry.bench.peers.kit.Session;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.neo4j.cli.AdminTool;
import org.neo4j.cli.ExecutionContext;
import org.neo4j.dbms.api.DatabaseManagementService;
import org.neo4j.graphdb.GraphDatabaseService;
import org.neo4j.graphdb.Transaction;
import org.neo4j.kernel.internal.Version;

/// Neo4j, embedded community edition: a fixed heap and page cache, a constraint on the key, first
/// load with `neo4j-admin database import`.
final class Neo4jPeer implements Peer {
  private Neo4jPeer() {}

  public static void main(String[] arguments) throws Exception {
    Session.serve(new Neo4jPeer(), arguments);
  }

  @Override
  public String version() {
    return "Neo4j " + Version.getNeo4jVersion() + " community, embedded";
  }

  @Override
  public String configuration() {
    return "-Xms2g -Xmx2g, page cache %d MiB; one thread for a query; unique constraint on id; commits wait for the log; first load with neo4j-admin import in the process, batches through the core API"
        .formatted(Neo4jStore.PAGE_CACHE >> 20);
  }

  @Override
  public void load(DataSet data, Path store) throws Exception {
    Path nodes = Files.writeString(store.resolve("nodes-header.csv"), "id:ID,grp:int,score:int\n");
    Path edges = Files.writeString(store.resolve("edges-header.csv"), ":START_ID,:END_ID\n");
    load(
        store,
        List.of(
            "--nodes=V=" + nodes + "," + data.nodes(),
            "--relationships=E=" + edges + "," + data.edges()),
        "CREATE CONSTRAINT v_id FOR (n:V) REQUIRE n.id IS UNIQUE");
  }

  /// Imports files into an empty home, and waits until its constraints are there.
  static void load(Path home, List<String> files, String... constraints) throws Exception {
    List<String> words =
        new ArrayList<>(List.of("database", "import", "full", "neo4j", "--id-type=integer"));
    words.addAll(files);
    int exit =
        AdminTool.execute(
            new ExecutionContext(home, home.resolve("conf")), words.toArray(String[]::new));
    if (exit != 0) {
      throw new IllegalStateException("the import ended with " + exit);
    }
    DatabaseManagementService service = Neo4jStore.service(home);
    try {
      GraphDatabaseService database = service.database("neo4j");
      for (String constraint : constraints) {
        try (Transaction tx = database.beginTx()) {
          tx.execute(constraint).close();
          tx.commit();
        }
      }
      try (Transaction tx = database.beginTx()) {
        tx.schema().awaitIndexesOnline(10, TimeUnit.MINUTES);
      }
    } finally {
      service.shutdown();
    }
  }

  @Override
  public PeerStore open(DataSet data, Path store) {
    return new Neo4jStore(data, store);
  }
}
