package dev.quarry.storage;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.StoreOpenException;
import dev.quarry.storage.checkpoint.FileCheck;
import dev.quarry.storage.checkpoint.Meta;
import dev.quarry.storage.checkpoint.StoreCopy;
import dev.quarry.storage.checkpoint.StoreFile;
import dev.quarry.storage.io.Clock;
import dev.quarry.storage.io.DiskLock;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.NativeMemory;
import dev.quarry.storage.memory.Scratch;
import dev.quarry.storage.page.PageFile;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.page.Snapshot;
import dev.quarry.storage.page.Version;
import dev.quarry.storage.spill.SpillFolder;
import dev.quarry.storage.wal.Wal;
import java.nio.file.Path;
import java.util.Objects;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// One open store: in a file, or in memory only. This is its face; the work is done behind it:
///
/// ```text
///  Opening ─► Recovery          how it comes to be open
///     ▼
///   Store ─► Readers            who reads, and what stays until the last of them is closed
///     │
///     ├────► CommitPath         from the beginning of a transaction to a visible commit
///     │       ├► StoreLog       the log, from the first write on
///     │       └► GroupCommit    one barrier for all who wait
///     │
///     ├────► Rearranging        steps that change where things lie
///     │
///     ├────► Checkpoints        what goes before and after one
///     │       ├► Pacing         when one is due
///     │       ├► KeepUp         what the layer above adds first
///     │       └► Checkpointer   one at a time, beside readers and writers
///     │
///     └────► Faults, Headroom   what a failure to write means; space for a full disk
/// ```
///
/// `Parts` is what all of them share: memory, pins, the `Newest` version. `OnDisk` is what only a
/// store with a file has.
///
/// A commit, in order:
/// 1. *logged*: its records are a batch of the log, the next writer begins on its version, and the
///    writer's lock is free;
/// 2. *durable*: a barrier covers it, see [GroupCommit];
/// 3. *visible*: its version is published, readers that begin now see it, and what it replaced is
///    retired.
///
/// If enough is dirty, or much would have to be repeated after a crash, the thread of the commit
/// writes a checkpoint beside the next writers ([Checkpointer]). A transaction that grew too large
/// for the log is committed *by checkpoint* instead: it becomes durable by a checkpoint of its
/// version. Writers wait for each other; readers wait for nobody, and never see what a crash could
/// take back.
///
/// Before a checkpoint writes the newest version, the layer above may add to it what is no change
/// of a commit ([Upkeep]): it is visible at once, and gone after a crash before the checkpoint
/// ends.
///
/// After a failed barrier the store is *poisoned*: it goes on reading what is durable and refuses
/// every write, since nobody knows what the disk holds. So it is once something else has cut the
/// file under it: see [Scope].
public final class Store implements AutoCloseable {
  private final StoreOptions options;
  private final UUID uuid;
  private final @Nullable Path path;
  private final @Nullable DiskLock lock;
  private final Parts parts;
  private final Newest newest;
  private final SpillFolder spill;
  private final Faults faults;
  private final WriterLock writer;
  private final GroupCommit group;
  private final KeepUp keepUp;
  private final @Nullable OnDisk onDisk;
  private final Readers readers;
  private final CommitPath commits;
  private final Rearranging rearranging;

  /// @param file null for a store in memory
  Store(
      StoreOptions options,
      @Nullable Path path,
      @Nullable DiskLock lock,
      @Nullable StoreFile file,
      Parts parts,
      SpillFolder spill) {
    this.options = options;
    this.path = path;
    this.lock = lock;
    this.parts = parts;
    this.newest = parts.newest();
    this.spill = spill;
    this.uuid = file == null ? Identities.make() : file.meta().uuid();
    this.faults = new Faults(file);
    this.writer = new WriterLock(options.clock(), options.writerTimeout());
    Headroom headroom =
        file == null ? null : new Headroom(options.disk(), file.path(), options.headroomBytes());
    boolean barrier = options.durability() == Durability.BARRIER;
    this.group = new GroupCommit(barrier, headroom, newest::publish, faults::poison);
    PageFile pages = file == null ? null : file.pages();
    this.keepUp = new KeepUp(newest, parts.frames(), pages, faults);
    this.onDisk = file == null || headroom == null ? null : onDisk(file, headroom);
    this.readers = new Readers(parts, pages, this::release);
    this.commits = new CommitPath(options, parts, readers, faults, writer, group, onDisk);
    this.rearranging = new Rearranging(commits, group, keepUp, onDisk);
  }

