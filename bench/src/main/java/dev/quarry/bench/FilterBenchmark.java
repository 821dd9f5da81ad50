package dev.quarry.bench;

import dev.quarry.OpenOptions;
import dev.quarry.PreparedQuery;
import dev.quarry.Quarry;
import dev.quarry.QueryOptions;
import dev.quarry.ReadTransaction;
import dev.quarry.Rows;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Statements that look at properties of each node of a label, against a loop over `long[]` or
/// `double[]` with the same values. The answers are compared before the times are.
///
/// | label | what it holds |
/// |---|---|
/// | Plain | x: a permutation of all numbers · y: 0 to 999 · f: y / 8 |
/// | Nulls | the same, but a tenth of the nodes has no y |
/// | Deleted | the same as Plain after a tenth of its nodes was deleted |
final class FilterBenchmark {
  private static final int BATCH = 100_000;
  private static final int TENTH = 10;
  private static final long WARM_UP_NANOS = 3_000_000_000L;

  private final int nodes;
  private final int rounds;
  private final long[] x;
  private final long[] y;
  private final double[] f;
  private final List<String> lines = new ArrayList<>();

  private FilterBenchmark(int nodes, int rounds) {
    this.nodes = nodes;
    this.rounds = rounds;
    this.x = new long[nodes];
    this.y = new long[nodes];
    this.f = new double[nodes];
    for (int i = 0; i < nodes; i++) {
      x[i] = i * 7_919L % nodes; // half of them are above any half
      y[i] = i % 1_000;
      f[i] = y[i] / 8.0;
    }
  }

  /// @param nodes how many of each label, a multiple of 100,000
  /// @param inMemory whether the store is as its transactions left it; else it was closed and
  ///   opened again, so that its pages are those of the file
  static List<String> run(int nodes, int rounds, boolean inMemory) throws Exception {
    FilterBenchmark benchmark = new FilterBenchmark(nodes, rounds);
    OpenOptions options = OpenOptions.defaults().withMemory((512L << 20) + nodes * 160L);
    if (inMemory) {
      try (Quarry db = Quarry.inMemory(options)) {
        benchmark.createAll(db);
        benchmark.compareAll(db);
      }
      return benchmark.lines;
    }
    try (Folder folder = Folder.create()) {
      Path path = folder.resolve("scan.quarry");
      try (Quarry db = Quarry.open(path, options)) {
        benchmark.createAll(db);
      }
      try (Quarry db = Quarry.open(path, options)) {
        benchmark.compareAll(db);
      }
    }
    return benchmark.lines;
  }

  private void createAll(Quarry db) {
    for (int from = 0; from < nodes; from += BATCH) {
      create(db, "Plain", "y: i % 1000, ", from);
      create(db, "Nulls", "y: CASE WHEN i % 10 > 0 THEN i % 1000 END, ", from);
      create(db, "Deleted", "y: i % 1000, ", from);
      db.run(
          "MATCH (n:Deleted) WHERE n.i >= $from AND n.i % 10 = 0 DELETE n", Map.of("from", from));
    }
  }

  private void create(Quarry db, String label, String y, int from) {
    db.run(
        "UNWIND range($from, $to) AS i CREATE (:"
            + label
            + " {i: i, x: i * 7919 % $n, "
            + y
            + "f: i % 1000 / 8.0})",
        Map.of("from", from, "to", from + BATCH - 1, "n", nodes));
  }

  private void compareAll(Quarry db) throws Exception {
    compare(db, "MATCH (n:Plain) WHERE n.x >= $t RETURN sum(n.x) AS s", this::sumOfOne);
    compare(db, "MATCH (n:Plain) WHERE n.x >= $t RETURN sum(n.y) AS s, count(*) AS c", this::sums);
    compare(db, "MATCH (n:Plain) WHERE n.x >= $t RETURN count(*) AS s", this::count);
    compare(
        db, "MATCH (n:Plain) WHERE n.x >= $t RETURN sum(n.f) AS s, count(*) AS c", this::floats);
    compare(
        db,
        "MATCH (n:Plain) WHERE n.f >= 62.5 RETURN count(*) AS s, max(n.f) AS c",
        this::greatestFloat);
    compare(
        db, "MATCH (n:Nulls) WHERE n.x >= $t RETURN sum(n.y) AS s, count(n.y) AS c", this::nulls);
    compare(
        db, "MATCH (n:Deleted) WHERE n.x >= $t RETURN sum(n.y) AS s, count(*) AS c", this::deleted);
    compare(
        db,
        "MATCH (n:Plain) WHERE n.x >= $t AND n.y < 500 RETURN sum(n.x) AS s, count(*) AS c",
        this::twoConditions);
    compare(
        db,
        "MATCH (n:Plain) WHERE n.x >= $t AND n.y * 2 < 1000 RETURN max(n.x) AS s, count(*) AS c",
        this::largest);
    compare(
        db,
        "MATCH (n:Plain) WITH n.y AS y, n.x AS x WITH y, sum(x) AS s RETURN max(s) AS s, count(*) AS c",
        this::groups);
    compareRows(db, "MATCH (n:Plain) WHERE n.x >= $t RETURN n", nodes / 2);
    compareRows(db, "MATCH (n:Plain) WHERE n.x >= $t RETURN n", nodes - nodes / 100);
  }

  private interface Loop {
    double[] run();
  }

  private static volatile double consumed;

