package dev.quarry.storage.torture;

import dev.quarry.storage.simulation.SimDisk;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Without any fault: after each step the store holds what the model says and agrees with itself,
/// old readers see what they saw, and a store that was closed is a sound file and holds nothing.
///
/// A case: `workload:seed`.
public final class StepByStep implements Suite {
  private final List<Workload> workloads;

  public StepByStep(List<Workload> workloads) {
    this.workloads = workloads;
  }

  @Override
  public String name() {
    return "steps";
  }

  @Override
  public String promise() {
    return "without any fault each step leaves what the model says, and a file that is sound";
  }

  @Override
  public void run(Run run) {
    for (long round = 0; run.more(); round++) {
      for (Workload workload : workloads) {
        if (run.more() && round % workload.weight() == 0) {
          String name = workload.name() + ":" + (run.seed() + round);
          run.check(name, null, () -> steps(name).forEach(run::count));
        }
      }
    }
  }

  @Override
  public void replay(String name) {
    steps(name);
  }

  /// Does the steps of a case, and returns what its subject counted.
  private Map<String, Long> steps(String name) {
    Map<String, Long> coverage = new TreeMap<>();
    CaseText text = CaseText.of(name, 2);
    Workload workload = text.workload(workloads);
    SimDisk disk = new SimDisk();
    workload.run(
        disk,
        text.seed(),
        new Workload.Observer() {
          @Override
          public void done(Subject subject, char kind) {
            if (subject.isOpen()) {
              ensureAgrees(subject, kind);
            } else if (kind == 'x') {
              FileWalk.verify(disk.bytes(Subject.PATH), true, "closed");
            }
            coverage.putAll(subject.coverage());
          }
        });
    return coverage;
  }

  private static void ensureAgrees(Subject subject, char kind) {
    long visible = subject.visible();
    if (visible != subject.expected()) {
      throw new Violation(
          "after step %c: expected %x, found %x".formatted(kind, subject.expected(), visible));
    }
  }
}
