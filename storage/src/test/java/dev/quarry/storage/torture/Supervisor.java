package dev.quarry.storage.torture;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Runs cases on a thread of its own, and tells which of them take too long or too much heap.
///
/// A case that does not end is left alone, and the next one gets another thread. Threads: one.
final class Supervisor implements AutoCloseable {
  /// The most time of a core that a case may take, in nanoseconds.
  static final long MOST_NANOS = 1_000_000_000;

  private static final int PATIENCE_SECONDS = 60;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private @Nullable Worker worker;

  private static final class Worker extends Thread {
    final SynchronousQueue<Runnable> cases = new SynchronousQueue<>();
    final SynchronousQueue<Runnable> done = new SynchronousQueue<>();
    volatile @Nullable Throwable thrown;
    volatile long nanos;
    volatile long bytes;

    Worker() {
      super("case");
      setDaemon(true);
      start();
    }

    @Override
    public void run() {
      try {
        while (true) {
          Runnable one = cases.take();
          long before = THREADS.getCurrentThreadAllocatedBytes();
          long start = THREADS.getCurrentThreadCpuTime();
          Throwable caught = null;
          try {
            one.run();
          } catch (Throwable e) { // whatever it is, it is what this is looking for
            caught = e;
          }
          nanos = THREADS.getCurrentThreadCpuTime() - start;
          bytes = THREADS.getCurrentThreadAllocatedBytes() - before;
          thrown = caught;
          done.put(one);
        }
      } catch (InterruptedException e) {
        // closed
      }
    }
  }

  /// Runs a case.
  ///
  /// @param mostBytes what it may take of the heap, all in all
  /// @throws Violation if it takes too long or too much; else what the case throws
  void run(Runnable one, long mostBytes) {
    Worker current = worker == null ? new Worker() : worker;
    worker = current;
    boolean ended = false;
    try {
      current.cases.put(one);
      long start = THREADS.getThreadCpuTime(current.threadId());
      for (int waited = 0; !ended && waited < PATIENCE_SECONDS; waited++) {
        ended = current.done.poll(1, TimeUnit.SECONDS) != null;
        boolean busy = THREADS.getThreadCpuTime(current.threadId()) - start > 3 * MOST_NANOS;
        waited = busy ? PATIENCE_SECONDS : waited; // on a busy machine it may just have to wait
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Violation("interrupted", e);
    }
    if (!ended) {
      worker = null;
      Violation endless = new Violation("it does not end");
      endless.setStackTrace(current.getStackTrace());
      throw endless;
    }
    Throwable thrown = current.thrown;
    if (thrown != null) {
      rethrow(thrown);
    }
    if (current.nanos > MOST_NANOS) {
      throw new Violation("it takes " + current.nanos / 1_000_000 + " ms");
    }
    if (current.bytes > mostBytes) {
      throw new Violation("it takes " + current.bytes + " bytes of heap, at most " + mostBytes);
    }
  }

  private static void rethrow(Throwable thrown) {
    if (thrown instanceof RuntimeException exception) {
      throw exception;
    }
    throw (Error) thrown;
  }

  @Override
  public void close() {
    if (worker != null) {
      worker.interrupt();
      worker = null;
    }
  }
}
