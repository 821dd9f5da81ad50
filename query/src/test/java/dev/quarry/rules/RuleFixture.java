package dev.quarry.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quarry.OpenOptions;
import dev.quarry.Quarry;
import dev.quarry.Row;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.QuarryException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/// An empty graph in memory for each test of a rule; it must be sound when the test ends.
abstract class RuleFixture {
  final Quarry db = Quarry.inMemory(OpenOptions.defaults().withMemory(64 << 20));

  @AfterEach
  void checkAndClose() {
    assertEquals(List.of(), db.admin().check().problems());
    db.close();
  }

  /// The rows of a statement as text: values by commas, rows by semicolons.
  String rows(String cypher) {
    return rows(cypher, Map.of());
  }

  String rows(String cypher, Map<String, ?> parameters) {
    return text(db.run(cypher, parameters).rows());
  }

  static String text(List<Row> rows) {
    return String.join("; ", rows.stream().map(RuleFixture::ofRow).toList());
  }

  private static String ofRow(Row row) {
    return String.join(",", row.asMap().values().stream().map(String::valueOf).toList());
  }

  /// The only value of a statement that returns one.
  @Nullable Object value(String cypher) {
    return value(cypher, Map.of());
  }

  @Nullable Object value(String cypher, Map<String, ?> parameters) {
    List<Row> rows = db.run(cypher, parameters).rows();
    assertEquals(1, rows.size(), cypher);
    assertEquals(1, rows.getFirst().columns().size(), cypher);
    return rows.getFirst().get(0);
  }

  /// How many nodes there are, or relationships; found by a walk, not from the catalog.
  long nodes() {
    return number("MATCH (n) WITH n AS m RETURN count(*)");
  }

  long relationships() {
    return number("MATCH ()-[r]->() WITH r AS s RETURN count(*)");
  }

  private long number(String cypher) {
    Object value = value(cypher);
    assert value instanceof Long : value;
    return (Long) value;
  }

  /// That a statement fails, and changes nothing.
  void refuses(ErrorCode code, String cypher) {
    refuses(code, cypher, Map.of());
  }

  void refuses(ErrorCode code, String cypher, Map<String, ?> parameters) {
    long nodes = nodes();
    long relationships = relationships();
    QuarryException error =
        assertThrows(QuarryException.class, () -> db.run(cypher, parameters), cypher);
    assertEquals(code, error.code(), () -> cypher + ": " + error.getMessage());
    assertEquals(nodes, nodes(), cypher);
    assertEquals(relationships, relationships(), cypher);
  }
}
