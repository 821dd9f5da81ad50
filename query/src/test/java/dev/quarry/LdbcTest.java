package dev.quarry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The LDBC SNB data gives the rows that another engine computed from the same texts, and takes its
/// stream of updates. Not an audited result. Skipped where the data is missing.
class LdbcTest {
  /// Labels of the nodes that the updates look up by their id.
  private static final List<String> LOOKED_UP =
      List.of(
          "Person",
          "Forum",
          "Post",
          "Comment",
          "Message",
          "Tag",
          "City",
          "Country",
          "Organisation");

  @TempDir Path folder;

  private Quarry load(LdbcData data) throws IOException {
    OpenOptions options = OpenOptions.defaults().withSyncCommits(false);
    Quarry db = Quarry.open(folder.resolve("snb.quarry"), options);
    db.load(data.plan(folder));
    return db;
  }

  @Test
  @SuppressWarnings("unchecked")
  void readsGiveTheRowsOfAnotherEngine() throws IOException {
    LdbcData data = LdbcData.find();
    try (Quarry db = load(data)) {
      List<Map<String, @Nullable Object>> cases = data.cases();
      assertEquals(57, cases.size());
      for (Map<String, @Nullable Object> one : cases) {
        String text = (String) java.util.Objects.requireNonNull(one.get("query"));
        Answer answer =
            db.run(text, (Map<String, ?>) java.util.Objects.requireNonNull(one.get("params")));
        List<List<@Nullable Object>> found = new ArrayList<>();
        answer.forEach(row -> found.add(new ArrayList<>(row.asMap().values())));
        assertEquals(one.get("columns"), answer.columns());
        assertEquals(
            texts((List<?>) java.util.Objects.requireNonNull(one.get("rows")), one),
            texts(found, one),
            () -> one.get("id") + "\n" + answer.summary().plan());
      }
      assertEquals(List.of(), db.admin().check().problems());
    }
  }

  /// Rows as texts, in which an integer differs from a float.
  private static List<String> texts(List<?> rows, Map<String, @Nullable Object> of) {
    boolean bags = Boolean.TRUE.equals(of.get("bags"));
    List<String> texts = new ArrayList<>();
    for (Object row : rows) {
      texts.add(((List<?>) row).stream().map(value -> text(value, bags)).toList().toString());
    }
    if (!Boolean.TRUE.equals(of.get("ordered"))) {
      texts.sort(null);
    }
    return texts;
  }

  private static String text(@Nullable Object value, boolean bags) {
    if (value instanceof List<?> list) {
      List<String> texts = new ArrayList<>();
      list.forEach(element -> texts.add(text(element, bags)));
      if (bags) {
        texts.sort(null);
      }
      return texts.toString();
    }
    return value instanceof String ? "'" + value + "'" : String.valueOf(value);
  }

  @Test
  void updatesCreateWhatTheySay() throws IOException {
    LdbcData data = LdbcData.find();
    Map<Integer, PreparedQuery> queries = new HashMap<>();
    for (int kind = 1; kind <= 8; kind++) {
      queries.put(kind, PreparedQuery.of(data.update(kind)));
    }
    List<LdbcUpdate> updates = data.updates().stream().map(LdbcUpdate::of).toList();
    try (Quarry db = load(data)) {
      LOOKED_UP.forEach(label -> db.run("CREATE INDEX FOR (n:" + label + ") ON (n.id)"));
      Map<String, Long> expected = counts(db);
      Map<Integer, LdbcUpdate> last = new TreeMap<>();
      for (int from = 0; from < updates.size(); from += 500) {
        List<LdbcUpdate> part = updates.subList(from, Math.min(updates.size(), from + 500));
        db.update(
            tx -> {
              for (LdbcUpdate update : part) {
                PreparedQuery query = java.util.Objects.requireNonNull(queries.get(update.kind()));
                tx.query(query, update.parameters(), QueryOptions.DEFAULT).close();
              }
            });
        for (LdbcUpdate update : part) {
          update.created().forEach((what, count) -> expected.merge(what, count, Long::sum));
          last.put(update.kind(), update);
        }
      }
      expected.values().removeIf(count -> count == 0);
      assertEquals(expected, counts(db));
      assertEquals(8, last.size());
      last.values().forEach(update -> checkEffect(db, update));
      assertEquals(List.of(), db.admin().check().problems());
    }
  }

  private static Map<String, Long> counts(Quarry db) {
    Map<String, Long> counts = new TreeMap<>();
    for (String query :
        List.of(
            "MATCH (n) UNWIND labels(n) AS what RETURN what, count(*)",
            "MATCH ()-[r]->() RETURN type(r) AS what, count(*)")) {
      for (Row row : db.run(query)) {
        counts.put((String) row.get(0), (Long) row.get(1));
      }
    }
    return counts;
  }

  /// What an update created has the properties and the neighbours that it says.
  private static void checkEffect(Quarry db, LdbcUpdate update) {
    String query =
        switch (update.kind()) {
          case 1 ->
              "MATCH (p:Person {id: $personId})-[:IS_LOCATED_IN]->(:City {id: $cityId})"
                  + " WHERE p.firstName = $personFirstName AND p.email = $emails"
                  + " AND p.birthday = $birthday RETURN"
                  + " COUNT { (p)-[:HAS_INTEREST]->(:Tag) } = size($tagIds)";
          case 2 ->
              "MATCH (:Person {id: $personId})-[l:LIKES]->(:Post {id: $postId})"
                  + " RETURN l.creationDate = $creationDate";
          case 3 ->
              "MATCH (:Person {id: $personId})-[l:LIKES]->(:Comment {id: $commentId})"
                  + " RETURN l.creationDate = $creationDate";
          case 4 ->
              "MATCH (f:Forum {id: $forumId})-[:HAS_MODERATOR]->(:Person {id: $moderatorPersonId})"
                  + " RETURN f.title = $forumTitle"
                  + " AND COUNT { (f)-[:HAS_TAG]->(:Tag) } = size($tagIds)";
          case 5 ->
              "MATCH (:Forum {id: $forumId})-[m:HAS_MEMBER]->(:Person {id: $personId})"
                  + " WHERE m.joinDate = $joinDate RETURN count(m) = 1";
          case 6 ->
              "MATCH (:Forum {id: $forumId})-[:CONTAINER_OF]->(p:Post&Message {id: $postId})"
                  + "-[:HAS_CREATOR]->(:Person {id: $authorPersonId}),"
                  + " (p)-[:IS_LOCATED_IN]->(:Country {id: $countryId})"
                  + " RETURN coalesce(p.content, '') = $content AND p.length = $length"
                  + " AND COUNT { (p)-[:HAS_TAG]->(:Tag) } = size($tagIds)";
          case 7 ->
              "MATCH (c:Comment {id: $commentId})-[:REPLY_OF]->(m:Message),"
                  + " (c)-[:HAS_CREATOR]->(:Person {id: $authorPersonId})"
                  + " RETURN c.content = $content AND m.id IN [$replyToPostId, $replyToCommentId]";
          default ->
              "MATCH (:Person {id: $person1Id})-[k:KNOWS]->(:Person {id: $person2Id})"
                  + " RETURN k.creationDate = $creationDate";
        };
    List<Row> rows = db.run(query, update.parameters()).rows();
    assertEquals(1, rows.size(), () -> query + " " + update);
    assertEquals(true, rows.getFirst().get(0), () -> query + " " + update);
  }
}
