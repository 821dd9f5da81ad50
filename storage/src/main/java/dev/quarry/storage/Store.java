package dev.quarry.storage;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.MemoryBudgetException;
import dev.quarry.error.StoreClosedException;
import dev.quarry.error.StoreException;
import dev.quarry.error.StoreIoException;
import dev.quarry.error.StoreOpenException;
import dev.quarry.storage.checkpoint.StoreFile;
import dev.quarry.storage.epoch.Pins;
import dev.quarry.storage.io.Clock;
import dev.quarry.storage.io.Disk;
import dev.quarry.storage.io.DiskLock;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.NativeMemory;
import dev.quarry.storage.page.Frames;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.page.Snapshot;
import dev.quarry.storage.page.Space;
import dev.quarry.storage.page.Version;
import dev.quarry.storage.spill.SpillFolder;
import dev.quarry.storage.wal.Wal;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
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
/// If enough is dirty, a checkpoint follows before the writer's lock is released. A transaction
/// that grew too large for the log is committed *by checkpoint* instead: it becomes durable by a
/// checkpoint of its version. Writers wait for each other; readers wait for nobody, and never see
/// what a crash could take back.
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
  private final Budget logAccount;
  private final SpillFolder spill;
  private final Set<Snapshot> readers = ConcurrentHashMap.newKeySet();
  private volatile Version current;
  private volatile @Nullable StoreException poison;
  private volatile boolean closed;
  private boolean released;
  private @Nullable Wal wal;
  private long incarnation;
  private long walLsn;
  private boolean logging;
  private long checkpoints;

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
    this.group =
        new GroupCommit(
            options.durability() == Durability.BARRIER, this::publish, error -> poison = error);
    this.current =
        file == null
            ? new Version(1, 0, new Space[Version.FIRST_FREE], null, List.of())
            : file.load();
    this.frames = new Frames(memory, budget.child("dirty pages"), pins, () -> current.epoch());
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
      if (store != null) {
        store.frames.close(store.current);
      }
      if (file != null) {
        file.close();
      }
      parts.close();
      throw e;
    }
  }

  /// Begins to read the newest commit.
  public Snapshot beginRead() {
    ensureOpen();
    int slot = pins.pin(() -> current.epoch());
    Version version = current;
    while (version.epoch() != pins.epoch(slot)) {
      pins.move(slot, version.epoch());
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
    acquireWriter();
    try {
      ensureWritable();
      logging = true;
      Version base = group.tip(current);
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

  /// Waits for the writer, and clears away what failed while nobody had it.
  private void acquireWriter() {
    writer.acquire();
    group.recover();
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
      rollback(transaction);
      return number;
    }
    GroupCommit.Logged logged = logCommit(transaction);
    if (logged != null) {
      await(logged);
    }
    return number + 1;
  }

  /// The first half of a commit, which ends with the writer's lock free: null if it is visible by
  /// then, else what [#await] waits for. The transaction is over, also after an error.
  GroupCommit.@Nullable Logged logCommit(PageTransaction transaction) {
    GroupCommit.Logged logged = null;
    boolean done = false;
    try {
      ensureWritable();
      Version next = transaction.next();
      if (file == null) {
        publish(transaction, next);
      } else if (logging && !transaction.spilled()) {
        logged = group.log(beginLog(file), transaction, next);
      } else {
        commitByCheckpoint(file, transaction, next);
      }
      done = true;
      checkpointIfDue();
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
    group.await(logged);
  }

  /// Rolls back. The transaction is over.
  public void rollback(PageTransaction transaction) {
    try {
      transaction.abandon();
    } finally {
      endWrite();
    }
  }

  /// Writes what is dirty to the file, so that the log is no longer needed.
  public void checkpoint() {
    if (file == null) {
      return;
    }
    ensureWritable();
    acquireWriter();
    try {
      group.flush();
      ensureWritable();
      if (wal != null) {
        checkpoint(file, false);
      }
    } finally {
      writer.release();
    }
  }

  /// Called once after opening: what the layer above keeps for the state that was found.
  public void attachInitial(Object attachment) {
    current = current.attached(attachment);
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
        checkpoints);
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
        releaseIfUnread();
      }
    } finally {
      writer.release();
    }
  }

  private void closeFile() {
    if (file == null || options.readOnly() || wal == null || poison != null) {
      return;
    }
    checkpoint(file, true);
    if (readers.isEmpty()) {
      file.shrink();
    }
    wal.delete();
    wal = null;
  }

  private void ended(Snapshot reader) {
    readers.remove(reader);
    if (closed) {
      releaseIfUnread();
    }
  }

  private synchronized void releaseIfUnread() {
    if (released || !readers.isEmpty()) {
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
      spaces[0] = new Space(0, 12);
      current =
          new Version(
              current.epoch(), current.commitNumber(), spaces, current.attachment(), List.of());
    }
  }

  /// Makes a version durable by a checkpoint of it, behind all commits that were logged.
  private void commitByCheckpoint(StoreFile target, PageTransaction transaction, Version next) {
    group.flush();
    group.ensureBase();
    Wal log = beginLog(target);
    log.discard();
    unlessBroken(log::beginCheckpoint);
    long epoch = next.epoch() + 1;
    unlessBroken(() -> target.checkpoint(next, epoch, false, incarnation, log.lsn(), frames));
    publish(transaction, next.checkpointed(epoch));
    checkpoints++;
    try {
      target.confirm(epoch);
      log.checkpointed();
    } catch (StoreIoException e) {
      // The commit stands, in one meta block.
      poisonUnlessFull(e);
    }
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
    current = next;
    transaction.retireReplaced();
  }

  private void checkpointIfDue() {
    Wal log = wal;
    if (file == null || log == null) {
      return;
    }
    if (frames.usedBytes() - frames.retiredBytes() <= options.memoryBytes() / 4
        && log.bytesSinceCheckpoint() <= MOST_LOG) {
      return;
    }
    group.flush();
    if (poison != null) {
      return;
    }
    try {
      checkpoint(file, false);
    } catch (StoreIoException e) {
      // The commit before it stands, in the log. A full disk is tried again after the next commit.
      poisonUnlessFull(e);
    } catch (MemoryBudgetException e) {
      // So does it here; and so is it tried again.
    } catch (CorruptPageException e) {
      poison = e; // The commit stands as well, but nothing could ever cut the log again.
    }
  }

  /// Writes the newest version under the writer's lock; readers go on.
  private void checkpoint(StoreFile target, boolean clean) {
    Wal log = beginLog(target);
    unlessBroken(log::beginCheckpoint);
    long epoch = current.epoch() + 1;
    unlessBroken(() -> target.checkpoint(current, epoch, clean, incarnation, log.lsn(), frames));
    current = current.checkpointed(epoch);
    checkpoints++;
    frames.reclaimAll();
    unlessBroken(() -> target.confirm(epoch));
    log.checkpointed();
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
    if (wal != null) {
      wal.discard();
    }
    writer.release();
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

  /// For recovery: the last commit that the state has.
  long commitNumber() {
    return current.commitNumber();
  }

  /// For recovery: applies one logged commit.
  PageTransaction beginReplay() {
    logging = false;
    return new PageTransaction(current, frames, file == null ? null : file.pages(), spillBytes());
  }

  /// For recovery: the commit is complete.
  void endReplay(PageTransaction transaction, StoreFile target) {
    Version next = transaction.next();
    current = next;
    transaction.retireReplaced();
    if (frames.usedBytes() - frames.retiredBytes() > options.memoryBytes() / 4) {
      // The log is not cut: what is replayed once more after a crash is skipped by its number.
      recoverable(target, false, target.meta().walLsn());
    }
  }

  /// For recovery: makes the state so far durable.
  void recoverable(StoreFile target, boolean clean, long lsn) {
    long epoch = current.epoch() + 1;
    target.checkpoint(current, epoch, clean, incarnation, lsn, frames);
    current = current.checkpointed(epoch);
    if (clean) {
      target.confirm(epoch);
    }
    walLsn = lsn;
    frames.reclaimAll();
  }
}
