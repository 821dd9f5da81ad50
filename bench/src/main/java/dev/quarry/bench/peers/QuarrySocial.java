package dev.quarry.bench.peers;

import dev.quarry.PreparedQuery;
import dev.quarry.Quarry;
import dev.quarry.QueryOptions;
import dev.quarry.ReadTransaction;
import dev.quarry.Rows;
import dev.quarry.bench.peers.kit.SocialData;
import dev.quarry.bench.peers.kit.SocialQuestion;
import dev.quarry.bench.peers.kit.SocialStore;
import dev.quarry.graph.FileFormat;
import dev.quarry.graph.LoadPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The social network in a store of Quarry, asked by statements.
final class QuarrySocial implements SocialStore {
  private final Quarry quarry;
  private final Map<SocialQuestion, PreparedQuery> prepared = new EnumMap<>(SocialQuestion.class);

  /// Opens it, after a load if the file is not there.
  QuarrySocial(Path file, SocialData data) {
    boolean isNew = !Files.exists(file);
    quarry = Quarry.open(file);
    if (isNew) {
      load(data);
    }
  }

  private void load(SocialData data) {
    LoadPlan plan = new LoadPlan();
    for (SocialData.Nodes nodes : SocialData.NODES) {
      String header = "id:ID(%s){integer}%s".formatted(nodes.ids(), columns(nodes.columns()));
      plan =
          plan.nodes(
              String.join(":", nodes.labels()),
              data.path(nodes.file()),
              FileFormat.CSV.withHeader(header));
    }
    for (SocialData.Relationships file : SocialData.RELATIONSHIPS) {
      String header =
          ":START_ID(%s),:END_ID(%s)%s"
              .formatted(
                  SocialData.idsOf(file.from()),
                  SocialData.idsOf(file.to()),
                  columns(file.columns()));
      plan =
          plan.relationships(
              file.type(), data.path(file.file()), FileFormat.CSV.withHeader(header));
    }
    quarry.load(plan);
    quarry.run("CREATE CONSTRAINT person_id FOR (n:Person) REQUIRE n.id IS UNIQUE");
    quarry.run("CREATE CONSTRAINT message_id FOR (n:Message) REQUIRE n.id IS UNIQUE");
  }

  private static String columns(List<SocialData.Column> columns) {
    return columns.stream()
        .map(column -> "," + column.name() + (column.isText() ? ":string" : ":int"))
        .collect(Collectors.joining());
  }

  @Override
  public List<String> rows(SocialQuestion question, int id) {
    PreparedQuery statement =
        prepared.computeIfAbsent(question, key -> PreparedQuery.of(key.cypher()));
    try (ReadTransaction tx = quarry.beginRead();
        Rows rows = tx.query(statement, Map.of("id", id), QueryOptions.DEFAULT)) {
      List<String> lines = new ArrayList<>();
      while (rows.next()) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < rows.columns().size(); column++) {
          line.append(column == 0 ? "" : "|").append(rows.get(column));
        }
        lines.add(line.toString());
      }
      return lines;
    }
  }

  @Override
  public void close() {
    quarry.close();
  }
}
