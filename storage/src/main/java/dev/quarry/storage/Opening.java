package dev.quarry.storage;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.StoreIoException;
import dev.quarry.error.StoreOpenException;
import dev.quarry.storage.checkpoint.StoreFile;
import dev.quarry.storage.io.Disk;
import dev.quarry.storage.io.DiskLock;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.spill.SpillFolder;
import dev.quarry.storage.wal.WalReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// How a store comes to be open.
///
/// ```text
///  path ► lock ► memory ► file, made if it is missing ► [Recovery] ► open
/// ```
///
/// If one step fails, what the steps before it hold is given back.
final class Opening {
  private Opening() {}

  /// A store without a file.
  static Store inMemory(StoreOptions options) {
    SpillFolder spill = spillFolder(null, options);
    return new Store(options, null, null, null, Parts.of(options), spill);
  }

  /// Opens the store in a file, and recovers it.
  static Store open(Path path, StoreOptions options, Replayer replayer) {
    ensurePath(path, options);
    DiskLock lock = lock(path, options);
    try {
      return open(path, options, replayer, lock);
    } catch (RuntimeException | Error e) {
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
    try {
      if (!disk.exists(path)) {
        refuseForeignLog(disk, path, null);
        StoreFile.create(disk, path, Identities.make());
      }
      Budget account = parts.budget().child("checkpoint");
      boolean write = !options.readOnly();
      file = StoreFile.open(disk, path, write, parts.memory(), account, parts.pins());
      SpillFolder spill = spillFolder(path, options);
      Store store = new Store(options, path, lock, file, parts, spill);
      store.recovery(replayer).run();
      return store;
    } catch (RuntimeException | Error e) {
      parts.close(file);
      throw e;
    }
  }

  /// Opens a state of a damaged store, read-only, see [Store#salvage].
  static Store salvage(
      Path path,
      StoreOptions options,
      Replayer replayer,
      int state,
      @Nullable Consumer<String> lost) {
    ensurePath(path, options);
    lock(path, options);
    Parts parts = Parts.of(options);
    StoreFile file = null;
    try {
      Budget account = parts.budget().child("checkpoint");
      file =
          StoreFile.openState(options.disk(), path, state, parts.memory(), account, parts.pins());
      Store store = new Store(options, path, null, file, parts, spillFolder(path, options));
      if (lost != null) {
        store.recovery(replayer).salvage(lost);
      }
      return store;
    } catch (RuntimeException | Error e) {
      parts.close(file);
      throw e;
    }
  }

  private static void ensurePath(Path path, StoreOptions options) {
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
  private static @Nullable DiskLock lock(Path path, StoreOptions options) {
    Path lockFile = path.resolveSibling(path.getFileName() + "-lock");
    try {
      if (!options.readOnly()) {
        return options.disk().lock(lockFile);
      }
      options.disk().ensureUnlocked(lockFile);
      return null;
    } catch (StoreIoException e) {
      boolean exists = options.disk().exists(path);
      throw new StoreOpenException(
          ErrorCode.STORE_PATH,
          (exists ? "cannot open the store " : "cannot create the store ")
              + path
              + ": "
              + e.getMessage(),
          exists ? hint(lockFile, options) : "check that its folder exists and can be written",
          e);
    }
  }

  private static String hint(Path lockFile, StoreOptions options) {
    return options.readOnly()
        ? "whether somebody writes to the store can only be told if this user can read "
            + lockFile
            + "; if no process has the store open, delete that file, or copy the store without it"
        : "its folder must be writable, unless the store is opened read-only";
  }

  /// The folder for spill files; what an earlier process left in it is gone.
  ///
  /// @param path null for a store without a file
  private static SpillFolder spillFolder(@Nullable Path path, StoreOptions options) {
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
}
