package dev.quarry.storage;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.MemoryBudgetException;
import dev.quarry.error.QuarryException;
import dev.quarry.error.StoreClosedException;
import dev.quarry.error.StoreException;
import dev.quarry.error.StoreIoException;
import dev.quarry.error.StoreOpenException;
import dev.quarry.storage.checkpoint.FileCheck;
import dev.quarry.storage.checkpoint.Meta;
import dev.quarry.storage.checkpoint.StoreCopy;
import dev.quarry.storage.checkpoint.StoreFile;
import dev.quarry.storage.epoch.Pins;
import dev.quarry.storage.io.Clock;
import dev.quarry.storage.io.Disk;
import dev.quarry.storage.io.DiskLock;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.NativeMemory;
import dev.quarry.storage.memory.Scratch;
import dev.quarry.storage.page.Frames;
import dev.quarry.storage.page.Handover;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.page.Snapshot;
import dev.quarry.storage.page.Space;
import dev.quarry.storage.page.Version;
import dev.quarry.storage.schedule.Point;
import dev.quarry.storage.schedule.Sched;
import dev.quarry.storage.spill.SpillFolder;
import dev.quarry.storage.wal.Wal;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// One open store: in a file, or in memory only.
///
/// A commit, in order:
/// 1. *logged*: its records are a batch of the log, the next writer begins on its version, and the
///    writer's lock is free;
/// 2. *durable*: a barrier covers it, see [GroupCommit];
/// 3. *visible*: its version is published, readers that begin now see it, and what it replaced is
///    retired.
///
/// If enough is dirty, the thread of the commit writes a checkpoint beside the next writers
/// ([Checkpointer]). A transaction that grew too large for the log is committed *by checkpoint*
/// instead: it becomes durable by a checkpoint of its version. Writers wait for each other; readers
/// wait for nobody, and never see what a crash could take back.
///
/// Before a checkpoint writes the newest version, the layer above may add to it what is no change
/// of a commit ([Upkeep]): it is visible at once, and gone after a crash before the checkpoint
/// ends.
///
/// After a failed barrier the store is *poisoned*: it goes on reading what is durable and refuses
/// every write, since nobody knows what the disk holds.
public final class Store implements AutoCloseable {
  private static final int LARGEST_BATCH = 4 << 20;
  private static final long MOST_LOG = 64 << 20;

  private final StoreOptions options;
  private final UUID uuid;
  private final @Nullable Path path;
  private final @Nullable StoreFile file;
  private final @Nullable DiskLock lock;
  private final Budget budget;
  private final NativeMemory memory;
  private final Pins pins;
  private final Frames frames;
  private final WriterLock writer;
  private final GroupCommit group;
  private final @Nullable Checkpointer checkpointer;
  private final @Nullable Headroom headroom;
  private final Budget logAccount;
  private final SpillFolder spill;
  private final Set<Snapshot> readers = ConcurrentHashMap.newKeySet();
  private volatile Version current;
  private volatile @Nullable StoreException poison;
  private volatile boolean closed;
  private boolean left;
  private boolean released;
  private @Nullable Wal wal;
  private long incarnation;
  private long walLsn;
  private boolean logging;
  private @Nullable Upkeep upkeep;

  private Store(
      StoreOptions options,
      @Nullable Path path,
      @Nullable DiskLock lock,
      @Nullable StoreFile file,
      Parts parts,
      SpillFolder spill) {
    this.options = options;
    this.path = path;
    this.lock = lock;
    this.file = file;
    this.uuid = file == null ? UUID.randomUUID() : file.meta().uuid();
    this.budget = parts.budget;
    this.memory = parts.memory;
    this.pins = parts.pins;
    this.spill = spill;
    this.writer = new WriterLock(options.clock(), options.writerTimeout());
    this.logAccount = budget.child("log");
    this.headroom =
        file == null ? null : new Headroom(options.disk(), file.path(), options.headroomBytes());
    this.group =
        new GroupCommit(
            options.durability() == Durability.BARRIER,
            headroom,
            this::publish,
            error -> poison = error);
    this.current =
        file == null
            ? new Version(1, 0, new Space[Version.FIRST_FREE], null, List.of())
            : file.load();
    this.frames = new Frames(memory, budget.child("dirty pages"), pins, () -> current.epoch());
    this.checkpointer =
        file == null || headroom == null ? null : new Checkpointer(file, frames, pins, headroom);
    if (file != null) {
      incarnation = file.meta().incarnation();
      walLsn = file.meta().walLsn();
    }
  }

