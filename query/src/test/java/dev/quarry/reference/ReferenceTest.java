package dev.quarry.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.quarry.Answer;
import dev.quarry.Quarry;
import dev.quarry.Row;
import dev.quarry.Rows;
import dev.quarry.WriteTransaction;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.QuarryException;
import dev.quarry.error.SyntaxException;
import dev.quarry.query.syntax.StatementParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Random statements on random graphs give in the engine what they give in the reference: the same
/// rows and the same graph, or an error in both.
///
/// A difference is printed with its seed; `-Dseed=N` runs that one again,
/// `-Dreference.statements=N` runs more of them.
class ReferenceTest {
  private static final int MOST_DIFFERENCES = 10;

  /// So many seeds share a graph.
  private static final int GROUP = 20;

  /// Whether what the engine is known to lack is passed over.
  private static final boolean SKIPS =
      Boolean.parseBoolean(System.getProperty("reference.skips", "true"));

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

  private void compare(long seed, ReferenceGraph graph, Quarry db) {
    Random random = random(seed);
    RandomStatement statement = RandomStatement.make(random, SKIPS);
    Result expected = inReference(graph, statement);
    requireValid(statement, expected);
    if (expected.error != null && expected.error.code() == ErrorCode.LIMIT_EXCEEDED) {
      count("too large for the reference");
      return;
    }
    Result actual =
        !statement.updates()
            ? alone(db, statement)
            : random.nextInt(8) == 0 ? inItsOwnStore(graph, statement) : takenBack(db, statement);
    if (SKIPS && isMissing(actual, expected)) {
      count("not supported by the engine");
      return;
    }
    count(expected.error != null ? "failed in both" : statement.updates() ? "updates" : "reads");
    if (!expected.equals(actual)) {
      differences.add(
          "seed %d%n%s;%n%s;%n--- only in the reference%n%s--- only in the engine%n%s"
              .formatted(
                  seed,
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

  /// Whether the engine says that it lacks something. A bound relationship in a later pattern is
  /// refused like a name that is given twice, ORDER BY a column that was made from a pattern like a
  /// name that nobody knows; UNWIND loses its list when a batch is full.
  private static boolean isMissing(Result actual, Result expected) {
    ErrorCode code = actual.error == null ? null : actual.error.code();
    return code == ErrorCode.NOT_SUPPORTED
        || expected.error == null
            && (code == ErrorCode.VARIABLE_ALREADY_BOUND
                || code == ErrorCode.UNDEFINED_VARIABLE
                || code == ErrorCode.MEMORY_ACCESS);
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
  private static Result inItsOwnStore(ReferenceGraph graph, RandomStatement statement) {
    CanonicalText exact = new CanonicalText(true, true);
    try (Quarry db = Quarry.inMemory()) {
      db.run(RandomGraph.statement(graph));
      Result result = alone(db, statement);
      if (result.error != null) {
        assertEquals(exact.of(graph), db.read(exact::of), statement.text());
      }
      assertEquals(List.of(), db.admin().check().problems(), statement.text());
      return result;
    }
  }

  private static Result alone(Quarry db, RandomStatement statement) {
    try {
      Answer answer = db.run(statement.text(), statement.parameters());
      String after = db.read(statement.canonical()::of);
      return result(statement, answer.columns(), answer.rows(), after);
    } catch (QuarryException e) {
      return new Result(e);
    }
  }

  /// Runs it in a transaction that is taken back then.
  private static Result takenBack(Quarry db, RandomStatement statement) {
    try (WriteTransaction transaction = db.beginWrite()) {
      Rows rows = transaction.query(statement.text(), statement.parameters());
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
