package dev.quarry.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.QuarryException;
import dev.quarry.query.syntax.StatementParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Random statements are worth comparing: their answers do not depend on the order in which nodes
/// and relationships are found, and enough of them return something or change the graph.
class RandomStatementTest {
  private final long seed = Long.getLong("seed", System.nanoTime());
  private final AtomicInteger failed = new AtomicInteger();
  private final AtomicInteger fruitful = new AtomicInteger();

  @Test
  void answersDoNotDependOnTheOrderOfRows() {
    int statements = 3_000;
    LongStream.range(seed, seed + statements).parallel().forEach(this::compare);
    System.out.println("from seed " + seed + ": failed " + failed + ", fruitful " + fruitful);
    int runs = 2 * statements;
    assertTrue(failed.get() < runs / 5, "failed " + failed + " from seed " + seed);
    assertTrue(fruitful.get() > runs / 3, "fruitful " + fruitful + " from seed " + seed);
  }

  private void compare(long at) {
    Random random = new Random(at * 0x9E37_79B9_7F4A_7C15L);
    ReferenceGraph graph = RandomGraph.make(random);
    RandomStatement statement = RandomStatement.make(random);
    String message = "seed " + at + "\n" + RandomGraph.statement(graph) + "\n" + statement.text();
    String forwards = answer(graph, statement);
    assertEquals(forwards, answer(graph.backwards(), statement), message);
  }

  private String answer(ReferenceGraph graph, RandomStatement statement) {
    CanonicalText canonical = statement.canonical();
    try {
      ReferenceInterpreter.Outcome outcome =
          ReferenceInterpreter.run(
              graph,
              StatementParser.parse(statement.text()),
              statement.parameters(),
              ReferenceInterpreter.MOST_ROWS);
      List<String> rows = new ArrayList<>();
      outcome.rows().forEach(row -> rows.add(canonical.of(BorderValues.of(row))));
      if (!statement.inOrder()) {
        rows.sort(null);
      }
      String before = canonical.of(graph);
      String after = canonical.of(outcome.graph());
      fruitful.addAndGet(rows.isEmpty() && before.equals(after) ? 0 : 1);
      return String.join("\n", rows) + "\n" + after;
    } catch (QuarryException e) {
      failed.incrementAndGet();
      return e.code() == ErrorCode.LIMIT_EXCEEDED ? "too large" : "an error";
    }
  }
}
