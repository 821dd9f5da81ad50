package dev.quarry;

import dev.quarry.error.CancelledException;
import dev.quarry.error.ErrorCode;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Supplier;

/// Runs work on a thread with a stack that has room for the most deeply nested statement, whatever
/// the stack of the caller (rule S25). The caller waits.
final class DeepStack {
  /// Levels of nesting and clauses, together, up to which an ordinary stack will do.
  static final int SHALLOW = 24;

  /// Reserved address space; only what is used takes memory.
  private static final long BYTES = 256L << 20;

  private DeepStack() {}

  /// What the work returns or throws.
  ///
  /// @param cancel what ends the work when the thread that waits is interrupted; the flag is kept
  static <T> T call(Supplier<T> work, Runnable cancel) {
    FutureTask<T> task = new FutureTask<>(work::get);
    Thread thread = new Thread(null, task, "quarry-deep", BYTES);
    thread.setDaemon(true);
    thread.start();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
          cancel.run();
        }
      }
    } catch (ExecutionException e) {
      throw thrown(e.getCause(), interrupted);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static RuntimeException thrown(Throwable cause, boolean interrupted) {
    if (interrupted && cause instanceof CancelledException) {
      return new CancelledException(
          ErrorCode.CANCELLED, "the query was ended by an interrupt of its thread");
    }
    if (cause instanceof Error error) {
      throw error;
    }
    return (RuntimeException) cause;
  }
}
