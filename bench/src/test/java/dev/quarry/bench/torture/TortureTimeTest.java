package dev.quarry.bench.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.storage.torture.BudgetFaults;
import dev.quarry.storage.torture.FullDisk;
import dev.quarry.storage.torture.IoFaults;
import dev.quarry.storage.torture.PageSubject;
import dev.quarry.storage.torture.PowerLoss;
import dev.quarry.storage.torture.RecoveryCrash;
import dev.quarry.storage.torture.Run;
import dev.quarry.storage.torture.Suite;
import dev.quarry.storage.torture.Workload;
import java.util.List;
import org.junit.jupiter.api.Test;

/// `quarry torture --seconds`: how suites share the time, and that each does something.
class TortureTimeTest {
  /// Cases that take some time.
  private record Sleeping(long millis) implements Suite {
    @Override
    public String name() {
      return "sleeping";
    }

    @Override
    public String promise() {
      return "nothing";
    }

    @Override
    public void run(Run run) {
      while (run.more()) {
        run.check("one", null, this::sleep);
      }
    }

    private void sleep() {
      try {
        Thread.sleep(millis);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void replay(String name) {}
  }

  @Test
  void whatOneSuiteTakesTooMuchTheOthersHaveLessAndEachRunsACase() {
    TortureOptions options = TortureOptions.parse(new String[] {"--seconds", "1"});
    List<Run> runs =
        Torture.runs(List.of(new Sleeping(1_000), new Sleeping(1), new Sleeping(1)), options);
    assertEquals(List.of(1L, 1L, 1L), runs.stream().map(Run::states).toList());
  }

  @Test
  void whatOneSuiteDoesNotTakeTheOthersHave() {
    Suite quick =
        new Suite() {
          @Override
          public String name() {
            return "quick";
          }

          @Override
          public String promise() {
            return "nothing";
          }

          @Override
          public void run(Run run) {}

          @Override
          public void replay(String name) {}
        };
    TortureOptions options = TortureOptions.parse(new String[] {"--seconds", "1"});
    List<Run> runs = Torture.runs(List.of(quick, quick, new Sleeping(1)), options);
    assertTrue(runs.getLast().seconds() > 0.8, runs.getLast().seconds() + " s");
    assertEquals(List.of("quick", "quick"), new TortureReport(runs).untried());
  }

  @Test
  void aSuiteThatCountsItsCasesFirstRunsOneHoweverLittleTimeThereIs() {
    List<Workload> all = PageSubject.workloads();
    for (Suite suite :
        List.of(
            new PowerLoss(all),
            new RecoveryCrash(all),
            new IoFaults(all),
            new FullDisk(all),
            new BudgetFaults(all))) {
      Run run = new Run(suite, 7, Long.MAX_VALUE, 0, now -> {}).go();
      assertTrue(run.states() > 0, suite.name());
      assertTrue(run.states() < 5, suite.name() + ": " + run.states());
      run.ensureNone();
    }
  }
}
