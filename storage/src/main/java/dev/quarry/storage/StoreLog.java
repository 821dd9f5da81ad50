package dev.quarry.storage;

import dev.quarry.error.MemoryBudgetException;
import dev.quarry.error.StoreIoException;
import dev.quarry.storage.checkpoint.StoreFile;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.wal.LogVolume;
import dev.quarry.storage.wal.Wal;
import org.jspecify.annotations.Nullable;

/// The log of a store, from its first write after opening on.
///
/// ```text
///  opened, clean ── first write ──► segment 1, then the file says "unclean" ──► commits …
/// ```
///
/// A store that is only read has none. A transaction that grows too large, or for whose records
/// there is no memory, stops being logged, and commits by checkpoint.
///
/// Threads: the holder of the writer's lock; [#sinceCheckpoint] and [#isFarAhead] any.
final class StoreLog {
  private static final long LARGEST_BATCH = 4 << 20; // bytes, where there is memory for it
  private static final long LEAST_LARGEST_BATCH = 1 << 20;
  private static final int SHARE_OF_BATCH = 16;
  private static final long MOST_AHEAD = 1 << 20;

  private final StoreOptions options;
  private final StoreFile file;
  private final Newest newest;
  private final Faults faults;
  private final Budget account;
  private final long largest; // bytes of a batch
  private volatile @Nullable Wal wal;
  private long incarnation;
  private long walLsn;
  private boolean logging;

  /// @param account what the buffers are charged to
  StoreLog(StoreOptions options, StoreFile file, Newest newest, Faults faults, Budget account) {
    this.options = options;
    this.file = file;
    this.newest = newest;
    this.faults = faults;
    this.account = account;
    this.largest =
        Math.clamp(options.memoryBytes() / SHARE_OF_BATCH, LEAST_LARGEST_BATCH, LARGEST_BATCH);
    this.incarnation = file.meta().incarnation();
    this.walLsn = file.meta().walLsn();
  }

  /// A transaction begins.
  ///
  /// @param logged whether what it does is logged
  void beginTransaction(boolean logged) {
    logging = logged;
  }

  /// Whether what the transaction does is still logged.
  boolean logs() {
    return logging;
  }

  /// Logs what a transaction does, unless it has become too large for the log.
  void add(PageTransaction transaction, byte[] record, int offset, int length) {
    if (!logging) {
      return;
    }
    Wal log = open();
    if (!adds(log, record, offset, length) || log.pendingBytes() > largest || transaction.large()) {
      log.discard();
      logging = false;
    }
  }

  /// Adds a record, unless there is no memory for it.
  private static boolean adds(Wal log, byte[] record, int offset, int length) {
    try {
      log.add(record, offset, length);
      return true;
    } catch (MemoryBudgetException e) {
      return false;
    }
  }

  /// Forgets what was logged of a transaction.
  void discard() {
    Wal log = wal;
    if (log != null) {
      log.discard();
    }
  }

  /// The log; at the first write after opening it is made, and only then the file says so.
  Wal open() {
    Wal log = wal;
    if (log == null) {
      log =
          new Wal(
              options.disk(), file.path(), file.meta().uuid(), incarnation + 1, walLsn, account);
      begin(log);
      incarnation++;
      wal = log;
    }
    return log;
  }

  private void begin(Wal log) {
    try {
      faults.unlessBroken(
          () -> {
            log.begin();
            file.markUnclean(incarnation + 1, walLsn, newest.epoch());
          });
    } catch (RuntimeException e) {
      log.close();
      throw e;
    }
  }

  /// A commit was logged: makes the next segment beside, if it is time for that. A full disk is
  /// nobody's error then, since whoever needs the segment tries again; after any other one the
  /// store is poisoned.
  void prepareNext() {
    Wal log = wal;
    Runnable work = log == null ? null : log.prepareNext();
    if (work != null) {
      options.disk().beside("quarry-log", () -> prepare(work));
    }
  }

  private void prepare(Runnable work) {
    try {
      faults.unlessBroken(work);
    } catch (StoreIoException e) {
      // As it says above.
    }
  }

  /// Waits until nothing is done beside.
  void awaitPrepared() {
    Wal log = wal;
    if (log != null) {
      log.awaitNext();
    }
  }

  /// The log; null before the first write.
  @Nullable Wal wal() {
    return wal;
  }

  /// Whether much is logged that is not durable: more than 1 MiB, or a 64th of the budget, which
  /// waits in memory.
  boolean isFarAhead() {
    Wal log = wal;
    long most = Math.min(MOST_AHEAD, options.memoryBytes() / 64);
    return log != null && log.lsn() - log.durableLsn() > most;
  }

  /// The number of this opening for writing.
  long incarnation() {
    return incarnation;
  }

  /// What lies before an LSN is in the file: the log goes on from there.
  void beginsAt(long lsn) {
    walLsn = lsn;
  }

  /// What a recovery would repeat.
  LogVolume sinceCheckpoint() {
    Wal log = wal;
    return log == null ? LogVolume.NONE : log.sinceCheckpoint();
  }

  /// What lies before an LSN is in the file, according to both meta blocks.
  ///
  /// @param walFrom -1 if only one of them says so
  void cut(long walFrom) {
    Wal log = wal;
    if (log != null && walFrom >= 0) {
      log.checkpointed(walFrom);
    }
  }

  /// Deletes it, after a clean close.
  void delete() {
    Wal log = wal;
    if (log != null) {
      log.delete();
      wal = null;
    }
  }

  /// Closes it and leaves its files.
  void close() {
    Wal log = wal;
    if (log != null) {
      log.close();
    }
  }
}
