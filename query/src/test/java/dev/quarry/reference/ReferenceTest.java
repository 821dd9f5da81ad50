package dev.quarry.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.quarry.Answer;
import dev.quarry.PreparedQuery;
import dev.quarry.Quarry;
import dev.quarry.QueryOptions;
import dev.quarry.ReadTransaction;
import dev.quarry.Row;
import dev.quarry.Rows;
import dev.quarry.WriteTransaction;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.QuarryException;
import dev.quarry.error.SyntaxException;
import dev.quarry.query.syntax.StatementParser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Random statements on random graphs give in the engine what they give in the reference: the same
/// rows and the same graph, or an error in both; in the usual way, and in one with other batches,
/// without streaming or on an old snapshot; half of them with indexes.
///
/// A difference is printed with its seed; `-Dseed=N` runs that one again,
/// `-Dreference.statements=N` runs more of them.
class ReferenceTest {
  private static final int MOST_DIFFERENCES = 10;

  /// The engine may begin a pattern at another end, and meet very many walks there.
  private static final QueryOptions LIMITS =
      QueryOptions.DEFAULT.withTimeout(Duration.ofSeconds(2));

  /// So many seeds share a graph.
  private static final int GROUP = 20;

  private final List<String> differences = new ArrayList<>();
  private final Map<String, Integer> counts = new TreeMap<>();

  @Test
  void randomStatementsGiveWhatTheReferenceGives() {
    Long replayed = Long.getLong("seed");
    long first = replayed != null ? replayed : System.nanoTime();
    long end = first + Integer.getInteger("reference.statements", replayed != null ? 1 : 2_000);
    for (long seed = first; seed < end && differences.size() < MOST_DIFFERENCES; ) {
      long group = Math.floorDiv(seed, GROUP);
      ReferenceGraph graph = RandomGraph.make(random(-group));
      try (Quarry db = Quarry.inMemory()) {
        db.update(transaction -> RandomGraph.load(graph, transaction));
        addIndexes(db, group);
        for (; seed < end && Math.floorDiv(seed, GROUP) == group; seed++) {
          compare(seed, graph, db);
        }
        CanonicalText exact = new CanonicalText(true, true);
        assertEquals(exact.of(graph), db.read(exact::of), "before seed " + seed);
        assertEquals(List.of(), db.admin().check().problems(), "before seed " + seed);
      }
    }
    System.out.println("from seed " + first + ": " + counts);
    assertEquals("", String.join("\n", differences));
  }

  /// Seeds that follow each other begin alike without a multiplication.
  private static Random random(long seed) {
    return new Random(seed * 0x9E37_79B9_7F4A_7C15L);
  }

  /// Every second group has indexes for all that its statements look for.
  private static void addIndexes(Quarry db, long group) {
    if (Math.floorMod(group, 2) == 0) {
      return;
    }
    for (String key : List.of("k", "v", "uid")) {
      for (String label : List.of("A", "B", "C", "D")) {
        db.run("CREATE INDEX FOR (n:" + label + ") ON (n." + key + ")");
      }
      for (String type : List.of("T", "U")) {
        db.run("CREATE INDEX FOR ()-[r:" + type + "]-() ON (r." + key + ")");
      }
    }
    db.run("CREATE INDEX FOR (n:A) ON (n.k, n.v)");
  }

  private void compare(long seed, ReferenceGraph graph, Quarry db) {
    Random random = random(seed);
    RandomStatement statement = RandomStatement.make(random);
    Result expected = inReference(graph, statement);
    requireValid(statement, expected);
    if (expected.error != null && expected.error.code() == ErrorCode.LIMIT_EXCEEDED) {
      count("too large for the reference");
      return;
    }
    boolean inItsOwnStore = random.nextInt(8) == 0;
    compare(seed, graph, db, statement, expected, Way.USUAL, inItsOwnStore);
    compare(seed, graph, db, statement, expected, Way.other(random), inItsOwnStore);
  }

  private void compare(
      long seed,
      ReferenceGraph graph,
      Quarry db,
      RandomStatement statement,
      Result expected,
      Way way,
      boolean inItsOwnStore) {
    Result actual =
        way.run(
            () ->
                !statement.updates()
                    ? alone(db, statement, way)
                    : inItsOwnStore
                        ? inItsOwnStore(seed, graph, statement)
                        : takenBack(db, statement));
    if (actual.error != null && actual.error.code() == ErrorCode.TIMED_OUT) {
      count("too large for the engine");
      return;
    }
    if (actual.error != null && actual.error.getMessage().contains("made by the same CREATE")) {
      count("refused by the engine"); // docs/limits.md
      return;
    }
    count(expected.error != null ? "failed in both" : statement.updates() ? "updates" : "reads");
    if (!expected.equals(actual)) {
      differences.add(
          "seed %d, %s%n%s;%n%s;%n--- only in the reference%n%s--- only in the engine%n%s"
              .formatted(
                  seed,
                  way,
                  RandomGraph.statement(graph),
                  statement.text(),
                  expected.without(actual),
                  actual.without(expected)));
    }
  }

  private void count(String what) {
    counts.merge(what, 1, Integer::sum);
  }

  /// A statement that is no statement would fail in both and test nothing.
  private static void requireValid(RandomStatement statement, Result expected) {
    ErrorCode code = expected.error == null ? null : expected.error.code();
    boolean invalid =
        expected.error instanceof SyntaxException
            || code == ErrorCode.UNDEFINED_VARIABLE
            || code == ErrorCode.INVALID_AGGREGATION
            || code == ErrorCode.NOT_SUPPORTED;
    assertFalse(invalid, () -> "not a valid statement: " + statement.text() + "\n" + expected);
  }