  private void compare(Quarry db, String statement, Loop loop) throws Exception {
    PreparedQuery query = db.prepare(statement);
    try (ReadTransaction read = db.beginRead()) {
      double[] ours = answer(read, query);
      double[] rival = loop.run();
      if (ours[0] != rival[0] || ours[1] != rival[1]) {
        throw new AssertionError(
            "the answers of %s differ: %s, %s and %s, %s"
                .formatted(statement, ours[0], ours[1], rival[0], rival[1]));
      }
      warmUp(() -> answer(read, query), loop);
      lines.add(
          Interleaved.compare(
              "`" + statement + "`",
              () -> time(() -> answer(read, query)),
              () -> time(loop),
              rounds));
    }
  }

  /// Rows are read to their end; the loop writes the numbers of the nodes to an array.
  private void compareRows(Quarry db, String statement, long threshold) throws Exception {
    PreparedQuery query = db.prepare(statement);
    int[] found = new int[nodes];
    try (ReadTransaction read = db.beginRead()) {
      Loop ours = () -> new double[] {rows(read, query, threshold), 0};
      Loop rival = () -> new double[] {find(found, threshold), 0};
      if (ours.run()[0] != rival.run()[0]) {
        throw new AssertionError("the numbers of rows of " + statement + " differ");
      }
      warmUp(ours, rival);
      lines.add(
          Interleaved.compare(
              "`%s`, %d %% of them"
                  .formatted(statement, Math.round(100.0 * (nodes - threshold) / nodes)),
              () -> time(ours),
              () -> time(rival),
              rounds));
    }
  }

  /// Gives the compiler time: both sides in turn, for a while.
  private static void warmUp(Loop ours, Loop rival) {
    long start = System.nanoTime();
    while (System.nanoTime() - start < WARM_UP_NANOS) {
      consumed = ours.run()[0] + rival.run()[0];
    }
  }

  private double time(Loop loop) {
    long start = System.nanoTime();
    consumed = loop.run()[0];
    return (System.nanoTime() - start) / (double) nodes * 1000;
  }

  private double[] answer(ReadTransaction read, PreparedQuery query) {
    try (Rows rows = read.query(query, Map.of("t", nodes / 2L), QueryOptions.DEFAULT)) {
      rows.next();
      double second = rows.columns().size() > 1 ? ((Number) rows.get(1)).doubleValue() : 0;
      return new double[] {((Number) rows.get(0)).doubleValue(), second};
    }
  }

  private static long rows(ReadTransaction read, PreparedQuery query, long threshold) {
    long count = 0;
    try (Rows rows = read.query(query, Map.of("t", threshold), QueryOptions.DEFAULT)) {
      while (rows.next()) {
        count++;
      }
    }
    return count;
  }

  private long find(int[] found, long threshold) {
    int count = 0;
    for (int i = 0; i < x.length; i++) {
      if (x[i] >= threshold) {
        found[count++] = i;
      }
    }
    return count;
  }

  private double[] sumOfOne() {
    long half = nodes / 2;
    long sum = 0;
    for (int i = 0; i < x.length; i++) {
      if (x[i] >= half) {
        sum += x[i];
      }
    }
    return new double[] {sum, 0};
  }

  private double[] sums() {
    long half = nodes / 2;
    long count = 0;
    long sum = 0;
    for (int i = 0; i < x.length; i++) {
      if (x[i] >= half) {
        count++;
        sum += y[i];
      }
    }
    return new double[] {sum, count};
  }

  private double[] count() {
    long half = nodes / 2;
    long count = 0;
    for (int i = 0; i < x.length; i++) {
      if (x[i] >= half) {
        count++;
      }
    }
    return new double[] {count, 0};
  }

  private double[] floats() {
    long half = nodes / 2;
    long count = 0;
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      if (x[i] >= half) {
        count++;
        sum += f[i];
      }
    }
    return new double[] {sum, count};
  }

  private double[] greatestFloat() {
    long count = 0;
    double greatest = 0;
    for (int i = 0; i < f.length; i++) {
      if (f[i] >= 62.5) {
        count++;
        greatest = Math.max(greatest, f[i]);
      }
    }
    return new double[] {count, greatest};
  }

  /// The nodes without a y are those in every tenth place; the loop knows that by their place.
  private double[] nulls() {
    return tenthsApart();
  }

  private double[] deleted() {
    return tenthsApart();
  }

  private double[] tenthsApart() {
    long half = nodes / 2;
    long count = 0;
    long sum = 0;
    for (int i = 0; i < x.length; i++) {
      if (x[i] >= half && i % TENTH > 0) {
        count++;
        sum += y[i];
      }
    }
    return new double[] {sum, count};
  }

  private double[] twoConditions() {
    long half = nodes / 2;
    long count = 0;
    long sum = 0;
    for (int i = 0; i < x.length; i++) {
      if (x[i] >= half && y[i] < 500) {
        count++;
        sum += x[i];
      }
    }
    return new double[] {sum, count};
  }

  private double[] largest() {
    long half = nodes / 2;
    long count = 0;
    long largest = 0;
    for (int i = 0; i < x.length; i++) {
      if (x[i] >= half && y[i] * 2 < 1000) {
        count++;
        largest = Math.max(largest, x[i]);
      }
    }
    return new double[] {largest, count};
  }

  private double[] groups() {
    long[] sums = new long[1000];
    for (int i = 0; i < x.length; i++) {
      sums[(int) y[i]] += x[i];
    }
    long largest = 0;
    for (long sum : sums) {
      largest = Math.max(largest, sum);
    }
    return new double[] {largest, 1000};
  }
}
