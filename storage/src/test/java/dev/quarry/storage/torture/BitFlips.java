package dev.quarry.storage.torture;

import dev.quarry.error.QuarryException;
import dev.quarry.storage.simulation.CrashPoint;
import dev.quarry.storage.simulation.Selection;
import dev.quarry.storage.simulation.SimDisk;
import java.nio.file.Path;
import java.util.List;

/// R4: whichever bit of a store that was closed changes, opening and reading all of it tells so, or
/// gives the same answers. Whichever bit of a log changes, the store opens in a committed state or
/// tells so; that the last commits of a log are gone cannot always be told from a torn tail.
///
/// A case: `workload:seed:store:bit` or `workload:seed:log:bit`.
public final class BitFlips implements Suite {
  private static final int LEAP = 7919; // a prime: a part of the bits visits all of the file

  private final List<Workload> workloads;

  /// @param workloads small ones: each bit of what they leave is flipped
  public BitFlips(List<Workload> workloads) {
    this.workloads = workloads;
  }

  @Override
  public String name() {
    return "R4";
  }

  @Override
  public String promise() {
    return "every changed bit of a store is told, or changes no answer";
  }

  /// A store whose bits are flipped, and what it holds.
  private record Target(
      Workload workload, long seed, SimDisk disk, Path file, History history, long digest) {
    boolean isLog() {
      return !file.equals(Subject.PATH);
    }

    String name() {
      return workload.name() + ":" + seed + ":" + (isLog() ? "log" : "store");
    }

    long bits() {
      byte[] bytes = disk.bytes(file);
      int end = bytes.length;
      while (isLog() && end > 0 && bytes[end - 1] == 0) {
        end--;
      }
      return end * 8L;
    }
  }

  @Override
  public void run(Run run) {
    long share = Math.max(1, run.mostStates() / (workloads.size() * 2L));
    for (Workload workload : workloads) {
      for (Target target : List.of(closed(workload, run.seed()), logged(workload, run.seed()))) {
        long bits = target.bits();
        run.count("bits of " + target.name(), bits);
        for (long i = 0; i < Math.min(bits, share) && run.more(); i++) {
          long bit = share >= bits ? i : (run.seed() + i * LEAP) % bits;
          run.check(
              target.name() + ":" + bit,
              target.name() + ":" + bit / 8,
              () -> flip(run, target, bit));
        }
      }
    }
  }

  private static Target closed(Workload workload, long seed) {
    SimDisk disk = new SimDisk();
    History history = workload.run(disk, seed);
    return new Target(
        workload, seed, disk.copy(), Subject.PATH, history, workload.recover(disk.copy()));
  }

  /// The store before a barrier at which its log held the most.
  private static Target logged(Workload workload, long seed) {
    SimDisk disk = new SimDisk().recording();
    History history = workload.run(disk, seed);
    Target best = null;
    for (CrashPoint point : disk.points()) {
      SimDisk image = point.image(Selection.none(), seed);
      for (Path path : image.paths()) {
        if (String.valueOf(path.getFileName()).contains("-wal-")) {
          long digest = workload.recover(image.copy());
          Target target = new Target(workload, seed, image, path, history, digest);
          best = best == null || target.bits() >= best.bits() ? target : best;
        }
      }
    }
    if (best == null) {
      throw new IllegalArgumentException(workload.name() + " has no log");
    }
    return best;
  }

  private static void flip(Run run, Target target, long bit) {
    SimDisk damaged = target.disk.copy();
    byte[] one = {damaged.bytes(target.file)[(int) (bit / 8)]};
    one[0] ^= (byte) (1 << (bit & 7));
    damaged.overwrite(target.file, bit / 8, one);
    if (target.isLog()) {
      judgeLog(run, target, damaged);
    } else {
      Damage.judge(run, target.workload, damaged, target.digest);
    }
  }

  private static void judgeLog(Run run, Target target, SimDisk damaged) {
    long found;
    try {
      found = target.workload.recover(damaged);
    } catch (QuarryException told) {
      run.count("told by " + told.code(), 1);
      return;
    }
    if (found == target.digest) {
      run.count("same answers (slack, or a copy that was not needed)", 1);
    } else if (found == 0 || target.history.find(found, 0) != null) {
      run.count("taken for a torn tail of the log", 1);
    } else {
      throw new Violation("the log gives a state that never was");
    }
  }

  @Override
  public void replay(String name) {
    String[] parts = name.split(":");
    Workload workload = PowerLoss.named(workloads, parts[0]);
    long seed = Long.parseLong(parts[1]);
    Target target = parts[2].equals("log") ? logged(workload, seed) : closed(workload, seed);
    flip(new Run(this, seed, 1, Long.MAX_VALUE, all -> {}), target, Long.parseLong(parts[3]));
  }
}
