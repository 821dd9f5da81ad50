package dev.quarry.peers.neo4j;

import dev.quarry.bench.peers.kit.SocialData;
import dev.quarry.bench.peers.kit.SocialQuestion;
import dev.quarry.bench.peers.kit.SocialStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.neo4j.dbms.api.DatabaseManagementService;
import org.neo4j.graphdb.GraphDatabaseService;
import org.neo4j.graphdb.Result;
import org.neo4j.graphdb.Transaction;

/// The social network in a database of Neo4j, in a home of its own.
final class Neo4jSocial implements SocialStore {
  private final DatabaseManagementService service;
  private final GraphDatabaseService database;

  /// Opens it, after an import if the home is not there.
  Neo4jSocial(Path home, SocialData data) throws Exception {
    if (!Files.exists(home)) {
      Files.createDirectories(home);
      Neo4jPeer.load(
          home,
          files(home, data),
          "CREATE CONSTRAINT person_id FOR (n:Person) REQUIRE n.id IS UNIQUE",
          "CREATE CONSTRAINT message_id FOR (n:Message) REQUIRE n.id IS UNIQUE");
    }
    service = Neo4jStore.service(home);
    database = service.database("neo4j");
  }

  private static List<String> files(Path home, SocialData data) throws IOException {
    List<String> options = new ArrayList<>();
    for (SocialData.Nodes nodes : SocialData.NODES) {
      String header = "id:ID(%s)%s".formatted(nodes.ids(), columns(nodes.columns()));
      Path of = Files.writeString(home.resolve(nodes.file()), header + "\n");
      options.add(
          "--nodes=%s=%s,%s"
              .formatted(String.join(":", nodes.labels()), of, data.path(nodes.file())));
    }
    for (SocialData.Relationships file : SocialData.RELATIONSHIPS) {
      String header =
          ":START_ID(%s),:END_ID(%s)%s"
              .formatted(
                  SocialData.idsOf(file.from()),
                  SocialData.idsOf(file.to()),
                  columns(file.columns()));
      Path of = Files.writeString(home.resolve(file.file()), header + "\n");
      options.add("--relationships=%s=%s,%s".formatted(file.type(), of, data.path(file.file())));
    }
    return options;
  }

  private static String columns(List<SocialData.Column> columns) {
    return columns.stream()
        .map(column -> "," + column.name() + (column.isText() ? ":string" : ":int"))
        .collect(Collectors.joining());
  }

  @Override
  public List<String> rows(SocialQuestion question, int id) {
    try (Transaction tx = database.beginTx();
        Result result = tx.execute(question.cypher(), Map.of("id", id))) {
      List<String> rows = new ArrayList<>();
      while (result.hasNext()) {
        Map<String, Object> row = result.next();
        rows.add(
            result.columns().stream()
                .map(column -> String.valueOf(row.get(column)))
                .collect(Collectors.joining("|")));
      }
      return rows;
    }
  }

  @Override
  public void close() {
    service.shutdown();
  }
}
