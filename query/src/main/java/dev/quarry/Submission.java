package dev.quarry;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// Work that was submitted, and what became of it. Threads: the writer's, then one that waits for
/// the disk, then one that completes the future.
final class Submission<T extends @Nullable Object> {
  private final Work<WriteTransaction, T, ?> work;
  private final CompletableFuture<T> future = new CompletableFuture<>();
  private @Nullable T result;
  private @Nullable Throwable failure;

  Submission(Work<WriteTransaction, T, ?> work) {
    this.work = work;
  }

  CompletableFuture<T> future() {
    return future;
  }

  /// Whether nobody wants it any more.
  boolean isCancelled() {
    return future.isDone();
  }

  void run(WriteTransaction transaction) throws Throwable {
    Thread.interrupted(); // what the work before has left
    result = work.with(transaction);
  }

  /// It did not come to a commit; the first cause stays.
  void fail(Throwable cause) {
    if (failure == null) {
      failure = cause;
    }
  }

  @SuppressWarnings("NullAway") // the result is null where T allows it
  void complete() {
    if (failure == null) {
      future.complete(result);
    } else {
      future.completeExceptionally(failure);
    }
  }
}
