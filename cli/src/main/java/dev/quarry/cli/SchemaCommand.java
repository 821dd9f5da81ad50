package dev.quarry.cli;

import dev.quarry.Quarry;
import dev.quarry.ReadTransaction;
import dev.quarry.Row;
import dev.quarry.Rows;
import dev.quarry.StoreStats;
import dev.quarry.cli.render.JsonText;
import dev.quarry.cli.render.Units;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// `:schema`: the labels, relationship types and property keys of a store, and how often each
/// occurs; its indexes and constraints.
///
/// Labels and types are counted by the store all the time; keys are counted now, by looking at
/// every record.
final class SchemaCommand {
  private record Uses(long nodes, long relationships) {
    Uses and(long moreNodes, long moreRelationships) {
      return new Uses(nodes + moreNodes, relationships + moreRelationships);
    }
  }

  /// What one snapshot says.
  ///
  /// @param indexes rows of SHOW INDEXES
  /// @param constraints rows of SHOW CONSTRAINTS
  private record Found(
      Map<String, Uses> keys,
      List<Map<String, @Nullable Object>> indexes,
      List<Map<String, @Nullable Object>> constraints) {}

  private final StatementRunner runner;
  private final PrintStream out;

  SchemaCommand(StatementRunner runner, PrintStream out) {
    this.runner = runner;
    this.out = out;
  }

  void run() {
    Quarry db = runner.store().open(false);
    StoreStats stats = db.admin().stats();
    Found found = runner.cancellable(() -> find(db));
    if (runner.mode().json()) {
      out.println(json(stats, found));
      return;
    }
    counts("labels", stats.labels());
    counts("relationship types", stats.types());
    list("property keys", keyLines(found.keys));
    list("indexes", found.indexes.stream().map(SchemaCommand::index).toList());
    list("constraints", found.constraints.stream().map(SchemaCommand::constraint).toList());
    if (runner.transaction().isOpen()) {
      out.println("as of the last commit; changes of the open transaction are not counted");
    }
  }

  private static Found find(Quarry db) {
    try (ReadTransaction reading = db.beginRead()) {
      return new Found(
          keys(reading), rows(reading, "SHOW INDEXES"), rows(reading, "SHOW CONSTRAINTS"));
    }
  }

  private static List<Map<String, @Nullable Object>> rows(ReadTransaction reading, String show) {
    try (Rows rows = reading.query(show)) {
      return rows.toList().stream().map(Row::asMap).toList();
    }
  }

  private static Map<String, Uses> keys(ReadTransaction reading) {
    Map<String, Uses> keys = new TreeMap<>();
    try (Rows rows =
        reading.query("MATCH (n) UNWIND keys(n) AS key RETURN key, count(*) AS uses")) {
      while (rows.next()) {
        add(keys, rows, rows.getLong(1), 0);
      }
    }
    try (Rows rows =
        reading.query("MATCH ()-[r]->() UNWIND keys(r) AS key RETURN key, count(*) AS uses")) {
      while (rows.next()) {
        add(keys, rows, 0, rows.getLong(1));
      }
    }
    return keys;
  }

  private static void add(Map<String, Uses> keys, Rows rows, long nodes, long relationships) {
    String key = java.util.Objects.requireNonNull(rows.getString("key"));
    keys.merge(key, new Uses(nodes, relationships), (a, b) -> a.and(b.nodes, b.relationships));
  }

  private void counts(String title, Map<String, Long> counts) {
    if (counts.values().stream().anyMatch(count -> count > 0)) {
      out.println(title);
      counts.forEach(
          (name, count) -> {
            if (count > 0) {
              out.println("  :" + name + "  " + Units.number(count));
            }
          });
    }
  }

  private void list(String title, List<String> lines) {
    if (!lines.isEmpty()) {
      out.println(title);
      lines.forEach(line -> out.println("  " + line));
    }
  }

  private static List<String> keyLines(Map<String, Uses> keys) {
    return keys.entrySet().stream()
        .map(key -> "." + key.getKey() + "  " + text(key.getValue()))
        .toList();
  }

  /// A line such as `person_name (:Person) .name 2 entries`.
  private static String index(Map<String, @Nullable Object> row) {
    long entries = (Long) required(row, "entries");
    Object constraint = row.get("owningConstraint");
    return "%s  %s  %s %s%s"
        .formatted(
            required(row, "name"),
            on(row),
            Units.number(entries),
            entries == 1 ? "entry" : "entries",
            constraint == null ? "" : ", of the constraint");
  }

  /// A line such as `one_name (:Person) .name is unique`.
  private static String constraint(Map<String, @Nullable Object> row) {
    String type = (String) required(row, "type");
    String what;
    if (type.endsWith("_UNIQUENESS")) {
      what = "is unique";
    } else if (type.endsWith("_EXISTENCE")) {
      what = "exists";
    } else if (type.endsWith("_KEY")) {
      what = "is a key";
    } else {
      what = "is " + required(row, "propertyType");
    }
    return required(row, "name") + "  " + on(row) + "  " + what;
  }

  /// What an index or a constraint is about: `(:Label) .a .b` or `[:TYPE] .a`.
  private static String on(Map<String, @Nullable Object> row) {
    boolean nodes = "NODE".equals(row.get("entityType"));
    StringBuilder text = new StringBuilder(nodes ? "(" : "[");
    ((List<?>) required(row, "labelsOrTypes")).forEach(name -> text.append(':').append(name));
    text.append(nodes ? ")" : "]");
    ((List<?>) required(row, "properties")).forEach(key -> text.append(" .").append(key));
    return text.toString();
  }

  private static Object required(Map<String, @Nullable Object> row, String column) {
    return java.util.Objects.requireNonNull(row.get(column), column);
  }

  private static String text(Uses uses) {
    String nodes = uses.nodes == 0 ? "" : Units.count(uses.nodes, "node");
    String relationships =
        uses.relationships == 0 ? "" : Units.count(uses.relationships, "relationship");
    return nodes + (nodes.isEmpty() || relationships.isEmpty() ? "" : ", ") + relationships;
  }

  private static String json(StoreStats stats, Found found) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("labels", stats.labels());
    fields.put("types", stats.types());
    Map<String, Map<String, Long>> byKey = new LinkedHashMap<>();
    found.keys.forEach(
        (key, uses) -> {
          Map<String, Long> counts = new LinkedHashMap<>();
          counts.put("nodes", uses.nodes);
          counts.put("relationships", uses.relationships);
          byKey.put(key, counts);
        });
    fields.put("keys", byKey);
    fields.put("indexes", found.indexes);
    fields.put("constraints", found.constraints);
    return JsonText.object(fields);
  }
}
