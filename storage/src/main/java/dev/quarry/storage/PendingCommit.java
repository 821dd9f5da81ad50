package dev.quarry.storage;

import org.jspecify.annotations.Nullable;

/// A commit whose first half is done: it is logged, the next writer builds on it, and the writer's
/// lock is free. It becomes durable, and then visible, with the next barrier that somebody waits
/// for.
///
/// Whoever has it calls [#await()] and then [#finish()], once each, whatever the first one raises.
/// Threads: one at a time, any.
public final class PendingCommit {
  private final CommitPath path;
  private final long number;
  private final GroupCommit.@Nullable Logged logged;

  /// @param logged null if the commit is durable and visible already
  PendingCommit(CommitPath path, long number, GroupCommit.@Nullable Logged logged) {
    this.path = path;
    this.number = number;
    this.logged = logged;
  }

  /// The number of the commit.
  public long number() {
    return number;
  }

  /// Waits until it is durable and visible, and calls the barrier if nobody else does. All commits
  /// before it are so then.
  ///
  /// @throws dev.quarry.error.StoreIoException if it failed
  public void await() {
    if (logged != null) {
      path.await(logged);
    }
  }

  /// Whether [#finish()] has something to do, which can take long.
  public boolean isCheckpointDue() {
    return logged != null && logged.due() != null;
  }

  /// Writes the checkpoint that became due with this commit, if there is one.
  public void finish() {
    if (logged != null) {
      path.finishDue(logged);
    }
  }
}
