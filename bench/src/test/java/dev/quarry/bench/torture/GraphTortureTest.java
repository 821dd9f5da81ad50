package dev.quarry.bench.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.storage.torture.BitFlips;
import dev.quarry.storage.torture.BudgetFaults;
import dev.quarry.storage.torture.FullDisk;
import dev.quarry.storage.torture.HostileFiles;
import dev.quarry.storage.torture.IoFaults;
import dev.quarry.storage.torture.PageMixups;
import dev.quarry.storage.torture.PowerLoss;
import dev.quarry.storage.torture.RecoveryCrash;
import dev.quarry.storage.torture.Run;
import dev.quarry.storage.torture.StepByStep;
import dev.quarry.storage.torture.Suite;
import dev.quarry.storage.torture.Workload;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Small parts of the suites over graphs; `./quarry torture` runs any number of their cases.
class GraphTortureTest {
  private final long seed = Long.getLong("seed", System.nanoTime() >>> 20);
  private final List<Workload> workloads = GraphSubject.workloads();

  private Run run(Suite suite, long states) {
    Run run = new Run(suite, seed, Long.getLong("states", states), Long.MAX_VALUE, all -> {}).go();
    run.ensureNone();
    return run;
  }

  @Test
  void eachStepOfAGraphLeavesWhatTheModelSays() {
    run(new StepByStep(workloads), 20);
  }

  @Test
  void aGraphSurvivesPowerLosses() {
    run(new PowerLoss(workloads), 400);
    run(new RecoveryCrash(workloads), 200);
  }

  @Test
  void damageOfAGraphIsToldOrChangesNoAnswer() {
    run(new BitFlips(GraphSubject.small()), 400);
    run(new PageMixups(GraphSubject.closing()), 200);
  }

  @Test
  void faultsOfDiskAndMemoryAreErrorsAndNoDamage() {
    run(new IoFaults(workloads), 200);
    run(new FullDisk(workloads), 100);
    run(new BudgetFaults(workloads), 200);
  }

  @Test
  void whateverTheBytesOfAGraphSayIsAnAnswerOrATypedError() {
    run(new HostileFiles(GraphSubject.Hostile.class), 600);
  }

  @Test
  void aRoundHasEachCaseOnce() {
    List<Workload> one = workloads.subList(0, 1);
    Run run = new Run(new BudgetFaults(one), seed, Long.MAX_VALUE, Long.MAX_VALUE, all -> {});
    run.rounds(1).go().ensureNone();
    assertEquals(run.states(), run.points());
    assertEquals(run.states(), run.counts().get("reservations, once and sticky"));
  }

  @Test
  void theReportNamesSeedAndVerdict() {
    Run run = run(new BudgetFaults(workloads), 5);
    TortureReport report = new TortureReport(List.of(run));
    assertEquals(0, report.violations());
    assertTrue(report.table().contains("| " + seed + " | kept |"), report.table());
    assertTrue(
        report.json().startsWith("{\"suites\":[{\"suite\":\"R8\",\"states\":"), report.json());
  }

  @Test
  void aWrongOptionIsNamed() {
    String[] words = {"torture", "--suite", "R99"};
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> TortureOptions.parse(words));
    assertTrue(error.getMessage().contains("no suite R99"), error.getMessage());
    String[] endless = {"--suite", "R1,R6", "--rounds", "1"};
    assertThrows(IllegalArgumentException.class, () -> TortureOptions.parse(endless));
  }
}