  private OnDisk onDisk(StoreFile file, Headroom headroom) {
    newest.begin(file.load());
    StoreLog log = new StoreLog(options, file, newest, faults, parts.budget().child("log"));
    Checkpointer checkpointer = new Checkpointer(file, parts.frames(), parts.pins(), headroom);
    Pacing pacing = new Pacing(options, parts.frames(), log);
    Checkpoints checkpoints =
        new Checkpoints(pacing, parts, writer, group, log, checkpointer, keepUp, faults);
    return new OnDisk(file, log, checkpoints, headroom, pacing);
  }

  /// A store without a file.
  public static Store inMemory(StoreOptions options) {
    return Opening.inMemory(options);
  }

  /// Opens the store in a file, and recovers it if it was not closed cleanly.
  ///
  /// @param replayer what log records mean
  /// @throws StoreOpenException if it cannot be opened: missing, held, damaged, of another format
  public static Store open(Path path, StoreOptions options, Replayer replayer) {
    return Opening.open(path, options, replayer);
  }

  /// Opens what is left of a damaged store, read-only and without touching its file: the state of
  /// one of its meta blocks, and of its log what can be repeated in memory.
  ///
  /// @param state 0 for the newest that is whole, 1 for the one before it
  /// @param lost is told, in words, what of the log cannot be had; null leaves the log out
  /// @throws StoreOpenException if it is held, no store, or of another format
  /// @throws dev.quarry.error.CorruptPageException if there is no such state, or its log is missing
  public static Store salvage(
      Path path,
      StoreOptions options,
      Replayer replayer,
      int state,
      @Nullable Consumer<String> lost) {
    return Opening.salvage(path, options.withReadOnly(true), replayer, state, lost);
  }

  /// For opening: what brings back a store that was not closed cleanly.
  Recovery recovery(Replayer replayer) {
    return new Recovery(options, parts, Objects.requireNonNull(onDisk), replayer);
  }

  /// How many of the two meta blocks of the file are whole; 2 without a file.
  public int wholeMetaBlocks() {
    return onDisk == null ? 2 : onDisk.file().wholeMetaBlocks();
  }

  /// What was damaged when the store was opened and is whole again, in words; null if nothing was.
  public @Nullable String mended() {
    return onDisk == null ? null : onDisk.file().mended();
  }

  /// Whether a log belongs to the state that the file holds.
  public boolean hasUncleanFile() {
    return onDisk != null && !onDisk.file().meta().clean();
  }

  /// Runs a scope. Whatever it returns or throws, no fault in a map of the file had a part in it.
  ///
  /// @throws CorruptPageException if there was such a fault; the store is poisoned then
  public <T extends @Nullable Object, E extends Exception> T scope(Scope<T, E> scope) throws E {
    return faults.scope(scope);
  }

  /// Runs a scope without a result.
  public void scoped(Runnable work) {
    faults.scoped(work);
  }

  /// The typed error of a fault in a map of the file, for whoever ends a scope otherwise.
  ///
  /// @throws InternalError if it is another one
  public CorruptPageException faulted(InternalError error) {
    return faults.faulted(error);
  }

  /// Begins to read the newest commit.
  public Snapshot beginRead() {
    return readers.begin();
  }

  /// Begins to read the newest commit by few steps: with the snapshot that an earlier reader of the
  /// same version left ([Snapshot#leave]), if there is one.
  public Snapshot beginReadAgain() {
    return readers.beginAgain();
  }

  /// Begins to read the commit that another reader reads, for a thread of its own.
  ///
  /// @param other not closed before this returns
  public Snapshot beginRead(Snapshot other) {
    return readers.beginLike(other);
  }

  /// Waits for the writer and begins to write.
  ///
  /// @throws dev.quarry.error.WriterBusyException if that takes too long, or this thread has it
  public PageTransaction beginWrite() {
    return commits.begin(true);
  }

  /// The same, for work that is known to be large: nothing is logged, and it commits by checkpoint.
  public PageTransaction beginBulk() {
    return commits.begin(false);
  }

  /// Logs what a transaction does, unless it has become too large for the log.
  public void log(PageTransaction transaction, byte[] record, int offset, int length) {
    if (onDisk != null) {
      onDisk.log().add(transaction, record, offset, length);
    }
  }

  /// Whether what a transaction does is still logged.
  public boolean logs() {
    return onDisk != null && onDisk.log().logs();
  }

  /// Commits: durable and visible on return. The transaction is over, also after an error.
  ///
  /// @return the commit number
  public long commit(PageTransaction transaction) {
    return scope(() -> commits.commit(transaction));
  }

