package dev.quarry.tck;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The cases of the openCypher TCK and its way of writing values, for tests in other packages.
public final class TckCases {
  private TckCases() {}

  /// @param text what is asked for, without Given, When, Then
  /// @param body the text below it, or null
  /// @param table the table below it, empty if there is none
  public record Step(String text, @Nullable String body, List<List<String>> table) {}

  /// @param id how it is called in the list of expected failures
  public record Case(String id, String directory, List<Step> steps) {}

  public static List<Case> all() {
    return Scenario.all().stream()
        .map(scenario -> new Case(scenario.id(), scenario.directory(), steps(scenario)))
        .toList();
  }

  private static List<Step> steps(Scenario scenario) {
    return scenario.steps().stream()
        .map(step -> new Step(step.text(), step.body(), step.table()))
        .toList();
  }

  /// The statement that creates a graph that the TCK names.
  public static String graph(String name) {
    return Scenario.graph(name);
  }

  /// A value of a table as a parameter.
  public static @Nullable Object parameter(String cell) {
    return TckText.parameter(cell);
  }

  /// The canonical text of a value in a table.
  public static String expected(String cell, boolean listsOrdered) {
    return TckText.expected(cell, listsOrdered);
  }

  /// The canonical text of a border value.
  public static String actual(@Nullable Object value, boolean listsOrdered) {
    return TckText.actual(value, listsOrdered);
  }
}
