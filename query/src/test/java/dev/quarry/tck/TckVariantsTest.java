package dev.quarry.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;

/// An answer depends neither on the size of batches, nor on whether updates stream, nor on whether
/// the snapshot is the newest, nor on indexes: all cases of the TCK, in each variant.
class TckVariantsTest {
  @TestFactory
  Stream<DynamicNode> everyCaseBehavesTheSameInEveryVariant() throws IOException {
    Map<String, String> expectedFailures = TckTest.expectedFailures();
    List<Scenario> scenarios =
        Scenario.all().stream()
            .filter(scenario -> !expectedFailures.containsKey(scenario.id()))
            .toList();
    return Variant.ALL.stream()
        .map(
            variant ->
                dynamicTest(variant.name(), () -> variant.with(() -> run(scenarios, variant))));
  }

  /// On all cores: each case has a store of its own.
  private static void run(List<Scenario> scenarios, Variant variant) {
    List<String> failures =
        scenarios.parallelStream()
            .map(scenario -> failure(scenario, variant))
            .flatMap(Optional::stream)
            .toList();
    assertEquals(List.of(), failures);
  }

  private static Optional<String> failure(Scenario scenario, Variant variant) {
    try {
      ScenarioRun.run(scenario, variant);
      return Optional.empty();
    } catch (RuntimeException | AssertionError e) {
      return Optional.of(scenario.id() + ": " + e);
    }
  }
}
