package dev.quarry.tck;

import dev.quarry.Quarry;
import java.util.List;
import java.util.Map;

/// A way to run statements that must not change their answers: another size of batches, updates
/// that never stream, rows that spill, a snapshot that is not the newest.
///
/// @param properties of the JVM, set while a case runs
/// @param oldSnapshot whether what is read was deleted meanwhile
record Variant(String name, Map<String, String> properties, boolean oldSnapshot) {
  static final Variant PLAIN = new Variant("plain", Map.of(), false);

  static final List<Variant> ALL =
      List.of(
          batches(1),
          batches(2),
          batches(7),
          batches(4096),
          new Variant("no streaming updates", Map.of("quarry.streamUpdates", "false"), false),
          new Variant("every row buffer spills", Map.of("quarry.spillRows", "0"), false),
          new Variant(
              "row buffers spill from the second row on, batches of 2",
              Map.of("quarry.spillRows", "1", "quarry.batchRows", "2"),
              false),
          new Variant("old snapshot, batches of 2", Map.of("quarry.batchRows", "2"), true));

  private static Variant batches(int rows) {
    return new Variant(
        "batches of " + rows, Map.of("quarry.batchRows", Integer.toString(rows)), false);
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
  void prepare(Quarry db) {}
}
