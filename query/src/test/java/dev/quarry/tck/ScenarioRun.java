package dev.quarry.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.quarry.Answer;
import dev.quarry.Quarry;
import dev.quarry.ReadTransaction;
import dev.quarry.Row;
import dev.quarry.Rows;
import dev.quarry.error.QuarryException;
import dev.quarry.error.SyntaxException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Runs one case of the TCK on a store of its own, step by step.
final class ScenarioRun implements AutoCloseable {
  private static final Pattern RESULT =
      Pattern.compile(
          "the result should be(, in order|, in any order)?( \\(ignoring element order for lists\\))?:");
  private static final Pattern ERROR =
      Pattern.compile("an? (\\w+) should be raised at (compile time|runtime|any time): ([\\w*]+)");
  private static final Pattern PROCEDURE = Pattern.compile("there exists a procedure (.*):");

  private final Quarry db = Quarry.inMemory();
  private final Scenario scenario;
  private final Variant variant;
  private final Map<String, @Nullable Object> parameters = new HashMap<>();
  private @Nullable GraphContents before;
  private @Nullable GraphContents after;
  private @Nullable Answer answer;
  private @Nullable QuarryException error;

  private ScenarioRun(Scenario scenario, Variant variant) {
    this.scenario = scenario;
    this.variant = variant;
  }

  /// Runs a case; the properties of the variant are set already.
  static void run(Scenario scenario, Variant variant) {
    try (ScenarioRun run = new ScenarioRun(scenario, variant)) {
      for (Scenario.Step step : scenario.steps()) {
        run.step(step);
      }
      assertEquals(List.of(), run.db.admin().check().problems());
    }
  }

  private void step(Scenario.Step step) {
    String text = step.text();
    Matcher result = RESULT.matcher(text);
    Matcher expectedError = ERROR.matcher(text);
    Matcher procedure = PROCEDURE.matcher(text);
    if (text.equals("any graph") || text.equals("an empty graph")) {
      return;
    }
    if (text.matches("the .* graph")) {
      db.run(Scenario.graph(text.split(" ")[1]));
    } else if (text.equals("having executed:")) {
      db.run(body(step), parameters);
    } else if (text.equals("parameters are:")) {
      step.table().forEach(row -> parameters.put(row.get(0), TckText.parameter(row.get(1))));
    } else if (procedure.matches()) {
      TckProcedure.register(db, procedure.group(1), step.table());
    } else if (text.equals("executing query:")) {
      variant.prepare(db);
      before = GraphContents.of(db);
      if (variant.oldSnapshot() && isAlone(body(step))) {
        executeOnOldSnapshot(body(step));
        after = before;
      } else {
        execute(body(step));
        after = GraphContents.of(db);
      }
    } else if (text.equals("executing control query:")) {
      requireNoError();
      execute(body(step));
    } else if (text.equals("the result should be empty")) {
      assertEquals(List.of(), rows(true));
    } else if (result.matches()) {
      compare(step, ", in order".equals(result.group(1)), result.group(2) == null);
    } else if (text.equals("no side effects")) {
      assertEquals(Map.of(), changes());
    } else if (text.equals("the side effects should be:")) {
      Map<String, Long> expected = new TreeMap<>();
      step.table().forEach(row -> expected.put(row.get(0), Long.valueOf(row.get(1))));
      assertEquals(expected, changes());
    } else if (expectedError.matches()) {
      requireError(expectedError.group(1), expectedError.group(2), expectedError.group(3));
    } else {
      fail("the TCK has a step that the runner does not know: " + text);
    }
  }

  private static String body(Scenario.Step step) {
    return java.util.Objects.requireNonNull(step.body());
  }

  private void execute(String query) {
    try {
      answer = db.run(query, parameters);
      error = null;
    } catch (QuarryException e) {
      answer = null;
      error = e;
    }
  }

  /// Whether a query is the only one of its scenario and changes nothing.
  private boolean isAlone(String query) {
    boolean others =
        scenario.steps().stream().anyMatch(step -> step.text().equals("executing control query:"));
    try {
      return !others && !db.prepare(query).writes();
    } catch (QuarryException e) {
      return false;
    }
  }

  /// Runs a query on a snapshot that is older than the deletion of all that it sees.
  private void executeOnOldSnapshot(String query) {
    try (ReadTransaction old = db.beginRead()) {
      db.run("MATCH (n) DETACH DELETE n");
      db.run("CREATE (:Later {name: 'later'})-[:LATER]->(:Later)");
      try (Rows rows = old.query(query, parameters)) {
        answer = new Answer(rows.columns(), rows.toList(), rows.summary());
        error = null;
      } catch (QuarryException e) {
        answer = null;
        error = e;
      }
    }
  }

  private void requireNoError() {
    if (error != null) {
      throw error;
    }
  }

  private Map<String, Long> changes() {
    return java.util.Objects.requireNonNull(before)
        .changesTo(java.util.Objects.requireNonNull(after));
  }

  private void compare(Scenario.Step step, boolean inOrder, boolean listsOrdered) {
    List<List<String>> table = step.table();
    List<String> expected = new ArrayList<>();
    for (List<String> row : table.subList(1, table.size())) {
      expected.add(
          row.stream().map(cell -> TckText.expected(cell, listsOrdered)).toList().toString());
    }
    List<String> actual = new ArrayList<>(rows(listsOrdered));
    assertEquals(table.getFirst(), java.util.Objects.requireNonNull(answer).columns(), "columns");
    if (!inOrder) {
      expected.sort(null);
      actual.sort(null);
    }
    assertEquals(expected, actual);
  }

  private List<String> rows(boolean listsOrdered) {
    requireNoError();
    List<String> rows = new ArrayList<>();
    for (Row row : java.util.Objects.requireNonNull(answer).rows()) {
      rows.add(
          row.asMap().values().stream()
              .map(value -> TckText.actual(value, listsOrdered))
              .toList()
              .toString());
    }
    return rows;
  }

  private void requireError(String type, String phase, String detail) {
    QuarryException raised = error;
    if (raised == null) {
      fail("no error, but rows: " + rows(true));
      return;
    }
    String code = raised.code().text();
    String expected =
        type + "." + (detail.equals("*") ? code.substring(code.indexOf('.') + 1) : detail);
    assertEquals(expected, code, raised.getMessage());
    boolean atCompileTime =
        raised instanceof SyntaxException
            || type.equals("ParameterMissing")
            || type.equals("ProcedureError");
    if (!phase.equals("any time")) {
      assertEquals(phase, atCompileTime ? "compile time" : "runtime", raised.getMessage());
    }
  }

  @Override
  public void close() {
    db.close();
  }
}
