package dev.quarry.peers.duckdb;

import dev.quarry.bench.peers.kit.SocialData;
import dev.quarry.bench.peers.kit.SocialQuestion;
import dev.quarry.bench.peers.kit.SocialStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The social network in a database of DuckDB: a table for each sequence of ids, with a primary
/// key, and one for each type, `source` and `target` first. `KNOWS` has both directions, as the SQL
/// of the benchmark has it. A message is a post if its id is below that of the first comment.
final class DuckSocial implements SocialStore {
  private static final String HOMES =
      "WITH homes AS (SELECT l.source AS person, p.target AS country "
          + "FROM is_located_in AS l JOIN is_part_of AS p ON p.source = l.target) ";
  private static final String ROOTS =
      "WITH RECURSIVE %s, roots(id, top) AS (SELECT id, id FROM starts UNION ALL "
          + "SELECT roots.id, r.target FROM roots JOIN reply_of AS r ON r.source = roots.top) ";

  private static final String OTHER_TAGS =
      "SELECT count(*) FROM has_tag AS t1 JOIN reply_of AS r ON r.target = t1.source "
          + "JOIN has_tag AS t2 ON t2.source = r.source AND t2.target <> t1.target";
  private static final String INTERESTS =
      "SELECT count(*) FROM knows AS k1 "
          + "JOIN knows AS k2 ON k2.source = k1.target AND k2.target <> k1.source "
          + "JOIN has_interest AS i ON i.source = k2.target";

  private final Connection connection;
  private final Map<SocialQuestion, PreparedStatement> prepared =
      new EnumMap<>(SocialQuestion.class);

  /// Opens it, after a load if the file is not there.
  DuckSocial(Path file, SocialData data) throws SQLException {
    boolean isNew = !Files.exists(file);
    connection = DriverManager.getConnection("jdbc:duckdb:" + file);
    if (isNew) {
      load(data);
    }
  }

  private void load(SocialData data) throws SQLException {
    Set<String> known = new HashSet<>();
    try (Statement statement = connection.createStatement()) {
      for (SocialData.Nodes nodes : SocialData.NODES) {
        if (known.add(nodes.ids())) {
          statement.execute(
              "CREATE TABLE %s(id INTEGER PRIMARY KEY%s)"
                  .formatted(nodes.ids(), columns(nodes.columns())));
        }
        fill(statement, nodes.ids(), data.path(nodes.file()));
      }
      for (SocialData.Relationships file : SocialData.RELATIONSHIPS) {
        if (known.add(file.type())) {
          statement.execute(
              "CREATE TABLE %s(source INTEGER, target INTEGER%s)"
                  .formatted(file.type(), columns(file.columns())));
        }
        fill(statement, file.type(), data.path(file.file()));
      }
      statement.execute("INSERT INTO knows SELECT target, source, created FROM knows");
      statement.execute("CHECKPOINT");
    }
  }

  private static void fill(Statement statement, String table, Path file) throws SQLException {
    statement.execute(
        "INSERT INTO %s SELECT * FROM read_csv('%s', header = false)".formatted(table, file));
  }

  private static String columns(List<SocialData.Column> columns) {
    return columns.stream()
        .map(column -> ", " + column.name() + (column.isText() ? " VARCHAR" : " INTEGER"))
        .collect(Collectors.joining());
  }

