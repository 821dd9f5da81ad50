package dev.quarry.storage.torture;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.QuarryException;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.simulation.SimDisk;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.LongPredicate;

/// R8: whichever reservation of memory is refused, once or from then on, the result is a typed
/// error and no damage: the store is read in the state of its last commit, is not poisoned, gives
/// all memory back, and is recovered.
///
/// A case: `workload:seed:reservation`, with a `+` behind it if all later ones are refused as well.
public final class BudgetFaults implements Suite {
  private final List<Workload> workloads;

  public BudgetFaults(List<Workload> workloads) {
    this.workloads = workloads.stream().filter(workload -> workload.weight() < 20).toList();
  }

  @Override
  public String name() {
    return "R8";
  }

  @Override
  public String promise() {
    return "a refused reservation is a typed error, not damage, and leaks nothing";
  }

  /// Refuses the reservation of a number, and all later ones if it is sticky.
  private static final class Refusal implements LongPredicate {
    private final long at;
    private final boolean sticky;
    private long count;

    Refusal(long at, boolean sticky) {
      this.at = at;
      this.sticky = sticky;
    }

    @Override
    public boolean test(long bytes) {
      long number = count++;
      return sticky ? number < at : number != at;
    }
  }

  @Override
  public void run(Run run) {
    for (long round = 0; run.more(round); round++) {
      List<String> cases = new ArrayList<>();
      long seed = run.seed() + round;
      run.prepare(workloads, round, workload -> addCases(workload, seed, cases));
      run.count("reservations, once and sticky", cases.size());
      Collections.shuffle(cases, new Random(seed));
      for (String name : cases) {
        if (run.more()) {
          run.check(name, name, () -> replay(name));
        }
      }
    }
  }

  private static void addCases(Workload workload, long seed, List<String> cases) {
    Refusal none = new Refusal(Long.MAX_VALUE, false);
    ScopedValue.where(Budget.REHEARSAL, none).run(() -> workload.run(new SimDisk(), seed));
    for (long at = 0; at < none.count; at++) {
      cases.add(workload.name() + ":" + seed + ":" + at);
      cases.add(workload.name() + ":" + seed + ":" + at + "+");
    }
  }

  @Override
  public void replay(String name) {
    CaseText text = CaseText.of(name, 3);
    endure(text.workload(workloads), text.seed(), text.part(2, BudgetFaults::refusal));
  }

  private static Refusal refusal(String text) {
    boolean sticky = text.endsWith("+");
    long at = Long.parseLong(text.substring(0, text.length() - (sticky ? 1 : 0)));
    return new Refusal(at, sticky);
  }

  private static void endure(Workload workload, long seed, Refusal refusal) {
    SimDisk disk = new SimDisk();
    Workload.Outcome outcome =
        ScopedValue.where(Budget.REHEARSAL, refusal)
            .call(() -> workload.endure(disk, seed, new Judge()));
    IoFaults.ensureRecovers(workload, outcome.history(), disk.afterKill(), Integer.MAX_VALUE);
  }

  private static final class Judge implements Workload.Observer {
    @Override
    public void failed(Subject subject, QuarryException error) {
      if (error.code() != ErrorCode.MEMORY_BUDGET) {
        throw new Violation("a refused reservation is told as " + error.code(), error);
      }
      if (subject.isOpen() && subject.poisoned()) {
        throw new Violation("a refused reservation poisons the store", error);
      }
    }
  }
}
