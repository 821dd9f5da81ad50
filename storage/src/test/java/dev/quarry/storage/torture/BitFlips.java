package dev.quarry.storage.torture;

import dev.quarry.storage.simulation.SimDisk;
import dev.quarry.storage.torture.LogWalk.Batch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// R4: whichever bit of a store changes, opening and reading all of it tells so, or gives the same
/// answers, whether it was closed or is to be recovered. Whichever bit of a log changes, the store
/// opens in a committed state or tells so; that the last commits of a log are gone cannot always be
/// told from a torn tail, but what a later batch declares durable is never taken for one.
///
/// The order is such that a short run visits all of a file: bits of both meta blocks and bits from
/// all over the file by turns, a prime number of bits apart. A long one visits each bit.
///
/// A case: `workload:seed:CLOSED:bit`, `workload:seed:UNCLOSED:bit` or `workload:seed:LOG:bit`.
public final class BitFlips implements Suite {
  private static final int LEAP = 7919;
  private static final int META_BITS = 4096 * 8;
  private static final int META_FIELD_BITS = 152 * 8;

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

  private enum Kind {
    CLOSED,
    UNCLOSED,
    LOG
  }

  /// A file whose bits are flipped, and what the store holds.
  ///
  /// @param bits how many there are; of a log, without the zeros at its end
  /// @param batches of a log
  private record Target(
      Kind kind,
      Workload workload,
      long seed,
      SimDisk disk,
      Path file,
      long bits,
      List<Batch> batches,
      History history,
      long digest) {
    String name() {
      return workload.name() + ":" + seed + ":" + kind;
    }
  }

  @Override
  public void run(Run run) {
    List<Target> targets = new ArrayList<>();
    for (Workload workload : workloads) {
      for (Kind kind : Kind.values()) {
        Target target = target(kind, workload, run.seed());
        run.count("bits of " + target.name(), target.bits);
        targets.add(target);
      }
    }
    long most = targets.stream().mapToLong(Target::bits).max().orElse(0);
    for (long i = 0; i < most && run.more(); i++) {
      long number = run.seed() + i * LEAP;
      for (Target target : targets) {
        if (i < 2 * META_FIELD_BITS && target.kind != Kind.LOG) {
          check(run, target, metaBit(number % (2 * META_FIELD_BITS)));
        }
        if (i < target.bits) {
          check(run, target, number % target.bits);
        }
      }
    }
  }

  /// A bit of the fields of both meta blocks.
  private static long metaBit(long number) {
    return (number & 1) * META_BITS + (number >>> 1);
  }

  private static void check(Run run, Target target, long bit) {
    if (run.more()) {
      String name = target.name() + ":" + bit;
      run.check(name, target.name() + ":" + bit / 8, () -> flip(run, target, bit));
    }
  }

  private static Target target(Kind kind, Workload workload, long seed) {
    SimDisk disk = new SimDisk();
    Path file = Subject.PATH;
    History history;
    if (kind == Kind.CLOSED) {
      history = workload.run(disk, seed);
      disk = disk.copy();
    } else {
      Damage.Unclosed unclosed = Damage.unclosed(workload, seed);
      disk = unclosed.disk();
      history = unclosed.history();
      file = kind == Kind.LOG ? unclosed.log() : file;
    }
    boolean isLog = kind == Kind.LOG;
    byte[] bytes = disk.bytes(file);
    long bits = 8L * (isLog ? Damage.filled(disk, file) : bytes.length);
    List<Batch> batches = isLog ? LogWalk.batches(bytes) : List.of();
    long digest = workload.recover(disk.copy());
    return new Target(kind, workload, seed, disk, file, bits, batches, history, digest);
  }

  private static void flip(Run run, Target target, long bit) {
    SimDisk damaged = target.disk.copy();
    byte[] one = {damaged.byteAt(target.file, bit / 8)};
    one[0] ^= (byte) (1 << (bit & 7));
    damaged.overwrite(target.file, bit / 8, one);
    if (target.kind == Kind.LOG) {
      boolean mustBeTold = LogWalk.mustBeTold(target.batches, bit / 8, bit / 8 + 1);
      Damage.judgeLog(run, target.workload, damaged, target.digest, target.history, mustBeTold);
    } else {
      Damage.judge(run, target.workload, damaged, target.digest);
    }
  }

  @Override
  public void replay(String name) {
    CaseText text = CaseText.of(name, 4);
    Kind kind = text.part(2, Kind::valueOf);
    long bit = text.part(3, Long::parseLong);
    Target target = target(kind, text.workload(workloads), text.seed());
    text.ensure(bit >= 0 && bit < target.bits);
    Run run = new Run(this, target.seed, 1, Long.MAX_VALUE, all -> {});
    flip(run, target, bit);
  }
}
