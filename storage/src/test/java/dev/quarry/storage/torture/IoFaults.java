package dev.quarry.storage.torture;

import dev.quarry.error.QuarryException;
import dev.quarry.storage.simulation.CrashPoint;
import dev.quarry.storage.simulation.CrashStates;
import dev.quarry.storage.simulation.FaultPlan;
import dev.quarry.storage.simulation.FaultPlan.Fault;
import dev.quarry.storage.simulation.SimDisk;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// R6: whichever operation of the disk goes wrong, once or from then on, a typed error says so, the
/// store stays readable, a failed barrier poisons it, and whatever follows, a kill or a power loss,
/// no acknowledged commit is lost.
///
/// A barrier that lies is outside of the promise: then damage must be found, and no state may be
/// read that never was.
///
/// A case: `workload:seed:FAULT@operation`, with a `+` behind it if it is sticky.
public final class IoFaults implements Suite {
  private static final int IMAGES = 6;

  private final List<Workload> workloads;

  public IoFaults(List<Workload> workloads) {
    this.workloads = workloads.stream().filter(workload -> workload.weight() < 20).toList();
  }

  @Override
  public String name() {
    return "R6";
  }

  @Override
  public String promise() {
    return "an I/O error is a typed error: nothing acknowledged is lost, and reading goes on";
  }

  private record Case(Workload workload, long seed, FaultPlan plan) {
    String name() {
      return workload.name() + ":" + seed + ":" + plan;
    }
  }

  @Override
  public void run(Run run) {
    for (long round = 0; run.more(round); round++) {
      List<Case> cases = new ArrayList<>();
      long seed = run.seed() + round;
      run.prepare(workloads, round, workload -> addCases(workload, seed, cases));
      run.count("operations times faults", cases.size());
      Collections.shuffle(cases, new Random(seed));
      for (Case one : cases) {
        if (run.more()) {
          run.check(one.name(), one.name(), () -> endure(one));
        }
      }
    }
  }

  private static void addCases(Workload workload, long seed, List<Case> cases) {
    for (Fault fault : Fault.values()) {
      SimDisk disk = new SimDisk();
      disk.fail(new FaultPlan(fault, Long.MAX_VALUE, false));
      workload.run(disk, seed);
      for (long at = 0; at < disk.counted(); at++) {
        cases.add(new Case(workload, seed, new FaultPlan(fault, at, false)));
        cases.add(new Case(workload, seed, new FaultPlan(fault, at, true)));
      }
    }
  }

  private static void endure(Case one) {
    Fault fault = one.plan.fault();
    SimDisk disk = new SimDisk().recording();
    disk.fail(one.plan);
    Workload.Outcome outcome = one.workload.endure(disk, one.seed, new Workload.Observer() {});
    if (fault == Fault.INTERRUPT && !(Thread.interrupted() && outcome.errors() == 0)) {
      throw new Violation("an interrupt was lost, or did harm");
    }
    ensureRecovers(one.workload, outcome.history(), disk.afterKill(), Integer.MAX_VALUE);
    boolean lies = fault == Fault.FORCE_LIES;
    List<CrashPoint> points = new ArrayList<>(disk.points());
    Random random = new Random(one.seed + one.plan.at());
    for (int i = 0; i < IMAGES; i++) {
      CrashPoint point = i < 2 ? points.getLast() : points.get(random.nextInt(points.size()));
      CrashStates.of(
          point,
          random.nextLong(),
          2,
          0,
          selection -> {
            SimDisk image = point.image(selection, one.seed);
            if (lies) {
              ensureNothingFalse(one.workload, outcome.history(), image);
            } else {
              ensureRecovers(one.workload, outcome.history(), image, point.acknowledged());
            }
            return true;
          });
    }
  }

  /// @param least how many commits must be there, or more than there are for all of them
  static void ensureRecovers(Workload workload, History history, SimDisk image, int least) {
    int bound = Math.min(least, history.acknowledgedCount());
    if (!image.exists(Subject.PATH)) {
      if (bound >= 0) {
        throw new Violation("the store is gone");
      }
      return;
    }
    long digest;
    try {
      digest = workload.recover(image, false, true);
    } catch (QuarryException e) {
      throw new Violation("not recovered: " + e.getMessage(), e);
    }
    boolean nothingYet = digest == 0 && bound <= 0;
    if (!nothingYet && history.find(digest, bound) == null) {
      throw new Violation("found %s, acknowledged %d".formatted(history.describe(digest), bound));
    }
  }

  private static void ensureNothingFalse(Workload workload, History history, SimDisk image) {
    if (image.exists(Subject.PATH)) {
      long digest;
      try {
        digest = workload.recover(image);
      } catch (QuarryException found) {
        return;
      }
      if (digest != 0 && history.find(digest, 0) == null) {
        throw new Violation("found a state that never was");
      }
    }
  }

  @Override
  public void replay(String name) {
    CaseText text = CaseText.of(name, 3);
    endure(new Case(text.workload(workloads), text.seed(), text.part(2, FaultPlan::parse)));
  }
}
