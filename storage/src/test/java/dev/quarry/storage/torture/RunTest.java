package dev.quarry.storage.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// How a run divides its time.
class RunTest {
  private static final List<String> ALL = List.of("a", "b", "c");

  @Test
  void withoutALimitOfTimeAllIsPreparedInItsOrder() {
    Run run = run(Long.MAX_VALUE);
    assertEquals(ALL, prepared(run, 0));
    assertEquals(ALL, prepared(run, 1));
  }

  @Test
  void withoutTimeOneIsPreparedARoundAndAnotherOneInTheNext() {
    Run run = run(0);
    List<String> met = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      List<String> prepared = prepared(run, round);
      assertEquals(1, prepared.size());
      met.addAll(prepared);
    }
    assertTrue(met.containsAll(ALL), met.toString());
  }

  @Test
  void withoutTimeOneCaseRuns() {
    Run run = run(0);
    assertTrue(run.more());
    run.check("one", null, () -> {});
    assertEquals(false, run.more());
  }

  private static Run run(long nanos) {
    return new Run(new StepByStep(List.of()), 1, Long.MAX_VALUE, nanos, now -> {});
  }

  private static List<String> prepared(Run run, long round) {
    List<String> prepared = new ArrayList<>();
    run.prepare(ALL, round, prepared::add);
    return prepared;
  }
}
