package dev.quarry.storage.torture;

import dev.quarry.storage.memory.Memory;

/// R9: in whatever order readers, writers, checkpoints and reclamation take their steps, all that
/// is read is explained by one serial order that keeps to the time, also over losses of power;
/// nobody waits for ever; and what was replaced comes back once nobody looks at it.
///
/// A case: a seed. Some seeds are run twice, since a schedule that is not the same again could not
/// be looked at.
public final class Schedules implements Suite {
  private static final int TWICE = 32;

  @Override
  public String name() {
    return "R9";
  }

  @Override
  public String promise() {
    return "whatever the schedule, reads are serialisable and in time, and memory is reclaimed safely";
  }

  @Override
  public void run(Run run) {
    if (!Memory.checkMode()) {
      run.count("without check mode", 1);
    }
    for (long seed = run.seed(); run.more(); seed++) {
      long one = seed;
      run.check(String.valueOf(seed), String.valueOf(seed), () -> run(run, one));
    }
  }

  private static void run(Run run, long seed) {
    ScheduledCase.Outcome outcome = ScheduledCase.run(seed);
    run.count("points", outcome.points());
    run.count("switches", outcome.switches());
    run.count("transactions", outcome.transactions());
    run.count("losses of power", outcome.losses());
    if (seed % TWICE == 0) {
      run.count("run twice", 1);
      if (!ScheduledCase.run(seed).equals(outcome)) {
        throw new Violation("the second run of this seed is another one");
      }
    }
  }

  @Override
  public void replay(String name) {
    ScheduledCase.Outcome outcome =
        ScheduledCase.run(CaseText.of(name, 1).part(0, Long::parseLong));
    System.out.println(outcome);
  }
}