  private record Parts(Budget budget, NativeMemory memory, Pins pins) {
    static Parts of(StoreOptions options) {
      Budget budget = Budget.root("store", options.memoryBytes());
      return new Parts(budget, new NativeMemory(budget, options.nativeMemory()), new Pins());
    }

    void close() {
      memory.close();
    }
  }

  /// A store without a file.
  public static Store inMemory(StoreOptions options) {
    SpillFolder spill = Opening.spillFolder(null, options);
    Store store = new Store(options, null, null, null, Parts.of(options), spill);
    store.ensureCatalogSpace();
    return store;
  }

  /// Opens the store in a file, and recovers it if it was not closed cleanly.
  ///
  /// @param replayer what log records mean
  /// @throws StoreOpenException if it cannot be opened: missing, held, damaged, of another format
  public static Store open(Path path, StoreOptions options, Replayer replayer) {
    Opening.ensurePath(path, options);
    DiskLock lock = Opening.lock(path, options);
    try {
      return open(path, options, replayer, lock);
    } catch (RuntimeException e) {
      if (lock != null) {
        lock.close();
      }
      throw e;
    }
  }

  private static Store open(
      Path path, StoreOptions options, Replayer replayer, @Nullable DiskLock lock) {
    Disk disk = options.disk();
    Parts parts = Parts.of(options);
    StoreFile file = null;
    Store store = null;
    try {
      if (!disk.exists(path)) {
        Opening.refuseForeignLog(disk, path, null);
        StoreFile.create(disk, path, UUID.randomUUID());
      }
      Budget account = parts.budget.child("checkpoint");
      file = StoreFile.open(disk, path, !options.readOnly(), parts.memory, account, parts.pins);
      SpillFolder spill = Opening.spillFolder(path, options);
      store = new Store(options, path, lock, file, parts, spill);
      store.ensureCatalogSpace();
      Opening.recover(store, file, replayer);
      return store;
    } catch (RuntimeException e) {
      giveUp(store, file, parts);
      throw e;
    }
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
    StoreOptions readOnly = options.withReadOnly(true);
    Opening.ensurePath(path, readOnly);
    Opening.lock(path, readOnly);
    Parts parts = Parts.of(readOnly);
    Budget account = parts.budget.child("checkpoint");
    StoreFile file = null;
    Store store = null;
    try {
      file = StoreFile.openState(readOnly.disk(), path, state, parts.memory, account, parts.pins);
      SpillFolder spill = Opening.spillFolder(path, readOnly);
      store = new Store(readOnly, path, null, file, parts, spill);
      store.ensureCatalogSpace();
      if (lost != null) {
        Opening.salvageLog(store, file, replayer, lost);
      }
      return store;
    } catch (RuntimeException e) {
      giveUp(store, file, parts);
      throw e;
    }
  }

  /// Gives back what an opening holds that failed.
  private static void giveUp(@Nullable Store store, @Nullable StoreFile file, Parts parts) {
    if (store != null) {
      store.frames.close(store.current);
    }
    if (file != null) {
      file.close();
    }
    parts.close();
  }

  /// How many of the two meta blocks of the file are whole; 2 without a file.
  public int wholeMetaBlocks() {
    return file == null ? 2 : file.wholeMetaBlocks();
  }

  /// Whether a log belongs to the state that the file holds.
  public boolean hasUncleanFile() {
    return file != null && !file.meta().clean();
  }

  /// Begins to read the newest commit.
  public Snapshot beginRead() {
    ensureOpen();
    int slot = pins.pin(() -> current.epoch());
    Sched.point(Point.PINNED);
    Version version = current;
    while (version.epoch() != pins.epoch(slot)) {
      pins.move(slot, version.epoch());
      Sched.point(Point.PINNED);
      version = current;
    }
    Snapshot[] self = new Snapshot[1];
    self[0] =
        new Snapshot(
            version, pins, slot, frames, file == null ? null : file.pages(), () -> ended(self[0]));
    readers.add(self[0]);
    if (closed) {
      self[0].close();
      ensureOpen();
    }
    return self[0];
  }

