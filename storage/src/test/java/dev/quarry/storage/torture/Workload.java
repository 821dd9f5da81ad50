package dev.quarry.storage.torture;

import dev.quarry.error.MemoryBudgetException;
import dev.quarry.error.QuarryException;
import dev.quarry.storage.memory.LiveRanges;
import dev.quarry.storage.simulation.SimDisk;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/// A script of steps, deterministic by its seed.
///
/// @param name how cases name it
/// @param script a letter for each step; blanks are passed over
/// @param subjects makes a subject
/// @param weight how costly it is: of a heavy one, fewer states are made
public record Workload(String name, String script, Supplier<Subject> subjects, int weight) {
  /// What became of a run.
  ///
  /// @param errors how many steps failed with a typed error
  public record Outcome(Subject subject, History history, int errors) {}

  /// Is told what happens.
  public interface Observer {
    /// A step has succeeded.
    default void done(Subject subject, char kind) {}

    /// A step has failed with a typed error, and the store has been read since, if it is open.
    default void failed(Subject subject, QuarryException error) {}
  }

  private static final Observer NOBODY = new Observer() {};

  /// Runs all of it; an error ends it.
  public History run(SimDisk disk, long seed) {
    return run(disk, seed, NOBODY);
  }

  /// The same.
  public History run(SimDisk disk, long seed, Observer observer) {
    return run(disk, seed, observer, false).history;
  }

  /// Runs all of it. A step that fails with a typed error must leave the store readable, and in the
  /// state of the last commit; then the next step follows.
  public Outcome endure(SimDisk disk, long seed, Observer observer) {
    return run(disk, seed, observer, true);
  }

  private Outcome run(SimDisk disk, long seed, Observer observer, boolean enduring) {
    Subject subject = subjects.get();
    History history = new History();
    int ranges = LiveRanges.count();
    int errors = 0;
    for (int i = 0; i < script.length(); i++) {
      char kind = script.charAt(i);
      if (kind == ' ' || kind != 'o' && !subject.isOpen()) {
        continue;
      }
      try {
        step(subject, kind, disk, history, new Random(seed * 1_000_003 + i));
        observer.done(subject, kind);
      } catch (QuarryException e) {
        errors++;
        if (!enduring) {
          close(subject, e);
          throw e;
        }
        afterError(subject, kind, e);
        observer.failed(subject, e);
      }
      ensurePoisoned(subject, disk, kind);
      disk.acknowledge(history.acknowledgedCount());
    }
    if (subject.isOpen()) {
      try {
        subject.close();
      } catch (QuarryException e) {
        errors++;
      }
    }
    ensureNothingHeld(subject, disk, ranges);
    return new Outcome(subject, history, errors);
  }

  private static void step(
      Subject subject, char kind, SimDisk disk, History history, Random random) {
    switch (kind) {
      case 'o' -> {
        if (!subject.isOpen()) {
          subject.open(disk, history);
        }
      }
      case 'x' -> subject.close();
      case 'z' -> disk.undoing(() -> kill(subject));
      default -> subject.step(kind, random);
    }
  }

  private static void kill(Subject subject) {
    try {
      subject.close();
    } catch (QuarryException e) {
      // It is gone in any case.
    }
  }

  private static void afterError(Subject subject, char kind, QuarryException error) {
    if (!subject.isOpen()) {
      return;
    }
    long visible;
    try {
      visible = subject.visible();
    } catch (MemoryBudgetException e) {
      return; // to read needs a little memory, too
    }
    if (visible != subject.expected()) {
      throw new Violation("after an error in step " + kind + ", another state is read", error);
    }
  }

  /// After a failed barrier nothing more is written.
  private static void ensurePoisoned(Subject subject, SimDisk disk, char kind) {
    if (!subject.isOpen()) {
      disk.forgetFailedBarrier();
    } else if (disk.barrierFailed() && !subject.poisoned()) {
      throw new Violation("a barrier failed in step " + kind + ", and the store goes on writing");
    }
  }

  private static void close(Subject subject, Throwable cause) {
    try {
      if (subject.isOpen()) {
        subject.close();
      }
    } catch (RuntimeException e) {
      cause.addSuppressed(e);
    }
  }

  /// What has been closed holds no file, no lock, no native memory, and no budget.
  private static void ensureNothingHeld(Subject subject, SimDisk disk, int ranges) {
    List<String> held = disk.held();
    if (!held.isEmpty()) {
      throw new Violation("after the store was closed: " + held);
    }
    if (subject.usedBytes() != 0) {
      throw new Violation("after the store was closed, it holds " + subject.usedBytes() + " bytes");
    }
    int more = LiveRanges.count() - ranges;
    if (more != 0) {
      throw new Violation("after the store was closed, " + more + " native ranges are live");
    }
  }

  /// Opens the store that a crash has left, compares it with itself, and closes it.
  ///
  /// @return the digest of what it holds
  public long recover(SimDisk disk) {
    return recover(disk, false);
  }

  /// The same; and commits one thing more before it closes.
  public long recover(SimDisk disk, boolean append) {
    return recover(disk, append, false);
  }

  /// The same; and walks the file, if asked for, once it is closed.
  long recover(SimDisk disk, boolean append, boolean walk) {
    Subject subject = subjects.get();
    int ranges = LiveRanges.count();
    long digest;
    try {
      subject.open(disk, new History());
      digest = subject.visible();
      if (append) {
        subject.append();
        digest = subject.visible();
      }
      subject.close();
    } catch (RuntimeException | Error e) {
      close(subject, e);
      if (e instanceof QuarryException) {
        ensureNothingHeld(subject, disk, ranges);
      }
      throw e;
    }
    ensureNothingHeld(subject, disk, ranges);
    List<java.nio.file.Path> files = disk.paths();
    if (!files.equals(List.of(Subject.PATH))) {
      throw new Violation("after a clean close these files are left: " + files);
    }
    if (walk) {
      FileWalk.verify(disk.bytes(Subject.PATH), append, name + ", closed");
    }
    return digest;
  }
}
