package dev.quarry.query.execute;

import dev.quarry.error.CancelledException;
import dev.quarry.error.ErrorCode;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.schedule.FirstFailure;
import dev.quarry.storage.schedule.Sched;
import java.util.List;

/// Does the parts of some work at once: the first on the thread that calls, each other one on a
/// thread of its own, which ends with it. The first failure is that of the whole; the other parts
/// see it where they look whether they should end ([#look()]). Nothing runs any more when
/// [#run(List)] is over, and what the parts wrote is seen by its caller. Used once.
final class Together {
  private final Object monitor = new Object();
  private final FirstFailure failure = new FirstFailure();
  private int busy;

  /// Ends the part of this thread if another one has failed.
  void look() {
    failure.look();
  }

  /// Runs all parts to their ends.
  void run(List<Runnable> parts) {
    List<Runnable> others = parts.subList(1, parts.size());
    busy = others.size();
    for (int i = 0; i < others.size(); i++) {
      Runnable part = others.get(i);
      Sched.start("quarry-statement-" + (i + 1), () -> runOther(part));
    }
    runPart(parts.getFirst());
    awaitOthers();
    failure.raise();
  }

  private void runOther(Runnable part) {
    runPart(part);
    synchronized (monitor) {
      busy--;
      Sched.signalAll(monitor);
    }
  }

  /// A fault in a map comes before the part is over.
  private void runPart(Runnable part) {
    try {
      look();
      part.run();
      Memory.awaitFaults();
    } catch (Throwable thrown) {
      failure.note(thrown);
    }
  }

  /// An interrupt ends the other parts, too; they are waited for all the same.
  private void awaitOthers() {
    boolean interrupted = false;
    synchronized (monitor) {
      while (busy > 0) {
        try {
          Sched.await(monitor);
        } catch (InterruptedException e) {
          interrupted = true;
          failure.note(new CancelledException(ErrorCode.CANCELLED, Execution.INTERRUPTED));
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
