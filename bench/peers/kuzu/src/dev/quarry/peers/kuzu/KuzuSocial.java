package dev.quarry.peers.kuzu;

import com.kuzudb.Connection;
import com.kuzudb.Database;
import com.kuzudb.FlatTuple;
import com.kuzudb.PreparedStatement;
import com.kuzudb.QueryResult;
import com.kuzudb.Value;
import dev.quarry.bench.peers.kit.SocialData;
import dev.quarry.bench.peers.kit.SocialQuestion;
import dev.quarry.bench.peers.kit.SocialStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The social network in a database of Kuzu. A node has one label, so a message is a post or a
/// comment.
final class KuzuSocial implements SocialStore {
  private final Database database;
  private final Connection connection;
  private final Map<SocialQuestion, PreparedStatement> prepared =
      new EnumMap<>(SocialQuestion.class);

  /// Opens it, after a load if the file is not there.
  KuzuSocial(Path file, SocialData data) {
    boolean isNew = !Files.exists(file);
    database = new Database(file.toString());
    connection = new Connection(database);
    if (isNew) {
      load(data);
    }
  }

  private void load(SocialData data) {
    for (SocialData.Nodes nodes : SocialData.NODES) {
      run(
          "CREATE NODE TABLE %s(id INT64%s, PRIMARY KEY(id))"
              .formatted(nodes.label(), columns(nodes.columns())));
      run("COPY %s FROM '%s'".formatted(nodes.label(), data.path(nodes.file())));
    }
    for (String type : types()) {
      List<SocialData.Relationships> files = files(type);
      String pairs =
          files.stream()
              .map(file -> "FROM " + file.from() + " TO " + file.to())
              .collect(Collectors.joining(", "));
      run("CREATE REL TABLE %s(%s%s)".formatted(type, pairs, columns(files.getFirst().columns())));
      for (SocialData.Relationships file : files) {
        run(
            "COPY %s FROM '%s' (from='%s', to='%s')"
                .formatted(type, data.path(file.file()), file.from(), file.to()));
      }
    }
    run("CHECKPOINT");
  }

  private static List<String> types() {
    return SocialData.RELATIONSHIPS.stream()
        .map(SocialData.Relationships::type)
        .distinct()
        .toList();
  }

  private static List<SocialData.Relationships> files(String type) {
    return SocialData.RELATIONSHIPS.stream().filter(file -> file.type().equals(type)).toList();
  }

  private static String columns(List<SocialData.Column> columns) {
    return columns.stream()
        .map(column -> ", " + column.name() + (column.isText() ? " STRING" : " INT64"))
        .collect(Collectors.joining());
  }

  private void run(String statement) {
    KuzuPeer.run(connection, statement);
  }

  /// The question in the dialect of Kuzu.
  private static String text(SocialQuestion question) {
    return question.cypher().replace(":Message", ":Post:Comment");
  }

  @Override
  public List<String> rows(SocialQuestion question, int id) {
    PreparedStatement statement =
        prepared.computeIfAbsent(question, key -> connection.prepare(text(key)));
    try (Value given = new Value((long) id);
        QueryResult result =
            connection.execute(statement, question.isRead() ? Map.of("id", given) : Map.of())) {
      if (!result.isSuccess()) {
        throw new IllegalStateException(question + ": " + result.getErrorMessage());
      }
      List<String> rows = new ArrayList<>();
      while (result.hasNext()) {
        rows.add(row(result));
      }
      return rows;
    }
  }

  private static String row(QueryResult result) {
    try (FlatTuple tuple = result.getNext()) {
      StringBuilder row = new StringBuilder();
      for (long column = 0; column < result.getNumColumns(); column++) {
        try (Value value = tuple.getValue(column)) {
          row.append(column == 0 ? "" : "|").append(value.<Object>getValue());
        }
      }
      return row.toString();
    }
  }

  @Override
  public void close() {
    prepared.values().forEach(PreparedStatement::close);
    connection.close();
    database.close();
  }
}
