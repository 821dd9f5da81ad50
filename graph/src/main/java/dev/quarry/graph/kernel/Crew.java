package dev.quarry.graph.kernel;

import dev.quarry.error.CancelledException;
import dev.quarry.error.ErrorCode;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.schedule.FirstFailure;
import dev.quarry.storage.schedule.Sched;
import dev.quarry.storage.schedule.SpareThreads;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The threads of one kernel: shares a range out in pieces, and waits until all are done.
///
/// The caller is the first of them. It alone asks whether the kernel should end, before a range and
/// each of its pieces and while it waits for the others, who see that it has failed at their next
/// piece. What one of them wrote is seen by all once a range is done. Used by the caller's thread.
final class Crew implements AutoCloseable {
  /// What ends a kernel whose caller is interrupted.
  static final String INTERRUPTED = "the algorithm was ended by an interrupt of its thread";

  private static final long PATIENCE_MILLIS = 10;

  // For so long a thread looks for what comes next before it waits: about what a wake takes.
  private static final long SPIN_NANOS = 100_000;

  /// What is done for a piece.
  @FunctionalInterface
  interface Work {
    /// @param piece its number, from 0
    void run(Worker worker, long piece, long from, long to);
  }

  private record Range(Work work, long count, long grain, AtomicLong next) {}

  private final List<Worker> workers;
  private final Runnable check;
  private final Object monitor = new Object();
  private final FirstFailure failure = new FirstFailure();
  private final long spinNanos; // 0 where threads wait for processors
  private @Nullable Range range;
  private volatile int round; // this and what follows is written in the monitor
  private volatile int busy;
  private volatile boolean closed;

  /// @param workers the caller's first
  /// @param check throws what ends the kernel, if it should end
  Crew(List<Worker> workers, Runnable check) {
    this.workers = workers;
    this.check = check;
    boolean apart = workers.size() <= Runtime.getRuntime().availableProcessors();
    this.spinNanos = apart ? SPIN_NANOS : 0;
    for (Worker worker : workers) {
      worker.pace(new Pace(() -> look(worker)));
    }
    try {
      workers.subList(1, workers.size()).forEach(this::start);
    } catch (Throwable thrown) {
      close();
      throw thrown;
    }
  }

  private void start(Worker worker) {
    SpareThreads.start("quarry-kernel-" + worker.index(), () -> serve(worker));
  }

  int size() {
    return workers.size();
  }

  Worker worker(int index) {
    return workers.get(index);
  }

  Worker caller() {
    return workers.getFirst();
  }

  /// Runs work for all of a range.
  ///
  /// @param grain how much of it makes a piece
  void share(long count, long grain, Work work) {
    look(caller());
    Range all = new Range(work, count, grain, new AtomicLong());
    if (workers.size() == 1 || count <= grain) {
      runPieces(all, caller());
      return;
    }
    synchronized (monitor) {
      range = all;
      round++;
      busy = workers.size() - 1;
      monitor.notifyAll();
    }
    try {
      runPieces(all, caller());
    } catch (Throwable thrown) {
      failure.note(thrown);
    }
    awaitOthers();
    failure.raise();
  }

  private void runPieces(Range all, Worker worker) {
    long piece = all.next.getAndIncrement();
    while (piece * all.grain < all.count) {
      look(worker);
      long from = piece * all.grain;
      all.work.run(worker, piece, from, Math.min(from + all.grain, all.count));
      piece = all.next.getAndIncrement();
    }
  }

  private void look(Worker worker) {
    failure.look();
    if (worker == caller()) {
      check.run();
    } else {
      worker.reading().ensureOpen();
    }
  }

  /// What a thread beside the caller's does, as long as the kernel lasts.
  private void serve(Worker worker) {
    int done = 0;
    while (true) {
      Range all = awaitRange(done++);
      if (all == null) {
        return;
      }
      try {
        runPieces(all, worker);
      } catch (Throwable thrown) {
        failure.note(thrown);
      }
      leave();
    }
  }

  /// A fault in a map comes before the thread says that it is done.
  private void leave() {
    try {
      Memory.awaitFaults();
    } catch (Throwable thrown) {
      failure.note(thrown);
    }
    synchronized (monitor) {
      busy--;
      monitor.notifyAll();
    }
  }

  private @Nullable Range awaitRange(int done) {
    Sched.spinWhile(spinNanos, () -> round == done && !closed);
    synchronized (monitor) {
      Sched.awaitWhile(monitor, () -> round == done && !closed);
      return closed ? null : range;
    }
  }

  /// Waits for the others to leave the range, and goes on asking whether it should end.
  private void awaitOthers() {
    boolean interrupted = false;
    Sched.spinWhile(spinNanos, () -> busy > 0);
    while (busy > 0) {
      try {
        if (!failure.isThere()) {
          check.run();
        }
        synchronized (monitor) {
          if (busy > 0) {
            monitor.wait(PATIENCE_MILLIS);
          }
        }
      } catch (InterruptedException e) {
        interrupted = true;
        failure.note(new CancelledException(ErrorCode.CANCELLED, INTERRUPTED));
      } catch (Throwable thrown) {
        failure.note(thrown);
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// Lets the threads end; they are not in a range.
  @Override
  public void close() {
    synchronized (monitor) {
      closed = true;
      monitor.notifyAll();
    }
  }
}
