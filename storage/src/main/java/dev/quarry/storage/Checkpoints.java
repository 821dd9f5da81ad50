package dev.quarry.storage;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.MemoryBudgetException;
import dev.quarry.error.StoreIoException;
import dev.quarry.storage.page.Frames;
import dev.quarry.storage.page.Handover;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.page.Version;
import dev.quarry.storage.schedule.Point;
import dev.quarry.storage.schedule.Sched;
import dev.quarry.storage.wal.Wal;
import org.jspecify.annotations.Nullable;

/// The checkpoints of a store, with what goes before and after them: what must be durable before
/// one begins, and that the log is cut behind it. [Pacing] says when, [Checkpointer] writes them.
///
/// ```text
///  due? ► flush the group ► upkeep ► begin ► write ► hand over ► cut the log
///  └────── writer's lock ────────────────┘ no lock └─ writer's lock ───┘
/// ```
///
/// The thread whose commit found it due writes it. A transaction that grew too large for the log is
/// committed by a checkpoint of its version.
///
/// Threads: the holder of the writer's lock, but for [#write] and [#finish], which come without.
final class Checkpoints {
  private final Pacing pacing;
  private final Newest newest;
  private final Frames frames;
  private final WriterLock writer;
  private final GroupCommit group;
  private final StoreLog log;
  private final Checkpointer checkpointer;
  private final KeepUp keepUp;
  private final Faults faults;

  Checkpoints(
      Pacing pacing,
      Parts parts,
      WriterLock writer,
      GroupCommit group,
      StoreLog log,
      Checkpointer checkpointer,
      KeepUp keepUp,
      Faults faults) {
    this.pacing = pacing;
    this.newest = parts.newest();
    this.frames = parts.frames();
    this.writer = writer;
    this.group = group;
    this.log = log;
    this.checkpointer = checkpointer;
    this.keepUp = keepUp;
    this.faults = faults;
  }

  /// How many have become durable.
  long count() {
    return checkpointer.count();
  }

  /// While a checkpoint is being written, those who write go on as long as [Pacing] allows.
  void waitForRoom() {
    if (pacing.tooMuch()) {
      checkpointer.awaitWritten();
    }
  }

  /// Waits until none is being written, and hands over what was.
  void end() {
    checkpointer.awaitWritten();
    handOver();
  }

  /// Begins one of what is durable by now, if it is due and no other one is going on.
  Checkpointer.@Nullable Checkpoint beginIfDue() {
    return pacing.due() ? beginIfIdle() : null;
  }

  /// The same if much is dirty, whether commits made it so or what is not logged.
  Checkpointer.@Nullable Checkpoint beginIfMuchIsDirty() {
    return pacing.muchIsDirty() ? beginIfIdle() : null;
  }

  private Checkpointer.@Nullable Checkpoint beginIfIdle() {
    if (!checkpointer.idle()) {
      return null;
    }
    group.flush();
    try {
      return faults.poisoned() ? null : begin(log.open(), false);
    } catch (StoreIoException | MemoryBudgetException e) {
      return null; // It is tried again after a later commit.
    } catch (CorruptPageException e) {
      faults.poison(e); // Nothing could ever cut the log again.
      return null;
    }
  }

  /// Begins one of the newest version, with no commit logged behind it.
  ///
  /// @param clean whether no log belongs to the state
  Checkpointer.Checkpoint begin(Wal wal, boolean clean) {
    faults.unlessBroken(wal::beginCheckpoint);
    keepUp.run();
    return checkpointer.begin(newest.get(), clean, log.incarnation(), wal.lsn());
  }

  /// Runs work while nothing is handed over.
  void apart(Runnable work) {
    checkpointer.apart(work);
  }

  void write(Checkpointer.Checkpoint begun) {
    faults.unlessBroken(() -> checkpointer.write(begun));
  }

  /// Ends a checkpoint that a commit began. Whatever becomes of it, the commit stands, in the log;
  /// a full disk and a full budget are tried again after a later one.
  void finish(Checkpointer.Checkpoint begun) {
    try {
      faults.scoped(() -> write(begun));
    } catch (StoreIoException | MemoryBudgetException e) {
      // As it says above.
    } catch (CorruptPageException e) {
      faults.poison(e); // Nothing could ever cut the log again.
    }
    handOverIfFree();
  }

  /// Hands over what was written, unless there is a writer: then it does so when it ends.
  void handOverIfFree() {
    if (writer.tryAcquire()) {
      try {
        group.recover();
        handOver();
      } finally {
        writer.release();
      }
    }
  }

  /// Makes the newest version agree with what a checkpoint wrote, if there is such a one. No
  /// transaction runs.
  void handOver() {
    if (checkpointer.written() != null) {
      group.flush();
      handOver(newest.epoch() + 1);
    }
  }

  private void handOver(long epoch) {
    newest.replace(checkpointer.handOver(newest.get(), epoch));
    Sched.point(Point.RETIRE);
    long walFrom = checkpointer.end(); // which gives back the pin that holds what was replaced
    frames.reclaimAll();
    log.cut(walFrom);
  }

  /// Makes a transaction durable by a checkpoint of its version, behind all commits that were
  /// logged. It takes over what another checkpoint wrote while it ran.
  void commit(PageTransaction transaction) {
    group.flush();
    group.ensureBase();
    checkpointer.awaitWritten();
    Handover before = checkpointer.written();
    if (before != null) {
      transaction.takeOver(before);
      handOver(newest.epoch());
    }
    Wal wal = log.open();
    wal.discard();
    faults.unlessBroken(wal::beginCheckpoint);
    Version next = transaction.next();
    try {
      write(checkpointer.begin(next, false, log.incarnation(), wal.lsn()));
    } catch (StoreIoException e) {
      if (checkpointer.written() == null) {
        throw e;
      }
      // The commit stands, in one meta block.
    }
    newest.replace(checkpointer.handOver(next, next.epoch() + 1));
    Sched.point(Point.RETIRE);
    transaction.retireReplaced();
    log.cut(checkpointer.end());
  }

  /// For recovery: makes the state so far durable, with the log going on from an LSN.
  void recovered(boolean clean, long lsn) {
    checkpointer.write(checkpointer.begin(newest.get(), clean, log.incarnation(), lsn));
    handOver();
    log.beginsAt(lsn);
  }
}
