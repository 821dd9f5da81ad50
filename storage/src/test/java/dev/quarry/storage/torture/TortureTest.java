package dev.quarry.storage.torture;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Small parts of the suites; `./quarry torture` runs any number of their cases.
class TortureTest {
  private final long seed = Long.getLong("seed", System.nanoTime() >>> 20);
  private final List<Workload> workloads = PageSubject.workloads();

  private void run(Suite suite, long states) {
    Run run = new Run(suite, seed, states, Long.MAX_VALUE, all -> {}).go();
    System.out.printf(
        "%s: %d states, %d points, %.1f s, %s%n",
        suite.name(), run.states(), run.points(), run.seconds(), run.counts());
    run.ensureNone();
  }

  @Test
  void everyPowerLossRecoversToACommittedStateWithAllAcknowledgedCommits() {
    run(new PowerLoss(workloads), Long.getLong("states", 4000));
  }

  @Test
  void aCrashDuringRecoveryChangesNothing() {
    run(new RecoveryCrash(workloads), Long.getLong("states", 3000));
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
}