  /// Waits for the writer and begins to write.
  ///
  /// @throws dev.quarry.error.WriterBusyException if that takes too long, or this thread has it
  public PageTransaction beginWrite() {
    ensureWritable();
    waitForRoom();
    acquireWriter();
    try {
      ensureWritable();
      logging = true;
      Version base = group.tip(() -> current);
      return new PageTransaction(base, frames, file == null ? null : file.pages(), spillBytes());
    } catch (RuntimeException e) {
      writer.release();
      throw e;
    }
  }

  /// The same, for work that is known to be large: nothing is logged, and it commits by checkpoint.
  public PageTransaction beginBulk() {
    PageTransaction transaction = beginWrite();
    logging = false;
    return transaction;
  }

  /// While a checkpoint is being written, those who write go on until half of the memory is dirty.
  private void waitForRoom() {
    Checkpointer checkpoints = checkpointer;
    if (checkpoints != null && dirtyBytes() > options.memoryBytes() / 2) {
      checkpoints.awaitWritten();
    }
  }

  /// Waits for the writer, and clears away what failed while nobody had it.
  private void acquireWriter() {
    writer.acquire();
    group.recover();
    handOver();
  }

  /// Logs what a transaction does, unless it has become too large for the log.
  public void log(PageTransaction transaction, byte[] record, int offset, int length) {
    if (file == null || !logging) {
      return;
    }
    Wal log = beginLog(file);
    log.add(record, offset, length);
    if (log.pendingBytes() > LARGEST_BATCH || transaction.large()) {
      log.discard();
      logging = false;
    }
  }

  /// Whether what a transaction does is still logged.
  public boolean logs() {
    return file != null && logging;
  }

  /// Commits: durable and visible on return. The transaction is over, also after an error.
  ///
  /// @return the commit number
  public long commit(PageTransaction transaction) {
    long number = transaction.commitNumber();
    if (!transaction.dirty()) {
      commitUnchanged(transaction);
      return number;
    }
    GroupCommit.Logged logged = logCommit(transaction);
    if (logged != null) {
      await(logged);
    }
    return number + 1;
  }

  /// Nothing was written. What was read may be of commits that are still to become durable: nobody
  /// is told of them before they are.
  private void commitUnchanged(PageTransaction transaction) {
    try {
      if (transaction.base() != current) {
        group.flush();
        group.ensureBase();
      }
    } finally {
      rollback(transaction);
    }
  }

  /// The first half of a commit, which ends with the writer's lock free: null if it is visible by
  /// then, else what [#await] waits for. The transaction is over, also after an error.
  GroupCommit.@Nullable Logged logCommit(PageTransaction transaction) {
    GroupCommit.Logged logged = null;
    boolean done = false;
    try {
      ensureWritable();
      keepHeadroom(transaction);
      Version next = transaction.next();
      if (file == null) {
        publish(transaction, next);
      } else if (logging && !transaction.spilled()) {
        logged = group.log(beginLog(file), transaction, next);
      } else {
        commitByCheckpoint(file, transaction);
      }
      done = true;
      if (logged != null) {
        logged.due(beginCheckpointIfDue());
      }
    } finally {
      if (!done) {
        transaction.abandon();
      }
      endWrite();
    }
    return logged;
  }

  /// The second half: durable and visible on return.
  void await(GroupCommit.Logged logged) {
    try {
      group.await(logged);
    } finally {
      Checkpointer.Checkpoint due = logged.due();
      if (due != null) {
        finish(due);
      }
    }
  }

  /// Rolls back. The transaction is over.
  public void rollback(PageTransaction transaction) {
    try {
      transaction.abandon();
    } finally {
      endWrite();
    }
  }

  /// Writes what is dirty to the file, so that the log is no longer needed. Without a file only the
  /// [Upkeep] is done.
  public void checkpoint() {
    ensureWritable();
    acquireWriter();
    Checkpointer.Checkpoint begun = null;
    try {
      if (checkpointer != null) {
        checkpointer.awaitWritten();
        handOver();
      }
      group.flush();
      ensureWritable();
      if (file == null) {
        keepUp();
      } else if (wal != null) {
        begun = beginCheckpoint(false);
      }
    } finally {
      endWrite();
    }
    if (begun != null) {
      write(begun);
      handOverIfFree();
    }
  }

