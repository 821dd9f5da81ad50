package dev.quarry.storage.torture;

import dev.quarry.error.QuarryException;
import dev.quarry.storage.simulation.SimDisk;

/// What became of a store that was damaged: the error that tells so, or the same answers.
final class Damage {
  private Damage() {}

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
    run.count("same answers (slack, or a copy that was not needed)", 1);
  }

  /// The places of 4 KiB that a store has.
  static int places(SimDisk disk) {
    return disk.bytes(Subject.PATH).length >>> 12;
  }
}
