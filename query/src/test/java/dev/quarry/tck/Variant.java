package dev.quarry.tck;

import dev.quarry.Quarry;
import dev.quarry.Row;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A way to run statements that must not change their answers: another size of batches, updates
/// that never stream, rows that spill, a snapshot that is not the newest, indexes over all that
/// there is.
///
/// @param properties of the JVM, set while a case runs
/// @param oldSnapshot whether what is read was deleted meanwhile
/// @param indexes whether there is an index for every label and key, and for every type and key
record Variant(String name, Map<String, String> properties, boolean oldSnapshot, boolean indexes) {
  static final Variant PLAIN = new Variant("plain", Map.of(), false, false);

  static final List<Variant> ALL =
      List.of(
          batches(1),
          batches(2),
          batches(7),
          batches(4096),
          new Variant(
              "no streaming updates", Map.of("quarry.streamUpdates", "false"), false, false),
          new Variant("every row buffer spills", Map.of("quarry.spillRows", "0"), false, false),
          new Variant(
              "row buffers spill from the second row on, batches of 2",
              Map.of("quarry.spillRows", "1", "quarry.batchRows", "2"),
              false,
              false),
          new Variant("old snapshot, batches of 2", Map.of("quarry.batchRows", "2"), true, false),
          new Variant("indexes, batches of 2", Map.of("quarry.batchRows", "2"), false, true));

  private static Variant batches(int rows) {
    return new Variant(
        "batches of " + rows, Map.of("quarry.batchRows", Integer.toString(rows)), false, false);
  }

  /// Runs something under the properties of this variant.
  void with(Runnable work) {
    properties.forEach(System::setProperty);
    try {
      work.run();
    } finally {
      properties.keySet().forEach(System::clearProperty);
    }
  }

  /// Prepares a store before the statement that a case is about.
  void prepare(Quarry db) {
    if (indexes) {
      index(
          db, "MATCH (n) UNWIND labels(n) AS l UNWIND keys(n) AS k RETURN DISTINCT l, k", "(n:%s)");
      index(db, "MATCH ()-[r]->() UNWIND keys(r) AS k RETURN DISTINCT type(r), k", "()-[n:%s]-()");
    }
  }

  private static void index(Quarry db, String query, String pattern) {
    for (Row row : db.run(query)) {
      String what = pattern.formatted(quoted(row.get(0)));
      db.run("CREATE INDEX FOR " + what + " ON (n." + quoted(row.get(1)) + ")");
    }
  }

  private static String quoted(@Nullable Object name) {
    return "`" + String.valueOf(name).replace("`", "``") + "`";
  }
}
