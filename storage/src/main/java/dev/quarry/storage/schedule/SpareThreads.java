package dev.quarry.storage.schedule;

import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Threads for work that is soon over and soon asked for again: one that has done its work waits a
/// second for more before it ends, since to start one takes as long as some thousand nodes of an
/// algorithm.
///
/// They keep no process alive, inherit nothing from who asks for them, and while they wait hold on
/// to nothing of what they did. Threads: any.
public final class SpareThreads {
  private static final String WAITING = "quarry-spare";

  private static final ThreadPoolExecutor THREADS =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          1,
          TimeUnit.SECONDS,
          new SynchronousQueue<>(),
          Thread.ofPlatform()
              .daemon()
              .name(WAITING)
              .inheritInheritableThreadLocals(false)
              .factory());

  private SpareThreads() {}

  /// Does work on a thread of its own, a spare one if there is any.
  ///
  /// @param name of the thread, until the work is over
  /// @param work raises nothing
  public static void start(String name, Runnable work) {
    if (Sched.simulated()) {
      Sched.start(name, work);
      return;
    }
    THREADS.execute(
        () -> {
          Thread.currentThread().setName(name);
          work.run();
          Thread.currentThread().setName(WAITING);
        });
  }

  /// The same, but on the caller's thread where no other can be had.
  public static void startOrRun(String name, Runnable work) {
    try {
      start(name, work);
    } catch (OutOfMemoryError e) {
      work.run();
    }
  }
}