  /// Called once after opening: what the layer above keeps for the state that was found.
  public void attachInitial(Object attachment) {
    current = current.attached(attachment);
  }

  /// Called once after opening: what is done before each checkpoint from now on.
  public void upkeep(Upkeep newUpkeep) {
    upkeep = newUpkeep;
  }

  /// Writes the newest commit to a new file, compactly; writers and readers go on meanwhile.
  ///
  /// @param copied is told the size of each page; what it throws ends the work
  /// @return the number of the commit
  /// @throws StoreOpenException if there is something at the target already
  public long backup(Path target, IntConsumer copied) {
    Budget account = budget.child("backup");
    try (Snapshot snapshot = beginRead();
        Scratch scratch = memory.scratch(account)) {
      StoreCopy.write(snapshot, options.disk(), target, UUID.randomUUID(), scratch, copied);
      return snapshot.commitNumber();
    } finally {
      account.close();
    }
  }

  /// Verifies the newest durable state from the file itself, see [FileCheck]; nothing happens
  /// without a file. Writers and readers go on meanwhile.
  public void verifyFile(FileCheck.Sink sink) {
    StoreFile target = file;
    if (target == null) {
      return;
    }
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

  /// At a quiet moment compares what dirty pages are charged with a walk over them. While somebody
  /// reads or writes, or commits wait to become visible, nothing happens.
  public void verifyLedger(Consumer<String> problems) {
    if (!writer.tryAcquire()) {
      return;
    }
    try {
      Version newest = group.tip(() -> current);
      boolean quiet = pins.count() == 0 && newest == current;
      String fault = quiet && !closed ? frames.ledgerFault(newest) : null;
      if (fault != null) {
        problems.accept(fault);
      }
    } finally {
      writer.release();
    }
  }

  public boolean inMemory() {
    return file == null;
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
    return memory;
  }

  public Budget budget() {
    return budget;
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

  /// Whether writes are refused because a barrier failed.
  public boolean isPoisoned() {
    return poison != null;
  }

  public StoreStatistics statistics() {
    Wal log = wal;
    return new StoreStatistics(
        current.commitNumber(),
        file == null ? 0 : file.sizeBytes(),
        file == null ? 0 : file.reachableBytes(),
        log == null ? 0 : log.bytesSinceCheckpoint(),
        frames.usedBytes(),
        frames.retiredBytes(),
        budget.used(),
        budget.limit(),
        pins.count(),
        checkpointer == null ? 0 : checkpointer.count(),
        file == null ? 0 : file.bytesWritten());
  }

  /// Ends readers with a typed error at their next step, waits for the writer, and leaves one file.
  ///
  /// Nothing is unmapped or freed under a reader that is inside a step: what readers may still look
  /// at goes when the last of them is closed.
  @Override
  public void close() {
    if (closed) {
      return;
    }
    acquireWriter();
    try {
      if (closed) {
        return;
      }
      group.flush();
      group.recover();
      closed = true;
      readers.forEach(Snapshot::storeClosed);
      try {
        closeFile();
      } finally {
        spill.close();
        if (lock != null) {
          lock.close();
        }
        leave();
      }
    } finally {
      writer.release();
    }
  }

  private void closeFile() {
    Checkpointer checkpoints = checkpointer;
    if (file == null || checkpoints == null) {
      return;
    }
    checkpoints.awaitWritten();
    handOver();
    if (options.readOnly() || wal == null || poison != null) {
      return;
    }
    write(beginCheckpoint(true));
    handOver();
    if (readers.isEmpty()) {
      file.shrink();
    }
    wal.delete();
    wal = null;
    releaseHeadroom();
  }

  private void ended(Snapshot reader) {
    readers.remove(reader);
    if (closed) {
      releaseIfUnread();
    }
  }

  /// The file is written; before, what was read last must not take the memory away.
  private synchronized void leave() {
    left = true;
    releaseIfUnread();
  }

  private synchronized void releaseIfUnread() {
    if (released || !left || !readers.isEmpty()) {
      return;
    }
    released = true;
    frames.close(current);
    if (wal != null) {
      wal.close();
    }
    if (file != null) {
      file.close();
    }
    memory.close();
  }

  private void ensureCatalogSpace() {
    if (current.space(0) == null) {
      Space[] spaces = new Space[Version.FIRST_FREE];
      spaces[0] = new Space(0, 12, 0);
      current =
          new Version(
              current.epoch(), current.commitNumber(), spaces, current.attachment(), List.of());
    }
  }

  /// Makes a transaction durable by a checkpoint of its version, behind all commits that were
  /// logged. It takes over what another checkpoint wrote while it ran.
  private void commitByCheckpoint(StoreFile target, PageTransaction transaction) {
    Checkpointer checkpoints = java.util.Objects.requireNonNull(checkpointer);
    group.flush();
    group.ensureBase();
    checkpoints.awaitWritten();
    Handover before = checkpoints.written();
    if (before != null) {
      transaction.takeOver(before);
      handOver(current.epoch());
    }
    Wal log = beginLog(target);
    log.discard();
    unlessBroken(log::beginCheckpoint);
    Version next = transaction.next();
    try {
      write(checkpoints.begin(next, false, incarnation, log.lsn()));
    } catch (StoreIoException e) {
      if (checkpoints.written() == null) {
        throw e;
      }
      // The commit stands, in one meta block.
    }
    current = checkpoints.handOver(next, next.epoch() + 1);
    Sched.point(Point.RETIRE);
    transaction.retireReplaced();
    cutLog(checkpoints.end());
  }

  /// Runs what ends in a barrier.
  private void unlessBroken(Runnable writing) {
    try {
      writing.run();
    } catch (StoreIoException e) {
      poisonUnlessFull(e);
      throw e;
    }
  }

  /// A full disk stops one transaction. Any other failure to write leaves a file of which nobody
  /// knows what it holds, and a barrier that failed once may claim success the next time.
  private void poisonUnlessFull(StoreIoException cause) {
    if (cause.code() != ErrorCode.STORE_DISK_FULL) {
      poison = cause;
    }
  }

  private void publish(PageTransaction transaction, Version next) {
    Sched.point(Point.PUBLISH);
    current = next;
    Sched.point(Point.RETIRE);
    transaction.retireReplaced();
  }

  /// A checkpoint of what is durable by now, if enough is dirty and no other one is going on.
  private Checkpointer.@Nullable Checkpoint beginCheckpointIfDue() {
    Wal log = wal;
    Checkpointer checkpoints = checkpointer;
    boolean due =
        log != null
            && (dirtyBytes() > options.memoryBytes() / 4 || log.bytesSinceCheckpoint() > MOST_LOG);
    if (!due || checkpoints == null || !checkpoints.idle()) {
      return null;
    }
    group.flush();
    try {
      return poison != null ? null : beginCheckpoint(false);
    } catch (StoreIoException e) {
      return null;
    }
  }

  private long dirtyBytes() {
    return frames.usedBytes() - frames.retiredBytes();
  }

  /// Begins a checkpoint of the newest version, with no commit logged behind it.
  private Checkpointer.Checkpoint beginCheckpoint(boolean clean) {
    Wal log = java.util.Objects.requireNonNull(wal);
    unlessBroken(log::beginCheckpoint);
    keepUp();
    return java.util.Objects.requireNonNull(checkpointer)
        .begin(current, clean, incarnation, log.lsn());
  }

  private void write(Checkpointer.Checkpoint begun) {
    unlessBroken(() -> java.util.Objects.requireNonNull(checkpointer).write(begun));
  }

  /// Ends a checkpoint that a commit began. Whatever becomes of it, the commit stands, in the log;
  /// a full disk and a full budget are tried again after a later one.
  private void finish(Checkpointer.Checkpoint begun) {
    try {
      write(begun);
    } catch (StoreIoException | MemoryBudgetException e) {
      // As it says above.
    } catch (CorruptPageException e) {
      poison = e; // Nothing could ever cut the log again.
    }
    handOverIfFree();
  }

  /// Hands over what was written, unless there is a writer: then it does so when it ends.
  private void handOverIfFree() {
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
  private void handOver() {
    if (checkpointer != null && checkpointer.written() != null) {
      group.flush();
      handOver(current.epoch() + 1);
    }
  }

  private void handOver(long epoch) {
    Checkpointer checkpoints = java.util.Objects.requireNonNull(checkpointer);
    current = checkpoints.handOver(current, epoch);
    Sched.point(Point.RETIRE);
    long walFrom = checkpoints.end(); // which gives back the pin that holds what was replaced
    frames.reclaimAll();
    cutLog(walFrom);
  }

  /// What lies in the log before an LSN is in the file, according to both meta blocks.
  ///
  /// @param walFrom -1 if only one of them says so
  private void cutLog(long walFrom) {
    if (wal != null && walFrom >= 0) {
      wal.checkpointed(walFrom);
    }
  }

  /// Adds to the newest version what the upkeep has to add. Nothing is lost if it never becomes
  /// durable, so it is visible at once.
  private void keepUp() {
    PageTransaction added = added();
    if (added != null) {
      current = added.next().asCommit(current.commitNumber());
      added.retireReplaced();
    }
  }

  /// What the upkeep adds; null if that is nothing. If it fails, the checkpoint goes on without.
  private @Nullable PageTransaction added() {
    Upkeep work = upkeep;
    if (work == null) {
      return null;
    }
    PageTransaction added =
        new PageTransaction(current, frames, file == null ? null : file.pages(), Long.MAX_VALUE);
    boolean kept = false;
    try {
      work.before(added);
      kept = added.dirty();
    } catch (QuarryException e) {
      // What only helps must not keep commits from becoming durable.
    } finally {
      if (!kept) {
        added.abandon();
      }
    }
    return kept ? added : null;
  }

  /// The log; at the first write after opening it is made, and only then the file says so.
  private Wal beginLog(StoreFile target) {
    Wal log = wal;
    if (log == null) {
      log = new Wal(options.disk(), target.path(), uuid(), incarnation + 1, walLsn, logAccount);
      begin(log, target);
      incarnation++;
      wal = log;
    }
    return log;
  }

  private void begin(Wal log, StoreFile target) {
    try {
      unlessBroken(
          () -> {
            log.begin();
            target.markUnclean(incarnation + 1, walLsn, current.epoch());
          });
    } catch (RuntimeException e) {
      log.close();
      throw e;
    }
  }

  private void endWrite() {
    try {
      if (wal != null) {
        wal.discard();
      }
      handOver();
    } finally {
      writer.release();
    }
  }

  private long spillBytes() {
    return options.memoryBytes() / 8;
  }

  private void ensureOpen() {
    if (closed) {
      throw new StoreClosedException(
          ErrorCode.STORE_CLOSED, "the store is closed", "open it again");
    }
  }

  private void ensureWritable() {
    ensureOpen();
    StoreException cause = poison;
    if (cause != null) {
      throw new StoreIoException(
          ErrorCode.STORE_POISONED, String.valueOf(cause.getMessage()), cause.hint(), cause);
    }
    if (options.readOnly()) {
      throw new StoreOpenException(
          ErrorCode.STORE_READ_ONLY, "the store is open read-only", "open it for writing");
    }
  }

  /// Makes sure that space is kept on the disk, unless the transaction may use it; the log has its
  /// own before that.
  private void keepHeadroom(PageTransaction transaction) {
    if (file != null && headroom != null && !transaction.onlyRemoves()) {
      beginLog(file);
      headroom.ensure();
    }
  }

  /// Gives up the space that is kept on the disk; the next commit that adds takes it again.
  void releaseHeadroom() {
    if (headroom != null) {
      headroom.release();
    }
  }

  /// For recovery: the last commit that the state has.
  long commitNumber() {
    return current.commitNumber();
  }

  /// For recovery: applies logged commits.
  PageTransaction beginReplay() {
    logging = false;
    long mostFrames = options.readOnly() ? Long.MAX_VALUE : spillBytes();
    return new PageTransaction(current, frames, file == null ? null : file.pages(), mostFrames);
  }

  /// For recovery: what was applied is complete up to a commit.
  void endReplay(PageTransaction transaction, long commitNumber, StoreFile target) {
    publish(transaction, transaction.next().asCommit(commitNumber));
    if (dirtyBytes() > options.memoryBytes() / 4 && !options.readOnly()) {
      // The log is not cut: what is replayed once more after a crash is skipped by its number.
      recoverable(target, false, target.meta().walLsn());
    }
  }

  /// For recovery: makes the state so far durable.
  void recoverable(StoreFile target, boolean clean, long lsn) {
    Checkpointer checkpoints = java.util.Objects.requireNonNull(checkpointer);
    checkpoints.write(checkpoints.begin(current, clean, incarnation, lsn));
    handOver();
    walLsn = lsn;
  }
}
