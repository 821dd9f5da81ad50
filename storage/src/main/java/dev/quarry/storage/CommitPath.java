package dev.quarry.storage;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.StoreIoException;
import dev.quarry.error.StoreOpenException;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.page.Frames;
import dev.quarry.storage.page.PageFile;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.page.Version;
import java.util.Objects;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// The way of a transaction from its beginning to a visible commit.
///
/// ```text
///  begin ► changes, logged ► log ──────────────► writer's lock is free ► await: durable, visible
///                             └ by checkpoint, or in memory: visible ──┘   then a due checkpoint
/// ```
///
/// Threads: one writer at a time holds the writer's lock, from [#begin] or [#acquire] to
/// [#commitLater], [#rollback] or [#end]; [#await] and [#finishDue] come without.
final class CommitPath {
  private final StoreOptions options;
  private final IntSupplier mostThreads; // one object for all transactions
  private final Newest newest;
  private final Frames frames;
  private final Readers readers;
  private final Faults faults;
  private final WriterLock writer;
  private final GroupCommit group;
  private final @Nullable OnDisk onDisk;

  /// @param onDisk null for a store in memory
  CommitPath(
      StoreOptions options,
      Parts parts,
      Readers readers,
      Faults faults,
      WriterLock writer,
      GroupCommit group,
      @Nullable OnDisk onDisk) {
    this.options = options;
    this.mostThreads = options::mostThreads;
    this.newest = parts.newest();
    this.frames = parts.frames();
    this.readers = readers;
    this.faults = faults;
    this.writer = writer;
    this.group = group;
    this.onDisk = onDisk;
  }

  /// Waits for the writer, and begins a transaction.
  ///
  /// @param logged whether to log what it does; else it commits by checkpoint
  PageTransaction begin(boolean logged) {
    ensureWritable();
    if (onDisk != null) {
      onDisk.checkpoints().waitForRoom();
    }
    acquire();
    try {
      ensureWritable();
      return begun(logged);
    } catch (RuntimeException | Error e) {
      writer.release();
      throw e;
    }
  }

  private PageTransaction begun(boolean logged) {
    if (onDisk != null) {
      onDisk.log().beginTransaction(logged);
    }
    Version base = group.tip(newest::get);
    PageFile pages = onDisk == null ? null : onDisk.file().pages();
    return new PageTransaction(base, frames, pages, options.memoryBytes() / 8, mostThreads);
  }

  /// Takes a transaction back, and begins another one in its place: nobody writes in between. If
  /// that fails, the next writer may begin.
  PageTransaction restart(PageTransaction transaction) {
    boolean done = false;
    try {
      transaction.abandon();
      if (onDisk != null) {
        onDisk.log().discard();
      }
      PageTransaction again = begun(true);
      done = true;
      return again;
    } finally {
      if (!done) {
        end();
      }
    }
  }

  /// Waits for the writer, and clears away what failed while nobody had it.
  void acquire() {
    writer.acquire();
    group.recover();
    handOver();
  }

  /// Commits: durable and visible on return. The transaction is over, also after an error.
  ///
  /// @return the commit number
  long commit(PageTransaction transaction) {
    PendingCommit pending = commitLater(transaction);
    try {
      pending.await();
    } finally {
      pending.finish();
    }
    return pending.number();
  }

  /// The first half of a commit: the writer's lock is free on return. The transaction is over, also
  /// after an error.
  PendingCommit commitLater(PageTransaction transaction) {
    long base = transaction.commitNumber();
    return transaction.dirty()
        ? new PendingCommit(this, base + 1, log(transaction))
        : new PendingCommit(this, base, leaveUnchanged(transaction));
  }

  /// Lets the disk catch up if much is logged and not durable, for a thread that goes on with the
  /// next transaction before anybody has waited for this one. What fails is told to those who do.
  void catchUp() {
    if (onDisk != null && onDisk.log().isFarAhead()) {
      try {
        group.await(group.follow());
      } catch (StoreIoException e) {
        // as it says above
      }
    }
  }

  /// Nothing was written. What was read may be of commits that are still to become durable: nobody
  /// is told of them before they are.
  private GroupCommit.@Nullable Logged leaveUnchanged(PageTransaction transaction) {
    try {
      return transaction.base() == newest.get() ? null : group.follow();
    } finally {
      rollback(transaction);
    }
  }

  /// Logs a commit, or makes it visible: null then.
  private GroupCommit.@Nullable Logged log(PageTransaction transaction) {
    GroupCommit.Logged logged = null;
    boolean done = false;
    try {
      Memory.awaitFaults(); // what was read is a part of what is logged
      ensureWritable();
      if (onDisk == null) {
        newest.publish(transaction, transaction.next());
      } else {
        logged = logOrWrite(onDisk, transaction);
      }
      done = true;
      if (onDisk != null && logged != null) {
        logged.due(onDisk.checkpoints().beginIfDue());
      }
    } finally {
      if (!done) {
        transaction.abandon();
      }
      end();
    }
    return logged;
  }

  /// Logs a commit. One that is too large for the log is written by a checkpoint: then null.
  private GroupCommit.@Nullable Logged logOrWrite(OnDisk target, PageTransaction transaction) {
    StoreLog log = target.log();
    if (!transaction.onlyRemoves()) {
      log.open(); // which has its own space before any is kept
      target.headroom().ensure();
    }
    if (log.logs() && !transaction.spilled()) {
      GroupCommit.Logged logged = group.log(log.open(), transaction, transaction.next());
      log.prepareNext();
      return logged;
    }
    target.checkpoints().commit(transaction);
    return null;
  }

  /// The second half: durable and visible on return.
  void await(GroupCommit.Logged logged) {
    group.await(logged);
  }

  /// Writes the checkpoint that a commit has made due, if there is one. Whoever waits for the
  /// commit does so once, whatever became of it.
  void finishDue(GroupCommit.Logged logged) {
    Checkpointer.Checkpoint due = logged.due();
    if (due != null) {
      Objects.requireNonNull(onDisk).checkpoints().finish(due);
    }
  }

  /// Rolls back. The transaction is over.
  void rollback(PageTransaction transaction) {
    try {
      transaction.abandon();
    } finally {
      end();
    }
  }

  /// Lets the next writer begin.
  void end() {
    try {
      if (onDisk != null) {
        onDisk.log().discard();
      }
      handOver();
    } finally {
      writer.release();
    }
  }

  private void handOver() {
    if (onDisk != null) {
      onDisk.checkpoints().handOver();
    }
  }

  void ensureWritable() {
    readers.ensureOpen();
    faults.ensureSound();
    if (options.readOnly()) {
      throw new StoreOpenException(
          ErrorCode.STORE_READ_ONLY, "the store is open read-only", "open it for writing");
    }
  }
}
