package dev.quarry.storage;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.StoreOpenException;
import dev.quarry.storage.checkpoint.Meta;
import dev.quarry.storage.checkpoint.StoreFile;
import dev.quarry.storage.io.Disk;
import dev.quarry.storage.page.Frames;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.wal.LogVolume;
import dev.quarry.storage.wal.Wal;
import dev.quarry.storage.wal.WalReader;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What brings a store back that was not closed cleanly.
///
/// In order: the newest meta block is written once more; batches of the log are replayed, commit by
/// commit; the state that they give is checkpointed as a clean one, in both meta blocks; the log is
/// deleted. A crash in between finds either the old state with its log, or the new one without.
///
/// A store that was closed, and has lost one of its two meta blocks, gets it back. That is damage,
/// which [Store#mended] and a check tell: a crash that tears one leaves a log beside it.
///
/// Threads: one, at open.
final class Recovery {
  private final StoreOptions options;
  private final Disk disk;
  private final StoreFile file;
  private final Meta meta;
  private final Newest newest;
  private final Frames frames;
  private final Checkpoints checkpoints;
  private final Pacing pacing;
  private final Headroom headroom;
  private final Replayer replayer;

  /// @param replayer what log records mean
  Recovery(StoreOptions options, Parts parts, OnDisk onDisk, Replayer replayer) {
    this.options = options;
    this.disk = options.disk();
    this.file = onDisk.file();
    this.meta = file.meta();
    this.newest = parts.newest();
    this.frames = parts.frames();
    this.checkpoints = onDisk.checkpoints();
    this.pacing = onDisk.pacing();
    this.headroom = onDisk.headroom();
    this.replayer = replayer;
  }

  /// Recovers the store, if it was not closed cleanly.
  void run() {
    Opening.refuseForeignLog(disk, file.path(), meta.uuid());
    if (!options.readOnly()) {
      headroom.release(); // what an earlier process left; the recovery may need it
    }
    if (meta.clean()) {
      discardStrayLog();
      if (!options.readOnly()) {
        file.mend();
      }
      return;
    }
    if (options.readOnly()) {
      throw mustBeRecovered();
    }
    file.reassert();
    Replay replay = new Replay();
    long began = options.clock().nanoTime();
    long end;
    try {
      end =
          WalReader.replay(
              disk, file.path(), meta.uuid(), meta.incarnation(), meta.walLsn(), replay);
      replay.finish();
    } catch (RuntimeException | Error e) {
      replay.abandon();
      throw e;
    }
    checkpoints.recovered(true, end);
    Wal.deleteAll(disk, file.path());
    LogVolume repeated = replay.repeated(end - meta.walLsn());
    pacing.recovered(repeated, options.clock().nanoTime() - began);
  }

  /// A log beside a clean file is left over from a crash around its creation or deletion. If it
  /// held a commit of its own, then the newest meta block was lost, and the file is damaged.
  private void discardStrayLog() {
    if (!WalReader.anySegment(disk, file.path())) {
      return;
    }
    if (WalReader.holds(disk, file.path(), meta.uuid(), meta.incarnation() + 1, meta.walLsn())) {
      throw new CorruptPageException(
          ErrorCode.STORE_DAMAGED,
          file.path()
              + " is damaged, or an older copy: its newest meta block is lost, since its log holds"
              + " later commits",
          "put the file back that belongs to the log, or restore a backup; `quarry repair` saves what"
              + " is left");
    }
    if (!options.readOnly()) {
      file.reassert();
      Wal.deleteAll(disk, file.path());
    } else if (file.isHalved()) {
      throw mustBeRecovered(); // a crash, and no damage, may have torn the other meta block
    }
  }

  private StoreOpenException mustBeRecovered() {
    return new StoreOpenException(
        ErrorCode.STORE_READ_ONLY,
        file.path() + " was not closed cleanly and must be recovered first",
        "open it once for writing; where that must not be, `quarry repair` makes a new store of it");
  }

  /// Repeats what can be repeated of the log of a damaged store, in memory.
  ///
  /// @param lost is told what cannot
  /// @throws CorruptPageException if the log is missing
  void salvage(Consumer<String> lost) {
    long incarnation = meta.clean() ? meta.incarnation() + 1 : meta.incarnation();
    if (meta.clean()
        && !WalReader.holds(disk, file.path(), meta.uuid(), incarnation, meta.walLsn())) {
      return; // no log belongs to this state
    }
    Replay replay = new Replay();
    try {
      WalReader.replay(disk, file.path(), meta.uuid(), incarnation, meta.walLsn(), replay);
    } catch (CorruptPageException e) {
      if (e.code() == ErrorCode.STORE_WAL_MISSING) {
        throw e;
      }
      replay.abandon();
      lost.accept(
          "the log could be repeated up to commit %d: %s"
              .formatted(newest.commitNumber(), e.getMessage()));
    }
  }

  /// Applies the commits of a log. Nobody reads meanwhile, so many of them make one version: a page
  /// is copied once for all.
  private final class Replay implements WalReader.Sink {
    // Of a damaged log each whole commit counts, so each makes a version.
    private final long mostBytes = options.readOnly() ? 0 : options.memoryBytes() / 16;
    private long last = newest.commitNumber();
    private long applying;
    private long batches;
    private long records;
    private @Nullable PageTransaction transaction;

    /// A checkpoint in the middle of a recovery that did not come to its end leaves a state that is
    /// ahead of where the log begins: what it holds already is skipped. A gap, on the other hand,
    /// means that the state is not the one that the log goes on from.
    @Override
    public void begin(long commitNumber) {
      if (commitNumber > last + 1) {
        throw new CorruptPageException(
            ErrorCode.STORE_DAMAGED,
            "%s is damaged: its newest whole state is that of commit %d, its log goes on with %d"
                .formatted(file.path(), last, commitNumber),
            "restore it from a backup, or save what is left with `quarry repair`");
      }
      applying = commitNumber <= last ? 0 : commitNumber;
      if (applying != 0 && transaction == null) {
        long spillBytes = options.readOnly() ? Long.MAX_VALUE : options.memoryBytes() / 8;
        transaction =
            new PageTransaction(
                newest.get(), frames, file.pages(), spillBytes, options::mostThreads);
      }
    }

    @Override
    public void record(byte[] bytes, int offset, int length) {
      PageTransaction open = transaction;
      if (open != null && applying != 0) {
        replayer.replay(open, bytes, offset, length);
        records += LogVolume.recordsOf(length);
      }
    }

    @Override
    public void end() {
      PageTransaction open = transaction;
      if (open != null && applying != 0) {
        last = applying;
        batches++;
        applying = 0;
        if (open.privateBytes() >= mostBytes) {
          finish();
        }
      }
    }

    LogVolume repeated(long bytes) {
      return new LogVolume(batches, records, bytes);
    }

    /// Makes a version of what was applied.
    void finish() {
      PageTransaction open = transaction;
      if (open == null) {
        return;
      }
      replayer.complete(open);
      transaction = null;
      newest.publish(open, open.next().asCommit(last));
      if (pacing.muchIsDirty() && !options.readOnly()) {
        // The log is not cut: what is replayed once more after a crash is skipped by its number.
        checkpoints.recovered(false, file.meta().walLsn());
      }
    }

    /// Gives back what the commit holds that could not be replayed to its end.
    void abandon() {
      if (transaction != null) {
        transaction.abandon();
      }
    }
  }
}
