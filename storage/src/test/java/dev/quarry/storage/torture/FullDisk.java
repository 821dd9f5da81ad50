package dev.quarry.storage.torture;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.QuarryException;
import dev.quarry.storage.simulation.Selection;
import dev.quarry.storage.simulation.SimDisk;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/// R7: however little space the disk has, a full disk is a typed error that ends one transaction;
/// the store can be read, takes deletions, and goes on once there is space.
///
/// A case: `workload:seed:bytes`, the space that all files may take up.
public final class FullDisk implements Suite {
  private static final int STEP = 4096;
  private static final Path RESERVE =
      Subject.PATH.resolveSibling(Subject.PATH.getFileName() + "-reserve");

  private final List<Workload> workloads;

  public FullDisk(List<Workload> workloads) {
    this.workloads = workloads.stream().filter(workload -> workload.weight() < 20).toList();
  }

  @Override
  public String name() {
    return "R7";
  }

  @Override
  public String promise() {
    return "a full disk ends one transaction; reading and deleting go on, and writing once there is"
        + " space";
  }

  @Override
  public void run(Run run) {
    long share = Math.max(1, run.mostStates() / workloads.size());
    for (long round = 0; run.more(); round++) {
      for (Workload workload : workloads) {
        if (run.more()) {
          sweep(run, workload, run.seed() + round, share);
        }
      }
    }
  }

  private static void sweep(Run run, Workload workload, long seed, long share) {
    SimDisk free = new SimDisk();
    workload.run(free, seed);
    long steps = free.peakBytes() / STEP + 1;
    long stride = Math.max(1, steps / share);
    for (long step = seed % stride; step < steps && run.more(); step += stride) {
      long bytes = step * STEP;
      String name = workload.name() + ":" + seed + ":" + bytes;
      run.check(name, name, () -> endure(run, workload, seed, bytes));
    }
  }

  private static void endure(Run run, Workload workload, long seed, long bytes) {
    SimDisk disk = new SimDisk();
    disk.capacity(bytes);
    Workload.Outcome outcome = workload.endure(disk, seed, new Resuming(run, disk, bytes));
    run.count("errors told", outcome.errors());
    disk.capacity(Long.MAX_VALUE);
    IoFaults.ensureRecovers(workload, outcome.history(), disk.afterKill(), Integer.MAX_VALUE);
    IoFaults.ensureRecovers(
        workload, outcome.history(), disk.point().image(Selection.none(), seed), Integer.MAX_VALUE);
  }

  /// When the disk is full for the first time: deletes, then gives it space and commits.
  private record Resuming(Run run, SimDisk disk, long bytes) implements Workload.Observer {
    @Override
    public void failed(Subject subject, QuarryException error) {
      if (error.code() != ErrorCode.STORE_DISK_FULL) {
        throw new Violation("a full disk is told as " + error.code() + ": " + error, error);
      }
      if (!subject.isOpen()) {
        return;
      }
      if (subject.poisoned()) {
        throw new Violation("a full disk poisons the store", error);
      }
      delete(subject);
      disk.capacity(Long.MAX_VALUE);
      subject.step('c', new Random(bytes));
      if (subject.visible() != subject.expected()) {
        throw new Violation("with space again, another state is read");
      }
      disk.capacity(Math.max(bytes, disk.usedBytes())); // no disk holds more than it can
    }

    /// Where space was kept for it, it must succeed.
    private void delete(Subject subject) {
      boolean kept = disk.paths().contains(RESERVE);
      String when = kept ? " with headroom" : " without headroom";
      try {
        subject.step('f', new Random(bytes));
        run.count("deletions" + when, 1);
      } catch (QuarryException e) {
        if (kept) {
          throw new Violation("a full disk refuses a deletion, with headroom: " + e, e);
        }
        run.count("deletions refused" + when, 1);
      }
      if (subject.visible() != subject.expected()) {
        throw new Violation("after a deletion on a full disk, another state is read");
      }
    }
  }

  @Override
  public void replay(String name) {
    CaseText text = CaseText.of(name, 3);
    Run run = new Run(this, 0, 1, Long.MAX_VALUE, all -> {});
    endure(run, text.workload(workloads), text.seed(), text.part(2, Long::parseLong));
  }
}
