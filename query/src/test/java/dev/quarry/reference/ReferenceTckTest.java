package dev.quarry.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.QuarryException;
import dev.quarry.tck.TckCases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The reference against the openCypher TCK: how many of the results that it expects it gives. What
/// the reference leaves out on purpose is counted apart; anything else that differs is a failure.
class ReferenceTckTest {
  private static final Pattern RESULT =
      Pattern.compile(
          "the result should be(, in order|, in any order)?( \\(ignoring element order for lists\\))?:");

  private final List<String> differing = new ArrayList<>();
  private final Map<String, int[]> counts = new TreeMap<>();
  private int met;
  private int leftOut;

  @Test
  void givesTheResultsThatTheTckExpects() throws IOException {
    for (TckCases.Case tckCase : TckCases.all()) {
      new Run(tckCase).run();
    }
    StringBuilder report = new StringBuilder();
    counts.forEach(
        (directory, count) ->
            report.append(String.format("%-40s %5d of %5d%n", directory, count[0], count[1])));
    String sum = "results met: " + met + ", left out: " + leftOut + ", differing: ";
    report.append(sum).append(differing.size()).append('\n');
    System.out.print(report);
    differing.forEach(line -> report.append(line).append('\n'));
    Files.writeString(Path.of("target", "reference-tck.txt"), report);
    assertEquals(List.of(), differing);
  }

  /// One case, on a graph of its own.
  private final class Run {
    private final TckCases.Case tckCase;
    private final Map<String, @Nullable Object> parameters = new HashMap<>();
    private ReferenceGraph graph = new ReferenceGraph();
    private ReferenceInterpreter.@Nullable Outcome outcome;

    Run(TckCases.Case tckCase) {
      this.tckCase = tckCase;
    }

    void run() {
      boolean expectsRows =
          tckCase.steps().stream().anyMatch(step -> step.text().startsWith("the result should be"));
      if (!expectsRows) {
        return;
      }
      int[] count = counts.computeIfAbsent(tckCase.directory(), key -> new int[2]);
      try {
        tckCase.steps().forEach(this::step);
        met++;
        count[0]++;
        count[1]++;
      } catch (QuarryException e) {
        if (e.code() == ErrorCode.NOT_SUPPORTED) {
          leftOut++;
        } else {
          count[1]++;
          differing.add(tckCase.id() + " | " + e);
        }
      } catch (AssertionError | RuntimeException e) {
        count[1]++;
        differing.add(tckCase.id() + " | " + String.valueOf(e).replaceAll("\\s+", " "));
      }
    }

    private void step(TckCases.Step step) {
      String text = step.text();
      Matcher result = RESULT.matcher(text);
      if (text.matches("the .* graph")) {
        execute(TckCases.graph(text.split(" ")[1]));
      } else if (text.equals("parameters are:")) {
        step.table().forEach(row -> parameters.put(row.get(0), TckCases.parameter(row.get(1))));
      } else if (text.startsWith("there exists a procedure")) {
        throw Failure.notSupported(text);
      } else if (text.startsWith("executing") || text.startsWith("having executed")) {
        execute(java.util.Objects.requireNonNull(step.body()));
      } else if (text.equals("the result should be empty")) {
        assertEquals(List.of(), rows(true));
      } else if (result.matches()) {
        compare(step, ", in order".equals(result.group(1)), result.group(2) == null);
      }
    }

    private void execute(String statement) {
      outcome = ReferenceInterpreter.run(graph, statement, parameters);
      graph = outcome.graph();
    }

    private void compare(TckCases.Step step, boolean inOrder, boolean listsOrdered) {
      List<List<String>> table = step.table();
      List<String> expected = new ArrayList<>();
      for (List<String> row : table.subList(1, table.size())) {
        expected.add(
            row.stream().map(cell -> TckCases.expected(cell, listsOrdered)).toList().toString());
      }
      List<String> actual = rows(listsOrdered);
      assertEquals(table.getFirst(), java.util.Objects.requireNonNull(outcome).columns());
      if (!inOrder) {
        expected.sort(null);
        actual.sort(null);
      }
      assertEquals(expected, actual);
    }

    private List<String> rows(boolean listsOrdered) {
      ReferenceInterpreter.Outcome last = java.util.Objects.requireNonNull(outcome);
      List<String> rows = new ArrayList<>();
      for (var row : last.rows()) {
        List<String> cells = new ArrayList<>();
        for (String column : last.columns()) {
          cells.add(TckCases.actual(BorderValues.of(row.get(column)), listsOrdered));
        }
        rows.add(cells.toString());
      }
      return rows;
    }
  }
}
