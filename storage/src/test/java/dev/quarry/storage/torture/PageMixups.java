package dev.quarry.storage.torture;

import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.simulation.SimDisk;
import dev.quarry.storage.torture.Damage.Unclosed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// R5: places that were swapped, written to the wrong address, lost in an older version, filled
/// with zeros or cut off are told, or change no answer. So are sectors of a log that come from the
/// log of another store, at the same place. A file on a real disk that is cut under a store that
/// reads it through its map neither ends the JVM nor raises an error without a type, whether its
/// pages were read before or not; what is left of it is read as before, and the store is poisoned.
///
/// A case: `workload:seed:kind:a:b`, where a and b are places of 4 KiB; of `FOREIGN`, a sector of
/// the log and how many; of `LIVE`, where it is cut, and 1 if all of it was read before.
public final class PageMixups implements Suite {
  static final int PLACE = 4096;
  private static final int SECTOR = 512;

  private final List<Workload> workloads;

  /// @param workloads those that close the store more than once, so that there are older versions
  public PageMixups(List<Workload> workloads) {
    this.workloads = workloads;
  }

  @Override
  public String name() {
    return "R5";
  }

  @Override
  public String promise() {
    return "swapped, misdirected, stale, zeroed and cut pages are told, or change no answer";
  }

  private enum Kind {
    SWAP,
    DUPLICATE,
    STALE,
    ZERO,
    CUT,
    FOREIGN,
    LIVE
  }

  /// A store, its older versions, and what it holds.
  ///
  /// @param logged the store before it was closed
  /// @param foreign another one
  private record Target(
      Workload workload,
      long seed,
      SimDisk disk,
      List<byte[]> older,
      long digest,
      Unclosed logged,
      Unclosed foreign) {
    byte[] place(int number) {
      byte[] all = disk.bytes(Subject.PATH);
      return Arrays.copyOfRange(all, number * PLACE, (number + 1) * PLACE);
    }
  }

  private record Case(Kind kind, int a, int b) {}

  /// Files are cut under their maps in a process that checks no access to memory as well, if this
  /// one does: there a fault takes another way.
  @Override
  public void run(Run run) {
    if (!Memory.checkMode()) {
      run(run, null);
      return;
    }
    try (CutMapsChild child = CutMapsChild.start()) {
      run(run, child);
    }
  }

  private void run(Run run, @Nullable CutMapsChild child) {
    for (long round = 0; run.more(round); round++) {
      for (Workload workload : workloads) {
        if (run.more()) {
          run(run, child, target(workload, run.seed() + round), new Random(run.seed() + round));
        }
      }
    }
  }

  private void run(Run run, @Nullable CutMapsChild child, Target target, Random random) {
    String name = target.workload.name() + ":" + target.seed;
    List<Case> cases = cases(target);
    run.count("places", Damage.places(target.disk));
    Collections.shuffle(cases, random);
    long share = Math.max(1, run.mostStates() / workloads.size());
    if (child != null) {
      child.order(target.disk.bytes(Subject.PATH), name, share / 4);
      share -= share / 4;
    }
    for (Case one : cases.subList(0, (int) Math.min(share, cases.size()))) {
      if (run.more()) {
        String full = "%s:%s:%d:%d".formatted(name, one.kind, one.a, one.b);
        run.check(full, full, () -> mixUp(run, target, one));
      }
      if (child != null) {
        child.hear(run);
      }
    }
    if (child != null && run.more()) {
      child.await(run);
    }
  }

  private static Target target(Workload workload, long seed) {
    SimDisk disk = new SimDisk();
    List<byte[]> versions = new ArrayList<>();
    workload.run(
        disk,
        seed,
        new Workload.Observer() {
          @Override
          public void done(Subject subject, char kind) {
            if (kind == 'x') {
              versions.add(disk.bytes(Subject.PATH));
            }
          }
        });
    versions.removeLast();
    long digest = workload.recover(disk.copy());
    Unclosed logged = Damage.unclosed(workload, seed);
    Unclosed foreign = Damage.unclosed(workload, ~seed);
    return new Target(workload, seed, disk.copy(), versions, digest, logged, foreign);
  }

