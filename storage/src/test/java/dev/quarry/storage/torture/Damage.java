package dev.quarry.storage.torture;

import dev.quarry.error.QuarryException;
import dev.quarry.storage.simulation.CrashPoint;
import dev.quarry.storage.simulation.Selection;
import dev.quarry.storage.simulation.SimDisk;
import java.nio.file.Path;

/// What became of a store that was damaged: the error that tells so, or the same answers.
final class Damage {
  private static final String SAME = "same answers (slack, or a copy that was not needed)";

  private Damage() {}

  /// A store that was not closed: the disk at the moment at which its log held the most.
  record Unclosed(SimDisk disk, Path log, History history) {}

  /// Opens a damaged store and reads all of it.
  ///
  /// @param digest what it held before
  /// @throws Violation if it says anything else than what it held, or that it is damaged
  static void judge(Run run, Workload workload, SimDisk damaged, long digest) {
    long found;
    try {
      found = workload.recover(damaged);
    } catch (QuarryException told) {
      run.count("told by " + told.code(), 1);
      return;
    }
    if (found != digest) {
      throw new Violation("answers differ: expected %x, found %x".formatted(digest, found));
    }
    run.count(SAME, 1);
  }

  /// The same for a store whose log was damaged. That the last commits of a log are gone cannot be
  /// told from a torn tail.
  ///
  /// @param history the states that the store was in
  /// @param mustBeTold whether the damage lies before the tail
  static void judgeLog(
      Run run,
      Workload workload,
      SimDisk damaged,
      long digest,
      History history,
      boolean mustBeTold) {
    long found;
    try {
      found = workload.recover(damaged);
    } catch (QuarryException told) {
      run.count("told by " + told.code(), 1);
      return;
    }
    if (found == digest) {
      run.count(SAME, 1);
    } else if (found != 0 && history.find(found, 0) == null) {
      throw new Violation("the log gives a state that never was");
    } else if (mustBeTold) {
      throw new Violation("damage before the tail of the log is taken for a torn tail");
    } else {
      run.count("taken for a torn tail of the log", 1);
    }
  }

  /// Runs a workload, and returns to the first moment at which its log held the most: later the
  /// store may have been checkpointed.
  static Unclosed unclosed(Workload workload, long seed) {
    SimDisk disk = new SimDisk().recording();
    History history = workload.run(disk, seed);
    Unclosed best = null;
    int most = 0;
    for (CrashPoint point : disk.points()) {
      SimDisk image = point.image(Selection.none(), seed);
      for (Path path : image.paths()) {
        boolean isLog = String.valueOf(path.getFileName()).contains("-wal-");
        if (isLog && filled(image, path) > most) {
          most = filled(image, path);
          best = new Unclosed(image, path, history);
        }
      }
    }
    if (best == null) {
      throw new IllegalArgumentException(workload.name() + " has no log");
    }
    return best;
  }

  /// Bytes up to the last one that is not zero.
  static int filled(SimDisk disk, Path file) {
    byte[] bytes = disk.bytes(file);
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == 0) {
      end--;
    }
    return end;
  }

  /// The places of 4 KiB that a store has.
  static int places(SimDisk disk) {
    return disk.bytes(Subject.PATH).length >>> 12;
  }
}
