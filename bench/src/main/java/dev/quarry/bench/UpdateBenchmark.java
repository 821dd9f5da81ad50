package dev.quarry.bench;

import dev.quarry.OpenOptions;
import dev.quarry.Quarry;
import java.util.List;
import java.util.Map;

/// Updating statements per row, at a number of rows against an eighth of it: a ratio of 1 says that
/// time follows the number of rows, 8 that it follows its square.
final class UpdateBenchmark {
  private static final int ROWS = 100_000;
  private static final int PART = 8;

  private UpdateBenchmark() {}

  static List<String> run(int rounds) throws Exception {
    return List.of(
        compare("MERGE of one node, no index, half of them there", UpdateBenchmark::merge, rounds),
        compare("MERGE of a relationship to a hub", UpdateBenchmark::mergeAtHub, rounds),
        compare("UNWIND … CREATE", UpdateBenchmark::create, rounds));
  }

  private interface Update {
    /// Runs for so many rows and returns the nanoseconds that the statement took.
    long nanoseconds(Quarry db, int rows);
  }

  private static String compare(String name, Update update, int rounds) throws Exception {
    String title = name + ", " + ROWS + " rows against " + ROWS / PART + " (µs a row)";
    return Interleaved.compare(
        title, () -> perRow(update, ROWS), () -> perRow(update, ROWS / PART), rounds);
  }

  private static double perRow(Update update, int rows) {
    try (Quarry db = Quarry.inMemory(OpenOptions.defaults().withMemory(1L << 30))) {
      return (double) update.nanoseconds(db, rows) / rows;
    }
  }

  private static long merge(Quarry db, int rows) {
    db.run("UNWIND range(0, $n - 1, 2) AS id CREATE (:Row {id: id})", Map.of("n", rows));
    return time(db, "UNWIND range(0, $n - 1) AS id MERGE (:Row {id: id})", rows);
  }

  private static long mergeAtHub(Quarry db, int rows) {
    db.run("CREATE (:Hub) WITH 1 AS x UNWIND range(1, $n) AS id CREATE (:Row)", Map.of("n", rows));
    return time(db, "MATCH (h:Hub), (r:Row) WHERE $n > 0 MERGE (h)-[:HAS]->(r)", rows);
  }

  private static long create(Quarry db, int rows) {
    return time(db, "UNWIND range(1, $n) AS id CREATE (:Row {id: id})", rows);
  }

  private static long time(Quarry db, String statement, int rows) {
    long start = System.nanoTime();
    db.run(statement, Map.of("n", rows));
    return System.nanoTime() - start;
  }
}
