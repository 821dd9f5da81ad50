package dev.quarry.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The reference against the openCypher TCK: the results and side effects that it expects, and the
/// errors at run time. What the reference leaves out on purpose (temporal functions, procedures) is
/// counted apart; anything else that differs is a failure. Errors at compile time are not its
/// matter.
class ReferenceTckTest {
  private static final Pattern RESULT =
      Pattern.compile(
          "the result should be(, in order|, in any order)?( \\(ignoring element order for lists\\))?:");

  private static final Pattern ERROR =
      Pattern.compile("an? (\\w+) should be raised at (runtime|any time): ([\\w*]+)");

  private final List<String> differing = new ArrayList<>();
  private final List<String> leftOut = new ArrayList<>();
  private final Map<String, int[]> counts = new TreeMap<>();
  private int met;
  private int raised;

  @Test
  void givesTheResultsThatTheTckExpects() throws IOException {
    for (TckCases.Case tckCase : TckCases.all()) {
      if (expects(tckCase, "the result should be")) {
        countResult(tckCase);
      } else if (tckCase.steps().stream().anyMatch(step -> ERROR.matcher(step.text()).matches())) {
        countError(tckCase);
      }
    }
    StringBuilder report = new StringBuilder();
    counts.forEach(
        (directory, count) ->
            report.append(String.format("%-40s %5d of %5d%n", directory, count[0], count[1])));
    report.append("results met: ").append(met);
    report.append(", errors raised: ").append(raised);
    report.append(", left out: ").append(leftOut.size());
    report.append(", differing: ").append(differing.size()).append('\n');
    System.out.print(report);
    differing.forEach(line -> report.append(line).append('\n'));
    leftOut.forEach(line -> report.append("left out: ").append(line).append('\n'));
    Files.writeString(Path.of("target", "reference-tck.txt"), report);
    assertEquals(List.of(), differing);
    assertTrue(met > 2_000, "met " + met);
  }

  private static boolean expects(TckCases.Case tckCase, String begin) {
    return tckCase.steps().stream().anyMatch(step -> step.text().startsWith(begin));
  }

  private void countResult(TckCases.Case tckCase) {
    int[] count = counts.computeIfAbsent(tckCase.directory(), key -> new int[2]);
    try {
      new Run().run(tckCase);
      met++;
      count[0]++;
      count[1]++;
    } catch (QuarryException e) {
      if (e.code() == ErrorCode.NOT_SUPPORTED) {
        leftOut.add(tckCase.id() + " | " + e.getMessage());
      } else {
        count[1]++;
        differing.add(tckCase.id() + " | " + e);
      }
    } catch (AssertionError | RuntimeException e) {
      count[1]++;
      differing.add(tckCase.id() + " | " + String.valueOf(e).replaceAll("\\s+", " "));
    }
  }

  private void countError(TckCases.Case tckCase) {
    try {
      new Run().run(tckCase);
      differing.add(tckCase.id() + " | no error");
    } catch (QuarryException e) {
      if (e.code() == ErrorCode.NOT_SUPPORTED) {
        leftOut.add(tckCase.id() + " | " + e.getMessage());
      } else {
        raised++;
      }
    }
  }

  /// One case, on a graph of its own.
  private static final class Run {
    private final Map<String, @Nullable Object> parameters = new HashMap<>();
    private ReferenceGraph before = new ReferenceGraph();
    private ReferenceGraph graph = new ReferenceGraph();
    private ReferenceGraph after = graph;
    private ReferenceInterpreter.@Nullable Outcome outcome;

    void run(TckCases.Case tckCase) {
      tckCase.steps().forEach(this::step);
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
      } else if (text.equals("executing query:")) {
        before = graph;
        execute(java.util.Objects.requireNonNull(step.body()));
        after = graph;
      } else if (text.startsWith("executing control") || text.startsWith("having executed")) {
        execute(java.util.Objects.requireNonNull(step.body()));
      } else if (text.equals("no side effects")) {
        assertEquals(Map.of(), changes(contents(before), contents(after)));
      } else if (text.equals("the side effects should be:")) {
        Map<String, Long> expected = new TreeMap<>();
        step.table().forEach(row -> expected.put(row.get(0), Long.valueOf(row.get(1))));
        assertEquals(expected, changes(contents(before), contents(after)));
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

    /// What the TCK counts: entities by identity, labels in use, properties with their values.
    private static Map<String, Set<String>> contents(ReferenceGraph graph) {
      Map<String, Set<String>> contents = new TreeMap<>();
      List.of("nodes", "relationships", "labels", "properties")
          .forEach(kind -> contents.put(kind, new TreeSet<>()));
      for (ReferenceNode node : graph.nodes()) {
        contents.get("nodes").add("" + node.id());
        contents.get("labels").addAll(node.labels());
        add(contents, node);
      }
      for (ReferenceRelationship relationship : graph.relationships()) {
        contents.get("relationships").add("" + relationship.id());
        add(contents, relationship);
      }
      return contents;
    }

    private static void add(Map<String, Set<String>> contents, ReferenceEntity entity) {
      entity
          .properties()
          .forEach(
              (key, value) ->
                  contents.get("properties").add(entity.id() + " " + key + " " + value));
    }

    private static Map<String, Long> changes(
        Map<String, Set<String>> before, Map<String, Set<String>> after) {
      Map<String, Long> changes = new TreeMap<>();
      for (String kind : before.keySet()) {
        put(changes, "+" + kind, after.get(kind), before.get(kind));
        put(changes, "-" + kind, before.get(kind), after.get(kind));
      }
      return changes;
    }

    private static void put(
        Map<String, Long> changes, String what, Set<String> in, Set<String> notIn) {
      long count = in.stream().filter(element -> !notIn.contains(element)).count();
      if (count > 0) {
        changes.put(what, count);
      }
    }
  }
}