  /// The first half of a commit: logged on return, and the next writer may begin. The transaction
  /// is over, also after an error. Waits for the disk only if much is logged and not durable.
  public PendingCommit commitLater(PageTransaction transaction) {
    return scope(
        () -> {
          PendingCommit pending = commits.commitLater(transaction);
          commits.catchUp();
          return pending;
        });
  }

  /// Takes a transaction back, and begins another one on the same commit; the writer is kept
  /// meanwhile. The first one is over; after an error the writer is free.
  public PageTransaction restart(PageTransaction transaction) {
    return commits.restart(transaction);
  }

  /// Rolls back. The transaction is over.
  public void rollback(PageTransaction transaction) {
    commits.rollback(transaction);
  }

  /// Writes what is dirty to the file, so that the log is no longer needed. Without a file only the
  /// [Upkeep] is done.
  public void checkpoint() {
    scoped(this::checkpointNow);
  }

  private void checkpointNow() {
    commits.ensureWritable();
    commits.acquire();
    Checkpointer.Checkpoint begun = null;
    try {
      if (onDisk != null) {
        onDisk.checkpoints().end();
      }
      group.flush();
      commits.ensureWritable();
      Wal wal = onDisk == null ? null : onDisk.log().wal();
      if (onDisk == null) {
        keepUp.run();
      } else if (wal != null) {
        begun = onDisk.checkpoints().begin(wal, false);
      }
    } finally {
      commits.end();
    }
    if (onDisk != null && begun != null) {
      onDisk.checkpoints().write(begun);
      onDisk.checkpoints().handOverIfFree();
    }
  }

  /// Waits for the writer and does a step that changes where things lie, and nothing that they say:
  /// what an [Upkeep] may do, visible on return, and gone after a crash before the next checkpoint.
  ///
  /// @throws dev.quarry.error.StoreException if the store cannot be written; also whatever the step
  ///   throws, and then nothing has changed
  public void rearrange(Upkeep step) {
    scoped(() -> rearranging.step(step));
  }

  /// Makes the file as short as what it has to hold, while readers and writers go on, see
  /// [Shrinking]; nothing happens without a file.
  ///
  /// @param turns runs what waits for the writer
  /// @param until asked between two steps whether to end; what was done until then stays
  /// @param moved told the bytes of pages that move, step by step
  /// @return whether it came to its end
  public boolean shrink(Consumer<Runnable> turns, BooleanSupplier until, IntConsumer moved) {
    OnDisk target = onDisk;
    return target == null
        || scope(() -> new Shrinking(this, target.file(), turns, this::cut, until, moved).run());
  }

  private void cut() {
    commits.acquire();
    try {
      commits.ensureWritable();
      OnDisk target = Objects.requireNonNull(onDisk);
      target.checkpoints().end();
      faults.unlessBroken(target.file()::cut);
    } finally {
      commits.end();
    }
  }

  /// Called once after opening: what the layer above keeps for the state that was found.
  public void attachInitial(Object attachment) {
    newest.attach(attachment);
  }

  /// Called once after opening: what is done before each checkpoint from now on.
  public void upkeep(Upkeep newUpkeep) {
    keepUp.with(newUpkeep);
  }

  /// Writes the newest commit to a new file, compactly; writers and readers go on meanwhile.
  ///
  /// @param copied is told the size of each page; what it throws ends the work
  /// @return the number of the commit
  /// @throws StoreOpenException if there is something at the target already
  public long backup(Path target, IntConsumer copied) {
    Budget account = budget().child("backup");
    try {
      return scope(() -> backup(target, copied, account));
    } finally {
      account.close();
    }
  }

  private long backup(Path target, IntConsumer copied, Budget account) {
    try (Snapshot snapshot = beginRead();
        Scratch scratch = memory().scratch(account)) {
      PageTransaction whole = completed(snapshot.version());
      try {
        Version version = whole.next().asCommit(snapshot.commitNumber());
        IntConsumer each =
            bytes -> {
              snapshot.ensureOpen();
              copied.accept(bytes);
            };
        StoreCopy.write(
            snapshot.showing(version), options.disk(), target, Identities.make(), scratch, each);
      } finally {
        whole.abandon();
      }
      return snapshot.commitNumber();
    }
  }

