package dev.quarry.storage.torture;

import dev.quarry.error.QuarryException;
import dev.quarry.storage.simulation.CrashPoint;
import dev.quarry.storage.simulation.CrashStates;
import dev.quarry.storage.simulation.Selection;
import dev.quarry.storage.simulation.SimDisk;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// R2: whatever a power loss leaves on the disk, the store recovers to a committed state that holds
/// every acknowledged commit; a second opening finds the same, and it can be written to.
///
/// A case: `workload:seed:variant:point:selection`. *Variants* of the disk: 0 loses and keeps
/// sectors of 512 bytes, 1 blocks of 4 KiB, 2 cannot truncate what is mapped, 3 cannot force a
/// folder, 4 cannot replace what is open.
public final class PowerLoss implements Suite {
  /// How many kinds of disk there are.
  static final int VARIANTS = 5;

  private final List<Workload> workloads;

  public PowerLoss(List<Workload> workloads) {
    this.workloads = workloads;
  }

  @Override
  public String name() {
    return "R2";
  }

  @Override
  public String promise() {
    return "every power-loss image recovers to a committed state with all acknowledged commits";
  }

  /// A moment of a run, with all that is known about what may be there.
  record Moment(Workload workload, long seed, int variant, History history, CrashPoint point) {
    String name() {
      return workload.name() + ":" + seed + ":" + variant + ":" + point.number();
    }

    long salt() {
      return seed * 31 + point.number();
    }

    SimDisk image(Selection selection) {
      return switches(point.image(selection, salt()), variant);
    }
  }

  @Override
  public void run(Run run) {
    for (long round = 0; run.more(); round++) {
      List<Moment> moments = new ArrayList<>();
      long seed = run.seed() + round;
      run.prepare(
          workloads,
          round,
          workload -> moments.addAll(moments(workload, seed, (int) (seed % VARIANTS))));
      Collections.shuffle(moments, new Random(seed));
      int most = Math.clamp(run.mostStates() / moments.size() * 2, 8, 400);
      for (Moment moment : moments) {
        if (run.more()) {
          crash(run, moment, most);
        }
      }
    }
  }

  /// A disk of a variant.
  private static SimDisk disk(int variant) {
    return switches(new SimDisk(variant == 1 ? 4096 : SimDisk.SECTOR), variant);
  }

  private static SimDisk switches(SimDisk disk, int variant) {
    return disk.without(variant == 2, variant == 3, variant == 4);
  }

  static List<Moment> moments(Workload workload, long seed, int variant) {
    SimDisk disk = disk(variant).recording();
    History history = workload.run(disk, seed);
    return disk.points().stream()
        .map(point -> new Moment(workload, seed, variant, history, point))
        .toList();
  }

  private void crash(Run run, Moment moment, int most) {
    int share = Math.max(8, most / moment.workload.weight());
    int exhaustive = 31 - Integer.numberOfLeadingZeros(share * 4);
    CrashStates.of(
        moment.point,
        moment.salt(),
        share,
        moment.workload.weight() > 2 ? 4 : exhaustive,
        selection -> {
          String name = moment.name() + ":" + selection;
          run.check(name, moment.name(), () -> verify(moment, selection));
          return run.more();
        });
    run.count(moment.point.size() <= exhaustive ? "exhaustive points" : "sampled points", 1);
  }

  private static void verify(Moment moment, Selection selection) {
    SimDisk disk = moment.image(selection);
    if (!disk.exists(Subject.PATH)) {
      if (moment.point.acknowledged() >= 0) {
        throw new Violation("the store is gone; " + selection.describe(moment.point));
      }
      return;
    }
    long digest = recover(moment, selection, disk);
    ensureAllowed(moment, selection, digest);
    int variant = (selection.hashCode() ^ moment.point.number()) & 7;
    if (variant == 0 && moment.workload.recover(disk) != digest) {
      throw new Violation("the second opening finds something else");
    }
    if (variant == 1) {
      long appended = moment.workload.recover(disk, true, true);
      if (appended == digest || moment.workload.recover(disk) != appended) {
        throw new Violation("a commit after recovery is lost");
      }
    }
  }

  static long recover(Moment moment, Selection selection, SimDisk disk) {
    try {
      return moment.workload.recover(disk);
    } catch (QuarryException e) {
      throw new Violation(
          "not recovered: " + e.getMessage() + "; " + selection.describe(moment.point), e);
    }
  }

  static void ensureAllowed(Moment moment, Selection selection, long digest) {
    int least = moment.point.acknowledged();
    if (moment.history.find(digest, least) == null) {
      throw new Violation(
          "found %s, acknowledged %d; %s"
              .formatted(moment.history.describe(digest), least, selection.describe(moment.point)));
    }
  }

  @Override
  public void replay(String name) {
    CaseText text = CaseText.of(name, 5);
    Selection selection = text.part(4, Selection::parse);
    verify(moment(workloads, text), selection);
  }

  static Moment moment(List<Workload> workloads, CaseText text) {
    int variant = text.part(2, Integer::parseInt);
    List<Moment> moments = moments(text.workload(workloads), text.seed(), variant);
    return text.part(3, number -> moments.get(Integer.parseInt(number)));
  }

  static Workload named(List<Workload> workloads, String name) {
    return workloads.stream()
        .filter(workload -> workload.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no workload " + name));
  }
}
