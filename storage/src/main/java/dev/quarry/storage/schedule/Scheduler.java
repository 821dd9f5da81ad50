package dev.quarry.storage.schedule;

import java.util.concurrent.Semaphore;

/// Decides which of the threads of a simulation goes on. What [Sched] is told by such a thread
/// comes here.
public interface Scheduler {
  /// Lets others go on, or the caller.
  void point(Point point);

  /// Waits for [#signalAll] of a monitor that the caller holds, and holds it again on return.
  void await(Object monitor);

  /// Wakes all who wait for a monitor.
  void signalAll(Object monitor);

  /// Adds a thread, which may go on from now on.
  void start(String name, Runnable work);

  /// Waits for [#unpark], unless it came before.
  void park();

  /// Ends the present or the next [#park] of a thread.
  void unpark(Thread thread);

  /// What stands for the id of the present thread.
  long threadId();

  /// Takes a permit, and waits for it as long as it needs.
  void acquire(Semaphore semaphore);
}
