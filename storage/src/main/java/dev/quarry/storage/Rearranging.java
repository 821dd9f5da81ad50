package dev.quarry.storage;

import org.jspecify.annotations.Nullable;

/// Steps that change where things lie, and nothing that they say.
///
/// ```text
///  writer's lock                                          no lock
///  flush the group ► step ► the newest version has it ──► a checkpoint, if much is dirty
/// ```
///
/// A step is no commit: the commit number stays, and no record of the log tells of it. So it needs
/// no barrier, and no reader notices. A crash finds the state of the last checkpoint, in which
/// steps up to then are, and a log that says what changed, not where: repeated over it, it gives
/// the newest commit again, as it would without any step. All commits before it are durable and
/// visible when a step begins, since the version that it makes is what readers begin on next.
///
/// Threads: any.
final class Rearranging {
  private final CommitPath commits;
  private final GroupCommit group;
  private final KeepUp keepUp;
  private final @Nullable OnDisk onDisk;

  /// @param onDisk null for a store in memory
  Rearranging(CommitPath commits, GroupCommit group, KeepUp keepUp, @Nullable OnDisk onDisk) {
    this.commits = commits;
    this.group = group;
    this.keepUp = keepUp;
    this.onDisk = onDisk;
  }

  /// Does a step; if it fails, nothing has changed.
  void step(Upkeep step) {
    commits.ensureWritable();
    if (onDisk != null) {
      onDisk.checkpoints().waitForRoom();
    }
    commits.acquire();
    Checkpointer.Checkpoint begun = null;
    try {
      group.flush();
      group.recover();
      commits.ensureWritable();
      if (onDisk != null) {
        onDisk.log().open(); // so that the file says that it is not the newest state
      }
      keepUp.add(step);
      begun = onDisk == null ? null : onDisk.checkpoints().beginIfMuchIsDirty();
    } finally {
      commits.end();
    }
    if (onDisk != null && begun != null) {
      onDisk.checkpoints().write(begun);
      onDisk.checkpoints().handOverIfFree();
    }
  }
}
