package dev.quarry.cli;

import dev.quarry.Quarry;
import dev.quarry.ReadTransaction;
import dev.quarry.Rows;
import dev.quarry.StoreStats;
import dev.quarry.cli.render.JsonText;
import dev.quarry.cli.render.Units;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// `:schema`: the labels, relationship types and property keys of a store, and how often each
/// occurs.
///
/// Labels and types are counted by the store all the time; keys are counted now, by looking at
/// every record.
final class SchemaCommand {
  private record Uses(long nodes, long relationships) {
    Uses and(long moreNodes, long moreRelationships) {
      return new Uses(nodes + moreNodes, relationships + moreRelationships);
    }
  }

  private final StatementRunner runner;
  private final PrintStream out;

  SchemaCommand(StatementRunner runner, PrintStream out) {
    this.runner = runner;
    this.out = out;
  }

  void run() {
    Quarry db = runner.store().open(false);
    StoreStats stats = db.admin().stats();
    Map<String, Uses> keys = runner.cancellable(() -> keys(db));
    if (runner.mode().json()) {
      out.println(json(stats, keys));
      return;
    }
    counts("labels", stats.labels());
    counts("relationship types", stats.types());
    if (!keys.isEmpty()) {
      out.println("property keys");
      keys.forEach((key, uses) -> out.println("  ." + key + "  " + text(uses)));
    }
    if (runner.transaction().isOpen()) {
      out.println("as of the last commit; changes of the open transaction are not counted");
    }
  }

  private static Map<String, Uses> keys(Quarry db) {
    Map<String, Uses> keys = new TreeMap<>();
    try (ReadTransaction reading = db.beginRead()) {
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

  private static String text(Uses uses) {
    String nodes = uses.nodes == 0 ? "" : count(uses.nodes, "node");
    String relationships = uses.relationships == 0 ? "" : count(uses.relationships, "relationship");
    return nodes + (nodes.isEmpty() || relationships.isEmpty() ? "" : ", ") + relationships;
  }

  private static String count(long number, String what) {
    return Units.number(number) + " " + what + (number == 1 ? "" : "s");
  }

  private static String json(StoreStats stats, Map<String, Uses> keys) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("labels", stats.labels());
    fields.put("types", stats.types());
    Map<String, Map<String, Long>> byKey = new LinkedHashMap<>();
    keys.forEach(
        (key, uses) -> {
          Map<String, Long> counts = new LinkedHashMap<>();
          counts.put("nodes", uses.nodes);
          counts.put("relationships", uses.relationships);
          byKey.put(key, counts);
        });
    fields.put("keys", byKey);
    return JsonText.object(fields);
  }
}