  /// How the engine runs a statement, which must not change its answer.
  private record Way(int batchRows, boolean streams, boolean oldSnapshot) {
    private static final Way USUAL = new Way(1000, true, false);

    static Way other(Random random) {
      int[] sizes = {1, 2, 7, 1000, 4096};
      return new Way(
          sizes[random.nextInt(sizes.length)], random.nextBoolean(), random.nextInt(4) == 0);
    }

    Result run(Supplier<Result> work) {
      System.setProperty("quarry.batchRows", Integer.toString(batchRows));
      System.setProperty("quarry.streamUpdates", Boolean.toString(streams));
      try {
        return work.get();
      } finally {
        System.clearProperty("quarry.batchRows");
        System.clearProperty("quarry.streamUpdates");
      }
    }
  }

  /// What one side gave. Two errors are alike, whatever they say.
  private static final class Result {
    private final String text;
    private final @Nullable QuarryException error;

    Result(List<String> columns, List<String> rows, boolean inOrder, String graph) {
      List<String> lines = inOrder ? rows : rows.stream().sorted().toList();
      this.text = columns + "\n" + String.join("\n", lines) + "\nthen the graph\n" + graph;
      this.error = null;
    }

    Result(QuarryException error) {
      this.text = "";
      this.error = error;
    }

    /// The lines that another does not have, as often as it does not, and how many there are in
    /// all.
    String without(Result other) {
      List<String> lines = new ArrayList<>(toString().lines().toList());
      int all = lines.size();
      other.toString().lines().forEach(lines::remove);
      return lines.stream().limit(20).map(line -> line + "\n").collect(Collectors.joining())
          + "(%d of %d lines)%n".formatted(lines.size(), all);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Result result
          && text.equals(result.text)
          && (error == null) == (result.error == null);
    }

    @Override
    public int hashCode() {
      return text.hashCode();
    }

    @Override
    public String toString() {
      return error == null ? text : error.code() + ": " + error.getMessage();
    }
  }

  private static Result inReference(ReferenceGraph graph, RandomStatement statement) {
    CanonicalText canonical = statement.canonical();
    try {
      ReferenceInterpreter.Outcome outcome =
          ReferenceInterpreter.run(
              graph,
              StatementParser.parse(statement.text()),
              statement.parameters(),
              ReferenceInterpreter.MOST_ROWS);
      List<String> rows = new ArrayList<>();
      for (var row : outcome.rows()) {
        rows.add(
            outcome.columns().stream()
                .map(column -> canonical.of(BorderValues.of(row.get(column))))
                .toList()
                .toString());
      }
      String after = canonical.of(outcome.graph());
      return new Result(outcome.columns(), rows, statement.inOrder(), after);
    } catch (QuarryException e) {
      return new Result(e);
    }
  }

  /// Runs it in a transaction of its own, and looks at the store behind it.
  private static Result inItsOwnStore(long seed, ReferenceGraph graph, RandomStatement statement) {
    CanonicalText exact = new CanonicalText(true, true);
    try (Quarry db = Quarry.inMemory()) {
      db.run(RandomGraph.statement(graph));
      addIndexes(db, Math.floorDiv(seed, GROUP));
      Result result = alone(db, statement, Way.USUAL);
      if (result.error != null) {
        assertEquals(exact.of(graph), db.read(exact::of), statement.text());
      }
      assertEquals(List.of(), db.admin().check().problems(), statement.text());
      return result;
    }
  }

  private static Result alone(Quarry db, RandomStatement statement, Way way) {
    if (way.oldSnapshot()) {
      return onOldSnapshot(db, statement);
    }
    try {
      Answer answer = db.run(db.prepare(statement.text()), statement.parameters(), LIMITS);
      String after = db.read(statement.canonical()::of);
      return result(statement, answer.columns(), answer.rows(), after);
    } catch (QuarryException e) {
      return new Result(e);
    }
  }

  /// Runs it on a snapshot, after a commit that changes what it would find. That is taken back by
  /// another commit.
  private static Result onOldSnapshot(Quarry db, RandomStatement statement) {
    try (ReadTransaction old = db.beginRead()) {
      db.run(
          "CREATE (a:A:B:C {k: 1, v: 1, later: true})-[:T {k: 1}]->(a)-[:U]->(:B {later: true})");
      try {
        Rows rows = old.query(db.prepare(statement.text()), statement.parameters(), LIMITS);
        List<String> columns = rows.columns();
        return result(statement, columns, rows.toList(), statement.canonical().of(old));
      } catch (QuarryException e) {
        return new Result(e);
      } finally {
        db.run("MATCH (n {later: true}) DETACH DELETE n");
      }
    }
  }

  /// Runs it in a transaction that is taken back then.
  private static Result takenBack(Quarry db, RandomStatement statement) {
    try (WriteTransaction transaction = db.beginWrite()) {
      Rows rows =
          transaction.query(PreparedQuery.of(statement.text()), statement.parameters(), LIMITS);
      List<String> columns = rows.columns();
      List<Row> all = rows.toList();
      String after = statement.canonical().of(transaction);
      transaction.rollback();
      return result(statement, columns, all, after);
    } catch (QuarryException e) {
      return new Result(e);
    }
  }

  private static Result result(
      RandomStatement statement, List<String> columns, List<Row> rows, String after) {
    List<String> lines = new ArrayList<>();
    for (Row row : rows) {
      List<String> cells = new ArrayList<>();
      for (int i = 0; i < columns.size(); i++) {
        cells.add(statement.canonical().of(row.get(i)));
      }
      lines.add(cells.toString());
    }
    return new Result(columns, lines, statement.inOrder(), after);
  }
}
