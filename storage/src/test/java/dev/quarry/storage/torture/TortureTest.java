package dev.quarry.storage.torture;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Small parts of the suites; `./quarry torture` runs any number of their cases.
class TortureTest {
  private final long seed = Long.getLong("seed", System.nanoTime() >>> 20);
  private final List<Workload> workloads = PageSubject.workloads();

  private void run(Suite suite, long states) {
    run(suite, seed, states);
  }

  private static void run(Suite suite, long seed, long states) {
    Run run = new Run(suite, seed, states, Long.MAX_VALUE, all -> {}).go();
    System.out.printf(
        "%s: %d states, %d points, %.1f s, %s%n",
        suite.name(), run.states(), run.points(), run.seconds(), run.counts());
    run.ensureNone();
  }

  @Test
  void eachStepLeavesWhatTheModelSays() {
    run(new StepByStep(workloads), Long.getLong("states", 60));
  }

  @Test
  void everyPowerLossRecoversToACommittedStateWithAllAcknowledgedCommits() {
    for (int variant = 0; variant < 5; variant++) {
      run(new PowerLoss(workloads), seed + variant, Long.getLong("states", 800));
    }
  }

  @Test
  void aCrashDuringRecoveryChangesNothing() {
    run(new RecoveryCrash(workloads), Long.getLong("states", 1500));
  }

  @Test
  void anInputOrOutputErrorIsATypedErrorAndLosesNothing() {
    run(new IoFaults(workloads), Long.getLong("states", 1500));
  }

  @Test
  void aFullDiskEndsOneTransaction() {
    run(new FullDisk(workloads), Long.getLong("states", 300));
  }

  @Test
  void aRefusedReservationIsATypedErrorAndLeaksNothing() {
    run(new BudgetFaults(workloads), Long.getLong("states", 1000));
  }

  @Test
  void aChangedBitIsToldOrChangesNoAnswer() {
    run(new BitFlips(PageSubject.small()), Long.getLong("states", 2000));
  }

  @Test
  void aPageInTheWrongPlaceIsToldOrChangesNoAnswer() {
    run(new PageMixups(PageSubject.closing()), Long.getLong("states", 2000));
  }

  @Test
  void anyScheduleOfReadersWritersAndCheckpointsIsSerialAndSafe() {
    run(new Schedules(), Long.getLong("states", 200));
  }
}
