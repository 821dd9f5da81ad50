package dev.quarry.storage;

import dev.quarry.error.ErrorCode;
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
/// Threads: one writer at a time holds the writer's lock, from [#begin] or [#acquire] to [#log],
/// [#rollback] or [#end]; [#await] comes without.
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
      if (onDisk != null) {
        onDisk.log().beginTransaction(logged);
      }
      Version base = group.tip(newest::get);
      PageFile pages = onDisk == null ? null : onDisk.file().pages();
      return new PageTransaction(base, frames, pages, options.memoryBytes() / 8, mostThreads);
    } catch (RuntimeException | Error e) {
      writer.release();
      throw e;
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
    long number = transaction.commitNumber();
    if (!transaction.dirty()) {
      commitUnchanged(transaction);
      return number;
    }
    GroupCommit.Logged logged = log(transaction);
    if (logged != null) {
      await(logged);
    }
    return number + 1;
  }

  /// Nothing was written. What was read may be of commits that are still to become durable: nobody
  /// is told of them before they are.
  private void commitUnchanged(PageTransaction transaction) {
    try {
      if (transaction.base() != newest.get()) {
        group.flush();
        group.ensureBase();
      }
    } finally {
      rollback(transaction);
    }
  }

  /// The first half of a commit, which ends with the writer's lock free: null if it is visible by
  /// then, else what [#await] waits for. The transaction is over, also after an error.
  GroupCommit.@Nullable Logged log(PageTransaction transaction) {
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
    try {
      group.await(logged);
    } finally {
      Checkpointer.Checkpoint due = logged.due();
      if (due != null) {
        Objects.requireNonNull(onDisk).checkpoints().finish(due);
      }
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