  /// A version with all that it holds in pages, to be abandoned. The writer goes on beside it.
  private PageTransaction completed(Version version) {
    PageFile pages = onDisk == null ? null : onDisk.file().pages();
    PageTransaction whole = new PageTransaction(version, parts.frames(), pages, Long.MAX_VALUE);
    try {
      if (onDisk == null) {
        keepUp.complete(whole);
      } else {
        onDisk.checkpoints().apart(() -> keepUp.complete(whole));
      }
    } catch (RuntimeException | Error e) {
      whole.abandon();
      throw e;
    }
    return whole;
  }

  /// Verifies the newest durable state from the file itself, see [FileCheck]; nothing happens
  /// without a file. Writers and readers go on meanwhile.
  public void verifyFile(FileCheck.Sink sink) {
    if (onDisk != null) {
      StoreFile target = onDisk.file();
      scoped(() -> verifyFile(target, sink));
    }
  }

  private void verifyFile(StoreFile target, FileCheck.Sink sink) {
    while (true) {
      Meta state = target.meta();
      try (Snapshot pin = beginRead()) {
        // What the state reaches was born at its version's epoch at the latest, and dies when the
        // next checkpoint is handed over, whose meta block is not there yet.
        boolean bornBefore = state.epoch() - 1 <= pin.version().epoch();
        if (bornBefore && state.sequence() == target.meta().sequence()) {
          target.verify(state, sink);
          return;
        }
      }
      Thread.onSpinWait(); // a checkpoint came to its end in between
    }
  }

  /// Makes sure of what was read without the lock, in a store that is open for reading only: that
  /// nobody has written to its file since it was opened.
  ///
  /// @throws StoreOpenException if somebody has
  public void ensureUnchanged() {
    if (options.readOnly() && onDisk != null && !onDisk.file().isNewest()) {
      throw new StoreOpenException(
          ErrorCode.STORE_LOCKED,
          "another process has written to the store " + path + " while it was read",
          "run it again once that process has closed the store");
    }
  }

  /// At a quiet moment compares what dirty pages are charged with a walk over them. While somebody
  /// reads or writes, or commits wait to become visible, nothing happens.
  public void verifyLedger(Consumer<String> problems) {
    if (!writer.tryAcquire()) {
      return;
    }
    try {
      Version last = group.tip(newest::get);
      boolean quiet = parts.pins().count() == 0 && last == newest.get();
      String fault = quiet && !readers.closed() ? parts.frames().ledgerFault(last) : null;
      if (fault != null) {
        problems.accept(fault);
      }
    } finally {
      writer.release();
    }
  }

  public boolean inMemory() {
    return onDisk == null;
  }

  public boolean readOnly() {
    return options.readOnly();
  }

  public @Nullable Path path() {
    return path;
  }

  /// The identity of the store, the same at every opening.
  public UUID uuid() {
    return uuid;
  }

  public NativeMemory memory() {
    return parts.memory();
  }

  public Budget budget() {
    return parts.budget();
  }

  /// Where work puts what memory has no room for.
  public SpillFolder spill() {
    return spill;
  }

  public StoreOptions options() {
    return options;
  }

  public Clock clock() {
    return options.clock();
  }

  /// Whether writes are refused because a barrier failed, or something else has cut the file.
  public boolean isPoisoned() {
    return faults.poisoned();
  }

  public StoreStatistics statistics() {
    OnDisk target = onDisk;
    return new StoreStatistics(
        newest.commitNumber(),
        target == null ? 0 : target.file().sizeBytes(),
        target == null ? 0 : target.file().reachableBytes(),
        target == null ? 0 : target.log().sinceCheckpoint().bytes(),
        target == null ? 0 : target.pacing().replayNanos(),
        parts.frames().usedBytes(),
        parts.frames().retiredBytes(),
        budget().used(),
        budget().limit(),
        parts.pins().count(),
        target == null ? 0 : target.checkpoints().count(),
        target == null ? 0 : target.file().bytesWritten());
  }

  /// Ends readers with a typed error at their next step, waits for the writer, and leaves one file.
  ///
  /// Nothing is unmapped or freed under a reader that is inside a step: what readers may still look
  /// at goes when the last of them is closed.
  @Override
  public void close() {
    if (readers.closed()) {
      return;
    }
    commits.acquire();
    try {
      if (readers.closed()) {
        return;
      }
      group.flush();
      group.recover();
      readers.close();
      try {
        if (onDisk != null) {
          onDisk.close(faults, readers);
        }
      } finally {
        spill.close();
        if (lock != null) {
          lock.close();
        }
        readers.leave();
      }
    } finally {
      writer.release();
    }
  }

  private void release() {
    if (onDisk != null) {
      onDisk.log().close();
    }
    parts.close(onDisk == null ? null : onDisk.file());
  }
}
