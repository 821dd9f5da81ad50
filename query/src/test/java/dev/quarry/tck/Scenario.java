package dev.quarry.tck;

import io.cucumber.gherkin.GherkinParser;
import io.cucumber.messages.types.Envelope;
import io.cucumber.messages.types.Examples;
import io.cucumber.messages.types.FeatureChild;
import io.cucumber.messages.types.GherkinDocument;
import io.cucumber.messages.types.Pickle;
import io.cucumber.messages.types.PickleStep;
import io.cucumber.messages.types.RuleChild;
import io.cucumber.messages.types.TableRow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One case of the openCypher TCK; an outline gives one for each row of its examples.
///
/// @param feature the file below `features`, without its ending
/// @param name the scenario's own name, with `#n` behind it for the n-th example
record Scenario(String feature, String name, List<Step> steps) {
  /// @param text what is asked for, without Given, When, Then
  /// @param body the text below it, or null
  /// @param table the table below it, empty if there is none
  record Step(String text, @Nullable String body, List<List<String>> table) {}

  /// How the case is called in the list of expected failures.
  String id() {
    return feature + " " + name;
  }

  /// The directory that results are counted by.
  String directory() {
    return feature.substring(0, feature.lastIndexOf('/'));
  }

  /// All cases of the TCK's jar.
  static List<Scenario> all() {
    List<Scenario> scenarios = new ArrayList<>();
    inJar(
        root -> {
          try (Stream<Path> files = Files.walk(root.resolve("/features"))) {
            for (Path file :
                files.filter(path -> path.toString().endsWith(".feature")).sorted().toList()) {
              scenarios.addAll(parse(file));
            }
          }
        });
    return scenarios;
  }

  /// The statement that creates a graph that the TCK names.
  static String graph(String name) {
    StringBuilder text = new StringBuilder();
    inJar(
        root ->
            text.append(
                Files.readString(root.resolve("/graphs/" + name + "/" + name + ".cypher"))));
    return text.toString();
  }

  private interface InJar {
    void with(Path root) throws IOException;
  }

  private static void inJar(InJar work) {
    String resource = String.valueOf(Scenario.class.getResource("/features"));
    Path jar = Path.of(URI.create(resource.substring("jar:".length(), resource.indexOf('!'))));
    try (FileSystem files = FileSystems.newFileSystem(jar)) {
      work.with(files.getPath("/"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Scenario> parse(Path file) throws IOException {
    String feature = file.toString().replaceFirst("^/features/", "").replace(".feature", "");
    List<Scenario> scenarios = new ArrayList<>();
    Map<String, Integer> rows = new HashMap<>();
    List<Envelope> envelopes =
        GherkinParser.builder().build().parse(feature, Files.readAllBytes(file)).toList();
    for (Envelope envelope : envelopes) {
      envelope.getGherkinDocument().ifPresent(document -> number(document, rows));
      envelope.getPickle().ifPresent(pickle -> scenarios.add(of(feature, pickle, rows)));
    }
    return scenarios;
  }

  /// Gives each row of examples its number in the scenario.
  private static void number(GherkinDocument document, Map<String, Integer> rows) {
    List<io.cucumber.messages.types.Scenario> all = new ArrayList<>();
    for (FeatureChild child : document.getFeature().orElseThrow().getChildren()) {
      child.getScenario().ifPresent(all::add);
      child
          .getRule()
          .ifPresent(
              rule -> {
                for (RuleChild inner : rule.getChildren()) {
                  inner.getScenario().ifPresent(all::add);
                }
              });
    }
    for (io.cucumber.messages.types.Scenario scenario : all) {
      int number = 1;
      for (Examples examples : scenario.getExamples()) {
        for (TableRow row : examples.getTableBody()) {
          rows.put(row.getId(), number++);
        }
      }
    }
  }

  private static Scenario of(String feature, Pickle pickle, Map<String, Integer> rows) {
    Integer number = rows.get(pickle.getAstNodeIds().getLast());
    String name = pickle.getName() + (number == null ? "" : " #" + number);
    return new Scenario(feature, name, pickle.getSteps().stream().map(Scenario::step).toList());
  }

  private static Step step(PickleStep step) {
    String body =
        step.getArgument()
            .flatMap(argument -> argument.getDocString())
            .map(text -> text.getContent())
            .orElse(null);
    List<List<String>> table =
        step.getArgument()
            .flatMap(argument -> argument.getDataTable())
            .map(
                data ->
                    data.getRows().stream()
                        .map(row -> row.getCells().stream().map(cell -> cell.getValue()).toList())
                        .toList())
            .orElse(List.of());
    return new Step(step.getText(), body, table);
  }
}