  private static List<Case> cases(Target target) {
    int places = Damage.places(target.disk);
    List<Case> cases = new ArrayList<>();
    for (int a = 0; a < places; a++) {
      for (int b = 0; b < places; b++) {
        if (a < b) {
          cases.add(new Case(Kind.SWAP, a, b));
        }
        if (a != b) {
          cases.add(new Case(Kind.DUPLICATE, a, b));
        }
      }
      for (int version = 0; version < target.older.size(); version++) {
        if (target.older.get(version).length >= (a + 1) * PLACE) {
          cases.add(new Case(Kind.STALE, a, version));
        }
      }
      cases.add(new Case(Kind.ZERO, a, 0));
      cases.add(new Case(Kind.CUT, a, 0));
      cases.add(new Case(Kind.CUT, a, 2048));
      cases.add(new Case(Kind.LIVE, a, 0));
      cases.add(new Case(Kind.LIVE, a, 1));
    }
    Unclosed logged = target.logged;
    for (int a = 1; a < Damage.filled(logged.disk(), logged.log()) / SECTOR; a++) {
      cases.add(new Case(Kind.FOREIGN, a, 1));
      cases.add(new Case(Kind.FOREIGN, a, 2));
    }
    return cases;
  }

  private static void mixUp(Run run, Target target, Case one) {
    switch (one.kind) {
      case FOREIGN -> mixUpLogs(run, target, one.a * SECTOR, one.b * SECTOR);
      case LIVE -> cutUnderAMap(run, target, one.a * PLACE, one.b == 1);
      default -> mixUpPages(run, target, one);
    }
  }

  private static void cutUnderAMap(Run run, Target target, int size, boolean readBefore) {
    boolean told = CutMaps.cut(target.disk.bytes(Subject.PATH), size, readBefore);
    String when = readBefore ? "cut after it was read: " : "cut under a map: ";
    run.count(when + (told ? "told" : "slack"), 1);
  }

  private static void mixUpLogs(Run run, Target target, int from, int bytes) {
    Unclosed logged = target.logged;
    Unclosed foreign = target.foreign;
    SimDisk damaged = logged.disk().copy();
    byte[] other = foreign.disk().bytes(foreign.log());
    damaged.overwrite(logged.log(), from, Arrays.copyOfRange(other, from, from + bytes));
    List<LogWalk.Batch> batches = LogWalk.batches(logged.disk().bytes(logged.log()));
    long digest = target.workload.recover(logged.disk().copy());
    boolean mustBeTold = LogWalk.mustBeTold(batches, from, from + bytes);
    Damage.judgeLog(run, target.workload, damaged, digest, logged.history(), mustBeTold);
  }

  private static void mixUpPages(Run run, Target target, Case one) {
    SimDisk damaged = target.disk.copy();
    switch (one.kind) {
      case SWAP -> {
        put(damaged, one.a, target.place(one.b));
        put(damaged, one.b, target.place(one.a));
      }
      case DUPLICATE -> put(damaged, one.b, target.place(one.a));
      case STALE -> {
        byte[] old = target.older.get(one.b);
        put(damaged, one.a, Arrays.copyOfRange(old, one.a * PLACE, (one.a + 1) * PLACE));
      }
      case ZERO -> put(damaged, one.a, new byte[PLACE]);
      case CUT -> damaged.cut(Subject.PATH, (long) one.a * PLACE + one.b);
      case FOREIGN, LIVE -> throw new IllegalArgumentException("no page: " + one);
    }
    Damage.judge(run, target.workload, damaged, target.digest);
  }

  private static void put(SimDisk disk, int place, byte[] bytes) {
    disk.overwrite(Subject.PATH, (long) place * PLACE, bytes);
  }

  @Override
  public void replay(String name) {
    CaseText text = CaseText.of(name, 5);
    int a = text.part(3, Integer::parseInt);
    int b = text.part(4, Integer::parseInt);
    Case one = new Case(text.part(2, Kind::valueOf), a, b);
    Target target = target(text.workload(workloads), text.seed());
    text.ensure(cases(target).contains(one));
    mixUp(new Run(this, target.seed, 1, Long.MAX_VALUE, all -> {}), target, one);
  }
}
