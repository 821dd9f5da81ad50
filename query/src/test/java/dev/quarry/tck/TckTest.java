package dev.quarry.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The openCypher TCK, all of it. What fails must stand in `expected-failures.txt` with its reason,
/// and what stands there must fail.
class TckTest {
  private static final int CASES = 3897;
  private static final Map<String, int[]> PASSED = new TreeMap<>();
  private static final Map<String, String> FAILED = new LinkedHashMap<>();

  @Test
  void theTckHasAllItsCases() {
    assertEquals(CASES, Scenario.all().size());
  }

  @TestFactory
  Stream<DynamicNode> everyCaseBehavesAsItSays() throws IOException {
    Map<String, String> expectedFailures = expectedFailures();
    Map<String, List<Scenario>> byFeature =
        Scenario.all().stream()
            .collect(
                Collectors.groupingBy(Scenario::feature, LinkedHashMap::new, Collectors.toList()));
    return byFeature.entrySet().stream()
        .map(
            entry ->
                DynamicContainer.dynamicContainer(
                    entry.getKey(),
                    entry.getValue().stream()
                        .map(
                            scenario ->
                                dynamicTest(
                                    scenario.name(),
                                    () -> run(scenario, expectedFailures.get(scenario.id()))))));
  }

  /// Lines of `id | reason`.
  static Map<String, String> expectedFailures() throws IOException {
    Map<String, String> failures = new LinkedHashMap<>();
    try (var in = TckTest.class.getResourceAsStream("expected-failures.txt")) {
      for (String line :
          new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8).lines().toList()) {
        int bar = line.lastIndexOf(" | ");
        if (bar > 0 && !line.startsWith("#")) {
          failures.put(line.substring(0, bar), line.substring(bar + 3));
        }
      }
    }
    return failures;
  }

  private static void run(Scenario scenario, @org.jspecify.annotations.Nullable String reason) {
    int[] count = PASSED.computeIfAbsent(scenario.directory(), key -> new int[2]);
    count[1]++;
    try {
      ScenarioRun.run(scenario, Variant.PLAIN);
    } catch (Throwable failure) {
      FAILED.put(scenario.id(), failure.toString().replaceAll("\\s+", " "));
      if (reason == null) {
        throw failure;
      }
      return;
    }
    count[0]++;
    if (reason != null) {
      fail("it passes now: take it off expected-failures.txt; it said: " + reason);
    }
  }

  /// The figure by directory, printed and kept.
  @AfterAll
  static void report() throws IOException {
    StringBuilder report = new StringBuilder();
    int passed = 0;
    int all = 0;
    for (Map.Entry<String, int[]> entry : PASSED.entrySet()) {
      int[] count = entry.getValue();
      report.append(String.format("%-45s %5d of %5d%n", entry.getKey(), count[0], count[1]));
      passed += count[0];
      all += count[1];
    }
    report.append(String.format("%-45s %5d of %5d%n", "all", passed, all));
    System.out.print(report);
    FAILED.forEach((id, why) -> report.append(id).append(" | ").append(why).append('\n'));
    Files.writeString(Path.of("target", "tck.txt"), report);
  }
}
