package dev.quarry.storage.schedule;

import org.jspecify.annotations.Nullable;

/// Two pieces of work at once: one in the caller's thread, the other in a thread that ends with it.
///
/// Nothing is left running on return. An interrupt ends neither of them; the flag is set
/// afterwards. Used once.
public final class Beside {
  private final Runnable work;
  private boolean done;
  private @Nullable Throwable failure;

  private Beside(Runnable work) {
    this.work = work;
  }

  /// Runs both, and raises what one of them raised: that of the caller's piece, if both did. Where
  /// no thread can be had, the caller runs both.
  ///
  /// @param name of the thread
  public static void run(String name, Runnable here, Runnable there) {
    Beside beside = new Beside(there);
    Sched.start(name, beside::work);
    Throwable own = null;
    try {
      here.run();
    } catch (RuntimeException | Error e) {
      own = e;
    }
    Throwable other = beside.await();
    if (own != null && other != null && own != other) {
      own.addSuppressed(other);
    }
    Throwable raised = own != null ? own : other;
    if (raised instanceof Error error) {
      throw error;
    }
    if (raised instanceof RuntimeException exception) {
      throw exception;
    }
  }

  private void work() {
    Throwable raised = null;
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      raised = e;
    }
    synchronized (this) {
      failure = raised;
      done = true;
      Sched.signalAll(this);
    }
  }

  private synchronized @Nullable Throwable await() {
    Sched.awaitWhile(this, () -> !done);
    return failure;
  }
}
