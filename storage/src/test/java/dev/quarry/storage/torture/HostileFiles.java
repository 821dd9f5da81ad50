package dev.quarry.storage.torture;

import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.simulation.CrashPoint;
import dev.quarry.storage.simulation.Selection;
import dev.quarry.storage.simulation.SimDisk;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/// R13: whatever the bytes of a store and of its log mean, with all checksums right, using it ends
/// with an answer or with an error of Quarry's own: no other exception, no access to memory that
/// nobody gave out, no endless loop, no large allocation, no leak.
///
/// A case: `workload:seed:what:number`; what is `store`, `log` or `both`, and the number is the
/// seed of what is changed.
public final class HostileFiles implements Suite {
  private static final long MOST_BYTES = 64 << 20;
  private static final int STORES = 8;
  private static final List<String> KINDS = List.of("store", "log", "both");
  private static final int MOST_TARGETS = 32;
  private static final long UNCHECKED = 1L << 40; // other cases than those that are checked

  private final Class<? extends Supplier<Map<Workload, Victim>>> who;
  private final Map<Workload, Victim> victims;
  private final Map<String, Target> targets = new HashMap<>();
  private final Supervisor supervisor = new Supervisor();

  /// @param who makes small workloads, and who uses the stores that they leave
  public HostileFiles(Class<? extends Supplier<Map<Workload, Victim>>> who) {
    this.who = who;
    this.victims = HostileChild.make(who);
  }

  @Override
  public String name() {
    return "R13";
  }

  @Override
  public String promise() {
    return "whatever a file with right checksums says, the answer is an answer or a typed error";
  }

  /// Stores to change: one that was closed, and one whose log is needed.
  private record Target(
      Workload workload,
      Victim victim,
      SimDisk closed,
      List<Piece> closedPieces,
      SimDisk logged,
      List<Piece> loggedPieces) {}

  private Target target(Workload workload, long seed) {
    if (targets.size() == MOST_TARGETS) {
      targets.clear();
    }
    return targets.computeIfAbsent(
        workload.name() + ":" + seed,
        key -> {
          SimDisk closed = new SimDisk();
          workload.run(closed, seed);
          SimDisk logged = logged(workload, seed);
          return new Target(
              workload,
              victims.get(workload),
              closed.copy(),
              Piece.of(closed.bytes(Subject.PATH)),
              logged,
              Piece.of(logged.bytes(Subject.PATH)));
        });
  }

  /// The store before the last barrier at which it had a log.
  private static SimDisk logged(Workload workload, long seed) {
    SimDisk disk = new SimDisk().recording();
    workload.run(disk, seed);
    SimDisk last = disk;
    for (CrashPoint point : disk.points()) {
      SimDisk image = point.image(Selection.none(), seed);
      if (!logs(image).isEmpty() && image.paths().contains(Subject.PATH)) {
        last = image;
      }
    }
    return last;
  }

  private static List<Path> logs(SimDisk disk) {
    return disk.paths().stream().filter(path -> path.toString().contains("-wal-")).toList();
  }

  /// A part of the cases runs in a process that checks no access to memory: a wrong one there ends
  /// the process. The others run in one that checks each, which may be this one.
  @Override
  public void run(Run run) {
    long unchecked = run.mostStates() / 4;
    try (TemporaryFolder folder = TemporaryFolder.make();
        HostileChild.Handle child =
            HostileChild.start(who, false, run.seed() + UNCHECKED, unchecked, folder.path())) {
      if (Memory.checkMode()) {
        all(run, run.mostStates() - unchecked);
      } else {
        try (HostileChild.Handle checked =
            HostileChild.start(
                who, true, run.seed(), run.mostStates() - unchecked, folder.path())) {
          while (checked.report(run) | child.report(run)) {
            continue; // a line of each in turn
          }
        }
      }
      while (child.report(run)) {
        continue;
      }
    }
  }

  /// Runs cases in this process.
  void all(Run run, long most) {
    List<Workload> workloads = new ArrayList<>(victims.keySet());
    try (supervisor) {
      for (long number = 0; number < most && run.more(); number++) {
        Workload workload = workloads.get((int) (number % workloads.size()));
        long seed = run.seed() + number / workloads.size() % STORES;
        String what = number % 5 < 2 ? "store" : number % 5 < 4 ? "log" : "both";
        String name = workload.name() + ":" + seed + ":" + what + ":" + (run.seed() + number);
        run.check(name, workload.name() + ":" + seed + ":" + what, () -> use(run, name));
      }
    }
  }

  private void use(Run run, String name) {
    HostileChild.note(name);
    CaseText text = CaseText.of(name, 4);
    Workload workload = text.workload(List.copyOf(victims.keySet()));
    String what = text.part(2, HostileFiles::known);
    Random random = new Random(text.part(3, Long::parseLong));
    Target target = target(workload, text.seed());
    SimDisk disk = changed(target, what, random);
    long most = 2L * disk.usedBytes() + MOST_BYTES;
    supervisor.run(() -> run.count("ended with " + target.victim.use(disk, random), 1), most);
  }

  private static String known(String what) {
    if (!KINDS.contains(what)) {
      throw new IllegalArgumentException(what);
    }
    return what;
  }

  private static SimDisk changed(Target target, String what, Random random) {
    boolean closed = what.equals("store");
    SimDisk disk = (closed ? target.closed : target.logged).copy();
    int changes = 1 + (random.nextInt(3) == 0 ? random.nextInt(4) : 0);
    if (!what.equals("log")) {
      change(disk, closed ? target.closedPieces : target.loggedPieces, random, changes);
    }
    for (Path path : closed ? List.<Path>of() : logs(disk)) {
      byte[] bytes = disk.bytes(path);
      LogMutation.change(bytes, random, changes);
      disk.overwrite(path, 0, bytes);
      if (random.nextInt(20) == 0) {
        disk.cut(path, random.nextInt(bytes.length));
      }
    }
    return disk;
  }

  private static void change(SimDisk disk, List<Piece> pieces, Random random, int changes) {
    byte[] bytes = disk.bytes(Subject.PATH);
    Mutation mutation = new Mutation(bytes, random);
    for (int i = 0; i < changes; i++) {
      mutation.change(pieces);
    }
    Checksums.mend(bytes);
    disk.overwrite(Subject.PATH, 0, bytes);
    if (random.nextInt(30) == 0) {
      disk.cut(Subject.PATH, random.nextInt(bytes.length));
    }
  }

  @Override
  public void replay(String name) {
    use(new Run(this, 0, 1, Long.MAX_VALUE, all -> {}), name);
  }
}
