package dev.quarry.storage;

import dev.quarry.storage.page.PageTransaction;

/// The two halves of a commit, for tests in other packages: one thread can log several commits that
/// share a barrier.
public final class Commits {
  private Commits() {}

  /// A commit that is logged and waits for a barrier.
  public interface Logged {
    /// Waits until it is durable and visible.
    void await();
  }

  /// Logs a commit; the writer's lock is free then.
  public static Logged log(Store store, PageTransaction transaction) {
    PendingCommit pending = store.commitLater(transaction);
    return () -> {
      try {
        pending.await();
      } finally {
        pending.finish();
      }
    };
  }
}
