package dev.quarry.bench;

import dev.quarry.OpenOptions;
import dev.quarry.PreparedQuery;
import dev.quarry.Quarry;
import dev.quarry.QueryOptions;
import dev.quarry.ReadTransaction;
import dev.quarry.Rows;
import java.util.List;
import java.util.Map;

/// Statements that look at two integer properties of each node of a label, against a loop over two
/// `long[]` with the same values. The answers are compared before the times are.
final class FilterBenchmark {
  private static final int NODES = 1_000_000;
  private static final long HALF = NODES / 2;

  private FilterBenchmark() {}

  static List<String> run(int rounds) throws Exception {
    long[] x = new long[NODES];
    long[] y = new long[NODES];
    for (int i = 0; i < NODES; i++) {
      x[i] = i * 7_919L % NODES; // a permutation: half of them are above any half
      y[i] = i % 1_000;
    }
    try (Quarry db = Quarry.inMemory(OpenOptions.defaults().withMemory(1L << 30))) {
      db.run(
          "UNWIND range(0, $n - 1) AS i CREATE (:P {x: i * 7919 % $n, y: i % 1000})",
          Map.of("n", NODES));
      try (ReadTransaction read = db.beginRead()) {
        return List.of(
            compare(
                db,
                read,
                "MATCH (n:P) WHERE n.x >= $t RETURN count(*) AS c, sum(n.y) AS s",
                () -> sums(x, y),
                rounds),
            compare(
                db,
                read,
                "MATCH (n:P) WHERE n.x >= $t AND n.y * 2 < 1000 RETURN count(*) AS c, max(n.x) AS s",
                () -> largest(x, y),
                rounds),
            compare(
                db,
                read,
                "MATCH (n:P) WITH n.y AS y, n.x AS x WITH y, sum(x) AS s RETURN count(*) AS c, max(s) AS s",
                () -> groups(x, y),
                rounds));
      }
    }
  }

  private interface Loop {
    long[] run();
  }

  private static volatile long consumed;

  private static String compare(
      Quarry db, ReadTransaction read, String statement, Loop loop, int rounds) throws Exception {
    PreparedQuery query = db.prepare(statement);
    long[] ours = answer(read, query);
    long[] rival = loop.run();
    if (ours[0] != rival[0] || ours[1] != rival[1]) {
      throw new AssertionError(
          "the answers differ: %d, %d and %d, %d".formatted(ours[0], ours[1], rival[0], rival[1]));
    }
    return Interleaved.compare(
        "`" + statement + "` / `long[]` (µs per 1,000 nodes)",
        () -> time(() -> answer(read, query)),
        () -> time(loop),
        rounds);
  }

  private static double time(Loop loop) {
    long start = System.nanoTime();
    consumed = loop.run()[1];
    return (System.nanoTime() - start) / (double) NODES * 1000;
  }

  private static long[] answer(ReadTransaction read, PreparedQuery query) {
    try (Rows rows = read.query(query, Map.of("t", HALF), QueryOptions.DEFAULT)) {
      rows.next();
      return new long[] {rows.getLong(0), rows.getLong(1)};
    }
  }

  private static long[] sums(long[] x, long[] y) {
    long count = 0;
    long sum = 0;
    for (int i = 0; i < x.length; i++) {
      if (x[i] >= HALF) {
        count++;
        sum += y[i];
      }
    }
    return new long[] {count, sum};
  }

  private static long[] largest(long[] x, long[] y) {
    long count = 0;
    long largest = 0;
    for (int i = 0; i < x.length; i++) {
      if (x[i] >= HALF && y[i] * 2 < 1000) {
        count++;
        largest = Math.max(largest, x[i]);
      }
    }
    return new long[] {count, largest};
  }

  private static long[] groups(long[] x, long[] y) {
    long[] sums = new long[1000];
    for (int i = 0; i < x.length; i++) {
      sums[(int) y[i]] += x[i];
    }
    long largest = 0;
    for (long sum : sums) {
      largest = Math.max(largest, sum);
    }
    return new long[] {1000, largest};
  }
}
