package dev.quarry.storage.torture;

import dev.quarry.error.QuarryException;
import dev.quarry.storage.simulation.CrashPoint;
import dev.quarry.storage.simulation.CrashStates;
import dev.quarry.storage.simulation.Selection;
import dev.quarry.storage.simulation.SimDisk;
import dev.quarry.storage.torture.PowerLoss.Moment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;

/// R3: a crash during recovery, and another one during the recovery after it, change nothing: the
/// store recovers to the same state, twice, and then takes a commit.
///
/// A case: `workload:seed:variant:point:selection/point:selection/point:selection`, the crash of
/// the workload, then those of the recoveries.
public final class RecoveryCrash implements Suite {
  private static final int PER_MOMENT = 2;
  private static final int PER_RECOVERY = 12;

  private final List<Workload> workloads;

  public RecoveryCrash(List<Workload> workloads) {
    this.workloads = workloads.stream().filter(workload -> workload.weight() < 20).toList();
  }

  @Override
  public String name() {
    return "R3";
  }

  @Override
  public String promise() {
    return "recovery that crashes, twice in a row, ends in the state that it would have had";
  }

  @Override
  public void run(Run run) {
    for (long round = 0; run.more(); round++) {
      List<Moment> moments = new ArrayList<>();
      long seed = run.seed() + round;
      run.prepare(
          workloads, round, workload -> moments.addAll(PowerLoss.moments(workload, seed, 0)));
      Collections.shuffle(moments, new Random(seed));
      for (Moment moment : moments) {
        if (run.more()) {
          crash(run, moment);
        }
      }
    }
  }

  /// The disk after a crash, and the state that it recovers to without a further one.
  private record Crashed(Moment moment, String name, SimDisk disk, long digest) {}

  private void crash(Run run, Moment moment) {
    for (Selection selection : some(moment.point(), moment.salt(), PER_MOMENT)) {
      SimDisk disk = moment.image(selection);
      if (!disk.exists(Subject.PATH)) {
        continue;
      }
      String name = moment.name() + ":" + selection;
      long[] digest = new long[1];
      run.check(
          name,
          moment.name(),
          () -> {
            digest[0] = PowerLoss.recover(moment, selection, disk.copy());
            PowerLoss.ensureAllowed(moment, selection, digest[0]);
          });
      crashAgain(run, new Crashed(moment, name, disk, digest[0]), 2);
    }
  }

  /// Crashes at each barrier of the recovery, in some states of it.
  private void crashAgain(Run run, Crashed crashed, int depth) {
    Workload workload = crashed.moment.workload();
    SimDisk recovering = crashed.disk.copy().recording();
    recover(workload, recovering);
    SplittableRandom random = new SplittableRandom(crashed.name.hashCode());
    for (CrashPoint point : recovering.points()) {
      for (Selection selection : some(point, crashed.moment.salt(), PER_RECOVERY)) {
        if (!run.more()) {
          return;
        }
        String name = crashed.name + "/" + point.number() + ":" + selection;
        SimDisk disk = point.image(selection, crashed.moment.salt());
        run.check(name, null, () -> verify(workload, disk.copy(), crashed.digest));
        if (depth > 1 && random.nextInt(PER_RECOVERY) == 0) {
          crashAgain(run, new Crashed(crashed.moment, name, disk, crashed.digest), depth - 1);
        }
      }
      run.count("crash points of recoveries, depth " + (3 - depth), 1);
    }
  }

  private static void recover(Workload workload, SimDisk disk) {
    try {
      workload.recover(disk);
    } catch (QuarryException | Violation e) {
      // A case of its own has told so.
    }
  }

  private static void verify(Workload workload, SimDisk disk, long digest) {
    ensureSame("recovery after a crash in recovery", digest, workload.recover(disk));
    ensureSame("the second opening", digest, workload.recover(disk));
    long appended = workload.recover(disk, true, true);
    ensureSame("a commit after recovery", appended, workload.recover(disk));
  }

  private static void ensureSame(String what, long expected, long found) {
    if (expected != found) {
      throw new Violation("%s: expected state %x, found %x".formatted(what, expected, found));
    }
  }

  private static List<Selection> some(CrashPoint point, long salt, int most) {
    List<Selection> all = new ArrayList<>();
    CrashStates.of(point, salt, most, 0, all::add);
    return all;
  }

  @Override
  public void replay(String name) {
    String[] levels = name.split("/");
    CaseText first = CaseText.of(levels[0], 5);
    Selection selection = first.part(4, Selection::parse);
    Moment moment = PowerLoss.moment(workloads, first);
    SimDisk disk = moment.image(selection);
    long digest = PowerLoss.recover(moment, selection, disk.copy());
    PowerLoss.ensureAllowed(moment, selection, digest);
    for (int level = 1; level < levels.length; level++) {
      CaseText text = CaseText.of(levels[level], 2);
      Selection lost = text.part(1, Selection::parse);
      SimDisk recovering = disk.copy().recording();
      recover(moment.workload(), recovering);
      CrashPoint point = text.part(0, number -> recovering.points().get(Integer.parseInt(number)));
      disk = point.image(lost, moment.salt());
      verify(moment.workload(), disk.copy(), digest);
    }
  }
}
