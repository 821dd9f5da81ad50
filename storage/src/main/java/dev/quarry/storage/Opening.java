package dev.quarry.storage;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.StoreIoException;
import dev.quarry.error.StoreOpenException;
import dev.quarry.storage.checkpoint.Meta;
import dev.quarry.storage.checkpoint.StoreFile;
import dev.quarry.storage.io.Disk;
import dev.quarry.storage.io.DiskLock;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.spill.SpillFolder;
import dev.quarry.storage.wal.Wal;
import dev.quarry.storage.wal.WalReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What happens before a store is open: its path, its lock, its log.
///
/// Recovery, in order: the newest meta block is written once more; batches of the log are replayed,
/// commit by commit; the state that they give is checkpointed as a clean one, in both meta blocks;
/// the log is deleted. A crash in between finds either the old state with its log, or the new one
/// without.
final class Opening {
  private Opening() {}

  static void ensurePath(Path path, StoreOptions options) {
    if (Files.isDirectory(path)) {
      throw new StoreOpenException(
          ErrorCode.STORE_PATH, path + " is a folder, not a store", "give the path of a file");
    }
    boolean exists = options.disk().exists(path);
    if (!exists && (!options.create() || options.readOnly())) {
      throw new StoreOpenException(
          ErrorCode.STORE_NOT_FOUND, "no store at " + path, "check the path, or let it be created");
    }
  }

  /// Takes the lock for writing. A reader only makes sure that nobody writes.
  static @Nullable DiskLock lock(Path path, StoreOptions options) {
    Path lockFile = path.resolveSibling(path.getFileName() + "-lock");
    try {
      if (!options.readOnly()) {
        return options.disk().lock(lockFile);
      }
      if (options.disk().exists(lockFile)) {
        options.disk().lock(lockFile).close();
      }
      return null;
    } catch (StoreIoException e) {
      throw new StoreOpenException(
          ErrorCode.STORE_PATH,
          "cannot create the store " + path + ": " + e.getMessage(),
          "check that its folder exists and can be written",
          e);
    }
  }

  /// The folder for spill files; what an earlier process left in it is gone.
  ///
  /// @param path null for a store without a file
  static SpillFolder spillFolder(@Nullable Path path, StoreOptions options) {
    Path parent = options.spillFolder();
    if (path != null && !options.readOnly()) {
      SpillFolder beside = SpillFolder.beside(options.disk(), path, options.spillBytes());
      if (parent == null) {
        return beside;
      }
    }
    if (parent == null) {
      parent = Path.of(System.getProperty("java.io.tmpdir"));
    }
    return SpillFolder.within(options.disk(), parent, options.spillBytes());
  }

  /// Refuses a log that another store has left at this path: it must neither be repeated here nor
  /// thrown away.
  ///
  /// @param uuid of the store; null if there is none yet
  static void refuseForeignLog(Disk disk, Path path, @Nullable UUID uuid) {
    Path log = WalReader.foreign(disk, path, uuid);
    if (log != null) {
      throw new StoreOpenException(
          ErrorCode.STORE_WAL_FOREIGN,
          "the log " + log + " beside " + path + " belongs to another store",
          "put it back beside the store that it was copied or moved from, or move it away");
    }
  }

  static void recover(Store store, StoreFile file, Replayer replayer) {
    Disk disk = store.options().disk();
    Meta meta = file.meta();
    refuseForeignLog(disk, file.path(), meta.uuid());
    if (!store.readOnly()) {
      store.releaseHeadroom(); // what an earlier process left; the recovery may need it
    }
    if (meta.clean()) {
      discardStrayLog(store, file);
      return;
    }
    if (store.readOnly()) {
      throw new StoreOpenException(
          ErrorCode.STORE_READ_ONLY,
          file.path() + " was not closed cleanly and must be recovered first",
          "open it once for writing; where that must not be, `quarry repair` makes a new store of it");
    }
    file.reassert();
    Replay replay = new Replay(store, file, replayer);
    long end;
    try {
      end =
          WalReader.replay(
              disk, file.path(), meta.uuid(), meta.incarnation(), meta.walLsn(), replay);
      replay.finish();
    } catch (RuntimeException e) {
      replay.abandon();
      throw e;
    }
    store.recoverable(file, true, end);
    Wal.deleteAll(disk, file.path());
  }

  /// A log beside a clean file is left over from a crash around its creation or deletion. If it
  /// held a commit of its own, then the newest meta block was lost, and the file is damaged.
  private static void discardStrayLog(Store store, StoreFile file) {
    Disk disk = store.options().disk();
    Meta meta = file.meta();
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
    if (!store.readOnly()) {
      file.reassert();
      Wal.deleteAll(disk, file.path());
    }
  }

  /// Repeats what can be repeated of the log of a damaged store, in memory.
  ///
  /// @param lost is told what cannot
  /// @throws CorruptPageException if the log is missing
  static void salvageLog(Store store, StoreFile file, Replayer replayer, Consumer<String> lost) {
    Disk disk = store.options().disk();
    Meta meta = file.meta();
    long incarnation = meta.clean() ? meta.incarnation() + 1 : meta.incarnation();
    if (meta.clean()
        && !WalReader.holds(disk, file.path(), meta.uuid(), incarnation, meta.walLsn())) {
      return; // no log belongs to this state
    }
    Replay replay = new Replay(store, file, replayer);
    try {
      WalReader.replay(disk, file.path(), meta.uuid(), incarnation, meta.walLsn(), replay);
    } catch (CorruptPageException e) {
      if (e.code() == ErrorCode.STORE_WAL_MISSING) {
        throw e;
      }
      replay.abandon();
      lost.accept(
          "the log could be repeated up to commit %d: %s"
              .formatted(store.commitNumber(), e.getMessage()));
    }
  }

  /// Applies the commits of a log. Nobody reads meanwhile, so many of them make one version: a page
  /// is copied once for all.
  private static final class Replay implements WalReader.Sink {
    private final Store store;
    private final StoreFile file;
    private final Replayer replayer;
    private final long mostBytes;
    private long last;
    private long applying;
    private @Nullable PageTransaction transaction;

    Replay(Store store, StoreFile file, Replayer replayer) {
      this.store = store;
      this.file = file;
      this.replayer = replayer;
      this.last = store.commitNumber();
      // Of a damaged log each whole commit counts, so each makes a version.
      this.mostBytes = store.readOnly() ? 0 : store.options().memoryBytes() / 16;
    }

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
        transaction = store.beginReplay();
      }
    }

    @Override
    public void record(byte[] bytes, int offset, int length) {
      PageTransaction open = transaction;
      if (open != null && applying != 0) {
        replayer.replay(open, bytes, offset, length);
      }
    }

    @Override
    public void end() {
      PageTransaction open = transaction;
      if (open != null && applying != 0) {
        last = applying;
        applying = 0;
        if (open.privateBytes() >= mostBytes) {
          finish();
        }
      }
    }

    /// Makes a version of what was applied.
    void finish() {
      PageTransaction open = transaction;
      transaction = null;
      if (open != null) {
        replayer.complete(open);
        store.endReplay(open, last, file);
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