  private static String text(SocialQuestion question) {
    return switch (question) {
      case LSQB_1 ->
          "SELECT count(*) FROM is_part_of AS p JOIN is_located_in AS l ON l.target = p.source "
              + "JOIN has_member AS m ON m.target = l.source "
              + "JOIN container_of AS c ON c.source = m.source "
              + "JOIN reply_of AS r ON r.target = c.target "
              + "JOIN has_tag AS t ON t.source = r.source JOIN has_type AS y ON y.source = t.target";
      case LSQB_2 ->
          "SELECT count(*) FROM knows AS k JOIN has_creator AS c ON c.target = k.source "
              + "JOIN reply_of AS r ON r.source = c.source "
              + "JOIN container_of AS p ON p.target = r.target "
              + "JOIN has_creator AS o ON o.source = r.target AND o.target = k.target";
      case LSQB_3 ->
          HOMES
              + "SELECT count(*) FROM knows AS k1 JOIN knows AS k2 ON k2.source = k1.target "
              + "JOIN knows AS k3 ON k3.source = k2.target AND k3.target = k1.source "
              + "JOIN homes AS h1 ON h1.person = k1.source "
              + "JOIN homes AS h2 ON h2.person = k2.source AND h2.country = h1.country "
              + "JOIN homes AS h3 ON h3.person = k3.source AND h3.country = h1.country";
      case LSQB_4 ->
          "SELECT count(*) FROM has_tag AS t JOIN has_creator AS c ON c.source = t.source "
              + "JOIN likes AS l ON l.target = t.source JOIN reply_of AS r ON r.target = t.source";
      case LSQB_5 -> OTHER_TAGS;
      case LSQB_6 -> INTERESTS;
      case LSQB_7 ->
          "SELECT count(*) FROM has_tag AS t JOIN has_creator AS c ON c.source = t.source "
              + "LEFT JOIN likes AS l ON l.target = t.source "
              + "LEFT JOIN reply_of AS r ON r.target = t.source";
      case LSQB_8 ->
          OTHER_TAGS
              + " WHERE NOT EXISTS (SELECT 1 FROM has_tag AS x "
              + "WHERE x.source = r.source AND x.target = t1.target)";
      case LSQB_9 ->
          INTERESTS
              + " WHERE NOT EXISTS (SELECT 1 FROM knows AS x "
              + "WHERE x.source = k1.source AND x.target = k2.target)";
      case READ_1 ->
          "SELECT firstName, lastName, birthday, browser, created, l.target FROM person AS p "
              + "JOIN is_located_in AS l ON l.source = p.id WHERE p.id = ?";
      case READ_2 ->
          ROOTS.formatted(
                  "starts AS (SELECT m.id FROM has_creator AS c JOIN message AS m ON m.id = c.source "
                      + "WHERE c.target = ? ORDER BY m.created DESC LIMIT 10)")
              + "SELECT m.id, m.content, m.created, roots.top, p.id, p.firstName FROM roots "
              + "JOIN container_of AS f ON f.target = roots.top JOIN message AS m ON m.id = roots.id "
              + "JOIN has_creator AS c ON c.source = roots.top JOIN person AS p ON p.id = c.target "
              + "ORDER BY m.created DESC";
      case READ_3 ->
          "SELECT p.id, p.firstName, p.lastName, k.created FROM knows AS k "
              + "JOIN person AS p ON p.id = k.target WHERE k.source = ? "
              + "ORDER BY k.created DESC, p.id";
      case READ_4 -> "SELECT created, content FROM message WHERE id = ?";
      case READ_5 ->
          "SELECT p.id, p.firstName, p.lastName FROM has_creator AS c "
              + "JOIN person AS p ON p.id = c.target WHERE c.source = ?";
      case READ_6 ->
          ROOTS.formatted("starts AS (SELECT CAST(? AS INTEGER) AS id)")
              + "SELECT f.id, f.title, p.id, p.firstName, p.lastName FROM roots "
              + "JOIN container_of AS c ON c.target = roots.top JOIN forum AS f ON f.id = c.source "
              + "JOIN has_moderator AS m ON m.source = f.id JOIN person AS p ON p.id = m.target";
      case READ_7 ->
          "SELECT m.id, m.content, m.created, p.id, p.firstName, p.lastName, "
              + "CASE WHEN k.source IS NULL THEN 0 ELSE 1 END FROM reply_of AS r "
              + "JOIN message AS m ON m.id = r.source JOIN has_creator AS c ON c.source = m.id "
              + "JOIN person AS p ON p.id = c.target JOIN has_creator AS a ON a.source = r.target "
              + "LEFT JOIN knows AS k ON k.source = a.target AND k.target = p.id "
              + "WHERE r.target = ? ORDER BY m.created DESC";
    };
  }

  @Override
  public List<String> rows(SocialQuestion question, int id) throws SQLException {
    PreparedStatement statement = prepared.get(question);
    if (statement == null) {
      statement = connection.prepareStatement(text(question));
      prepared.put(question, statement);
    }
    if (question.isRead()) {
      statement.setInt(1, id);
    }
    try (ResultSet result = statement.executeQuery()) {
      int columns = result.getMetaData().getColumnCount();
      List<String> rows = new ArrayList<>();
      while (result.next()) {
        StringBuilder row = new StringBuilder();
        for (int column = 1; column <= columns; column++) {
          row.append(column == 1 ? "" : "|").append(result.getObject(column));
        }
        rows.add(row.toString());
      }
      return rows;
    }
  }

  @Override
  public void close() throws SQLException {
    for (PreparedStatement statement : prepared.values()) {
      statement.close();
    }
    connection.close();
  }
}
